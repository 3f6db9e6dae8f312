"""The quarterly review of a ledger contradicts itself only beyond its limits."""

from datetime import date

import pytest

from xuezheng.areas.enrolment.models import LedgerReview

COUNTS = {"listed": 3, "visited": 3, "corrected": 0}


def fields(quarter=date(2019, 4, 1), reviewed_on=date(2019, 6, 24), **counts):
    row = LedgerReview(quarter=quarter, reviewed_on=reviewed_on, reviewed_by="程股长", **{**COUNTS, **counts})
    return [name for name, _ in row.contradictions()]


@pytest.mark.parametrize("month", range(1, 13))
def test_a_quarter_is_named_by_its_first_day(month):
    allowed = month in (1, 4, 7, 10)
    assert fields(date(2019, month, 1), date(2019, 12, 31)) == ([] if allowed else ["quarter"])
    assert fields(date(2019, month, 2), date(2019, 12, 31)) == ["quarter"]


@pytest.mark.parametrize(("day", "refused"), [(31, ["reviewed_on"]), (1, []), (2, [])])
def test_no_review_comes_before_its_quarter(day, refused):
    assert fields(reviewed_on=date(2019, 3 if day == 31 else 4, day)) == refused


@pytest.mark.parametrize("name", ["visited", "corrected"])
@pytest.mark.parametrize(("count", "refused"), [(2, False), (3, False), (4, True)])
def test_no_more_are_visited_or_corrected_than_are_listed(name, count, refused):
    assert fields(**{name: count}) == ([name] if refused else [])
