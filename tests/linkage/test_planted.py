"""A list of which the truth is known: 6,000 rows with eighteen kinds of errors against 15,000 pupils."""

from collections import defaultdict
from random import Random

import pyarrow as pa
import pytest

from xuezheng.demo.district import district
from xuezheng.demo.planted import KINDS, planted
from xuezheng.linkage.models import Reason
from xuezheng.linkage.reconcile import KNOWN, LISTED, reconcile

ROWS, STRANGERS = 6000, 600
SEX = {"男": "male", "女": "female"}
PEOPLE = [(pupil.person, pupil.school.name) for pupil in district().pupils]


@pytest.fixture(scope="module")
def tables():
    rows = list(planted(Random("名单"), PEOPLE, STRANGERS, ROWS))
    listed = pa.Table.from_pylist(
        [
            {"row": key, "number": it.number or None, "name": it.name, "birth_date": it.born, "sex": SEX[it.sex], "school": it.school or None}
            for key, it in enumerate(rows)
        ],
        LISTED,
    )  # fmt: skip
    known = pa.Table.from_pylist(
        [
            {"person": key, "number": it.id_number, "name": it.name, "birth_date": it.born, "sex": SEX[it.sex], "school": school}
            for key, (it, school) in enumerate(PEOPLE)
        ],
        KNOWN,
    )  # fmt: skip
    return rows, listed, known


@pytest.fixture(scope="module")
def told(tables):
    """Each planted row with what was found of it."""
    rows, listed, known = tables
    found = reconcile(listed, known)
    return [(row, found[key]) for key, row in enumerate(rows)]


def person(found):
    return next(iter(found.candidates)) if Reason(found.reason).finds else None


def test_the_list_is_long_enough_and_has_enough_kinds_of_errors(told):
    assert len(told) >= 5000
    assert len(PEOPLE) >= 15000
    kinds = {row.kind for row, _ in told}
    assert kinds == {*KINDS, "别处的人", "别处的同名人"}
    assert len(kinds - {"无误"}) >= 12


def test_nearly_all_matches_are_right_and_nearly_all_who_are_here_are_found(told):
    matched = [(row, found) for row, found in told if person(found) is not None]
    right = sum(person(found) == row.truth for row, found in matched)
    here = sum(row.truth is not None for row, _ in told)
    assert right / len(matched) >= 0.995
    assert right / here >= 0.98


def test_all_that_is_not_matched_has_a_reason_for_the_queue(told):
    for row, found in told:
        assert found.reason in Reason.values
        if person(found) is None:
            assert not Reason(found.reason).finds
            assert bool(found.candidates) == (found.reason != "nobody"), row.kind


def test_no_kind_of_error_is_hopeless_but_the_conflict_which_is_told_as_one(told):
    by_kind = defaultdict(list)
    for row, found in told:
        by_kind[row.kind].append((row, found))
    for kind in KINDS:
        if kind == "号码与姓名不符":
            assert {found.reason for _, found in by_kind[kind]} == {"name_conflict"}
            assert all(row.truth in found.candidates for row, found in by_kind[kind])
        else:
            found_here = sum(person(found) == row.truth for row, found in by_kind[kind])
            assert found_here / len(by_kind[kind]) > 0.9, kind


def test_the_truth_is_near_where_it_was_not_found(told):
    left = [(row, found) for row, found in told if row.truth is not None and person(found) is None]
    assert sum(row.truth in found.candidates for row, found in left) / len(left) > 0.9


def test_the_same_tables_give_the_same_result(tables, told):
    _, listed, known = tables
    again = reconcile(listed, known)
    assert [again[key] for key in range(len(told))] == [found for _, found in told]


def test_the_same_rows_are_planted_every_time(tables):
    rows, _, _ = tables
    assert list(planted(Random("名单"), PEOPLE, STRANGERS, ROWS)) == rows
