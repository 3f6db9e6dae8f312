"""Working days: by the weekday, the State Council's yearly notices (a policy), and the days that the office has registered."""

from __future__ import annotations

from datetime import date, timedelta

from xuezheng.areas.aid.models import CalendarDay
from xuezheng.areas.aid.procedures.entitling import in_force
from xuezheng.policy.current import read_once

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@read_once()
def workdays(first: date, last: date) -> list[date]:
    """Return the working days from ``first`` to ``last``, both included.

    An empty list where ``last`` is earlier.
    """
    days = [first + _ONE_DAY * number for number in range((last - first).days + 1)]
    kinds = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    return [day for day in days if _works(day, kinds.get(day))]


def last_of_workdays(first: date, count: int) -> date:
    """Return the ``count``-th working day from ``first`` on; ``first`` itself, if it is one, is number 1."""
    # Between two working days there are never three weeks.
    return workdays(first, first + 21 * count * _ONE_DAY)[count - 1]


def is_arranged(year: int) -> bool:
    """Whether the holidays of a year are known, by policy or as registered days.

    If not, its days count by weekday alone.
    """
    return any(key.startswith(str(year)) for key in _arranged(date(year, 12, 31))) or (
        CalendarDay.objects.filter(day__year=year).exists()
    )


def _works(day: date, kind: str | None) -> bool:
    if kind is not None:
        return kind == str(CalendarDay.Kind.WORK)
    return bool(_arranged(day).get(str(day), day.weekday() < _SATURDAY))


def _arranged(day: date) -> dict[str, int]:
    """Return the exceptions to weekdays in the notice in force on a day, by ISO date; empty without a notice."""
    return in_force("working_days", day) or {}
