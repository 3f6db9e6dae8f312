"""Spans: how a period selects rows of a table.

Examples are events within it, rows current on its last day, or rows of its terms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import ibis

from xuezheng.core.periods import Period
from xuezheng.snapshots.snapshot import SOON_AFTER


@dataclass(frozen=True)
class Span:
    """How a period selects the rows of a table, with the Chinese ``words`` for the selection.

    ``name`` identifies the span, as in ``flow paid_on``. ``select`` takes a table and a period and returns
    the condition for a row, a boolean expression. ``dated`` says that rows have dates, so that past periods
    can be answered; ``flows`` that the dates of the selected rows are within the period, so that policy in
    force before it does not matter; ``on_last_day`` that the rows are those current on the period's last day.
    """

    name: str
    words: str
    select: Callable[[ibis.Table, Period], ibis.Value] = field(compare=False)
    dated: bool = True
    flows: bool = True
    on_last_day: bool = False

    def rule_days(self, period: Period, frozen_on: date) -> tuple[date, date]:
        """Return the first and the last day, both inclusive, whose policy may apply to the selected rows.

        ``frozen_on`` is the day of the snapshot; no day after it is returned.
        """
        if not self.dated:
            return frozen_on, frozen_on
        return (period.start if self.flows else date.min), period.until(frozen_on).end

    def covers(self, period: Period, frozen_on: date) -> bool:
        """Return whether a snapshot of the day ``frozen_on`` has data for the period.

        The period must have begun by that day. A register without dates has data only if, besides, the period
        ended at most 92 days before that day.
        """
        return period.start <= frozen_on and (self.dated or frozen_on <= period.end + SOON_AFTER)


def flow(column: str) -> Span:
    """Return the span of rows whose date in ``column`` is within the period, both ends included."""
    return Span(
        f"flow {column}",
        "时期内发生的",
        lambda table, period: (
            (table[column] >= ibis.date(period.start)) & (table[column] <= ibis.date(period.end))
        ),
    )


def stock(since: str, *until: str, through: str = "") -> Span:
    """Return the span of rows that are current on the period's last day.

    A row is current from the day in the column ``since`` on. On a day in a column of ``until`` it is no
    longer current; the day in the column ``through`` is the last on which it is. A row whose ``until`` and
    ``through`` columns are empty is still current.
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
    """Return the span of rows whose date in ``column`` is in the calendar year of the period's last day.

    The date must not be after that day.
    """

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
#: Rows whose ``school_year`` (``2018-2019``) includes the period's last day.
SCHOOL_YEAR = Span("school year", "时期所在学年的", _school_year, flows=False)
#: Rows whose ``year`` is that of the period's last day.
YEAR = Span("year", "时期所在年度的", _year, flows=False)
#: All rows of a register that has no dates: it is known only as it was on the day of the snapshot.
NOW = Span("now", "快照日在册的", lambda table, period: ibis.literal(True), dated=False)
