"""What schools have and what they should have, exact: read from a snapshot's form of school conditions, or supposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from xuezheng.areas.balance.rules import APART, COMPULSORY

#: A school, by its key, and a stage.
Place = tuple[int, str]
#: The whole school, in place of a stage.
ALL_STAGES = ""
_TEACHING_POINT = "218"
_NOISE = 6  # decimals: as the rules of the register round what they compare


@dataclass(frozen=True)
class Indicator:
    """One of the seven indicators of resources.

    ``per`` is 100 for indicators of a hundred pupils, else 1; ``shared`` marks what the stages of a school have in common, ``integer`` what is counted in
    whole units; ``resource`` names what is counted and ``counter`` its unit; ``column`` is that of the form's rule.
    """

    key: str
    name: str
    unit: str
    resource: str
    counter: str
    per: int
    shared: bool
    integer: bool
    column: str

    @property
    def figure(self) -> str:
        """The key of the figure of its mean."""
        return f"balance.{self.key}"

    @property
    def stem(self) -> str:
        """The first part of its key, as the names of its columns and figures begin."""
        return self.key.partition("_per_")[0]

    @property
    def variation(self) -> str:
        """The key of the figure of its coefficient of variation."""
        return f"balance.{self.stem}_variation"

    @property
    def level(self) -> str:
        """The name of the form's rule column of its level."""
        return f"{self.stem}_level"


INDICATORS = (
    Indicator("degree_per_100", "每百名学生拥有高于规定学历教师数", "人", "高于规定学历教师", "人", 100, False, True, "degree_per_100"),
    Indicator("backbone_per_100", "每百名学生拥有县级以上骨干教师数", "人", "县级以上骨干教师", "人", 100, False, True, "backbone_per_100"),
    Indicator("arts_per_100", "每百名学生拥有体育、艺术专任教师数", "人", "体育、艺术专任教师", "人", 100, False, True, "arts_per_100"),
    Indicator("rooms_per_pupil", "生均教学及辅助用房面积", "平方米", "教学及辅助用房", "平方米", 1, True, False, "rooms_per_pupil"),
    Indicator("sports_per_pupil", "生均体育运动场馆面积", "平方米", "体育运动场馆", "平方米", 1, True, False, "sports_per_pupil"),
    Indicator("equipment_per_pupil", "生均教学仪器设备值", "元", "教学仪器设备", "元", 1, True, False, "equipment_each"),
    Indicator("media_per_100", "每百名学生拥有网络多媒体教室数", "间", "网络多媒体教室", "间", 100, True, True, "media_per_100"),
)  # fmt: skip
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


@dataclass(frozen=True)
class Standards:
    """What policy asks in a year: limits by indicator and stage, in the indicator's unit, and the rules of passing.

    ``needed`` indicators must reach their limit, the rest ``floor`` of it; ``variation`` are the limits of the coefficient by stage, ``weights`` what a
    pupil of a stage counts in the division of shared resources, ``fewest`` the pupils from which a teaching point is evaluated.
    """

    limits: Mapping[str, Mapping[str, Fraction]]
    needed: int
    floor: Fraction
    variation: Mapping[str, Fraction]
    weights: Mapping[str, Fraction]
    fewest: int

    def limit(self, indicator: Indicator, stage: str) -> Fraction:
        """Return what an indicator must reach at a stage."""
        return self.limits[indicator.key][stage]


@dataclass(frozen=True)
class StageForm:
    """A school's pupils at a stage, and those of its teachers that indicators count, by the indicator's key."""

    pupils: int
    grades: int
    classes: int
    all_teachers: int
    teachers: Mapping[str, Fraction]


@dataclass(frozen=True)
class SchoolForm:
    """What a school reported: its stages, and what they share by the indicator's key, None where the school did not report it.

    Areas are in square metres, equipment in yuan.
    """

    name: str
    kind: str
    runner: str
    urban_rural: str
    stages: Mapping[str, StageForm]
    shared: Mapping[str, Fraction] | None


@dataclass(frozen=True)
class Row:
    """A school at a stage as it is evaluated: its pupils, the share of what is common that falls to it, and what it has by the indicator's key."""

    school: int
    stage: str
    name: str
    pupils: int
    share: Fraction
    amounts: Mapping[str, Fraction | None]

    @property
    def place(self) -> Place:
        """The school and the stage."""
        return self.school, self.stage

    def value(self, indicator: Indicator) -> Fraction | None:
        """Return the value of an indicator; None where the school did not report what it needs."""
        amount = self.amounts[indicator.key]
        return None if amount is None else amount * indicator.per / self.pupils


@dataclass(frozen=True)
class Resources:
    """What all schools of the county have in a year, by the key of the school."""

    year: int
    schools: Mapping[int, SchoolForm]

    def rows(self, standards: Standards) -> Iterator[Row]:
        """Yield the schools and stages that are evaluated, by stage and then in the order of schools."""
        for stage in COMPULSORY:
            for school, form in self.schools.items():
                if stage in form.stages and is_evaluated(form.kind, form.stages[stage].pupils, standards):
                    yield _row(school, form, stage, standards)

    def with_added(self, additions: Mapping[tuple[int, str, str], Fraction]) -> Resources:
        """Return the resources with some amounts more, or less where negative, by school, stage (``ALL_STAGES`` for what is shared) and indicator."""
        schools = dict(self.schools)
        for (school, stage, key), amount in additions.items():
            form = schools[school]
            if stage == ALL_STAGES:
                if form.shared is None:
                    raise ValueError(f"{form.name} reported no facilities")
                schools[school] = replace(form, shared={**form.shared, key: form.shared[key] + amount})
            else:
                reported = form.stages[stage]
                teachers = {**reported.teachers, key: reported.teachers[key] + amount}
                schools[school] = replace(
                    form, stages={**form.stages, stage: replace(reported, teachers=teachers)}
                )
        return replace(self, schools=schools)

    def with_pupils(self, pupils: Mapping[Place, int]) -> Resources:
        """Return the resources with other numbers of pupils at some schools and stages; a stage without pupils is left out."""
        schools = {}
        for school, form in self.schools.items():
            stages = {
                stage: replace(reported, pupils=number)
                for stage, reported in form.stages.items()
                if (number := pupils.get((school, stage), reported.pupils))
            }
            schools[school] = replace(form, stages=stages)
        return replace(self, schools=schools)


def is_evaluated(kind: str, pupils: int, standards: Standards) -> bool:
    """Return whether a school of a kind with so many pupils at a compulsory stage is evaluated, as the form's rule column decides."""
    return kind not in APART and not (kind == _TEACHING_POINT and pupils < standards.fewest)


def least(indicator: Indicator, limit: Fraction, pupils: int) -> Fraction:
    """Return the amount with which so many pupils just reach a limit, in whole units where the indicator is counted so."""
    amount = limit * pupils / indicator.per
    return Fraction(-(-amount // 1)) if indicator.integer and not indicator.shared else amount


def reaches(value: Fraction, limit: Fraction) -> bool:
    """Return whether a value reaches a limit, with the rounding of the form's rules."""
    return round(value, _NOISE) >= limit


def _row(school: int, form: SchoolForm, stage: str, standards: Standards) -> Row:
    weighted = {name: standards.weights[name] * each.pupils for name, each in form.stages.items()}
    share = weighted[stage] / sum(weighted.values(), Fraction(0))
    amounts: dict[str, Fraction | None] = {}
    for indicator in INDICATORS:
        if not indicator.shared:
            amounts[indicator.key] = form.stages[stage].teachers[indicator.key]
        else:
            amounts[indicator.key] = None if form.shared is None else form.shared[indicator.key] * share
    return Row(school, stage, form.name, form.stages[stage].pupils, share, amounts)
