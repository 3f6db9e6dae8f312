"""A mapping: which column of a foreign layout is which column of a template, and how its cells are converted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
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
class Wide:
    """Columns of which each makes a row of its own: ``values`` has by heading the text for ``dimension``, and the cell is that of ``measure``.

    Both are paths of the template.
    """

    dimension: str
    measure: str
    values: dict[str, str] = field(default_factory=dict)
    conversion: str = ""


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
        given |= {self.wide.dimension, self.wide.measure} if self.wide else set()
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
        wide = content.get("wide")
        mapping = Mapping(
            str(content["template"]),
            tuple(
                Source(str(source["heading"]), str(source["path"]), str(source.get("conversion", "")))
                for source in content["columns"]
            ),
            {str(path): str(text) for path, text in (content.get("fills") or {}).items()},
            Wide(
                str(wide["dimension"]),
                str(wide["measure"]),
                {str(heading): str(value) for heading, value in wide["values"].items()},
                str(wide.get("conversion", "")),
            )
            if wide
            else None,
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
    used += [mapping.wide.dimension, mapping.wide.measure] if mapping.wide else []
    if strange := set(used) - paths:
        raise MappingError(f"{place}：“{mapping.template}”没有列“{'、'.join(sorted(strange))}”。")
    if len(set(used)) < len(used):
        raise MappingError(f"{place}：有一列对应了两次。")
    conversions = {source.conversion for source in mapping.columns}
    if strange := conversions - CONVERSIONS.keys():
        raise MappingError(f"{place}：没有“{'、'.join(sorted(strange))}”这种换算。")
    return mapping
