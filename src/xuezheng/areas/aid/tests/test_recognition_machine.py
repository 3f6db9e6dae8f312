"""Whatever a school, its neighbour and the bureau do in whatever order: what must never happen does not.

A quick run is part of the suite. ``XUEZHENG_RECOGNITION_STEPS=10000 pytest <this file>`` takes that many steps.
"""

import itertools
import os
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from xuezheng.areas.aid.models import (
    RECOGNITION_TRANSITIONS,
    Entitlement,
    Recognition,
    RecognitionStep,
    payers,
)
from xuezheng.areas.aid.procedures import recognise
from xuezheng.areas.aid.procedures.notices import last_day
from xuezheng.areas.aid.procedures.recognise import By, needs_notice
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.procedures.workdays import workdays
from xuezheng.records.models import PersonCategory, Term, User

STEPS = int(os.environ.get("XUEZHENG_RECOGNITION_STEPS", "250"))
STEPS_EACH = 50
FIRST = date(2019, 9, 10)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

USER = st.integers(0, 3)
ANY = st.integers(0, 99)


#: The steps of one recognition, and the states in which they are mostly tried.
FITTING = {
    recognise.refuse: ["applied", "noticed"],
    recognise.send_back: ["reviewed", "noticed"],
    recognise.withdraw: ["applied", "noticed"],
    recognise.reopen: ["refused", "withdrawn"],
    recognise.end: ["decided"],
}


class Recognitions(RuleBasedStateMachine):
    """A clerk, one of another school and two of the bureau over three pupils; time goes on."""

    taken: Counter = Counter()
    users: list = []

    @initialize()
    def start(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.day = FIRST
        Term.objects.create(code="2020春", starts_on=date(2020, 2, 17), ends_on=date(2020, 7, 10))

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def tries(self, step, *arguments):
        try:
            with transaction.atomic():
                step(*arguments)
            self.taken[step.__name__] += 1
        except StepRefused:
            self.taken[f"{step.__name__}: refused"] += 1

    def by(self, who, note="查实"):
        return By(self.users[who], self.day, note)

    def pick(self, turn):
        keys = list(Recognition.objects.order_by("pk").values_list("pk", flat=True))
        return keys[turn % len(keys)]

    def some(self, turn, state):
        """Those of a state, and at times one more of another."""
        keys = list(Recognition.objects.filter(state=state).values_list("pk", flat=True))
        return [*keys, self.pick(turn)] if turn % 3 == 0 else keys[: 1 + turn % 2]

    @rule(days=st.sampled_from([0, 1, 3, 8, 20]))
    def time_goes_on(self, days):
        self.day += timedelta(days=days)

    @rule(who=USER, turn=ANY, tier=st.sampled_from(["", "severe", "middle"]))
    def review(self, who, turn, tier):
        self.tries(recognise.review, self.some(turn, "applied"), self.by(who), tier)

    @rule(who=USER, turn=ANY, days=st.sampled_from([0, 2, 30]))
    def post(self, who, turn, days):
        last = last_day(self.day) if days == 30 else self.day + timedelta(days=days)
        self.tries(recognise.post, self.some(turn, "reviewed"), self.by(who), last)

    @rule(who=USER, turn=ANY)
    def decide(self, who, turn):
        self.tries(recognise.decide, self.some(turn, "noticed"), self.by(who))

    @rule(who=USER, turn=ANY, note=st.sampled_from(["", "查实"]), step=st.sampled_from(list(FITTING)))
    def other_step(self, who, turn, note, step):
        fitting = list(Recognition.objects.filter(state__in=FITTING[step]).values_list("pk", flat=True))
        key = fitting[turn % len(fitting)] if fitting and turn % 4 else self.pick(turn)
        self.tries(step, key, self.by(who, note))

    @rule(who=USER, turn=ANY, change=st.sampled_from(["kept", "raised", "lowered", "ended"]))
    def carry_over(self, who, turn, change):
        tier = {"raised": "severe", "lowered": "slight"}.get(change, "")
        term = Term.objects.get(code="2020春")
        self.tries(recognise.carry_over, self.pick(turn), term, self.by(who), change, tier)

    @rule(who=st.integers(2, 3), turn=ANY, as_far=st.integers(1, 5))
    def on_a_good_day(self, who, turn, as_far):
        """As far as it goes without a refusal, so that what comes after is met too."""
        User.objects.filter(pk__in=[user.pk for user in self.users]).update(is_active=True)
        for key in Recognition.objects.filter(state__in=["refused", "withdrawn"]).values_list(
            "pk", flat=True
        ):
            self.tries(recognise.reopen, key, self.by(0))
        acts = [
            lambda: self.review(0, 1, ""),
            lambda: self.post(0, 1, 30),
            lambda: (self.time_goes_on(20), self.decide(who, 1)),
            lambda: self.carry_over(0, turn, "kept"),
            lambda: self.other_step(5 - who, turn, "查实", recognise.end),
        ]
        for act in acts[:as_far]:
            act()
        if turn % 3 == 0:
            self.other_step(0, turn, "有异议", recognise.send_back)

    @rule(who=st.integers(2, 3), active=st.booleans())
    def lose_or_get_rights(self, who, active):
        if active or payers().count() > 1:
            User.objects.filter(pk=self.users[who].pk).update(is_active=active)

    @invariant()
    def no_step_outside_the_diagram(self):
        current: dict[int, str] = {}
        steps = RecognitionStep.objects.order_by("pk").values_list("recognition", "before", "after")
        for key, before, after in steps:
            assert before == current.get(key, "")
            assert after in RECOGNITION_TRANSITIONS[before] if before else after == "applied"
            current[key] = after
        assert current == dict(Recognition.objects.values_list("pk", "state"))

    @invariant()
    def days_never_go_back(self):
        last: dict[int, date] = {}
        for key, day in RecognitionStep.objects.order_by("pk").values_list("recognition", "day"):
            assert day >= last.get(key, day)
            last[key] = day

    @invariant()
    def nobody_decides_on_the_own_work_and_no_school_decides(self):
        clerks = {self.users[0].pk, self.users[1].pk}
        makers: dict[int, set[int]] = {}
        for key, after, by in RecognitionStep.objects.order_by("pk").values_list(
            "recognition", "after", "by"
        ):
            assert by != self.users[1].pk
            if after in ("applied", "reviewed"):
                makers.setdefault(key, set()).add(by)
            elif after in ("decided", "ended"):
                assert by not in clerks | makers.get(key, set())

    @invariant()
    def a_decision_followed_a_notice_of_five_working_days(self):
        for recognition in Recognition.objects.filter(state="decided"):
            if needs_notice(recognition.change, self.day):
                notice = recognition.steps.filter(after="noticed").last().notice
                assert len(workdays(notice.first_day, notice.last_day)) >= 5
                assert notice.last_day == recognition.noticed_until < recognition.decided_on

    @invariant()
    def aid_is_due_to_those_who_are_recognised_and_to_nobody_else(self):
        decided = set(Recognition.objects.filter(state="decided").values_list("person", "term"))
        assert set(Entitlement.objects.values_list("person", "term")) == decided
        open_categories = set(PersonCategory.objects.filter(ends_on=None).values_list("person", flat=True))
        ended = set(Recognition.objects.filter(state="ended").values_list("person", flat=True))
        assert {person for person, _ in decided} - ended <= open_categories

    @invariant()
    def the_history_has_every_state(self):
        for recognition in Recognition.objects.all():
            assert recognition.history.first().state == recognition.state


def test_whatever_a_school_and_the_bureau_do(applied, users, clerk, foreign_clerk):
    Recognitions.users, Recognitions.taken = [clerk, foreign_clerk, users[0], users[4]], Counter()
    User.objects.exclude(pk__in=[user.pk for user in Recognitions.users]).update(is_active=False)
    machine_settings = settings(
        max_examples=STEPS // STEPS_EACH,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    # The same walks each time, whatever the code of this file: until all steps are taken, of one seed after the other.
    seeds = itertools.count()
    while Recognitions.taken.total() < STEPS:
        run_state_machine_as_test(seed(next(seeds))(Recognitions), settings=machine_settings)
    print(Recognitions.taken.total(), "steps:", dict(sorted(Recognitions.taken.items())))
    assert {"review", "post", "decide", "decide: refused", "carry_over", "send_back", "end"} <= (
        Recognitions.taken.keys()
    )
