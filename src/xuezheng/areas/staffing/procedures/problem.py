"""The problem of a plan of rotation: teachers, openings, schools and requirements as plain values that can be frozen and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

#: Where each teacher is placed: the key of a school, or None for one who stays.
Placing = Mapping[int, int | None]
#: A stage and a subject.
Field = tuple[str, str]


@dataclass(frozen=True)
class Teacher:
    """A teacher who is due: the key of the person, the present school, what is taught, and the request.

    ``wishes`` are keys of schools in order; ``stays`` whether the teacher asks to stay, ``pair`` a number shared with the one who wishes for the same
    school, ``submitted`` the day of the request as text, "" without one; ``years`` are those at the school.
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
        """The stage and the subject, in which the teacher may move."""
        return self.stage, self.subject

    def rank_of(self, school: int | None) -> int | None:
        """Return the number of the wish that a school is, from 1; None for one not wished for."""
        return self.wishes.index(school) + 1 if school in self.wishes else None


@dataclass(frozen=True)
class Opening:
    """The places of a school for teachers of a stage and a subject who come by rotation."""

    school: int
    stage: str
    subject: str
    places: int

    @property
    def field(self) -> Field:
        """The stage and the subject."""
        return self.stage, self.subject


@dataclass(frozen=True)
class Campus:
    """A school: whether it counts as rural, and how many teachers and backbone teachers it has now."""

    school: int
    rural: bool
    teachers: int
    backbone: int


@dataclass(frozen=True)
class Requirements:
    """What policy requires, shares in percent.

    ``eligible`` are the teachers due; at least ``moved`` of them move; of those who move at least ``backbone`` are backbone teachers, and at least
    ``rural`` go to rural schools. At most ``leave`` of a school's teachers of a stage and subject leave at once, but one may; and a school keeps backbone
    teachers of at least ``floor`` of its teachers, or as many as it has now.
    """

    eligible: int
    moved: int
    backbone: int
    rural: int
    leave: int
    floor: int


@dataclass(frozen=True)
class Problem:
    """A problem of rotation.

    ``staff`` has, as (school, stage, subject, number), the teachers registered; ``distances`` has, as (school, school, units of 100 metres), those between schools
    that have coordinates.
    """

    teachers: tuple[Teacher, ...]
    openings: tuple[Opening, ...]
    campuses: tuple[Campus, ...]
    staff: tuple[tuple[int, str, str, int], ...]
    distances: tuple[tuple[int, int, int], ...]
    requirements: Requirements

    @cached_property
    def places(self) -> dict[tuple[int, Field], int]:
        """The places by school and field."""
        return {(each.school, each.field): each.places for each in self.openings}

    @cached_property
    def by_person(self) -> dict[int, Teacher]:
        """The teachers by the keys of their persons."""
        return {teacher.person: teacher for teacher in self.teachers}

    @cached_property
    def by_school(self) -> dict[int, Campus]:
        """The schools by key."""
        return {campus.school: campus for campus in self.campuses}

    @cached_property
    def pairs(self) -> list[tuple[Teacher, Teacher]]:
        """Those who wish for the same school, two and two; a number that not exactly two have binds nobody."""
        groups: dict[str, list[Teacher]] = {}
        for teacher in self.teachers:
            if teacher.pair:
                groups.setdefault(teacher.pair, []).append(teacher)
        return [(group[0], group[1]) for group in groups.values() if len(group) == 2]

    @cached_property
    def _metres(self) -> dict[frozenset[int], int]:
        return {frozenset((start, end)): length for start, end, length in self.distances}

    def distance(self, start: int, end: int) -> int | None:
        """Return the distance of two schools in units of 100 metres; None where it is not known."""
        return self._metres.get(frozenset((start, end)))

    def choices(self, teacher: Teacher) -> list[int]:
        """Return the schools with places in the teacher's field, without the own one, in order of their keys."""
        return sorted(
            school
            for (school, field), places in self.places.items()
            if field == teacher.field and school != teacher.school and places > 0
        )

    @cached_property
    def _numbers(self) -> dict[tuple[int, Field], int]:
        return {(school, (stage, subject)): number for school, stage, subject, number in self.staff}

    def most_leaving(self, school: int, field: Field) -> int:
        """Return how many teachers of a field may leave a school at once: at least one."""
        return max(1, self._numbers.get((school, field), 0) * self.requirements.leave // 100)

    def least_backbone(self, school: int) -> int:
        """Return how many backbone teachers a school must keep: the floor rounded up, or all it has now where these are fewer."""
        campus = self.by_school[school]
        return min(campus.backbone, share_of(self.requirements.floor, campus.teachers))

    @property
    def least_moved(self) -> int:
        """How many teachers must move."""
        return share_of(self.requirements.moved, self.requirements.eligible)

    def is_rural(self, school: int | None) -> bool:
        """Whether a school counts as rural."""
        return school is not None and self.by_school[school].rural

    def to_json(self) -> dict[str, Any]:
        """Return the problem as values that JSON can write."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Problem:
        """Return the problem that :meth:`to_json` wrote."""
        return cls(
            tuple(Teacher(**{**each, "wishes": tuple(each["wishes"])}) for each in values["teachers"]),
            tuple(Opening(**each) for each in values["openings"]),
            tuple(Campus(**each) for each in values["campuses"]),
            tuple((key, stage, subject, number) for key, stage, subject, number in values["staff"]),
            tuple((start, end, length) for start, end, length in values["distances"]),
            Requirements(**values["requirements"]),
        )


def share_of(percent: int, number: int) -> int:
    """Return a share of a number in whole persons, rounded up."""
    return -(-percent * number // 100)


def hash_of(values: Any) -> str:
    """Return the SHA-256 of values as canonical JSON."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def placing_hash(placing: Placing) -> str:
    """Return the SHA-256 of a result."""
    return hash_of(sorted((person, school) for person, school in placing.items() if school is not None))


def moves_of(problem: Problem, placing: Placing) -> list[tuple[Teacher, int]]:
    """Return the teachers who move, each with the school to which."""
    places = ((teacher, placing.get(teacher.person)) for teacher in problem.teachers)
    return [(teacher, school) for teacher, school in places if school is not None]
