"""The plans of the least cost to pass the evaluation: written once with their inputs, never changed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from xuezheng.records.models import User
from xuezheng.records.permissions import select_permitted


class GapPlanQuerySet(models.QuerySet["GapPlan"]):
    """Plans, with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the plans that ``user`` may see."""
        return select_permitted(self, user, "see", "balance.gap_plan")


class GapPlan(models.Model):
    """A plan to pass (达标方案), as it was computed.

    ``inputs`` is the JSON of the resources, standards, costs and options, ``result`` that of what was computed from them; each has its SHA-256, so that
    anybody may compute the plan anew and compare.
    """

    year = models.PositiveSmallIntegerField("年度")
    snapshot = models.CharField("快照", max_length=40)
    inputs = models.TextField("输入")
    inputs_hash = models.CharField("输入校验值", max_length=64)
    result = models.TextField("方案")
    result_hash = models.CharField("方案校验值", max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="测算人", related_name="+"
    )
    made_at = models.DateTimeField("测算时间", auto_now_add=True)

    objects = GapPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "达标方案"
        verbose_name_plural = "达标方案"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.year}年达标方案{self.pk}"
