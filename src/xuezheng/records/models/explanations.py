"""Explanations of imported numbers that deviate from what was expected."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from xuezheng.records.models.batches import Batch


class ValueExplanationQuerySet(models.QuerySet["ValueExplanation"]):
    """Explanations of numbers that deviate from what was expected."""

    def active(self) -> Self:
        """Return the explanations whose import was not undone."""
        return self.filter(batch__undone_at=None)


class ValueExplanation(models.Model):
    """A user's explanation of an imported number that deviates from what was expected (经验校验的说明).

    The number is in the field ``path`` of the row with primary key ``record`` in the register named
    ``register``; ``check_name`` is the check that it did not pass. ``thing`` is the row's natural key without
    the ``period``, so that the explanation is found again in the next period. ``subject``, ``title``,
    ``value`` and ``expected`` are the Chinese texts that the author was shown: of the row, the column, the
    number and what was expected.
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
