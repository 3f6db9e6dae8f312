"""All figures and ratios that areas declare."""

from __future__ import annotations

from functools import cache

from xuezheng.figures.assessment import Assessment
from xuezheng.figures.ratio import AnyFigure, is_reported
from xuezheng.registry import Declaration, Unknown, declared


@cache
def figures() -> dict[str, AnyFigure]:
    """Return every figure of any kind by key (``aid.paid``), in order of declaration."""
    return {value.key: value for value in declared("figures", Declaration) if isinstance(value, AnyFigure)}


@cache
def assessments() -> tuple[Assessment, ...]:
    """Return every assessment that areas declare, in order."""
    return tuple(declared("figures", Assessment))


def reported_figures(unused: frozenset[str]) -> dict[str, AnyFigure]:
    """Return the figures and ratios by key, without those based on an area or register in ``unused``.

    ``unused`` has the names of areas and tables that are switched off.
    """
    return {key: figure for key, figure in figures().items() if is_reported(figure, unused)}


def figure(key: str) -> AnyFigure:
    """Return the figure or ratio with a key; raises :class:`~xuezheng.registry.Unknown` if there is none."""
    try:
        return figures()[key]
    except KeyError:
        raise Unknown("指标", key, figures()) from None
