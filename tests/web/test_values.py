"""Numbers on pages: thousands separated, amounts rounded to two decimals with the exact value beside."""

import re

import pytest

from xuezheng.core.periods import Period
from xuezheng.figures.answers import Absence, Answer
from xuezheng.web.ui import values

FIGURE = "/figures/aid.registered_poor_amount/?period=2019H1"


def answer(value, unit="元", is_money=True, absence=None):
    return Answer("a.b", "数", unit, Period.parse("2019H1"), {}, "", value, absence, 1, 0, "", "", is_money=is_money)  # fmt: skip


@pytest.mark.parametrize(
    ("fen", "shown", "exact"),
    [
        (99_999, "999.99元", ""),
        (100_000, "0.1万元", ""),
        (215_250_00, "21.53万元", "215,250元"),
        (215_300_00, "21.53万元", ""),
        (12_345_678_901, "1.2346亿元", "123,456,789.01元"),
        (-123_456_789, "-123.46万元", "-1,234,567.89元"),
    ],
)
def test_an_amount_is_shown_with_two_decimals_and_is_exact_on_demand(fen, shown, exact):
    assert values.shown(answer(fen)) == shown
    assert values.exact(answer(fen)) == exact


def test_counts_have_separators_and_nothing_is_said_of_what_is_missing():
    assert values.shown(answer(14909, "人", is_money=False)) == "14,909人"
    assert values.exact(answer(14909, "人", is_money=False)) == ""
    missing = answer(None, absence=Absence.NO_DATA)
    assert values.shown(missing) == "无数据"
    assert values.exact(missing) == ""


def test_a_page_shows_the_exact_value_where_it_rounds(as_user, snapshot):
    html = as_user("aid").get(FIGURE).content.decode()
    number = re.search(r'xz-number-big my-1">(.*?)</div>', html, re.DOTALL).group(1)
    assert number.strip() == "0.15万元"
    assert "精确值" not in html
