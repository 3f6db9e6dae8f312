"""The state of a pupil's enrolment (学籍), computed by replaying the pupil's enrolment events in order.

Which state an event leads to, and which events may follow which, is declared by the properties of the codes
in the list ``policy.enrolment_event``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xuezheng.records.code_lists import code_list
from xuezheng.records.models import ClassGroup, EnrolmentEvent, EnrolmentState, Stage

KINDS = "policy.enrolment_event"
#: The states in which a person is on the roll of a class.
ON_ROLL = frozenset({EnrolmentState.ENROLLED, EnrolmentState.SUSPENDED, EnrolmentState.HOME_TAUGHT})
_STAGES = Stage.values


@dataclass(frozen=True)
class Status:
    """A person's state of enrolment after some events.

    ``state`` is an :class:`EnrolmentState`. ``group`` is the current class, or the last one after leaving;
    ``grade`` the grade in its stage, counted from 1. ``inclusive`` says whether a pupil with special needs
    learns in an ordinary class (随班就读). ``entered_on`` is the day of the latest arrival at a school,
    ``arrivals`` all such days; ``left_on`` the day of leaving, None while on the roll; ``last_on`` the day of
    the last event. Before the first event ``state`` is ``EnrolmentState.NONE``, and class, grade and days are
    None.
    """

    state: str = EnrolmentState.NONE
    group: ClassGroup | None = None
    grade: int | None = None
    inclusive: bool = False
    entered_on: date | None = None
    arrivals: frozenset[date] = frozenset()
    left_on: date | None = None
    last_on: date | None = None

    @property
    def on_roll(self) -> bool:
        """Whether the person is on the roll of a class."""
        return self.state in ON_ROLL


def properties_of(event: EnrolmentEvent) -> Mapping[str, Any]:
    """Return the properties of the event's kind on the event's day, by name.

    They declare the states before and after the event and which changes of class and grade it permits. The
    result is an empty dict for an unknown kind.
    """
    code = code_list(KINDS).codes.get(event.kind)
    return code.properties(event.occurred_on) if code else {}


def label_of(event: EnrolmentEvent) -> str:
    """Return the Chinese label of the event's kind, or the code itself if it is unknown.

    This is faster than ``get_kind_display``.
    """
    code = code_list(KINDS).codes.get(event.kind)
    return code.label if code else event.kind


def in_order(events: Iterable[EnrolmentEvent]) -> list[EnrolmentEvent]:
    """Return events sorted by day.

    Events of the same day are in order of their primary keys, unsaved ones last.
    """
    return sorted(events, key=lambda event: (event.occurred_on, event.pk is None, event.pk or 0))


def play(
    events: Iterable[EnrolmentEvent], day: date | None = None
) -> tuple[Status, list[tuple[EnrolmentEvent, str, str]]]:
    """Replay the enrolment events of one person, given in any order, up to and including ``day``.

    By default, all events are replayed. Returns the :class:`Status` after the last event and a list of
    (event, field name, Chinese sentence) for each contradiction, such as an event that cannot follow the
    state before it. An event whose ``from_class``, ``to_class`` or ``grade`` is empty gets it from the status
    before; this changes the objects in memory, nothing is saved.
    """
    status, contradictions = Status(), []
    for event in in_order(events):
        if day is None or event.occurred_on <= day:
            status, of_event = _step(status, event)
            contradictions += [(event, *contradiction) for contradiction in of_event]
    return status, contradictions


def _step(status: Status, event: EnrolmentEvent) -> tuple[Status, list[tuple[str, str]]]:
    rules = properties_of(event)
    after = str(rules.get("after", status.state))
    _fill(event, status, rules, after)
    contradictions = list(_contradictions(status, event, rules, after))
    group = event.to_class or status.group
    arrives = after in ON_ROLL and _moves(event)
    on_roll = after in ON_ROLL
    following = replace(
        status,
        state=after,
        group=group,
        grade=event.grade if on_roll else status.grade,
        inclusive=on_roll and (rules["inclusive"] == "begin" if "inclusive" in rules else status.inclusive),
        entered_on=event.occurred_on if arrives else status.entered_on,
        arrivals=status.arrivals | {event.occurred_on} if arrives else status.arrivals,
        left_on=None if on_roll else event.occurred_on,
        last_on=event.occurred_on,
    )
    return following, contradictions


def _moves(event: EnrolmentEvent) -> bool:
    """Return whether the event brings the person to a school: from outside the roll, another school or another stage."""
    before, after = event.from_class, event.to_class
    if after is None or before is None:
        return after is not None
    return not are_together(before, after)


def are_together(first: ClassGroup, second: ClassGroup) -> bool:
    """Return whether two classes are of the same school and stage.

    A move between such classes is no arrival at a school.
    """
    return (first.school_id, first.stage) == (second.school_id, second.stage)


def _fill(event: EnrolmentEvent, status: Status, rules: Mapping[str, Any], after: str) -> None:
    """Fill the classes and the grade that an event leaves open."""
    if event.from_class_id is None and status.on_roll:
        event.from_class = status.group
    stays = rules.get("change", "none") in ("none", "group")
    if event.to_class_id is None and after in ON_ROLL and status.on_roll and stays:
        event.to_class = status.group
    if event.grade is None and event.to_class is not None:
        same = event.to_class_id == event.from_class_id and status.grade is not None
        event.grade = (status.grade or 0) + int(rules.get("step", 0)) if same else event.to_class.grade


def _contradictions(
    status: Status, event: EnrolmentEvent, rules: Mapping[str, Any], after: str
) -> Iterator[tuple[str, str]]:
    """Yield the contradictions of an event with the state before it."""
    label = label_of(event)
    if status.state not in rules.get("before", ()):
        state = EnrolmentState(status.state).label
        since = f"（{status.last_on}起）" if status.last_on else ""
        yield (
            "kind",
            f"{event.occurred_on}以前这名学生的学籍状态是“{state}”{since}，不能办“{label}”。请核对日期和类别，或先补上漏报的异动。",
        )
        return
    yield from _class_contradictions(status, event, rules, after)
    if event.occurred_on in status.arrivals and after in ON_ROLL and _moves(event):
        yield "occurred_on", f"这名学生{event.occurred_on}已经入学，同一天不能再次入学。请核对日期。"
    stages = rules.get("stages")
    if stages and status.group and status.group.stage not in stages:
        yield (
            "kind",
            f"{Stage(status.group.stage).label}阶段不能办“{label}”。请核对类别；未到校的按控辍保学办理。",
        )
    if rules.get("elsewhere") and not event.elsewhere:
        yield "elsewhere", f"“{label}”须填外地学校。请补填。"
    if not rules.get("elsewhere") and event.elsewhere:
        yield "elsewhere", f"“{label}”不涉及外地学校。请清空这一格，或改选类别。"
    if "inclusive" in rules and status.inclusive == (rules["inclusive"] == "begin"):
        yield (
            "kind",
            f"{event.occurred_on}以前这名学生{'已在' if status.inclusive else '没有'}随班就读，不能办“{label}”。请核对。",
        )
    finished = status.group.stage if status.group and status.state == EnrolmentState.GRADUATED else None
    if finished and event.to_class and _STAGES.index(event.to_class.stage) <= _STAGES.index(finished):
        stage, again = Stage(finished).label, Stage(event.to_class.stage).label
        yield "to_class", f"这名学生{status.last_on}已从{stage}毕业，不能再入{again}。请核对班级和日期。"


def _class_contradictions(
    status: Status, event: EnrolmentEvent, rules: Mapping[str, Any], after: str
) -> Iterator[tuple[str, str]]:
    before, group, change = event.from_class, event.to_class, rules.get("change", "none")
    expected = status.group if status.on_roll else None
    if before != expected:
        there = f"在{expected.school}{expected}" if expected else "不在任何班级"
        yield (
            "from_class",
            f"{event.occurred_on}以前这名学生{there}。请核对原学校、原班级，或留空由系统填写。",
        )
    if after not in ON_ROLL:
        if group is not None:
            yield (
                "to_class",
                f"“{label_of(event)}”以后不在本地的班级。请清空现学校、现班级，或改选类别。",
            )
        return
    if group is None:
        yield "to_class", f"“{label_of(event)}”须填现学校、现班级。请补填。"
        return
    if before is None:
        return
    if change == "none" and group != before:
        yield "to_class", f"“{label_of(event)}”不变更班级。请清空现学校、现班级，另报一行变更。"
    elif change == "group" and not are_together(group, before):
        yield (
            "to_class",
            f"“{label_of(event)}”只在本校、本学段内。到别的学校的请报转学，换学段的请报升学。",
        )
    elif change == "school" and group.school_id == before.school_id:
        yield "to_class", f"转学须转到另一所学校，所填的仍是{before.school}。请核对；换班级的请报转班级。"
    elif change == "stage" and group.stage == before.stage:
        yield (
            "to_class",
            f"升学须升入另一学段，所填的仍是{Stage(before.stage).label}。请核对；换学校的请报转学。",
        )
    step = rules.get("step")
    if step is not None and None not in (status.grade, event.grade) and event.grade != status.grade + step:
        yield (
            "grade",
            f"“{label_of(event)}”以后应是{status.grade + step}年级，所填的是{event.grade}年级。请核对班级、年级和类别。",
        )
