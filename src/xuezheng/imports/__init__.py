"""A workbook becomes checked rows, taken in whole or not at all."""

from xuezheng.imports.expectations import Peers, Steady
from xuezheng.imports.intake import import_workbook, preview_workbook
from xuezheng.imports.marked import write_marked
from xuezheng.imports.outcome import Outcome, SheetCounts
from xuezheng.imports.problems import Problem, WorkbookRefused
from xuezheng.imports.sheet import Column, Sheet
from xuezheng.imports.template import write_workbook
from xuezheng.imports.undo import Undone, UndoRefused, undo

__all__ = [
    "Column",
    "Outcome",
    "Peers",
    "Problem",
    "Sheet",
    "SheetCounts",
    "Steady",
    "UndoRefused",
    "Undone",
    "WorkbookRefused",
    "import_workbook",
    "preview_workbook",
    "undo",
    "write_marked",
    "write_workbook",
]
