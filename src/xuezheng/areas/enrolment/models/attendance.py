"""Registers on non-attendance (控辍保学): absences, persuasion, reports, reviews, and retention."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models import (
    Person,
    Record,
    School,
    Stage,
    check_first_of_month,
)


class Absence(Record):
    """A period in which a pupil of compulsory education on a school's roll does not attend (未到校学生).

    ``confirmed_on`` is the day on which the pupil is confirmed as a dropout, None while only suspected;
    ``cleared_on`` the day on which the case is closed, None while it is open. Both ledgers, of suspected and
    of confirmed dropouts (疑似辍学、辍学台账), are read from these days.
    """

    natural_key = ("person", "absent_since")
    natural_key_name = "one_absence_of_a_pupil"
    personal = True
    private = ("teacher",)
    school_paths = ("school",)
    ordered = (
        ("absent_since", "reported_on"),
        ("absent_since", "confirmed_on"),
        ("absent_since", "cleared_on"),
        ("confirmed_on", "cleared_on"),
    )
    frozen = {"urban_rural": "school__urban_rural", "sex": "person__sex"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学籍所在学校")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    absent_since = models.DateField("未到校起始日期")
    reported_on = models.DateField("上报日期")
    whereabouts = models.CharField("去向", max_length=60, blank=True)
    teacher = models.CharField("包保教师", max_length=30)
    confirmed_on = models.DateField("认定辍学日期", null=True, blank=True)
    clearing = CodeField("销号类别", codes="enrolment.clearing", on="cleared_on", blank=True)
    cleared_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        verbose_name = "未到校学生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.clearing) != bool(self.cleared_on):
            yield "cleared_on", "销号类别和销号日期须同时填写；没有销号的两项都不填。"
        yield from self.school.check_stage(self.stage)


class Persuasion(Record):
    """An attempt to persuade an absent pupil to return to school (劝返记录).

    ``made_by`` names the persons who made it, ``outcome`` tells its result in a few words.
    """

    natural_key = ("person", "made_on", "method")
    natural_key_name = "one_persuasion_a_day_and_method"
    personal = True
    private = ("made_by", "outcome")
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学籍所在学校")
    made_on = models.DateField("劝返日期")
    method = CodeField("劝返方式", codes="enrolment.persuasion", on="made_on")
    made_by = models.CharField("劝返人员", max_length=40)
    outcome = models.CharField("劝返情况", max_length=120)

    class Meta:
        verbose_name = "劝返记录"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_method_display()}"


class AttendanceReport(Record):
    """A school's monthly report of the numbers of pupils expected and present in a stage (控辍保学月报).

    ``month`` is the first day of the month. A report is due even if all pupils attend.
    """

    natural_key = ("school", "stage", "month")
    natural_key_name = "one_attendance_report_a_month"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    month = models.DateField("月份", help_text="填当月首日，如2019-05-01")
    expected = models.PositiveIntegerField("应到学生数")
    present = models.PositiveIntegerField("实到学生数")
    reported_on = models.DateField("上报日期")

    class Meta:
        verbose_name = "控辍保学月报"

    def __str__(self) -> str:
        return f"{self.school} {self.month:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from check_first_of_month(self, "month")
        if self.present > self.expected:
            yield "present", f"实到{self.present}人，多于应到{self.expected}人。请核对两个数。"
        if self.reported_on < self.month:
            yield "reported_on", "上报日期早于所报的月份。请核对日期。"
        yield from self.school.check_stage(self.stage)


class LedgerReview(Record):
    """The quarterly review of a school's ledger of absent pupils (控辍保学季度复核).

    ``quarter`` is the first day of the quarter. ``listed`` is the number of open cases at the review,
    ``visited`` of those verified at home, and ``corrected`` of entries found wrong and corrected.
    """

    natural_key = ("school", "quarter")
    natural_key_name = "one_ledger_review_a_quarter"
    private = ("reviewed_by", "note")
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    quarter = models.DateField("季度", help_text="填季度首日，如2019-04-01")
    listed = models.PositiveIntegerField("台账人数", help_text="复核时没有销号的")
    visited = models.PositiveIntegerField("入户核实人数")
    corrected = models.PositiveIntegerField("更正人数", help_text="台账与实际不符、已经更正的")
    reviewed_on = models.DateField("复核日期")
    reviewed_by = models.CharField("复核人", max_length=40)
    note = models.CharField("复核情况", max_length=120, blank=True)

    class Meta:
        verbose_name = "控辍保学复核"

    def __str__(self) -> str:
        return f"{self.school} {self.quarter:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.quarter.day != 1 or self.quarter.month % 3 != 1:
            yield "quarter", "季度应填首日：1月、4月、7月或10月的1日。"
        if self.reviewed_on < self.quarter:
            yield "reviewed_on", "复核日期早于所复核的季度。请核对日期。"
        for name in ("visited", "corrected"):
            if getattr(self, name) > self.listed:
                yield name, f"多于台账的{self.listed}人。请核对两个数。"


class Retention(Record):
    """The five counts of a school from which the retention rate of a year's leavers is computed (巩固率的五个数).

    ``year`` is the year in which they leave. ``entered`` is the number of pupils in the first grade three or
    nine years earlier, by ``span``; since then ``arrived`` transferred in, ``departed`` transferred out and
    ``died`` died, and ``graduated`` are the leavers. County rates are computed from the sums over schools.
    """

    class Span(ClosedChoices):
        """The period of retention: three years of junior school, or nine of compulsory education."""

        JUNIOR = "junior", "初中三年"
        COMPULSORY = "compulsory", "九年义务教育"

    natural_key = ("school", "span", "year")
    natural_key_name = "one_retention_of_a_school_and_year"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    span = models.CharField("年限", max_length=10, choices=Span)
    year = models.PositiveSmallIntegerField("毕业年份")
    entered = models.PositiveIntegerField(
        "起始年级学生数", help_text="三年前初一、九年前小学一年级的在校生数"
    )
    arrived = models.PositiveIntegerField("期间转入数")
    departed = models.PositiveIntegerField("期间转出数")
    died = models.PositiveIntegerField("期间死亡数")
    graduated = models.PositiveIntegerField("毕业生数")

    class Meta:
        verbose_name = "巩固情况"

    def __str__(self) -> str:
        return f"{self.school} {self.year} {self.get_span_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.span == self.Span.JUNIOR:
            yield from self.school.check_stage(Stage.JUNIOR)
            # Over nine years, one school counts the entrants and another the graduates.
            ever, gone = self.entered + self.arrived, self.departed + self.died + self.graduated
            if gone > ever:
                yield "graduated", f"转出、死亡、毕业共{gone}人，多于起始和转入的{ever}人。请核对各数。"
