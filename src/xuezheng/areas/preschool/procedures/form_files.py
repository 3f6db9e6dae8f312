"""Writes the self-evaluation as an Excel or Word file: the form with its headings, and the national numbers."""

from __future__ import annotations

from pathlib import Path

from xuezheng.areas.preschool.procedures.county import CountyVerdict
from xuezheng.areas.preschool.procedures.items import PARTS, ItemVerdict
from xuezheng.figures import Status
from xuezheng.reports.evaluation import number
from xuezheng.reports.forms import FormTable, Text, table_blocks, write_tables
from xuezheng.reports.model import Paragraph
from xuezheng.reports.word import landscape
from xuezheng.reports.word.document import plain, save
from xuezheng.snapshots import Snapshot

TITLE = "县域学前教育普及普惠自评表"
#: The headings of the form as a city issued it in 2021.
HEADINGS = ("项目", "一级指标", "二级指标", "评估等级及认定标准", "自评说明", "自评结论", "佐证材料", "备注")


def form_tables(county: CountyVerdict) -> list[FormTable]:
    """Return the self-evaluation form, and the table of the national numbers.

    A cell is empty if its content is not known.
    """
    notes = ["一级指标、认定标准没有写进评估项目代码的空着，请按本省自评表补写。"]
    notes += [f"第{item.number}项：{item.reason}" for item in county.items if item.reason]
    rows = tuple(_item_row(item) for item in county.items)
    return [FormTable("自评表", HEADINGS, rows, tuple(notes)), _numbers(county)]


def _item_row(item: ItemVerdict) -> tuple[Text, ...]:
    row = item.registered or {}
    return (
        PARTS.get(item.part),
        item.first_level or None,
        f"{item.number}. {item.label}",
        item.standard or None,
        row.get("explanation") or None,
        item.result.label if item.result else None,
        row.get("document") or None,
        row.get("note") or None,
    )


def _numbers(county: CountyVerdict) -> FormTable:
    rows = []
    for each in county.indicators:
        unknown = each.status is Status.UNREPORTED
        rows.append(
            (
                str(each.indicator.number),
                f"{each.indicator.label}（{each.indicator.unit}）",
                None if each.measured.value is None else number(each.measured.value).replace(",", ""),
                None if each.limit is None else number(each.limit).replace(",", ""),
                None if unknown else each.status.value,
                "；".join(f"{school.name}：{school.problem}" for school in each.failing) or None,
            )
        )
    notes = [
        f"{each.indicator.label}：{each.reason}"
        for each in county.indicators
        if each.status is Status.UNREPORTED
    ]
    headings = ("序号", "国家指标", "数值", "标准", "是否达到", "没有达到的幼儿园")
    return FormTable("国家指标", headings, tuple(rows), (*notes, *county.silent))


def write_form_workbook(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the self-evaluation to ``path``, an Excel file with a sheet for each table."""
    write_tables(form_tables(county), f"{county.year}年", _basis(county, snapshot), path)


def write_form_document(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the self-evaluation to ``path``, a .docx file."""
    bureau = snapshot.district["bureau_name"]
    blocks = [Paragraph((_basis(county, snapshot),)), *table_blocks(form_tables(county))]
    document = plain(TITLE, bureau, snapshot.day, blocks)
    landscape.turn(document)
    save(document, path)


def _basis(county: CountyVerdict, snapshot: Snapshot) -> str:
    counts = county.counts
    return (
        f"{county.year}年，数据截至{snapshot.day}（快照{snapshot.id}）。结论：{county.conclusion.value}；"
        f"自评合格{counts.qualified}项，基本合格{counts.basic}项，不合格{counts.unqualified}项，未登记{counts.unregistered}项。"
    )
