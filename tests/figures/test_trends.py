"""A figure through time: what each period knows, and how it changed."""

from dataclasses import replace

import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.comparison import Change, changes
from xuezheng.figures.trends import NOT_KEPT, point, trend
from xuezheng.snapshots import snapshot as snapshots

H1, H2, BEFORE = (Period.parse(key) for key in ("2019H1", "2019H2", "2017H1"))


@pytest.fixture
def figure(snapshot, monkeypatch):
    """Look a figure up; the small district's snapshot, of January 2020, is the only one there is."""
    monkeypatch.setattr(snapshots, "ids", lambda: [snapshot.id])
    return catalogue.figure


def test_what_stood_on_a_day_is_told_by_a_snapshot_of_that_time_only(figure):
    found = trend(figure("enrolment.pupils"), [BEFORE, H1, H2], {})
    assert [it.text for it in found] == [NOT_KEPT, NOT_KEPT, "63人"]
    assert [it.known for it in found] == [False, False, True]


def test_what_belongs_to_a_period_is_told_by_any_later_snapshot_and_a_gap_is_no_nought(figure):
    found = trend(figure("aid.registered_poor_pupils"), [BEFORE, H1, H2], {})
    assert [(it.text, it.known) for it in found] == [("无数据", False), ("3人", True), ("2人", True)]


def test_a_period_that_was_not_over_says_so(figure):
    assert point(figure("enrolment.pupils"), Period.parse("2020H1"), {}).so_far
    assert not point(figure("enrolment.pupils"), H2, {}).so_far


def test_a_part_that_a_period_does_not_know_has_no_answer(figure):
    found = point(figure("aid.registered_poor_pupils"), H1, {"phase": "no such"})
    assert (found.answer, found.text) == (None, "当期没有这一项")


def test_members_of_either_period_are_compared(figure):
    found = changes(figure("aid.registered_poor_pupils"), H1, H2, {}, "place")
    assert {name: (it.text, it.old is None, it.new is None) for name, it in found.items()} == {
        "district": ("持平", False, False),
        "outside": ("", False, True),
    }


def test_a_change_is_told_in_the_unit_of_its_figure(figure):
    answer = point(figure("aid.registered_poor_pupils"), H1, {}).answer
    fewer = replace(answer, value=2)
    assert (Change(answer, fewer).text, Change(answer, fewer).rate) == ("减少1人", "-33.3%")
    assert (Change(fewer, fewer).text, Change(fewer, fewer).rate) == ("持平", "")
    share, larger = (replace(answer, unit="%", value=value) for value in (10, 12))
    assert (Change(share, larger).text, Change(share, larger).rate) == ("上升2个百分点", "")
    money, more = (replace(answer, unit="元", is_money=True, value=value) for value in (100_00, 150_50))
    assert (Change(money, more).text, Change(money, more).rate) == ("增加50.5元", "+50.5%")
    assert Change(replace(money, value=0), more).rate == ""
    one, two = (replace(answer, value=value) for value in (1, 2))
    assert (Change(one, two).rate, Change(two, one).rate) == ("+100%", "-50%")
    assert (Change(None, answer).text, Change(replace(answer, value=0), answer).rate) == ("", "")
