"""All people and schools of the demonstration in the school year 2018-2019; they are the same in every run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from xuezheng.demo.people import DISTRICT, OTHER_PROVINCES, SAME_PROVINCE, DemoPerson, People
from xuezheng.demo.schools import (
    CODE_TYPES,
    JUNIOR,
    PLANS,
    PRESCHOOL,
    PRIMARY,
    SENIOR,
    UNIVERSITY,
    Intake,
    SchoolPlan,
)

NAME, BUREAU, SEED = "云岭区", "云岭区教育局", "云岭区 2019"
TERM = "2019春"
TERM_START = date(2019, 2, 25)
LAST_DAY = date(2019, 6, 30)

# Years at school before grade 1 of the stage; a pupil of grade 1 of primary school has none.
_YEARS_BEFORE = {PRESCHOOL: -3, PRIMARY: 0, JUNIOR: 6, SENIOR: 9, UNIVERSITY: 12}
_NUMERALS = "一二三四五六七八九"
# Families of registered poor pupils who study elsewhere: stage, in the province, outside it.
_ELSEWHERE = ((PRESCHOOL, 18, 2), (PRIMARY, 65, 2), (JUNIOR, 39, 3), (SENIOR, 16, 1), (UNIVERSITY, 0, 2))
_SCHOOLS_ELSEWHERE = {
    PRESCHOOL: ("中心幼儿园", "第二幼儿园", "新苗幼儿园"),
    PRIMARY: ("实验小学", "第三小学", "滨河小学", "城南小学"),
    JUNIOR: ("第四中学", "城东初级中学"),
    SENIOR: ("第一中学", "高级中学", "工业职业学校"),
    UNIVERSITY: ("师范学院", "理工大学"),
}


@dataclass(frozen=True)
class Place:
    """The place of a demonstration: its schools, and the divisions around it.

    ``seed`` makes its people differ from those of other places. ``division`` is its code; ``school_year`` is
    the year in which the school year begins, ``plans`` are its schools. ``neighbours`` maps the codes of
    divisions of the same province to the names of their towns, ``others`` those of other provinces.
    ``absent`` has (stage, pupils who study in the province, pupils outside it); ``candidates`` is the number
    of people who sit the entrance exam outside any school.
    """

    seed: str
    division: str
    school_year: int
    term_start: date
    plans: tuple[SchoolPlan, ...]
    neighbours: Mapping[str, str]
    others: Mapping[str, str]
    absent: tuple[tuple[str, int, int], ...] = ()
    candidates: int = 0


YUNLING = Place(
    SEED, DISTRICT, 2018, TERM_START, PLANS, SAME_PROVINCE, OTHER_PROVINCES, _ELSEWHERE, candidates=6
)


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school or kindergarten; its choice fields have their Chinese labels, as in a workbook.

    ``kind`` is the type of school, ``urban_rural`` the kind of place (镇中心区), ``runner`` who runs it (县级教育部门
    or 民办), ``senior_grade`` the grade of a senior school (市示范高中), None for others.
    """

    code: str
    name: str
    kind: str
    urban_rural: str
    runner: str
    senior_grade: str | None


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class of a school.

    ``grade`` counts from 1 in its stage, and ``attached`` is True for a kindergarten class of a primary
    school.
    """

    school: DemoSchool
    name: str
    stage: str
    grade: int
    attached: bool


@dataclass(frozen=True, slots=True)
class DemoPupil:
    """A pupil enrolled in the district.

    ``boarding`` is 住校 or 走读; ``left_on`` is the last day of one who has left, else None.
    """

    person: DemoPerson
    class_group: DemoClass
    boarding: str
    entered_on: date
    left_on: date | None

    @property
    def school(self) -> DemoSchool:
        """The pupil's school."""
        return self.class_group.school

    @property
    def stage(self) -> str:
        """The Chinese label of the pupil's stage, as 小学."""
        return self.class_group.stage

    @property
    def student_number(self) -> str | None:
        """The national student number (学籍号); None in kindergartens, which assign none."""
        return None if self.stage == PRESCHOOL else f"G{self.person.id_number}"


@dataclass(frozen=True, slots=True)
class DemoAbsent:
    """A pupil from the district who studies elsewhere, and so is on no roster of its schools.

    ``study_division`` is the division code of the place of study, ``boarding`` 住校 or 走读.
    """

    person: DemoPerson
    stage: str
    school_name: str
    study_division: str
    boarding: str


@dataclass(frozen=True)
class DemoDistrict:
    """All schools, classes and people of a demonstration.

    ``pupils`` include those who have left; ``absent`` are pupils from the district who study elsewhere;
    ``candidates`` sit the college entrance exam again, outside any school.
    """

    schools: tuple[DemoSchool, ...]
    classes: tuple[DemoClass, ...]
    pupils: tuple[DemoPupil, ...]
    absent: tuple[DemoAbsent, ...]
    candidates: tuple[DemoPerson, ...]

    def enrolled(self, *stages: str) -> list[DemoPupil]:
        """Return the pupils of the stages (Chinese labels) who have not left."""
        return [pupil for pupil in self.pupils if pupil.stage in stages and pupil.left_on is None]


def chance(part: str, seed: str = SEED) -> Random:
    """Return a random generator for the part of a demonstration called ``part``.

    It gives the same numbers in each run, and is independent of the generators of other parts.
    """
    return Random(f"{seed} {part}")  # noqa: S311 - nobody is to be kept from guessing


@cache
def district() -> DemoDistrict:
    """Return the demonstration district of the school year 2018-2019; it is generated once."""
    return build()


def build(place: Place = YUNLING) -> DemoDistrict:
    """Generate the schools, classes and people of a place.

    Every school has its own random generator, so that changing one school leaves the others unchanged.
    """
    people = People()
    pupils: list[DemoPupil] = []
    schools = []
    for number, plan in enumerate(place.plans, 1):
        code = f"{CODE_TYPES[plan.kind]}99{number:06}"
        school = DemoSchool(code, plan.name, plan.kind, plan.urban_rural, plan.runner, plan.senior_grade)
        schools.append(school)
        pupils += _pupils(chance(plan.name, place.seed), people, school, plan, place)
    rng = chance("区外", place.seed)
    return DemoDistrict(
        schools=tuple(schools),
        classes=tuple(dict.fromkeys(pupil.class_group for pupil in pupils)),
        pupils=tuple(pupils),
        absent=tuple(_absent(rng, people, place)),
        candidates=tuple(
            people.make(rng, first_birthday(SENIOR, 4, place.school_year), place.division)
            for _ in range(place.candidates)
        ),
    )


def first_birthday(stage: str, grade: int, school_year: int = 2018) -> date:
    """Return the earliest birthday in a grade (from 1) of a stage: a 1 September.

    A child enters primary school when six years old by 31 August. ``school_year`` is the year in which the
    school year begins.
    """
    return date(school_year - 6 - _YEARS_BEFORE[stage] - grade, 9, 1)


def _pupils(
    rng: Random, people: People, school: DemoSchool, plan: SchoolPlan, at: Place
) -> Iterator[DemoPupil]:
    for intake in (*plan.intakes, *([plan.attached] if plan.attached else [])):
        # About one pupil in three hundred left during the term; they come on top of the plan's number.
        leavers = intake.pupils // 300
        for class_group, size in _classes(rng, school, intake, attached=intake is plan.attached):
            gone = min(leavers, rng.randrange(2))
            leavers -= gone
            for place in range(size + gone):
                yield _pupil(rng, people, class_group, intake, at, left=place >= size)


def _classes(
    rng: Random, school: DemoSchool, intake: Intake, attached: bool
) -> Iterator[tuple[DemoClass, int]]:
    places = [(grade, number) for grade in intake.all_grades() for number in range(1, intake.classes + 1)]
    equal = len(places) - len(intake.crowded)
    share, over = divmod(intake.pupils - sum(intake.crowded), equal)
    sizes = [share + (place < over) for place in range(equal)]
    for place in range(0, equal - 1, 2):
        shift = rng.randrange(3)
        sizes[place] += shift
        sizes[place + 1] -= shift
    sizes += reversed(intake.crowded)
    for (grade, number), size in zip(places, sizes, strict=True):
        name = _class_name(intake.stage, grade, number, attached)
        yield DemoClass(school, name, intake.stage, grade, attached), size


def _class_name(stage: str, grade: int, number: int, attached: bool) -> str:
    if stage == PRESCHOOL:
        return f"{'幼儿' if attached else ''}{'小中大'[grade - 1]}{_NUMERALS[number - 1]}班"
    if stage == SENIOR:
        return f"高{_NUMERALS[grade - 1]}{number}班"
    return f"{_NUMERALS[_YEARS_BEFORE[stage] + grade - 1]}年级{number}班"


def _pupil(rng: Random, people: People, group: DemoClass, intake: Intake, at: Place, left: bool) -> DemoPupil:
    # One in thirty started school a year late; one in a hundred came to the school only this term.
    late = group.stage != PRESCHOOL and rng.random() < 1 / 30
    birthday = first_birthday(group.stage, group.grade + late, at.school_year)
    person = people.make(rng, birthday, household_of(rng, group.stage, at))
    old_enough = group.stage != PRIMARY or group.grade >= 3
    boards = old_enough and rng.random() < intake.boarders
    moved = not left and rng.random() < 1 / 100
    return DemoPupil(
        person=person,
        class_group=group,
        boarding="住校" if boards else "走读",
        entered_on=at.term_start if moved else date(at.school_year + 1 - group.grade, 9, 1),
        left_on=at.term_start + timedelta(weeks=rng.randrange(1, 16), days=rng.randrange(2))
        if left
        else None,
    )


def household_of(rng: Random, stage: str, at: Place = YUNLING) -> str:
    """Return a random division code of household registration (户籍) for a pupil of a stage, most often that of the place itself.

    Some are of neighbouring divisions, more at senior schools, and few of other provinces.
    """
    draw = rng.random()
    # The senior schools draw pupils from other districts of the province.
    if draw < (0.12 if stage == SENIOR else 0.03):
        return rng.choice(list(at.neighbours))
    return rng.choice(list(at.others)) if draw > 0.99 else at.division


def _absent(rng: Random, people: People, at: Place) -> Iterator[DemoAbsent]:
    for stage, in_province, outside in at.absent:
        for place, count in ((at.neighbours, in_province), (at.others, outside)):
            for _ in range(count):
                division, town = rng.choice(list(place.items()))
                grade = rng.randrange(1, 7 if stage == PRIMARY else 4)
                boards = stage in (SENIOR, UNIVERSITY) or (stage == JUNIOR and rng.random() < 0.4)
                yield DemoAbsent(
                    person=people.make(rng, first_birthday(stage, grade, at.school_year), at.division),
                    stage=stage,
                    school_name=town + rng.choice(_SCHOOLS_ELSEWHERE[stage]),
                    study_division=division,
                    boarding="住校" if boards else "走读",
                )
