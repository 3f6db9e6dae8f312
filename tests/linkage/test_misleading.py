"""No list, however misleading, makes a match to the wrong child: what is unsure is queued, with the right child first."""

from collections import defaultdict
from datetime import date
from random import Random

import pytest
from tests.linkage.misleading import misleading

from xuezheng.linkage.models import Reason
from xuezheng.linkage.reconcile import reconcile
from xuezheng.records.identifiers import id_check_digit


def number(first17):
    return first17 + id_check_digit(first17)


ELDER, YOUNGER = number("99010120100301301"), number("99010120130612323")
SIBLINGS = [("王子涵", ELDER), ("王子晨", YOUNGER)]


@pytest.fixture(scope="module", params=["甲", "乙"])
def outcome(request):
    """Each row's kind and person, with what became of it."""
    listed, known, truth = misleading(Random(request.param), 3000)
    matches = reconcile(listed, known)
    return [(kind, person, matches[row]) for row, (kind, person) in enumerate(truth)]


def matched(match):
    return next(iter(match.candidates)) if Reason(match.reason).finds else None


def test_nobody_is_matched_to_the_wrong_child(outcome):
    wrong = [(kind, match.reason) for kind, person, match in outcome if matched(match) not in (None, person)]
    assert wrong == []


def test_most_are_matched_and_the_others_stand_first_in_the_queue(outcome):
    queued = [(person, match) for _, person, match in outcome if matched(match) is None]
    assert 1 - len(queued) / len(outcome) >= 0.85
    assert sum(next(iter(match.candidates), None) == person for person, match in queued) / len(queued) >= 0.95


def test_one_without_namesake_at_the_school_that_the_list_names_is_that_child(outcome):
    lone = [(person, match) for _, person, match in outcome if match.reason == "lone_name"]
    assert lone
    assert all(matched(match) == person for person, match in lone)


def test_a_number_of_another_century_a_parents_number_and_an_exchanged_name_are_seen_through(outcome):
    by_kind = defaultdict(list)
    for kind, person, match in outcome:
        by_kind[kind].append(matched(match) == person)
    for kind in ("right", "century", "exchanged", "parent"):
        assert sum(by_kind[kind]) / len(by_kind[kind]) > 0.85, kind


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"school": "云岭小学"},
        {"born": date(2010, 3, 1)},
        {"born": date(2010, 3, 1), "sex": "male", "school": "云岭小学"},
    ],
)
def test_a_brothers_number_is_never_the_brother(one, facts):
    match = one(SIBLINGS, "王子涵", YOUNGER, **facts)
    assert matched(match) in (None, 1)
    assert next(iter(match.candidates)) == 1


def test_the_birth_date_that_the_list_tells_speaks_for_the_child(one):
    assert matched(one(SIBLINGS, "王子涵", YOUNGER, born=date(2010, 3, 1), school="云岭小学")) == 1


def test_of_twins_the_one_by_name_and_the_other_by_number_a_person_decides(one):
    twins = [("王子涵", ELDER), ("王子晨", number("99010120100301303"))]
    match = one(twins, "王子涵", twins[1][1], born=date(2010, 3, 1), school="云岭小学", sex="male")
    assert matched(match) is None
    assert set(match.candidates) == {1, 2}


def test_a_parents_number_hides_no_pupil_of_that_name_at_that_school(one):
    match = one(
        [("郭雪欣", ELDER), ("高轩晨", YOUNGER)], "郭雪欣", number("99010119750101001"), school="云岭小学"
    )
    assert matched(match) == 1


def test_a_nickname_with_the_right_number_and_birth_date_is_the_child_but_not_of_twins(one):
    facts = {"born": date(2010, 3, 1), "school": "云岭小学"}
    assert matched(one([("王子涵", ELDER)], "小涵", ELDER, **facts)) == 1
    assert (
        matched(one([("王子涵", ELDER), ("王雨涵", number("99010120100301303"))], "小涵", ELDER, **facts))
        is None
    )
    assert matched(one([("王子涵", ELDER)], "小涵", ELDER, school="云岭小学")) is None


def test_guardian_and_child_may_be_exchanged(one):
    match = one([("王子涵", ELDER)], "王建国", ELDER, guardian="王子涵")
    assert (match.reason, matched(match)) == ("number", 1)


@pytest.mark.parametrize(
    "written",
    ["9901012013108737X", "99010120131087X", "X" * 18, "99010120101301301X", "0" * 18, "９" * 17 + "X"],
)
def test_no_number_ends_a_reconciliation(one, written):
    assert one(SIBLINGS, "范强", written).reason in Reason.values
    assert one(SIBLINGS, "王子涵", written, born=date(2010, 3, 1)).reason in Reason.values


def test_a_guardian_who_bears_the_name_of_a_pupil_is_not_taken_for_that_pupil(one):
    people = [("王子涵", ELDER), ("王建国", YOUNGER)]
    match = one(people, "王紫涵", ELDER, guardian="王建国", born=date(2010, 3, 1))
    assert (match.reason, matched(match)) == ("number", 1)
