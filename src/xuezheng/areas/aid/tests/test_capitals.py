"""Amounts in capitals, by cases of the banks' rule and by reading them back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.aid.procedures.capitals import MOST, capitals

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_group(text):
    total = 0
    for digit, place in re.findall("([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", text):
        total += DIGITS[digit] * PLACES.get(place, 1)
    return total


def read(text):
    """The fen that capitals stand for: the reverse of what is tested, by another method."""
    yuan, rest = text.split("元") if "元" in text else ("", text)
    groups = re.fullmatch("(?:(.*)亿)?(?:(.*)万)?(.*)", yuan)
    integer = sum(
        read_group(part or "") * 10**order for part, order in zip(groups.groups(), (8, 4, 0), strict=True)
    )
    tenths, hundredths = re.search("(.)角", rest), re.search("(.)分", rest)
    return integer * 100 + sum(
        DIGITS[match[1]] * worth for match, worth in ((tenths, 10), (hundredths, 1)) if match
    )


def test_less_than_a_million_million_yuan_is_written_and_no_more():
    assert capitals(10**14 - 1).startswith("玖仟玖佰玖拾玖亿")
    for fen in (10**14, -1):
        with pytest.raises(ValueError, match="不能写成大写金额"):
            capitals(fen)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (55, "伍角伍分"),
        (100, "壹元整"),
        (105, "壹元零伍分"),
        (1000, "壹拾元整"),
        (31250, "叁佰壹拾贰元伍角整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10_0000_00, "壹拾万元整"),
        (10_0001_00, "壹拾万零壹元整"),
        (1010_0000_00, "壹仟零壹拾万元整"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0000_0001_00, "壹亿零壹元整"),
        (1_0001_0000_00, "壹亿零壹万元整"),
        (2005_0060_0700_89, "贰仟零伍亿零陆拾万零柒佰元捌角玖分"),
        (MOST, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_known_amounts(fen, text):
    assert capitals(fen) == text
    assert read(text) == fen


@given(st.integers(0, MOST) | st.integers(0, 10**7) | st.sampled_from([10**n for n in range(14)]))
def test_capitals_are_read_back_as_the_same_amount(fen):
    text = capitals(fen)
    assert read(text) == fen
    assert "零零" not in text
    assert not re.search("零[元万亿角分]", text.replace("零元整", "") if fen == 0 else text)
    assert text.endswith(("整", "分"))


@pytest.mark.parametrize("fen", [-1, MOST + 1])
def test_what_no_paper_states_is_refused(fen):
    with pytest.raises(ValueError, match="大写"):
        capitals(fen)
