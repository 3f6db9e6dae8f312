"""Mappings of the columns of another layout to the columns of a template, with conversions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from xuezheng.registry import Unknown
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.layouts.conversions import CONVERSIONS
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.tables import Heading
from xuezheng.workbooks.layouts.titles import Titles
from xuezheng.workbooks.layouts.vocabulary import plain
from xuezheng.workbooks.sheet import Column, Sheet

#: In :attr:`Mapping.fills`: the text is read from the lines above the table, the sheet's name or a subtitle.
FROM_TITLE = ""
#: In :attr:`Mapping.fills`: the text is looked up in the registers, by the names in the row.
FROM_REGISTER = "@"
_TEN_THOUSANDS = "万元"


class MappingError(ValueError):
    """A mapping that cannot be used; the exception's text is a Chinese sentence with the place."""


@dataclass(frozen=True)
class Source:
    """One column of a table of another layout, and the template's column that it fills.

    ``heading`` is the heading in the other layout (:attr:`Heading.full`), ``path`` the column path in the
    template (``person.name``). ``conversion`` is a key of
    :data:`~xuezheng.workbooks.layouts.conversions.CONVERSIONS`.
    """

    heading: str
    path: str
    conversion: str = ""


@dataclass(frozen=True)
class Measure:
    """The columns of a wide table whose cells all belong to one column of the template, with the column path ``path``.

    A wide table has a column for each value of a dimension, such as a subject. ``values`` maps the heading of
    each column to its text for the dimension, such as 语文; ``conversion`` is a key of
    :data:`~xuezheng.workbooks.layouts.conversions.CONVERSIONS`.
    """

    path: str
    values: dict[str, str] = field(default_factory=dict)
    conversion: str = ""


@dataclass(frozen=True)
class Wide:
    """How a wide table, with a column for each value of a dimension, becomes rows.

    ``dimension`` is the column path of the template that gets the value, such as the subject. Each value
    becomes a row of its own, with the cells of all ``measures`` for this value.
    """

    dimension: str
    measures: tuple[Measure, ...]

    @property
    def values(self) -> dict[str, str]:
        """The text for the dimension (语文) of each wide column, by its heading."""
        return {heading: text for measure in self.measures for heading, text in measure.values.items()}

    def narrowed(self, headings: Container[str]) -> Wide:
        """Return a copy with the wide columns of ``headings`` only; a measure without any is left out."""
        measures = [
            replace(measure, values={name: text for name, text in measure.values.items() if name in headings})
            for measure in self.measures
        ]
        return replace(self, measures=tuple(measure for measure in measures if measure.values))

    @property
    def paths(self) -> set[str]:
        """The column paths of the template that the wide columns fill: the dimension and the measures."""
        return {self.dimension, *(measure.path for measure in self.measures)}


@dataclass(frozen=True)
class Mapping:
    """A mapping of the tables of one layout to a template: which of their columns fills which of the template's.

    ``template`` is the template's title. ``fills`` has, by column path (``school.code``), the text for all
    rows, :data:`FROM_TITLE` or :data:`FROM_REGISTER`; ``unused`` are the headings that are left out.
    ``household`` is a heading whose blank cells mean that the row belongs to the household above, "" for
    none. ``marks`` distinguish layouts with equal headings, such as 万元 for amounts in units of 10,000 yuan.
    """

    template: str
    columns: tuple[Source, ...]
    fills: dict[str, str] = field(default_factory=dict)
    wide: Wide | None = None
    unused: tuple[str, ...] = ()
    household: str = ""
    marks: tuple[str, ...] = ()

    @property
    def sheet(self) -> Sheet:
        """The template; raises :class:`~xuezheng.registry.Unknown` if there is none with this title."""
        return sheet_catalogue.sheet(self.template)

    def column(self, path: str) -> Column:
        """Return the template's column with this path; raises ``StopIteration`` if there is none."""
        return next(column for column in self.sheet.columns if column.path == path)

    @property
    def open_columns(self) -> list[Column]:
        """The required columns of the template for which the mapping has neither a column, a wide column nor a text."""
        given = {*(source.path for source in self.columns), *self.fills}
        given |= self.wide.paths if self.wide else set()
        return [column for column in self.sheet.columns if column.required and column.path not in given]

    @property
    def fingerprint(self) -> str:
        """A hash of the headings and marks of the tables for which this mapping is made, by which it is found again."""
        wide = self.wide.values if self.wide else {}
        return fingerprint([*(source.heading for source in self.columns), *wide, *self.unused], self.marks)

    def as_object(self) -> dict[str, Any]:
        """Return the mapping as a dict of JSON values, which :func:`parse` reads."""
        return asdict(self)


def fingerprint(headings: Iterable[str], marks: Iterable[str] = ()) -> str:
    """Return a hash of a table's headings and marks (SHA-256, in hexadecimal), by which its layout is recognised.

    It does not depend on their order, nor on blanks, stars and full-width signs. ``marks`` distinguish
    layouts with equal headings.
    """
    forms = sorted({plain(heading) for heading in headings} - {""})
    return hashlib.sha256(json.dumps([forms, sorted(marks)]).encode()).hexdigest()


def fingerprint_of(headings: Iterable[Heading], marks: Iterable[str] = ()) -> str:
    """Return the hash by which a table's layout is recognised: of its headings with their groups, and its marks."""
    return fingerprint((heading.full for heading in headings), marks)


def marks_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return what distinguishes the layout of a table from others with equal headings.

    ``texts`` are the texts that belong to the table. The result is ``("万元",)`` if they state that amounts are
    in 万元, else ().
    """
    return (_TEN_THOUSANDS,) if Titles(texts, References()).unit == _TEN_THOUSANDS else ()


def parse(content: Any, place: str) -> Mapping:
    """Return the mapping in a dict of JSON or YAML values.

    ``place`` names the dict in Chinese for messages. Raises :class:`MappingError` if a value is missing or of
    a wrong type, or a template, column or conversion does not exist, or a column is mapped twice.
    """
    try:
        mapping = Mapping(
            str(content["template"]),
            tuple(
                Source(str(source["heading"]), str(source["path"]), str(source.get("conversion", "")))
                for source in content["columns"]
            ),
            {str(path): str(text) for path, text in (content.get("fills") or {}).items()},
            _parse_wide(content.get("wide")),
            tuple(map(str, content.get("unused") or ())),
            str(content.get("household", "")),
            tuple(map(str, content.get("marks") or ())),
        )
        paths = {column.path for column in mapping.sheet.columns}
    except (AttributeError, KeyError, TypeError) as error:
        raise MappingError(f"{place}写法不对：{error}。") from None
    except Unknown as error:
        raise MappingError(f"{place}：{error}") from None
    used = [source.path for source in mapping.columns] + list(mapping.fills)
    if mapping.wide:
        used += [mapping.wide.dimension, *(measure.path for measure in mapping.wide.measures)]
    if strange := set(used) - paths:
        raise MappingError(f"{place}：“{mapping.template}”没有列“{'、'.join(sorted(strange))}”。")
    if len(set(used)) < len(used):
        raise MappingError(f"{place}：有一列对应了两次。")
    conversions = {source.conversion for source in mapping.columns}
    conversions |= {measure.conversion for measure in mapping.wide.measures} if mapping.wide else set()
    if strange := conversions - CONVERSIONS.keys():
        raise MappingError(f"{place}：没有“{'、'.join(sorted(strange))}”这种换算。")
    return mapping


def _parse_wide(content: Any) -> Wide | None:
    if not content:
        return None
    # A mapping of an earlier release has its only measure beside the dimension.
    measures = content.get("measures") or [{**content, "path": content["measure"]}]
    return Wide(
        str(content["dimension"]),
        tuple(
            Measure(
                str(measure["path"]),
                {str(heading): str(value) for heading, value in measure["values"].items()},
                str(measure.get("conversion", "")),
            )
            for measure in measures
        ),
    )
