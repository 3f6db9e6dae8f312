"""Stores a zoning problem as JSON text with its hash, so that anybody can recompute a decided plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.zoning.problem import (
    Problem,
    ZoneCommunity,
    ZoneSchool,
    ZoneSettings,
)


def write_problem(problem: Problem) -> str:
    """Return a problem as JSON text; equal problems give the same text."""
    content = {
        "stage": problem.stage,
        "year": problem.year,
        "last_year": problem.last_year,
        "communities": [asdict(about) for about in problem.communities],
        "schools": [asdict(school) for school in problem.schools],
        "metres": problem.metres,
        "settings": asdict(problem.settings),
        "measured": sorted(problem.measured),
        "siblings": [[*pair, number] for pair, number in sorted(problem.siblings.items())],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_problem(text: str) -> Problem:
    """Return the problem for a JSON text that :func:`write_problem` returned."""
    content = json.loads(text)
    return Problem(
        content["stage"],
        content["year"],
        tuple(
            ZoneCommunity(**{**about, "point": tuple(about["point"]), "last": tuple(about["last"])})
            for about in content["communities"]
        ),
        tuple(ZoneSchool(**{**school, "point": tuple(school["point"])}) for school in content["schools"]),
        tuple(map(tuple, content["metres"])),
        ZoneSettings(**content["settings"]),
        frozenset((place, school) for place, school in content["measured"]),
        {(place, school): number for place, school, number in content["siblings"]},
        content["last_year"],
    )


def hash_result(inputs_hash: str, assignment: Sequence[int]) -> str:
    """Return the SHA-256 of an assignment together with the hash of its inputs, in 64 hexadecimal digits."""
    return hash_of(f"{inputs_hash}\n{json.dumps(list(assignment), separators=(',', ':'))}")
