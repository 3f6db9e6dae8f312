"""Projections: numbers of coming years by school and stage that one area computes and others read by a key, as they do figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from xuezheng.registry import Declaration, find_declared
from xuezheng.snapshots import Snapshot


@dataclass(frozen=True)
class Projected:
    """A number of a school (its key) and stage in the autumn of a year; None for the ``reason``, a Chinese sentence, where it cannot be told."""

    school: int
    stage: str
    year: int
    value: Fraction | None
    reason: str = ""


class Projection(Declaration):
    """A projection, declared in an area's ``projections.py``: its Chinese label, and the function that computes it from a snapshot."""

    def __init__(self, label: str, compute: Callable[[Snapshot], Iterable[Projected]]) -> None:
        self.label = label
        self._compute = compute

    def numbers(self, snapshot: Snapshot) -> list[Projected]:
        """Return the projected numbers, computed from a snapshot; [] if it has nothing to project from."""
        return list(self._compute(snapshot))


def projection(key: str) -> Projection:
    """Return a projection by its key; raises :class:`~xuezheng.registry.Unknown`."""
    value = find_declared("projections", key, "预测")
    if not isinstance(value, Projection):
        raise TypeError(f"{key} is no projection")
    return value
