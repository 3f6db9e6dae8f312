"""Rotation plans with their inputs, the placement of each teacher, and the log of their steps."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from xuezheng.areas.staffing.models.exchange import COMPULSORY
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models import Batch, Person, School, User
from xuezheng.records.permissions import Scope, permits


class RotationPlan(models.Model):
    """A rotation plan for a school year (交流轮岗方案).

    ``inputs`` is the solved problem as JSON (``Problem.to_json``), with keys of persons and schools and no
    names. ``outcome`` has the keys "stages" (each objective with its value, its bound and whether it is
    proven optimal), "comparison" (the numbers of this plan and of two simpler procedures) and "notes"
    (limitations, in Chinese). The same inputs, seed and version give the same plan.
    """

    class State(ClosedChoices):
        """The states of a plan: draft, decided, written to the registers, or revoked."""

        DRAFT = "draft", "草案"
        DECIDED = "decided", "已定案"
        REGISTERED = "registered", "已登记到岗"
        REVOKED = "revoked", "已作废"

    school_year = models.CharField("学年", max_length=9)
    title = models.CharField("方案名称", max_length=40)
    assessed_on = models.DateField("认定截止日期")
    inputs = models.JSONField("编排依据", editable=False)
    inputs_hash = models.CharField("编排依据校验值", max_length=64, editable=False)
    seed = models.PositiveIntegerField("随机种子", editable=False)
    version = models.CharField("程序版本", max_length=60, editable=False)
    outcome = models.JSONField("编排结果说明", editable=False)
    result_hash = models.CharField("结果校验值", max_length=64, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="编排人", related_name="+"
    )
    made_at = models.DateTimeField("编排时间", auto_now_add=True)
    decision = models.CharField("定案依据", max_length=60, blank=True)
    decided_on = models.DateField("定案日期", null=True)
    starts_on = models.DateField("到岗日期", null=True)
    decided_hash = models.CharField("定案校验值", max_length=64, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, verbose_name="登记批次", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "交流轮岗方案"
        ordering = ("-school_year", "-pk")

    def __str__(self) -> str:
        return f"{self.school_year}学年交流轮岗 {self.title}"

    @property
    def is_decided(self) -> bool:
        """Whether the plan is decided or written to the registers, and not revoked."""
        return self.state in (self.State.DECIDED, self.State.REGISTERED)


class PlacementQuerySet(models.QuerySet["Placement"]):
    """A query set of placements with the filters by user and by plan."""

    def visible_to(self, user: User) -> Self:
        """Return the placements that ``user`` has permission to see.

        Users with permission for all schools get every placement. Users limited to their school get those
        from or to it in decided and registered plans. Others get none.
        """
        scope = permits(user, "see", "staffing.rotation")
        if Scope.ALL in scope:
            return self
        if Scope.SCHOOL not in scope or user.school_id is None:
            return self.none()
        own = Q(from_school=user.school_id) | Q(to_school=user.school_id)
        return self.filter(own, plan__state__in=[RotationPlan.State.DECIDED, RotationPlan.State.REGISTERED])

    def moving(self, plan: RotationPlan) -> Self:
        """Return the placements of ``plan`` that move a teacher, with person and both schools selected."""
        rows = self.filter(plan=plan, to_school__isnull=False)
        return rows.select_related("person", "from_school", "to_school")


class Placement(models.Model):
    """The school at which a plan places one teacher, and the reason.

    ``to_school`` is None for a teacher who stays. ``rank`` is the number of the wish that is met (1 to 3),
    None if the school is no wish. ``unmet`` lists the wishes that the teacher would prefer, as dicts with
    "rank", "school" (primary key) and "reason" (Chinese). ``computed_school`` is the school chosen by the
    computation; ``change_reason`` says why a user changed it, "" if nobody did.
    """

    plan = models.ForeignKey(RotationPlan, models.PROTECT, verbose_name="方案", related_name="placements")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教师", related_name="+")
    from_school = models.ForeignKey(School, models.PROTECT, verbose_name="现任教学校", related_name="+")
    to_school = models.ForeignKey(School, models.PROTECT, null=True, verbose_name="交流到", related_name="+")
    computed_school = models.ForeignKey(
        School, models.PROTECT, null=True, verbose_name="编排到", related_name="+"
    )
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    subject = CodeField("学科", codes="policy.subject")
    backbone = models.BooleanField("骨干教师")
    rank = models.PositiveSmallIntegerField("志愿序号", null=True)
    reason = models.CharField("安排理由", max_length=200)
    unmet = models.JSONField("未满足的志愿", default=list)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="调整人", related_name="+"
    )
    change_reason = models.CharField("调整原因", max_length=100, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "方案中的安排"
        ordering = ("from_school__code", "stage", "subject", "pk")
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="one_placement_in_a_plan")]

    def __str__(self) -> str:
        return self.person.name


class RotationStep(models.Model):
    """One entry of the log of a rotation plan: the new state ``after``, the user, the time and a note.

    Never changed later.
    """

    plan = models.ForeignKey(RotationPlan, models.PROTECT, verbose_name="方案", related_name="steps")
    after = models.CharField("此后", max_length=10, choices=RotationPlan.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "方案步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_after_display()}（{self.by}）"
