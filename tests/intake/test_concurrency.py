"""Imports at the same time."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from tests.at_once import at_once
from tests.intake.foreign_layouts import people
from tests.intake.test_mapping import confirmed, roster, uploaded

from xuezheng.intake import import_workbook, importing, undo
from xuezheng.records.models import Batch, Person, PersonCategory, Pupil, User
from xuezheng.workbooks import sheet_catalogue

SIZE = 6


@pytest.mark.django_db(transaction=True)
def test_the_same_new_people_in_many_imports_at_once_are_added_once(small, workbook, taken):
    taken(
        workbook({title: small[title] for title in ("本地信息", "学期", "学校名册", "班级名册")}, "学校.xlsx")
    )
    paths = [workbook({"学生名册": small["学生名册"]}, f"{number}.xlsx") for number in range(SIZE)]
    outcomes, failures = at_once(*[lambda path=path: import_workbook(path) for path in paths])
    assert failures == []
    assert sum(outcome.saved for outcome in outcomes) == 1
    assert Person.objects.count() == Pupil.objects.count() == len(small["学生名册"])
    assert PersonCategory.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_uploads_of_a_mapped_roster_at_once_add_each_pupil_once(
    small, workbook, taken, own_home, tmp_path
):
    taken(
        workbook({title: small[title] for title in ("本地信息", "学期", "学校名册", "班级名册")}, "学校.xlsx")
    )
    office = User.objects.create(username="办公室", role="office")
    sheets = roster({"三（1）班": people(5)})
    confirmed(uploaded(tmp_path, sheets, office), office)
    pending = [uploaded(tmp_path, sheets, office, f"{number}.xlsx") for number in range(20)]
    assert not any(upload.summary.mappings for upload in pending)
    outcomes, failures = at_once(*[lambda upload=upload: upload.commit(office) for upload in pending])
    assert failures == []
    # The first brings the pupils in; the others show a preview without changes, and nothing is committed twice.
    assert sum(outcome.saved for outcome in outcomes) == 1
    assert Person.objects.count() == Pupil.objects.count() == 5
    assert Batch.objects.filter(file_name__endswith=".xlsx", undone_at=None).count() == 2
    undo(Batch.objects.latest("pk").pk)
    assert Pupil.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_change_by_hand_waits_for_a_running_import_and_is_not_written_over(
    small, workbook, taken, monkeypatch
):
    taken(
        workbook({title: small[title] for title in ("本地信息", "学期", "学校名册", "班级名册")}, "学校.xlsx")
    )
    taken(workbook({"学生名册": small["学生名册"]}, "学生.xlsx"))
    rows = [list(row) for row in small["学生名册"]]
    place = sheet_catalogue.sheet("学生名册").paths.index("entered_on")
    rows[0][place] = "2017-09-01"
    again = workbook({"学生名册": rows}, "改.xlsx")
    person = Pupil.objects.order_by("source_row").first().person
    writing, done = Event(), Event()

    def by_hand():
        writing.wait()
        try:
            with transaction.atomic():
                Person.objects.filter(pk=person.pk).update(household_division="990299")
        finally:
            done.set()
            connection.close()

    hand = Thread(target=by_hand)
    hand.start()
    save = importing.save

    def slow(*words):
        writing.set()
        done.wait(0.5)
        save(*words)

    monkeypatch.setattr(importing, "save", slow)
    taken(again)
    hand.join()
    person.refresh_from_db()
    assert person.household_division == "990299"
