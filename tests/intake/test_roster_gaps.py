"""A roster that lacks pupils of the register: nobody disappears in silence, and who left is recorded as an event."""

from datetime import date

import pytest

from xuezheng.intake.importing import import_workbook, preview_workbook
from xuezheng.intake.roster_gaps import Departure, departure_kinds
from xuezheng.intake.undo import undo
from xuezheng.records.models import Batch, EnrolmentEvent, Pupil

ROSTER = "学生名册"


@pytest.fixture
def district(schools, small, taken, workbook):
    """A class of twelve pupils in the register, and its rows."""
    group = small[ROSTER][0][:2]
    rows = [row for row in small[ROSTER] if row[:2] == group and not row[11]][:12]
    assert len(rows) == 12
    taken(workbook({ROSTER: rows}))
    return rows


def pupil(row):
    return Pupil.objects.get(person__name=row[2])


@pytest.mark.parametrize(("recorded", "listed", "questions"), [(10, 5, 1), (8, 4, 0)])
def test_a_few_rows_are_no_roster(schools, small, taken, workbook, recorded, listed, questions):
    rows = [row for row in small[ROSTER] if row[:2] == small[ROSTER][0][:2] and not row[11]][:recorded]
    taken(workbook({ROSTER: rows}))
    assert len(preview_workbook(workbook({ROSTER: rows[:listed]})).problems) == questions


@pytest.mark.parametrize(("listed", "questions"), [(12, 0), (11, 1), (6, 1), (5, 0)])
def test_a_file_with_half_of_a_class_is_its_roster(district, workbook, listed, questions):
    outcome = preview_workbook(workbook({ROSTER: district[:listed]}))
    assert len(outcome.problems) == questions
    assert [missing.name for missing in outcome.missing] == (
        sorted(row[2] for row in district[listed:]) if questions else []
    )
    assert all(problem.reading for problem in outcome.problems)


def test_the_missing_stay_when_that_is_confirmed(district, workbook):
    path = workbook({ROSTER: district[:11]})
    outcome = import_workbook(path)
    assert (outcome.saved, outcome.refused) == (False, True)
    assert district[11][2] in outcome.problems[0].message
    assert import_workbook(path, confirm=True).problems == []
    assert pupil(district[11]).left_on is None


def test_who_left_is_recorded_as_an_event_and_undone(district, workbook):
    gone, batches = pupil(district[11]), Batch.objects.count()
    departures = {gone.pk: Departure("transfer_out", date(2019, 10, 8), "外省小学")}
    path = workbook({ROSTER: district[:11]})
    shown = preview_workbook(path, departures=departures)
    assert [
        (row.number, row.kind, row.differences[0].after) for row in shown.previews[0].rows if not row.number
    ] == [(0, "changed", "2019-10-08 转出到外地")]
    outcome = import_workbook(path, departures=departures)
    assert outcome.saved
    assert outcome.missing == []
    assert Batch.objects.count() == batches + 1
    event = EnrolmentEvent.objects.filter(person=gone.person).latest("occurred_on", "pk")
    assert (event.kind, event.elsewhere, event.source_row, event.batch) == (
        "transfer_out",
        "外省小学",
        None,
        outcome.batch,
    )
    assert pupil(district[11]).left_on == date(2019, 10, 8)
    undo(outcome.batch.pk)
    assert pupil(district[11]).left_on is None
    assert EnrolmentEvent.objects.filter(person=gone.person).count() == 1


def test_a_departure_that_contradicts_is_refused(district, workbook):
    gone = pupil(district[11])
    departures = {gone.pk: Departure("transfer_out", gone.entered_on, "")}
    outcome = import_workbook(workbook({ROSTER: district[:11]}), departures=departures)
    assert not outcome.saved
    assert any("外地学校" in problem.message and not problem.reading for problem in outcome.problems)
    assert pupil(district[11]).left_on is None


def test_a_departure_of_a_pupil_in_the_file_is_ignored(district, workbook):
    listed = pupil(district[0])
    departures = {listed.pk: Departure("transfer_out", date(2019, 10, 8), "外省小学")}
    import_workbook(workbook({ROSTER: district}), departures=departures)
    assert pupil(district[0]).left_on is None


def test_kinds_by_which_a_pupil_leaves():
    kinds = departure_kinds(date(2019, 10, 8))
    assert {"transfer_out", "leaving", "graduation", "death"} <= kinds.keys()
    assert not {"entry", "suspension", "promotion", "reinstated"} & kinds.keys()
    assert kinds["transfer_out"] == ("转出到外地", True)
