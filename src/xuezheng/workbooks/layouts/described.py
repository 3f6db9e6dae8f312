"""The tables of a workbook with the template and mapping proposed for each.

The command line and a page show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xuezheng.workbooks.layouts.proposal import Proposal, propose
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Table, tables_of
from xuezheng.workbooks.layouts.vocabulary import vocabulary
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.recognition import recognise
from xuezheng.workbooks.template import OURS


def texts_of(table: Table, file_name: str) -> list[str]:
    """Return the texts that may say something about a whole table, such as its school or term, the nearest first.

    They are the lines above it, the sheet's name, and the file's name.
    """
    return [*reversed(table.lines), table.raw.name, file_name]


def propose_all(
    raw_sheets: Sequence[RawSheet], file_name: str, known: References, template: str = ""
) -> list[tuple[Table, Proposal | None]]:
    """Return each table of a workbook with the proposed mapping to a template, None if no template is near.

    ``known`` are the names in the registers. ``template`` is the title of the only template to consider; ""
    for all. Sheets that this system adds to workbooks, such as the instructions, are left out.
    """
    templates = recognise(raw_sheets)
    proposals = []
    for raw in raw_sheets:
        if raw.name in OURS:
            continue
        own = templates.get(raw.name)
        for table in tables_of(raw, vocabulary()):
            title = template or (own.title if own else "")
            proposals.append((table, propose(table, texts_of(table, file_name), known, title)))
    return proposals


def describe(table: Table, proposal: Proposal | None) -> dict[str, Any]:
    """Return a JSON-serialisable dict that describes a table and the mapping proposed for it, for users.

    ``sheet`` is the sheet's name, ``template`` the template's title or None, ``mapping`` maps headings to
    titles of the template's columns, ``questions`` are Chinese, ``rows`` is the number of data rows,
    ``unused`` the headings that are not imported.
    """
    keys: dict[str, str] = {}
    for heading in table.headings:
        keys[heading.full] = heading.text if heading.text not in keys.values() else heading.full
    if proposal is None:
        return {
            "sheet": table.raw.name,
            "template": None,
            "mapping": {},
            "questions": ["没有与这张表相近的模板。请选择模板，或不导入这张表。"],
            "rows": len(table.rows),
            "unused": [keys[heading.full] for heading in table.headings],
        }
    mapping = proposal.mapping
    columns = {keys[source.heading]: mapping.column(source.path).title for source in mapping.columns}
    if mapping.wide:
        for measure in mapping.wide.measures:
            title = mapping.column(measure.path).title
            columns |= {keys[heading]: title for heading in measure.values}
    return {
        "sheet": table.raw.name,
        "template": mapping.template,
        "mapping": columns,
        "questions": proposal.questions,
        "rows": len(table.rows),
        "unused": [keys[heading] for heading in mapping.unused],
    }
