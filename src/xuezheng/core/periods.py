"""Periods of time in the bureau's terms: half-years, school terms, school years, calendar years, months, days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta


class PeriodError(ValueError):
    """A period's key that cannot be read.

    The exception's text is a Chinese sentence with examples of valid keys.
    """


@dataclass(frozen=True)
class Period:
    """A range of days with a key (``2019H1``) and a Chinese label (``2019年上半年``).

    ``start`` and ``end`` are both inclusive.
    """

    key: str
    label: str
    start: date
    end: date

    @classmethod
    def parse(cls, key: str) -> Period:
        """Return the period for a key; raises :class:`PeriodError` for any other text.

        A key is a half-year ``2019H1``, a year ``2019``, a term ``2019春`` (1 February to 31 August) or
        ``2019秋`` (1 September to 31 January), a school year ``2018-2019`` (1 September to 31 August), a month
        ``2019-05``, months ``2019-01..2019-05`` (both inclusive) or a day ``2019-09-01``.
        """
        if match := re.fullmatch(r"([12][0-9]{3})H([12])", key):
            year, half = int(match[1]), int(match[2])
            start, end = (
                (date(year, 1, 1), date(year, 6, 30)) if half == 1 else (date(year, 7, 1), date(year, 12, 31))
            )
            return cls(key, f"{year}年{'上' if half == 1 else '下'}半年", start, end)
        if match := re.fullmatch(r"([12][0-9]{3})", key):
            return cls(key, f"{key}年", date(int(key), 1, 1), date(int(key), 12, 31))
        if match := re.fullmatch(r"([12][0-9]{3})([春秋])", key):
            year = int(match[1])
            if match[2] == "春":
                return cls(key, f"{year}年春季学期", date(year, 2, 1), date(year, 8, 31))
            return cls(key, f"{year}年秋季学期", date(year, 9, 1), date(year + 1, 2, 1) - timedelta(days=1))
        if (match := re.fullmatch(r"([12][0-9]{3})-([12][0-9]{3})", key)) and int(match[2]) == int(
            match[1]
        ) + 1:
            return cls(key, f"{key}学年", date(int(match[1]), 9, 1), date(int(match[2]), 8, 31))
        if match := re.fullmatch(r"([12][0-9]{3}-[0-9]{2})(?:\.\.([12][0-9]{3}-[0-9]{2}))?", key):
            first, last = _month(match[1]), _month(match[2] or match[1])
            if first and last and first <= last:
                end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
                label = f"{first.year}年{first.month}月"
                if last != first:
                    label += (
                        f"—{last.month}月" if last.year == first.year else f"—{last.year}年{last.month}月"
                    )
                return cls(key, label, first, end)
        if re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", key) and (day := _day(key)):
            return cls(key, f"{day.year}年{day.month}月{day.day}日", day, day)
        raise PeriodError(
            f"无法识别时期“{key}”。请写作 2019H1（上半年）、2019H2、2019、2019春、2018-2019（学年）、2019-05、2019-01..2019-05 或 2019-09-01（某一天）。"
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """The codes (``2019春``) of the terms that belong to the period, in order of time; maybe none.

        A term belongs to the period that includes the middle of its teaching: 1 April of a spring term, 1
        November of an autumn term. A half-year has one term; a year or school year has two.
        """
        if self.key[4:] in ("春", "秋"):
            return (self.key,)
        # A term belongs to the period that holds the middle of its teaching: 1 April, 1 November.
        middles = {
            f"{year}{season}": date(year, month, 1)
            for year in range(self.start.year, self.end.year + 1)
            for season, month in (("春", 4), ("秋", 11))
        }
        return tuple(code for code, middle in middles.items() if self.start <= middle <= self.end)

    @property
    def school_year(self) -> str:
        """The school year (1 September to 31 August) that includes the period's last day, as ``2018-2019``."""
        first = self.end.year if self.end.month >= 9 else self.end.year - 1
        return f"{first}-{first + 1}"

    def overlaps(self, period: Period) -> bool:
        """Return whether the two periods have a day in common."""
        return self.start <= period.end and period.start <= self.end

    def until(self, day: date) -> Period:
        """Return a copy of the period that ends on ``day`` if the period would end later.

        Key and label are unchanged.
        """
        return replace(self, end=min(self.end, day))

    @classmethod
    def half_year_of(cls, day: date) -> Period:
        """Return the half-year (``2019H1``: January to June, ``2019H2``: July to December) that includes a day."""
        return cls.parse(f"{day.year}H{1 if day.month <= 6 else 2}")

    def next_half_year(self) -> Period:
        """Return the half-year after the one that includes the period's last day."""
        return Period.parse(f"{self.end.year}H2" if self.end.month <= 6 else f"{self.end.year + 1}H1")

    def previous(self) -> Period:
        """Return the period of the same kind just before this one: the half-year, year, school year or day before.

        Before a term comes the other term; before a range of months, as many months.
        """
        if match := re.fullmatch(r"([0-9]{4})H([12])", self.key):
            return Period.parse(f"{match[1]}H1" if match[2] == "2" else f"{int(match[1]) - 1}H2")
        if len(self.key) == len("2019-09-01"):
            return Period.parse(f"{self.start - timedelta(days=1)}")
        if re.fullmatch(r"[0-9]{4}", self.key):
            return Period.parse(str(int(self.key) - 1))
        if self.key[4:] == "秋":
            return Period.parse(f"{self.key[:4]}春")
        if self.key[4:] == "春":
            return Period.parse(f"{int(self.key[:4]) - 1}秋")
        if re.fullmatch(r"[0-9]{4}-[0-9]{4}", self.key):
            return Period.parse(f"{int(self.key[:4]) - 1}-{self.key[:4]}")
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        first, last = _months_back(self.start, months), _months_back(self.end, months)
        return Period.parse(f"{first:%Y-%m}" if months == 1 else f"{first:%Y-%m}..{last:%Y-%m}")


def full_years(since: date, day: date) -> int:
    """Return the number of full years from ``since`` to ``day``: on ``day``, the age of a person born on ``since``."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def _month(text: str) -> date | None:
    return _day(f"{text}-01")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _months_back(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
