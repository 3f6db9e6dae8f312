"""Tables with a row for each member of a dimension: a refresh adds the rows of new members and removes those of absent ones."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from xuezheng import registry
from xuezheng.figures import FigureError, catalogue
from xuezheng.reports.living.findings import Finding, Kind, text_of
from xuezheng.reports.model import Members
from xuezheng.reports.word.marks import Carried, CarriedMark, enclosed, free
from xuezheng.snapshots import SnapshotError

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.figures.answers import Dimension
    from xuezheng.snapshots import Snapshot

_COMMENTS = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference")


@dataclass
class _Band:
    """The consecutive rows of one member in a table, and the marks in them."""

    member: str
    rows: list[Any]
    marks: list[CarriedMark]


def fit_rows(
    document: Document, carried: Carried, snapshot: Snapshot, period: Period
) -> tuple[Carried, list[Finding]]:
    """Add and remove table rows so that a table by the members of a dimension has those that occur in a period.

    ``carried`` are the document's records of its marked numbers. Returns the records of the changed document
    and the findings; a number in a new row still has the text of the row that was copied. A row deleted by an
    editor stays deleted. One row always stays, so that the table can grow again.
    """
    findings: list[Finding] = []
    now = {mark.bookmark: mark for mark in carried.marks}
    for row_members in dict.fromkeys(mark.rows_of for mark in carried.marks if mark.rows_of):
        try:
            dimension = catalogue.figure(row_members.figure).dimensions(snapshot)[row_members.dimension]
            answers = catalogue.figure(row_members.figure).per(snapshot, period, row_members.dimension)
        except (registry.Unknown, FigureError, SnapshotError, KeyError):
            continue  # each number is reported as unanswered
        members = [answer.slice[row_members.dimension] for answer in answers]
        known = {mark.slice[row_members.dimension] for mark in carried.marks if mark.rows_of == row_members}
        added = [member for member in members if member not in known]
        for table, bands in _tables(document, carried, row_members):
            gone = [band for band in bands if band.member not in members]
            for member in added:
                band = _add(document, bands, member, members, dimension, now)
                now.update({mark.bookmark: mark for mark in band.marks})
            for band in gone if len(gone) < len(bands) else gone[1:]:
                _remove(band)
                for mark in band.marks:
                    del now[mark.bookmark]
            if added or gone:
                findings.append(_describe_changes(table, dimension, added, [band.member for band in gone]))
    return replace(carried, marks=tuple(now.values())), findings


def _tables(document: Document, carried: Carried, row_members: Members) -> Iterator[tuple[Any, list[_Band]]]:
    """Yield each table with rows for these members, and its bands from top to bottom."""
    texts = enclosed(document)
    tables: dict[Any, dict[str, _Band]] = {}
    for mark in carried.marks:
        if mark.rows_of != row_members or not texts.get(mark.bookmark):
            continue
        row = next(texts[mark.bookmark][0].iterancestors(qn("w:tr")), None)
        if row is None:
            continue  # somebody moved the number out of the table
        member = mark.slice[row_members.dimension]
        band = tables.setdefault(row.getparent(), {}).setdefault(member, _Band(member, [], []))
        band.marks.append(mark)
        if row not in band.rows:
            band.rows.append(row)
    for table, bands in tables.items():
        yield table, list(bands.values())


def _add(
    document: Document,
    bands: list[_Band],
    member: str,
    members: list[str],
    dimension: Dimension,
    taken: Collection[str],
) -> _Band:
    """Insert a band for a member in its place among the others, and return it: a copy of the one before it, or of the first.

    ``members`` is the order of the members, ``taken`` the names of bookmarks that must not be used.
    """
    places = {member: place for place, member in enumerate(members)}
    before = [band for band in bands if places.get(band.member, len(places)) < places[member]]
    model = before[-1] if before else bands[0]
    band = _copied(document, model, member, dimension, taken)
    if before:
        for row in reversed(band.rows):
            model.rows[-1].addnext(row)
    else:
        for row in band.rows:
            model.rows[0].addprevious(row)
    bands.insert(bands.index(model) + bool(before), band)
    return band


def _copied(
    document: Document, model: _Band, member: str, dimension: Dimension, taken: Collection[str]
) -> _Band:
    """Return a copy of a band for another member: with its own bookmarks and name, without comments."""
    rows = [copy.deepcopy(row) for row in model.rows]
    fresh = ((id_, name) for id_, name in free(document) if name not in taken)
    old_name, new_name = dimension.member(model.member), dimension.member(member)
    names: dict[str, str] = {}
    for row in rows:
        new_ids: dict[str, str] = {}
        for start in list(row.iter(qn("w:bookmarkStart"))):
            id_, name = next(fresh)
            names[start.get(qn("w:name"))], new_ids[start.get(qn("w:id"))] = name, id_
            start.set(qn("w:name"), name)
            start.set(qn("w:id"), id_)
        for end in list(row.iter(qn("w:bookmarkEnd"))):
            if end.get(qn("w:id")) in new_ids:
                end.set(qn("w:id"), new_ids[end.get(qn("w:id"))])
            else:
                end.getparent().remove(end)
        for comment in list(row.iter(*map(qn, _COMMENTS))):
            comment.getparent().remove(comment)
        for paragraph in row.iter(qn("w:p")):
            if text_of(paragraph).strip() == old_name:
                first, *rest = paragraph.iter(qn("w:t"))
                first.text = new_name
                for text in rest:
                    text.text = ""
    marks = [
        replace(
            mark,
            bookmark=names[mark.bookmark],
            slice={**mark.slice, dimension.name: member},
            text=mark.shown or "",
        )
        for mark in model.marks
        if mark.bookmark in names
    ]
    return _Band(member, rows, marks)


def _remove(band: _Band) -> None:
    for row in band.rows:
        row.getparent().remove(row)


def _describe_changes(table: Element, dimension: Dimension, added: list[str], gone: list[str]) -> Finding:
    changes = [
        f"{verb}“{'”、“'.join(dimension.member(member) for member in members)}”"
        for verb, members in (("增加了", added), ("去掉了", gone))
        if members
    ]
    first = next(table.iter(qn("w:p")))
    return Finding(
        Kind.ROWS,
        text_of(next(table.iter(qn("w:tr")))),
        f"表格按{dimension.label}的各行{'，'.join(changes)}。请核对表格和表前表后的文字。",
        paragraph=first,
    )
