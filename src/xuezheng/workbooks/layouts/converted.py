"""Converts the tables of a workbook of another layout to sheets of their templates, row by row, by their mappings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xuezheng.records.fields import MoneyField
from xuezheng.workbooks.layouts.class_names import class_name, grade_of
from xuezheng.workbooks.layouts.conversions import Row, convert
from xuezheng.workbooks.layouts.mapping import FROM_TITLE, Mapping, Measure, Wide
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Heading, Table, class_subtitles
from xuezheng.workbooks.layouts.titles import Titles
from xuezheng.workbooks.layouts.vocabulary import plain, vocabulary
from xuezheng.workbooks.reader import Origin, RawSheet
from xuezheng.workbooks.sheet import Sheet

_WITH_STAGE = ("grade", "class_name", "class_group.name")


@dataclass(frozen=True)
class MappedTable:
    """A table of another layout, the mapping of its columns to a template, and the texts that belong to it.

    The texts are the lines above it, the sheet's name and the file's name, in the order of
    :func:`xuezheng.workbooks.layouts.described.texts_of`.
    """

    table: Table
    mapping: Mapping
    texts: Sequence[str]


def converted(mapped: Sequence[MappedTable], known: References) -> dict[Sheet, RawSheet]:
    """Convert tables of other layouts, and return one sheet for each template, with the rows of all tables mapped to it.

    The cells are texts as for the template; a text that cannot be converted stays as it is. Each row has its
    origin in the file. ``known`` are the names in the registers.
    """
    rows: dict[Sheet, list[tuple[dict[str, str], Origin]]] = {}
    for part in mapped:
        rows.setdefault(part.mapping.sheet, []).extend(_rows(part, known))
    sheets = {}
    for sheet, lines in rows.items():
        columns = [
            [column.title, *(texts.get(column.path, "") for texts, _ in lines)] for column in sheet.columns
        ]
        sheets[sheet] = RawSheet(sheet.title, columns, origins=[origin for _, origin in lines])
    return sheets


def _rows(part: MappedTable, known: References) -> Iterator[tuple[dict[str, str], Origin]]:
    """Yield the texts of each converted row by path, with where they are from."""
    mapping, table = part.mapping, part.table
    headings = {plain(heading.full): heading for heading in table.headings}
    sources = [
        (headings[plain(source.heading)], source)
        for source in mapping.columns
        if plain(source.heading) in headings
    ]
    # A conversion may need the school or the ID number of the row.
    sources.sort(
        key=lambda pair: (not pair[1].path.endswith("school.code"), not pair[1].path.endswith("id_number"))
    )
    household = headings.get(plain(mapping.household))
    places = {source.path: heading.place for heading, source in sources if not table.form}
    subtitles = _subtitles(table)
    titles_of = {below: Titles([*below, *part.texts], known) for below in {(), *subtitles.values()}}
    cells = {heading: _filled(table, heading, household) for heading, _ in sources}
    wide = _wide_cells(mapping, table, headings)
    for number, row in enumerate(table.rows):
        texts: dict[str, str] = {}
        context = Row(texts, known)
        titles = titles_of[subtitles.get(row, ())]
        for path, text in mapping.fills.items():
            column = mapping.column(path)
            if path.endswith("school.code"):
                texts[path] = text or titles.fill(column, mapping.template)
        for heading, source in sources:
            texts[source.path] = convert(
                source.conversion, mapping.column(source.path), cells[heading][number], context
            )
        written = [cells[heading][number] for heading, source in sources if source.path in _WITH_STAGE]
        for path, text in mapping.fills.items():
            if path not in texts:
                texts[path] = _fill(path, text, mapping, titles, context, number, written)
        if mapping.wide is None:
            yield texts, Origin(table.raw.name, row, places)
            continue
        yield from _long(mapping, mapping.wide, wide, number, texts, Origin(table.raw.name, row, places))


def _fill(
    path: str, text: str, mapping: Mapping, titles: Titles, row: Row, number: int, written: Sequence[str]
) -> str:
    """The text of a column that the table does not have; ``written`` are the row's grade and class as they stand there."""
    column = mapping.column(path)
    if text != FROM_TITLE:
        return text.format(row=number + 1, exam_year=titles.exam_year)
    if column.title == "学段" or path == "grade":
        written_grade = next((grade for value in written if (grade := grade_of(value))), None)
        if written_grade:
            return str(written_grade[path == "grade"])
    if path == "study_division":
        schools = [
            value for key, value in row.texts.items() if key in ("school.code", "school_name") and value
        ]
        codes = set(row.references.divisions.values())
        known = all(
            value in row.references.schools.values() or row.references.school(value) for value in schools
        )
        return codes.pop() if schools and known and len(codes) == 1 else ""
    return titles.fill(column, mapping.template)


def _filled(table: Table, heading: Heading, household: Heading | None) -> list[str]:
    """The cells of a column; of a household's own, the blank ones as in the row above."""
    cells = table.column(heading)
    if household is None or heading.place > household.place + 3:
        return cells
    homes = table.column(household)
    filled: list[str] = []
    for number, (cell, home) in enumerate(zip(cells, homes, strict=True)):
        same = number and not home.strip() and not cell.strip()
        filled.append(filled[-1] if same else cell)
    return filled


def _subtitles(table: Table) -> dict[int, tuple[str, ...]]:
    """For each row of data, the class that a subtitle above it names, if any."""
    above: dict[int, tuple[str, ...]] = {}
    marks = class_subtitles(table)
    current = ""
    for row in sorted([*table.rows, *marks]):
        if row in marks:
            current = marks[row] or current
        elif current:
            above[row] = (class_name(current) or current,)
    return above


def _wide_cells(
    mapping: Mapping, table: Table, headings: dict[str, Heading]
) -> list[tuple[Heading, Measure, str, list[str]]]:
    """The wide columns of a table: heading, measure, text of the dimension, and cells."""
    return [
        (heading, measure, value, table.column(heading))
        for measure in (mapping.wide.measures if mapping.wide else ())
        for name, value in measure.values.items()
        if (heading := headings.get(plain(name)))
    ]


def _long(
    mapping: Mapping,
    wide: Wide,
    columns: list[tuple[Heading, Measure, str, list[str]]],
    number: int,
    texts: dict[str, str],
    origin: Origin,
) -> Iterator[tuple[dict[str, str], Origin]]:
    """Yield a row for each text of the dimension with a filled cell; an amount that stands once for several rows is left blank."""
    filled: dict[str, dict[str, str]] = {}
    places: dict[str, dict[str, int]] = {}
    for heading, measure, value, cells in columns:
        text = cells[number].strip()
        if text and text not in vocabulary().absent and text not in ("0", "0.0"):
            column = mapping.column(measure.path)
            written = convert(measure.conversion, column, text, Row(texts, References()))
            filled.setdefault(value, {})[measure.path] = written
            places.setdefault(value, {wide.dimension: heading.place})[measure.path] = heading.place
    amounts = {
        path for path in texts if isinstance(mapping.column(path).field, MoneyField) and path in origin.places
    }
    shared = dict.fromkeys(amounts, "") if len(filled) > 1 else {}
    for value, measured in filled.items():
        yield (
            {**texts, **shared, wide.dimension: value, **measured},
            replace(origin, places={**origin.places, **places[value]}),
        )
