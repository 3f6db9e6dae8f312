"""The demonstration in autumn 2019: pupils a grade higher, the last grades gone, new pupils enrolled, a kindergarten opened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random

from xuezheng.demo.district import (
    DemoClass,
    DemoDistrict,
    DemoPupil,
    DemoSchool,
    chance,
    district,
    first_birthday,
    household_of,
)
from xuezheng.demo.people import People
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR, TOWN

TERM = "2019秋"
TERM_START = date(2019, 9, 2)
LEFT_ON = date(2019, 8, 31)
LAST_DAY = date(2019, 12, 31)

NEW_SCHOOL = DemoSchool("1199000041", "凤山幼儿园", "幼儿园", TOWN, "县级教育部门", None)
_NEW_CLASSES = (("小一班", 1), ("小二班", 1), ("中一班", 2))
_PUPILS_A_NEW_CLASS = 27
# Teaching points have no upper grades; their pupils go on at this school.
_CENTRAL_SCHOOL = "潜口中心小学"
_LAST_GRADES = {PRESCHOOL: 3, PRIMARY: 6, JUNIOR: 3, SENIOR: 3}
# More children than seats: how many each class of the lowest grade takes beyond the one before it.
_CROWDED = {("岩寺小学", "一年级1班"): 5, ("岩寺小学", "一年级2班"): 6}
_STAGE_BEFORE = {PRIMARY: PRESCHOOL, JUNIOR: PRIMARY, SENIOR: JUNIOR}


@cache
def autumn() -> DemoDistrict:
    """Return the district of autumn 2019.

    Pupils who left by the summer are included, with their last day as ``left_on``.
    """
    spring = district()
    return _Year(spring).district()


class _Year:
    """The step from one school year to the next."""

    def __init__(self, spring: DemoDistrict) -> None:
        self._spring = spring
        self._people = People(
            [
                *(pupil.person for pupil in spring.pupils),
                *(away.person for away in spring.absent),
                *spring.candidates,
            ]
        )
        self._members: dict[DemoClass, list[DemoPupil]] = {group: [] for group in spring.classes}
        for pupil in spring.pupils:
            if pupil.left_on is None:
                self._members[pupil.class_group].append(pupil)

    def district(self) -> DemoDistrict:
        """Return the district of the next school year."""
        pupils, finished = self._promoted()
        for stage in (PRESCHOOL, PRIMARY, JUNIOR, SENIOR):
            rng = chance(f"秋季招生 {stage}")
            waiting = finished.get(_STAGE_BEFORE.get(stage, ""), [])
            rng.shuffle(waiting)
            pupils += self._entered(rng, stage, waiting)
        pupils += self._opened(chance(NEW_SCHOOL.name))
        here = {pupil.person for pupil in pupils}
        left = [
            replace(pupil, left_on=LEFT_ON)
            for members in self._members.values()
            for pupil in members
            if pupil.person not in here
        ]
        return DemoDistrict(
            schools=(*self._spring.schools, NEW_SCHOOL),
            classes=tuple(dict.fromkeys(pupil.class_group for pupil in pupils)),
            pupils=(*pupils, *left),
            absent=self._spring.absent,
            candidates=(),
        )

    def _promoted(self) -> tuple[list[DemoPupil], dict[str, list[DemoPupil]]]:
        """Move every grade up; return the pupils in their new classes, and those who finished a stage, by stage."""
        pupils: list[DemoPupil] = []
        finished: dict[str, list[DemoPupil]] = {}
        for grades in self._grades().values():
            for grade, groups in grades.items():
                cohort = [pupil for group in groups for pupil in self._members[group]]
                stage = groups[0].stage
                if grade == _LAST_GRADES[stage]:
                    finished.setdefault(stage, []).extend(cohort)
                else:
                    pupils += _spread(cohort, grades.get(grade + 1) or self._central(grade + 1))
        return pupils, finished

    def _central(self, grade: int) -> list[DemoClass]:
        return [
            group
            for group in self._spring.classes
            if (group.school.name, group.stage, group.grade) == (_CENTRAL_SCHOOL, PRIMARY, grade)
        ]

    def _grades(self) -> dict[tuple[str, str], dict[int, list[DemoClass]]]:
        """The classes of each school and stage by grade."""
        grades: dict[tuple[str, str], dict[int, list[DemoClass]]] = {}
        for group in self._spring.classes:
            grades.setdefault((group.school.code, group.stage), {}).setdefault(group.grade, []).append(group)
        return grades

    def _entered(self, rng: Random, stage: str, waiting: list[DemoPupil]) -> Iterator[DemoPupil]:
        """Fill the lowest grade of each school with the ``waiting`` pupils, who finished the stage before, then with new people."""
        for grades in self._grades().values():
            lowest = min(grades)
            for group in grades[lowest]:
                if group.stage != stage:
                    continue
                seats = [former.boarding for former in self._members[group]]
                seats += ["走读"] * _CROWDED.get((group.school.name, group.name), 0)
                for boarding in seats:
                    if waiting:
                        yield _enrolled(waiting.pop(), group, boarding)
                    else:
                        yield self._new(rng, group, boarding)

    def _opened(self, rng: Random) -> Iterator[DemoPupil]:
        for name, grade in _NEW_CLASSES:
            group = DemoClass(NEW_SCHOOL, name, PRESCHOOL, grade, attached=False)
            for _ in range(_PUPILS_A_NEW_CLASS):
                yield self._new(rng, group, "走读")

    def _new(self, rng: Random, group: DemoClass, boarding: str) -> DemoPupil:
        birthday = first_birthday(group.stage, group.grade, school_year=2019)
        person = self._people.make(rng, birthday, household_of(rng, group.stage))
        return DemoPupil(person, group, boarding, TERM_START, None)


def _spread(cohort: list[DemoPupil], groups: list[DemoClass]) -> Iterator[DemoPupil]:
    """Yield the pupils of a grade in the classes ``groups`` of the next one, in order, in equal parts."""
    for place, pupil in enumerate(cohort):
        yield replace(pupil, class_group=groups[place * len(groups) // len(cohort)])


def _enrolled(pupil: DemoPupil, group: DemoClass, boarding: str) -> DemoPupil:
    return replace(pupil, class_group=group, boarding=boarding, entered_on=TERM_START)
