"""Sections' requests that schools report data (填报任务), and what each school has reported."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from xuezheng.core.periods import Period, PeriodError
from xuezheng.records.models.base import Record
from xuezheng.records.models.batches import Batch
from xuezheng.records.models.district import School
from xuezheng.records.models.work import section_choices

#: Separates the titles of the sheets in :attr:`Collection.sheets`.
SEPARATOR = "、"
_REPORTED = Q(reported_on__isnull=False) & Q(handed_in__undone_at__isnull=True)


def _check_period(key: str) -> None:
    try:
        Period.parse(key)
    except PeriodError as fault:
        raise ValidationError(str(fault)) from fault


class Collection(Record):
    """A section's request that schools fill in sheets for a period by a due date (填报任务).

    ``period`` is a key as :meth:`xuezheng.core.periods.Period.parse` reads it; ``sheets`` are the titles of
    the sheets, joined by 、. ``reminded_on`` is the last day on which the schools that had not reported were
    reminded, None before.
    """

    natural_key = ("period", "title")
    natural_key_name = "one_collection"
    open_to_all = True

    title = models.CharField("任务名称", max_length=60)
    period = models.CharField(
        "统计期", max_length=20, validators=[_check_period], help_text="如2019H1、2019秋"
    )
    section = models.CharField("业务", max_length=20, choices=section_choices)
    sheets = models.CharField("填报的表", max_length=1000, help_text="用顿号隔开")
    due_on = models.DateField("截止日期")
    closed_on = models.DateField("结束日期", null=True, blank=True)
    reminded_on = models.DateField("催报日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "填报任务"
        ordering = ("closed_on", "due_on", "pk")

    def __str__(self) -> str:
        return self.title


class Standing(Enum):
    """The status of a school's submission, computed from its dates and problems.

    ``WITHDRAWN`` means that the import by which the school reported was undone.
    """

    NOT_BEGUN = "未开始"
    BEGUN = "填报中"
    PROBLEMS = "有问题"
    WITHDRAWN = "已撤销"
    DONE = "已上报"


class Submission(Record):
    """A school's part of a collection and its status (学校填报).

    ``problems`` is the number of problems in the last upload, None before one. ``handed_in`` is the import by
    which the school reported; None if it has not reported, or has confirmed that the registers are right.
    """

    natural_key = ("collection", "school")
    natural_key_name = "one_submission_per_school"
    school_paths = ("school",)
    private = ("handed_in",)
    frozen: ClassVar = {
        "period": "collection__period",
        "sheets": "collection__sheets",
        "reported": ("已上报", lambda: ExpressionWrapper(_REPORTED, output_field=BooleanField())),
    }

    collection = models.ForeignKey(
        Collection, models.PROTECT, verbose_name="填报任务", related_name="submissions"
    )
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校", related_name="submissions")
    begun_on = models.DateField("开始填报日期", null=True, blank=True)
    problems = models.PositiveIntegerField("上次提交的问题数", null=True, blank=True)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    handed_in = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, verbose_name="上报批次", related_name="submissions"
    )

    class Meta:
        verbose_name = "学校填报"
        ordering = ("collection", "school")

    def __str__(self) -> str:
        return f"{self.school}：{self.collection}"

    @property
    def standing(self) -> Standing:
        """The status of the submission; reads ``handed_in`` from the database unless it was selected."""
        if self.reported_on is not None:
            withdrawn = self.handed_in is not None and self.handed_in.undone_at is not None
            return Standing.WITHDRAWN if withdrawn else Standing.DONE
        if self.problems:
            return Standing.PROBLEMS
        return Standing.BEGUN if self.begun_on else Standing.NOT_BEGUN

    def late_by(self, today: date) -> int:
        """Return the number of days by which the school reported after the due date; at least 0.

        If it has not reported, ``today`` counts instead of the day of reporting.
        """
        reported = self.reported_on if self.standing is Standing.DONE else None
        return max(((reported or today) - self.collection.due_on).days, 0)
