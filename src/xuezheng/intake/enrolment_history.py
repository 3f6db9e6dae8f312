"""Keeps the register of pupils and the register of enrolment events consistent during an import.

Changes in a roster are recorded as events; events in a sheet update the pupil's row. Both are written with
the same batch, so undoing the import undoes both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from django.utils.timezone import localdate

from xuezheng.intake.matching import Matched
from xuezheng.intake.saving import save
from xuezheng.records.bulk import parts
from xuezheng.records.code_lists import code_list
from xuezheng.records.enrolment_states import KINDS, Status, are_together, in_order, play
from xuezheng.records.fields import field_of
from xuezheng.records.identifiers import masked
from xuezheng.records.models import Batch, ClassGroup, EnrolmentEvent, Pupil, Record, Term

ReportProblem = Callable[..., None]


@dataclass
class Following:
    """The enrolment events and pupils to write besides a sheet's own records, so that both registers agree.

    ``events`` are new events, ``corrected`` existing events that change, ``pupils`` existing pupils that
    change; each is paired with the index (from 0) of the sheet's row that causes it, None if it is in no row.
    """

    events: list[tuple[EnrolmentEvent, int | None]] = field(default_factory=list)
    corrected: list[tuple[EnrolmentEvent, int | None]] = field(default_factory=list)
    pupils: list[tuple[Pupil, int | None]] = field(default_factory=list)

    def write(self, batch: Batch, sheet_title: str, numbers: list[int], rejected: Collection[int]) -> None:
        """Write the records with their history, as part of ``batch``, which must be saved.

        Those of rejected rows are left out. ``numbers`` are the Excel row numbers by index, ``rejected`` the
        indexes of the rejected rows.
        """
        self.events = [(event, row) for event, row in self.events if row not in rejected]
        self.corrected = [(event, row) for event, row in self.corrected if row not in rejected]
        self.pupils = [(pupil, row) for pupil, row in self.pupils if row not in rejected]
        for record, row in (*self.events, *self.corrected, *self.pupils):
            record.batch_id, record.source_sheet = batch.pk, sheet_title
            record.source_row = None if row is None else numbers[row]
        for model, fresh, changed in (
            (EnrolmentEvent, self.events, self.corrected),
            (Pupil, [], self.pupils),
        ):
            save(model, [record for record, _ in fresh], [record for record, _ in changed], batch)


def follow(matched: Matched, rejected: Collection[int], report_problem: ReportProblem) -> Following:
    """Return the events and pupils that follow from the new and changed records of a sheet; nothing is saved.

    ``rejected`` are the indexes (from 0) of the rejected rows, which are ignored. For each contradiction with
    known events, ``report_problem(row, path, message)`` is called with the row's index, the column's path and
    a Chinese sentence, sometimes also with the value and a reading to confirm. The result is empty for a
    sheet of anything but pupils, events and classes.
    """
    touched = {
        row: record
        for record in (*matched.fresh.values(), *matched.changed.values())
        if (row := matched.rows[id(record)]) not in rejected
    }
    if matched.model is Pupil:
        return _follow_roster(cast(dict[int, Pupil], touched), report_problem)
    if matched.model is EnrolmentEvent:
        return _follow_events(cast(dict[int, EnrolmentEvent], touched), report_problem)
    if matched.model is ClassGroup:
        graded = {
            row: record for row, record in touched.items() if "grade" in matched.before.get(id(record), {})
        }
        return _follow_classes(graded, matched, report_problem)
    return Following()


def events_of(people: Iterable[int | None]) -> dict[int, list[EnrolmentEvent]]:
    """Return the enrolment events of persons, by primary key of the person, in order of days.

    They are locked until the transaction ends. The dict is a ``defaultdict``: a person without events has an
    empty list.
    """
    events: dict[int, list[EnrolmentEvent]] = defaultdict(list)
    rows = EnrolmentEvent.objects.select_for_update(of=("self",)).select_related(
        "person", "from_class__school", "to_class__school"
    )
    for part in parts(sorted(key for key in people if key is not None)):
        for event in rows.filter(person__in=part).order_by("occurred_on", "pk"):
            events[event.person_id].append(event)
    return events


def day_of_moves() -> date:
    """Return the day given to a pupil's move that a roster shows without a date, such as a change of class.

    It is the first day of the latest term that has begun, or today if there is no such term.
    """
    today = localdate()
    term = Term.objects.filter(starts_on__lte=today).order_by("-starts_on").first()
    return term.starts_on if term else today


def _follow_roster(pupils: dict[int, Pupil], report_problem: ReportProblem) -> Following:
    following, day = Following(), day_of_moves()
    _ask_about_namesakes(pupils, report_problem)
    known = events_of(pupil.person_id for pupil in pupils.values())
    for row, pupil in pupils.items():
        events = known.get(pupil.person_id or 0, [])
        new, corrected = _differences(pupil, events, day)
        for event, name, message in play([*events, *new])[1]:
            if event in new or event in corrected:
                report_problem(row, _place_in_roster(event, name), message)
            else:
                report_problem(
                    row, "left_on" if pupil.left_on else "entered_on", f"与已登记的{event}矛盾：{message}"
                )
        following.events += [(event, row) for event in new]
        following.corrected += [(event, row) for event in corrected]
    return following


def _ask_about_namesakes(pupils: dict[int, Pupil], report_problem: ReportProblem) -> None:
    """Ask whether a new pupil is somebody else than the one of the same name on the roll of the class: the number may be wrong."""
    new = {row: pupil for row, pupil in pupils.items() if pupil.pk is None and pupil.left_on is None}
    groups = {pupil.class_group_id for pupil in new.values()}
    listed = {pupil.person_id for pupil in pupils.values() if pupil.pk is not None}
    enrolled: dict[tuple[int, str], Pupil] = {}
    for part in parts(sorted(groups)):
        rows = Pupil.objects.filter(class_group__in=part, left_on=None).select_related("person")
        for pupil in rows:
            if pupil.person_id not in listed:
                enrolled[pupil.class_group_id, pupil.person.name] = pupil
    for row, pupil in new.items():
        if namesake := enrolled.get((pupil.class_group_id, pupil.person.name)):
            number = masked(namesake.person.id_number)
            message = f"本班在读的学生中有同名的，证件号是{number}，与这里填的不同。请核对证件号是否填错。"
            report_problem(row, "person.id_number", message, "", "“另一名同名的学生”")


def _place_in_roster(event: EnrolmentEvent, name: str) -> str:
    """Return the path of the roster's column from which an event, or its field, follows."""
    if name in ("to_class", "from_class", "grade"):
        return "class_group.name"
    return "left_on" if event.to_class is None else "entered_on"


def _differences(
    pupil: Pupil, events: list[EnrolmentEvent], day: date
) -> tuple[list[EnrolmentEvent], list[EnrolmentEvent]]:
    """Return the new events by which a pupil's row differs from the events known before, and known ones whose day it corrects.

    ``day`` is that of moves to which the row gives no day.
    """
    status, _ = play(events)
    new: list[EnrolmentEvent] = []
    corrected: list[EnrolmentEvent] = []
    arrived = pupil.entered_on not in status.arrivals
    if not status.on_roll:
        if status.left_on is None or (arrived and pupil.entered_on >= status.left_on):
            new.append(_event(pupil, "entered", pupil.entered_on))
        elif pupil.left_on is None:
            new.append(_event(pupil, "returned", max(day, status.left_on)))
        elif pupil.left_on != status.left_on:
            corrected.append(_redated(in_order(events)[-1], pupil.left_on))
    elif pupil.class_group != status.group:
        new.append(_move(pupil, status, events, day))
    comes = any(event.occurred_on == pupil.entered_on for event in new)
    if arrived and status.entered_on and not comes:
        arrival = next(event for event in in_order(events) if event.occurred_on == status.entered_on)
        corrected.append(_redated(arrival, pupil.entered_on))
    if pupil.left_on and (status.on_roll or new):
        new.append(_event(pupil, "left", pupil.left_on))
    return new, corrected


def _move(pupil: Pupil, status: Status, events: list[EnrolmentEvent], day: date) -> EnrolmentEvent:
    """Return the event by which a pupil on the roll comes to another class, on the day of entry if that is new, else on ``day``."""
    group, before, last_on = pupil.class_group, status.group, status.last_on
    if before is None or last_on is None:
        raise ValueError("a pupil on the roll is in a class since an event")
    day = max(min(day, pupil.left_on or day), last_on)
    if are_together(group, before):
        step = None if status.grade is None else group.grade - status.grade
        return _on_a_free_day(_event(pupil, "moved", day, step=step), events)
    new_entry = pupil.entered_on not in status.arrivals and pupil.entered_on >= last_on
    role = "advanced" if group.stage != before.stage else "transferred"
    event = _event(pupil, role, pupil.entered_on if new_entry else day)
    return _on_a_free_day(event, events, status.arrivals)


def _event(pupil: Pupil, role: str, day: date, step: int | None = None) -> EnrolmentEvent:
    """Return the event as which a change in a roster is recorded; ``step`` is the change of grade of a move within the school."""
    group = None if role == "left" else pupil.class_group
    kind = _kind(role, day, step)
    return EnrolmentEvent(person=pupil.person, occurred_on=day, kind=kind, to_class=group)


def _kind(role: str, day: date, step: int | None) -> str:
    """Return the kind that stands for a change in a roster; of several that of the step of grades, else the one without."""
    kinds = code_list(KINDS)
    fitting = {
        code: kinds.codes[code].properties(day).get("step") for code in kinds.having("roster", role, day)
    }
    exact = [code for code, its_step in fitting.items() if its_step is not None and its_step == step]
    return next(iter(exact), next((code for code, its_step in fitting.items() if its_step is None), ""))


def _on_a_free_day(
    event: EnrolmentEvent, events: list[EnrolmentEvent], arrivals: frozenset[date] = frozenset()
) -> EnrolmentEvent:
    """Move an event without a day of its own to the first day on which it is possible; return it.

    The person may have no event of the kind on that day. With a change of school or stage, it may not be one of the ``arrivals`` either.
    """
    taken = {known.occurred_on for known in events if known.kind == event.kind} | arrivals
    while event.occurred_on in taken:
        event.occurred_on += timedelta(days=1)
    return event


def _redated(event: EnrolmentEvent, day: date) -> EnrolmentEvent:
    event.occurred_on = day
    return event


def _follow_events(rows: dict[int, EnrolmentEvent], report_problem: ReportProblem) -> Following:
    following = Following()
    submitted: dict[int, dict[int, EnrolmentEvent]] = defaultdict(dict)
    for row, event in rows.items():
        submitted[event.person_id or 0][row] = event
    known = events_of(submitted)
    pupils = in_line(submitted)
    for person, in_file in submitted.items():
        pupil = pupils.get(person)
        if pupil is None:
            for row in in_file:
                message = "学生名册里没有这名学生。请核对证件号；新生、首次转入的，请先在学生名册里填报。"
                report_problem(row, "person.id_number", message)
            continue
        replaced = {event.pk for event in in_file.values()}
        events = [event for event in known[person] if event.pk not in replaced] + list(in_file.values())
        status, faults = play(events)
        for event, name, message in faults:
            row, clash = _row_of(event, in_file)
            report_problem(row, name, f"{clash}{message}")
        if not faults and update(pupil, status):
            last_row = max(in_file)
            for name, message in pupil.faults():
                report_problem(last_row, "", f"学生名册中的{field_of(Pupil, name).verbose_name}：{message}")
            following.pupils.append((pupil, last_row))
    return following


def _row_of(event: EnrolmentEvent, in_file: dict[int, EnrolmentEvent]) -> tuple[int, str]:
    """Return the row at which a contradiction is reported, and what to say first where the event itself is not in the file."""
    for row, submitted in in_file.items():
        if submitted is event:
            return row, ""
    earlier = [row for row, submitted in in_file.items() if submitted.occurred_on <= event.occurred_on]
    return (earlier or list(in_file))[-1], f"与已登记的{event}矛盾："


def in_line(people: Iterable[int]) -> dict[int, Pupil]:
    """Return the pupils of persons, by primary key of the person, locked until the transaction ends.

    Persons without a pupil are absent.
    """
    rows = Pupil.objects.select_for_update(of=("self",)).select_related("person", "class_group__school")
    pupils: dict[int, Pupil] = {}
    for part in parts(sorted(people)):
        pupils |= {pupil.person_id: pupil for pupil in rows.filter(person__in=part)}
    return pupils


def update(pupil: Pupil, status: Status) -> bool:
    """Set a pupil's class and days from ``status``, the state of enrolment after all events, without saving.

    A status without a class leaves the pupil as it is. Returns whether anything changed.
    """
    before = (pupil.class_group_id, pupil.entered_on, pupil.left_on)
    if status.group is not None and status.entered_on is not None:
        pupil.class_group, pupil.entered_on, pupil.left_on = status.group, status.entered_on, status.left_on
    return before != (pupil.class_group_id, pupil.entered_on, pupil.left_on)


def _follow_classes(classes: dict[int, Record], matched: Matched, report_problem: ReportProblem) -> Following:
    """Let all pupils of a class go up with it; any other change of its grade corrects the grade of their last event."""
    following, day = Following(), day_of_moves()
    rows = {group.pk: row for row, group in classes.items()}
    groups = {group.pk: group for group in classes.values()}
    enrolled = Pupil.objects.filter(class_group__in=rows, left_on=None).select_related("person")
    pupils = {pupil.person_id: pupil for pupil in enrolled}
    for person, events in events_of(pupils).items():
        pupil = pupils[person]
        group: Any = groups[pupil.class_group_id]
        pupil.class_group = group
        last = in_order(events)[-1]
        if matched.before[id(group)]["grade"] + 1 != group.grade:
            last.grade = group.grade
            following.corrected.append((last, rows[group.pk]))
            continue
        event = _event(pupil, "moved", max(day, last.occurred_on), step=1)
        event.grade = group.grade
        _on_a_free_day(event, events)
        for _, _, message in play([*events, event])[1]:
            report_problem(rows[group.pk], "grade", f"本班有学生不能升级：{message}")
        following.events.append((event, rows[group.pk]))
    return following
