"""Demonstrations that a policy pack has: a county with its own schools, terms and tables, in ``packs/<code>/demo``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from xuezheng.demo import Expected, expected, tables
from xuezheng.demo.district import DemoDistrict, Place, build
from xuezheng.demo.schools import Intake, SchoolPlan
from xuezheng.policy.packs import FOLDER


@dataclass(frozen=True)
class HalfYear:
    """A half-year of a demonstration: its key, as ``2025H2``, the code of its term, and the day of its snapshot."""

    period: str
    term: str
    frozen_on: date


@dataclass(frozen=True)
class County:
    """The demonstration of a policy pack.

    ``folder`` contains ``county.yaml``, ``expected.csv``, and ``<area>.yaml`` for each area that takes part.
    """

    folder: Path

    @cached_property
    def about(self) -> dict[str, Any]:
        """The content of ``county.yaml`` as a dict: name, division, packs, terms, schools, half-years."""
        read: dict[str, Any] = yaml.safe_load((self.folder / "county.yaml").read_text(encoding="utf-8"))
        return read

    @cached_property
    def place(self) -> Place:
        """The county's schools and surroundings, from which its people are generated."""
        about = self.about
        return Place(
            seed=f"{about['name']} {about['school_year']}",
            division=about["division"],
            school_year=about["school_year"],
            term_start=about["terms"][0][1],
            plans=tuple(_plan(**school) for school in about["schools"]),
            neighbours=about["neighbours"],
            others=about["others"],
        )

    @cached_property
    def roster(self) -> DemoDistrict:
        """The schools, classes and pupils of the school year, generated from ``place``."""
        return build(self.place)

    @property
    def half_years(self) -> list[HalfYear]:
        """The half-years of the demonstration, in order of time."""
        return [HalfYear(*line) for line in self.about["half_years"]]

    @property
    def expected(self) -> list[Expected]:
        """The figures, from ``expected.csv``, that a snapshot of the first of ``half_years`` must yield.

        The command ``demo`` compares that snapshot's figures with them, by value and by text.
        """
        return expected(self.folder / "expected.csv")

    def tables(self, area: str, half_year: HalfYear) -> SimpleNamespace | None:
        """Return the tables of an area for a half-year, each as an attribute.

        None where the county does not use the area.
        """
        path = self.folder / f"{area}.yaml"
        if not path.exists():
            return None
        read: SimpleNamespace = SimpleNamespace(**getattr(tables(path), half_year.period))
        return read


def counties() -> dict[str, County]:
    """Return the demonstrations of policy packs, by the code of the pack."""
    return {
        path.parent.parent.name: County(path.parent) for path in sorted(FOLDER.glob("*/demo/county.yaml"))
    }


def _plan(
    name: str, kind: str, place: str, intakes: list[dict[str, Any]], senior_grade: str | None = None
) -> SchoolPlan:
    made = (Intake(**{**intake, "grades": tuple(intake.get("grades", ()))}) for intake in intakes)
    return SchoolPlan(name, kind, place, tuple(made), senior_grade=senior_grade)
