"""The district, its terms, schools and classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, Q

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.identifiers import check_credit_code, check_division, check_school_code
from xuezheng.records.models.base import Record


class Stage(ClosedChoices):
    """The stage that a class teaches (学段)."""

    PRESCHOOL = "preschool", "学前"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    UNIVERSITY = "university", "高校"


class District(Record):
    """The district itself: a register with exactly one row."""

    natural_key = ("code",)
    open_to_all = True

    code = models.CharField("区划代码", max_length=6, unique=True, validators=[check_division])
    name = models.CharField("区县名称", max_length=30)
    bureau_name = models.CharField("教育局名称", max_length=50)

    class Meta:
        verbose_name = "本地信息"

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        registered = District.objects.exclude(pk=self.pk).first()
        if registered:
            yield "code", f"本地已登记为{registered.name}（{registered.code}），只能有一条。请核对区划代码。"


class Term(Record):
    """A school term with its real first and last day, both inclusive, as the bureau's calendar sets them."""

    natural_key = ("code",)
    open_to_all = True
    ordered = (("starts_on", "ends_on"),)

    code = models.CharField(
        "学期",
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{4}[春秋]$", "学期应写作四位年份加“春”或“秋”，如“2019春”。")],
        help_text="四位年份加春或秋，如2019春",
    )
    starts_on = models.DateField("开学日期")
    ends_on = models.DateField("放假日期")

    class Meta:
        verbose_name = "学期"
        ordering = ("starts_on",)

    def __str__(self) -> str:
        return self.code


class School(Record):
    """A school or kindergarten."""

    natural_key = ("code",)
    school_paths = ("pk",)
    frozen = {
        "classes": ("班级数", Count("classgroup", distinct=True)),
        "pupils": (
            "在校学生数",
            Count("classgroup__pupil", filter=Q(classgroup__pupil__left_on=None), distinct=True),
        ),
    }

    code = models.CharField("学校标识码", max_length=10, unique=True, validators=[check_school_code])
    name = models.CharField("学校名称", max_length=60, unique=True)
    kind = CodeField("办学类型", codes="policy.school_kind")
    urban_rural = CodeField("城乡类型", codes="policy.urban_rural")
    runner = CodeField("举办者", codes="policy.runner")
    senior_grade = CodeField("高中等级", codes="policy.senior_grade", blank=True)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, validators=[check_credit_code]
    )

    class Meta:
        verbose_name = "学校"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def stages(self) -> tuple[Any, ...]:
        """The stages (values of :class:`Stage`) that the school's kind teaches, without attached classes."""
        kind = code_list("policy.school_kind").codes.get(self.kind)
        return tuple(kind.properties().get("stages", ())) if kind else ()

    def check_stage(self, stage: str, *attached: str) -> Iterator[tuple[str, str]]:
        """Yield ("stage", Chinese sentence) if ``stage`` is neither taught by the school nor one of ``attached``.

        ``attached`` are further stages of which the school may have attached classes (附设班).
        """
        if stage not in (*self.stages, *attached):
            yield "stage", f"{self.get_kind_display()}不办{Stage(stage).label}。请核对学校和学段。"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if Stage.SENIOR in self.stages and not code_has(self, "kind", "vocational") and not self.senior_grade:
            yield "senior_grade", "办高中的学校须填高中等级。"
        if Stage.SENIOR not in self.stages and self.senior_grade:
            yield "senior_grade", f"{self.get_kind_display()}不办高中，高中等级应留空。"


def _within(lowest: int, highest: int, name: str) -> list[Any]:
    """Return the validators of a coordinate in degrees, within the bounds of the country; ``name`` is its Chinese name."""
    sentence = f"{name}应在{lowest}至{highest}之间，以度为单位。请核对是否把经度和纬度填反，或写成了度分秒。"
    return [MinValueValidator(lowest, sentence), MaxValueValidator(highest, sentence)]


#: The validators of a longitude and a latitude in degrees, within the bounds of the country.
LONGITUDE, LATITUDE = _within(73, 136, "经度"), _within(3, 54, "纬度")


class SchoolSite(Record):
    """The location of a school (学校位置) in degrees, to draw figures on a map.

    All schools use one coordinate system.
    """

    natural_key = ("school",)
    natural_key_name = "one_site_of_a_school"
    open_to_all = True
    school_paths = ("school",)

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校", related_name="sites")
    longitude = models.DecimalField(
        "经度", max_digits=9, decimal_places=6, validators=LONGITUDE,
        help_text="以度为单位的小数，如118.336700；各校用同一种坐标",
    )  # fmt: skip
    latitude = models.DecimalField(
        "纬度", max_digits=9, decimal_places=6, validators=LATITUDE,
        help_text="以度为单位的小数，如29.828500",
    )  # fmt: skip

    class Meta:
        verbose_name = "学校位置"
        ordering = ("school__code",)

    def __str__(self) -> str:
        return str(self.school)


class ClassGroup(Record):
    """A class of a school (行政班) in the current school year; ``grade`` counts from 1 within its stage."""

    natural_key = ("school", "name")
    natural_key_name = "one_class_of_a_name"
    derived = ("grade",)
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
        "pupils": ("在校学生数", Count("pupil", filter=Q(pupil__left_on=None))),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    name = models.CharField("班级名称", max_length=30, help_text="如：三年级2班")
    stage = models.CharField(
        "学段", max_length=10, choices=[s for s in Stage.choices if s[0] != "university"]
    )
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    attached = models.BooleanField("附设班", default=False, help_text="如小学附设的幼儿班")

    class Meta:
        verbose_name = "班级"
        ordering = ("school", "stage", "grade", "name")

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.stage not in self.school.stages and not self.attached:
            kind = self.school.get_kind_display()
            yield "stage", f"{kind}不办{Stage(self.stage).label}。如是附设班，请在“附设班”填“是”。"
        years = {Stage.PRIMARY: 6, Stage.PRESCHOOL: 4}.get(Stage(self.stage), 3)
        if not 1 <= self.grade <= years:
            yield "grade", f"{Stage(self.stage).label}的年级应为1至{years}。"
