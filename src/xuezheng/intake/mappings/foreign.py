"""Tables of other layouts in a workbook.

They are converted if their mapping is known, else presented to the user for confirmation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Choices
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from xuezheng.core.periods import Period
from xuezheng.intake.mappings.national import KnownMapping, known_mapping, template_mapping
from xuezheng.intake.mappings.people import with_id_numbers
from xuezheng.intake.mappings.versions import with_earlier
from xuezheng.records.fields import MoneyField
from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.layouts.conversions import CONVERSIONS
from xuezheng.workbooks.layouts.converted import MappedTable, converted
from xuezheng.workbooks.layouts.described import texts_of
from xuezheng.workbooks.layouts.mapping import FROM_REGISTER, Mapping, fingerprint_of, marks_of
from xuezheng.workbooks.layouts.meaning import best_conversion, samples_of
from xuezheng.workbooks.layouts.proposal import Proposal, is_temporal, propose, required_fills
from xuezheng.workbooks.layouts.references import References, references
from xuezheng.workbooks.layouts.tables import Table, tables_of
from xuezheng.workbooks.layouts.titles import Titles, labels
from xuezheng.workbooks.layouts.vocabulary import plain, vocabulary
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Column, Sheet
from xuezheng.workbooks.template import OURS

#: The choice not to import a table.
LEFT_OUT = "-"
#: The choice to confirm a known mapping once more.
AGAIN = "?"
#: In place of a path: the heading is that of a wide table's column, of which there is one per value of a dimension.
WIDE = "*"
NO_CHOICES: Choices[str, str] = MappingProxyType({})
_SAMPLES_SHOWN = 3
_NOTHING_NEAR = "系统里没有与它相近的表。请选择它是哪一张表，再逐列对应；没有这样的表，请不导入。"
#: A table with fewer headings than this is a note.
_FEWEST = 3
_ABOVE = 10
_TEN_THOUSANDS = re.compile(r"单位[:：]\s*万元|[（(]万元[）)]")


@dataclass
class MappingForm:
    """What a user has to confirm for the tables of one layout, as JSON-serialisable values.

    A mapping says which column of a foreign table is which column of a template.

    - ``fingerprint``: a hash of the headings, which identifies the layout
    - ``template``: the title of the nearest template, "" if none is near; then columns have only heading and
      samples
    - ``sheets``: the names of the sheets with such tables; ``rows``: the number of their data rows
    - ``columns``: a dict per heading: ``heading``, ``samples`` (up to three cells), ``path`` (the path of the
      proposed template column, "" for none, or :data:`WIDE` for a column of a wide table, which has one column
      per value of a dimension such as the grade; ``value`` is then that value), ``conversions`` (how cells would
      be converted, by path of each template column), ``conversion`` (the proposed one in Chinese) and
      ``in_question`` (whether a question mentions it)
    - ``missing``: a dict per required column that no heading fills and that needs a text for all rows: ``path``,
      ``title``, ``options`` and the proposed ``value``
    - ``questions``: Chinese questions on doubtful proposals
    - ``notes``: what is looked up in the registers; ``left_out``: the rows that are no data (both Chinese
      texts)
    - ``mapping``: the proposed mapping as JSON, {} without a template
    """

    fingerprint: str
    template: str
    sheets: list[str]
    rows: int
    columns: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)

    def add(self, table: Table) -> None:
        """Add a further table with the same headings: its sheet's name, its number of rows, and its rows that are no data.

        The columns and their samples stay those of the first table.
        """
        self.sheets.append(table.raw.name)
        self.rows += len(table.rows)
        self.left_out += _left_out(table)

    def sentence(self) -> str:
        """Return one Chinese sentence that asks the user to confirm the mapping, or to choose a template, on the web."""
        names = "、".join(f"“{name}”" for name in dict.fromkeys(self.sheets))
        if not self.template:
            return f"{names}没有相近的模板。请在网页上传这份文件，选择它是哪一张表；或改用下载的模板填写。"
        return f"{names}与系统的“{self.template}”相近。请在网页上传这份文件，确认一次各列怎样对应；以后同样的表不再问。"


@dataclass
class KnownLayout:
    """A layout of the workbook that was read by a mapping confirmed before or shipped, so without a question.

    ``fingerprint`` identifies its headings, ``template`` is the title of the template; ``sheets`` are the
    names of the sheets read by it; ``fills`` the texts filled in for all rows, by column title; ``national``
    the name of a shipped layout, "" for a confirmed one; ``unused`` the headings that are not imported.
    """

    fingerprint: str
    template: str
    sheets: list[str]
    fills: dict[str, str]
    national: str = ""
    unused: list[str] = field(default_factory=list)


@dataclass
class Foreign:
    """The tables of other layouts in a workbook.

    ``converted`` has the sheets made from mapped tables, by template, and ``known`` their layouts; ``forms``
    are to be confirmed. ``names`` are the names of the sheets handled here; ``unmapped`` are tables on these
    sheets to which no template is near, as (sheet name, row of the heading counted from 1).
    """

    converted: dict[Sheet, RawSheet] = field(default_factory=dict)
    known: list[KnownLayout] = field(default_factory=list)
    forms: list[MappingForm] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    unmapped: list[tuple[str, int]] = field(default_factory=list)


def foreign_tables(
    raw_sheets: Sequence[RawSheet],
    templates: Choices[str, Sheet],
    file_name: str,
    rights: Rights,
    choices: Choices[str, str],
) -> Foreign:
    """Return the tables on sheets without a template, and on sheets that need a mapping though they have a template.

    The latter have amounts in 万元, or other words for required headings. ``templates`` has the templates by
    sheet name. ``choices`` has, by fingerprint of the headings, what the user chose: the title of a template,
    :data:`LEFT_OUT` (do not import) or :data:`AGAIN` (confirm the known mapping once more).
    """
    sheets = [
        raw
        for raw in raw_sheets
        if raw.name not in OURS
        and raw.height
        and (raw.name not in templates or _is_worded_otherwise(templates[raw.name], raw))
    ]
    if not sheets:
        return Foreign()
    search = _Search(templates, file_name, rights, choices)
    for raw in sheets:
        search.add(raw)
    return search.result()


class _Search:
    """The tables of a workbook's sheets, each with its mapping or its form."""

    def __init__(
        self, templates: Choices[str, Sheet], file_name: str, rights: Rights, choices: Choices[str, str]
    ) -> None:
        self.templates = templates
        self.file_name = file_name
        self.rights = rights
        self.choices = choices
        self.known = references()
        self.mapped: list[MappedTable] = []
        self.forms: dict[str, MappingForm] = {}
        self.layouts: dict[str, KnownLayout] = {}
        self.strange: list[Table] = []
        self.foreign = Foreign()

    def result(self) -> Foreign:
        if not (self.templates or self.mapped or self.forms or self.foreign.names):
            self._ask_for_templates()
        self.foreign.converted = {
            sheet: with_id_numbers(sheet, raw, self.rights.user)
            for sheet, raw in converted(self.mapped, self.known).items()
        }
        self.foreign.known = list(self.layouts.values())
        self.foreign.forms = list(self.forms.values())
        return self.foreign

    def add(self, raw: RawSheet) -> None:
        """Map each table of a sheet; a sheet of which no table is mapped stays as it was."""
        unmapped = []
        for table in tables_of(raw, vocabulary()):
            if self._is_mapped(table):
                self.foreign.names.add(raw.name)
            elif table.rows:
                unmapped.append((raw.name, table.first + 1))
        if raw.name in self.foreign.names:
            self.foreign.unmapped += unmapped

    def _ask_for_templates(self) -> None:
        """Ask what the tables of a workbook are in which nothing is known; only then: beside other tables they are notes."""
        if not any(map(self.rights.may_send, sheet_catalogue.sheets().values())):
            return
        for table in self.strange:
            marks = marks_of(texts_of(table, self.file_name))
            fingerprint = fingerprint_of(table.headings, marks)
            if fingerprint in self.forms:
                self.forms[fingerprint].add(table)
            else:
                self.forms[fingerprint] = _form_without_template(fingerprint, table)
            self.foreign.names.add(table.raw.name)

    def _is_mapped(self, table: Table) -> bool:
        """Map a table, by what was confirmed or by a form to confirm; return whether there is a template for it."""
        texts = texts_of(table, self.file_name)
        marks = marks_of(texts)
        fingerprint = fingerprint_of(table.headings, marks)
        choice = self.choices.get(fingerprint, "")
        if choice == LEFT_OUT:
            return True
        known = known_mapping(table, texts, self.known, self.rights.user)
        if known is None and not self._is_copy(table):
            known = template_mapping(table)
        is_chosen = known is not None and choice in ("", known.mapping.template)
        outdated = _outdated(known) if known is not None and is_chosen else []
        if known is not None and is_chosen and not outdated:
            return self._is_converted(table, texts, known, fingerprint)
        if fingerprint in self.forms:
            self.forms[fingerprint].add(table)
            return True
        is_open = bool(outdated) or choice == AGAIN
        if known is not None and is_open and self.rights.may_send(known.mapping.sheet):
            proposal: Proposal | None = _with_open_texts(table, known.mapping, outdated)
        else:
            proposal = self._proposal(table, texts, "" if choice == AGAIN else choice)
        if proposal is None:
            if table.rows and len(table.headings) >= _FEWEST:
                self.strange.append(table)
            return False
        proposal.mapping = replace(proposal.mapping, marks=marks)
        self.forms[fingerprint] = _form(fingerprint, proposal, texts, self.known)
        return True

    def _is_converted(
        self, table: Table, texts: Sequence[str], known: KnownMapping, fingerprint: str
    ) -> bool:
        """Let a table be converted by a mapping that needs no question; return whether the user may send it."""
        mapping = known.mapping
        if not self.rights.may_send(mapping.sheet):
            return False
        self.mapped.append(MappedTable(table, mapping, texts))
        if fingerprint not in self.layouts:
            fills = {mapping.column(path).title: text for path, text in required_fills(mapping).items()}
            self.layouts[fingerprint] = KnownLayout(
                fingerprint, mapping.template, [], fills, known.name, list(mapping.unused)
            )
        self.layouts[fingerprint].sheets.append(table.raw.name)
        return True

    def _proposal(self, table: Table, texts: Sequence[str], choice: str) -> Proposal | None:
        own = self.templates.get(table.raw.name)
        if not table.rows or len(table.headings) < _FEWEST or (own is None and self._is_copy(table)):
            return None
        proposal = propose(table, texts, self.known, choice or (own.title if own else ""))
        if proposal is None or not self.rights.may_send(proposal.mapping.sheet):
            return None
        return with_earlier(proposal, self.rights.user)

    def _is_copy(self, table: Table) -> bool:
        """Whether a table has every heading of a template that another sheet of the file is: only a person knows which of them counts."""
        headings = {plain(heading.full) for heading in table.headings}
        return any(
            {plain(column.title) for column in sheet.columns} <= headings for sheet in self.templates.values()
        )


def _outdated(known: KnownMapping) -> list[Column]:
    """Return the columns whose text for all rows tells a time and was typed in an earlier half-year: it is hardly that of this table."""
    if known.confirmed_on is None or known.confirmed_on >= Period.half_year_of(timezone.localdate()).start:
        return []
    filled = [known.mapping.column(path) for path, text in required_fills(known.mapping).items() if text]
    return [column for column in filled if is_temporal(column)]


def _with_open_texts(table: Table, mapping: Mapping, outdated: Sequence[Column]) -> Proposal:
    """Return a mapping as a proposal that asks for the texts of some columns."""
    paths = [column.path for column in outdated]
    questions = [
        f"“{column.title}”上次都填“{mapping.fills[column.path]}”，请填写这张表的。" for column in outdated
    ]
    fills = {path: text for path, text in mapping.fills.items() if path not in paths}
    return Proposal(table, replace(mapping, fills=fills), questions)


def _is_worded_otherwise(sheet: Sheet, raw: RawSheet) -> bool:
    """Whether a template's sheet needs a mapping: it has amounts in 万元, or other words for headings that every row must fill."""
    if _is_in_ten_thousands(sheet, raw):
        return True
    titles = {plain(column.title) for column in sheet.columns}
    rows = [{plain(text) for text in raw.row(row)} for row in range(min(raw.height, _ABOVE))]
    best = max(rows, key=lambda row: len(row & titles), default=set())
    missing = {
        column.title for column in sheet.columns if column.required and plain(column.title) not in best
    }
    meanings = vocabulary().meanings
    return any(missing & meanings.get(form, frozenset()) for form in best - titles)


def _is_in_ten_thousands(sheet: Sheet, raw: RawSheet) -> bool:
    """Whether a template's sheet says above its rows that its amounts in yuan are in 万元."""
    if not any(isinstance(column.field, MoneyField) for column in sheet.columns):
        return False
    return any(_TEN_THOUSANDS.search(text) for row in range(min(raw.height, _ABOVE)) for text in raw.row(row))


def _form(fingerprint: str, proposal: Proposal, texts: Sequence[str], known: References) -> MappingForm:
    mapping, table = proposal.mapping, proposal.table
    sources = {plain(source.heading): source for source in mapping.columns}
    wide = {plain(name): value for name, value in (mapping.wide.values if mapping.wide else {}).items()}
    unit = Titles(texts, known).unit
    form = MappingForm(
        fingerprint, mapping.template, [], 0, questions=proposal.questions, mapping=mapping.as_object()
    )
    form.add(table)
    for heading in table.headings:
        source = sources.get(plain(heading.full))
        samples = samples_of(table.column(heading), frozenset())
        conversions = {
            column.path: best_conversion(heading, column, samples, unit, known)[1]
            for column in mapping.sheet.columns
        }
        if source:
            conversions[source.path] = source.conversion
        path = source.path if source else ""
        form.columns.append(
            {
                "heading": heading.full,
                "samples": [_shown(text) for text in samples[:_SAMPLES_SHOWN]],
                "path": WIDE if plain(heading.full) in wide else path,
                "value": wide.get(plain(heading.full), ""),
                "conversions": conversions,
                "conversion": CONVERSIONS[source.conversion] if source and source.conversion else "",
                "in_question": any(f"“{heading.full}”" in question for question in proposal.questions),
            }
        )
    form.notes = [
        f"“{mapping.column(path).title}”按学校、班级和姓名从台账中查，查到一人的才填，其余的逐行提示。"
        for path, text in mapping.fills.items()
        if text == FROM_REGISTER
    ]
    form.missing = [
        {
            "path": path,
            "title": mapping.column(path).title,
            "options": list(labels(mapping.column(path))),
            "value": text,
        }
        for path, text in required_fills(mapping).items()
    ]
    return form


def _form_without_template(fingerprint: str, table: Table) -> MappingForm:
    form = MappingForm(fingerprint, "", [], 0, questions=[_NOTHING_NEAR])
    form.add(table)
    for heading in table.headings:
        samples = samples_of(table.column(heading), frozenset())
        form.columns.append(
            {"heading": heading.full, "samples": [_shown(text) for text in samples[:_SAMPLES_SHOWN]]}
        )
    return form


def _left_out(table: Table) -> list[str]:
    """The rows below the headings that are no data, each with its place and first text."""
    return [
        f"“{table.raw.name}”第{row + 1}行：{_shown(next(filter(str.strip, table.raw.row(row)), ''))}"
        for row in table.left_out
        if any(map(str.strip, table.raw.row(row)))
    ]


def _shown(text: str) -> str:
    """A sample of a cell as a page may show it."""
    return with_numbers_masked(text.strip())[:30]
