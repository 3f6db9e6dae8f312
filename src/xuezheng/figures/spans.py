"""Spans: how a period selects rows of a table: events within it, rows current on its last day, or rows of its terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import ibis

from xuezheng.core.periods import Period
from xuezheng.snapshots.snapshot import SOON_AFTER


@dataclass(frozen=True)
class Span:
    """The selection of rows by a period, and the Chinese words for it.

    ``name`` tells it from others, as in ``flow paid_on``; ``dated`` means that the rows have dates, ``flows`` that their dates are in the period,
    ``on_last_day`` that the rows are those current on its last day.
    """

    name: str
    words: str
    select: Callable[[ibis.Table, Period], ibis.Value] = field(compare=False)
    dated: bool = True
    flows: bool = True
    on_last_day: bool = False

    def rule_days(self, period: Period, frozen_on: date) -> tuple[date, date]:
        """Return the first and the last day whose policy may have been used for the selected rows."""
        if not self.dated:
            return frozen_on, frozen_on
        return (period.start if self.flows else date.min), period.until(frozen_on).end

    def covers(self, period: Period, frozen_on: date) -> bool:
        """Return whether a snapshot of a day has data for the period.

        A register without dates shows only its rows at the freeze: it has data for a period that includes the freeze or ended at most a quarter
        before it.
        """
        return period.start <= frozen_on and (self.dated or frozen_on <= period.end + SOON_AFTER)


def flow(column: str) -> Span:
    """Select rows whose date in ``column`` is in the period."""
    return Span(
        f"flow {column}",
        "时期内发生的",
        lambda table, period: (
            (table[column] >= ibis.date(period.start)) & (table[column] <= ibis.date(period.end))
        ),
    )


def stock(since: str, *until: str, through: str = "") -> Span:
    """Select rows that are current on the period's last day: begun by then, and not ended by then.

    ``since`` is the column with the first day. On a day in a column of ``until`` the row is no longer current; the day in ``through`` is its last.
    Rows with these columns empty have not ended.
    """

    def select(table: ibis.Table, period: Period) -> ibis.Value:
        end = ibis.date(period.end)
        stood = table[since] <= end
        for column in until:
            stood &= table[column].isnull() | (table[column] > end)
        return stood & (table[through].isnull() | (table[through] >= end)) if through else stood

    name = " ".join(("stock", since, *until, f"through {through}" if through else "")).strip()
    return Span(name, "时期末在册的", select, flows=False, on_last_day=True)


def year_so_far(column: str) -> Span:
    """Select rows whose date in ``column`` is in the year of the period's last day, up to that day."""

    def select(table: ibis.Table, period: Period) -> ibis.Value:
        return (table[column].year() == period.end.year) & (table[column] <= ibis.date(period.end))

    return Span(f"year so far {column}", "时期所在年度的", select, flows=False)


def _term(table: ibis.Table, period: Period) -> ibis.Value:
    return table.term_code.isin(period.terms)


def _school_year(table: ibis.Table, period: Period) -> ibis.Value:
    return table.school_year == period.school_year


def _year(table: ibis.Table, period: Period) -> ibis.Value:
    return table.year == period.end.year


#: Rows whose ``term_code`` is one of the period's terms.
TERM = Span("term", "时期所含学期的", _term)
#: Rows whose ``school_year`` holds the period's last day.
SCHOOL_YEAR = Span("school year", "时期所在学年的", _school_year, flows=False)
#: Rows whose ``year`` is that of the period's last day.
YEAR = Span("year", "时期所在年度的", _year, flows=False)
#: Registers that are kept as they are now, without days.
NOW = Span("now", "快照日在册的", lambda table, period: ibis.literal(True), dated=False)
