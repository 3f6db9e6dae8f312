"""The demonstration district: invented people and schools, written as the workbooks that sections and schools upload.

The people and schools are in this package; each area's ``demo.py`` makes workbooks from them, and its
``expected.csv`` lists the figures that must result.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

import yaml

from xuezheng.figures import parse_slice

Row: TypeAlias = Sequence[str | None]
# A file's name and, for each of its sheets by title, the rows in the order of the sheet's columns.
Workbook: TypeAlias = tuple[str, dict[str, Iterable[Row]]]


class Expected(NamedTuple):
    """A figure that must result for a demonstration.

    ``figure`` is its key, ``slice`` maps dimensions to members; ``value`` is a number as it is shown (yuan
    for money, 12.5 for 12.5%), and ``text`` how it is written in ``style``, None for the usual one.
    """

    figure: str
    slice: dict[str, str]
    value: int | Decimal
    text: str
    style: str | None


def expected(path: Path) -> list[Expected]:
    """Read a CSV file with the columns figure, slice (``phase=senior;place=district``), value, text and style.

    The style is blank for the default one.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Expected(
                row["figure"],
                parse_slice(row["slice"], ";"),
                _number(row["value"]),
                row["text"],
                row["style"] or None,
            )
            for row in csv.DictReader(file)
        ]


def tables(path: Path) -> SimpleNamespace:
    """Read the invented tables of an area from a YAML file.

    Each is an attribute of the result: a tuple of rows, each a tuple of texts, numbers and None. A mapping in
    the file, such as the tables of one half-year, becomes a dict.
    """
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return SimpleNamespace(**{name: _rows(table) for name, table in read.items()})


def work_entries(area: str, entries: Iterable[Row], *, numbered: bool = True) -> dict[str, Iterable[Row]]:
    """Return the sheet 工作纪实 (work notes) of an area, all picked for the report.

    ``entries`` are (topic, day, title, document number, text) as texts. With ``numbered``, a report lists
    them in this order.
    """
    return {
        "工作纪实": [
            (
                area,
                topic,
                day,
                title,
                document or None,
                text,
                None,
                "是",
                str(order * 10) if numbered else None,
            )
            for order, (topic, day, title, document, text) in enumerate(entries, 1)
        ]
    }


def _rows(value: Any) -> Any:
    """Return a value with tuples in place of lists."""
    if isinstance(value, dict):
        return {key: _rows(inner) for key, inner in value.items()}
    return tuple(map(_rows, value)) if isinstance(value, list) else value


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)
