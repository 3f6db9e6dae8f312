"""The demonstration's steps of the aid office: some pupils are recognised, and one programme is paid in two batches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import xlsxwriter
from django.db import transaction

from xuezheng.areas.aid.models import PaymentBatch, Recognition, programme_label
from xuezheng.areas.aid.procedures import bank, recognise
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.propose import propose, waiting
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.recognise import By
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.demo import Row
from xuezheng.demo.people import DemoPerson
from xuezheng.records.models import Term, User
from xuezheng.workbooks.cells import typed_yuan

PROGRAMME = "senior_tuition"
APPLICATIONS = 9  # of each school that has some
MAKER, CHECKER = "aid", "office"
_ANSWERS: tuple[tuple[date, dict[int, str]], ...] = (
    (date(2019, 11, 12), {5: "账号与户名不符"}),
    (date(2019, 11, 26), {}),
)


def accounts_and_budget(people: list[DemoPerson], term_code: str) -> dict[str, Iterable[Row]]:
    """Return the rows of invented bank accounts of ``people``, and of a budget for one programme in a term.

    The keys are the titles of the two sheets; ``term_code`` is the code of the term, as ``2019秋``.
    """
    accounts = [
        (person.name, person.id_number, person.name, _account(n), "云岭农村商业银行")
        for n, person in enumerate(people)
    ]
    title = programme_label(PROGRAMME)
    return {"代发账户": accounts, "资助指标表": [(title, term_code, "30000", "云财教〔2019〕63号")]}


def _account(order: int) -> str:
    """Return an invented account number with a valid check digit."""
    first = f"62199{order:013d}"
    return next(first + digit for digit in "0123456789" if not bank.doubtful(first + digit))


@transaction.atomic
def recognise_some(term_code: str) -> None:
    """Take the imported applications of a term through the school's and the bureau's steps, to different states.

    Of each school's nine applications one each is left as it is, refused, withdrawn, only reviewed, sent back
    after an objection, and put on a later notice; three are decided, of which one is ended. ``term_code`` is
    the code of the term, as ``2019秋``.
    """
    clerks = {clerk_user.school_id: clerk_user for clerk_user in User.objects.filter(role=User.Role.CLERK)}
    section, office = (User.objects.get(username=name) for name in (MAKER, CHECKER))
    waiting = Recognition.objects.filter(term__code=term_code, state=Recognition.State.APPLIED)
    for school in sorted(set(waiting.values_list("school", flat=True))):
        keys = list(waiting.filter(school=school).order_by("pk").values_list("pk", flat=True))
        # Where a school has no clerk, the section acts for it, and the office decides.
        clerk = clerks.get(school)
        _recognise(keys, clerk or section, section if clerk else office)


def _recognise(keys: list[int], school: User, bureau: User) -> None:
    def by(user: User, month: int, day: int, note: str = "") -> By:
        return By(user, date(2019, month, day), note)

    _, refused, withdrawn, *rest = keys
    recognise.refuse(refused, by(school, 9, 20, "家庭收入高于认定标准"))
    recognise.withdraw(withdrawn, by(school, 9, 16, "家长要求不再申请"))
    recognise.review(rest, by(school, 9, 20, "班级评议、学校审核同意"))
    objected, late, *decided = rest[1:]
    recognise.post([objected, *decided], by(school, 9, 23), date(2019, 9, 29))
    recognise.send_back(objected, by(school, 9, 26, "群众反映家中有经营性收入，须重新核实"))
    recognise.decide(decided, by(bureau, 10, 9))
    recognise.end(decided[-1], by(bureau, 12, 2, "随父母转往外省就读"))
    recognise.post([late], by(school, 12, 30), date(2020, 1, 8))


@transaction.atomic
def pay(term_code: str) -> None:
    """Pay all awards of the programme ``PROGRAMME`` in a term, as a maker, a checker and the bank would.

    The maker proposes a list, the checker approves it, a batch is made, and an invented receipt of the bank
    is read. Payments that the first receipt returns are paid in a second batch; without awards to pay,
    nothing happens. ``term_code`` is the code of the term, as ``2019秋``.
    """
    term = Term.objects.get(code=term_code)
    maker, checker = (User.objects.get(username=name) for name in (MAKER, CHECKER))
    for day, failures in _ANSWERS:
        if not waiting(PROGRAMME, term).exists():
            return
        made = propose(PROGRAMME, term, maker).list
        approve(made.pk, checker)
        batch, _ = bank.make_batch(made.pk, maker)
        with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
            path = Path(folder) / "回单.xlsx"
            _answer(batch, path, day, failures)
            read_receipt(batch.pk, path, maker)


def _answer(batch: PaymentBatch, path: Path, day: date, failures: dict[int, str]) -> None:
    """Write a receipt as the bank would: all paid on ``day``, except the places in ``failures``, each with its reason."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(bank.SHEET)
    headings = list(bank.COLUMNS)
    page.write_row(0, 0, headings)
    for row, payment in enumerate(batch.payments.order_by("place"), start=1):
        failure = failures.get(row, "")
        values = {
            bank.BATCH: batch.number,
            bank.PLACE: str(payment.place),
            bank.HOLDER: payment.holder,
            bank.AMOUNT: typed_yuan(payment.amount),
            bank.RESULT: bank.FAILED if failure else bank.SUCCEEDED,
            bank.FAILURE: failure,
            bank.PAID_ON: "" if failure else str(day),
        }
        page.write_row(row, 0, [values.get(heading, "") for heading in headings])
    book.close()
