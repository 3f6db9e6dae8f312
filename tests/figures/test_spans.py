"""How a period selects rows, at its edges."""

from datetime import date

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.core.periods import Period
from xuezheng.figures import NOW, SCHOOL_YEAR, TERM, YEAR, flow, stock, year_so_far

MAY = Period.parse("2019-05")
DAYS = st.one_of(st.none(), st.dates(date(2019, 4, 28), date(2019, 6, 3)))


def chosen(span, period, rows, kinds):
    numbered = [{**dict(zip(kinds, row, strict=True)), "place": place} for place, row in enumerate(rows)]
    table = ibis.memtable(numbered, schema={**kinds, "place": "int64"})
    return sorted(table.filter(span.select(table, period)).place.to_pyarrow().to_pylist())


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2019-04-30", False), ("2019-05-01", True), ("2019-05-31", True), ("2019-06-01", False), (None, False)],
)
def test_a_flow_counts_from_the_first_day_to_the_last(day, counts):
    row = (day and date.fromisoformat(day),)
    assert bool(chosen(flow("day"), MAY, [row], {"day": "date"})) == counts


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        ("2019-05-31", None, True),
        ("2019-06-01", None, False),
        ("2019-05-01", "2019-05-30", False),
        ("2019-05-01", "2019-05-31", False),
        ("2019-05-01", "2019-06-01", True),
        (None, None, False),
    ],
)
def test_a_stock_counts_who_has_come_by_the_last_day_and_has_not_left_by_it(since, until, counts):
    row = tuple(day and date.fromisoformat(day) for day in (since, until))
    assert bool(chosen(stock("since", "until"), MAY, [row], {"since": "date", "until": "date"})) == counts


@pytest.mark.parametrize(
    ("until", "ended", "counts"),
    [
        (None, None, True),
        ("2019-06-01", "2019-06-01", True),
        ("2019-05-31", "2019-06-01", False),
        ("2019-06-01", "2019-05-31", False),
        (None, "2019-05-31", False),
    ],
)
def test_a_stock_that_may_be_over_in_two_ways_counts_what_is_over_in_neither(until, ended, counts):
    row = tuple(day and date.fromisoformat(day) for day in ("2019-05-01", until, ended))
    kinds = {"since": "date", "until": "date", "ended": "date"}
    assert bool(chosen(stock("since", "until", "ended"), MAY, [row], kinds)) == counts


@pytest.mark.parametrize(
    ("through", "counts"), [(None, True), ("2019-06-01", True), ("2019-05-31", True), ("2019-05-30", False)]
)
def test_a_stock_counts_on_the_last_day_through_which_a_row_stands(through, counts):
    row = tuple(day and date.fromisoformat(day) for day in ("2019-05-01", through))
    kinds = {"since": "date", "last": "date"}
    assert bool(chosen(stock("since", through="last"), MAY, [row], kinds)) == counts


@settings(max_examples=25)
@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=30))
def test_spans_select_what_a_loop_selects(rows):
    kinds = {"since": "date", "until": "date"}
    assert chosen(flow("since"), MAY, rows, kinds) == [
        place for place, (since, _) in enumerate(rows) if since and MAY.start <= since <= MAY.end
    ]
    assert chosen(stock("since", "until"), MAY, rows, kinds) == [
        place
        for place, (since, until) in enumerate(rows)
        if since and since <= MAY.end and (until is None or until > MAY.end)
    ]
    assert chosen(stock("since"), MAY, rows, kinds) == [
        place for place, (since, _) in enumerate(rows) if since and since <= MAY.end
    ]


@pytest.mark.parametrize(
    ("key", "terms"),
    [
        ("2019H1", ["2019春"]),
        ("2019", ["2019春", "2019秋"]),
        ("2018-2019", ["2018秋", "2019春"]),
        ("2019-05", []),
    ],
)
def test_a_term_span_counts_the_terms_of_the_period(key, terms):
    rows = [("2018秋",), ("2019春",), ("2019秋",), (None,)]
    found = chosen(TERM, Period.parse(key), rows, {"term_code": "string"})
    assert [rows[place][0] for place in found] == terms


@pytest.mark.parametrize(
    ("key", "year"), [("2019H1", "2018-2019"), ("2019H2", "2019-2020"), ("2019-08", "2018-2019")]
)
def test_a_school_year_span_counts_the_year_that_holds_the_last_day(key, year):
    rows = [("2018-2019",), ("2019-2020",)]
    found = chosen(SCHOOL_YEAR, Period.parse(key), rows, {"school_year": "string"})
    assert [rows[place][0] for place in found] == [year]


def test_a_register_without_days_counts_as_it_is():
    assert chosen(NOW, MAY, [(None,), (date(2030, 1, 1),)], {"day": "date"}) == [0, 1]


def test_each_span_says_what_its_days_are():
    """Which rules of policy may be behind a number follows from it: those of the period, or all up to its end."""
    spans = (flow("day"), stock("day"), year_so_far("day"), TERM, SCHOOL_YEAR, YEAR, NOW)
    assert [(span.dated, span.flows, span.on_last_day) for span in spans] == [
        (True, True, False), (True, False, True), (True, False, False), (True, True, False), (True, False, False), (True, False, False), (False, True, False),
    ]  # fmt: skip
    assert year_so_far("day").rule_days(MAY, date(2030, 1, 1)) == (date.min, MAY.end)
    assert flow("day").rule_days(MAY, date(2030, 1, 1)) == (MAY.start, MAY.end)
