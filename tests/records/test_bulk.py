"""Records written in bulk: as Django would have written each, under keys that go on from the last."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from xuezheng.linkage.models import ListRow
from xuezheng.records.bulk import insert, insert_or_replace
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import ClassGroup, Person, School

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def persons(citizen, *numbers):
    return [
        Person(
            name=f"甲{number}",
            id_number=citizen(number, "2010-02-03"),
            sex="male",
            birth_date=date(2010, 2, 3),
        )
        for number in numbers
    ]


def told(model):
    return [
        {field.attname: getattr(record, field.attname) for field in model._meta.concrete_fields[1:]}
        for record in model.objects.order_by("pk")
    ]


def test_what_is_inserted_reads_as_if_each_had_been_saved(citizen):
    for person in persons(citizen, 1, 2):
        person.save()
    saved = told(Person)
    Person.objects.all().delete()
    insert(Person, persons(citizen, 1, 2))
    assert told(Person) == saved
    assert Person.objects.get(id_number_hash=keyed_hash(citizen(1, "2010-02-03"))).name == "甲1"


def test_records_know_their_keys_and_the_next_to_be_saved_follows_them(citizen):
    inserted = persons(citizen, 1, 2, 3)
    insert(Person, inserted)
    assert [person.pk for person in inserted] == list(
        Person.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert not inserted[0]._state.adding
    (next_one,) = persons(citizen, 4)
    next_one.save()
    assert next_one.pk == inserted[-1].pk + 1


def test_a_record_may_point_to_one_that_got_its_key_meanwhile():
    school = School(code="3199000001", name="甲校", kind="211", urban_rural="121", runner="831")
    group = ClassGroup(school=school, name="一班", stage="primary", grade=1)
    insert(School, [school])
    insert(ClassGroup, [group])
    assert ClassGroup.objects.get().school == school


def test_the_same_secret_is_not_the_same_in_the_database():
    listed = [
        ListRow(category="registered_poor", listed_on=date(2019, 3, 1), place=n, name="甲", id_number="12")
        for n in (1, 2)
    ]
    insert(ListRow, listed)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id_number FROM {ListRow._meta.db_table}")
        assert len({bytes(sealed) for (sealed,) in cursor.fetchall()}) == 2
    assert {row.id_number for row in ListRow.objects.all()} == {"12"}


def test_what_only_one_may_have_is_refused_and_nothing_is_kept(citizen):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Person, persons(citizen, 1, 1))
    assert not Person.objects.exists()


def test_what_stands_under_a_key_is_written_over_and_what_is_missing_comes_back(citizen):
    first, second = persons(citizen, 1, 2)
    insert(Person, [first, second])
    first.name = "乙"
    Person.objects.filter(pk=second.pk).delete()
    insert_or_replace(Person, [first, second])
    assert list(Person.objects.order_by("pk").values_list("pk", "name")) == [
        (first.pk, "乙"),
        (second.pk, "甲2"),
    ]
