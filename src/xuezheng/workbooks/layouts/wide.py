"""Wide tables, which have a column for each subject, stage, term, month or day, where a template has rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models

from xuezheng.workbooks.layouts.conversions import candidates
from xuezheng.workbooks.layouts.mapping import Measure, Wide
from xuezheng.workbooks.layouts.meaning import Pair, source_unit
from xuezheng.workbooks.layouts.tables import Heading, Table
from xuezheng.workbooks.layouts.titles import Titles, labels
from xuezheng.workbooks.layouts.vocabulary import Vocabulary, plain, without_unit
from xuezheng.workbooks.sheet import Column, Sheet

_FEWEST_DAYS = 3
#: A column that is assigned with a lower score may be one of several wide ones instead.
_SURE = 0.8
_DAY = re.compile(r"(?:(?P<year>20[0-9]{2})[-年./])?(?:(?P<month>[0-9]{1,2})[-月./])?(?P<day>[0-9]{1,2})日?")
_MONTH = re.compile(r"(?:(?P<year>20[0-9]{2})[-年./])?(?P<month>1[0-2]|0?[1-9])月(?:份)?")
_TERM = re.compile(r"(?:(?P<year>20[0-9]{2})年?)?(?P<half>春|秋)(?:季?学期|季)?(?P<rest>.*)")
_MONTH_OF_TITLE = re.compile(r"(20[0-9]{2})[年.](1[0-2]|0?[1-9])月?")
_NO_MEASURES = ("grade", "year", "place", "number", "order")
_MEASURES = (models.DecimalField, models.IntegerField)


@dataclass(frozen=True)
class WideColumns:
    """The wide columns that were found in a table: how they become rows, and their headings.

    ``score`` says how much they speak for the template, in the points of :attr:`Proposal.score`.
    """

    wide: Wide
    headings: tuple[Heading, ...]
    score: float

    def takes(self, match: Pair) -> bool:
        """Return whether a pair of a heading and a template's column is part of the wide columns.

        Such a pair must not be mapped by itself too.
        """
        return match.heading in self.headings or match.column.path in self.wide.paths


def find_wide(
    table: Table,
    sheet: Sheet,
    assigned: Iterable[Pair],
    kinds: dict[Heading, str],
    titles: Titles,
    words: Vocabulary,
) -> WideColumns | None:
    """Return the columns of a table, one for each value of a dimension, that become rows of the template ``sheet``.

    ``assigned`` are the pairs of headings and columns found so far; ``kinds`` has the kind of each heading's
    cells (:func:`~xuezheng.workbooks.layouts.meaning.kind_of`); ``titles`` are the texts that belong to the
    table, ``words`` is the vocabulary. Of several readings the one with the highest score is returned, None
    if there is none.
    """
    leaves = Counter(heading.text for heading in table.headings)
    sure = [match for match in assigned if match.score > _SURE and not _is_repeated(match.heading, leaves)]
    used = {match.column.path for match in sure}
    taken = {match.heading for match in sure}
    free = [
        heading
        for heading in table.headings
        if heading not in taken and kinds[heading] in ("number", "", "text", "date")
    ]
    readings = []
    for dimension in sheet.columns:
        if dimension.path in used or not dimension.required:
            continue
        measures = [
            column
            for column in sheet.columns
            if isinstance(column.field, _MEASURES)
            and column.path not in used
            and column.path.rpartition(".")[2] not in _NO_MEASURES
        ]
        only = sum(measure.required for measure in measures) == 1
        measured = []
        for measure in measures:
            values = dict(_values(free, dimension, measure, titles, words, only and measure.required))
            fewest = _FEWEST_DAYS if isinstance(dimension.field, models.DateField) else 2
            numbers = sum(kinds[heading] in ("number", "") for heading in values)
            if len(values) >= fewest and numbers * 2 >= len(values):
                measured.append((measure, values))
        if any(measure.required for measure, _ in measured):
            readings.append(_wide_columns(dimension, measured, titles.unit))
    return max(readings, key=lambda columns: (columns.score, len(columns.headings)), default=None)


def _is_repeated(heading: Heading, leaves: Counter[str]) -> bool:
    """Whether a heading stands below several groups, as 分数 below each subject."""
    return bool(heading.groups) and leaves[heading.text] > 1


def _wide_columns(
    dimension: Column, measured: Iterable[tuple[Column, dict[Heading, str]]], unit: str
) -> WideColumns:
    """Return the reading by a measure that has to be given, with the others that stand beside it for the same texts of the dimension."""
    (first, values), *others = sorted(measured, key=lambda pair: (not pair[0].required, -len(pair[1])))
    measures, headings = [_measure(first, values, unit)], set(values)
    for measure, further in others:
        if set(further.values()) <= set(values.values()) and headings.isdisjoint(further):
            measures.append(_measure(measure, further, unit))
            headings |= set(further)
    ordered = sorted(headings, key=lambda heading: heading.place)
    return WideColumns(
        Wide(dimension.path, tuple(measures)), tuple(ordered), 2.0 + min(len(headings), 6) * 0.1
    )


def _measure(column: Column, values: dict[Heading, str], unit: str) -> Measure:
    units = {source_unit(heading, unit) for heading in values}
    # The last candidate reads the most; amounts of which one is in 万元 all are.
    *_, conversion = candidates(column, "万元" if "万元" in units else "")
    return Measure(column.path, {heading.full: value for heading, value in values.items()}, conversion)


def _values(
    headings: Iterable[Heading],
    dimension: Column,
    measure: Column,
    titles: Titles,
    words: Vocabulary,
    only: bool,
) -> Iterator[tuple[Heading, str]]:
    """Yield the headings that name a value of ``dimension``, alone or together with the measure, and that value."""
    if isinstance(dimension.field, models.DateField):
        yield from (
            _months(headings, titles) if dimension.path.endswith("month") else _days(headings, titles)
        )
        return
    if dimension.path.endswith("term.code"):
        yield from _terms(headings, measure, titles, words, only)
        return
    known = {plain(label): label for label in labels(dimension)}
    known |= {
        plain(word): value
        for word, value in words.values.get(dimension.title, {}).items()
        if not word.isdigit()
    }
    for heading in headings:
        full = without_unit(plain("".join((*heading.groups, heading.text))))
        leaf = without_unit(plain(heading.text))
        for form in (full, leaf):
            if only and form in known:
                yield heading, known[form]
                break
            word, rest = _parted(form, known)
            if word and measure.title in words.meanings.get(rest.strip("/:()"), ()):
                yield heading, known[word]
                break


def _parted(text: str, words: Iterable[str]) -> tuple[str, str]:
    """Return the word with which a text begins, else ends, and the rest; two empty texts where there is none."""
    for word in words:
        if text.startswith(word) and text != word:
            return word, text.removeprefix(word)
    for word in words:
        if text.endswith(word) and text != word:
            return word, text.removesuffix(word)
    return "", ""


def _terms(
    headings: Iterable[Heading], measure: Column, titles: Titles, words: Vocabulary, only: bool
) -> Iterator[tuple[Heading, str]]:
    """Yield the headings that name a term, alone or with the measure, and the term's code; its year may be that of the title."""
    for heading in headings:
        full = _TERM.fullmatch(without_unit(plain("".join((*heading.groups, heading.text)))))
        match = full or _TERM.fullmatch(without_unit(plain(heading.text)))
        if match is None:
            continue
        groups = without_unit(plain("".join(heading.groups[-1:])))
        rest = match["rest"].strip("/:()") or ("" if full else groups)
        year = match["year"] or titles.year_of(match["half"])
        if year and ((only and not rest) or measure.title in words.meanings.get(rest, ())):
            yield heading, f"{year}{match['half']}"


def _months(headings: Iterable[Heading], titles: Titles) -> Iterator[tuple[Heading, str]]:
    """Yield the headings that name a month, and its first day; its year may be that of the title."""
    for heading in headings:
        match = _MONTH.match(plain(heading.text))
        year = match and (match["year"] or titles.year)
        if match and year and not without_unit(plain(heading.text)[match.end() :]):
            yield heading, date(int(year), int(match["month"]), 1).isoformat()


def _days(headings: Iterable[Heading], titles: Titles) -> Iterator[tuple[Heading, str]]:
    month = next((match for text in titles.texts if (match := _MONTH_OF_TITLE.search(text))), None)
    for heading in headings:
        match = _DAY.fullmatch(plain(heading.text).removesuffix("00:00:00"))
        if match is None or (month is None and not match["year"]):
            continue
        year = match["year"] or (month and month[1])
        number = match["month"] or (month and month[2])
        try:
            yield heading, date(int(year or 0), int(number or 0), int(match["day"])).isoformat()
        except ValueError:
            continue
