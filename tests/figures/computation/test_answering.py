"""Many questions are answered by one query, as each alone would be, and stay with the snapshot."""

import gc
import weakref
from decimal import Decimal

import pytest
from ibis import _

from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.figures import TERM, Figure, catalogue, weighted_cv
from xuezheng.figures.batches import prepare, usual_questions
from xuezheng.figures.computation import answering, stored_answers
from xuezheng.figures.computation.answering import compute
from xuezheng.figures.computation.calculation import Calculation, Question
from xuezheng.records.models import School
from xuezheng.snapshots import Snapshot

SPRING = Period.parse("2019H1")


@pytest.fixture
def queries(monkeypatch):
    """The questions that are put by one query each, from here on."""
    sent = []
    compute_alike = answering._compute
    monkeypatch.setattr(
        answering, "_compute", lambda source, alike: sent.append(alike) or compute_alike(source, alike)
    )
    return sent


@pytest.fixture
def fresh(snapshot):
    """The snapshot, of which nothing was asked before and nothing is stored."""
    stored_answers.discard(snapshot)
    return Snapshot(snapshot.folder)


def test_figures_on_the_same_rows_are_answered_by_one_query(fresh, queries):
    figures = [
        catalogue.figure(f"aid.{name}")
        for name in ("registered_poor_pupils", "registered_poor_amount", "registered_poor_approved_amount")
    ]
    prepare(fresh, SPRING, [(figure, ("stage",)) for figure in figures])
    assert len(queries) == 1
    values = [figure.at(fresh, SPRING, stage="primary").value for figure in figures]
    assert values == [2, 90_000, 100_000]
    prepare(fresh, SPRING, [(figure, ("stage",)) for figure in figures])
    assert len(queries) == 1


def test_what_could_not_be_stored_is_remembered(fresh, queries, monkeypatch):
    monkeypatch.setattr(stored_answers, "write", lambda *args: None)
    question = Question(catalogue.figure("aid.registered_poor_amount").calculation, SPRING, ())
    assert answering.groups(fresh, question) == answering.groups(fresh, question)
    assert len(queries) == 1


def test_a_breakdown_by_two_dimensions_asks_once_for_each_level(fresh, queries):
    answers = catalogue.figure("aid.registered_poor_amount").breakdown(fresh, SPRING, ("stage", "place"))
    assert len(answers) == 5
    assert len(queries) == 3


def test_answered_together_is_as_answered_alone(fresh):
    questions = usual_questions(fresh)
    assert len(questions) > 500
    questions = questions[::4]
    together = compute(fresh, questions)
    alone = {question: compute(fresh, [question])[question] for question in questions[::7]}
    assert {question: together[question] for question in alone} == alone


def test_a_condition_narrows_every_part_of_a_value(fresh):
    """A mean, a coefficient of its own condition, different persons and a share of two sums, each of the primary pupils' awards only."""
    values = {
        "mean": _.amount.mean(),
        "share": _.amount.sum(where=_.paid) / _.amount.sum(),
        "cv": weighted_cv(_.amount, _.due),
        "largest": _.amount.max(),
    }
    primary = {
        name: Figure(
            "试", unit="", table=Award, over=TERM, where=_.stage == "primary", value=value, by=("stage",)
        )
        for name, value in values.items()
    }
    every = {
        name: Figure("试", unit="", table=Award, over=TERM, value=value, by=("stage",))
        for name, value in values.items()
    }
    for name, figure in primary.items():
        calculation = every[name].calculation
        (alone,) = [
            group
            for group in compute(fresh, [Question(calculation, SPRING, ("stage",))])[
                Question(calculation, SPRING, ("stage",))
            ].counting.values()
            if group.members == ("primary",)
        ]
        question = Question(figure.calculation, SPRING, ())
        assert compute(fresh, [question])[question].counting[()].value == pytest.approx(alone.value)


def test_rows_that_cannot_be_judged_and_rows_without_a_member_are_told_apart(fresh):
    """Of the awards of spring, those outside have no school."""
    calculation = Calculation(Award, TERM, _.school > 0, _.count())
    question = Question(calculation, SPRING, ("school",))
    answer = compute(fresh, [question])[question]
    assert {group.members: group.rows for group in answer.undecided} == {(None,): 1}
    assert answer.count_undecided((2,)) == 1
    assert (None,) not in answer.counting
    every_award = Question(Calculation(Award, TERM, None, _.count()), SPRING, ("school",))
    answer = compute(fresh, [every_award])[every_award]
    assert answer.counting[None,].rows == 1
    assert (answer.count_undecided((2,)), answer.count_undecided((None,))) == (1, 0)


def test_a_condition_that_is_denied_is_undecided_where_it_was_before(fresh):
    """Of the nine awards of spring and those outside, one has no school: whether it is not of school 1 cannot be judged."""
    for condition, undecided in (
        (_.school == 1, 1),
        (~(_.school == 1), 1),
        (~(_.school == 1).fill_null(True), 0),
        (~(_.school == 1).fill_null(False), 0),
    ):
        question = Question(Calculation(Award, TERM, condition, _.count()), SPRING, ())
        assert compute(fresh, [question])[question].count_undecided(()) == undecided


def test_what_was_computed_is_forgotten_with_the_snapshot(snapshot):
    mine = Snapshot(snapshot.folder)
    catalogue.figure("aid.registered_poor_pupils").per(mine, SPRING, "stage")
    mine.names(School.table_name())
    assert mine.caches
    gone = weakref.ref(mine)
    del mine
    gc.collect()
    assert gone() is None


def test_a_ratio_of_persons_is_exact(fresh):
    rate = catalogue.figure("aid.registered_poor_paid_rate").at(fresh, SPRING)
    assert rate.value == Decimal(1525) / Decimal(2250) * 100
