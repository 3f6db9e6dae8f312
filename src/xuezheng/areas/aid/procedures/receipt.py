"""Reading the bank's receipt for a batch: payments made, payments returned, and mismatches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from xuezheng.areas.aid.models import Award, Payment, PaymentBatch
from xuezheng.areas.aid.procedures import bank
from xuezheng.areas.aid.procedures.steps import State, StepRefused, lock_list, move
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.records.fields import MoneyField
from xuezheng.records.models import User
from xuezheng.records.permissions import may
from xuezheng.workbooks.cells import Cell, reader, typed_yuan
from xuezheng.workbooks.reader import RawSheet, read_workbook

NEEDED = (bank.BATCH, bank.PLACE, bank.HOLDER, bank.AMOUNT, bank.RESULT, bank.FAILURE, bank.PAID_ON)
#: The key in the basis of a supplement with the fen that others had paid of the award before this system paid.
ELSEWHERE = "paid_elsewhere"
_HEADINGS_WITHIN = 20  # rows from the top
_MOST_FAULTS_LISTED = 50
_money, _date = reader(MoneyField()), reader(models.DateField())


class ReceiptRefused(StepRefused):
    """The receipt does not match the batch, and nothing was changed.

    ``faults`` are Chinese sentences on the first 50 mismatches.
    """

    def __init__(self, faults: list[str]) -> None:
        further = (
            f"另有{len(faults) - _MOST_FAULTS_LISTED}处没有列出。"
            if len(faults) > _MOST_FAULTS_LISTED
            else ""
        )
        super().__init__(f"回单没有读入：有{len(faults)}处与批次不符，没有任何改动。{further}")
        self.faults = faults[:_MOST_FAULTS_LISTED]


@dataclass(frozen=True)
class Line:
    """One row of a receipt.

    ``row`` is its row number in the file, ``place`` the number of the payment in the batch. A payment that
    failed has ``paid_on`` None and the reason in ``failure``, which is "" for one that was made.
    """

    row: int
    place: int
    paid_on: date | None
    failure: str


@dataclass(frozen=True)
class Receipt:
    """The result of reading a receipt, in numbers of payments of the batch.

    ``paid`` and ``returned`` follow from this receipt; ``known`` had the same answer in an earlier one;
    ``waiting`` are in no receipt yet.
    """

    paid: int
    returned: int
    known: int
    waiting: int

    def sentence(self) -> str:
        """Return the result as Chinese text."""
        known = f"{self.known}笔此前已读过，没有改动；" if self.known else ""
        waiting = f"还有{self.waiting}笔没有回单。" if self.waiting else "本批次已全部有回单。"
        return f"回单已读入：{self.paid}笔发放成功，{self.returned}笔退回；{known}{waiting}"


def read_receipt(number: int, path: Path, user: User, name: str | None = None) -> Receipt:
    """Import the bank's receipt for the batch with the primary key ``number``, completely or not at all.

    Reading it again changes nothing. ``name`` is the name of the file where ``path`` has another. Raises
    :class:`StepRefused` where the user may not or has approved the list, or the file is no receipt,
    :class:`ReceiptRefused` where it does not match the batch, and ``WorkbookRefused`` for an unreadable file.
    """
    batch = PaymentBatch.objects.visible_to(user).filter(pk=number).first()
    if batch is None:
        raise StepRefused("没有这个批次，或您的账号不能办理。请刷新页面再试。")
    raw, head = _sheet(read_workbook(path, name))
    with transaction.atomic():
        # What the receipt writes into the register of awards must not meet an import.
        wait_for_other_imports()
        payment_list = lock_list(batch.list_id, user)
        if not may(user, "confirm", "aid.payment", made_by=payment_list.approved_by_id):
            raise StepRefused(f"{payment_list}由您审批，回单须由他人读入。")
        payments = {
            payment.place: payment
            for payment in batch.payments.select_related("award__person", "award__term")
        }
        faults: list[str] = []
        lines = list(_lines(raw, head, batch, payments, faults))
        if faults:
            raise ReceiptRefused(faults)
        return _apply(batch, lines, payments, user)


def _sheet(sheets: list[RawSheet]) -> tuple[RawSheet, int]:
    """Return the sheet with the receipt, and the index of its row of headings; raises :class:`StepRefused`."""
    for raw in sheets:
        for row in range(min(raw.height, _HEADINGS_WITHIN)):
            if {cell.strip() for cell in raw.row(row)} >= set(NEEDED):
                return raw, row
    raise StepRefused(
        f"这个文件不是回单：前{_HEADINGS_WITHIN}行里没有表头“{'、'.join(NEEDED)}”。请把下载的银行文件填上结果后上传。"
    )


def _lines(
    raw: RawSheet, head: int, batch: PaymentBatch, payments: dict[int | None, Payment], faults: list[str]
) -> Iterator[Line]:
    columns = {heading: [cell.strip() for cell in raw.row(head)].index(heading) for heading in NEEDED}
    first_rows: dict[int, int] = {}
    for row in range(head + 1, raw.height):
        cells = {heading: raw.columns[column][row].strip() for heading, column in columns.items()}
        # A line of totals below the rows has no number of a batch.
        if not cells[bank.BATCH]:
            continue
        place = int(cells[bank.PLACE]) if cells[bank.PLACE].isdecimal() else 0
        payment = payments.get(place)
        differences = list(_differences(cells, payment, batch))
        if place in first_rows:
            differences.append(f"{bank.PLACE}{place}在第{first_rows[place]}行已有。请删去重复的行")
        first_rows[place] = row + 1
        paid_on, failure, wrong = _result(cells, payment)
        differences += wrong
        faults += [f"“{raw.name}”第{row + 1}行：{difference}。" for difference in differences]
        yield Line(row + 1, place, paid_on, failure)
    if not first_rows:
        faults.append(f"“{raw.name}”表头下面没有写明批次号的行。请核对文件。")


def _differences(cells: dict[str, str], payment: Payment | None, batch: PaymentBatch) -> Iterator[str]:
    """Yield a Chinese phrase for each cell that differs from the payment sent."""
    if cells[bank.BATCH] != batch.number:
        yield f"批次号“{cells[bank.BATCH][:20]}”不是本批次的{batch.number}。请核对是不是别的批次的回单"
    if payment is None:
        yield f"本批次没有序号“{cells[bank.PLACE][:10]}”"
        return
    if cells[bank.HOLDER] != payment.holder:
        yield f"户名“{cells[bank.HOLDER][:20]}”与送出的不同"
    amount = _money(cells[bank.AMOUNT])
    # Thousands may be written with commas: the value is the same.
    if amount.value != payment.amount:
        yield f"金额“{cells[bank.AMOUNT][:20]}”与送出的{typed_yuan(payment.amount)}元不同"


def _result(cells: dict[str, str], payment: Payment | None) -> tuple[date | None, str, list[str]]:
    """Return the day of payment or None, the reason of failure or "", and Chinese phrases on errors in them."""
    if cells[bank.RESULT] == bank.FAILED:
        failure = cells[bank.FAILURE][:200]
        return None, failure, [] if failure else ["发放失败的须写明失败原因"]
    if cells[bank.RESULT] != bank.SUCCEEDED:
        difference = f"发放结果“{cells[bank.RESULT][:10]}”应为“{bank.SUCCEEDED}”或“{bank.FAILED}”"
        return None, "", [difference]
    day: Cell = _date(cells[bank.PAID_ON])
    if day.value is None:
        return None, "", [f"发放成功的须写明{bank.PAID_ON}，如2019-10-25"]
    starts = payment.award.term.starts_on if payment else day.value
    if not starts <= day.value <= timezone.localdate():
        return None, "", [f"{bank.PAID_ON}{day.value}不在{starts}开学之后、今天之前"]
    return day.value, "", []


def _apply(
    batch: PaymentBatch, lines: list[Line], payments: dict[int | None, Payment], user: User
) -> Receipt:
    paid = [line for line in lines if line.paid_on]
    failed = [line for line in lines if not line.paid_on]
    contrary = [
        f"第{line.row}行：序号{line.place}此前已退回，不能又为成功。再次发放的，另有新的批次。"
        for line in paid
        if payments[line.place].state == State.RETURNED
    ]
    returning = [line for line in failed if payments[line.place].state == State.PAID]
    contrary += [f"第{line.row}行：{why}" for line in returning if (why := _bound(payments[line.place]))]
    if contrary:
        raise ReceiptRefused(contrary)
    done: list[int] = []
    for day in sorted({line.paid_on for line in paid if line.paid_on}):
        of_day = _at(batch, [line.place for line in paid if line.paid_on == day])
        done += move(of_day, State.BATCHED, State.PAID, user, "银行回单", paid_on=day)
    came_back: list[int] = []
    for reason in sorted({line.failure for line in failed}):
        of_reason = _at(batch, [line.place for line in failed if line.failure == reason])
        for before in (State.BATCHED, State.PAID):
            came_back += move(of_reason, before, State.RETURNED, user, reason, paid_on=None)
    settle(
        Payment.objects.filter(pk__in=[*done, *came_back]).values_list("award", flat=True), user, str(batch)
    )
    waiting = batch.payments.filter(state=State.BATCHED).count()
    return Receipt(len(done), len(came_back), len(lines) - len(done) - len(came_back), waiting)


def _at(batch: PaymentBatch, places: Collection[int]) -> QuerySet[Payment]:
    return Payment.objects.filter(batch=batch, place__in=places)


def _bound(payment: Payment) -> str:
    """Return a Chinese sentence why a paid payment cannot be returned any more, because of later differences; "" if it can."""
    others = Payment.objects.filter(award=payment.award_id).exclude(pk=payment.pk)
    if others.filter(state__in=Payment.OPEN).exists():
        return f"序号{payment.place}有在办的补发或追回。请先办完再读这份回单。"
    if others.net() < 0:
        return f"序号{payment.place}已追回过，不能再退回。请核对银行流水。"
    return ""


def settle(awards: Iterable[int], user: User, why: str) -> None:
    """Set amount and day of the awards with these primary keys according to their payments.

    The amount becomes the sum paid less the sum recovered, and stays as it is if that is 0; the day is that
    of the first payment, None if nothing is left paid. An award that others had paid before keeps their day,
    and their amount is added. ``why`` is the reason in the history of the awards.
    """
    changed = []
    for award in Award.objects.filter(pk__in=set(awards)).prefetch_related("payments"):
        # The prefetched rows are few: a query for each award would be thousands.
        payments = award.payments.all()
        out = [payment for payment in payments if payment.state == State.PAID]
        back = sum(payment.amount for payment in payments if payment.state == State.RECOVERED)
        elsewhere = max((payment.basis.get(ELSEWHERE, 0) for payment in payments), default=0)
        net = elsewhere + sum(payment.amount for payment in out) - back
        if not elsewhere:
            award.paid_on = min(payment.paid_on for payment in out if payment.paid_on) if net else None
        award.amount = net or award.amount
        changed.append(award)
    if changed:
        bulk_update_with_history(
            changed,
            Award,
            ["amount", "paid_on"],
            batch_size=500,
            default_user=user,
            default_change_reason=why,
        )
