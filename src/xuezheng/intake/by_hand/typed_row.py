"""Adds or changes one record by a row typed on a page, with the checks of a workbook.

The row is a batch of its own, which can be undone like an import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from xuezheng.core.disk_space import require_room
from xuezheng.intake.expectations import findings
from xuezheng.intake.expectations.findings import Explain
from xuezheng.intake.importing import RolledBack, WorkbookImport
from xuezheng.intake.outcome import Outcome
from xuezheng.intake.saving import newest_version
from xuezheng.records.models import Record, User
from xuezheng.workbooks.problems import Confirmed, Problem
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Sheet


def import_row(
    sheet: Sheet,
    texts: Mapping[str, str],
    user: User,
    confirm: Confirmed = False,
    explain: Explain = findings.nothing,
) -> Outcome:
    """Import one row that was typed on a page, with the checks of a workbook.

    ``texts`` has the cells by the path of the template's column; a column without an entry is blank. If the
    row would change a record that exists instead of adding one, that is a problem in the outcome. The other parameters are those of :func:`import_workbook`.
    """
    intake = _of_one_row(sheet, texts, user, confirm, f"网页登记：{sheet.title}")

    def find_problem() -> str:
        return "" if intake.has_added else "台账中已有这条记录，没有再登记。要更改的，请打开那条记录办理。"

    return _import_typed(intake, sheet, explain, find_problem)


def correct_row(
    sheet: Sheet,
    texts: Mapping[str, str],
    user: User,
    record: Record,
    version: int,
    reason: str,
    confirm: Confirmed = False,
    explain: Explain = findings.nothing,
) -> Outcome:
    """Change one record by a row that was typed on a page, with the checks of a workbook.

    ``texts`` has all cells of the record's row by column path, those that identify it unchanged. ``version``
    is the primary key of the newest entry of the record's history when it was shown, 0 without any; if there
    is a newer one, or nothing would change, that is a problem in the outcome. ``reason`` becomes part of the
    batch's name. The other parameters are those of :func:`import_workbook`.
    """
    intake = _of_one_row(sheet, texts, user, confirm, f"网页更正：{sheet.title}（{reason}）")
    is_stale = False

    def compare_version(sheets: list[Sheet]) -> None:
        nonlocal is_stale
        is_stale = newest_version(record) != version

    def find_problem() -> str:
        if is_stale:
            return "这条记录刚被别人改过，没有保存，填好的内容还在。请对照现在的内容，改好后再保存。"
        if intake.has_added:
            return "台账中没有找到原来的这条记录，没有保存。请重新打开这条记录。"
        return "" if intake.has_changed else "没有改动，不需要保存。"

    intake.begin = compare_version
    return _import_typed(intake, sheet, explain, find_problem)


def _of_one_row(
    sheet: Sheet, texts: Mapping[str, str], user: User, confirm: Confirmed, name: str
) -> WorkbookImport:
    require_room("登记")
    intake = WorkbookImport(Path(sheet.title), user, confirm, name, None)
    columns = [[column.title, texts.get(column.path, "")] for column in sheet.columns]
    intake.raw_sheets = [RawSheet(sheet.title, columns)]
    return intake


def _import_typed(
    intake: WorkbookImport, sheet: Sheet, explain: Explain, find_problem: Callable[[], str]
) -> Outcome:
    """Import the row; a text of ``find_problem`` refuses it, if its cells are otherwise correct."""
    with intake.inside_a_transaction(lambda *args: None):
        outcome = intake.outcome
        outcome.leave_unexplained(explain)
        if not outcome.refused and (message := find_problem()):
            outcome.problems.append(Problem(sheet.title, 0, None, "", "", message))
        if outcome.refused:
            raise RolledBack
        intake.close(explain)
    return intake.outcome
