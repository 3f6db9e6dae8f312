"""Pays one programme of the demonstration as the office does: two people, two batches, one account that was wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import xlsxwriter
from django.db import transaction

from xuezheng.areas.aid.models import Award, PaymentBatch
from xuezheng.areas.aid.procedures import bank
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.propose import propose, waiting
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.demo import Row
from xuezheng.demo.people import DemoPerson
from xuezheng.imports.cells import typed_yuan
from xuezheng.records.models import Term, User

PROGRAMME = "senior_tuition"
MAKER, CHECKER = "aid", "office"
_ANSWERS: tuple[tuple[date, dict[int, str]], ...] = (
    (date(2019, 11, 12), {5: "账号与户名不符"}),
    (date(2019, 11, 26), {}),
)


def accounts_and_budget(people: list[DemoPerson], term_code: str) -> dict[str, Iterable[Row]]:
    """Return the rows of the sheets by which the accounts of people, and the budget, are told."""
    accounts = [
        (it.name, it.id_number, it.name, _account(n), "云岭农村商业银行") for n, it in enumerate(people)
    ]
    title = str(Award.Programme(PROGRAMME).label)
    return {"代发账户": accounts, "资助指标表": [(title, term_code, "30000", "云财教〔2019〕63号")]}


def _account(order: int) -> str:
    """An account number that nobody has, with a right check digit."""
    first = f"62199{order:013d}"
    return next(first + digit for digit in "0123456789" if not bank.doubtful(first + digit))


@transaction.atomic
def pay(term_code: str) -> None:
    """Pay all who wait for the programme in a term; those whom the bank sends back are paid by a second batch."""
    term = Term.objects.get(code=term_code)
    maker, checker = (User.objects.get(username=name) for name in (MAKER, CHECKER))
    for day, failures in _ANSWERS:
        if not waiting(PROGRAMME, term).exists():
            return
        made = propose(PROGRAMME, term, maker).list
        approve(made.pk, checker)
        batch, _ = bank.make_batch(made.pk, maker)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "回单.xlsx"
            _answer(batch, path, day, failures)
            read_receipt(batch.pk, path, maker)


def _answer(batch: PaymentBatch, path: Path, day: date, failures: dict[int, str]) -> None:
    """Write what the bank answers: all paid on a day, but for some places."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(bank.SHEET)
    headings = list(bank.COLUMNS)
    page.write_row(0, 0, headings)
    for row, it in enumerate(batch.payments.order_by("place"), start=1):
        failure = failures.get(row, "")
        told = {
            bank.BATCH: batch.number,
            bank.PLACE: str(it.place),
            bank.HOLDER: it.holder,
            bank.AMOUNT: typed_yuan(it.amount),
            bank.RESULT: bank.FAILED if failure else bank.SUCCEEDED,
            bank.FAILURE: failure,
            bank.PAID_ON: "" if failure else str(day),
        }
        page.write_row(row, 0, [told.get(heading, "") for heading in headings])
    book.close()
