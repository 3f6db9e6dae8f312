"""Imports: a workbook is checked and previewed, imported as a whole or not at all, and can be undone."""

from xuezheng.intake.importing import import_workbook, preview_workbook
from xuezheng.intake.marking import write_marked
from xuezheng.intake.outcome import Outcome, SheetCounts
from xuezheng.intake.undo import Undone, UndoRefused, undo

__all__ = [
    "Outcome",
    "SheetCounts",
    "UndoRefused",
    "Undone",
    "import_workbook",
    "preview_workbook",
    "undo",
    "write_marked",
]
