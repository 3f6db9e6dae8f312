"""The events that an upgrade writes state what the rows of pupils stated."""

import importlib
from datetime import date

import pytest
from django.apps import apps

from xuezheng.intake import import_workbook
from xuezheng.intake.undo import undo
from xuezheng.records.models import Batch, EnrolmentEvent, Pupil

migration = importlib.import_module("xuezheng.records.migrations.0018_events_of_pupils")


@pytest.fixture
def registered(db, small, workbook):
    """The small district, imported."""
    assert import_workbook(workbook(small, "全区.xlsx")).saved


def written():
    rows = EnrolmentEvent.objects.order_by("person", "occurred_on", "pk")
    return list(rows.values_list("person", "occurred_on", "kind", "from_class", "to_class", "grade", "batch"))


def test_events_written_later_are_those_that_the_import_wrote(registered):
    told = written()
    assert len(told) == Pupil.objects.count() + 1  # one has left
    EnrolmentEvent.objects.all().delete()
    EnrolmentEvent.history.all().delete()
    migration.write_events(apps, None)
    assert written() == told
    day, pupils = date(2019, 2, 1), Pupil.objects.filter(entered_on__lte=date(2019, 2, 1))
    assert EnrolmentEvent.objects.roll_of(day).count() == pupils.exclude(left_on__lte=day).count()
    entrants = EnrolmentEvent.objects.filter(from_class=None, occurred_on__year=2016).count()
    assert entrants == Pupil.objects.filter(entered_on__year=2016).count() > 0
    leavers = EnrolmentEvent.objects.filter(to_class=None, occurred_on__year=2019).count()
    assert leavers == Pupil.objects.filter(left_on__year=2019).count() == 1


def test_undoing_an_import_of_before_the_upgrade_undoes_the_events_that_the_upgrade_wrote(registered):
    EnrolmentEvent.objects.all().delete()
    EnrolmentEvent.history.all().delete()
    migration.write_events(apps, None)
    for batch in Batch.objects.order_by("-pk"):
        undo(batch.pk)
    assert not EnrolmentEvent.objects.exists()
