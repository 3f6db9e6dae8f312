"""Layouts of national systems, recognised by their headings and read without a question.

They are shipped in ``packs/*/layouts/*.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping as Names
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xuezheng.intake.mappings.versions import latest_version
from xuezheng.records.models import User
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.layouts.mapping import Mapping, MappingError, Source, fingerprint_of, marks_of
from xuezheng.workbooks.layouts.meaning import best_conversion, samples_of
from xuezheng.workbooks.layouts.proposal import propose
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Table
from xuezheng.workbooks.layouts.titles import Titles
from xuezheng.workbooks.layouts.vocabulary import plain, vocabulary

_PACKS = Path(__file__).parents[2] / "packs"


@dataclass(frozen=True)
class NationalLayout:
    """A layout of a national system, such as the export of the student register.

    ``source`` says where it was found and ``grade`` (A to C) how certain it is. ``template`` is the title of
    the template; ``columns`` and ``optional`` map headings to titles of its columns. A table has this layout
    if it has all headings of ``columns`` and of ``also``, which are not imported; those of ``optional`` are
    imported where there are any.
    """

    name: str
    source: str
    grade: str
    template: str
    columns: Names[str, str]
    optional: Names[str, str]
    also: tuple[str, ...]

    def has_all_headings(self, table: Table) -> bool:
        """Return whether a table has every heading by which the layout is recognised; it may have more."""
        return {*map(plain, self.columns), *map(plain, self.also)} <= {
            plain(heading.full) for heading in table.headings
        }


@cache
def national_layouts() -> tuple[NationalLayout, ...]:
    """Return the layouts of the shipped packs, in the order in which a table is compared with them.

    Raises :class:`MappingError` if one names a column that its template lacks.
    """
    return tuple(
        _layout(values)
        for path in sorted(_PACKS.glob("*/layouts/*.yaml"))
        for values in yaml.safe_load(path.read_text("utf-8"))
    )


@dataclass(frozen=True)
class KnownMapping:
    """A mapping that can be used without a question about columns.

    ``name`` is that of a shipped layout, 下载的模板 for the headings of a template, or "" for a mapping that a
    user confirmed on the day ``confirmed_on``.
    """

    mapping: Mapping
    name: str = ""
    confirmed_on: date | None = None


def known_mapping(
    table: Table, texts: Sequence[str], known: References, user: User | None
) -> KnownMapping | None:
    """Return the mapping to use for a table without a question about its columns; None if there is none.

    It is the latest mapping confirmed for these headings and in force for ``user``, else that of a national
    layout. ``texts`` are the texts that belong to the table (lines above it, sheet name, file name);
    ``known`` are the names in the registers.
    """
    confirmed = latest_version(fingerprint_of(table.headings, marks_of(texts)), user)
    if confirmed:
        mapping, day = confirmed
        return KnownMapping(mapping, confirmed_on=day)
    return _national_mapping(table, texts, known)


def template_mapping(table: Table) -> KnownMapping | None:
    """Return the mapping of a table whose headings are exactly those of a template, in any order.

    Returns None for any other table.
    """
    headings = {plain(heading.full): heading.full for heading in table.headings}
    for sheet in sheet_catalogue.sheets().values():
        columns = {plain(column.title): column for column in sheet.columns}
        if columns.keys() == headings.keys():
            sources = tuple(Source(headings[form], column.path) for form, column in columns.items())
            return KnownMapping(Mapping(sheet.title, sources), "下载的模板")
    return None


def _national_mapping(table: Table, texts: Sequence[str], known: References) -> KnownMapping | None:
    """Return the mapping of the national layout that a table has; None for another layout, or one that leaves a required column open."""
    layout = next((layout for layout in national_layouts() if layout.has_all_headings(table)), None)
    proposal = propose(table, texts, known, layout.template) if layout else None
    if layout is None or proposal is None:
        return None
    mapping = _with_columns(proposal.mapping, layout, table, texts, known)
    return None if mapping.open_columns else KnownMapping(mapping, layout.name)


def _with_columns(
    mapping: Mapping, layout: NationalLayout, table: Table, texts: Sequence[str], known: References
) -> Mapping:
    """Return a proposed mapping with the layout's columns in place of the proposed ones; how cells are converted follows from what they hold."""
    paths = {column.title: column for column in mapping.sheet.columns}
    titles = {plain(heading): title for heading, title in [*layout.optional.items(), *layout.columns.items()]}
    unit, absent = Titles(texts, known).unit, vocabulary().absent
    sources: list[Source] = []
    unused = []
    for heading in table.headings:
        title = titles.get(plain(heading.full))
        if title is None or paths[title].path in {source.path for source in sources}:
            unused.append(heading.full)
            continue
        column, samples = paths[title], samples_of(table.column(heading), absent)
        conversion = best_conversion(heading, column, samples, unit, known)[1]
        sources.append(Source(heading.full, column.path, conversion))
    used = {source.path for source in sources}
    fills = {path: text for path, text in mapping.fills.items() if path not in used}
    return replace(mapping, columns=tuple(sources), fills=fills, unused=tuple(unused), wide=None)


def _layout(values: Names[str, Any]) -> NationalLayout:
    titles = {column.title for column in sheet_catalogue.sheet(values["template"]).columns}
    optional = values.get("optional", {})
    if strange := {*values["columns"].values(), *optional.values()} - titles:
        raise MappingError(
            f"“{values['name']}”：“{values['template']}”没有列“{'、'.join(sorted(strange))}”。"
        )
    return NationalLayout(
        values["name"],
        values["source"],
        values["grade"],
        values["template"],
        values["columns"],
        optional,
        tuple(values["also"]),
    )
