"""Policy files: what is wrong with one is said; what is right is in force on each row's own day."""

from datetime import date, timedelta

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.policy.entries import PolicyEntry, PolicyError, _checked, read

RIGHT = """
grant:
  title: 某标准
  unit: 元/学期
  source: 某文
  by: [stage, boarding]
  values:
    2016-09-01: {primary: 500, junior: 625}
    2019-09-01:
      primary: {boarder: 500, "*": 250}
      junior: {boarder: 625, "*": 312.5}
      "*": 0.01
"""


@pytest.fixture
def policy_file(tmp_path):
    def write(text):
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def entry(*versions, by=("stage",), unit="人"):
    return PolicyEntry("a.b", "某标准", unit, "某文", by, versions)


def value_on(entry, day, *keys):
    columns = {"day": [day], **{f"k{place}": [key] for place, key in enumerate(keys)}}
    table = ibis.memtable(
        columns, schema={"day": "date", **{f"k{place}": "string" for place in range(len(keys))}}
    )
    value = entry.on(table.day, *(table[f"k{place}"] for place in range(len(keys))))
    return table.select(value=value).to_pyarrow()["value"].to_pylist()[0]


def test_a_file_is_read_with_amounts_in_fen(policy_file):
    grant = read(policy_file(RIGHT), "aid")["grant"]
    assert (grant.key, grant.title, grant.by, grant.is_money, grant.verified) == (
        "aid.grant", "某标准", ("stage", "boarding"), True, True,
    )  # fmt: skip
    assert list(grant.leaves())[:3] == [
        (date(2016, 9, 1), ("primary",), 50_000),
        (date(2016, 9, 1), ("junior",), 62_500),
        (date(2019, 9, 1), ("primary", "boarder"), 50_000),
    ]
    assert grant.values[1][1]["junior"]["*"] == 31_250


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
def test_the_value_in_force_on_the_day_is_chosen(policy_file, day, stage, boarding, fen):
    grant = read(policy_file(RIGHT), "aid")["grant"]
    assert value_on(grant, day and date.fromisoformat(day), stage, boarding) == fen


def test_an_empty_file_holds_no_policy(policy_file):
    assert read(policy_file("# 还没有标准\n"), "aid") == {}


@pytest.mark.parametrize(
    ("was", "instead", "sentence"),
    [
        ("  title: 某标准\n", "", "政策“aid.grant”缺少：title。"),
        ("  source: 某文\n", "", "政策“aid.grant”缺少：source。"),
        ("  unit: 元/学期\n", "", "政策“aid.grant”缺少：unit。"),
        ("2016-09-01", "2016年9月", "施行日期“2016年9月”应写作2019-09-01"),
        ("2016-09-01", "2016-9-1", "施行日期“2016-9-1”应写作2019-09-01"),
        ("2016-09-01", "2016-13-01", "不是正确的YAML"),
        ("2016-09-01", "2016-09-01 08:00:00", "应写作2019-09-01"),
        ("2016-09-01", "2020-09-01", "施行日期应由早到晚，不重复"),
        ("2016-09-01", "2019-09-01", "写了两次"),
        ("primary: 500", "primary: 500.005", "金额500.005元不是整分"),
        ("primary: 500", "primary: 五百", "的值“五百”不是金额"),
        ("primary: 500", "primary: ", "的值“None”不是金额"),
        ("primary: 500", "primary: {boarder: {a: 1}}", "分档层数多于by所列"),
        ("grant:\n", "grant: 某标准\nother:\n", "政策“aid.grant”应写作若干“名称: 内容”"),
        ("title: 某标准", "title: [某标准", "不是正确的YAML"),
        ("primary: 500", "primary: .inf", "不是正确的YAML"),
        (RIGHT, "- 某标准", "policy.yaml（aid）应写作若干“名称: 内容”"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(policy_file, was, instead, sentence):
    assert was in RIGHT
    with pytest.raises(PolicyError) as raised:
        read(policy_file(RIGHT.replace(was, instead, 1)), "aid")
    assert sentence in str(raised.value)


@pytest.mark.parametrize(("values", "sentence"), [("values: 500", "values"), ("values: {}", "values")])
def test_values_without_days_are_said(policy_file, values, sentence):
    text = f"grant: {{title: 某, unit: 人, source: 某, {values}}}"
    with pytest.raises(PolicyError, match=sentence):
        read(policy_file(text), "aid")


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
        held = None
        for first, value in ordered:
            if day is not None and first <= day:
                held = value
        return None if held is None else held.get(stage, held.get("*"))

    days, stages = zip(*rows, strict=True)
    table = ibis.memtable(
        {"place": list(range(len(rows))), "day": list(days), "stage": list(stages)},
        schema={"place": "int64", "day": "date", "stage": "string"},
    )
    found = (
        table.select("place", value=entry(*ordered).on(table.day, table.stage)).order_by("place").to_pyarrow()
    )
    assert found["value"].to_pylist() == [by_hand(*row) for row in rows]


@given(st.decimals(0, 10**7, places=2))
def test_every_amount_in_yuan_is_kept_to_the_fen(amount):
    assert _checked("a.b", amount, 0, money=True) == int(amount * 100)


@given(DAYS, DAYS)
def test_the_clauses_of_a_period_are_those_in_force_on_some_day_of_it(start, end):
    start, end = sorted((start, end))
    versions = tuple((date(year, 9, 1), year) for year in (2005, 2010, 2019))
    held = dict(entry(*versions, by=()).clauses(start, end))
    for first, value in versions:
        later = [day for day, _ in versions if day > first]
        until = min(later) if later else date.max
        assert (first in held) == any(
            first <= day < until for day in (start, end, *(d for d, _ in versions if start <= d <= end))
        )
        assert held.get(first, value) == value
