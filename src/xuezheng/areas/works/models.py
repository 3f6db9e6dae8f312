"""The works office's models: projects with their milestones, smart-campus applications, exam centres."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import DateField, OuterRef, Subquery

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, MoneyField, field_of
from xuezheng.records.models import Record, School


def _day(field: str, step: str) -> Subquery:
    """Return an expression: the day of one step of the outer query's project; ``field`` is the planned or real day."""
    milestones = Milestone.objects.filter(project=OuterRef("pk"), step=step)
    return Subquery(milestones.values(field)[:1], output_field=DateField())


class Project(Record):
    """A building project, from the day on which it was listed (建设项目); its state follows from its milestones.

    ``budget`` and ``contract_amount`` are in fen; before the tender ``contractor`` is "" and
    ``contract_amount`` None. ``school`` is None for a school that is not founded yet.
    """

    natural_key = ("code",)
    open_to_all = True
    school_paths = ("school",)
    frozen = {
        "tendered_on": ("招标完成日期", lambda: _day("real_on", "tendered")),
        "started_on": ("开工日期", lambda: _day("real_on", "started")),
        "completed_on": ("竣工验收日期", lambda: _day("real_on", "completed")),
        "delivered_on": ("交付使用日期", lambda: _day("real_on", "delivered")),
        "due_on": ("计划交付日期", lambda: _day("planned_on", "delivered")),
    }

    code = models.CharField("项目编号", max_length=20, unique=True, help_text="立项时编定，如FS2018")
    name = models.CharField("项目名称", max_length=60)
    kind = CodeField("项目类别", codes="works.project", on="listed_on")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="新建学校未设立前不填"
    )
    listed_on = models.DateField("立项日期")
    budget = MoneyField("预算（元）", validators=[MinValueValidator(1, "预算须大于0元。")])
    contractor = models.CharField("施工单位", max_length=60, blank=True, help_text="未招标的不填")
    contract_amount = MoneyField(
        "合同价（元）", null=True, blank=True, validators=[MinValueValidator(1, "合同价须大于0元。")]
    )

    class Meta:
        verbose_name = "建设项目"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.contractor) != (self.contract_amount is not None):
            yield "contract_amount", "施工单位和合同价应同时填写：招标完成后填，未招标的都留空。"
        if self.contract_amount is not None and self.contract_amount > self.budget:
            yield "contract_amount", "合同价高于预算。请核对；预算已调整的，先改预算。"


class Milestone(Record):
    """A step of a building project (项目节点): its planned day, and the day on which it was reached, None before."""

    class Step(ClosedChoices):
        """The steps of a building project in their order."""

        TENDERED = "tendered", "招标完成"
        STARTED = "started", "开工"
        COMPLETED = "completed", "竣工验收"
        DELIVERED = "delivered", "交付使用"

    natural_key = ("project", "step")
    natural_key_name = "one_milestone_of_a_step"
    open_to_all = True
    school_paths = ("project__school",)
    frozen = {"code": "project__code", "kind": "project__kind", "school": "project__school"}

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="建设项目", related_name="milestones")
    step = models.CharField("节点", max_length=10, choices=Step)
    planned_on = models.DateField("计划日期")
    real_on = models.DateField("实际日期", null=True, blank=True, help_text="未到达的不填")

    class Meta:
        verbose_name = "项目节点"

    def __str__(self) -> str:
        return f"{self.project} {self.get_step_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        listed = self.project.listed_on
        for name in ("planned_on", "real_on"):
            day = getattr(self, name)
            if day and day < listed:
                title = field_of(self, name).verbose_name
                yield name, f"{title}早于项目的立项日期{listed}。请核对两个日期。"


class SmartApplication(Record):
    """An application of a school's smart campus, such as its platform (智慧校园应用).

    It was accepted on ``built_on``; ``used_since`` is None until it is in use. ``users`` is the number of
    people who logged in during the term.
    """

    natural_key = ("school", "application")
    natural_key_name = "one_application_of_a_kind_at_a_school"
    school_paths = ("school",)
    ordered = (("built_on", "used_since"),)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    application = CodeField("应用", codes="works.smart_application", on="built_on")
    built_on = models.DateField("验收日期")
    used_since = models.DateField("启用日期", null=True, blank=True, help_text="未启用的不填")
    users = models.PositiveIntegerField("使用人数", default=0, help_text="本学期登录过的师生和家长")

    class Meta:
        verbose_name = "智慧校园应用"

    def __str__(self) -> str:
        return f"{self.school} {self.get_application_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.users and not self.used_since:
            yield "users", "未启用的应用不应有使用人数。请填启用日期，或把使用人数改为0。"


class ExamCentre(Record):
    """The rooms of a school that are equipped for public examinations (标准化考点); ``rooms`` is their number.

    ``used_since`` is None before their first use.
    """

    natural_key = ("school", "finished_on")
    natural_key_name = "one_centre_finished_on_a_day"
    open_to_all = True
    school_paths = ("school",)
    ordered = (("finished_on", "used_since"),)

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    rooms = models.PositiveSmallIntegerField("考场数", validators=[MinValueValidator(1, "考场数须大于0。")])
    finished_on = models.DateField("建成日期")
    used_since = models.DateField("启用日期", null=True, blank=True, help_text="未启用的不填")

    class Meta:
        verbose_name = "标准化考点"

    def __str__(self) -> str:
        return f"{self.school}考点"
