"""The demonstration's applicants for the first grades of autumn 2019, some of them placed at another school than requested."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xuezheng.demo.autumn import TERM_START, autumn
from xuezheng.demo.district import DemoPupil, DemoSchool, chance
from xuezheng.demo.people import DISTRICT, DemoPerson
from xuezheng.demo.schools import PRIMARY

_KINDERGARTENS = ("岩寺中心幼儿园", "下街幼儿园", "凤山幼儿园", "")


@dataclass(frozen=True)
class DemoApplicant:
    """A child who applied to a primary school.

    ``school`` is the school requested, ``number`` the number of the application, ``tier`` the Chinese name of
    the rank of the claim (户籍与房产一致), and ``settled_on`` the day of household registration as ISO text, None
    without one; ``kindergarten`` is "" where unknown. ``placed`` is the school where the child was placed
    instead, None where the requested school took the child.
    """

    person: DemoPerson
    school: DemoSchool
    number: str
    tier: str
    settled_on: str | None
    community: str
    kindergarten: str
    placed: DemoSchool | None


def applicants(
    names: Sequence[str], full: str, placed: int, zones: Mapping[str, Sequence[str]]
) -> Iterator[DemoApplicant]:
    """Yield the applicants of the primary schools called ``names``, who are the children that entered them.

    ``full`` is the name of a full school, ``placed`` (a number) of whose applicants were placed at the second
    of ``names``; ``zones`` maps the codes of schools to the communities in their zones.
    """
    entered = {
        name: [pupil for pupil in autumn().enrolled(PRIMARY) if _is_new(pupil, name)] for name in names
    }
    schools = {pupil.school.name: pupil.school for pupils in entered.values() for pupil in pupils}
    rng, number = chance("入学报名"), 0
    for name in names:
        for order, pupil in enumerate(entered[name]):
            number += 1
            is_placed = name == names[1] and order < placed
            school = schools[full] if is_placed else pupil.school
            local = pupil.person.household == DISTRICT
            tier = (
                rng.choice(("户籍与房产一致", "户籍与房产一致", "有户籍无房产"))
                if local
                else "随迁子女（居住证）"
            )
            settled = f"{rng.randint(2012, 2018)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
            yield DemoApplicant(
                pupil.person,
                school,
                f"B{number:04}",
                tier,
                settled if local else None,
                rng.choice(zones[school.code]),
                rng.choice(_KINDERGARTENS),
                pupil.school if is_placed else None,
            )


def _is_new(pupil: DemoPupil, name: str) -> bool:
    return pupil.school.name == name and pupil.class_group.grade == 1 and pupil.entered_on == TERM_START
