"""Entries of policy: on each row's own day the value in force is chosen."""

import json
from datetime import date, timedelta

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.policy import PolicyError
from xuezheng.policy.entries import PolicyEntry, Version, from_json, in_force, to_json

THREE = [(date(2016, 9, 1), "first"), (date(2019, 9, 1), "second"), (date(2022, 9, 1), "third")]


@pytest.mark.parametrize(
    ("start", "end", "values"),
    [
        (date(2019, 1, 1), date(2019, 8, 31), ["first"]),
        (date(2019, 1, 1), date(2019, 9, 1), ["first", "second"]),
        (date(2019, 8, 31), date(2019, 9, 1), ["first", "second"]),
        (date(2019, 9, 1), date(2019, 9, 1), ["second"]),
        (date(2016, 8, 1), date(2016, 8, 31), []),
        (date(2030, 1, 1), date(2030, 1, 2), ["third"]),
    ],
)
def test_the_versions_of_a_stretch_are_those_in_force_on_some_day_of_it(start, end, values):
    assert [value for _, value in in_force(THREE, start, end)] == values


GRANT = (
    (date(2016, 9, 1), {"primary": 50_000, "junior": 62_500}),
    (date(2019, 9, 1), {"primary": {"boarder": 50_000, "*": 25_000}, "junior": {"boarder": 62_500, "*": 31_250}, "*": 1}),
)  # fmt: skip


def entry(*versions, by=("stage",), unit="人"):
    return PolicyEntry(
        "a.b", "某标准", unit, by, tuple(Version(first, value, "某文", "A") for first, value in versions)
    )


def value_on(entry, day, *keys):
    columns = {"day": [day], **{f"k{place}": [key] for place, key in enumerate(keys)}}
    table = ibis.memtable(
        columns, schema={"day": "date", **{f"k{place}": "string" for place in range(len(keys))}}
    )
    value = entry.on(table.day, *(table[f"k{place}"] for place in range(len(keys))))
    return table.select(value=value).to_pyarrow()["value"].to_pylist()[0]


@pytest.mark.parametrize(
    ("day", "stage", "boarding", "fen"),
    [
        ("2016-08-31", "primary", "day", None),
        ("2016-09-01", "primary", "day", 50_000),
        ("2019-08-31", "junior", "boarder", 62_500),
        ("2019-09-01", "junior", "boarder", 62_500),
        ("2019-09-01", "junior", "day", 31_250),
        ("2019-09-01", "junior", None, 31_250),
        ("2099-01-01", "senior", "day", 1),
        ("2018-01-01", "senior", "day", None),
        ("2018-01-01", None, "day", None),
        (None, "primary", "day", None),
    ],
)
def test_the_value_in_force_on_the_day_is_chosen(day, stage, boarding, fen):
    grant = entry(*GRANT, by=("stage", "boarding"))
    assert value_on(grant, day and date.fromisoformat(day), stage, boarding) == fen


def test_a_rule_that_gives_the_wrong_number_of_keys_is_told():
    with pytest.raises(PolicyError, match="按stage分档，规则给了0个键"):
        value_on(entry((date(2019, 1, 1), {"a": 1})), date(2019, 1, 1))


def test_a_key_may_be_a_number_column():
    told = entry((date(2019, 1, 1), {"1": 10, "2": 20, "*": 30}), by=("grade",))
    table = ibis.memtable({"day": [date(2019, 2, 1)] * 3, "grade": [1, 2, 3]})
    assert table.select(value=told.on(table.day, table.grade)).to_pyarrow()["value"].to_pylist() == [
        10,
        20,
        30,
    ]


DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
STAGES = st.sampled_from(["primary", "junior", "senior"])


@settings(max_examples=30)
@given(
    versions=st.dictionaries(DAYS, st.dictionaries(st.one_of(STAGES, st.just("*")), st.integers(0, 10**6), min_size=1), min_size=1, max_size=5),
    rows=st.lists(st.tuples(st.one_of(st.none(), DAYS), st.one_of(st.none(), STAGES)), min_size=1, max_size=30),
    edges=st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 1), STAGES), max_size=10),
)  # fmt: skip
def test_a_set_of_rows_gives_what_a_loop_over_them_gives(versions, rows, edges):
    ordered = sorted(versions.items())
    rows += [
        (ordered[place % len(ordered)][0] + timedelta(days=shift), stage) for place, shift, stage in edges
    ]

    def by_hand(day, stage):
        in_period = None
        for first, value in ordered:
            if day is not None and first <= day:
                in_period = value
        return None if in_period is None else in_period.get(stage, in_period.get("*"))

    days, stages = zip(*rows, strict=True)
    table = ibis.memtable(
        {"place": list(range(len(rows))), "day": list(days), "stage": list(stages)},
        schema={"place": "int64", "day": "date", "stage": "string"},
    )
    found = (
        table.select("place", value=entry(*ordered).on(table.day, table.stage)).order_by("place").to_pyarrow()
    )
    assert found["value"].to_pylist() == [by_hand(*row) for row in rows]


@given(DAYS, DAYS)
def test_the_clauses_of_a_period_are_those_in_force_on_some_day_of_it(start, end):
    start, end = sorted((start, end))
    versions = tuple((date(year, 9, 1), year) for year in (2005, 2010, 2019))
    in_period = dict(in_force(versions, start, end))
    for first, value in versions:
        later = [day for day, _ in versions if day > first]
        until = min(later) if later else date.max
        assert (first in in_period) == any(
            first <= day < until for day in (start, end, *(d for d, _ in versions if start <= d <= end))
        )
        assert in_period.get(first, value) == value


VALUES = st.recursive(
    st.integers(-(10**9), 10**9)
    | st.decimals(-1000, 1000, places=2)
    | st.sampled_from(["小于", "first", "29", "02"]),
    lambda below: st.dictionaries(st.sampled_from(["primary", "boarder", "*"]), below, min_size=1),
)


@given(VALUES)
def test_a_value_comes_back_from_json_as_it_was(value):
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_the_source_and_the_doubt_of_an_entry_are_those_of_its_versions():
    versions = [
        Version(date(2016, 9, 1), 1, "甲文", "A"),
        Version(date(2019, 9, 1), 2, "乙文", "C"),
        Version(date(2020, 9, 1), 3, "甲文", "B"),
    ]
    known = PolicyEntry("a.b", "某标准", "人", (), tuple(versions))
    assert (known.source, known.verified) == ("甲文；乙文", False)
    assert known.version(date(2016, 8, 31)) is None
    assert [known.version(day).value for day in (date(2019, 8, 31), date(2019, 9, 1), date(2099, 1, 1))] == [
        1,
        2,
        3,
    ]


def test_a_matter_without_versions_gives_no_value():
    assert in_force((), date(2019, 1, 1), date(2019, 12, 31)) == []
    assert value_on(entry(by=()), date(2019, 1, 1)) is None
    assert entry(by=()).value(date(2019, 1, 1)) is None
