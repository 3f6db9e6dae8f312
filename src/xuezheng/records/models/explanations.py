"""Explanations of imported numbers that deviate from what was expected, and of numbers of statistical tables."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records.models.batches import Batch
from xuezheng.records.models.chain import ChainLink
from xuezheng.records.models.district import School


class ValueExplanationQuerySet(models.QuerySet["ValueExplanation"]):
    """Explanations of numbers that deviate from what was expected."""

    def active(self) -> Self:
        """Return the explanations whose import was not undone."""
        return self.filter(batch__undone_at=None)


class ValueExplanation(models.Model):
    """A user's explanation of an imported number that deviates from what was expected (经验校验的说明).

    The number is in the field ``path`` of the row with primary key ``record`` in the register named
    ``register``. ``thing`` is the row's natural key without the ``period``, so that the explanation is found
    again in the next period. ``value`` and ``expected`` are the Chinese texts that the author was shown.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name="导入批次", related_name="explanations")
    sheet = models.CharField("表", max_length=31)
    register = models.CharField("台账", max_length=60)
    record = models.BigIntegerField("行编号")
    thing = models.CharField("同一事项", max_length=200)
    period = models.CharField("时期", max_length=20, blank=True)
    path = models.CharField("栏目代码", max_length=60)
    subject = models.CharField("事项", max_length=200)
    title = models.CharField("栏目", max_length=60)
    check_name = models.CharField("校验", max_length=20)
    value = models.CharField("填报数", max_length=40)
    expected = models.CharField("参照", max_length=300)
    text = models.CharField("说明", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="说明人"
    )
    made_at = models.DateTimeField("说明时间", auto_now_add=True)

    objects = ValueExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据说明"
        ordering = ("pk",)
        indexes = [models.Index(fields=["register", "thing", "path"], name="explanations_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.subject} {self.title}：{self.text}"


#: The text of an explanation of a table is no longer than this.
LONGEST = 300


class TableExplanationQuerySet(models.QuerySet["TableExplanation"]):
    """Explanations of numbers of statistical tables."""

    def of_table(self, table: str, year: int, school: School | None) -> Self:
        """Return the explanations of the table with a code in a year, of a school or, for None, of all schools."""
        return self.filter(table=table, year=year, school=school)


class TableExplanation(models.Model):
    """A user's explanation of a break of a rule or a large change in a statistical table (统计表的说明).

    It is written once and covered by the chain; a later one of the same ``subject`` replaces it. ``school`` is
    None for the table of all schools. ``subject`` identifies the rule and its place, or the cell, and
    ``numbers`` are the two numbers that are explained: for others the explanation is void.
    """

    table = models.CharField("表号", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField("事项", max_length=300)
    numbers = models.CharField("所说明的数", max_length=60)
    text = models.CharField("说明", max_length=LONGEST)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", default=timezone.now)

    objects = TableExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = "统计表的说明"
        verbose_name_plural = "统计表的说明"
        ordering = ("pk",)
        indexes = [models.Index(fields=["table", "year", "school"], name="explanations_of_a_table")]

    def __str__(self) -> str:
        return f"{self.table} {self.year} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row and cover it by the chain; raises ``TypeError`` if it was already saved."""
        if self.pk is not None:
            raise TypeError("an explanation is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("table_explanation", [self.pk])
