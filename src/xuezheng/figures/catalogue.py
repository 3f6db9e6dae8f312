"""The figures that areas declare."""

from __future__ import annotations

from functools import cache

from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import Ratio
from xuezheng.registry import Declaration, Unknown, declared


@cache
def figures() -> dict[str, Figure | Ratio]:
    """Return every figure and ratio by key, in order of declaration."""
    return {
        value.key: value for value in declared("figures", Declaration) if isinstance(value, Figure | Ratio)
    }


def figure(key: str) -> Figure | Ratio:
    """Return a figure or ratio by its key; raises :class:`~xuezheng.registry.Unknown`."""
    try:
        return figures()[key]
    except KeyError:
        raise Unknown("指标", key, figures()) from None
