"""Recognition of the template of each sheet of a workbook, by the sheet's name or its headings."""

from __future__ import annotations

from collections.abc import Sequence

from xuezheng.core.place_names import without_place
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.layout import headings_of
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Sheet
from xuezheng.workbooks.template import OURS


def recognise(raw_sheets: Sequence[RawSheet]) -> dict[str, Sheet]:
    """Return the template of each sheet of a file that has one, by the sheet's name.

    It is the template whose title is the sheet's name, else the one of which the sheet has every heading (of
    several, the one with the most columns). If several sheets would get a template by their headings, or
    another has it by its name, it is not given by headings.
    """
    known = sheet_catalogue.sheets()
    named = {
        raw.name: known[title] for raw in raw_sheets if (title := without_place(raw.name.strip())) in known
    }
    others = {
        raw.name: sheet
        for raw in raw_sheets
        if raw.name not in named and raw.name not in OURS and (sheet := _fitting(raw, list(known.values())))
    }
    taken = [*named.values(), *others.values()]
    return named | {name: sheet for name, sheet in others.items() if taken.count(sheet) == 1}


def _fitting(raw: RawSheet, known: Sequence[Sheet]) -> Sheet | None:
    headings = headings_of(raw)
    fitting = [
        sheet for sheet in known if any({column.title for column in sheet.columns} <= row for row in headings)
    ]
    most = max((len(sheet.columns) for sheet in fitting), default=0)
    widest = [sheet for sheet in fitting if len(sheet.columns) == most]
    return widest[0] if len(widest) == 1 else None
