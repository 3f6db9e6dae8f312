"""Counts working days: by the weekday, the State Council's yearly notices (policy), and what the office has registered."""

from __future__ import annotations

from datetime import date, timedelta

from xuezheng.areas.aid.models import CalendarDay
from xuezheng.areas.aid.procedures.entitling import in_force

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def workdays(first: date, last: date) -> list[date]:
    """Return the working days from one day to another, both included."""
    days = [first + _ONE_DAY * number for number in range((last - first).days + 1)]
    kinds = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    return [day for day in days if _works(day, kinds.get(day))]


def last_of_workdays(first: date, count: int) -> date:
    """Return the day on which, from a day on, so many working days have been."""
    # Between two working days there are never three weeks.
    return workdays(first, first + 21 * count * _ONE_DAY)[count - 1]


def is_arranged(year: int) -> bool:
    """Whether it is known how the holidays of a year lie; else its days are classified by weekday alone."""
    return any(key.startswith(str(year)) for key in _arranged(date(year, 12, 31))) or (
        CalendarDay.objects.filter(day__year=year).exists()
    )


def _works(day: date, kind: str | None) -> bool:
    if kind is not None:
        return kind == str(CalendarDay.Kind.WORK)
    return bool(_arranged(day).get(str(day), day.weekday() < _SATURDAY))


def _arranged(day: date) -> dict[str, int]:
    """The days of the notice in force on a day that are not as their weekday says."""
    return in_force("working_days", day) or {}
