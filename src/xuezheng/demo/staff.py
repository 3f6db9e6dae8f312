"""The staff of the demonstration district's schools and bureau."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from xuezheng.demo.district import DemoSchool, chance, district
from xuezheng.demo.people import DemoPerson, People

_PUPILS_A_TEACHER = 16
_TEACHERS_A_VICE_HEAD = 30
_BUREAU_STAFF = 24
_OLDEST, _YOUNGEST = 1960, 1996


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Someone in post on 2019-06-30 at a school or, without one, at the bureau."""

    person: DemoPerson
    school: DemoSchool | None
    post: str
    post_from: date


@cache
def staff() -> tuple[DemoStaff, ...]:
    """Return everybody in post: each school's by the number of its pupils, then the bureau's."""
    people, rng = People(), chance("教职工")
    cast = district()
    found = []
    for school in cast.schools:
        pupils = sum(pupil.school is school and pupil.left_on is None for pupil in cast.pupils)
        found += [_employ(rng, people, school, post) for post in _posts(pupils)]
    found += [_employ(rng, people, None, "行政教辅人员") for _ in range(_BUREAU_STAFF)]
    return tuple(found)


def _posts(pupils: int) -> Iterator[str]:
    teachers = max(2, round(pupils / _PUPILS_A_TEACHER))
    yield "校（园）长"
    yield from ["副校（园）长"] * (teachers // _TEACHERS_A_VICE_HEAD)
    yield from ["专任教师"] * teachers
    yield from ["行政教辅人员"] * (teachers // 20)
    yield from ["工勤人员"] * (teachers // 25)


def _employ(rng: Random, people: People, school: DemoSchool | None, post: str) -> DemoStaff:
    born = rng.randrange(_OLDEST, _YOUNGEST if post.endswith(("教师", "人员")) else 1984)
    person = people.make(rng, date(born, 1, 1))
    first = max(born + 23, 2019 - rng.randrange(25))
    return DemoStaff(person, school, post, date(min(first, 2018), 9, 1))
