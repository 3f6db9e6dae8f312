"""The rotation problem as plain values, independent of the database, that can be stored as JSON and hashed.

Schools and persons appear as primary keys only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

#: The school at which each teacher is placed: its key by the key of the person, None for one who stays.
Placing = Mapping[int, int | None]
#: (stage, subject), both codes.
Field = tuple[str, str]


@dataclass(frozen=True)
class Teacher:
    """A teacher who is due to rotate, with the request.

    ``person`` and ``school`` (the present one) are primary keys, ``stage`` and ``subject`` codes. ``years``
    are the full years at the school. ``wishes`` are keys of schools, best first. ``stays`` is whether the
    teacher asks to stay; ``pair`` is a number shared by two who wish for the same school, "" without one;
    ``submitted`` is the day of the request as YYYY-MM-DD, "" without a request.
    """

    person: int
    school: int
    stage: str
    subject: str
    backbone: bool
    years: int
    wishes: tuple[int, ...] = ()
    stays: bool = False
    pair: str = ""
    submitted: str = ""

    @property
    def field(self) -> Field:
        """The stage and the subject; the teacher may move only to posts of both."""
        return self.stage, self.subject

    def rank_of(self, school: int | None) -> int | None:
        """Return the number of the wish for ``school``, from 1.

        Returns None for a school not wished for, and if ``school`` is None.
        """
        return self.wishes.index(school) + 1 if school in self.wishes else None


@dataclass(frozen=True)
class Opening:
    """The number of places that a school offers to teachers who rotate, for one stage and subject."""

    school: int
    stage: str
    subject: str
    places: int

    @property
    def field(self) -> Field:
        """The codes of the stage and the subject."""
        return self.stage, self.subject


@dataclass(frozen=True)
class Campus:
    """A school, as the solver needs it.

    ``school`` is its key, ``rural`` whether it counts as rural; ``teachers`` and ``backbone`` are its numbers
    of all teachers and of backbone teachers (骨干教师). Heads and vice-heads are not counted.
    """

    school: int
    rural: bool
    teachers: int
    backbone: int


@dataclass(frozen=True)
class Requirements:
    """The requirements of policy; all are percentages except ``eligible``.

    ``eligible`` is the number of teachers due, of whom at least ``moved`` percent must move. Of those who
    move, at least ``backbone`` percent must be backbone teachers and at least ``rural`` percent must go to
    rural schools. At most ``leave`` percent of a school's teachers of a stage and subject may leave at once,
    but always one. A school must keep backbone teachers amounting to ``floor`` percent of its teachers, or as
    many as it has now if these are fewer.
    """

    eligible: int
    moved: int
    backbone: int
    rural: int
    leave: int
    floor: int


@dataclass(frozen=True)
class Problem:
    """The complete input of the solver.

    ``staff`` has tuples (school, stage, subject, number of teachers registered); ``distances`` has tuples
    (school, school, distance in units of 100 metres) for schools with coordinates.
    """

    teachers: tuple[Teacher, ...]
    openings: tuple[Opening, ...]
    campuses: tuple[Campus, ...]
    staff: tuple[tuple[int, str, str, int], ...]
    distances: tuple[tuple[int, int, int], ...]
    requirements: Requirements

    @cached_property
    def places(self) -> dict[tuple[int, Field], int]:
        """The number of places by (school, (stage, subject))."""
        return {(each.school, each.field): each.places for each in self.openings}

    @cached_property
    def by_person(self) -> dict[int, Teacher]:
        """The teachers by the primary key of the person."""
        return {teacher.person: teacher for teacher in self.teachers}

    @cached_property
    def by_school(self) -> dict[int, Campus]:
        """The schools by primary key."""
        return {campus.school: campus for campus in self.campuses}

    @cached_property
    def pairs(self) -> list[tuple[Teacher, Teacher]]:
        """The pairs of teachers who must be placed at the same school, or both stay.

        A pair number that other than exactly two teachers share is ignored.
        """
        groups: dict[str, list[Teacher]] = {}
        for teacher in self.teachers:
            if teacher.pair:
                groups.setdefault(teacher.pair, []).append(teacher)
        return [(group[0], group[1]) for group in groups.values() if len(group) == 2]

    @cached_property
    def _metres(self) -> dict[frozenset[int], int]:
        return {frozenset((start, end)): length for start, end, length in self.distances}

    def distance(self, start: int, end: int) -> int | None:
        """Return the distance between two schools in units of 100 metres; None if it is not known."""
        return self._metres.get(frozenset((start, end)))

    def choices(self, teacher: Teacher) -> list[int]:
        """Return the sorted keys of the schools at which a teacher may be placed.

        They are those with places for the teacher's stage and subject, except the present school.
        """
        return sorted(
            school
            for (school, field), places in self.places.items()
            if field == teacher.field and school != teacher.school and places > 0
        )

    @cached_property
    def _numbers(self) -> dict[tuple[int, Field], int]:
        return {(school, (stage, subject)): number for school, stage, subject, number in self.staff}

    def most_leaving(self, school: int, field: Field) -> int:
        """Return how many teachers of a stage and subject may leave a school at once, at least 1.

        It is the percentage ``leave`` of the requirements, of the teachers registered there, rounded down.
        """
        return max(1, self._numbers.get((school, field), 0) * self.requirements.leave // 100)

    def least_backbone(self, school: int) -> int:
        """Return how many backbone teachers a school must keep.

        It is the percentage ``floor`` of the requirements, of the school's teachers, rounded up; all that it
        has if they are fewer.
        """
        campus = self.by_school[school]
        return min(campus.backbone, share_of(self.requirements.floor, campus.teachers))

    @property
    def least_moved(self) -> int:
        """The number of teachers who must move: the percentage ``moved`` of those due, rounded up."""
        return share_of(self.requirements.moved, self.requirements.eligible)

    def is_rural(self, school: int | None) -> bool:
        """Whether the school with the key ``school`` counts as rural; False for None."""
        return school is not None and self.by_school[school].rural

    def to_json(self) -> dict[str, Any]:
        """Return the problem as a dict of values that JSON can represent."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Problem:
        """Return the problem for a dict from :meth:`to_json`, also after a round trip through JSON."""
        return cls(
            tuple(Teacher(**{**each, "wishes": tuple(each["wishes"])}) for each in values["teachers"]),
            tuple(Opening(**each) for each in values["openings"]),
            tuple(Campus(**each) for each in values["campuses"]),
            tuple((key, stage, subject, number) for key, stage, subject, number in values["staff"]),
            tuple((start, end, length) for start, end, length in values["distances"]),
            Requirements(**values["requirements"]),
        )


def share_of(percent: int, number: int) -> int:
    """Return ``percent`` percent of ``number``, rounded up to a whole number."""
    return -(-percent * number // 100)


def moves_of(problem: Problem, placing: Placing) -> list[tuple[Teacher, int]]:
    """Return (teacher, key of the new school) for each teacher who moves in ``placing``."""
    places = ((teacher, placing.get(teacher.person)) for teacher in problem.teachers)
    return [(teacher, school) for teacher, school in places if school is not None]
