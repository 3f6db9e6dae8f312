"""Which schools were requested to report the data of a figure, and which had not reported.

This is as of the time when the snapshot was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from xuezheng.collections.collecting import sheets_of
from xuezheng.core.number_text import some_of
from xuezheng.core.periods import Period
from xuezheng.figures.assessment import RequirementCount
from xuezheng.figures.ratio import AnyFigure, parts_of
from xuezheng.records.models import Record, Submission
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot


@dataclass(frozen=True)
class Coverage:
    """How many schools were ``requested`` to report, and the names of those that had not reported (``missing``).

    ``str()`` is a Chinese sentence.
    """

    requested: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        missing = f"{len(self.missing)}所尚未上报（{some_of(self.missing)}）"
        return f"要求填报的{self.requested}所学校中，{missing}，其数据可能不全。"


def coverage(snapshot: Snapshot, figures: Iterable[AnyFigure], period: Period) -> Coverage | None:
    """Return which schools had not reported the data of ``figures`` for a period when the snapshot was made.

    Counted are the collections (填报任务) that overlap the period and whose sheets fill a register that one of
    the figures reads; a school asked by several has reported if it answered all. Returns None if no school
    was requested to report, or all have reported.
    """
    models = {model for figure in figures for model in _tables(figure)}
    has_reported: dict[int, bool] = {}
    for titles, school, reported in _submissions(snapshot, period):
        if models & _filled_by(titles):
            # A school that was asked twice has reported when it has answered both.
            has_reported[school] = has_reported.get(school, True) and reported
    missing = [school for school, reported in has_reported.items() if not reported]
    if not missing:
        return None
    names = snapshot.names("school")
    return Coverage(len(has_reported), tuple(names.get(school, str(school)) for school in missing))


@cached_in_snapshot(256)
def _submissions(snapshot: Snapshot, period: Period) -> list[tuple[str, int, bool]]:
    """The submissions to collections that overlap a period: (titles of the sheets, the school's key, whether it had reported)."""
    name = Submission.table_name()
    if name not in snapshot.tables:
        return []
    rows = snapshot.fetch(
        snapshot.table(name).select("period", "sheets", "school", "reported").order_by("school")
    )
    return [
        (row["sheets"], row["school"], row["reported"])
        for row in rows
        if Period.parse(row["period"]).overlaps(period)
    ]


def _tables(figure: AnyFigure) -> set[type[Record]]:
    if isinstance(figure, RequirementCount):
        return set(figure.assessment.registers)
    return {part.table for part in parts_of(figure)}


@lru_cache(maxsize=256)
def _filled_by(titles: str) -> frozenset[type[Record]]:
    """The registers to which sheets add rows, by the sheets' titles joined with ``、``."""
    return frozenset(model for sheet in sheets_of(titles) for model in sheet.fills)
