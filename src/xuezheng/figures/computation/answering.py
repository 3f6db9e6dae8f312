"""Answers questions from a snapshot: from memory, from stored answers, or with queries.

Questions on the same table, span, period and columns are computed by the same query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ibis

from xuezheng.figures.computation import stored_answers
from xuezheng.figures.computation.calculation import Calculation, Group, Groups, Members, Question, Value
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot

#: So many answered questions stay in memory with a snapshot.
_REMEMBERED = 8192


def groups(snapshot: Snapshot, question: Question) -> Groups:
    """Return the answer to one question, from memory or stored answers if possible, else computed and stored."""
    return answer_together(snapshot, [question])[question]


def answer_together(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Return the answers to questions, by question.

    Those that are neither in this process's memory nor in the snapshot's file of stored answers are computed
    with few queries, and then stored.
    """
    questions = list(dict.fromkeys(questions))
    computed = compute_and_store(snapshot, recall(snapshot, questions))
    known = ((question, _results(_source(snapshot, question)).get(question)) for question in questions)
    return {question: answer for question, answer in known if answer is not None} | computed


def compute_and_store(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Compute the answers to questions, keep them in memory, and store them in the file for other processes.

    Whether they are stored already is not checked; :func:`recall` does that.
    """
    answers: dict[Question, Groups] = {}
    by_source: defaultdict[Snapshot, list[Question]] = defaultdict(list)
    for question in questions:
        by_source[_source(snapshot, question)].append(question)
    for source, own in by_source.items():
        computed = compute(source, own)
        stored_answers.write(source, computed)
        _remember(source, computed)
        answers |= computed
    return answers


def recall(snapshot: Snapshot, questions: Iterable[Question]) -> list[Question]:
    """Read stored answers to questions into this process's memory, and return the questions without one, which must be computed."""
    open_questions: defaultdict[Snapshot, list[Question]] = defaultdict(list)
    for question in questions:
        source = _source(snapshot, question)
        if question not in _results(source):
            open_questions[source].append(question)
    unanswered: list[Question] = []
    for source, not_in_memory in open_questions.items():
        stored = stored_answers.read(source, not_in_memory)
        _remember(source, stored)
        unanswered += (question for question in not_in_memory if question not in stored)
    return unanswered


def was_answered(snapshot: Snapshot, calculation: Calculation, by: tuple[str, ...]) -> bool:
    """Return whether this process has an answer from the snapshot to the calculation by these columns, for any period.

    If so, the snapshot has all columns that the answer needs.
    """
    return (calculation, by) in _answered(snapshot)


def compute(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Compute the answers to questions with queries, without reading or storing answers: to check the stored ones."""
    alike: defaultdict[tuple[object, ...], list[Question]] = defaultdict(list)
    for question in questions:
        calculation, period, by = question
        alike[calculation.table, calculation.over, period, by].append(question)
    return {
        question: answer for together in alike.values() for question, answer in _compute(snapshot, together)
    }


@cached_in_snapshot(1)
def _results(snapshot: Snapshot) -> dict[Question, Groups]:
    """What was computed from a snapshot before, the oldest first."""
    return {}


@cached_in_snapshot(1)
def _answered(snapshot: Snapshot) -> set[tuple[Calculation, tuple[str, ...]]]:
    """The calculations and columns of all questions that were answered, whether the answers are still in memory or not."""
    return set()


def _remember(snapshot: Snapshot, answers: Mapping[Question, Groups]) -> None:
    results = _results(snapshot)
    results.update(answers)
    _answered(snapshot).update((calculation, by) for calculation, _, by in answers)
    for question in list(results)[: max(0, len(results) - _REMEMBERED)]:
        results.pop(question, None)


def _source(snapshot: Snapshot, question: Question) -> Snapshot:
    """The snapshot that answers: one of the same day with an identical table, where there is one."""
    name = question.calculation.table.table_name()
    return snapshot.base if snapshot.base and snapshot.has_same_table(snapshot.base, name) else snapshot


def _compute(snapshot: Snapshot, questions: Sequence[Question]) -> Iterator[tuple[Question, Groups]]:
    calculation, period, by = questions[0]
    rows = calculation.rows(snapshot, period)
    # Conditions are columns first: written out, NOT a IS NULL would ask whether it is not so that a is empty.
    conditions = {
        f"condition_{number}": question.calculation.condition(rows)
        for number, question in enumerate(questions)
    }
    rows = rows.mutate(**conditions)
    columns: dict[str, ibis.Value] = {"rows_": rows.count()}
    for number, question in enumerate(questions):
        condition = rows[f"condition_{number}"]
        columns[f"value_{number}"] = question.calculation.measure_counting(rows)
        columns[f"counting_{number}"] = rows.count(where=condition)
        columns[f"undecided_{number}"] = rows.count(where=condition.isnull())
    results = snapshot.fetch(rows.aggregate(columns, by=by))
    for number, question in enumerate(questions):
        yield question, _read(results, by, number)


def _read(results: Sequence[Mapping[str, Any]], by: Sequence[str], number: int) -> Groups:
    """The groups that answer the question with a number, from the results of the query for all."""
    every: list[tuple[Members, Value, int, int]] = [
        (
            tuple(row[name] for name in by),
            row[f"value_{number}"],
            row[f"counting_{number}"],
            row[f"undecided_{number}"],
        )
        for row in results
    ]
    return Groups(
        {members: Group(members, value, counting) for members, value, counting, _ in every if counting},
        [Group(members, None, undecided) for members, _, _, undecided in every if undecided],
        any(row["rows_"] for row in results),
    )
