"""Answers questions from a snapshot: from memory, from the file of stored answers, or with one query for all that are on the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ibis

from xuezheng.figures.computation import stored_answers
from xuezheng.figures.computation.calculation import Group, Groups, Members, Question, Value
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot

#: So many answered questions stay in memory with a snapshot.
_REMEMBERED = 8192


def groups(snapshot: Snapshot, question: Question) -> Groups:
    """Return the groups of rows that answer all slices by the question's columns."""
    return answer_together(snapshot, [question])[question]


def answer_together(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Return the groups for questions; those not answered before are computed with one query for all that are on the same rows by the same columns."""
    answers: dict[Question, Groups] = {}
    open_questions: defaultdict[Snapshot, list[Question]] = defaultdict(list)
    for question in dict.fromkeys(questions):
        source = _source(snapshot, question)
        if (known := _results(source).get(question)) is not None:
            answers[question] = known
        else:
            open_questions[source].append(question)
    for source, unanswered in open_questions.items():
        answered = _read_or_compute(source, unanswered)
        answers |= answered
        _remember(_results(source), answered)
    return answers


def _read_or_compute(snapshot: Snapshot, questions: Sequence[Question]) -> dict[Question, Groups]:
    answers = stored_answers.read(snapshot, questions)
    computed = compute(snapshot, (question for question in questions if question not in answers))
    stored_answers.write(snapshot, computed)
    return answers | computed


def compute(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Compute the groups for questions anew."""
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


def _remember(results: dict[Question, Groups], computed: Mapping[Question, Groups]) -> None:
    results.update(computed)
    for question in list(results)[: max(0, len(results) - _REMEMBERED)]:
        results.pop(question, None)


def _source(snapshot: Snapshot, question: Question) -> Snapshot:
    """The snapshot that answers: one of the same day with an identical table, where there is one."""
    name = question.calculation.table.table_name()
    return snapshot.base if snapshot.base and snapshot.has_same_table(snapshot.base, name) else snapshot


def _compute(snapshot: Snapshot, questions: Sequence[Question]) -> Iterator[tuple[Question, Groups]]:
    calculation, period, by = questions[0]
    rows = calculation.rows(snapshot, period)
    columns: dict[str, ibis.Value] = {"rows_": rows.count()}
    for number, question in enumerate(questions):
        condition = question.calculation.condition(rows)
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
