"""Whatever five people do in whatever order: what must never happen does not.

A quick run is part of the suite. ``XUEZHENG_PAYMENT_STEPS=10000 pytest <this file>`` takes that many steps.
"""

import itertools
import os
from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from xuezheng.areas.aid.models import (
    PAYMENT_TRANSITIONS,
    Award,
    Budget,
    Payment,
    PaymentBatch,
    PaymentList,
    Step,
    payers,
)
from xuezheng.areas.aid.procedures import amounts, differences, receipt
from xuezheng.areas.aid.procedures import propose as proposing
from xuezheng.areas.aid.procedures.bank import COLUMNS, make_batch
from xuezheng.areas.aid.procedures.decide import approve, decline
from xuezheng.areas.aid.procedures.differences import propose_difference, recover
from xuezheng.areas.aid.procedures.propose import propose, waiting
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.tests.conftest import PAID_ON, PROGRAMME
from xuezheng.records.models import Term, User
from xuezheng.workbooks.reader import RawSheet

STEPS = int(os.environ.get("XUEZHENG_PAYMENT_STEPS", "400"))
STEPS_EACH = 50

pytestmark = pytest.mark.django_db

USER = st.integers(0, 4)
ANY = st.integers(0, 99)


def one_of(rows, turn):
    """One of the rows, the newest for 0; None without any."""
    keys = list(rows.order_by("-pk").values_list("pk", flat=True))
    return keys[turn % len(keys)] if keys else None


class Payments(RuleBasedStateMachine):
    """Five users over six awards and a budget of four: they draw up, approve, send, read, correct and lose their rights."""

    taken: Counter = Counter()
    make_awards = None

    @initialize()
    def start(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        type(self).make_awards(6)
        Budget.objects.update(amount=4 * 31250)
        self.term = Term.objects.get()
        self.users = list(User.objects.order_by("pk"))

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def tries(self, step, *arguments, **further):
        """Take a step, or be refused; any other error fails the test."""
        try:
            step(*arguments, **further)
            self.taken[step.__name__] += 1
        except StepRefused:
            self.taken[f"{step.__name__}: refused"] += 1

    @precondition(lambda self: waiting(PROGRAMME, self.term).exists())
    @rule(who=USER)
    def propose(self, who):
        self.tries(propose, PROGRAMME, self.term, self.users[who])

    @rule(who=USER, turn=ANY)
    def approve(self, who, turn):
        if key := one_of(PaymentList.objects, turn):
            self.tries(approve, key, self.users[who])

    @rule(who=USER, turn=ANY)
    def decline(self, who, turn):
        if key := one_of(Payment.objects, turn):
            self.tries(decline, key, self.users[who], "不符")

    @rule(who=USER, turn=ANY)
    def send(self, who, turn):
        if key := one_of(PaymentList.objects, turn):
            self.tries(make_batch, key, self.users[who])

    @rule(who=USER, turn=ANY, failed=st.sets(st.integers(1, 6), max_size=2), part=st.integers(1, 6))
    def answer(self, who, turn, failed, part):
        if key := one_of(PaymentBatch.objects, turn):
            answers = answer_of(PaymentBatch.objects.get(pk=key), failed, part)
            with pytest.MonkeyPatch.context() as patch:
                # The file itself is read by a child process, elsewhere: here its rows are what counts.
                patch.setattr(receipt, "read_workbook", lambda *arguments: answers)
                self.tries(read_receipt, key, None, self.users[who])

    @rule(who=USER, turn=ANY, entitled=st.booleans())
    def differ(self, who, turn, entitled):
        paid = Award.objects.filter(payments__state="paid").distinct()
        if key := one_of(paid, turn):
            self.tries(propose_difference, key, self.users[who], "查实", entitled=entitled)

    @rule(who=USER, turn=ANY)
    def take_back(self, who, turn):
        if key := one_of(Payment.objects.filter(kind="recovery"), turn):
            self.tries(recover, key, self.users[who], date(2019, 11, 20))

    @rule(who=USER, failed=st.sets(st.integers(1, 6), max_size=2))
    def whole_way(self, who, failed):
        """As it goes on a good day, so that what comes after is met too."""
        self.propose(who)
        self.approve((who + 1) % 5, 0)
        self.send(who, 0)
        self.answer(who, 0, failed, 6)

    @precondition(lambda self: Payment.objects.filter(state="paid").exists())
    @rule(who=USER, turn=ANY, entitled=st.booleans())
    def put_right(self, who, turn, entitled):
        """A difference through all its steps, paid or called back."""
        self.differ(who, turn, entitled)
        self.approve((who + 1) % 5, 0)
        self.send(who, 0)
        self.answer(who, 0, set(), 1)
        self.take_back(who, 0)

    @rule(turn=ANY, boarding=st.sampled_from(["day", "boarder"]))
    def correct(self, turn, boarding):
        """A school puts right how a pupil lives: the amount by the rules is another then."""
        Award.objects.filter(pk=one_of(Award.objects, turn)).update(boarding=boarding)

    @rule(who=USER, active=st.booleans())
    def lose_or_get_rights(self, who, active):
        if active or payers().count() > 3:
            User.objects.filter(pk=self.users[who].pk).update(is_active=active)

    @invariant()
    def no_payment_without_approval_by_another(self):
        beyond = Payment.objects.exclude(state__in=["due", "declined"])
        for maker, checker in beyond.values_list("list__proposed_by", "list__approved_by"):
            assert checker is not None
            assert checker != maker
        for after, by, checker in Step.objects.values_list("after", "by", "payment__list__approved_by"):
            if after in ("paid", "returned", "recovered"):
                assert by != checker
            elif after == "approved":
                assert by == checker

    @invariant()
    def never_more_than_the_budget(self):
        for budget in Budget.objects.all():
            assert 0 <= budget.used() <= budget.amount

    @invariant()
    def no_step_outside_the_diagram(self):
        current: dict[int, str] = {}
        for payment, before, after in Step.objects.order_by("pk").values_list("payment", "before", "after"):
            assert before == current.get(payment, "")
            assert after in PAYMENT_TRANSITIONS[before] if before else after == "due"
            current[payment] = after
        assert current == dict(Payment.objects.values_list("pk", "state"))

    @invariant()
    def never_two_live_payments_of_an_award(self):
        live = list(Payment.objects.live().values_list("award", "kind", "state"))
        regular = Counter(award for award, kind, _ in live if kind == "regular")
        under_way = Counter(award for award, _, state in live if state != "paid")
        assert all(count == 1 for count in (*regular.values(), *under_way.values()))

    @invariant()
    def an_award_shows_what_was_paid_of_it(self):
        net: Counter = Counter()
        for award, kind, state, amount in Payment.objects.values_list("award", "kind", "state", "amount"):
            if kind == "recovery":
                net[award] -= amount * (state == "recovered")
            else:
                net[award] += amount * (state == "paid")
        for award, amount, paid_on in Award.objects.values_list("pk", "amount", "paid_on"):
            assert (paid_on is not None) == (net[award] > 0)
            assert net[award] in (0, amount)


def answer_of(batch, failed, part):
    """What the bank may answer: the first few rows, some of them failed."""
    rows = [
        [
            batch.number, str(payment.place), "", "", payment.holder, "", "", f"{payment.amount / 100:.2f}", "",
            "失败" if payment.place in failed else "成功", "账号不存在" if payment.place in failed else "",
            "" if payment.place in failed else str(PAID_ON),
        ]
        for payment in batch.payments.order_by("place")[:part]
    ]  # fmt: skip
    return [RawSheet("回单", [list(column) for column in zip(list(COLUMNS), *rows, strict=True)])]


@pytest.fixture
def amounts_known(awards, monkeypatch):
    """Work the rules out once for each way of living: it takes a tenth of a second, and all else is the same here."""
    day, boarder = awards(2, first=90)
    Award.objects.filter(pk=boarder.pk).update(boarding="boarder")
    known = dict(zip(("day", "boarder"), amounts.due([day.pk, boarder.pk]).values(), strict=True))
    Award.objects.all().delete()

    def due(keys):
        return {
            key: known[boarding]
            for key, boarding in Award.objects.filter(pk__in=keys).values_list("pk", "boarding")
        }

    monkeypatch.setattr(proposing, "due", due)
    monkeypatch.setattr(differences, "due", due)


def test_whatever_five_people_do(awards, users, amounts_known):
    Payments.make_awards, Payments.taken = staticmethod(awards), Counter()
    machine_settings = settings(
        max_examples=STEPS // STEPS_EACH,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    # The same walks each time, whatever the code of this file: until all steps are taken, of one seed after the other.
    seeds = itertools.count()
    while Payments.taken.total() < STEPS:
        run_state_machine_as_test(seed(next(seeds))(Payments), settings=machine_settings)
    print(Payments.taken.total(), "steps:", dict(sorted(Payments.taken.items())))
    assert {
        "approve",
        "decline",
        "make_batch",
        "read_receipt",
        "read_receipt: refused",
    } <= Payments.taken.keys()
