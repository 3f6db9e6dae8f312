"""A ratio of two figures: the same slice above and below the line."""

from decimal import Decimal

import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import Absence, FigureError, Ratio, catalogue

SPRING, BEFORE = Period.parse("2019H1"), Period.parse("2017H2")


def ratio(top, bottom, unit="%", **kind):
    return Ratio("试验", top=top, bottom=bottom, unit=unit, **kind)


PAID = ratio("aid.registered_poor_amount", "aid.registered_poor_approved_amount")


def test_a_share_is_exact_and_printed_to_one_place(snapshot):
    answer = PAID.at(snapshot, SPRING)
    assert answer.value == Decimal(152_500) / Decimal(225_000) * 100
    assert (answer.number(), answer.text()) == (Decimal("67.8"), "67.8%")
    assert answer.is_money is False


def test_a_slice_applies_above_and_below(snapshot):
    assert PAID.at(snapshot, SPRING, stage="primary").text() == "90%"
    assert PAID.at(snapshot, SPRING, stage="junior").text() == "50%"


def test_it_is_told_for_each_member_that_occurs_below(snapshot):
    assert {a.slice["stage"]: a.text() for a in PAID.per(snapshot, SPRING, "stage")} == {
        "primary": "90%", "junior": "50%",
    }  # fmt: skip
    assert [a.text() for a in PAID.breakdown(snapshot, SPRING, ("stage",))] == ["67.8%", "90%", "50%"]


def test_nothing_below_the_line_is_not_applicable(snapshot):
    answer = ratio("aid.registered_poor_amount", "aid.registered_poor_amount").at(
        snapshot, SPRING, phase="senior"
    )
    assert (answer.value, answer.absence, answer.text()) == (None, Absence.NOT_APPLICABLE, "不适用")


def test_without_data_there_is_none(snapshot):
    assert PAID.at(snapshot, BEFORE).absence == Absence.NO_DATA


def test_a_part_without_data_leaves_the_ratio_without(snapshot):
    some, none = (PAID.top.at(snapshot, period) for period in (SPRING, BEFORE))
    for parts in ((some, none), (none, some)):
        assert PAID.divide(*parts).absence == Absence.NO_DATA


def test_money_for_each_person_is_in_yuan(snapshot):
    answer = ratio("aid.registered_poor_amount", "aid.registered_poor_pupils", "元").at(snapshot, SPRING)
    assert answer.number() == Decimal("508.33")
    assert answer.text() == "508.33元"


def test_its_rows_are_those_above_the_line(snapshot):
    assert PAID.rows(snapshot, SPRING).count == PAID.top.rows(snapshot, SPRING).count == 3


def test_it_divides_by_what_both_figures_have(snapshot):
    mixed = ratio("aid.registered_poor_pupils", "enrolment.pupils")
    assert mixed.by == ("stage", "school")
    assert set(mixed.dimensions(snapshot)) == {"stage", "school"}
    with pytest.raises(FigureError, match="不能按“place”分"):
        mixed.at(snapshot, SPRING, place="district")


def test_it_tells_both_queries_and_the_policy_of_both(snapshot):
    answer = PAID.at(snapshot, SPRING)
    assert answer.sql.count("SELECT") >= 2
    assert "÷" in answer.sql
    assert "aid.listed_rate" in [citation.key for citation in answer.citations]


def test_undecided_rows_of_both_are_told(snapshot):
    assert catalogue.figure("aid.registered_poor_paid_rate").at(snapshot, SPRING).undecided == 0


def test_it_says_what_it_divides():
    assert PAID.definition == "“建档立卡资助金”占“建档立卡应资助金”的比例。"
    assert ratio("a.b", "a.c", definition="自己的话。").definition == "自己的话。"
