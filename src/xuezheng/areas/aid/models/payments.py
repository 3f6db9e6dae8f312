"""The models of payment: accounts and budgets, lists that need two persons, batches for the bank, and the record of steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum

from xuezheng.areas.aid.models.awards import Award
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, EncryptedField, MoneyField
from xuezheng.records.identifiers import masked
from xuezheng.records.models import Person, Record, Term, User
from xuezheng.records.permissions import permitted_accounts, select_permitted
from xuezheng.workbooks.cells import typed_yuan


def payers() -> models.QuerySet[User]:
    """Return the users who may handle payments of aid, by their permissions in the database now."""
    return User.objects.filter(permitted_accounts("handle", "aid.payment"))


_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class _PaidQuerySet(models.QuerySet[_Row]):
    """Querysets of payment records, with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the rows that ``user`` may see: all, or none."""
        return select_permitted(self, user, "handle", "aid.payment")


class Account(Record):
    """The bank account to which a person's aid is paid (代发账户), one for each person.

    ``holder`` is the name in which it is kept, the pupil's own or a guardian's. Importing another account
    replaces it; payments already sent to the bank keep the former one.
    """

    natural_key = ("person",)
    personal = True
    private = ("holder", "number")

    person = models.OneToOneField(Person, models.PROTECT, verbose_name="受助学生", related_name="+")
    holder = EncryptedField("户名", max_length=50, help_text="本人或监护人姓名，与银行卡（折）一致")
    number = EncryptedField(
        "账号",
        max_length=32,
        help_text="银行卡（折）号，只填数字",
        validators=[
            RegexValidator(r"^[0-9]{8,32}\Z", "账号应为8至32位数字，不含空格。请对照银行卡（折）填写。")
        ],
    )
    bank = models.CharField("开户行", max_length=60)

    class Meta:
        verbose_name = "代发账户"

    def __str__(self) -> str:
        return f"{self.bank} {masked(self.number)}"


class Budget(Record):
    """The largest sum that may be paid for a programme in a term (资助指标), in fen (``amount``)."""

    natural_key = ("programme", "term")
    natural_key_name = "one_budget_a_term"

    programme = CodeField("资助项目", codes="aid.programme", on="term__starts_on")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    amount = MoneyField("指标金额（元）", validators=[MinValueValidator(0, "指标金额不能小于0元。")])
    document = models.CharField("指标文号", max_length=60, blank=True)

    class Meta:
        verbose_name = "资助指标"

    def __str__(self) -> str:
        return f"{self.term.code} {self.get_programme_display()}"

    def used(self) -> int:
        """Return the amount of this budget that is approved or paid, less recoveries, in fen."""
        return used(programme=self.programme, term=self.term_id)[self.programme, self.term_id]

    def contradictions(self) -> Iterator[tuple[str, str]]:
        used = self.used()
        if self.amount < used:
            yield "amount", f"少于已审批和已发放的{typed_yuan(used)}元。请核对指标文件。"


def used(**criteria: Any) -> Counter[tuple[str, int]]:
    """Return the amount in fen that is approved or paid, less recoveries, for each budget.

    The keys are (programme code, primary key of the term). Awards paid by others, as recorded in workbooks,
    count too. ``criteria`` are filters by ``programme`` or ``term``; a missing key counts as 0.
    """
    totals: Counter[tuple[str, int]] = Counter()
    bound = Payment.objects.filter(**{f"list__{name}": value for name, value in criteria.items()}).bound()
    for programme, term, out, back in bound.values_list("list__programme", "list__term", "out", "back"):
        totals[programme, term] += out - back
    regular = Payment.objects.filter(award=OuterRef("pk"), kind=Payment.Kind.REGULAR, state__in=Payment.LIVE)
    without_us = Award.objects.filter(~Exists(regular), **criteria, paid_on__isnull=False)
    for programme, term, amount in (
        _by_budget(without_us).annotate(all=Sum("amount")).values_list("programme", "term", "all")
    ):
        totals[programme, term] += amount
    # What we paid on top of the payments of others is in the amounts of these awards, and was counted above.
    on_top = Payment.objects.filter(award__in=without_us).paid_sums()
    for programme, term, out, back in on_top.values_list("list__programme", "list__term", "out", "back"):
        totals[programme, term] -= out - back
    return totals


def _by_budget(rows: models.QuerySet[_Row], path: str = "") -> models.QuerySet[_Row, dict[str, Any]]:
    return rows.order_by().values(f"{path}programme", f"{path}term")


class PaymentList(models.Model):
    """Payments of one programme and term that one user proposes and another approves (发放清单).

    ``approved_by`` and ``approved_at`` are None before the approval.
    """

    programme = CodeField("资助项目", codes="aid.programme", on="term__starts_on")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="编制人", related_name="+"
    )
    proposed_at = models.DateTimeField("编制时间", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="审批人", related_name="+"
    )
    approved_at = models.DateTimeField("审批时间", null=True)

    #: (Chinese label, colour, number of payments) of each state that occurs; a page sets it.
    states: list[tuple[str, str, int]]

    objects = _PaidQuerySet.as_manager()

    class Meta:
        verbose_name = "发放清单"
        verbose_name_plural = "发放清单"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"清单{self.pk}"


class PaymentBatch(models.Model):
    """Payments of a list that are sent to the bank in one file (代发批次)."""

    list = models.ForeignKey(PaymentList, models.PROTECT, verbose_name="发放清单", related_name="batches")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="编批人", related_name="+"
    )
    made_at = models.DateTimeField("编批时间", auto_now_add=True)

    objects = _PaidQuerySet.as_manager()

    class Meta:
        verbose_name = "代发批次"
        verbose_name_plural = "代发批次"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"批次{self.number}"

    @property
    def number(self) -> str:
        """The batch number that the bank states in its receipt, as XZ00000012."""
        return f"XZ{self.pk:08d}"


class PaymentQuerySet(_PaidQuerySet["Payment"]):
    """A query set of payments, with filters and sums."""

    def live(self) -> Self:
        """Return the payments that are paid, or wait for approval or for the bank.

        Declined, returned and recovered ones are left out. An award has at most one regular payment among
        them.
        """
        return self.filter(state__in=Payment.LIVE)

    def bound(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Return, for each programme and term of the payments' lists, the sums in fen that use up its budget.

        The result is a query set of dicts with the keys ``list__programme`` (code), ``list__term`` (primary
        key), ``out`` (the sum of payments that are approved, in a batch or paid) and ``back`` (the sum
        recovered).
        """
        bound = (Payment.State.APPROVED, Payment.State.BATCHED, Payment.State.PAID)
        return _by_budget(self, "list__").annotate(**_sums(*bound))

    def paid_sums(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Return sums by programme and term as :meth:`bound` does, in which ``out`` counts paid payments only."""
        return _by_budget(self, "list__").annotate(**_sums(Payment.State.PAID))

    def net(self) -> int:
        """Return the sum paid less the sum recovered, in fen; 0 without payments."""
        sums = self.aggregate(**_sums(Payment.State.PAID))
        return int(sums["out"] - sums["back"])


def _sums(*states: Any) -> dict[str, Sum]:
    """Return sums for ``aggregate``: ``out``, payments in the given states, and ``back``, recoveries received."""
    back = Q(kind=Payment.Kind.RECOVERY)
    return {
        "out": Sum("amount", filter=~back & Q(state__in=states), default=0),
        "back": Sum("amount", filter=back & Q(state=Payment.State.RECOVERED), default=0),
    }


class Payment(models.Model):
    """One attempt to pay an award, or the payment or recovery of a difference (支付); ``amount`` is in fen.

    ``batch`` is the batch sent to the bank and ``place`` the number of the payment in it, from 1; ``holder``,
    ``account`` and ``bank`` are the account as sent to the bank. All are empty before the payment is in a
    batch. ``basis`` explains the amount (see :class:`~xuezheng.areas.aid.procedures.amounts.Due`). ``OPEN``
    are the states in which a step is still to be taken, ``LIVE`` these and paid.
    """

    class Kind(ClosedChoices):
        """The kinds of payments: of an award, of the rest of one that was too low, and back of what was too much."""

        REGULAR = "regular", "发放"
        SUPPLEMENT = "supplement", "补发"
        RECOVERY = "recovery", "追回"

    class State(ClosedChoices):
        """The states of a payment, from the proposal to the bank's answer or the receipt of what is paid back."""

        DUE = "due", "待审批"
        DECLINED = "declined", "未同意"
        APPROVED = "approved", "已审批"
        BATCHED = "batched", "已编批"
        PAID = "paid", "已发放"
        RETURNED = "returned", "已退回"
        RECOVERED = "recovered", "已追回"

    OPEN = (State.DUE, State.APPROVED, State.BATCHED)
    LIVE = (*OPEN, State.PAID)

    list = models.ForeignKey(PaymentList, models.PROTECT, verbose_name="发放清单", related_name="payments")
    award = models.ForeignKey(Award, models.PROTECT, verbose_name="资助", related_name="payments")
    kind = models.CharField("类别", max_length=10, choices=Kind, default=Kind.REGULAR)
    amount = MoneyField("金额（元）")
    basis = models.JSONField("计算依据", help_text="编制时所依的规则、政策和所读的各列")
    note = models.CharField("事由", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DUE)
    batch = models.ForeignKey(
        PaymentBatch, models.PROTECT, null=True, verbose_name="代发批次", related_name="payments"
    )
    place = models.PositiveIntegerField("批次内序号", null=True)
    holder = EncryptedField("户名", max_length=50, null=True)
    account = EncryptedField("账号", max_length=32, null=True)
    bank = models.CharField("开户行", max_length=60, blank=True)
    paid_on = models.DateField("到账日期", null=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "支付"
        verbose_name_plural = "支付"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(kind="regular", state__in=["due", "approved", "batched", "paid"]),
                name="one_live_payment_an_award",
            ),
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(state__in=["due", "approved", "batched"]),
                name="one_open_payment_an_award",
            ),
            models.UniqueConstraint(fields=["batch", "place"], name="one_payment_a_place_in_a_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_of_some_amount"),
            models.CheckConstraint(
                condition=~Q(state__in=["batched", "paid", "returned"]) | Q(batch__isnull=False),
                name="only_a_batch_pays",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False), name="paid_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["list", "state"], name="payments_of_a_list_by_state")]

    def __str__(self) -> str:
        return f"{self.award.person.name} {self.get_kind_display()}{typed_yuan(self.amount)}元"

    @property
    def masked_account(self) -> str:
        """The account number with most digits masked, for pages; "" without one."""
        return masked(self.account) if self.account else ""


_STATE = Payment.State

#: The states that may follow each state; a state without an entry is final.
PAYMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    _STATE.DUE: frozenset({_STATE.APPROVED, _STATE.DECLINED}),
    _STATE.APPROVED: frozenset({_STATE.BATCHED, _STATE.RECOVERED}),
    _STATE.BATCHED: frozenset({_STATE.PAID, _STATE.RETURNED}),
    _STATE.PAID: frozenset({_STATE.RETURNED}),
}


class Step(models.Model):
    """One step of a payment, never changed once written (办理记录); ``before`` is "" for the first."""

    payment = models.ForeignKey(Payment, models.PROTECT, verbose_name="支付", related_name="steps")
    before = models.CharField("此前", max_length=10, choices=Payment.State, blank=True)
    after = models.CharField("此后", max_length=10, choices=Payment.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_after_display()}（{self.by}）"
