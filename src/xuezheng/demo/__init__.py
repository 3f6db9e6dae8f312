"""The demonstration district: invented people and schools, written as the workbooks that sections submit.

The people and schools are here; each area's ``demo.py`` draws its workbooks from them and lists, in ``expected.csv``, the
expected figures.
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
    """An expected figure of the demonstration: its value (money in yuan), and its text in a style."""

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
    """Read the invented tables of an area from YAML, each as an attribute whose rows are tuples of text, numbers and None."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return SimpleNamespace(**{name: _rows(table) for name, table in read.items()})


def work_entries(area: str, entries: Iterable[Row], *, numbered: bool = True) -> dict[str, Iterable[Row]]:
    """Return the sheet of an area's notes of work, from (topic, day, title, document, text) tuples; the office picks all.

    With ``numbered``, a report lists them in this order.
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
