"""Any sequence of enrolment events keeps its invariants, and tells the roll of any day as it was on that day."""

import os
from collections import defaultdict
from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xuezheng.areas.enrolment.models import GroupMembership
from xuezheng.core.periods import Period
from xuezheng.figures.spans import stock
from xuezheng.intake.enrolment_history import _differences
from xuezheng.policy.current import policy
from xuezheng.records.code_lists import code_list
from xuezheng.records.enrolment_states import KINDS, ON_ROLL, Status, in_order, play
from xuezheng.records.models import ClassGroup, EnrolmentEvent, Person, Pupil, School
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns, schema

#: ``XUEZHENG_EXAMPLES=200 pytest …`` generates so many districts.
EXAMPLES = int(os.environ.get("XUEZHENG_EXAMPLES", "25"))
FIRST = date(2017, 9, 1)
SCHOOLS = [School(pk=number, code=str(number), name=f"{number}校") for number in (1, 2)]
CLASSES = [
    ClassGroup(pk=school.pk * 10 + place, school=school, name=f"{stage}{grade}", stage=stage, grade=grade)
    for school in SCHOOLS
    for place, (stage, grade) in enumerate([("primary", 1), ("primary", 2), ("primary", 2), ("junior", 1)])
]
PEOPLE = [Person(pk=number, name="某某", birth_date=date(2010, 1, 1)) for number in (1, 2, 3)]

pytestmark = pytest.mark.django_db
generated = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
steps = st.lists(
    st.tuples(
        st.integers(0, 40),  # days since the last one
        st.sampled_from(range(len(PEOPLE))),
        st.integers(0, 23),  # which kind
        st.sampled_from([None, *range(len(CLASSES))]),
    ),
    max_size=40,
)


def accepted(attempts):
    """Return the events, of those attempted one after the other, that contradict nothing, and the statuses of all people by day."""
    events, by_day, day = defaultdict(list), {}, FIRST
    kinds = list(code_list(KINDS).codes)
    for wait, person, kind, group in attempts:
        day += timedelta(days=wait)
        rules = code_list(KINDS).codes[kinds[kind]].properties(day)
        event = EnrolmentEvent(
            person=PEOPLE[person], occurred_on=day, kind=kinds[kind],
            to_class=None if group is None else CLASSES[group], elsewhere="外校" if "elsewhere" in rules else "",
        )  # fmt: skip
        same = any(known.occurred_on == day and known.kind == event.kind for known in events[person])
        if not same and not play([*events[person], event])[1]:
            event.pk = 1000 + sum(map(len, events.values()))
            events[person].append(event)
        by_day[day] = {number: play(known)[0] for number, known in events.items()}
    return events, by_day


def frozen(events):
    """Return the table of events as a later snapshot has it, with the rule columns."""
    # The age and the boarding do not come from the events.
    paths = {
        column.name: column.source.split("__")
        for column in base_columns(EnrolmentEvent)
        if isinstance(column.source, str) and "__pupil__" not in column.source
    }
    rows = [{name: value_at(event, path) for name, path in paths.items()} for event in events]
    return ruled(EnrolmentEvent, rows)


def ruled(model, rows, names=None):
    """Return rows as a frozen table of a register, with its rule columns, or with those named alone."""
    table = ibis.memtable(pa.Table.from_pylist(rows, schema(model)))
    noted = policy("enrolment").noting("990101", date(2030, 1, 1))
    for rule in [rule for rule in rule_columns(model.table_name()) if names is None or rule.name in names]:
        table = table.mutate(**{rule.name: rule.rule(table, noted)})
    return table


def frozen_memberships(memberships, events):
    """Return the table of memberships, each with the events of its person, as the snapshot's query joins them."""
    rows = []
    for number, (person, kind, detail, since, until) in enumerate(memberships, 1):
        later = [day for whose, of_kind, _, day, _ in memberships if (whose, of_kind) == (person, kind)]
        own = {
            "id": number,
            "person": PEOPLE[person].pk,
            "kind": kind,
            "detail": detail,
            "starts_on": since,
            "ends_on": until,
            "next_on": min((day for day in later if day > since), default=None),
            "cohort": 2010,
        }
        for event in events.get(person) or [None]:
            joined = {
                column.name: None if event is None else value_at(event, column.source.split("__")[2:])
                for column in base_columns(GroupMembership)
                if isinstance(column.source, str) and column.source.startswith("person__enrolmentevent__")
            }
            rows.append({**joined, **own})
    return ruled(GroupMembership, rows, {"member_until", "roll_from", "roll_until"})


def value_at(event, path):
    value = event
    for step in path:
        value = None if value is None else getattr(value, step)
    return getattr(value, "pk", value) if not isinstance(value, str) else value


@generated
@given(steps)
def test_the_roll_of_a_day_is_the_same_on_that_day_and_in_any_later_snapshot(attempts):
    events, by_day = accepted(attempts)
    everything = [event for known in events.values() for event in known]
    if not everything:
        return
    table = frozen(everything).cache()
    for day, statuses in by_day.items():
        then = {
            PEOPLE[number].pk: (status.group.pk, status.grade, status.state, status.inclusive)
            for number, status in statuses.items()
            if status.on_roll
        }
        span = stock("occurred_on", "until").select(table, Period.parse(day.isoformat()))
        rows = table.filter(span & table.to_class.notnull()).to_pyarrow().to_pylist()
        assert len(rows) == len(then), day
        assert {
            row["person"]: (row["to_class"], row["grade"], row["state"], row["inclusive"]) for row in rows
        } == then


memberships_ = st.lists(
    st.tuples(
        st.sampled_from(range(len(PEOPLE))),
        st.sampled_from([("migrant", "worker_outside"), ("minority", "ethnic_03"), ("disabled", "sight")]),
        st.integers(-30, 400),  # days after the first
        st.none() | st.integers(1, 400),  # for so many days
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda drawn: drawn[:3],
)


@generated
@given(steps, memberships_)
def test_the_pupils_of_a_group_on_a_day_are_those_on_the_roll_of_that_day_who_belong_to_it(attempts, drawn):
    events, by_day = accepted(attempts)
    memberships = []
    for person, (kind, detail), wait, length in drawn:
        since = FIRST + timedelta(days=wait)
        until = None if length is None else since + timedelta(days=length)
        memberships.append((person, kind, detail, since, until))
    table = frozen_memberships(memberships, events).cache()
    for day, statuses in by_day.items():
        expected = set()
        for person, kind, _, since, until in memberships:
            status = statuses.get(person, Status())
            latest = max(
                (row[3] for row in memberships if row[:2] == (person, kind) and row[3] <= day), default=None
            )
            if status.on_roll and since == latest and (until is None or day < until):
                group = status.group
                expected.add((PEOPLE[person].pk, kind, group.pk, status.grade, group.school_id, group.stage))
        span = stock("roll_from", "roll_until").select(table, Period.parse(day.isoformat()))
        rows = table.filter(span & table.to_class.notnull()).to_pyarrow().to_pylist()
        columns = ("person", "kind", "to_class", "grade", "school", "stage")
        assert len(rows) == len(expected), day
        assert {tuple(row[name] for name in columns) for row in rows} == expected


@generated
@given(steps)
def test_accepted_events_are_a_chain_without_gaps(attempts):
    events, _ = accepted(attempts)
    for known in events.values():
        entered = [event.occurred_on for event in known if event.from_class is None and event.to_class]
        assert len(entered) == len(set(entered))
        status = Status()
        for number, event in enumerate(in_order(known), 1):
            before, status = status, play(known[:number])[0]
            assert event.from_class == (before.group if before.on_roll else None)
            assert event.to_class == (status.group if status.on_roll else None)
            assert (status.left_on is None) == (status.state in ON_ROLL)
            assert before.state != "dead"
            assert status.entered_on in status.arrivals
            assert not (status.inclusive and not status.on_roll)


@generated
@given(steps, st.integers(0, 300))
def test_a_roster_written_as_events_gives_the_row_of_the_roster(attempts, wait):
    """Whatever the events were, a row that follows from them adds none; one that moves the pupil adds what makes it so."""
    events, _ = accepted(attempts)
    for known in events.values():
        status, _ = play(known)
        if status.state in ("none", "dead", "graduated"):
            continue
        day = status.last_on + timedelta(days=wait)
        pupil = Pupil(
            person=known[0].person,
            class_group=status.group,
            entered_on=status.entered_on,
            left_on=status.left_on,
        )
        assert _differences(pupil, known, day) == ([], [])
        for group in CLASSES:
            pupil.class_group, pupil.left_on = group, None
            new, corrected = _differences(pupil, known, day)
            after, faults = play([*known, *new])
            if status.state == "suspended" and (new and new[-1].kind != "advance"):
                assert faults  # the return is to be recorded first
            else:
                assert (faults, corrected, after.on_roll, after.group) == ([], [], True, group)


def test_every_kind_has_a_rule_for_each_thing_that_is_asked_of_it():
    for code in code_list(KINDS).codes.values():
        rules = code.properties()
        assert rules["before"]
        if "after" not in rules:
            assert "change" in rules, code.code
