"""People who are enrolled, and lists that tell of them."""

from datetime import date

import pyarrow as pa
import pytest

from xuezheng.linkage.models import ListRow
from xuezheng.linkage.reconcile import KNOWN, LISTED, reconcile
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import ClassGroup, Person, Pupil, User

LISTED_ON = date(2019, 3, 1)


@pytest.fixture
def number():
    """The ID number of a boy, or, of an even order, a girl, who was born on 1 March 2010."""

    def make(order):
        first = f"99010120100301{order:03d}"
        return first + id_check_digit(first)

    return make


@pytest.fixture
def one():
    """Reconcile one row with people given as (name, number), keyed 1, 2, …; what else is told of both, by name."""

    def find(people, name, written, born=None, school=None, sex=None, guardian=None):
        known = [
            {
                "person": key,
                "number": of,
                "name": called,
                "birth_date": date.fromisoformat(f"{of[6:10]}-{of[10:12]}-{of[12:14]}"),
                "sex": "male" if int(of[16]) % 2 else "female",
                "school": "云岭小学" if key < 3 else f"第{key % 19}小学",
                "guardian": "王建国" if key == 1 else None,
            }
            for key, (called, of) in enumerate(people, 1)
        ]
        row = {
            "row": 7,
            "number": written,
            "name": name,
            "birth_date": born,
            "sex": sex,
            "school": school,
            "guardian": guardian,
        }
        tables = pa.Table.from_pylist([row], LISTED), pa.Table.from_pylist(known, KNOWN)
        return reconcile(*tables)[7]

    return find


@pytest.fixture
def enrolled(schools, number):
    """Three pupils of the first school: 王子涵, 李思远, 阿依努尔·吐尔洪."""
    group = ClassGroup.objects.first()
    made = []
    for order, name in enumerate(("王子涵", "李思远", "阿依努尔·吐尔洪"), 1):
        of = number(order * 2 + 1)
        person = Person.objects.create(
            name=name, id_number=of, sex="male", birth_date=date(2010, 3, 1), household_division="990101"
        )
        Pupil.objects.create(
            person=person,
            student_number=f"G{of}",
            class_group=group,
            boarding="day",
            entered_on=date(2016, 9, 1),
        )
        made.append(person)
    return made


@pytest.fixture
def listed(db):
    """Add a row to a list."""

    def add(name, of="", day=LISTED_ON, category="registered_poor", **further):
        place = ListRow.objects.filter(category=category, listed_on=day).count() + 1
        return ListRow.objects.create(
            name=name, id_number=of, listed_on=day, category=category, place=place, **further
        )

    return add


@pytest.fixture
def clerks(db):
    """Two members of the aid office."""
    return [
        User.objects.create(username=name, role=User.Role.SECTION, section="aid") for name in ("甲", "乙")
    ]
