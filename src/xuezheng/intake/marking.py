"""The annotated workbook: the user's file with each wrong cell coloured and commented.

Its first sheet is a summary. For a file with more than 20,000 rows, or of a format that cannot be annotated,
a new workbook with the wrong rows alone is written.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import xlsxwriter

from xuezheng.core.atomic_files import written_whole
from xuezheng.core.child_process import ChildFailed, run_limited
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.intake.outcome import Outcome
from xuezheng.workbooks import sandbox
from xuezheng.workbooks.layout import find_layout
from xuezheng.workbooks.problems import Problem
from xuezheng.workbooks.reader import RawSheet, read_workbook
from xuezheng.workbooks.recognition import recognise
from xuezheng.workbooks.sheet import Sheet
from xuezheng.workbooks.template import SUMMARY, TEXT_ONLY

ROWS_LIMIT = 20_000
SECONDS_LIMIT = 120
_LINES = 5_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_HEADINGS = ("表", "位置", "填的内容", "问题与改法")


def write_marked(path: Path, outcome: Outcome, out: Path) -> None:
    """Write the workbook at ``path``, annotated with the problems in ``outcome``, to ``out``.

    It is written completely or not at all. ``outcome`` is the result of importing or previewing this
    workbook. Raises :class:`WorkbookRefused` if it cannot be read.
    """
    with written_whole(out) as temporary:
        if sum(counts.submitted for counts in outcome.sheets) > ROWS_LIMIT:
            _write_wrong_rows(path, outcome, temporary, f"文件超过{ROWS_LIMIT}行")
            return
        try:
            _mark(path, outcome, temporary)
        except ChildFailed:
            _write_wrong_rows(path, outcome, temporary, "原文件的格式无法在原处标注")


def _mark(path: Path, outcome: Outcome, out: Path) -> None:
    marks = [
        [problem.sheet, problem.row, (problem.column or 0) + 1, _plain(problem.sentence()), explainable]
        for problem, explainable in _problems(outcome)
        if problem.row
    ]
    sentences = [
        outcome.sentence(),
        "有问题的单元格已标成黄色，问题写在批注里。改好后直接上传本文件即可，本表会被略过。",
    ]
    if outcome.unexplained:
        sentences.append(
            "标成蓝色的数与上期或同类学校相差较大：填错的请改；没有填错的，上传后在预览页写明原因。"
        )
    layout = {
        "title": SUMMARY,
        "marks": marks,
        "sentences": [*sentences, *_further(outcome)],
        "lines": _lines(outcome),
    }
    with tempfile.TemporaryFile(dir=temporary_folder()) as marks_file:
        marks_file.write(json.dumps(layout).encode())
        marks_file.seek(0)
        run_limited(sandbox.MARK, path, out, seconds=SECONDS_LIMIT, input=marks_file)


def _write_wrong_rows(path: Path, outcome: Outcome, out: Path, why: str) -> None:
    book = xlsxwriter.Workbook(out, TEXT_ONLY)
    bold, wrong = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFE699"})
    page = book.add_worksheet(SUMMARY)
    page.set_column(0, 2, 24)
    page.set_column(3, 3, 90)
    sentences = [
        outcome.sentence(),
        f"{why}，这里只列出有问题的行，首列是它们在原文件中的行号。请在原文件中改好，再上传原文件。",
        *_further(outcome),
    ]
    for number, sentence in enumerate(sentences):
        page.write_string(number, 0, sentence, bold if number == 0 else None)
    page.write_row(len(sentences) + 1, 0, _HEADINGS, bold)
    for number, (sheet, _, _, *texts) in enumerate(_lines(outcome), start=len(sentences) + 2):
        for place, text in enumerate((sheet, *texts)):
            page.write_string(number, place, text)
    by_sheet: dict[str, dict[int, list[Problem]]] = {}
    for problem, _ in _problems(outcome):
        if problem.row:
            by_sheet.setdefault(problem.sheet, {}).setdefault(problem.row, []).append(problem)
    raw_sheets = read_workbook(path, outcome.file_name)
    templates = recognise(raw_sheets)
    for raw in raw_sheets:
        if raw.name in by_sheet and raw.name in templates:
            _write_rows(book, raw, templates[raw.name], by_sheet[raw.name], wrong)
    book.close()


def _write_rows(
    book: xlsxwriter.Workbook,
    raw: RawSheet,
    template: Sheet,
    by_row: dict[int, list[Problem]],
    wrong: xlsxwriter.format.Format,
) -> None:
    page = book.add_worksheet(_NO_SHEET_NAME.sub("", raw.name)[:31] or None)
    heading = find_layout(template, raw).heading
    page.write_string(0, 0, "原行号")
    for place, text in enumerate(raw.row(heading), start=1):
        page.write_string(0, place, text)
    for line, (row, problems) in enumerate(sorted(by_row.items()), start=1):
        texts = raw.row(row - 1) if row <= raw.height else []
        columns = {(problem.column or 0) + 1 for problem in problems}
        page.write_number(line, 0, row)
        for place, text in enumerate(texts, start=1):
            page.write_string(line, place, text, wrong if place in columns else None)
        for place in columns:
            page.write_comment(
                line,
                place,
                "\n".join(problem.sentence() for problem in problems if (problem.column or 0) + 1 == place),
            )


def _problems(outcome: Outcome) -> list[tuple[Problem, bool]]:
    """The places to mark: problems, and the numbers that need an explanation (True)."""
    explainable = [(replace(finding.place, message=finding.message), True) for finding in outcome.unexplained]
    return [(problem, False) for problem in outcome.problems] + explainable


def _lines(outcome: Outcome) -> list[tuple[str, int, int, str, str, str]]:
    """The summary's lines: sheet, row, column, place in Chinese, text of the cell, problem."""
    return [
        (
            problem.sheet,
            problem.row,
            (problem.column or 0) + 1,
            problem.place.removeprefix(f"“{problem.sheet}”") or "整张表",
            _plain(problem.value),
            _plain(problem.sentence()),
        )
        for problem, _ in _problems(outcome)[:_LINES]
    ]


def _further(outcome: Outcome) -> list[str]:
    further = len(_problems(outcome)) - _LINES
    return [f"下面列出前{_LINES}处，另有{further}处见各行的标注。"] if further > 0 else []


def _plain(text: str) -> str:
    """Remove control characters, which a workbook cannot hold."""
    return _CONTROL.sub("", text)
