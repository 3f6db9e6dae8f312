"""What the aid office makes of the reconciled poverty register."""

from datetime import date

import pytest

from xuezheng.areas.aid.models import Award, Entitlement
from xuezheng.linkage.job import link
from xuezheng.linkage.lists import outside_lists
from xuezheng.linkage.models import ListRow
from xuezheng.records.code_lists import code_list
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import ClassGroup, District, Person, PersonCategory, Pupil, School, Term

DAY = date(2019, 3, 1)
entitle = outside_lists()["aid.poverty_register"].take_up


def test_every_category_is_on_one_list_at_most_and_the_lists_tell_all_but_the_schools_own():
    categories = [
        category for outside_list in outside_lists().values() for category in outside_list.categories
    ]
    assert len(set(categories)) == len(categories)
    assert set(code_list("policy.hardship").codes) - set(categories) == {"other", "sudden_event"}


def number(order):
    first = f"99010120050505{order:03d}"
    return first + id_check_digit(first)


@pytest.fixture
def pupil(db):
    """The only pupil of a district with two terms."""
    District.objects.create(code="990101", name="云岭区", bureau_name="云岭区教育局")
    for code, starts, ends in (
        ("2019春", date(2019, 2, 18), date(2019, 7, 5)),
        ("2019秋", date(2019, 9, 1), date(2020, 1, 15)),
    ):
        Term.objects.create(code=code, starts_on=starts, ends_on=ends)
    school = School.objects.create(
        code="3199000001", name="云岭中学", kind="311", urban_rural="121", runner="831"
    )
    group = ClassGroup.objects.create(school=school, name="八年级1班", stage="junior", grade=2)
    person = Person.objects.create(
        name="在读者", id_number=number(3), sex="male", birth_date=date(2005, 5, 5)
    )
    return Pupil.objects.create(
        person=person, student_number=f"G{number(3)}", class_group=group, boarding="day", entered_on=date(2017, 9, 1)
    )  # fmt: skip


@pytest.fixture
def register(pupil):
    """Somebody enrolled, somebody elsewhere, somebody open, and somebody elsewhere without a right number."""
    listed = [
        ("在读者", number(3), ""),
        ("外出者", number(7), "990201"),
        ("无此人", "", ""),
        ("号码错", "990101200505050000", "990201"),
    ]
    for place, (name, written, division) in enumerate(listed, 1):
        ListRow.objects.create(
            category="registered_poor", listed_on=DAY, place=place, name=name, id_number=written, study_division=division
        )  # fmt: skip
    link()
    return pupil


def test_those_who_are_settled_are_to_be_aided(register):
    term, rows = Term.objects.get(code="2019春"), ListRow.objects.latest()
    assert entitle(rows, term) == 2
    here, elsewhere = Entitlement.objects.filter(term=term).order_by("pk")
    assert (here.person, here.school) == (register.person, register.class_group.school)
    assert (elsewhere.person.name, elsewhere.school, elsewhere.source) == ("外出者", None, "poverty_register")
    assert Person.objects.get(name="外出者").birth_date == date(2005, 5, 5)
    assert here.history.get().history_change_reason == "名单比对：建档立卡2019-03-01"


def test_doing_it_again_adds_nobody(register):
    term, rows = Term.objects.get(code="2019春"), ListRow.objects.latest()
    entitle(rows, term)
    people = Person.objects.count()
    assert entitle(rows, term) == 0
    assert Person.objects.count() == people
    assert entitle(rows, Term.objects.get(code="2019秋")) == 2


def award(pupil, programme, paid_on=date(2019, 4, 1)):
    return Award.objects.create(
        person=pupil.person, programme=programme, term=Term.objects.get(code="2019春"), stage="junior",
        school=pupil.class_group.school, school_name="云岭中学", study_division="990101", boarding="boarder",
        amount=62_500, paid_on=paid_on,
    )  # fmt: skip


def frozen(column):
    """The value of a frozen column for each award, in order."""
    _, expression = Award.frozen[column]
    return list(Award.objects.order_by("pk").annotate(found=expression()).values_list("found", flat=True))


def test_who_is_aided_without_being_listed_is_told_from_who_is_listed(register):
    award(register, "registered_poor")
    assert frozen("listed") == [False]
    entitle(ListRow.objects.latest(), Term.objects.get(code="2019秋"))
    assert frozen("listed") == [False]
    entitle(ListRow.objects.latest(), Term.objects.get(code="2019春"))
    assert frozen("listed") == [True]


def test_other_paid_aid_of_the_term_is_frozen_with_an_award(register):
    poor = award(register, "registered_poor", paid_on=None)
    award(register, "boarder")
    award(register, "rain_dew")
    assert frozen("other_aid") == ["boarder,rain_dew", "rain_dew", "boarder"]
    Award.objects.filter(pk=poor.pk).update(paid_on=date(2019, 4, 1))
    assert frozen("other_aid") == [
        "boarder,rain_dew",
        "rain_dew,registered_poor",
        "boarder,registered_poor",
    ]


@pytest.mark.parametrize(
    ("category", "resolved_on", "programmes"),
    [
        ("former_poor", None, {"day_pupil"}),
        ("near_poor", None, {"day_pupil"}),
        ("near_poor", date(2026, 9, 1), set()),
        ("near_poor", date(2026, 9, 2), {"day_pupil"}),
        ("registered_poor", None, set()),
    ],
)
def test_a_listed_pupil_of_2026_is_entitled_by_what_the_category_entitles_to(
    pupil, category, resolved_on, programmes
):
    term = Term.objects.create(code="2026秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 20))
    listed = ListRow.objects.create(
        category=category, listed_on=date(2026, 8, 20), place=1, name="在读者", id_number=number(3)
    )
    if resolved_on:
        PersonCategory.objects.create(
            person=pupil.person, category=category, starts_on=date(2025, 3, 1), resolved_on=resolved_on
        )
    link()
    assert entitle(ListRow.objects.filter(pk=listed.pk), term) == len(programmes)
    assert set(Entitlement.objects.filter(term=term).values_list("programme", flat=True)) == programmes
