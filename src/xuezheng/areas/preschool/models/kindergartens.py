"""The yearly form of a kindergarten: who runs it, staff and areas, and its classes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Subquery, Sum

from xuezheng.records.fields import CodeField, code_has, field_of
from xuezheng.records.models import ClassGroup, Record, School, Stage

YEARS = [MinValueValidator(2000, "年度应写作四位年份。"), MaxValueValidator(2100, "年度应写作四位年份。")]


def _area(name: str, **options: Any) -> models.DecimalField[Decimal | float | str, Decimal]:
    at_least = MinValueValidator(0, "面积不能小于0。")
    return models.DecimalField(name, max_digits=10, decimal_places=2, validators=[at_least], **options)


def _of_classes(total: models.Aggregate) -> Subquery:
    """Return an expression: an aggregate over the classes of the same kindergarten and year; NULL without any."""
    rows = KindergartenClass.objects.filter(school=OuterRef("school"), year=OuterRef("year"))
    summed = rows.order_by().values("school").annotate(total=total).values("total")
    return Subquery(summed, output_field=models.IntegerField())


def _check_preschool(school: School) -> Iterator[tuple[str, str]]:
    attached = ClassGroup.objects.filter(school=school.pk, stage=Stage.PRESCHOOL)
    if Stage.PRESCHOOL not in school.stages and not attached.exists():
        yield "school", "该校不是幼儿园，也没有附设幼儿班。请核对学校标识码。"


class Kindergarten(Record):
    """The form of a kindergarten, or of a school with kindergarten classes, in a year (幼儿园基本情况).

    Areas are in square metres. ``new_design`` is whether it was planned and designed after 2017,
    ``community`` whether it was built for a residential quarter (小区配套). Children are counted from its
    classes.
    """

    natural_key = ("school", "year")
    natural_key_name = "one_form_of_a_kindergarten_a_year"
    school_paths = ("school",)
    frozen = {
        "urban_rural": "school__urban_rural",
        "children": ("在园幼儿数", lambda: _of_classes(Sum("children"))),
        "classes": ("班级数", lambda: _of_classes(Count("pk"))),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="幼儿园")
    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    nature = CodeField("办园性质", codes="preschool.nature", on="year")
    community = models.BooleanField("小区配套")
    new_design = models.BooleanField("2017年后规划设计")
    principals = models.PositiveSmallIntegerField("园长数", help_text="附设幼儿班没有专设园长的填0")
    certified_principals = models.PositiveSmallIntegerField("持证园长数")
    teachers = models.PositiveSmallIntegerField("专任教师数")
    certified_teachers = models.PositiveSmallIntegerField("持证专任教师数")
    building_area = _area("建筑面积（平方米）", help_text="含活动用房")
    activity_area = _area("活动用房面积（平方米）")
    outdoor_area = _area("户外场地面积（平方米）")

    class Meta:
        verbose_name = verbose_name_plural = "幼儿园基本情况"

    def __str__(self) -> str:
        return f"{self.school} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _check_preschool(self.school)
        if code_has(self, "nature", "public") and code_has(self.school, "runner", "private"):
            yield "nature", "学校的举办者是民办，办园性质不能属于公办园。请核对两处。"
        for part, total in (("certified_principals", "principals"), ("certified_teachers", "teachers"), ("activity_area", "building_area")):  # fmt: skip
            if getattr(self, part) > getattr(self, total):
                label = field_of(self, total).verbose_name
                yield (
                    part,
                    f"{getattr(self, part)}大于{label}{getattr(self, total)}，后者应包含前者。请核对。",
                )


class KindergartenClass(Record):
    """A class of a kindergarten in a year, with the number of its children (幼儿园班级)."""

    natural_key = ("school", "year", "name")
    natural_key_name = "one_kindergarten_class_of_a_name_a_year"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="幼儿园")
    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    name = models.CharField("班级名称", max_length=30, help_text="如：小一班")
    class_kind = CodeField("班级类型", codes="preschool.class_kind", on="year")
    children = models.PositiveSmallIntegerField(
        "幼儿数", validators=[MinValueValidator(1, "幼儿数须大于0，没有幼儿的班不填。")]
    )

    class Meta:
        verbose_name = verbose_name_plural = "幼儿园班级"

    def __str__(self) -> str:
        return f"{self.school} {self.name} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from _check_preschool(self.school)
