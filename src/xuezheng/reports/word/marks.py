"""Marked numbers in a Word file: a bookmark around each, and a custom XML part that records the source of each.

The part (``customXml/item….xml``, namespace ``urn:xuezheng:report:1``) holds the snapshot, the period, every
answer with its source, and for every bookmark the answer and the style that it shows. Word, WPS and
LibreOffice keep both when the text around them is edited.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from typing import IO, TYPE_CHECKING, Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from xuezheng.proofing.word_file import NotAReportError, open_document
from xuezheng.reports.model import AnswerKey, Members, answer_key

if TYPE_CHECKING:
    from xuezheng.figures import Answer
    from xuezheng.reports.report import Report

NAMESPACE = "urn:xuezheng:report:1"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ID = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)


@dataclass(frozen=True)
class CarriedMark:
    """A Word document's record of one marked number: the figure whose value it is, and what the bookmark encloses.

    ``bookmark`` is the name of the bookmark around the number. ``text`` is the number as it was written,
    ``shown`` the text that its bookmark encloses now, None where the bookmark is gone. ``value`` is the
    number in JSON notation, yuan for money; ``rows`` the number of rows behind it, and ``citations`` are the
    keys of the policies. ``rows_of`` is set for a number in a table row that stands for one member of a
    dimension.
    """

    bookmark: str
    figure: str
    slice: dict[str, str]
    style: str | None
    text: str
    shown: str | None
    label: str
    unit: str
    value: str
    definition: str
    rows: int
    citations: tuple[str, ...]
    rows_of: Members | None = None


@dataclass(frozen=True)
class Carried:
    """A Word document's records of its numbers: template, snapshot, period and district, and its marks in reading order.

    ``period`` is the key of the period, ``snapshot_day`` an ISO date, ``district`` the division code.
    """

    template: str
    snapshot_id: str
    snapshot_day: str
    period: str
    district: str
    marks: tuple[CarriedMark, ...]


class Bookmarks:
    """Adds bookmarks to a document with ids that count from ``first``."""

    def __init__(self, first: int = 1) -> None:
        self._ids = itertools.count(first)
        self._open: list[str] = []

    def open(self, name: str, paragraph: Paragraph) -> None:
        """Begin a bookmark called ``name`` at the end of a paragraph."""
        self._open.append(str(next(self._ids)))
        paragraph._p.append(_element("w:bookmarkStart", id=self._open[-1], name=name))

    def close(self, paragraph: Paragraph) -> None:
        """End the bookmark that was opened last at the end of a paragraph.

        Raises ``IndexError`` where none is open.
        """
        paragraph._p.append(_element("w:bookmarkEnd", id=self._open.pop()))


def attach(document: Document, report: Report) -> None:
    """Store the records of a report's marked numbers in a document's custom XML part, replacing earlier ones.

    The bookmarks around the numbers must be in the document already.
    """
    if part := _part(document):
        part._blob = _bytes(_carried(report))
        return
    package = document.part.package
    properties = etree.Element(f"{{{_PROPERTIES}}}datastoreItem", nsmap={"ds": _PROPERTIES})
    properties.set(f"{{{_PROPERTIES}}}itemID", f"{{{_ID}}}".upper())
    schemas = etree.SubElement(properties, f"{{{_PROPERTIES}}}schemaRefs")
    etree.SubElement(schemas, f"{{{_PROPERTIES}}}schemaRef").set(f"{{{_PROPERTIES}}}uri", NAMESPACE)
    # Word keeps things of its own under such names.
    name = package.next_partname("/customXml/item%d.xml")
    about = PackURI(name.replace("item", "itemProps"))
    item = Part(name, CONTENT_TYPE.XML, _bytes(_carried(report)), package)
    item.relate_to(
        Part(about, CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, _bytes(properties), package),
        RELATIONSHIP_TYPE.CUSTOM_XML_PROPS,
    )
    document.part.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def read(path: str | PathLike[str] | IO[bytes]) -> Carried:
    """Return the records of its marked numbers that a Word file carries.

    Raises :class:`NotAReportError` where it is no Word file, carries no records, or they were altered.
    """
    return carried(open_document(path))


def carries(document: Document) -> bool:
    """Whether a Word document contains the records of a report, which link its numbers to figures."""
    return _part(document) is not None


def free(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (id, name) for new bookmarks, without end.

    Both are strings that no bookmark of the document has.
    """
    starts = list(document.element.body.iter(qn("w:bookmarkStart")))
    first = 1 + max(map(bookmark_number, starts), default=0)
    names = {start.get(qn("w:name")) for start in starts}
    fresh = (name for number in itertools.count(1) if (name := f"xz_{number:04}") not in names)
    return zip(map(str, itertools.count(first)), fresh, strict=False)


def bookmark_number(start: Any) -> int:
    """Return the id of a ``w:bookmarkStart`` element as an integer.

    0 where it is not a number of up to nine digits.
    """
    text = start.get(qn("w:id"), "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def carried(document: Document) -> Carried:
    """Return the records of its marked numbers that an opened Word document carries.

    Raises :class:`NotAReportError` where it carries none or they were altered.
    """
    root = _root(document)
    if root is None:
        raise NotAReportError(
            "这份文档不是本系统生成的报告，或其中的数字出处已被删除。请用“xuezheng report”重新生成。"
        )
    shown = {name: "".join(text.text or "" for text in texts) for name, texts in enclosed(document).items()}
    answers = {answer.get("id"): answer for answer in root.iterfind(_tag("answer"))}
    try:
        marks = tuple(
            _read_mark(mark, answers[mark.get("answer")], shown) for mark in root.iterfind(_tag("mark"))
        )
    except (KeyError, TypeError, ValueError):
        raise NotAReportError(
            "这份报告里的数字出处被改动过，已无法读取。请用“xuezheng report”重新生成。"
        ) from None
    return Carried(
        template=root.get("template", ""),
        snapshot_id=root.get("snapshot", ""),
        snapshot_day=root.get("day", ""),
        period=root.get("period", ""),
        district=root.get("district", ""),
        marks=marks,
    )


def _carried(report: Report) -> Any:
    root = etree.Element(_tag("report"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the one without a prefix
    for name, value in (
        ("template", report.template),
        ("snapshot", report.snapshot_id),
        ("day", report.day.isoformat()),
        ("period", report.period.key),
        ("district", report.district["code"]),
    ):
        root.set(name, str(value))
    ids: dict[AnswerKey, str] = {}
    for mark in report.marks:
        if answer_key(mark.answer) not in ids:
            ids[answer_key(mark.answer)] = f"a{len(ids) + 1}"
            _add_answer(root, ids[answer_key(mark.answer)], mark.answer)
    for mark in report.marks:
        answer = ids[answer_key(mark.answer)]
        element = etree.SubElement(root, _tag("mark"), bookmark=mark.bookmark, answer=answer, text=mark.text)
        if mark.style:
            element.set("style", mark.style)
        if mark.rows:
            element.set("rows", str(mark.rows))
    return root


def _add_answer(root: Any, id_: str, answer: Answer) -> None:
    element = etree.SubElement(
        root,
        _tag("answer"),
        id=id_,
        figure=answer.figure,
        label=answer.label,
        unit=answer.unit,
        value=str(answer.number()),
        text=answer.text(),
        rows=str(answer.row_count),
    )
    for name, value in answer.slice.items():
        etree.SubElement(element, _tag("slice"), name=name, value=value)
    etree.SubElement(element, _tag("definition")).text = answer.definition
    for cited in answer.citations:
        citation = etree.SubElement(element, _tag("citation"), key=cited.key, title=cited.title)
        citation.set("source", cited.source)
        citation.set("unit", cited.unit)
        citation.set("verified", str(cited.verified).lower())
        for since, text in cited.clauses:
            etree.SubElement(citation, _tag("clause"), since=str(since)).text = str(text)


def _read_mark(mark: Any, answer: Any, shown: dict[str, str]) -> CarriedMark:
    return CarriedMark(
        bookmark=mark.get("bookmark"),
        figure=answer.get("figure"),
        slice={part.get("name"): part.get("value") for part in answer.iterfind(_tag("slice"))},
        style=mark.get("style"),
        text=mark.get("text"),
        shown=shown.get(mark.get("bookmark")),
        label=answer.get("label"),
        unit=answer.get("unit"),
        value=answer.get("value"),
        definition=answer.findtext(_tag("definition")) or "",
        rows=int(answer.get("rows")),
        citations=tuple(cited.get("key") for cited in answer.iterfind(_tag("citation"))),
        rows_of=Members.parse(mark.get("rows")),
    )


def _root(document: Document) -> Any:
    part = _part(document)
    return None if part is None else _parsed(part.blob)


def _part(document: Document) -> Any:
    """Return the custom XML part that carries the answers, or None."""
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_XML and not relation.is_external:
            root = _parsed(relation.target_part.blob)
            if root is not None and root.tag == _tag("report"):
                return relation.target_part
    return None


def _parsed(blob: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(blob, parser)
    except etree.XMLSyntaxError:
        return None


def enclosed(document: Document) -> dict[str, list[Any]]:
    """Return the ``w:t`` elements that each bookmark of the body encloses, in reading order, by the bookmark's name.

    A bookmark without text has an empty list.
    """
    texts: dict[str, list[Any]] = {}
    open_: dict[str, str] = {}
    for element in document.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:t")):
        if element.tag == qn("w:bookmarkStart"):
            open_[element.get(qn("w:id"))] = element.get(qn("w:name"))
            texts.setdefault(element.get(qn("w:name")), [])
        elif element.tag == qn("w:bookmarkEnd"):
            open_.pop(element.get(qn("w:id")), None)
        else:
            for name in open_.values():
                texts[name].append(element)
    return texts


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
