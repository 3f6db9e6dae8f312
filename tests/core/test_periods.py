"""Periods, as the bureau writes and speaks of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.core.periods import Period

YEARS = st.integers(1950, 2100)
MONTHS = st.tuples(YEARS, st.integers(1, 12)).map(lambda pair: f"{pair[0]}-{pair[1]:02}")
WHOLE = st.one_of(
    YEARS.map(str),
    st.tuples(YEARS, st.sampled_from(["H1", "H2", "春", "秋"])).map(lambda pair: f"{pair[0]}{pair[1]}"),
    YEARS.map(lambda year: f"{year}-{year + 1}"),
)
SPANS = st.tuples(MONTHS, MONTHS).map(lambda pair: "..".join(sorted(pair)))
KEYS = st.one_of(WHOLE, MONTHS, SPANS)


@pytest.mark.parametrize(
    ("key", "label", "start", "end", "terms", "school_year"),
    [
        ("2019H1", "2019年上半年", "2019-01-01", "2019-06-30", ("2019春",), "2018-2019"),
        ("2019H2", "2019年下半年", "2019-07-01", "2019-12-31", ("2019秋",), "2019-2020"),
        ("2019", "2019年", "2019-01-01", "2019-12-31", ("2019春", "2019秋"), "2019-2020"),
        ("2019春", "2019年春季学期", "2019-02-01", "2019-08-31", ("2019春",), "2018-2019"),
        ("2019秋", "2019年秋季学期", "2019-09-01", "2020-01-31", ("2019秋",), "2019-2020"),
        ("2018-2019", "2018-2019学年", "2018-09-01", "2019-08-31", ("2018秋", "2019春"), "2018-2019"),
        ("2019-05", "2019年5月", "2019-05-01", "2019-05-31", (), "2018-2019"),
        ("2020-02", "2020年2月", "2020-02-01", "2020-02-29", (), "2019-2020"),
        ("2019-01..2019-05", "2019年1月—5月", "2019-01-01", "2019-05-31", ("2019春",), "2018-2019"),
        ("2019-09-01", "2019年9月1日", "2019-09-01", "2019-09-01", (), "2019-2020"),
        ("2019-08-31", "2019年8月31日", "2019-08-31", "2019-08-31", (), "2018-2019"),
        ("2018-09..2019-08", "2018年9月—2019年8月", "2018-09-01", "2019-08-31", ("2018秋", "2019春"), "2018-2019"),
    ],
)  # fmt: skip
def test_a_key_is_read(key, label, start, end, terms, school_year):
    period = Period.parse(key)
    assert (period.key, period.label) == (key, label)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert set(period.terms) == set(terms)
    assert period.school_year == school_year


@pytest.mark.parametrize(
    "key",
    ["", "2019H3", "19H1", "2019冬", "2018-2020", "2019-2018", "2019-13", "2019-05..2019-01", "2019-02-29", "2019-1-01", "2019-02-28..2019-03-01", "2019H1 ", "明年", "２０１９"],
)  # fmt: skip
def test_what_is_no_period_is_said_with_the_forms_that_are(key):
    with pytest.raises(ValueError, match="请写作 2019H1") as raised:
        Period.parse(key)
    assert f"“{key}”" in str(raised.value)


@given(KEYS)
def test_a_period_ends_after_it_starts_and_keeps_its_key(key):
    period = Period.parse(key)
    assert period.start <= period.end
    assert period.key == key or ".." in key


@given(WHOLE)
def test_the_previous_period_is_of_the_same_kind_and_lies_before(key):
    period = Period.parse(key)
    before = period.previous()
    assert before.end < period.start
    assert len(before.key) == len(key)
    if key[-1] != "春":
        # The winter holiday of January belongs to the autumn term.
        assert before.end + timedelta(days=1) == period.start or key[-1] == "秋"


@given(st.one_of(MONTHS, SPANS))
def test_the_months_before_are_as_many_and_end_the_day_before(key):
    period = Period.parse(key)
    before = period.previous()
    assert before.end + timedelta(days=1) == period.start
    months = [p.end.year * 12 + p.end.month - p.start.year * 12 - p.start.month for p in (period, before)]
    assert months[0] == months[1]


@given(st.dates(date(1950, 1, 2), date(2100, 12, 31)))
def test_before_a_day_comes_the_day_before(day):
    before = Period.parse(day.isoformat()).previous()
    assert before.start == before.end == day - timedelta(days=1)


@given(YEARS)
def test_every_term_belongs_to_one_half_year_one_year_and_one_school_year(year):
    halves = [Period.parse(f"{year}{half}").terms for half in ("H1", "H2")]
    assert halves == [(f"{year}春",), (f"{year}秋",)]
    assert set(Period.parse(str(year)).terms) == {f"{year}春", f"{year}秋"}
    assert set(Period.parse(f"{year}-{year + 1}").terms) == {f"{year}秋", f"{year + 1}春"}


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_the_school_year_holds_the_last_day(day):
    school_year = Period.parse(Period.parse(f"{day:%Y-%m}").school_year)
    assert school_year.start <= day <= school_year.end


@given(WHOLE)
def test_a_period_is_equal_to_itself_and_can_be_a_key(key):
    assert {Period.parse(key): key}[Period.parse(key)] == key
