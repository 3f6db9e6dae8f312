"""Reads the inputs of a forecast from a snapshot: births, zones, feeders, rolls, places, and settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xuezheng.areas.enrolment.models import Births, Feeder, PastRoll, Places, SchoolZone
from xuezheng.areas.enrolment.procedures.ratio_method import BirthCount
from xuezheng.core.periods import Period
from xuezheng.figures import Figure, catalogue
from xuezheng.policy.current import entry, read_once
from xuezheng.records.models import Record, Stage
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import counting_day, first_known_day

#: The figure of the pupils on the roll of a day, from the events of enrolment.
ROLL = "enrolment.roll"
#: The stages that are forecast, in the order in which pupils pass them.
STAGES: tuple[str, ...] = (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
_LEVELS = ("red", "orange", "yellow", "surplus")


@dataclass(frozen=True)
class Settings:
    """The settings that policy has for forecasts on a day.

    Children enter primary school in the autumn of the year in which they reach ``entry_age`` years before the
    first day of ``entry_month``. Rates are means over ``ratio_years`` autumns; an interval needs at least
    ``fewest_errors`` past errors. ``limits`` has the ratio of pupils to places for the warning levels "red",
    "orange", "yellow" and "surplus".
    """

    entry_age: int
    entry_month: int
    ratio_years: int
    fewest_errors: int
    limits: Mapping[str, Fraction]


@dataclass(frozen=True)
class Capacity:
    """The places of a school in a stage, as registered: ``classes`` over all grades, of ``class_size`` pupils each."""

    classes: int
    class_size: int


#: (primary key of a school, stage).
Place = tuple[int, str]


@dataclass(frozen=True)
class Inputs:
    """The inputs of a forecast.

    ``base`` is the last autumn (a year) whose pupils are known, ``first_counted`` the first that is counted
    from the registers of pupils. ``schools`` has names by key, ``births`` counts by community, ``zones``
    schools by (stage, community), ``feeders`` primary schools by junior school, ``rolls`` pupils by (school,
    stage) and (grade, autumn), and ``places`` capacities by (school, stage) and year. ``source`` is the code
    of the source of births used; ``sources`` has all that are registered, the one with the most counts first.
    """

    base: int
    first_counted: int
    settings: Settings
    schools: Mapping[int, str]
    source: str
    sources: tuple[str, ...]
    births: Mapping[str, Sequence[BirthCount]]
    zones: Mapping[tuple[str, str], int]
    feeders: Mapping[int, frozenset[int]]
    rolls: Mapping[Place, Mapping[tuple[int, int], int]]
    places: Mapping[Place, Mapping[int, Capacity]]


class NothingKnown(Exception):
    """A forecast is not possible for lack of data or settings.

    The text is a Chinese sentence with the remedy.
    """


@read_once()
def read_settings(snapshot: Snapshot) -> Settings:
    """Return the settings in force on the day of the snapshot.

    Raises :class:`NothingKnown` if policy has no value for one of them on that day.
    """

    def value(name: str, *keys: str) -> Any:
        matter = entry(f"enrolment.{name}")
        setting = matter.value(snapshot.day, *keys)
        if setting is None:
            raise NothingKnown(f"没有{snapshot.day}施行的标准“{matter.title}”。请在“政策标准”中提出。")
        return setting

    return Settings(
        int(value("entry_age")),
        int(value("entry_month")),
        int(value("ratio_years")),
        int(value("fewest_errors")),
        {level: Fraction(value("place_warning", level)) for level in _LEVELS},
    )


def read_inputs(snapshot: Snapshot, source: str = "") -> Inputs:
    """Read the inputs of a forecast, with the births of the source with the code ``source``.

    If ``source`` has no births, that with the most counts is used. Raises :class:`NothingKnown` if the
    snapshot has no pupils, or policy lacks a setting.
    """
    settings = read_settings(snapshot)
    rolls, first_counted = _rolls(snapshot)
    known_years = {year for numbers in rolls.values() for _, year in numbers}
    if not known_years:
        raise NothingKnown("台账里还没有学生。请先导入学生名册，再生成快照。")
    births: dict[str, list[BirthCount]] = {}
    registered = list(_rows(snapshot, Births))
    counts = Counter(row["source"] for row in registered)
    sources = sorted(counts, key=lambda code: (-counts[code], code))
    source = source if source in sources else next(iter(sources), "")
    for row in registered:
        if row["source"] == source:
            count = BirthCount(row["starts_on"], row["ends_on"], row["births"])
            births.setdefault(row["community"], []).append(count)
    places: dict[Place, dict[int, Capacity]] = {}
    for row in _rows(snapshot, Places):
        years = places.setdefault((row["school"], row["stage"]), {})
        years[row["year"]] = Capacity(row["classes"], row["class_size"])
    feeders: dict[int, set[int]] = {}
    for row in _newest(_rows(snapshot, Feeder)):
        feeders.setdefault(row["junior"], set()).add(row["school"])
    zones = {
        (stage, row["community"]): row["school"]
        for stage in STAGES
        for row in _newest(row for row in _rows(snapshot, SchoolZone) if row["stage"] == stage)
    }
    return Inputs(
        max(known_years),
        first_counted,
        settings,
        snapshot.names("school"),
        source,
        tuple(sources),
        births,
        zones,
        {junior: frozenset(primaries) for junior, primaries in feeders.items()},
        rolls,
        places,
    )


def _rolls(snapshot: Snapshot) -> tuple[dict[Place, dict[tuple[int, int], int]], int]:
    """Return the pupils by school and stage, then by (grade, autumn), and the first autumn that the registers know themselves.

    Earlier autumns are those that were registered from the yearly statistics.
    """
    known, counted = first_known_day(), []
    year = snapshot.day.year
    while known and (day := counting_day(year)) >= known:
        if day <= snapshot.day:
            counted.append(year)
        year -= 1
    rolls: dict[Place, dict[tuple[int, int], int]] = {}
    for autumn in counted:
        _count(snapshot, autumn, rolls)
    first_counted = min(counted, default=snapshot.day.year + 1)
    for row in _rows(snapshot, PastRoll):
        if row["year"] < first_counted:
            rolls.setdefault((row["school"], row["stage"]), {})[row["grade"], row["year"]] = row["pupils"]
    return rolls, first_counted


def _count(snapshot: Snapshot, autumn: int, rolls: dict[Place, dict[tuple[int, int], int]]) -> None:
    """Add the pupils of an autumn by the events of enrolment; a grade without a pupil, in a school that has some, has none."""
    figure = catalogue.figure(ROLL)
    if not isinstance(figure, Figure):
        raise TypeError(f"{figure.key} is no plain figure")
    by = ("school", "stage", "grade")
    counts: dict[Place, dict[int, int]] = {}
    for answer in figure.breakdown(snapshot, Period.parse(str(counting_day(autumn))), by):
        if set(answer.slice) == set(by) and answer.slice["stage"] in STAGES and answer.value is not None:
            place = int(answer.slice["school"]), answer.slice["stage"]
            counts.setdefault(place, {})[int(answer.slice["grade"])] = int(answer.value)
    last_grades: dict[str, int] = {}
    for (_, stage), grades in counts.items():
        last_grades[stage] = max(last_grades.get(stage, 0), *grades)
    for (school, stage), grades in counts.items():
        for grade in range(1, last_grades[stage] + 1):
            rolls.setdefault((school, stage), {})[grade, autumn] = grades.get(grade, 0)


def _rows(snapshot: Snapshot, register: type[Record]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a register as frozen; none where the snapshot is older than the register."""
    if snapshot.has(register.table_name()):
        yield from snapshot.fetch(snapshot.table(register.table_name()).order_by("id"))


def _newest(rows: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the latest year."""
    all_rows = list(rows)
    newest = max((row["year"] for row in all_rows), default=0)
    return [row for row in all_rows if row["year"] == newest]
