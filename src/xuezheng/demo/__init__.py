"""The demonstration district: invented people and schools, written as the workbooks that sections submit.

The cast is here; each area's ``demo.py`` draws its workbooks from it and tells, in ``expected.csv``, the
figures that must come out.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, TypeAlias

from xuezheng.figures import parse_slice

Row: TypeAlias = Sequence[str | None]
# A file's name and, for each of its sheets by title, the rows in the order of the sheet's columns.
Workbook: TypeAlias = tuple[str, dict[str, Iterable[Row]]]


class Expected(NamedTuple):
    """A figure that the demonstration must give, and how it is written; money is in yuan."""

    figure: str
    slice: dict[str, str]
    value: int | Decimal
    text: str
    style: str | None


def expected(path: Path) -> list[Expected]:
    """Read a table with the columns figure, slice (``phase=senior;place=district``), value, text and style.

    The style is blank where the number is written as usual.
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


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)
