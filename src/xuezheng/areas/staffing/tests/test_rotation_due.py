"""Who is due: at the limit, a day before and a day after, in service that is broken, near retirement, exempt, and in the coming years."""

from datetime import date

import pytest

from xuezheng.areas.staffing.models import RotationExemption, TeachingSubject
from xuezheng.areas.staffing.procedures.due import Post, days_of, list_due, tenure_on
from xuezheng.policy.current import recorded
from xuezheng.records.models import School, StaffMember
from xuezheng.snapshots.manifest import policy_entries

DAY = date(2020, 8, 31)


def due(day=DAY, **where):
    return {line.name: line for line in list_due(day, **where)}


@pytest.mark.parametrize(
    ("first", "years", "expected"),
    [("2014-08-31", 6, True), ("2014-09-01", 6, True), ("2014-09-02", 5, False)],
)
def test_a_teacher_is_due_at_six_full_years(employ, first, years, expected):
    employ(1, (1, "teacher", first))
    line = due()["教师01"]
    assert (line.years, line.due, line.limit) == (years, expected, 6)
    assert ("达到规定的6年" in line.reason) == expected
    # One day earlier, or later, the same post counts a day less, or more.
    assert due(date(2020, 8, 30))["教师01"].due == (first == "2014-08-31")
    assert due(date(2020, 9, 1))["教师01"].due


@pytest.mark.parametrize(("first", "expected"), [("2014-09-01", True), ("2014-09-02", False)])
@pytest.mark.parametrize("post", ["head", "vice_head"])
def test_a_head_is_due_after_two_terms_in_the_post(employ, post, first, expected):
    employ(1, (1, "teacher", "2001-09-01", "2014-08-31"), (1, post, first), subject="")
    assert due()["教师01"].due == expected


def test_years_as_vice_head_count_where_policy_says_so(employ):
    employ(
        1,
        (1, "teacher", "2008-09-01", "2013-08-31"),
        (1, "vice_head", "2013-09-01", "2017-08-31"),
        (1, "head", "2017-09-01"),
        subject="",
    )
    assert (due()["教师01"].years, due()["教师01"].due) == (3, False)
    switched = policy_entries(["staffing.vice_head_counts"])
    switched["staffing.vice_head_counts"]["values"][0][1] = 1
    with recorded(switched):
        assert (due()["教师01"].years, due()["教师01"].due) == (7, True)


def test_service_elsewhere_breaks_the_years_and_another_post_at_the_school_does_not():
    posts = [
        Post(1, "teacher", date(2001, 9, 1), date(2010, 8, 31)),
        Post(2, "teacher", date(2010, 9, 1), date(2011, 8, 31)),
        Post(1, "clerk", date(2011, 9, 1), date(2016, 8, 31)),
        Post(1, "teacher", date(2016, 9, 1)),
    ]
    assert tenure_on(posts, DAY, False).arrived == date(2011, 9, 1)
    assert tenure_on(posts[:2], DAY, False) is None
    assert tenure_on(posts[:3], date(2015, 1, 1), False) is None
    assert tenure_on([Post(None, "teacher", date(2001, 9, 1))], DAY, False) is None


def test_who_leaves_before_the_day_is_not_listed_and_who_leaves_on_it_is(employ):
    employ(1, (1, "teacher", "2001-09-01", "2020-08-30"))
    employ(2, (1, "teacher", "2001-09-01", "2020-08-31"))
    assert due().keys() == {"教师02"}


@pytest.mark.parametrize(
    ("sex", "born", "expected"),
    [
        ("男", "1965-08-31", False),
        ("男", "1965-09-01", True),
        ("女", "1970-08-31", False),
        ("女", "1970-09-01", True),
    ],
)
def test_age_near_retirement_exempts_from_the_day_it_is_reached(employ, sex, born, expected):
    employ(1, (1, "teacher", "2001-09-01"), born=born, sex=sex)
    line = due()["教师01"]
    assert (line.reached, line.due) == (True, expected)
    assert ("临近退休，不列入" in line.reason) != expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2020-08-31", None, False), ("2020-09-01", None, True),
        ("2020-01-01", "2020-08-31", False), ("2020-01-01", "2020-08-30", True),
    ],
)  # fmt: skip
def test_an_exemption_holds_between_its_days(employ, rotating, starts, ends, expected):
    person = employ(1, (1, "teacher", "2001-09-01"))
    RotationExemption.objects.create(
        person=person, school=rotating[1], kind="maternity", starts_on=date.fromisoformat(starts),
        ends_on=date.fromisoformat(ends) if ends else None,
    )  # fmt: skip
    assert due()["教师01"].due == expected


def test_private_schools_kindergartens_and_other_stages_take_no_part(employ, rotating):
    person = employ(1, (1, "teacher", "2001-09-01"))
    employ(2, (2, "teacher", "2001-09-01"))
    employ(3, (3, "clerk", "2001-09-01"), subject="")
    School.objects.filter(pk=rotating[2].pk).update(runner="999")
    assert due().keys() == {"教师01"}
    assert due(school=rotating[2].pk) == {}
    TeachingSubject.objects.filter(person=person).update(stage="senior")
    assert due() == {}


def test_before_there_was_a_rule_nobody_is_due(employ):
    employ(1, (1, "teacher", "2001-09-01"))
    line = due(date(2015, 12, 31))["教师01"]
    assert (line.limit, line.due) == (None, False)
    assert "没有规定年限" in line.reason


def test_the_list_is_of_now_and_three_years(employ):
    assert days_of(2020, date(2020, 5, 1)) == [date(2020, 5, 1), DAY, date(2021, 8, 31), date(2022, 8, 31)]
    assert days_of(2020, date(2026, 5, 1)) == [DAY, date(2021, 8, 31), date(2022, 8, 31)]
    employ(1, (1, "teacher", "2015-09-01"))
    assert [due(day)["教师01"].due for day in days_of(2020, DAY)] == [False, True, True]
    assert StaffMember.objects.count() == 1
