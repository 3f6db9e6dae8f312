"""The models of the health area: meals, eyesight, fitness, counselling, and the handwriting contest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from xuezheng.core.periods import full_years
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models import Person, Record, School, Stage, Term

# The longest and shortest ages of pupils that the national audit of screenings lets pass.
_YOUNGEST, _OLDEST = 5, 27
_GRADES = {Stage.PRESCHOOL: 4, Stage.PRIMARY: 6}
_STAGES = [stage for stage in Stage.choices if stage[0] != Stage.UNIVERSITY]


def check_vision(value: Decimal) -> None:
    """Raise ``ValidationError`` unless ``value`` is naked vision on the five-mark chart of GB 11533.

    Valid are 0 for no vision, and 3.3 to 5.6, both inclusive.
    """
    if value and not Decimal("3.3") <= value <= Decimal("5.6"):
        raise ValidationError("裸眼视力应为0或3.3至5.6（五分记录）。请核对；小数记录的请先换算。")


def _naked_vision(title: str) -> models.DecimalField[Decimal | float | str | None, Decimal | None]:
    return models.DecimalField(
        title, max_digits=2, decimal_places=1, null=True, blank=True, validators=[check_vision]
    )


def _dioptres(title: str, limit: int) -> models.DecimalField[Decimal | float | str | None, Decimal | None]:
    bounds = [
        MinValueValidator(-limit, f"{title}不小于-{limit}。"),
        MaxValueValidator(limit, f"{title}不大于{limit}。"),
    ]
    return models.DecimalField(
        title, max_digits=4, decimal_places=2, null=True, blank=True, validators=bounds
    )


def _grade_faults(stage: str, grade: int) -> Iterator[tuple[str, str]]:
    years = _GRADES.get(Stage(stage), 3)
    if not 1 <= grade <= years:
        yield "grade", f"{Stage(stage).label}的年级应为1至{years}。"


def _compulsory_faults(school: School) -> Iterator[tuple[str, str]]:
    if not {Stage.PRIMARY, Stage.JUNIOR} & set(school.stages):
        kind = school.get_kind_display()
        yield "school", f"营养改善计划只在义务教育学校实施，不含{kind}。请核对学校标识码。"


class NutritionPupil(Record):
    """A pupil who gets meals of the nutrition programme in a term (营养改善享受学生)."""

    natural_key = ("person", "term")
    natural_key_name = "fed_once_a_term"
    personal = True
    school_paths = ("school",)
    frozen = {
        "term_code": "term__code",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")

    class Meta:
        verbose_name = "营养改善享受学生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _compulsory_faults(self.school)


class MealDay(Record):
    """The meals that the nutrition programme served at a school on a day (营养改善供餐).

    ``pupils`` is the number of pupils who ate, ``meals`` that of servings: one for each of them, and a second
    one for boarders at most.
    """

    natural_key = ("school", "day")
    natural_key_name = "meals_of_a_school_once_a_day"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    day = models.DateField("供餐日期")
    pupils = models.PositiveSmallIntegerField("就餐学生数")
    meals = models.PositiveSmallIntegerField("供餐份数", help_text="住校生加餐的另计一份")

    class Meta:
        verbose_name = "营养改善供餐"

    def __str__(self) -> str:
        return f"{self.school} {self.day}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _compulsory_faults(self.school)
        if not self.pupils <= self.meals <= 2 * self.pupils:
            yield (
                "meals",
                f"就餐{self.pupils}人，供餐应为{self.pupils}至{2 * self.pupils}份（每人一份，住校生至多两份）。请核对。",
            )


class VisionScreening(Record):
    """The eyesight of one pupil on a day, without glasses and without eye drops (视力筛查).

    ``grade`` counts from 1 in the stage, and ``age`` is in full years on that day. Naked vision is on the
    five-mark chart (see :func:`check_vision`), sphere and cylinder are in dioptres; each is None for an eye
    that was not measured.
    """

    class Glasses(ClosedChoices):
        """The kind of glasses that the pupil wears (戴镜类型)."""

        NONE = "none", "不戴镜"
        FRAME = "frame", "框架眼镜"
        CONTACT = "contact", "隐形眼镜"
        OK_LENS = "ok_lens", "夜戴角膜塑形镜"

    natural_key = ("person", "screened_on")
    natural_key_name = "one_screening_of_a_pupil_a_day"
    personal = True
    school_paths = ("school",)
    frozen = {
        "sex": "person__sex",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    screened_on = models.DateField("检查日期")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_STAGES)
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    age = models.PositiveSmallIntegerField("检查时周岁", null=True, blank=True, editable=False)
    glasses = models.CharField("戴镜类型", max_length=10, choices=Glasses)
    vision_right = _naked_vision("右眼裸眼视力")
    vision_left = _naked_vision("左眼裸眼视力")
    sphere_right = _dioptres("右眼球镜", 30)
    cylinder_right = _dioptres("右眼柱镜", 15)
    sphere_left = _dioptres("左眼球镜", 30)
    cylinder_left = _dioptres("左眼柱镜", 15)

    class Meta:
        verbose_name = "视力筛查"

    def __str__(self) -> str:
        return self.person.name

    def complete(self) -> None:
        born, day = self.person.birth_date, self.screened_on
        if born and day and born <= day:
            self.age = full_years(born, day)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _grade_faults(self.stage, self.grade)
        if self.age is None or not _YOUNGEST <= self.age <= _OLDEST:
            yield "screened_on", f"检查时不在{_YOUNGEST}至{_OLDEST}周岁之间。请核对检查日期和身份证件号。"
        for side, title in (("right", "右眼"), ("left", "左眼")):
            if (getattr(self, f"sphere_{side}") is None) != (getattr(self, f"cylinder_{side}") is None):
                yield f"cylinder_{side}", f"{title}的球镜和柱镜应同时填写，没有散光的柱镜填0。"


class FitnessTest(Record):
    """A pupil's total score (0 to 120) in the national fitness test of a school year, as ``2018-2019`` (体质健康测试)."""

    natural_key = ("person", "school_year")
    natural_key_name = "one_fitness_test_a_school_year"
    personal = True
    school_paths = ("school",)
    frozen = {
        "sex": "person__sex",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    school_year = models.CharField(
        "学年",
        max_length=9,
        validators=[RegexValidator(r"^[0-9]{4}-[0-9]{4}$", "学年应写作“2018-2019”。")],
        help_text="如2018-2019",
    )
    tested_on = models.DateField("测试日期")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_STAGES)
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    score = models.DecimalField(
        "总分",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(0, "总分不小于0。"), MaxValueValidator(120, "总分含附加分不超过120。")],
    )

    class Meta:
        verbose_name = "体质健康测试"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _grade_faults(self.stage, self.grade)
        first = int(self.school_year[:4])
        if self.school_year != f"{first}-{first + 1}":
            yield "school_year", "学年的两个年份应相连，如“2018-2019”。"
        elif not date(first, 9, 1) <= self.tested_on < date(first + 1, 9, 1):
            yield "tested_on", f"测试日期不在{self.school_year}学年（9月1日至次年8月31日）内。请核对两处。"


class CounsellingCase(Record):
    """A pupil's case at a counsellor (个案咨询), without the pupil's identity or what was said.

    ``number`` is the counsellor's own number of the case; ``grade`` is 1 to 12, from primary school on.
    """

    class Status(ClosedChoices):
        """The state of the case: in progress, closed, or referred to another office."""

        OPEN = "open", "跟进中"
        CLOSED = "closed", "已结案"
        REFERRED = "referred", "已转介"

    natural_key = ("number",)
    confidential = True
    personal = True

    number = models.CharField("个案编号", max_length=20, unique=True, help_text="由咨询师编定，不含姓名")
    day = models.DateField("咨询日期")
    grade = models.PositiveSmallIntegerField(
        "年级（1至12）",
        validators=[MinValueValidator(1, "年级应为1至12。"), MaxValueValidator(12, "年级应为1至12。")],
        help_text="自小学一年级起算，如高一填10",
    )
    theme = CodeField("主题", codes="health.counselling_theme", on="day")
    status = models.CharField("进展", max_length=10, choices=Status)

    class Meta:
        verbose_name = "个案咨询"

    def __str__(self) -> str:
        return self.number


class WritingContestant(Record):
    """A pupil who took part in a contest of handwriting and posture (规范书写比赛)."""

    natural_key = ("person", "held_on")
    natural_key_name = "one_handwriting_contest_a_day"
    personal = True
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="参赛学生")
    held_on = models.DateField("比赛日期")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    contest = models.CharField("比赛名称", max_length=60)

    class Meta:
        verbose_name = "规范书写比赛参赛学生"

    def __str__(self) -> str:
        return self.person.name
