"""Matters of policy: what is wrong with a declaration or a value is reported with its place."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.policy.declarations import Matter, PolicyError, matter, read_day, read_matters

RIGHT = """
grant:
  title: 某标准
  unit: 元/学期
  by: [stage, boarding]
limit: {title: 某界限, unit: 人, by: stage}
"""


def test_a_file_declares_matters():
    matters = read_matters(RIGHT, "aid")
    assert matters["grant"] == Matter("aid.grant", "某标准", "元/学期", ("stage", "boarding"))
    assert (matters["grant"].is_money, matters["limit"].is_money, matters["limit"].by) == (
        True,
        False,
        ("stage",),
    )
    assert read_matters("# 还没有\n", "aid") == {}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("  title: 某标准\n", "", "政策“aid.grant”缺少：title。"),
        ("  unit: 元/学期\n", "", "政策“aid.grant”缺少：unit。"),
        ("  by: [stage", "  values: {2016-09-01: 5}\n  by: [stage", "写了values：标准的值写在政策包里"),
        ("limit: {", "limit: 某标准\nother: {", "政策“aid.limit”应写作若干“名称: 内容”"),
        ("limit: {", "grant: {", "“grant”写了两次"),
        ("title: 某标准", "title: [某标准", "不是正确的YAML"),
        (RIGHT, "- 某标准", "policy.yaml（aid）应写作若干“名称: 内容”"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_reported(before, after, sentence):
    assert before in RIGHT
    with pytest.raises(PolicyError) as raised:
        read_matters(RIGHT.replace(before, after, 1), "aid")
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (Decimal("500.005"), "金额500.005元不是整分"),
        ("五百", "的值“五百”不是金额"),
        (None, "的值“None”不是金额"),
        (True, "的值“True”不是金额"),
        ({"primary": {"boarder": {"a": 1}}}, "分档层数多于by所列"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(value, sentence):
    with pytest.raises(PolicyError, match=sentence):
        read_matters(RIGHT, "aid")["grant"].check(value)


@given(st.decimals(0, 10**7, places=2))
def test_every_amount_in_yuan_is_kept_to_the_fen(amount):
    assert Matter("a.b", "某标准", "元").check(amount) == int(amount * 100)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (date(2024, 1, 1), date(2024, 1, 1)),
        ("2024H1", date(2024, 2, 1)),
        ("2024H2", date(2024, 8, 1)),
    ],
)
def test_a_first_day_is_a_day_or_the_earliest_of_a_term(written, day):
    assert read_day("aid.grant", written) == day


@pytest.mark.parametrize("written", ["2024", "2024H3", "24H1", "2024年", 2024, None, "2024-13-01"])
def test_a_first_day_that_is_neither_is_refused(written):
    with pytest.raises(PolicyError, match="应写作日期2019-09-01，或学期2019H2"):
        read_day("aid.grant", written)


@pytest.mark.parametrize("key", ["aid.nothing", "nothing.boarder", "aid", "", "plans", "../aid.boarder"])
def test_an_unknown_matter_is_refused(key):
    with pytest.raises(PolicyError, match="没有政策"):
        matter(key)
