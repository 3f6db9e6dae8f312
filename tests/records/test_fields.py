"""ID numbers at rest: encrypted, found by a keyed hash, never looked up or written in the plain."""

from datetime import date
from decimal import Decimal

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.records.fields import MoneyField, keyed_hash
from xuezheng.records.models import ClassGroup, Person, Pupil, School

NUMBER = "11010519491231002X"


@pytest.fixture
def person(db):
    return Person.objects.create(
        name="甲", sex="female", birth_date=date(1949, 12, 31), id_number=NUMBER, household_division="110105"
    )


@pytest.fixture
def pupil(person):
    school = School.objects.create(
        code="2199000001", name="甲小学", kind="211", urban_rural="121", runner="831"
    )
    group = ClassGroup.objects.create(school=school, name="一年级1班", stage="primary", grade=1)
    return Pupil.objects.create(
        person=person,
        class_group=group,
        student_number=f"G{NUMBER}",
        boarding="day",
        entered_on=date(2018, 9, 1),
    )


def stored(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [
            bytes(value) if not isinstance(value, str) else value.encode() for (value,) in cursor.fetchall()
        ]


def whole_database():
    """Every value of every table, as bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(found)


def test_the_database_never_holds_an_id_number(person):
    person.household_division = "110106"
    person.save()
    held = whole_database()
    assert "甲".encode() in held
    assert NUMBER.encode() not in held
    assert NUMBER[:17].encode() not in held


def test_the_database_never_holds_an_id_number_as_a_student_number(pupil):
    assert pupil.student_number == f"G{NUMBER}"
    held = whole_database()
    assert b"G" + NUMBER[:6].encode() not in held
    assert NUMBER[:17].encode() not in held
    assert Pupil.objects.get(student_number_hash=keyed_hash(f"G{NUMBER}")) == pupil


def test_the_number_comes_back_whole_from_register_and_history(person):
    assert Person.objects.get().id_number == NUMBER
    assert person.history.get().id_number == NUMBER


def test_the_same_number_never_looks_the_same_twice(person):
    before = stored("records_person", "id_number")
    person.save()
    assert stored("records_person", "id_number") != before


def test_a_number_that_was_tampered_with_is_not_read(person):
    (sealed,) = stored("records_person", "id_number")
    broken = connection.Database.Binary(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_person SET id_number = %s", [broken])
    with pytest.raises(InvalidTag):
        Person.objects.get()


@pytest.mark.parametrize(
    "look_up", ["exact", "iexact", "in", "contains", "startswith", "gt", "regex", "range"]
)
def test_a_look_up_by_the_number_is_refused_with_the_way_to_do_it(db, look_up):
    with pytest.raises(FieldError, match="id_number_hash=keyed_hash"):
        Person.objects.filter(**{f"id_number__{look_up}": [NUMBER]})


def test_the_hash_finds_the_person(person):
    assert Person.objects.get(id_number_hash=keyed_hash(NUMBER)) == person
    assert not Person.objects.filter(id_number_hash=keyed_hash("110105194912310021")).exists()


def test_the_hash_follows_the_number(person):
    person.id_number = "110105194912310047"
    person.save()
    assert Person.objects.get(id_number_hash=keyed_hash("110105194912310047")) == person


def test_two_persons_cannot_have_one_number(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="乙", sex="female", birth_date=date(1949, 12, 31), id_number=NUMBER)


def test_a_missing_number_is_still_told_apart(db):
    assert not Person.objects.filter(id_number__isnull=True).exists()


@given(st.text(min_size=1, max_size=30))
def test_a_hash_tells_nothing_but_equality(text):
    assert keyed_hash(text) == keyed_hash(text)
    assert len(keyed_hash(text)) == 32
    assert keyed_hash(text) != keyed_hash(text + "0")


@given(st.integers(-(10**15), 10**15))
def test_a_form_shows_money_in_yuan_and_takes_it_back_to_the_fen(fen):
    field = MoneyField("金额").formfield()
    shown = field.prepare_value(fen)
    assert shown == Decimal(fen) / 100
    assert field.clean(str(shown)) == fen
    assert not field.has_changed(fen, str(shown))


def test_a_form_refuses_a_part_of_a_fen():
    with pytest.raises(ValidationError):
        MoneyField("金额").formfield().clean("0.005")


def test_money_is_a_whole_number_in_the_database():
    assert isinstance(MoneyField("金额"), models.BigIntegerField)
