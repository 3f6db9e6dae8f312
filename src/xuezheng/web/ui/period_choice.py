"""The periods that a page offers, and the one that its user has chosen."""

from datetime import date, timedelta
from typing import NamedTuple

from django.contrib import messages

from xuezheng.core.periods import Period
from xuezheng.web.security.requests import UserRequest


class Choice(NamedTuple):
    """The chosen period of a page, and the periods to choose from, as (Chinese name of their kind, periods)."""

    period: Period
    groups: list[tuple[str, list[Period]]]


def choice(request: UserRequest, day: date, default: str | None = None) -> Choice:
    """Return the period that the query parameter ``period`` chooses, with the periods on offer.

    The default is the period with the key ``default``, else the half-year reported on at ``day``. A period
    that cannot be read gives a message, and the default is used.
    """
    half = Period.parse(default or half_year(day))
    period = half
    if requested := request.GET.get("period"):
        try:
            period = Period.parse(requested)
        except ValueError as problem:
            messages.warning(request, str(problem))
    groups = _groups(day)
    if all(period.key != known.key for _, periods in groups for known in periods):
        groups.insert(0, ("所选", [period]))
    return Choice(period, groups)


def run(choice: Choice, count: int = 6) -> list[Period]:
    """Return the periods of a trend, the oldest first.

    They are at least ``count`` periods of the chosen period's kind, up to the newest on offer.
    """
    known = next((periods for _, periods in choice.groups if choice.period in periods), [choice.period])
    return _back(known[0], max(count, len(known)))[::-1]


def half_year(day: date) -> str:
    """Return the key, as ``2019H1``, of the half-year that is reported on at ``day``.

    It is the one that contains the day 91 days earlier, since a half-year is reported on until a quarter
    after its end.
    """
    return Period.half_year_of(day - timedelta(days=91)).key


def _groups(day: date) -> list[tuple[str, list[Period]]]:
    """Return the periods of each kind, as (Chinese kind, periods), from the one that contains the day backwards."""
    half = Period.half_year_of(day)
    term = Period.parse(f"{day.year - (day.month == 1)}{'春' if 2 <= day.month <= 8 else '秋'}")
    first = day.year if day.month >= 9 else day.year - 1
    return [
        ("半年", _back(half, 4)),
        ("学期", _back(term, 3)),
        ("学年", _back(Period.parse(f"{first}-{first + 1}"), 2)),
        ("年度", _back(Period.parse(str(day.year)), 2)),
    ]


def _back(period: Period, count: int) -> list[Period]:
    periods = [period]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return periods
