"""Charts in a Word file: DrawingML charts with their numbers in an embedded workbook, as Word and WPS make them themselves.

So a chart needs no picture library and no font of ours, stays sharp on paper, and can be restyled or opened as a table by an
editor of the report. The name of the drawing records its figure, so that a refresh can draw it again.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from xuezheng import registry
from xuezheng.core.number_text import yuan
from xuezheng.figures import Answer, FigureError
from xuezheng.reports.model import Chart
from xuezheng.reports.templates.charts import drawn
from xuezheng.reports.word import layout
from xuezheng.snapshots import SnapshotError

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.snapshots import Snapshot

_NAME = "xz_chart "
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TWIP, _POINT = 635, 12700  # in EMU
_INK = "1D4E89"
_TALLEST = 580  # points: what a page holds beside the caption
_FEW = 6  # members that stand side by side; more lie below each other
_CHARTS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NAMESPACES = (
    f'xmlns:c="{_CHARTS}" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def add(document: Document, chart: Chart) -> None:
    """Add a chart, and its caption below it, to the end of a document."""
    number = sum(1 for _ in document.element.body.iter(qn("wp:docPr"))) + 1
    part = _part(document, number, chart)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = layout.apply_style(document.add_paragraph(), layout.CAPTION)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.line_spacing = 1.0  # an exact line would cut the drawing off
    paragraph.add_run()._r.append(_inline(chart, relation, number))
    layout.apply_style(document.add_paragraph(), layout.CAPTION).add_run(f"图：{chart.caption}")


def renew(document: Document, snapshot: Snapshot, period: Period) -> Iterator[tuple[Any, str]]:
    """Draw the charts of a document again with the numbers of a snapshot and period.

    Yields (paragraph element, Chinese sentence) for each chart that could not be drawn; consume the iterator
    to draw all charts.
    """
    for drawn_chart in _charts(document):
        chart = _now(drawn_chart, snapshot, period)
        if isinstance(chart, str):
            yield drawn_chart.paragraph, f"这张图没有更新，仍是原来的数：{chart}"
            continue
        if not chart.answers:
            yield drawn_chart.paragraph, f"“{chart.caption}”没有数据，图没有更新。请删去这张图。"
            continue
        for key, relation in drawn_chart.part.rels.items():
            if relation.reltype == RELATIONSHIP_TYPE.PACKAGE:
                relation.target_part._blob = _workbook(chart)
                drawn_chart.part._blob = _xml(chart, key)
        drawn_chart.properties.set("descr", _described(chart))


def altered(document: Document, snapshot: Snapshot, period: Period) -> Iterator[tuple[Any, str]]:
    """Yield (paragraph element, Chinese sentence) for each chart whose numbers differ from those of a snapshot and period."""
    for drawn_chart in _charts(document):
        chart = _now(drawn_chart, snapshot, period)
        if isinstance(chart, str):
            yield drawn_chart.paragraph, f"这张图不能核对：{chart}"
        elif _shown(drawn_chart.part.blob) != _shown(_xml(chart, "")):
            yield (
                drawn_chart.paragraph,
                f"图“{chart.caption}”里的数与快照{snapshot.id}不一致。请刷新报告，图会重新画出。",
            )


class _DrawnChart(NamedTuple):
    """A chart in a document: its drawing's properties, paragraph and part, and the figure, dimension and slice that it draws."""

    properties: Any
    paragraph: Paragraph
    part: Any
    specification: dict[str, Any]


def _charts(document: Document) -> Iterator[_DrawnChart]:
    for properties in document.element.body.iter(qn("wp:docPr")):
        name = properties.get("name", "")
        paragraph = next(properties.iterancestors(qn("w:p")), None)
        drawn_by = properties.getparent().find(f".//{{{_CHARTS}}}chart")
        if not name.startswith(_NAME) or paragraph is None or drawn_by is None:
            continue
        try:
            specification = json.loads(name.removeprefix(_NAME))
            part = document.part.related_parts[drawn_by.get(qn("r:id"))]
        except (ValueError, KeyError):
            continue  # somebody else's, or broken: it is theirs to mend
        if isinstance(specification, dict):
            yield _DrawnChart(properties, paragraph, part, specification)


def _now(drawn_chart: _DrawnChart, snapshot: Snapshot, period: Period) -> Chart | str:
    """Return the chart with a snapshot's numbers, or a Chinese sentence why it cannot be drawn."""
    try:
        return drawn(snapshot, period, **drawn_chart.specification)
    except (registry.Unknown, FigureError, SnapshotError, TypeError, ValueError) as fault:
        return str(fault)


def _shown(xml: bytes) -> list[str]:
    """Return the names of a chart's bars and their values, in one notation."""
    try:
        texts = [value.text or "" for value in parse_xml(xml).iter(f"{{{_CHARTS}}}v")]
    except (ValueError, SyntaxError):
        return []
    return [f"{float(text):.6g}" if _NUMBER.fullmatch(text) else text for text in texts]


def _part(document: Document, number: int, chart: Chart) -> Part:
    package = document.part.package
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _WORKBOOK, _workbook(chart), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, b"", package)
    part._blob = _xml(chart, part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
    return part


def _inline(chart: Chart, relation: str, number: int) -> Any:
    """Return the inline drawing element of a chart, as wide as the text."""
    width = layout.TEXT_WIDTH * _TWIP
    lines = len(chart.answers)
    height = (150 if lines <= _FEW else min(40 + 17 * lines, _TALLEST)) * _POINT
    specification = json.dumps(
        {"figure": chart.figure, "by": chart.dimension, "slice": dict(chart.slice)}, ensure_ascii=False
    )
    name = escape(_NAME + specification, {'"': "&quot;"})
    description = escape(_described(chart), {'"': "&quot;"})
    return parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')} "
        f'xmlns:c="{_CHARTS}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="{name}" descr="{description}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHARTS}">'
        f'<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _described(chart: Chart) -> str:
    """Return the alternative text of a chart, for screen readers."""
    named = zip(chart.labels, chart.answers, strict=True)
    return f"{chart.caption}：{'，'.join(f'{label}{answer.text()}' for label, answer in named)}"


def _value(answer: Answer) -> Decimal:
    """Return the value that a bar shows: money in 万元, a percentage as printed."""
    return yuan(int(answer.value or 0)) / 10_000 if answer.is_money else Decimal(answer.number() or 0)


def _unit(chart: Chart) -> str:
    first = chart.answers[0]
    return "万元" if first.is_money else first.unit


def _workbook(chart: Chart) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("数据")
        page.write_row(0, 0, ["", f"数值（{_unit(chart)}）"])
        for row, (label, answer) in enumerate(zip(chart.labels, chart.answers, strict=True), 1):
            page.write_string(row, 0, label)
            page.write_number(row, 1, _value(answer))
    return content.getvalue()


def _xml(chart: Chart, workbook: str) -> bytes:
    """Return the DrawingML of a chart: one series of bars, each with its value and unit, without a frame."""
    count = len(chart.answers)
    lying = count > _FEW
    form = escape(f'General"{_unit(chart)}"', {'"': "&quot;"})
    text = (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="{layout.SONGTI}"/>'
        f'<a:ea typeface="{layout.SONGTI}"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )
    names = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(label)}</c:v></c:pt>' for place, label in enumerate(chart.labels)
    )
    values = "".join(
        f'<c:pt idx="{place}"><c:v>{_value(answer):f}</c:v></c:pt>'
        for place, answer in enumerate(chart.answers)
    )
    nothing = "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    shown = (
        f'<c:numFmt formatCode="{form}" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>{text}'
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_NAMESPACES}><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{"bar" if lying else "col"}"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/><c:spPr><a:solidFill><a:srgbClr val="{_INK}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls>{shown}</c:dLbls>'
        f'<c:cat><c:strRef><c:f>数据!$A$2:$A${count + 1}</c:f><c:strCache><c:ptCount val="{count}"/>{names}</c:strCache></c:strRef></c:cat>'
        f"<c:val><c:numRef><c:f>数据!$B$2:$B${count + 1}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{count}"/>{values}</c:numCache></c:numRef></c:val></c:ser>'
        '<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{"maxMin" if lying else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{text}<c:crossAx val="2"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/><c:scaling/><c:delete val="1"/><c:axPos val="{"b" if lying else "l"}"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/>{nothing}<c:crossAx val="1"/></c:valAx>'
        '</c:plotArea><c:plotVisOnly val="1"/></c:chart>'
        f'{nothing}<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()
