"""A mapping: which column of a foreign layout is which column of a template, and how its cells are converted."""

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

#: A fill with this value is read from the lines above the table, the sheet's name or a subtitle.
FROM_TITLE = ""
#: A fill with this value is looked up in the registers, by the names in the row.
FROM_REGISTER = "@"
_TEN_THOUSANDS = "万元"


class MappingError(ValueError):
    """A mapping that cannot be used; the text is a Chinese sentence with the place."""


@dataclass(frozen=True)
class Source:
    """A column of the foreign layout: its heading with its groups, the path in the template, and the conversion of its cells."""

    heading: str
    path: str
    conversion: str = ""


@dataclass(frozen=True)
class Measure:
    """Wide columns whose cells are those of one column of the template: its path, by heading the text for the dimension, and the conversion."""

    path: str
    values: dict[str, str] = field(default_factory=dict)
    conversion: str = ""


@dataclass(frozen=True)
class Wide:
    """Columns of which those of one text for ``dimension``, a path of the template, make a row of their own: a cell of each measure."""

    dimension: str
    measures: tuple[Measure, ...]

    @property
    def values(self) -> dict[str, str]:
        """By heading the text for the dimension."""
        return {heading: text for measure in self.measures for heading, text in measure.values.items()}

    def narrowed(self, headings: Container[str]) -> Wide:
        """Return the wide columns of some headings."""
        measures = [
            replace(measure, values={name: text for name, text in measure.values.items() if name in headings})
            for measure in self.measures
        ]
        return replace(self, measures=tuple(measure for measure in measures if measure.values))

    @property
    def paths(self) -> set[str]:
        """The paths of the template that the wide columns give."""
        return {self.dimension, *(measure.path for measure in self.measures)}


@dataclass(frozen=True)
class Mapping:
    """``fills`` has, by path, the text for all rows, :data:`FROM_TITLE` or :data:`FROM_REGISTER`; ``unused`` the headings that are left out.

    ``household`` is the heading whose blank cells mean that the row belongs to the household above; ``marks`` what distinguishes the layout besides
    its headings, such as the unit in the title: what is right for amounts in 万元 must not be done to yuan.
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
        """The template; raises :class:`~xuezheng.registry.Unknown`."""
        return sheet_catalogue.sheet(self.template)

    def column(self, path: str) -> Column:
        """Return the template's column with a path."""
        return next(column for column in self.sheet.columns if column.path == path)

    @property
    def open_columns(self) -> list[Column]:
        """The required columns of the template that nothing gives: no column, no fill and no wide columns."""
        given = {*(source.path for source in self.columns), *self.fills}
        given |= self.wide.paths if self.wide else set()
        return [column for column in self.sheet.columns if column.required and column.path not in given]

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the headings that this mapping is for."""
        wide = self.wide.values if self.wide else {}
        return fingerprint([*(source.heading for source in self.columns), *wide, *self.unused], self.marks)

    def as_object(self) -> dict[str, Any]:
        """Return the mapping as values of JSON or YAML."""
        return asdict(self)


def fingerprint(headings: Iterable[str], marks: Iterable[str] = ()) -> str:
    """Return a hash of headings and marks that neither their order nor blanks, stars and widths of signs change."""
    forms = sorted({plain(heading) for heading in headings} - {""})
    return hashlib.sha256(json.dumps([forms, sorted(marks)]).encode()).hexdigest()


def fingerprint_of(headings: Iterable[Heading], marks: Iterable[str] = ()) -> str:
    """Return the fingerprint of a table's headings and marks."""
    return fingerprint((heading.full for heading in headings), marks)


def marks_of(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the marks in the texts that belong to a table: amounts in 万元."""
    return (_TEN_THOUSANDS,) if Titles(texts, References()).unit == _TEN_THOUSANDS else ()


def parse(content: Any, place: str) -> Mapping:
    """Read a mapping from values of JSON or YAML; ``place`` names them in Chinese. Raises :class:`MappingError`."""
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
