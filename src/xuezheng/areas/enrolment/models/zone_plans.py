"""Plans of school zones (学区划片方案), computed from frozen inputs and decided by a second person."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import Batch, Stage, User
from xuezheng.records.permissions import select_permitted


class ZonePlanQuerySet(models.QuerySet["ZonePlan"]):
    """A query set of zone plans with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the plans that ``user`` has permission to see.

        The result is empty for users of a school, who see decided zones only.
        """
        return select_permitted(self, user, "see", "enrolment.zone_plan")


class ZonePlan(models.Model):
    """A plan of the school zones of a stage and year.

    ``inputs`` is the problem as JSON text, ``inputs_hash`` its SHA-256; communities and schools are numbered
    in it. ``assignment`` has, for each community, the number of its school as the plan is now, and
    ``computed`` that found by the solver; both are empty before the first computation. ``locked`` has the
    numbers of the communities that keep their school in the next computation, ``computed_locked`` of those
    that kept it in the last. ``levels`` has [Chinese title, value, lower bound] for each objective.
    ``version`` grows by one with each change.
    """

    class State(ClosedChoices):
        """The states of a plan: draft, decided, or revoked."""

        DRAFT = "draft", "编制中"
        DECIDED = "decided", "已决定"
        REVOKED = "revoked", "已作废"

    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField("招生年份")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField("版次", default=1)
    inputs = models.TextField("固定的数据")
    inputs_hash = models.CharField("数据校验值", max_length=64)
    computed = models.JSONField("算出的划分", default=list)
    computed_locked = models.JSONField("排出时锁定的社区", default=list)
    assignment = models.JSONField("现在的划分", default=list)
    locked = models.JSONField("锁定的社区", default=list)
    levels = models.JSONField("算出的结果", default=list)
    result_hash = models.CharField("结果校验值", max_length=64, blank=True)
    decision = models.CharField("决定依据", max_length=200, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, verbose_name="写入划片的批次", related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="编制人", related_name="+"
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="最后改动人", related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="决定登记人", related_name="+"
    )
    made_at = models.DateTimeField("编制时间", auto_now_add=True)
    decided_at = models.DateTimeField("决定时间", null=True)

    objects = ZonePlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "划片方案"
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return f"{self.year}年{Stage(self.stage).label}学区划片方案（第{self.pk}号）"


class ZoneStep(models.Model):
    """One entry of the log of a zone plan: version and state after it, the user, the time and a note.

    Never changed later.
    """

    plan = models.ForeignKey(ZonePlan, models.PROTECT, verbose_name="划片方案", related_name="steps")
    version = models.PositiveIntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=ZonePlan.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=400)

    class Meta:
        verbose_name = verbose_name_plural = "划片方案步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.note}（{self.by}）"
