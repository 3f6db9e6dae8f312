"""Answers are stored for other processes, as far as they depend on the snapshot and the declaration alone."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from ibis import _

from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.figures import TERM, catalogue
from xuezheng.figures.batches import usual_questions
from xuezheng.figures.computation import answering, stored_answers
from xuezheng.figures.computation.answering import answer_together, compute
from xuezheng.figures.computation.calculation import Calculation, Group, Groups, Question
from xuezheng.snapshots import Snapshot

SPRING = Period.parse("2019H1")
QUESTION = Question(catalogue.figure("aid.registered_poor_amount").calculation, SPRING, ("stage",))


@pytest.fixture
def fresh(snapshot):
    stored_answers.discard(snapshot)
    yield Snapshot(snapshot.folder)
    stored_answers.discard(snapshot)


@pytest.fixture
def no_queries(monkeypatch):
    def refuse(*args):
        raise AssertionError("a query was sent")

    return lambda: monkeypatch.setattr(answering, "_compute", refuse)


def test_another_process_reads_what_one_has_computed(fresh, no_queries):
    answer_together(fresh, [QUESTION])
    no_queries()
    figure = catalogue.figure("aid.registered_poor_amount")
    assert figure.at(Snapshot(fresh.folder), SPRING, stage="primary").value == 90_000


def test_reading_what_nobody_stored_makes_no_file(fresh):
    assert stored_answers.read(fresh, [QUESTION]) == {}
    assert not list(stored_answers.folder().glob(f"{fresh.id}*"))


def test_every_usual_answer_is_read_as_it_was_computed(fresh):
    computed = compute(fresh, usual_questions(fresh)[::5])
    stored_answers.write(fresh, computed)
    stored = stored_answers.read(fresh, computed)
    assert len(stored) > 100
    assert stored == {question: computed[question] for question in stored}


@pytest.mark.parametrize("value", [None, 0, 2**70, 0.1 + 0.2, float("inf"), Decimal("0.10")])
def test_a_value_keeps_its_kind(fresh, value):
    groups = Groups({("a", None, True, 3): Group(("a", None, True, 3), value, 1)}, [], True)
    stored_answers.write(fresh, {QUESTION: groups})
    (answer,) = stored_answers.read(fresh, [QUESTION]).values()
    assert answer == groups
    assert type(answer.counting["a", None, True, 3].value) is type(value)


@pytest.mark.parametrize(
    "asked_for",
    [
        QUESTION._replace(by=()),
        QUESTION._replace(period=replace(SPRING, end=date(2019, 6, 29))),
        QUESTION._replace(period=Period.parse("2019春")),
        QUESTION._replace(calculation=replace(QUESTION.calculation, value=_.due.sum())),
        QUESTION._replace(calculation=replace(QUESTION.calculation, where=None)),
    ],
)
def test_an_answer_is_for_its_question_only(fresh, asked_for):
    answer_together(fresh, [QUESTION])
    assert stored_answers.read(fresh, [QUESTION])
    assert stored_answers.read(fresh, [asked_for]) == {}


def test_equal_calculations_have_the_same_digest_and_others_another():
    calculations = [
        figure.calculation for figure in catalogue.figures().values() if hasattr(figure, "calculation")
    ]
    declared = {
        (each.table, each.over, repr(each.where), repr(each.value)): each.digest for each in calculations
    }
    assert len(set(declared.values())) == len(declared)
    again = Calculation(Award, TERM, QUESTION.calculation.where, QUESTION.calculation.value)
    assert again.digest == QUESTION.calculation.digest


def test_a_snapshot_that_was_not_published_stores_nothing(fresh, tmp_path):
    shutil.copytree(fresh.folder, tmp_path / fresh.id)
    draft = Snapshot(tmp_path / fresh.id)
    answer_together(draft, [QUESTION])
    assert stored_answers.read(draft, [QUESTION]) == {}
    assert not (stored_answers.folder() / f"{fresh.id}.sqlite").exists()


def test_a_rule_column_newer_than_the_snapshot_is_computed_each_time(fresh, monkeypatch):
    monkeypatch.setattr(Snapshot, "is_as_frozen", lambda self, table: table != Award.table_name())
    answer_together(fresh, [QUESTION])
    monkeypatch.undo()
    assert stored_answers.read(fresh, [QUESTION]) == {}


def test_what_another_release_stored_is_dropped(fresh, monkeypatch):
    answer_together(fresh, [QUESTION])
    with monkeypatch.context() as patch:
        patch.setattr(stored_answers, "_release", lambda: 7)
        assert stored_answers.read(fresh, [QUESTION]) == {}
        stored_answers.write(fresh, compute(fresh, [QUESTION]))
        assert stored_answers.read(fresh, [QUESTION])
    assert stored_answers.read(fresh, [QUESTION]) == {}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_file_costs_time_only(fresh, content):
    answer_together(fresh, [QUESTION])
    path = stored_answers.folder() / f"{fresh.id}.sqlite"
    path.write_bytes(content)
    for _turn in range(2):
        answers = answer_together(Snapshot(fresh.folder), [QUESTION])
        assert answers[QUESTION].counting["primary",].value == 90_000
    assert stored_answers.read(fresh, [QUESTION])


def test_a_file_that_another_writes_is_not_waited_for_long(fresh, monkeypatch):
    answer_together(fresh, [QUESTION])
    monkeypatch.setattr(stored_answers, "_PATIENCE_SECONDS", 0.01)
    further = QUESTION._replace(by=())
    with sqlite3.connect(stored_answers.folder() / f"{fresh.id}.sqlite", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert answer_together(Snapshot(fresh.folder), [further])[further].counting[()].value == 152_500
        other.execute("ROLLBACK")
    assert stored_answers.read(fresh, [further]) == {}


def test_no_more_than_so_many_answers_are_stored(fresh, monkeypatch):
    monkeypatch.setattr(stored_answers, "MOST", 1)
    answer_together(fresh, [QUESTION])
    answer_together(fresh, [QUESTION._replace(by=())])
    assert stored_answers.read(fresh, [QUESTION])
    assert stored_answers.read(fresh, [QUESTION._replace(by=())]) == {}
