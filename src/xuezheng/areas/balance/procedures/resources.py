"""The resources and standards of schools as exact numbers, reported in a snapshot or hypothetical."""

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

    ``per`` is 100 for indicators per hundred pupils, otherwise 1. ``shared`` is whether the stages of a
    school share the resource, ``integer`` whether it is counted in whole units. ``unit`` is the unit of the
    indicator, ``resource`` the Chinese name of what is counted and ``counter`` its unit. ``column`` is the
    computed column of the form with its value.
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
        """The key of the figure of the indicator's mean."""
        return f"balance.{self.key}"

    @property
    def stem(self) -> str:
        """The key up to "_per_", with which the names of related columns and figures begin."""
        return self.key.partition("_per_")[0]

    @property
    def variation(self) -> str:
        """The key of the figure of the indicator's coefficient of variation."""
        return f"balance.{self.stem}_variation"

    @property
    def level(self) -> str:
        """The name of the computed column of the form with the indicator's level."""
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
    """The standards of a year.

    ``limits`` has the value to be reached by key of the indicator and stage, in the unit of the indicator
    (money in yuan). ``needed`` indicators must reach their limit, the others at least ``floor``, a ratio such
    as 0.85, of it. ``variation`` has the upper limit of the coefficients of variation by stage, ``weights``
    the weight of a pupil by stage in dividing shared resources, and ``fewest`` the number of pupils from
    which a teaching point is evaluated.
    """

    limits: Mapping[str, Mapping[str, Fraction]]
    needed: int
    floor: Fraction
    variation: Mapping[str, Fraction]
    weights: Mapping[str, Fraction]
    fewest: int

    def limit(self, indicator: Indicator, stage: str) -> Fraction:
        """Return the value that ``indicator`` must reach at ``stage``, in the unit of the indicator."""
        return self.limits[indicator.key][stage]


@dataclass(frozen=True)
class StageForm:
    """The pupils, grades, classes and teachers of a school in one stage.

    ``teachers`` has the numbers counted by indicators, by key of the indicator; ``all_teachers`` is the
    total.
    """

    pupils: int
    grades: int
    classes: int
    all_teachers: int
    teachers: Mapping[str, Fraction]


@dataclass(frozen=True)
class SchoolForm:
    """What a school reported.

    ``stages`` has its stages by code. ``shared`` has the resources of the whole school by key of the
    indicator, in square metres, yuan or rooms; None if the school did not report them. ``kind``, ``runner``
    and ``urban_rural`` are codes, "" if unknown.
    """

    name: str
    kind: str
    runner: str
    urban_rural: str
    stages: Mapping[str, StageForm]
    shared: Mapping[str, Fraction] | None


@dataclass(frozen=True)
class Row:
    """A stage of a school, as it is evaluated.

    ``share`` is the ratio of shared resources that falls to the stage. ``amounts`` has what it has by key of
    the indicator, None where the school did not report it.
    """

    school: int
    stage: str
    name: str
    pupils: int
    share: Fraction
    amounts: Mapping[str, Fraction | None]

    @property
    def place(self) -> Place:
        """The key of the school and the code of the stage."""
        return self.school, self.stage

    def value(self, indicator: Indicator) -> Fraction | None:
        """Return the value of an indicator, such as square metres per pupil.

        None if the school did not report it.
        """
        amount = self.amounts[indicator.key]
        return None if amount is None else amount * indicator.per / self.pupils


@dataclass(frozen=True)
class Resources:
    """The resources of all schools of the county in a year, by primary key of the school."""

    year: int
    schools: Mapping[int, SchoolForm]

    def rows(self, standards: Standards) -> Iterator[Row]:
        """Yield a row for each stage of a school that is evaluated, by stage, then in school order."""
        for stage in COMPULSORY:
            for school, form in self.schools.items():
                if stage in form.stages and is_evaluated(form.kind, form.stages[stage].pupils, standards):
                    yield _row(school, form, stage, standards)

    def with_added(self, additions: Mapping[tuple[int, str, str], Fraction]) -> Resources:
        """Return a copy with ``additions``: amounts, also negative, by (school, stage, indicator key).

        The stage is ``ALL_STAGES`` for a shared resource. Raises ``ValueError`` if the school did not report
        its facilities.
        """
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
        """Return a copy with other numbers of pupils by (school, stage); stages without any are removed."""
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
    """Return whether a compulsory stage is evaluated; ``kind`` is the code of the kind of school.

    Special and vocational schools are not, nor are teaching points with too few ``pupils`` by the standard.
    """
    return kind not in APART and not (kind == _TEACHING_POINT and pupils < standards.fewest)


def least(indicator: Indicator, limit: Fraction, pupils: int) -> Fraction:
    """Return the least amount of a resource with which ``pupils`` pupils reach ``limit``.

    Teachers, who are not shared, are rounded up to a whole number.
    """
    amount = limit * pupils / indicator.per
    return Fraction(-(-amount // 1)) if indicator.integer and not indicator.shared else amount


def reaches(value: Fraction, limit: Fraction) -> bool:
    """Return whether ``value``, rounded to six decimals as in the form's columns, is at least ``limit``."""
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
