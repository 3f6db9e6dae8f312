"""Compares the school conditions form with other registers: missing forms, and numbers that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xuezheng.areas.balance.procedures.resources import Resources
from xuezheng.areas.balance.rules import APART, COMPULSORY
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue, is_reported
from xuezheng.records.models import Stage, Term
from xuezheng.reports.evaluation import rows_of
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import counting_day_among

_CLASSES, _STAFF, _TEACHER = "enrolment.classes", "staffing.staff_in_post", "teacher"


@dataclass(frozen=True)
class Difference:
    """A number of the form that differs from that of a register.

    ``figure``, ``period`` and ``slice`` identify the figure whose page shows the rows of the register.
    """

    school: str
    title: str
    reported: int
    registered: int
    figure: str
    period: str
    slice: dict[str, str]


def silent_schools(snapshot: Snapshot, resources: Resources) -> Iterator[str]:
    """Yield, as "文峰学校（初中）", each compulsory stage of a school with pupils but without a form."""
    kinds = {
        str(row["id"]): row["kind"] for row in snapshot.fetch(snapshot.table("school").select("id", "kind"))
    }
    names = snapshot.names("school")
    for (school, stage), _ in sorted(_counts(snapshot, *_pupils(snapshot, resources.year)).items()):
        form = resources.schools.get(int(school))
        if kinds.get(school) not in APART and (form is None or stage not in form.stages):
            yield f"{names.get(int(school), school)}（{Stage(stage).label}）"


def differences(snapshot: Snapshot, resources: Resources) -> Iterator[Difference]:
    """Yield each number of pupils, classes or teachers in the form that differs from the registers.

    Numbers that the registers do not have are not compared.
    """
    pupils_figure, day = _pupils(snapshot, resources.year)
    year = str(resources.year)
    pupils, classes = _counts(snapshot, pupils_figure, day), _counts(snapshot, _CLASSES, year)
    teachers = _teachers(snapshot, year)
    for school, form in resources.schools.items():
        for stage, reported in form.stages.items():
            for title, number, known, figure, period in (
                ("在校生数", reported.pupils, pupils, pupils_figure, day),
                ("班级数", reported.classes, classes, _CLASSES, year),
            ):
                count = known.get((str(school), stage))
                if count is not None and count != number:
                    slice_ = {"school": str(school), "stage": stage}
                    titled = f"{Stage(stage).label}{title}"
                    yield Difference(form.name, titled, number, count, figure, period, slice_)
        number = sum(reported.all_teachers for reported in form.stages.values())
        count = teachers.get(str(school))
        if count is not None and count != number:
            slice_ = {"school": str(school), "post": _TEACHER}
            yield Difference(form.name, "专任教师数（各学段合计）", number, count, _STAFF, year, slice_)


def _pupils(snapshot: Snapshot, year: int) -> tuple[str, str]:
    """Return the figure and the period that count the year's pupils: on the counting day, by the events, where the registers go back so far."""
    # From the snapshot's own terms, so that the verdict of a snapshot never changes.
    starts = {row["code"]: row["starts_on"] for row in rows_of(snapshot, Term)}
    day = counting_day_among(year, starts)
    if starts and min(starts.values()) <= day <= snapshot.day:
        return "enrolment.roll", str(day)
    return "enrolment.pupils", str(year)


def _teachers(snapshot: Snapshot, period: str) -> dict[str, int]:
    """Return the teachers of each school at the end of a period; empty where the bureau does not use the register of staff."""
    figure = catalogue.figure(_STAFF)
    if not is_reported(figure, snapshot.unused):
        return {}
    answers = figure.per(snapshot, Period.parse(period), "school", post=_TEACHER)
    return {answer.slice["school"]: int(answer.value) for answer in answers if answer.value}


def _counts(snapshot: Snapshot, key: str, period: str) -> dict[tuple[str, str], int]:
    """Return a figure by school and compulsory stage; empty where the bureau does not use its register."""
    figure = catalogue.figure(key)
    if not is_reported(figure, snapshot.unused):
        return {}
    answers = figure.breakdown(snapshot, Period.parse(period), ("stage", "school"))
    return {
        (answer.slice["school"], answer.slice["stage"]): int(answer.value)
        for answer in answers
        if {"school", "stage"} <= answer.slice.keys() and answer.slice["stage"] in COMPULSORY and answer.value
    }
