"""Making batches of payments, and their files for the bank."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from django.db import transaction

from xuezheng.areas.aid.models import Account, Payment, PaymentBatch
from xuezheng.areas.aid.procedures.capitals import capitals
from xuezheng.areas.aid.procedures.steps import Kind, State, StepRefused, lock_list, move
from xuezheng.core.atomic_files import written_whole
from xuezheng.core.number_text import yuan
from xuezheng.records.models import District, User
from xuezheng.workbooks.cells import typed_yuan
from xuezheng.workbooks.template import TEXT_ONLY

SHEET = "代发清单"
BATCH, PLACE, HOLDER, AMOUNT = "批次号", "序号", "户名", "金额（元）"
RESULT, FAILURE, PAID_ON = "发放结果", "失败原因", "到账日期"
SUCCEEDED, FAILED = "成功", "失败"
#: The headings of the file, with the widths of their columns; the bank fills the last three and sends it back.
COLUMNS = {
    BATCH: 12, PLACE: 6, "姓名": 12, "证件号": 22, HOLDER: 12, "账号": 24, "开户行": 24, AMOUNT: 12, "用途": 24,
    RESULT: 10, FAILURE: 20, PAID_ON: 12,
}  # fmt: skip


def doubtful(account: str | None) -> bool:
    """Whether an account number is unusual for a bank card: not 16 to 19 digits, or with a wrong check digit (Luhn).

    True for None.
    """
    digits = account or ""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return not 16 <= len(digits) <= 19 or sum(sum(divmod(value, 10)) for value in doubled) % 10 != 0


@transaction.atomic
def make_batch(number: int, user: User) -> tuple[PaymentBatch, str]:
    """Put approved payments of a list into a new batch, all for whose person an account is registered.

    ``number`` is the primary key of the list. The batch keeps the accounts as they are now; payments without
    an account stay approved, for a later batch. Returns the batch and a Chinese sentence. Raises
    :class:`StepRefused` where no payment can be put into a batch, or the user may not handle payments.
    """
    payment_list = lock_list(number, user)
    ready = Payment.objects.filter(list=payment_list, state=State.APPROVED).exclude(kind=Kind.RECOVERY)
    people = dict(ready.values_list("pk", "award__person"))
    accounts = {
        account.person_id: account for account in Account.objects.filter(person__in=set(people.values()))
    }
    payable = [key for key, person in people.items() if person in accounts]
    if not payable:
        raise StepRefused(_why_none(number, len(people)))
    batch = PaymentBatch.objects.create(list=payment_list, made_by=user)
    move(Payment.objects.filter(pk__in=payable), State.APPROVED, State.BATCHED, user, str(batch), batch=batch)
    payments = list(batch.payments.order_by("pk"))
    for place, payment in enumerate(payments, start=1):
        account = accounts[people[payment.pk]]
        payment.place = place
        payment.holder, payment.account, payment.bank = account.holder, account.number, account.bank
    Payment.objects.bulk_update(payments, ["place", "holder", "account", "bank"], batch_size=100)
    missing = len(people) - len(payable)
    total = typed_yuan(sum(payment.amount for payment in payments))
    without = f"另有{missing}笔没有代发账户，未编入。请导入“代发账户”后再编批。" if missing else ""
    return batch, f"{batch}已编制：{len(payable)}笔，共{total}元。{without}"


def _why_none(number: int, without_account: int) -> str:
    if without_account:
        return f"{without_account}笔都没有代发账户。请先导入“代发账户”。"
    last = PaymentBatch.objects.filter(list=number).select_related("made_by").first()
    if last is None:
        return f"清单{number}没有已审批的笔。请先审批。"
    return f"清单{number}没有待编批的笔：{last.payments.count()}笔已由{last.made_by}编入{last}。"


def write_bank_file(batch: PaymentBatch, path: Path) -> None:
    """Write a batch as a workbook for the bank to ``path``: names, accounts, amounts, and the total in figures and capitals."""
    payments = list(batch.payments.select_related("award__person").order_by("place"))
    total = sum(payment.amount for payment in payments)
    with written_whole(path) as temporary:
        book = xlsxwriter.Workbook(temporary, TEXT_ONLY)
        page = book.add_worksheet(SHEET)
        bold = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "align": "center"})
        text = book.add_format({"num_format": "@", "border": 1})
        money = book.add_format({"num_format": "#,##0.00", "border": 1})
        title = book.add_format({"bold": True, "font_size": 14})
        purpose = f"{batch.list.term.code}{batch.list.get_programme_display()}"
        page.write_string(0, 0, f"{District.objects.get().bureau_name}资助{SHEET}", title)
        page.write_string(1, 0, f"批次号：{batch.number}　项目：{purpose}　笔数：{len(payments)}")
        page.write_string(2, 0, f"合计：{yuan(total):.2f}元　大写：{capitals(total)}")
        for column, (heading, width) in enumerate(COLUMNS.items()):
            page.set_column(column, column, width)
            page.write_string(3, column, heading, bold)
        for row, payment in enumerate(payments, start=4):
            person = payment.award.person
            cells = (
                batch.number,
                str(payment.place),
                person.name,
                person.id_number,
                payment.holder,
                payment.account,
                payment.bank,
            )
            page.write_row(row, 0, cells, text)
            page.write_number(row, len(cells), float(yuan(payment.amount)), money)
            page.write_row(row, len(cells) + 1, (purpose, "", "", ""), text)
        page.freeze_panes(4, 0)
        book.close()
