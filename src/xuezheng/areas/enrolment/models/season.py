"""The registers of the admission season: the schools' admission plans, and the applications of children."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef

from xuezheng.areas.enrolment.models.places import SchoolZone
from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.records.fields import CodeField
from xuezheng.records.models import Person, Record, School

_NUMBER = RegexValidator(r"^[0-9A-Za-z-]{1,20}$", "只能用数字、字母和“-”，不超过20位。")


class AdmissionPlan(Record):
    """The classes of new pupils that a school forms in a stage in autumn of a year, and their size (招生计划)."""

    natural_key = ("school", "stage", "year")
    natural_key_name = "one_admission_plan_a_year"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField("招生年份")
    classes = models.PositiveSmallIntegerField(
        "招生班数", validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    class_size = models.PositiveSmallIntegerField("每班人数", validators=[MinValueValidator(1)])
    approval = models.CharField(
        "批准文号", max_length=60, blank=True, help_text="外语、体育、艺术等特殊招生须省级批准的才填"
    )

    class Meta:
        verbose_name = "招生计划"

    def __str__(self) -> str:
        return f"{self.school} {self.year}"

    @property
    def seats(self) -> int:
        """The number of pupils that the school may admit: classes times class size."""
        return self.classes * self.class_size

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)


def _in_zone() -> Any:
    """Whether the community lies in the zone of the school in the year, as a subquery."""
    zone = SchoolZone.objects.filter(
        school=OuterRef("school"),
        stage=OuterRef("stage"),
        year=OuterRef("year"),
        community=OuterRef("community"),
    )
    return Exists(zone)


class Applicant(Record):
    """A child who applies to a school for the first grade of a stage in autumn of a year (入学报名).

    ``placed_school`` is the other school at which the bureau placed the child, None without such a placement.
    ``group`` is a number that twins and the like share, "" for a child alone: those with the same one are
    admitted together or not at all.
    """

    natural_key = ("person", "stage", "year")
    natural_key_name = "one_application_a_year"
    personal = True
    private = ("number", "group", "kindergarten", "placed_reason")
    school_paths = ("school", "placed_school")
    frozen = {
        "sex": "person__sex",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
        "in_zone": ("住址在学区内", _in_zone),
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="儿童")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="报名学校", related_name="+")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField("招生年份")
    number = models.CharField(
        "报名序号", max_length=20, validators=[_NUMBER], help_text="公布名单用，不能是身份证号或手机号"
    )
    registered_on = models.DateField("报名日期")
    tier = CodeField(
        "录取顺位", codes="enrolment.admission_tier", on="registered_on", blank=True, help_text="民办学校不填"
    )
    settled_on = models.DateField(
        "落户或产权登记日期", null=True, blank=True, help_text="同一顺位按先后录取的才填"
    )
    community = models.CharField("社区（村）", max_length=40, blank=True, help_text="与学区划片表的写法一致")
    group = models.CharField(
        "同组编号",
        max_length=20,
        blank=True,
        validators=[_NUMBER],
        help_text="双胞胎等同进同退的填同一个编号",
    )
    kindergarten = models.CharField("毕业幼儿园或小学", max_length=40, blank=True)
    needs_care = models.BooleanField("需要特别照顾", default=False, help_text="均衡编班时分开编入各班")
    placed_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="统筹安排学校", related_name="+",
        help_text="报名学校没有录取、统筹到别校的才填",
    )  # fmt: skip
    placed_reason = models.CharField("统筹原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "入学报名"

    def __str__(self) -> str:
        return f"{self.person.name} {self.year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)
        if self.placed_school is None:
            if self.placed_reason:
                yield "placed_reason", "没有统筹安排学校。请填学校标识码，或删去原因。"
            return
        if self.placed_school == self.school:
            yield "placed_school", "与报名学校相同。没有统筹到别校的不填。"
        if self.stage not in self.placed_school.stages:
            yield "placed_school", f"{self.placed_school.get_kind_display()}不办这一学段。请核对。"
        if not self.placed_reason:
            yield "placed_reason", "统筹到别校须写明原因。"
