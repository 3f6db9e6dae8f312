"""Writes the national application form as an Excel or Word file.

A cell is empty if its number was not reported, with the reason in a note below the table.
"""

from __future__ import annotations

from pathlib import Path

from xuezheng.areas.balance.procedures.county import CountyVerdict
from xuezheng.areas.balance.procedures.form_tables import form_tables
from xuezheng.reports.forms import table_blocks, write_tables
from xuezheng.reports.model import Paragraph
from xuezheng.reports.word import landscape
from xuezheng.reports.word.document import plain, save
from xuezheng.snapshots import Snapshot

TITLE = "全国义务教育优质均衡发展县申报表"


def write_form_workbook(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the national form to ``path``, an Excel file with a sheet for each table.

    Numbers are numeric cells.
    """
    write_tables(form_tables(county, snapshot), f"{county.year}年 {TITLE}", _basis(county, snapshot), path)


def write_form_document(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the national form to ``path``, a .docx file."""
    bureau = snapshot.district["bureau_name"]
    blocks = table_blocks(form_tables(county, snapshot))
    document = plain(TITLE, bureau, snapshot.day, [Paragraph((_basis(county, snapshot),)), *blocks])
    landscape.turn(document)
    save(document, path)


def _basis(county: CountyVerdict, snapshot: Snapshot) -> str:
    return (
        f"{county.year}年，数据截至{snapshot.day}（快照{snapshot.id}）。认定结论：{county.conclusion.value}；"
        f"没有达到{len(county.failures)}项，没有报告{len(county.missing)}项。"
    )
