"""Proposes, for a table of another layout, the nearest template and a mapping to it, with questions for the user."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db import models

from xuezheng.records.fields import CodeField
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.layouts.mapping import FROM_REGISTER, FROM_TITLE, Mapping, Source
from xuezheng.workbooks.layouts.meaning import Pair, kind_of, pair, samples_of
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Heading, Table, class_subtitles
from xuezheng.workbooks.layouts.titles import Titles
from xuezheng.workbooks.layouts.vocabulary import Vocabulary, plain, vocabulary, without_parts
from xuezheng.workbooks.layouts.wide import WideColumns, find_wide
from xuezheng.workbooks.sheet import Column, Sheet

#: The lowest score with which a template is proposed for a table.
LEAST_SCORE = 2.0
_MISSING = 0.45
_TOPIC = 1.2
_SIGN = 0.8
_MOST_SIGNS = 6
_FILLED = 0.2
_NO_KIND = 2.0
_LEFT = 0.4
_HOUSEHOLD = re.compile(r"户(编?号|主)")


@dataclass
class Proposal:
    """A proposed mapping of a table to a template, with the Chinese questions that a user must answer.

    ``score`` says how much speaks for the template. It has no upper limit; with less than 2.0 a template is
    proposed only if the user has named it.
    """

    table: Table
    mapping: Mapping
    questions: list[str] = field(default_factory=list)
    score: float = 0.0


def propose(table: Table, texts: Sequence[str], known: References, template: str = "") -> Proposal | None:
    """Return the mapping of a table of another layout to the nearest template, or to the one with the title ``template``.

    Returns None if none is near. ``texts`` are the texts that belong to the table (see
    :func:`xuezheng.workbooks.layouts.described.texts_of`); ``known`` are the names in the registers. Raises
    :class:`~xuezheng.registry.Unknown` for an unknown title.
    """
    words = vocabulary()
    titles = Titles([*class_subtitles(table).values(), *texts], known)
    samples = {heading: samples_of(table.column(heading), words.absent) for heading in table.headings}
    kinds = {heading: kind_of(cells) for heading, cells in samples.items()}
    sheets = [sheet_catalogue.sheet(template)] if template else list(sheet_catalogue.sheets().values())
    best: Proposal | None = None
    for sheet in sheets:
        pairs = []
        for column in sheet.columns:
            for heading in table.headings:
                if match := pair(
                    heading, column, samples[heading], kinds[heading], titles.unit, words, known
                ):
                    pairs.append(match)
        assigned = [match for match in _assign(pairs) if not _counts_otherwise(match, table, sheet, words)]
        wide = find_wide(table, sheet, assigned, kinds, titles, words)
        if wide is not None:
            assigned = [match for match in assigned if not wide.takes(match)]
        proposal = _proposal(table, sheet, assigned, wide, titles, words)
        topic = _topic(sheet, texts, words) + _signs(sheet, table, words)
        proposal.score += topic or (-_NO_KIND if _lacks_kind(sheet, proposal) else 0)
        if best is None or proposal.score > best.score:
            best = proposal
    return best if best is not None and (template or best.score >= LEAST_SCORE) else None


@cache
def _weight(form: str, title: str) -> float:
    """How much a heading tells its template from others: less, the more templates have a column that it may mean."""
    if form in vocabulary().unneeded:
        return 0.1
    sheets = sheet_catalogue.sheets().values()
    meant = vocabulary().meanings.get(form, frozenset()) | {title}
    having = sum(any(column.title in meant for column in sheet.columns) for sheet in sheets)
    return 0.4 + min(0.7, math.log(len(sheets) / max(having, 1)) / math.log(len(sheets)))


def _assign(pairs: list[Pair]) -> list[Pair]:
    """Choose pairs so that each column is in one at most, by the sum of their scores: the best first, then what an exchange betters."""
    chosen: dict[Heading, Pair] = {}
    taken: dict[str, Heading] = {}
    for match in sorted(pairs, key=lambda match: (-match.score, match.heading.place)):
        if match.heading not in chosen and match.column.path not in taken:
            chosen[match.heading] = match
            taken[match.column.path] = match.heading
    by_heading: dict[Heading, list[Pair]] = {}
    for match in pairs:
        by_heading.setdefault(match.heading, []).append(match)
    for match in sorted(pairs, key=lambda match: -match.score):
        holder = taken.get(match.column.path)
        if match.heading in chosen or holder is None:
            continue
        free = [rival for rival in by_heading[holder] if rival.column.path not in taken]
        rival = max(free, key=lambda rival: rival.score, default=None)
        if rival is not None and rival.score + match.score > chosen[holder].score:
            chosen[holder], chosen[match.heading] = rival, match
            taken[rival.column.path], taken[match.column.path] = holder, match.heading
    return sorted(chosen.values(), key=lambda match: match.heading.place)


def _counts_otherwise(match: Pair, table: Table, sheet: Sheet, words: Vocabulary) -> bool:
    """Whether a column of numbers counts something other than rows, such as households: the rows are then numbered anew."""
    if "{row}" not in words.fills.get(sheet.title, {}).get(match.column.title, ""):
        return False
    cells = [cell.strip() for cell in table.column(match.heading)]
    return not all(cells) or len(set(cells)) < len(cells)


def _proposal(
    table: Table,
    sheet: Sheet,
    assigned: list[Pair],
    wide: WideColumns | None,
    titles: Titles,
    words: Vocabulary,
) -> Proposal:
    score = sum(match.score * _weight(plain(match.heading.text), match.column.title) for match in assigned)
    used = {match.column.path for match in assigned}
    headings = {match.heading for match in assigned}
    if wide is not None:
        used |= wide.wide.paths
        headings |= set(wide.headings)
        score += wide.score
    left = [heading for heading in table.headings if heading not in headings]
    score -= _LEFT * sum(_means_something(heading, words) for heading in left)
    fills: dict[str, str] = {}
    questions: list[str] = []
    for column in sheet.columns:
        if column.path in used:
            continue
        if titles.fill(column, sheet.title):
            fixed = words.fills.get(sheet.title, {}).get(column.title)
            fills[column.path] = fixed if fixed is not None else FROM_TITLE
            score += _FILLED if column.required and fixed is None else 0
        elif _from_others(column, used | fills.keys()):
            fills[column.path] = FROM_TITLE
        elif _from_register(sheet, column, used | fills.keys()):
            fills[column.path] = FROM_REGISTER
        elif column.required:
            questions.append(_question(column))
            score -= _MISSING * _share_missing(sheet, column)
    unused = tuple(heading.full for heading in left)
    mapping = Mapping(
        sheet.title,
        tuple(Source(match.heading.full, match.column.path, match.conversion) for match in assigned),
        fills,
        wide.wide if wide else None,
        unused,
        _household(table, headings),
    )
    strange = [
        heading.full
        for heading in left
        if not words.knows(heading.text) and not words.is_of_another(heading.full)
    ]
    questions += [f"“{text}”不导入，请确认。" for text in strange]
    questions += [
        f"“{match.heading.full}”是否即“{match.column.title}”？" for match in assigned if match.score < 0.7
    ]
    return Proposal(table, mapping, questions, score)


def _means_something(heading: Heading, words: Vocabulary) -> bool:
    """Whether some template has a column of this meaning, so that leaving it out speaks against a template without one."""
    form = plain(heading.text)
    if form in words.unneeded or words.is_of_another(heading.full):
        return False
    return bool(words.meanings.get(form, frozenset()) - words.common)


def _from_others(column: Column, used: set[str]) -> bool:
    """Whether a column can be read from others of the row: stage and grade from the class, the stage from the grade, the division from the school."""
    if column.path == "study_division":
        return bool(used & {"school.code", "school_name"})
    if column.path == "grade" and used & {"class_name", "class_group.name"}:
        return True
    written = {"grade", "class_name", "class_group.name", "name"}
    return column.title == "学段" and any(path in written and path != "name" for path in used)


def _from_register(sheet: Sheet, column: Column, given: set[str]) -> bool:
    """Whether a row's ID number can be looked up by the person's name and school."""
    return (
        bool(sheet.people) and column.path == "person.id_number" and {"person.name", "school.code"} <= given
    )


def is_for_all_rows(column: Column) -> bool:
    """Return whether a column of a template usually has one value in a whole table, so that a user can fill it in once.

    Such columns are, for example, terms, years, days, schools, codes and choices.
    """
    is_single = is_temporal(column) or column.path.endswith("school.code")
    return is_single or _is_coded(column) or column.title in vocabulary().single


def is_temporal(column: Column) -> bool:
    """Return whether a column of a template contains a term, a year or a day."""
    return column.path.endswith(("term.code", "year")) or isinstance(column.field, models.DateField)


def required_fills(mapping: Mapping) -> dict[str, str]:
    """Return the texts for all rows that a user has to give, by column path; "" for a text not given yet.

    They are those of required columns of the template that neither a column of the table nor its titles fill,
    and that are the same in all rows (:func:`is_for_all_rows`).
    """
    given = {source.path for source in mapping.columns}
    given |= mapping.wide.paths if mapping.wide else set()
    given |= {path for path, text in mapping.fills.items() if text == FROM_TITLE or "{" in text}
    return {
        column.path: mapping.fills.get(column.path, "")
        for column in mapping.sheet.columns
        if column.required and column.path not in given and is_for_all_rows(column)
    }


def _question(column: Column) -> str:
    if is_for_all_rows(column):
        return f"表里没有“{column.title}”：请填写整张表的“{column.title}”。"
    return f"表里没有“{column.title}”，这一列每行不同：请在来源表中补上，再上传。"


def _share_missing(sheet: Sheet, column: Column) -> float:
    """How much it speaks against a template that a column is missing: less where one value may be filled in for all rows."""
    if not is_for_all_rows(column):
        return 1.0
    key = column.path.partition(".")[0] in sheet.model.natural_key
    return 1.0 if key and _is_coded(column) else 0.4


def _lacks_kind(sheet: Sheet, proposal: Proposal) -> bool:
    """Whether neither a column nor a title says of which kind the rows are, in a template of which that is a part of the key."""
    mapping = proposal.mapping
    paths = {source.path for source in mapping.columns} | mapping.fills.keys()
    paths |= {mapping.wide.dimension} if mapping.wide else set()
    return any(
        column.path in sheet.model.natural_key and column.path not in paths and _is_coded(column)
        for column in sheet.columns
    )


def _is_coded(column: Column) -> bool:
    return isinstance(column.field, CodeField) or bool(column.field.choices)


def _household(table: Table, used: set[Heading]) -> str:
    """The heading of the household's number or head whose cells are blank below its first member; "" where there is none."""
    names = [heading for heading in used if plain(heading.text) in ("姓名", "学生姓名")]
    for heading in table.headings:
        if _HOUSEHOLD.search(heading.text) and names and not table.form:
            cells, people = table.column(heading), table.column(names[0])
            if any(not cell.strip() and person.strip() for cell, person in zip(cells, people, strict=True)):
                return heading.full
    return ""


def _signs(sheet: Sheet, table: Table, words: Vocabulary) -> float:
    """How much headings that are not imported tell a template, such as the items of a fitness test."""
    forms = {plain(heading.text) for heading in table.headings}
    return _SIGN * min(len(forms & words.signs.get(sheet.title, frozenset())), _MOST_SIGNS)


def _topic(sheet: Sheet, texts: Sequence[str], words: Vocabulary) -> float:
    """How much titles speak of a template: its whole name, or words for what it is about."""
    text = "".join("".join(texts).split())
    if sheet.title in text:
        return _TOPIC * 1.5
    hits = {word for word in words.topics.get(sheet.title, ()) if word in text}
    return _TOPIC * min(len(without_parts(hits)), 2)
