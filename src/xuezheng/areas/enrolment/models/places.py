"""Registers for zones and forecasts: zones, feeder schools, births, places, and rolls of earlier years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import models

from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.records.fields import CodeField
from xuezheng.records.models import (
    Record,
    School,
    Stage,
    check_first_of_month,
)

_FORECAST = [*COMPULSORY, (Stage.SENIOR, "高中")]


class SchoolZone(Record):
    """A community or village whose children a school admits without examination in a year (学区划片)."""

    natural_key = ("school", "stage", "year", "community")
    natural_key_name = "one_community_in_a_schools_zone"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField("招生年份")
    community = models.CharField("社区（村）", max_length=40)
    children = models.PositiveSmallIntegerField("适龄儿童数", null=True, blank=True)

    class Meta:
        verbose_name = "学区划片"

    def __str__(self) -> str:
        return f"{self.school} {self.community}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.stage not in self.school.stages:
            yield (
                "stage",
                f"{self.school.get_kind_display()}不办{Stage(self.stage).label}，不能划片。请核对学校和学段。",
            )


class Feeder(Record):
    """A primary school all of whose leavers of a year go on to the same junior school (对口直升)."""

    natural_key = ("school", "year")
    natural_key_name = "one_junior_of_a_primary"
    school_paths = ("school", "junior")
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="小学")
    year = models.PositiveSmallIntegerField("招生年份")
    junior = models.ForeignKey(School, models.PROTECT, verbose_name="对口初中", related_name="feeders")

    class Meta:
        verbose_name = "对口直升"

    def __str__(self) -> str:
        return f"{self.school}—{self.junior}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if Stage.PRIMARY not in self.school.stages:
            yield (
                "school",
                f"{self.school.get_kind_display()}没有小学毕业生。请填小学或一贯制学校的标识码。",
            )
        if Stage.JUNIOR not in self.junior.stages:
            yield (
                "junior",
                f"{self.junior.get_kind_display()}不办初中。请填初中或一贯制学校的标识码。",
            )


class Births(Record):
    """The number of children born in a community or township in a period (出生人口), according to one source.

    ``starts_on`` is the first day of a month and ``ends_on`` the last day of a month; the period has at most
    12 months.
    """

    natural_key = ("community", "source", "starts_on")
    natural_key_name = "one_count_of_births_from_a_month"
    ordered = (("starts_on", "ends_on"),)

    community = models.CharField("社区（村）", max_length=40, help_text="与学区划片表的写法一致；也可填乡镇")
    starts_on = models.DateField("起始日期", help_text="某月首日，如2018-09-01或2018-01-01")
    ends_on = models.DateField("截止日期", help_text="某月末日，如2019-08-31或2018-12-31，不超过12个月")
    births = models.PositiveIntegerField("出生人数")
    source = CodeField("数据来源", codes="enrolment.birth_source", on="ends_on")

    class Meta:
        verbose_name = "出生人口"

    def __str__(self) -> str:
        return f"{self.community} {self.starts_on:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from check_first_of_month(self, "starts_on")
        after = self.ends_on + timedelta(days=1)
        if after.day != 1:
            yield "ends_on", "截止日期应填当月末日，如2019-08-31。"
        if (after.year - self.starts_on.year) * 12 + after.month - self.starts_on.month > 12:
            yield "ends_on", "起止超过12个月。请按年或按月分行填写。"


class Places(Record):
    """The places of a school in a stage, in the school year that begins in autumn of ``year`` (学位).

    They are ``classes``, over all grades, times ``class_size``. Planned places of coming years are registered
    too.
    """

    natural_key = ("school", "stage", "year")
    natural_key_name = "one_count_of_places_a_year"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_FORECAST)
    year = models.PositiveSmallIntegerField("年份", help_text="学年开始的年份，如2019秋季填2019")
    classes = models.PositiveSmallIntegerField("可设班数", help_text="全学段各年级合计，不按现有班数")
    class_size = models.PositiveSmallIntegerField("每班人数")

    class Meta:
        verbose_name = "学位"

    def __str__(self) -> str:
        return f"{self.school} {self.year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)


class PastRoll(Record):
    """The number of pupils of a grade in autumn of a year before the registers begin (历年在校学生).

    It is taken from the yearly statistics as of 1 September. ``grade`` is counted within the stage, from 1.
    """

    natural_key = ("school", "stage", "year", "grade")
    natural_key_name = "one_past_roll_of_a_grade"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_FORECAST)
    year = models.PositiveSmallIntegerField("年份", help_text="学年开始的年份，如2017秋季填2017")
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    pupils = models.PositiveIntegerField("在校学生数", help_text="当年教基表9月1日的数")

    class Meta:
        verbose_name = "历年在校学生"

    def __str__(self) -> str:
        return f"{self.school} {self.year} {self.grade}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)
