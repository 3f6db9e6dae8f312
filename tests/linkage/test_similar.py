"""What no number tells, is weighed."""

from datetime import date

import pytest

from xuezheng.linkage.similar import _CONDITIONS, weights
from xuezheng.records.identifiers import id_check_digit


def number(order, born="20100301"):
    first = f"990101{born}{order:03d}"
    return first + id_check_digit(first)


BORN = date(2010, 3, 1)
# Enough others that the names of the first two are as rare as names are.
CROWD = [
    (f"{surname}{first}{second}", number(order, f"20{order % 9 + 5:02}0{order % 9 + 1}1{order % 9}"))
    for order, (surname, first, second) in enumerate(
        ((s, f, g) for s in "赵钱孙周吴郑冯陈" for f in "一二三四五六七八" for g in "甲乙丙丁"), 10
    )
]
PEOPLE = [("王子涵", number(3)), ("李思远", number(5)), *CROWD]


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("王子涵", BORN),
        ("王梓涵", BORN),
        ("王子晨", BORN),
        ("王子涵", date(2010, 1, 3)),
        ("王子涵", date(2011, 3, 1)),
        ("王子涵", date(2010, 1, 25)),
    ],
)
def test_a_row_without_number_is_found_by_name_day_and_school(one, name, born):
    told = one(PEOPLE, name, None, born, "云岭小学")
    assert (told.reason, *told.candidates) == ("similar", 1)


@pytest.mark.parametrize(
    ("name", "born"),
    [("王大壮", BORN), ("王子涵", date(2004, 9, 9)), ("覃小满", date(2010, 3, 1)), ("王子涵", None)],
)
def test_a_row_that_is_only_a_little_alike_is_nobody_for_sure(one, name, born):
    assert one(PEOPLE, name, None, born).reason in ("doubtful", "nobody")


def test_of_twins_the_name_decides(one):
    twins = [("王子涵", number(3)), ("王子萱", number(5)), *CROWD]
    told = one(twins, "王子萱", None, BORN, "云岭小学")
    assert (told.reason, *told.candidates) == ("similar", 2)


def test_two_of_one_name_and_day_are_not_guessed(one):
    twins = [("王子涵", number(3)), ("王子涵", number(5)), *CROWD]
    told = one(twins, "王子涵", None, BORN, "云岭小学")
    assert (told.reason, set(told.candidates)) == ("several", {1, 2})


@pytest.mark.parametrize("guardian", ["王建国", "王建帼"])
def test_a_guardian_told_before_makes_surer(one, guardian):
    told, untold = (
        one(PEOPLE, "王梓涵", None, date(2010, 8, 9), guardian=it).candidates.get(1, 0)
        for it in (guardian, None)
    )
    assert told > untold


def test_the_number_of_a_parent_does_not_hinder(one):
    told = one(PEOPLE, "王子涵", number(7, "19820505"), BORN, "云岭小学")
    assert (told.reason, *told.candidates) == ("similar", 1)


def test_somebody_elses_own_number_weighs_against(one):
    with_own = one(PEOPLE, "王梓涵", number(777), BORN, sex="male")
    without = one(PEOPLE, "王梓涵", None, BORN, sex="male")
    assert max(with_own.candidates.values()) < max(without.candidates.values())


def test_the_weights_of_a_comparison_add_up_and_say_why():
    for name, levels in weights().items():
        assert sum(told["m"] for told in levels.values()) == pytest.approx(1)
        # The likeliest names are told by their own frequency, so the mean u of the first level may be off a little.
        assert sum(told["u"] for told in levels.values()) == pytest.approx(1, abs=0.01)
        assert all(told["why"].endswith("。") for told in levels.values())
        assert {*_CONDITIONS[name]} - {"null"} == {*levels} - {"other"}


def test_no_people_or_no_rows_left_find_nobody(one):
    assert one([], "王子涵", number(3), BORN).reason == "nobody"
    assert one(PEOPLE, "·", None, BORN).reason == "nobody"
