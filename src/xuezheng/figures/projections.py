"""Projections (预测): numbers of coming years by school and stage.

One area computes them and declares them under a key, and others read them by that key, as they read figures;
so no area imports another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from xuezheng.registry import Declaration, find_declared
from xuezheng.snapshots import Snapshot


@dataclass(frozen=True)
class Projected:
    """The projected number of one school and stage in the autumn of a year.

    ``school`` is the primary key of the school, ``stage`` a value of ``Stage``, ``year`` the calendar year.
    ``value`` is exact and may be a fraction of a person; it is None where nothing can be projected, for the
    ``reason``, a Chinese sentence.
    """

    school: int
    stage: str
    year: int
    value: Fraction | None
    reason: str = ""


class Projection(Declaration):
    """A projection, declared in an area's ``projections.py``.

    ``label`` is its Chinese name; ``compute`` returns the numbers from a snapshot.
    """

    def __init__(self, label: str, compute: Callable[[Snapshot], Iterable[Projected]]) -> None:
        self.label = label
        self._compute = compute

    def numbers(self, snapshot: Snapshot) -> list[Projected]:
        """Return the numbers projected from a snapshot, in the order of the area that computes them.

        [] if the snapshot has nothing to project from.
        """
        return list(self._compute(snapshot))


def projection(key: str) -> Projection:
    """Return the projection with a key, such as ``enrolment.pupils``.

    Raises :class:`~xuezheng.registry.Unknown` if there is none.
    """
    value = find_declared("projections", key, "预测")
    if not isinstance(value, Projection):
        raise TypeError(f"{key} is no projection")
    return value
