"""Pupils whom the register has in a class while a roster of the class lacks them: did they leave, or were they forgotten?

An import never decides this: a person says who left, on which day and how, or confirms that the others stay as they are.
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
    """How a pupil left: the code of the event, its day, and the school elsewhere where the event has one."""

    kind: str
    day: date
    elsewhere: str = ""


#: What was decided about missing pupils, by the key of the pupil.
Departures = Mapping[int, Departure]
NO_DEPARTURES: Departures = {}


@dataclass(frozen=True)
class MissingPupil:
    """A pupil whom a roster lacks: the pupil's key and name, the class as text, and whether nobody has confirmed that the register is right."""

    key: int
    name: str
    group: str
    is_open: bool = True


def missing_pupils(matched: Matched, user: User | None) -> dict[ClassGroup, list[Pupil]]:
    """Return for each class of a roster the pupils on its roll whom the file does not name, in the order of their names.

    The file must be a roster of the class (see :data:`FEWEST`). Pupils whom ``user`` may not see are left out.
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
    """Return the Chinese question about the missing pupils of a class, and the reading that a person may confirm."""
    names = "、".join(pupil.person.name for pupil in pupils[:_NAMED])
    more = "等" if len(pupils) > _NAMED else ""
    message = (
        f"台账中{group.school}{group}的在读学生，文件里缺{len(pupils)}人：{names}{more}。"
        "已经离开的请登记离开的日期和类别；漏填的请补填，或确认不变。"
    )
    return message, f"“这{len(pupils)}人仍在校，台账不变”"


def departure_kinds(day: date) -> dict[str, tuple[str, bool]]:
    """Return the kinds of event by which a pupil leaves: the label, and whether the school elsewhere has to be given."""
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
    """Add to what follows the events by which pupils left and the pupils as they then are; return in Chinese what contradicts."""
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
    """Return the row of a preview for a pupil who is in no row of the file, and left."""
    known = {"person.name": pupil.person.name, "class_group.name": str(pupil.class_group)}
    label = departure_kinds(departure.day).get(departure.kind, (departure.kind, False))[0]
    cells = tuple(known.get(column.path, "") for column in columns)
    return Row(0, "changed", cells, differences=(Difference("学籍异动", "", f"{departure.day} {label}"),))


def _pupils(keys: Collection[int]) -> dict[int, Pupil]:
    rows = Pupil.objects.select_related("person", "class_group__school")
    return {pupil.pk: pupil for part in parts(sorted(keys)) for pupil in rows.filter(pk__in=part)}
