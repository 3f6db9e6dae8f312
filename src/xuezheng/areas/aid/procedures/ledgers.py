"""The documents of a payment list: the ledger for the archive, the notice to be posted, and a summary without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db.models import Q

from xuezheng.areas.aid.models import Payment, PaymentList
from xuezheng.areas.aid.procedures.entitling import in_force
from xuezheng.areas.aid.procedures.steps import Kind, State
from xuezheng.core.atomic_files import written_whole
from xuezheng.core.number_text import yuan
from xuezheng.core.periods import full_years
from xuezheng.records.models import PersonCategory, Pupil
from xuezheng.workbooks.template import TEXT_ONLY

#: The headings of the ledger that the registers can fill, by the group heading above them, as in counties' forms.
LEDGER = {
    "学生基本信息": ("序号", "学生姓名", "性别", "年龄", "身份证号"),
    "学生就读信息": ("学校名称", "学籍号", "就读阶段", "年级", "班次", "是否寄宿"),
    "困难情况": ("贫困类型",),
    "“学生资助卡”信息": ("姓名（账户名）", "银行账号", "开户行"),
    "资助信息": ("资助项目", "资助档次", "类别", "金额（元）", "状态", "发放日期"),
}
NOTICE = ("序号", "学生姓名", "学校名称", "班级")
SUMMARY = ("学校名称", "资助人数", "资助金额（元）")
OTHERS = "其他学校（合并）"


def write_ledger(payment_list: PaymentList, path: Path) -> None:
    """Write the ledger of a list (发放台账) as a workbook to ``path``.

    It has full ID and account numbers and is not for the public.
    """
    payments = list(_payments(payment_list))
    pupils, categories = _pupils(payments), _categories(payments, payment_list.term.starts_on)
    rows = [
        _ledger_row(
            order, payment, pupils.get(payment.award.person_id), categories.get(payment.award.person_id, [])
        )
        for order, payment in enumerate(payments, start=1)
    ]
    with written_whole(path) as temporary:
        page = _Page(temporary, "发放台账", f"{_title(payment_list)}发放台账", sum(map(len, LEDGER.values())))
        page.write_headings(LEDGER)
        page.rows(rows)
        page.close()


def write_notice(payment_list: PaymentList, path: Path) -> None:
    """Write the notice of the recipients (公示名单) as a workbook to ``path``.

    It has name, school and class, and nothing else (教财厅函〔2017〕28号).
    """
    payments = list(_payments(payment_list).exclude(state=State.DECLINED).exclude(kind=Kind.RECOVERY))
    pupils = _pupils(payments)
    rows = []
    for order, payment in enumerate(payments, start=1):
        pupil = pupils.get(payment.award.person_id)
        rows.append(
            (
                order,
                payment.award.person.name,
                payment.award.school_name,
                pupil.class_group.name if pupil else "",
            )
        )
    with written_whole(path) as temporary:
        page = _Page(temporary, "公示名单", f"{_title(payment_list)}公示名单", len(NOTICE))
        page.write_headings({"": NOTICE})
        page.rows(rows)
        page.close()


def write_summary(payment_list: PaymentList, path: Path) -> None:
    """Write the number of recipients and the sum for each school as a workbook to ``path``, for the public (公开汇总).

    Schools with fewer recipients than policy permits are merged.
    """
    payments = list(_payments(payment_list).exclude(state=State.DECLINED).exclude(kind=Kind.RECOVERY))
    schools: dict[str, Cell] = {}
    for payment in payments:
        cell = schools.setdefault(payment.award.school_name, Cell(payment.award.school_name, 0, 0))
        schools[cell.name] = Cell(cell.name, cell.people + 1, cell.amount + payment.amount)
    least = in_force("small_cell", payment_list.term.starts_on)
    public_cells = public(schools.values(), least)
    rows: list[Sequence[Any]] = [
        (public_cell.name, public_cell.people, yuan(public_cell.amount)) for public_cell in public_cells
    ]
    if not public_cells:
        rows = [(f"共不足{least}人，为保护个人信息不公开", "", "")]
    with written_whole(path) as temporary:
        page = _Page(temporary, "公开汇总", f"{_title(payment_list)}情况汇总", len(SUMMARY))
        page.write_headings({"": SUMMARY})
        page.rows(rows)
        page.close()


@dataclass(frozen=True)
class Cell:
    """A school's number of recipients, and the sum of their aid in fen.

    ``name`` is the school's name, :data:`OTHERS` where several schools are merged.
    """

    name: str
    people: int
    amount: int


def public(cells: Iterable[Cell], least: int) -> list[Cell]:
    """Return the cells for a public table, those of fewer than ``least`` people merged into one, the last.

    The merged cell has the name :data:`OTHERS` in place of a school's. So nothing about a person can be
    inferred: where the merged cell is still too small, the next smallest is merged as well, and where all
    together are too few, the list is empty. The others are sorted by number of people, the largest first.
    """
    small: list[Cell] = []
    kept = sorted(cells, key=lambda cell: (-cell.people, cell.name))
    while kept and (kept[-1].people < least or 0 < sum(cell.people for cell in small) < least):
        small.append(kept.pop())
    together = Cell(OTHERS, sum(cell.people for cell in small), sum(cell.amount for cell in small))
    if not small:
        return kept
    return [*kept, together] if together.people >= least else []


def _payments(payment_list: PaymentList) -> Any:
    return payment_list.payments.select_related("award__person").order_by("award__school_name", "pk")


def _pupils(payments: list[Payment]) -> dict[int, Pupil]:
    enrolled = Pupil.objects.filter(
        person__in={payment.award.person_id for payment in payments}, left_on=None
    )
    return {pupil.person_id: pupil for pupil in enrolled.select_related("class_group")}


def _categories(payments: list[Payment], day: date) -> dict[int, list[str]]:
    """Return the Chinese names of each person's kinds of hardship on a day, by the person's id."""
    categories = PersonCategory.objects.filter(
        person__in={payment.award.person_id for payment in payments}, starts_on__lte=day
    )
    names_by_person: dict[int, list[str]] = {}
    for category in categories.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("starts_on"):
        names_by_person.setdefault(category.person_id, []).append(category.get_category_display())
    return names_by_person


def _ledger_row(order: int, payment: Payment, pupil: Pupil | None, categories: list[str]) -> Sequence[Any]:
    award, person, starts = payment.award, payment.award.person, payment.list.term.starts_on
    age = full_years(person.birth_date, starts)
    group = pupil.class_group if pupil else None
    return (
        order, person.name, person.get_sex_display(), age, person.id_number,
        award.school_name, pupil.student_number if pupil else "", award.get_stage_display(),
        group.grade if group else "", group.name if group else "", "是" if award.boarding == "boarder" else "否",
        "、".join(categories),
        payment.holder or "", payment.account or "", payment.bank,
        award.get_programme_display(), award.get_tier_display(), payment.get_kind_display(), yuan(payment.amount),
        payment.get_state_display(), str(payment.paid_on or ""),
    )  # fmt: skip


def _title(payment_list: PaymentList) -> str:
    return f"{payment_list.term.code}学期{payment_list.get_programme_display()}"


class _Page:
    """A workbook of one sheet that is being written: a title, one or two rows of headings, rows."""

    def __init__(self, path: Path, name: str, title: str, width: int) -> None:
        self.book = xlsxwriter.Workbook(path, TEXT_ONLY)
        self.sheet = self.book.add_worksheet(name)
        self.sheet.set_column(0, width - 1, 16)
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "bg_color": "#DDEBF7"}
        self.head = self.book.add_format(head)
        self.text = self.book.add_format({"border": 1, "num_format": "@"})
        self.number = self.book.add_format({"border": 1})
        self.sheet.write_string(0, 0, title, self.book.add_format({"bold": True, "font_size": 14}))
        self.row = 1

    def write_headings(self, groups: Mapping[str, Sequence[str]]) -> None:
        if any(groups):
            column = 0
            for group, headings in groups.items():
                if len(headings) > 1:
                    self.sheet.merge_range(
                        self.row, column, self.row, column + len(headings) - 1, group, self.head
                    )
                else:
                    self.sheet.write_string(self.row, column, group, self.head)
                column += len(headings)
            self.row += 1
        self.sheet.write_row(
            self.row, 0, [heading for group in groups.values() for heading in group], self.head
        )
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        for cells in rows:
            for column, cell in enumerate(cells):
                cell_format = self.text if isinstance(cell, str) else self.number
                self.sheet.write(self.row, column, cell, cell_format)
            self.row += 1

    def close(self) -> None:
        self.book.close()
