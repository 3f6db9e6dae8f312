"""The school conditions form: the facilities of each school, and pupils and teachers of its stages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from xuezheng.records.fields import MoneyField
from xuezheng.records.models import Record, School, Stage

_YEAR = [MinValueValidator(2000, "年度应写作四位年份。"), MaxValueValidator(2100, "年度应写作四位年份。")]


def _area(name: str, **options: Any) -> models.DecimalField[Decimal | float | str, Decimal]:
    at_least = MinValueValidator(0, "面积不能小于0。")
    return models.DecimalField(name, max_digits=10, decimal_places=2, validators=[at_least], **options)


def _compulsory(field: str) -> Coalesce:
    """Return an expression: the sum of a field over the compulsory stages of the same school and year."""
    rows = StageCondition.objects.filter(
        Q(stage=Stage.PRIMARY) | Q(stage=Stage.JUNIOR), school=OuterRef("school"), year=OuterRef("year")
    )
    return _sum(rows, field)


def _of_stage(stage: str) -> Coalesce:
    rows = StageCondition.objects.filter(stage=stage, school=OuterRef("school"), year=OuterRef("year"))
    return _sum(rows, "pupils")


def _sum(rows: models.QuerySet[StageCondition], field: str) -> Coalesce:
    summed = rows.order_by().values("school").annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(summed), 0, output_field=models.IntegerField())


def _shared(field: str) -> Subquery:
    """Return an expression: a field of the whole school's facilities in the same year."""
    rows = Facilities.objects.filter(school=OuterRef("school"), year=OuterRef("year"))
    return Subquery(rows.values(field)[:1])


class Facilities(Record):
    """The facilities of a school in a year, shared by all its stages (学校办学条件).

    Areas are in square metres; ``teaching_area`` includes ``indoor_sports_area``. ``equipment`` is an amount
    of money.
    """

    natural_key = ("school", "year")
    natural_key_name = "one_form_of_a_school_a_year"
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
        "pupils": ("义务教育在校生数", lambda: _compulsory("pupils")),
        "classes": ("义务教育班级数", lambda: _compulsory("classes")),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    teaching_area = _area("教学及辅助用房面积（平方米）", help_text="含室内体育用房")
    indoor_sports_area = _area("室内体育用房面积（平方米）")
    sports_area = _area("体育运动场地面积（平方米）")
    equipment = MoneyField("教学仪器设备值（元）", validators=[MinValueValidator(0, "设备值不能小于0元。")])
    media_rooms = models.PositiveSmallIntegerField("网络多媒体教室（间）")
    music_rooms = models.PositiveSmallIntegerField("音乐专用教室（间）", help_text="只计面积达标的")
    art_rooms = models.PositiveSmallIntegerField("美术专用教室（间）", help_text="只计面积达标的")

    class Meta:
        verbose_name = verbose_name_plural = "学校办学条件"

    def __str__(self) -> str:
        return f"{self.school} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.indoor_sports_area > self.teaching_area:
            yield (
                "indoor_sports_area",
                f"室内体育用房面积大于教学及辅助用房面积{self.teaching_area}，后者应包含前者。请核对。",
            )


class StageCondition(Record):
    """The pupils, classes and teachers of a school in one stage and year (分学段办学条件).

    A school with several stages has one row for each. The compulsory stages are evaluated; the senior stage
    only counts in dividing the shared facilities.
    """

    natural_key = ("school", "stage", "year")
    natural_key_name = "one_form_of_a_school_and_stage_a_year"
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
        "primary_pupils": ("本校小学生数", lambda: _of_stage("primary")),
        "junior_pupils": ("本校初中生数", lambda: _of_stage("junior")),
        "senior_pupils": ("本校高中生数", lambda: _of_stage("senior")),
        "teaching_area": ("全校教学及辅助用房面积", lambda: _shared("teaching_area")),
        "indoor_sports_area": ("全校室内体育用房面积", lambda: _shared("indoor_sports_area")),
        "sports_area": ("全校体育运动场地面积", lambda: _shared("sports_area")),
        "equipment": ("全校教学仪器设备值（分）", lambda: _shared("equipment")),
        "media_rooms": ("全校网络多媒体教室", lambda: _shared("media_rooms")),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField(
        "学段",
        max_length=10,
        choices=[choice for choice in Stage.choices if choice[0] in ("primary", "junior", "senior")],
    )
    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    pupils = models.PositiveSmallIntegerField(
        "在校生数", validators=[MinValueValidator(1, "在校生数须大于0。")]
    )
    grades = models.PositiveSmallIntegerField("年级数")
    classes = models.PositiveSmallIntegerField("班级数", validators=[MinValueValidator(1, "班级数须大于0。")])
    largest_class = models.PositiveSmallIntegerField("最大班额（人）")
    teachers = models.PositiveSmallIntegerField("专任教师数")
    associate = models.PositiveSmallIntegerField("专任教师：专科")
    bachelor = models.PositiveSmallIntegerField("专任教师：本科")
    master = models.PositiveSmallIntegerField("专任教师：硕士")
    doctor = models.PositiveSmallIntegerField("专任教师：博士", default=0)
    backbone = models.PositiveSmallIntegerField("县级以上骨干教师数")
    pe_teachers = models.PositiveSmallIntegerField("体育专任教师数")
    music_teachers = models.PositiveSmallIntegerField("音乐专任教师数")
    art_teachers = models.PositiveSmallIntegerField("美术专任教师数", help_text="含艺术教师")

    class Meta:
        verbose_name = verbose_name_plural = "分学段办学条件"

    def __str__(self) -> str:
        return f"{self.school} {Stage(self.stage).label} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.stage not in self.school.stages:
            kind = self.school.get_kind_display()
            yield "stage", f"{kind}不办{Stage(self.stage).label}。请核对学段。"
        for field, label, number in (
            ("associate", "各学历专任教师之和", self.associate + self.bachelor + self.master + self.doctor),
            ("pe_teachers", "体育、音乐、美术专任教师之和", self.pe_teachers + self.music_teachers + self.art_teachers),
            ("backbone", "骨干教师数", self.backbone),
        ):  # fmt: skip
            if number > self.teachers:
                yield field, f"{label}{number}多于专任教师数{self.teachers}。请核对。"
        if not self.pupils <= self.classes * self.largest_class:
            yield (
                "largest_class",
                f"{self.classes}个班、每班不超过{self.largest_class}人，容不下在校生{self.pupils}人。请核对。",
            )
