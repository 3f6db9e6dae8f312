"""Least-cost plans to pass the evaluation, stored once with their inputs and never changed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from xuezheng.records.models import User
from xuezheng.records.permissions import select_permitted


class GapPlanQuerySet(models.QuerySet["GapPlan"]):
    """A query set of plans that can be limited to a user."""

    def visible_to(self, user: User) -> Self:
        """Return the plans that ``user`` has permission to see."""
        return select_permitted(self, user, "see", "balance.gap_plan")


class GapPlan(models.Model):
    """A computed least-cost plan to pass the evaluation in a year (达标方案).

    ``inputs`` is JSON text with resources, standards, costs and options; ``result`` is JSON text with the
    plans computed from them. Each is stored with its SHA-256, so that anybody can recompute the plan and
    compare.
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
