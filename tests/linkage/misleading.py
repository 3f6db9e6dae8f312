"""Lists that mislead: a brother's or a parent's number, guardian and child exchanged, a nickname, another century, hardly anything told.

The people are those of the demonstration, some of them made siblings and twins; every row's truth is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pyarrow as pa

from xuezheng.demo.district import district
from xuezheng.linkage.reconcile import KNOWN, LISTED
from xuezheng.records.identifiers import id_check_digit

_SIGNS = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建文博宇轩涵睿欣怡子梓浩然诗晨雨佳"
_VILLAGES = ("上坞村", "竹岭村", "石门村", "茶溪村", "桥头村", "古井村")
_SEX = {"男": "male", "女": "female"}


@dataclass(frozen=True)
class Child:
    """A child as the register and the lists know it."""

    number: str
    name: str
    birth_date: date | None
    sex: str | None
    school: str | None
    guardian: str | None
    village: str | None

    def row(self, **key):
        return {**key, **{name: getattr(self, name) or None for name in KNOWN.names[1:]}}


def children(rng: Random) -> tuple[list[Child], dict[int, int]]:
    """Return the children of the district, and for each that has one the place of a brother or sister."""
    known = [
        Child(
            pupil.person.id_number, pupil.person.name, pupil.person.born, _SEX[pupil.person.sex], pupil.school.name,
            pupil.person.name[0] + rng.choice(_SIGNS) + rng.choice(_SIGNS), rng.choice(_VILLAGES),
        )
        for pupil in district().pupils
    ]  # fmt: skip
    families = defaultdict(list)
    for place, child in enumerate(known):
        families[child.name[0]].append(place)
    siblings: dict[int, int] = {}
    for family in families.values():
        rng.shuffle(family)
        for first, second in zip(family[::2], family[1::2], strict=False):
            if rng.random() < 0.25 and len(known[first].name) == 3:
                known[second] = _sibling(rng, known[first], known[second])
                siblings |= {first: second, second: first}
    return known, siblings


def _sibling(rng: Random, elder: Child, other: Child) -> Child:
    shared = elder.name[1] if rng.random() < 0.7 else elder.name[2]
    own = rng.choice([sign for sign in _SIGNS if sign not in elder.name])
    name = elder.name[0] + (shared + own if shared == elder.name[1] else own + shared)
    child = replace(other, name=name, guardian=elder.guardian, village=elder.village)
    if rng.random() < 0.5:
        child = replace(child, school=elder.school)
    if rng.random() < 0.2:  # twins
        number = _numbered(elder.number[:14], rng)
        sex = "male" if int(number[16]) % 2 else "female"
        child = replace(child, birth_date=elder.birth_date, number=number, sex=sex, school=elder.school)
    return child


def _numbered(first14: str, rng: Random) -> str:
    first17 = f"{first14}{rng.randrange(1000):03d}"
    return first17 + id_check_digit(first17)


def _parents(rng: Random, child: Child, sibling: Child | None) -> Child:
    born = f"{rng.randrange(1970, 1990)}{rng.randrange(1, 13):02d}{rng.randrange(1, 28):02d}"
    return replace(child, number=_numbered(f"990101{born}", rng))


def _siblings(rng: Random, child: Child, sibling: Child | None) -> Child:
    return replace(child, number=sibling.number) if sibling else child


def _exchanged(rng: Random, child: Child, sibling: Child | None) -> Child:
    return replace(child, name=child.guardian, guardian=child.name)


def _nickname(rng: Random, child: Child, sibling: Child | None) -> Child:
    return replace(child, name=rng.choice("小阿") + child.name[-1])


def _century(rng: Random, child: Child, sibling: Child | None) -> Child:
    other = "19" if child.number[6:8] == "20" else "20"
    return replace(child, number=child.number[:6] + other + child.number[8:])


def _village_only(rng: Random, child: Child, sibling: Child | None) -> Child:
    return replace(child, number="", birth_date=None, sex=None, school=None)


KINDS = {
    "right": lambda rng, child, sibling: child,
    "parent": _parents,
    "sibling": _siblings,
    "exchanged": _exchanged,
    "nickname": _nickname,
    "century": _century,
    "village": _village_only,
}
#: How often each occurs: half of the rows are right.
_OFTEN = {"right": 6, "village": 1, "nickname": 1, "parent": 1, "sibling": 1, "exchanged": 1, "century": 1}
_LEFT_OUT = {"birth_date": 0.3, "sex": 0.3, "school": 0.3, "village": 0.4}


def misleading(rng: Random, rows: int) -> tuple[pa.Table, pa.Table, list[tuple[str, int]]]:
    """Return the list and the register as tables, and for each row of the list its kind and the person it means."""
    known, siblings = children(rng)
    kinds = [kind for kind, share in _OFTEN.items() for _ in range(share)]
    places = rng.sample(range(len(known)), rows)
    with_siblings = rng.sample(sorted(siblings), len(siblings))
    listed, truth = [], []
    for row, place in enumerate(places):
        kind = rng.choice(kinds)
        place = with_siblings.pop() if kind == "sibling" else place
        child = known[place]
        gaps = {name: None for name, share in _LEFT_OUT.items() if rng.random() < share}
        sibling = known[siblings[place]] if place in siblings else None
        written = KINDS[kind](rng, replace(child, **gaps), sibling)
        listed.append(
            (replace(written, village=child.village) if kind == "village" else written).row(row=row)
        )
        truth.append((kind, place))
    # Only some families stand on earlier lists.
    registered = [
        (child if rng.random() < 0.5 else replace(child, guardian=None, village=None)).row(person=person)
        for person, child in enumerate(known)
    ]
    return pa.Table.from_pylist(listed, LISTED), pa.Table.from_pylist(registered, KNOWN), truth
