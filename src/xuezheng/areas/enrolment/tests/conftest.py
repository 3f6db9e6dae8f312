"""People of a small bureau, and two of its schools."""

import pytest
from django.utils import timezone

from xuezheng.records.models import District, School, User


@pytest.fixture
def people(db):
    District.objects.create(code="990101", name="明山区", bureau_name="明山区教育局")
    for code, name in (("2134990001", "岩寺小学"), ("2134990002", "下街小学")):
        School.objects.create(code=code, name=name, kind="211", urban_rural="121", runner="831")
    sections = {"甲": "enrolment", "乙": "enrolment", "丙": "aid"}
    return {
        name: User.objects.create(
            username=name, role=User.Role.SECTION, section=section, toured_at=timezone.now()
        )
        for name, section in sections.items()
    }
