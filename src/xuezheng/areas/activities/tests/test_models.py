"""What cannot be true of an event, an entry, a tour, a visit."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.activities.models import Edition, Entry, StudyTour, Visit, Visitor
from xuezheng.records.models import School

PRIMARY = School(kind="211")


def tour(**fields):
    return StudyTour(**{"school": PRIMARY, "stage": "primary", "day": date(2019, 4, 12), **fields})


@pytest.mark.parametrize(
    "record",
    [
        tour(),
        tour(ended_on=date(2019, 4, 12)),
        Entry(school=PRIMARY, stage="preschool"),  # kindergarten classes attached to a primary school
        Entry(school=School(kind="345"), stage="senior"),
        Visit(direction="out"),
        Visit(direction="in", guests=9),
        Visitor(visit=Visit(direction="out")),
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (tour(stage="junior"), "stage", "小学不办初中"),
        (tour(ended_on=date(2019, 4, 11)), "ended_on", "返回日期早于出发日期2019-04-12"),
        (Entry(school=PRIMARY, stage="senior"), "stage", "小学不办高中"),
        (Visit(direction="in"), "guests", "来访的须填来访人数"),
        (Visit(direction="out", guests=3), "guests", "外出的应留空"),
        (Visitor(visit=Visit(direction="in")), "visit", "这次交流是来访"),
    ],
)
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.parametrize("field", ["number"])
def test_editions_are_counted_from_one(field):
    with pytest.raises(ValidationError):
        Edition._meta.get_field(field).run_validators(0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "day", "reported"),
    [
        (5, date(2019, 4, 14), False),
        (3, date(2019, 4, 12), False),
        (5, date(2019, 4, 13), True),
        (3, date(2019, 4, 13), True),
        (5, date(2018, 4, 13), True),
    ],
)
def test_a_later_edition_of_an_event_is_held_later(number, day, reported):
    fourth = Edition.objects.create(
        event="football_league", number=4, held_on=date(2019, 4, 13), level="district"
    )
    edition = Edition(event="football_league", number=number, held_on=day, level="district")
    assert ("第4届校园足球两级联赛已登记" in dict(edition.faults()).get("number", "")) == reported
    assert list(fourth.faults()) == []
    basketball = Edition(event="basketball", number=number, held_on=day, level="district")
    assert list(basketball.faults()) == []
