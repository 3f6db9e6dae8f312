"""Pupils who are in a class by the register but missing from a roster of the class that is imported.

An import never decides whether they left or were forgotten: a user states who left, on which day and how, or
confirms that they stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xuezheng.intake.enrolment_history import Following, events_of, in_line, update
from xuezheng.intake.matching import Matched
from xuezheng.intake.preview import Difference, Row
from xuezheng.records.bulk import parts
from xuezheng.records.code_lists import code_list
from xuezheng.records.enrolment_states import KINDS, ON_ROLL, play
from xuezheng.records.models import ClassGroup, EnrolmentEvent, EnrolmentState, Pupil, User
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.sheet import Column

#: A file that names fewer pupils of a class than this, or fewer than half of them, is no roster of it, but adds or corrects some rows.
FEWEST = 5
_NAMED = 5  # pupils whose names a message lists


@dataclass(frozen=True)
class Departure:
    """How a pupil left: the code of the kind of enrolment event (``kind``) and its day.

    ``elsewhere`` is the school outside the district to which the pupil went, "" without one.
    """

    kind: str
    day: date
    elsewhere: str = ""


#: How missing pupils left, by the primary key of the pupil.
Departures = Mapping[int, Departure]
NO_DEPARTURES: Departures = {}


@dataclass(frozen=True)
class MissingPupil:
    """A pupil missing from a roster: primary key, name, and the school and class as text (``group``).

    ``is_open`` says that nobody has confirmed yet that the pupil stays.
    """

    key: int
    name: str
    group: str
    is_open: bool = True


def missing_pupils(matched: Matched, user: User | None) -> dict[ClassGroup, list[Pupil]]:
    """Return, for each class of which the file is a roster, the pupils on its roll whom the file lacks.

    They are sorted by name. The file is a roster of a class if it names at least five, and at least half, of
    its pupils. Classes without missing pupils are left out, and so are pupils whom ``user`` may not see.
    Empty if the sheet is not one of pupils.
    """
    if matched.model is not Pupil:
        return {}
    named = {record.pk for record in matched.records if isinstance(record, Pupil) and record.pk}
    groups = {
        record.class_group.pk: record.class_group
        for record in matched.records
        if isinstance(record, Pupil) and record.class_group_id
    }
    visible = Rights(user).visible(Pupil)
    rolls: dict[int, list[int]] = defaultdict(list)
    for part in parts(sorted(groups)):
        rows = visible.filter(class_group__in=part, left_on=None).values_list("class_group", "pk")
        for group, pupil in rows:
            rolls[group].append(pupil)
    lacking = {
        group: set(roll) - named
        for group, roll in rolls.items()
        if _is_roster(len(named.intersection(roll)), len(roll))
    }
    pupils = _pupils({pupil for each in lacking.values() for pupil in each})
    return {
        groups[group]: sorted((pupils[pupil] for pupil in each), key=lambda pupil: pupil.person.name)
        for group, each in lacking.items()
        if each
    }


def _is_roster(named: int, recorded: int) -> bool:
    return named >= FEWEST and named * 2 >= recorded


def describe(group: ClassGroup, pupils: list[Pupil]) -> tuple[str, str]:
    """Return a Chinese message about the missing pupils of a class, and what a user may confirm instead: that they stay."""
    names = "、".join(pupil.person.name for pupil in pupils[:_NAMED])
    more = "等" if len(pupils) > _NAMED else ""
    message = (
        f"台账中{group.school}{group}的在读学生，文件里缺{len(pupils)}人：{names}{more}。"
        "已经离开的请登记离开的日期和类别；漏填的请补填，或确认不变。"
    )
    return message, f"“这{len(pupils)}人仍在校，台账不变”"


def departure_kinds(day: date) -> dict[str, tuple[str, bool]]:
    """Return the kinds of enrolment event by which an enrolled pupil leaves, by code.

    Each value is the Chinese label and whether a school outside the district must be given. ``day`` is the
    day whose properties of the codes count.
    """
    kinds = code_list(KINDS)
    leaving = {}
    for code, entry in kinds.codes.items():
        properties = entry.properties(day)
        states = set(properties.get("before", ()))
        if (
            properties.get("after", EnrolmentState.ENROLLED) not in ON_ROLL
            and EnrolmentState.ENROLLED in states
        ):
            leaving[code] = (entry.label, bool(properties.get("elsewhere")))
    return leaving


def record_departures(pupils: Collection[Pupil], departures: Departures, following: Following) -> list[str]:
    """Add the events by which pupils left, and the changed pupils, to ``following``.

    ``departures`` must have an entry for each of ``pupils``. A pupil whose departure contradicts earlier
    events is not added; returned is a Chinese message for each contradiction.
    """
    contradictions = []
    locked = in_line(pupil.person_id for pupil in pupils)
    known = events_of(locked)
    for person, pupil in locked.items():
        departure = departures[pupil.pk]
        event = EnrolmentEvent(
            person=pupil.person, occurred_on=departure.day, kind=departure.kind, elsewhere=departure.elsewhere
        )
        status, faults = play([*known[person], event])
        contradictions += [f"{pupil.person.name}不能登记离开：{message}" for _, _, message in faults]
        if not faults and update(pupil, status):
            following.events.append((event, None))
            following.pupils.append((pupil, None))
    return contradictions


def departed(pupil: Pupil, departure: Departure, columns: Sequence[Column]) -> Row:
    """Return the preview row of a pupil who is in no row of the file and has left.

    ``columns`` are those of the preview.
    """
    known = {"person.name": pupil.person.name, "class_group.name": str(pupil.class_group)}
    label = departure_kinds(departure.day).get(departure.kind, (departure.kind, False))[0]
    cells = tuple(known.get(column.path, "") for column in columns)
    return Row(0, "changed", cells, differences=(Difference("学籍异动", "", f"{departure.day} {label}"),))


def _pupils(keys: Collection[int]) -> dict[int, Pupil]:
    rows = Pupil.objects.select_related("person", "class_group__school")
    return {pupil.pk: pupil for part in parts(sorted(keys)) for pupil in rows.filter(pk__in=part)}
