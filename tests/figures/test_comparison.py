"""What is called better or worse: only a difference of a figure of which all agree which values are the better ones."""

from decimal import Decimal

import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.answers import Absence, Answer
from xuezheng.figures.comparison import NOT_ALIKE, Change


def answer(value, absence=None):
    return Answer("a.b", "率", "%", Period.parse("2019H1"), {}, "", value, absence, 1, 0, "", "")


@pytest.mark.parametrize(
    ("old", "new", "better", "expected"),
    [
        ("50", "50.1", "higher", True),
        ("50", "49.9", "higher", False),
        ("50", "50.1", "lower", False),
        ("50", "49.9", "lower", True),
        ("50", "50", "higher", None),
        ("50", "50.04", "lower", None),  # shown as 50%, like the old one
        ("50", "60", None, None),
    ],
)
def test_a_change_is_good_or_bad_by_the_direction_of_its_figure(old, new, better, expected):
    change = Change(answer(Decimal(old)), answer(Decimal(new)), better=better)
    assert change.is_better is expected


def test_what_cannot_be_compared_is_neither_good_nor_bad():
    old, new = answer(Decimal(50)), answer(Decimal(60))
    assert Change(old, new, reason=NOT_ALIKE, better="higher").is_better is None
    assert Change(answer(None, Absence.NO_DATA), new, better="higher").is_better is None
    assert Change(None, new, better="higher").is_better is None


def test_what_all_agree_on_is_declared():
    figures = catalogue.figures()
    assert figures["health.myopia_rate"].better == "lower"
    assert figures["safety.hazard_closed_rate"].better == "higher"
    assert figures["enrolment.pupils"].better is None
    shares = [figure for figure in figures.values() if figure.label.endswith(("整改率", "达标率", "完成率"))]
    assert {figure.better for figure in shares} == {"higher"}
