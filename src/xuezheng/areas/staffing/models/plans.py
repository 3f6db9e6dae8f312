"""Plans of rotation: what a plan was made of, where each person is placed, and the steps to the decision."""

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
    """A plan of rotation for a school year (交流轮岗方案).

    ``inputs`` is the problem that was solved, frozen: keys of persons and schools, no names. ``outcome`` has the objectives with what is proven of
    each, and the comparison with simpler procedures. The same inputs, seed and version give the same plan.
    """

    class State(ClosedChoices):
        """The states of a plan."""

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
        """Whether the plan was decided and is in force."""
        return self.state in (self.State.DECIDED, self.State.REGISTERED)


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements, with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the placements that ``user`` may see: a school's clerk those from and to the own school, once they are decided."""
        scope = permits(user, "see", "staffing.rotation")
        if Scope.ALL in scope:
            return self
        if Scope.SCHOOL not in scope or user.school_id is None:
            return self.none()
        own = Q(from_school=user.school_id) | Q(to_school=user.school_id)
        return self.filter(own, plan__state__in=[RotationPlan.State.DECIDED, RotationPlan.State.REGISTERED])

    def moving(self, plan: RotationPlan) -> Self:
        """Return the placements of a plan by which somebody moves, with what files and pages show of them."""
        rows = self.filter(plan=plan, to_school__isnull=False)
        return rows.select_related("person", "from_school", "to_school")


class Placement(models.Model):
    """Where a plan places one teacher, and why; ``to_school`` is None for one who stays.

    ``rank`` is the number of the wish that is met, ``unmet`` the wishes that are not, each with what prevented it. ``computed_school`` is where the
    computation placed the teacher, ``change_reason`` why a person placed the teacher otherwise.
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
    """One step of a plan: written once, never changed."""

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
