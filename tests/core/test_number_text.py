"""Numbers as Chinese text: no digit lost, no rough number that lies."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.core.number_text import STYLES, chinese, chinese_ordinal, percent, separated, write, yuan

SCALES = {"": 2, "万": 6, "亿": 10}
fen = st.integers(min_value=-(10**18), max_value=10**18)
counts = st.integers(min_value=0, max_value=10**9)


def fen_in(text: str) -> int:
    """Read an amount back, by string arithmetic of its own."""
    sign, whole, decimals, scale = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(万|亿|)元", text).groups()
    places = SCALES[scale]
    decimals = (decimals or "").ljust(places, "0")
    assert len(decimals) == places
    return int(f"{sign}{whole}{decimals}")


# One line for each way in which the half-year report writes a number.
@pytest.mark.parametrize(
    ("value", "unit", "style", "text"),
    [
        (1, "个", None, "1个"),
        (49, "个", None, "49个"),
        (0, "个", "none", "无"),
        (2, "场次", None, "2场次"),
        (3, "项", "none", "3项"),
        (Decimal(100), "%", None, "100%"),
        (Decimal("28.1"), "%", None, "28.1%"),
        (Decimal("30.0884955752"), "%", "percent", "30.1%"),
        (4, "届", "nth", "第四届"),
        (5, "届", "nth", "第五届"),
        (10, "届", "nth", "第十届"),
        (11, "届", "nth", "第11届"),
        (25, "届", "nth", "第25届"),
        (1197, "人", None, "1197人"),
        (9196, "名", None, "9196名"),
        (34, "人次", "over", "30余人次"),
        (936, "名", "over", "900余名"),
        (900, "名", "over", "900名"),
        (9196, "名", "over", "9100余名"),
        (7, "名", "over", "7名"),
        (97, "次", "near", "近100次"),
        (100, "次", "near", "100次"),
        (31, "次", "near", "31次"),
        (0, "人", None, "0人"),
        (0, "人", "none short", "无"),
        (350, "人", "bare", "350"),
        (Decimal("30.0884955752"), "%", "bare", "30.1"),
    ],
)
def test_counts_and_shares(value, unit, style, text):
    assert write(value, unit, style) == text


@pytest.mark.parametrize(
    ("amount", "style", "text"),
    [
        ("89000000", "yi", "0.89亿元"),
        ("1148200", None, "114.82万元"),
        ("215250", None, "21.525万元"),
        ("39000", None, "3.9万元"),
        ("13500", None, "1.35万元"),
        ("24000", None, "2.4万元"),
        ("1500", None, "0.15万元"),
        ("146250", None, "14.625万元"),
        ("86500", None, "8.65万元"),
        ("56875", None, "5.6875万元"),
        ("2875", None, "0.2875万元"),
        ("1000", None, "0.1万元"),
        ("999.99", None, "999.99元"),
        ("215250", "yuan", "215250元"),
        ("3000", None, "0.3万元"),
        ("4990700", None, "499.07万元"),
        ("462100", None, "46.21万元"),
        ("111875", None, "11.1875万元"),
        ("226500", None, "22.65万元"),
        ("18550", None, "1.855万元"),
        ("0", None, "0元"),
        ("0", "none", "无"),
        ("0.01", "yi", "0.0000000001亿元"),
        # Running text: at most two decimals of 万元, and what is not zero does not become zero.
        ("215250", "short", "21.53万元"),
        ("18550", "none short", "1.86万元"),
        ("999.99", "short", "999.99元"),
        ("123456789", "short", "1.2346亿元"),
        ("999.99", "short_wan", "0.1万元"),
        ("1", "short_wan", "0.0001万元"),
    ],
)
def test_amounts(amount, style, text):
    assert write(int(Decimal(amount) * 100), "元", style, money=True) == text


@given(fen, st.sampled_from([None, "yuan", "wan", "yi"]))
def test_no_fen_is_lost(amount, style):
    text = write(amount, "元", style, money=True)
    assert fen_in(text) == amount
    assert not re.search(r"\.\d*0(?!\d)", text)


@given(st.integers())
def test_yuan_is_exact(amount):
    assert str(yuan(amount)).replace(".", "").lstrip("-0") == str(abs(amount)).lstrip("0")


@given(counts)
def test_rough_numbers_do_not_lie(count):
    over, near = (re.search(r"\d+", write(count, "人", style)).group() for style in ("over", "near"))
    assert count * 0.5 <= int(over) <= count <= int(near)
    assert ("余" in write(count, "人", "over")) == (int(over) < count)
    assert ("近" in write(count, "人", "near")) == (count < int(near))
    assert int(near) - count <= int(near) / 10


@given(st.decimals(0, 1000, allow_nan=False, places=6))
def test_percent(value):
    shown = percent(value)
    assert abs(shown - value) < Decimal("0.1")
    assert (shown == 100) <= (value >= 100)
    assert write(value, "%") == write(shown, "%")


@given(counts, st.sampled_from([style for style in STYLES if style != "nth"]))
def test_no_exponent_and_no_blank(count, style):
    assert re.fullmatch(
        r"无|近?\d+(\.\d+)?余?[万亿]?(人|名|位|人次|%)|\d+(\.\d+)?", write(count, "人", style)
    )


def test_a_measure_word_for_people_takes_the_place_of_the_unit_of_people_only():
    assert write(12, "人次", "名") == "12名"
    with pytest.raises(ValueError, match="没有“名”这种数字写法"):
        write(12, "所", "名")


@pytest.mark.parametrize(
    ("value", "arguments", "error"),
    [
        (1.5, {}, TypeError),
        (Decimal("1.5"), {"money": True}, TypeError),
        (5, {"style": "about"}, ValueError),
        (Decimal("1.5"), {"style": "over"}, ValueError),
        (150, {"style": "near", "money": True}, ValueError),
        (0, {"style": "nth"}, ValueError),
    ],
)
def test_what_cannot_be_written_is_refused(value, arguments, error):
    with pytest.raises(error):
        write(value, "元", **arguments)


def test_numerals():
    assert " ".join(map(chinese, (1, 9, 10, 11, 20, 21, 99))) == "一 九 十 十一 二十 二十一 九十九"
    assert chinese_ordinal(3) == "第三"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("99.96", "99.9"), ("100.04", "100.1"), ("0.04", "0.1"), ("100", "100.0"), ("0", "0.0")],
)
def test_what_is_not_all_or_nothing_is_not_told_as_all_or_nothing(value, shown):
    assert percent(Decimal(value)) == Decimal(shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("999人", "999人"),
        ("1000人", "1,000人"),
        ("减少14909人", "减少14,909人"),
        ("12345678元", "12,345,678元"),
        ("-1234.56789万元", "-1,234.56789万元"),
        ("0.12345", "0.12345"),
        ("2019年上半年", "2019年上半年"),
        ("无数据", "无数据"),
    ],
)
def test_thousands_are_separated_and_years_are_not(text, expected):
    assert separated(text) == expected
