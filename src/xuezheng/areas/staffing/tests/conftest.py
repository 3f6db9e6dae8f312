"""A small bureau with four schools, its users, and teachers whose service and subjects are registered."""

from datetime import date

import pytest
from django.utils import timezone
from tests.conftest import citizen_id, work  # noqa: F401 - a fixture

from xuezheng.areas.staffing.models import Profile, RotationPost, RotationRequest, TeachingSubject
from xuezheng.records.models import District, Person, School, StaffMember, User

DAY = date(2020, 8, 31)
YEAR = "2020-2021"


@pytest.fixture
def rotating(db):
    """Four schools by number; the third is rural."""
    District.objects.create(code="990101", name="明山区", bureau_name="明山区教育局")
    kinds = ((1, "岩寺小学", "121"), (2, "下街小学", "121"), (3, "坤沙小学", "220"), (4, "南山小学", "121"))
    return {
        number: School.objects.create(
            code=f"213499000{number}", name=name, kind="211", urban_rural=place, runner="831"
        )
        for number, name, place in kinds
    }


@pytest.fixture
def accounts(rotating):
    def account(name, role, **about):
        return User.objects.create(username=name, role=role, toured_at=timezone.now(), **about)

    return {
        "staffing": account("staffing", User.Role.SECTION, section="staffing"),
        "aid": account("aid", User.Role.SECTION, section="aid"),
        "office": account("office", User.Role.OFFICE),
        "leader": account("leader", User.Role.LEADER),
        "clerk": account("clerk", User.Role.CLERK, school=rotating[1]),
        "admin": account("admin", User.Role.ADMINISTRATOR),
    }


@pytest.fixture
def employ(rotating):
    """Register a person with posts, as (school's number, post, first day, last day); a teacher of Chinese where ``subject`` does not say otherwise."""

    def register(order, *posts, subject="chinese", born="1985-03-01", sex="男", backbone=False):
        person = Person.objects.create(
            name=f"教师{order:02}", id_number=citizen_id(order, born, sex), sex={"男": "male", "女": "female"}[sex],
            birth_date=date.fromisoformat(born),
        )  # fmt: skip
        for school, post, first, *last in posts:
            StaffMember.objects.create(
                person=person, school=rotating.get(school), post=post, post_from=date.fromisoformat(first),
                post_until=date.fromisoformat(last[0]) if last else None,
            )  # fmt: skip
        if subject:
            TeachingSubject.objects.create(
                person=person, school=rotating[posts[-1][0]], stage="primary", subject=subject
            )
        if backbone:
            Profile.objects.create(
                person=person,
                degree="bachelor",
                title="none",
                backbone="district",
                backbone_on=date(2015, 1, 1),
            )
        return person

    return register


@pytest.fixture
def wish(rotating):
    """Register the request of a person at a school, by the schools' numbers."""

    def register(person, school, *wishes, **about):
        named = dict(zip(("first", "second", "third"), (rotating[number] for number in wishes), strict=False))
        return RotationRequest.objects.create(
            person=person,
            school_year=YEAR,
            school=rotating[school],
            submitted_on=date(2020, 5, 8),
            **named,
            **about,
        )

    return register


@pytest.fixture
def open_post(rotating):
    """Register the places of a school, by its number."""

    def register(school, places, subject="chinese"):
        return RotationPost.objects.create(
            school=rotating[school], school_year=YEAR, stage="primary", subject=subject, places=places
        )

    return register
