"""Judges requirements of an evaluation (督导评估): a number from registers against a limit of policy.

A requirement is met, not met, or unreported, which is neither: what nobody reported never counts as met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Status, catalogue, is_reported
from xuezheng.records.models import Record
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot

_MOST_PLACES = 6


@dataclass(frozen=True)
class Measured:
    """A number computed from registers.

    ``value`` is None if it cannot be computed, with the reason in Chinese in ``reason``. ``figure``,
    ``period`` and ``slice`` identify the figure whose page shows the rows counted.
    """

    value: Fraction | None
    figure: str
    period: str
    slice: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


Measure = Callable[[Snapshot, int], Measured]


def measure_by(key: str, period: str = "", **slice_: str) -> Measure:
    """Return a function that measures a year, of a snapshot, by one figure.

    ``period`` is that of the figure, in which ``{year}`` and ``{before}`` are replaced by the year and the year
    before; "" is the year.
    """

    def measure(snapshot: Snapshot, year: int) -> Measured:
        when = (period or "{year}").format(year=year, before=year - 1)
        figure = catalogue.figure(key)
        if not is_reported(figure, snapshot.unused):
            return Measured(None, key, when, slice_, f"本局停用了“{figure.label}”所在的业务或台账。")
        return _measured(figure.at(snapshot, Period.parse(when), **slice_), slice_)

    return measure


def _measured(answer: Answer, slice_: Mapping[str, str]) -> Measured:
    value = answer.value
    if value is not None and answer.is_money:
        value = answer.number()
    if value is None:
        word = answer.absence.value if answer.absence else "无数据"
        reason = answer.reason or f"台账里的“{answer.label}”{answer.period.label}为“{word}”。"
        return Measured(None, answer.figure, answer.period.key, slice_, reason)
    if answer.undecided:
        reason = f"“{answer.label}”有{answer.undecided}行缺少判定所需的内容，不能下结论。"
        return Measured(None, answer.figure, answer.period.key, slice_, reason)
    return Measured(Fraction(value), answer.figure, answer.period.key, slice_)


def compare(value: Fraction | None, limit: Fraction, comparison: str, unit: str) -> tuple[Status, str]:
    """Return whether ``value`` is within ``limit``, and by how much not, in Chinese; "" unless it is not met.

    ``comparison`` is "at_least", "at_most" or "below"; value and limit are in ``unit``.
    """
    if value is None:
        return Status.UNREPORTED, ""
    met = {"at_least": value >= limit, "at_most": value <= limit, "below": value < limit}[comparison]
    if met:
        return Status.MET, ""
    words = {"at_least": "低于标准", "at_most": "高于标准", "below": "没有低于标准"}[comparison]
    apart = "个百分点" if unit == "%" else unit
    return (
        Status.NOT_MET,
        f"{distinct(value, limit)}{unit}，{words}{number(limit)}{unit}，相差{distinct(abs(value - limit), Fraction(0))}{apart}。",
    )


def number(value: Fraction, places: int = 2) -> str:
    """Return a number as text with thousands separators and at most ``places`` decimals, without trailing zeros."""
    text = f"{float(value):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def distinct(value: Fraction, limit: Fraction) -> str:
    """Return ``value`` as :func:`number` does, with as many more decimals, up to six, as tell it from ``limit``."""
    texts = (number(value, places) for places in range(2, _MOST_PLACES))
    return next((text for text in texts if text != number(limit)), number(value, _MOST_PLACES))


def rows_of(snapshot: Snapshot, register: type[Record]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a register in a snapshot as dicts, ordered by id.

    Yields nothing if the snapshot has no such register.
    """
    if snapshot.has(register.table_name()):
        yield from snapshot.fetch(snapshot.table(register.table_name()).order_by("id"))


@cached_in_snapshot(16)
def years_of(snapshot: Snapshot, register: type[Record]) -> list[int]:
    """Return the years for which a register of yearly forms has any row, latest first."""
    return sorted({row["year"] for row in rows_of(snapshot, register)}, reverse=True)
