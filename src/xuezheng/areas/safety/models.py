"""The safety office's models: drills, hazards, reports of bullying, prevention of drowning, food and disease, accidents."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Record, School, Stage

_SOMEBODY = MinValueValidator(1, "人数须大于0。")


class Drill(Record):
    """A drill that a school held (应急演练).

    ``participants`` are pupils and staff. ``seconds`` is the time that the evacuation took, None for a drill
    without one.
    """

    natural_key = ("school", "kind", "held_on")
    natural_key_name = "one_drill_of_a_kind_a_day"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = CodeField("演练类别", codes="safety.drill", on="held_on")
    held_on = models.DateField("演练日期")
    participants = models.PositiveIntegerField("参加人数", validators=[_SOMEBODY])
    seconds = models.PositiveIntegerField(
        "疏散用时（秒）", null=True, blank=True, help_text="不须疏散的演练不填"
    )

    class Meta:
        verbose_name = "应急演练"

    def __str__(self) -> str:
        return f"{self.school} {self.get_kind_display()}"


class Hazard(Record):
    """A danger at a school, with the person responsible and the day by which it must be removed (安全隐患).

    ``closed_on`` is the day on which it was removed, None before.
    """

    natural_key = ("school", "found_on", "place")
    natural_key_name = "one_hazard_of_a_place_a_day"
    private = ("owner",)
    school_paths = ("school",)
    ordered = (("found_on", "due_on"), ("found_on", "closed_on"))
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    found_on = models.DateField("排查日期")
    kind = CodeField("隐患类别", codes="safety.hazard", on="found_on")
    level = CodeField("隐患等级", codes="safety.hazard_level", on="found_on")
    place = models.CharField("部位及情况", max_length=100)
    owner = models.CharField("责任人", max_length=30)
    due_on = models.DateField("整改时限")
    closed_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        verbose_name = "安全隐患"

    def __str__(self) -> str:
        return f"{self.school} {self.place}"


class BullyingReport(Record):
    """A report of bullying and the outcome of the investigation, without names (欺凌报告).

    ``outcome`` is "" and ``concluded_on`` None while it is investigated; ``inquiry_on`` is None where the
    investigation began on the day of the report.
    """

    class Outcome(ClosedChoices):
        """The outcome of the investigation."""

        BULLYING = "bullying", "属于欺凌"
        QUARREL = "quarrel", "属于一般矛盾"
        UNFOUNDED = "unfounded", "不属实"

    natural_key = ("number",)
    confidential = True
    ordered = (("reported_on", "inquiry_on"), ("inquiry_on", "concluded_on"), ("reported_on", "concluded_on"))

    number = models.CharField("报告编号", max_length=20, unique=True, help_text="如QL2019-001")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField(
        "学段", max_length=10, choices=[choice for choice in Stage.choices if choice[0] != "university"]
    )
    reported_on = models.DateField("报告日期")
    source = CodeField("报告来源", codes="safety.bullying_source", on="reported_on")
    form = CodeField("欺凌形式", codes="safety.bullying_form", on="reported_on")
    outcome = models.CharField("认定结论", max_length=10, choices=Outcome, blank=True)
    concluded_on = models.DateField("认定日期", null=True, blank=True, help_text="调查中的不填")

    inquiry_on = models.DateField(
        "启动调查日期", null=True, blank=True, help_text="接到报告当天启动的不填；认定时限从这一天起算"
    )

    class Meta:
        verbose_name = "欺凌报告"

    def __str__(self) -> str:
        return self.number

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.outcome) != bool(self.concluded_on):
            yield "concluded_on", "认定结论和认定日期须同时填写；调查中的两项都不填。"


class DrowningMeasure(Record):
    """A school's measure against drowning (防溺水工作).

    ``reached`` is the number of pupils, None for a patrol of waters.
    """

    natural_key = ("school", "kind", "day")
    natural_key_name = "one_drowning_measure_a_day"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = CodeField("工作类别", codes="safety.drowning_measure", on="day")
    day = models.DateField("日期")
    reached = models.PositiveIntegerField("覆盖学生数", null=True, blank=True, help_text="水域巡查不填")

    class Meta:
        verbose_name = "防溺水工作"

    def __str__(self) -> str:
        return f"{self.school} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if code_has(self, "kind", "without_pupils") == (self.reached is not None):
            yield "reached", "水域巡查的覆盖学生数应留空，其他工作须填写。"


class HealthCheck(Record):
    """A check of food or of disease prevention at a school (食品与防病检查).

    ``problem`` is "" and ``due_on``, the day by which it must be remedied, None where none was found;
    ``mended_on`` is None until it is remedied.
    """

    natural_key = ("school", "kind", "checked_on")
    natural_key_name = "one_health_check_of_a_kind_a_day"
    school_paths = ("school",)
    ordered = (("checked_on", "due_on"), ("checked_on", "mended_on"))
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = CodeField("检查内容", codes="safety.health_check", on="checked_on")
    checked_on = models.DateField("检查日期")
    problem = models.CharField("存在问题", max_length=100, blank=True, help_text="没有问题的不填")
    due_on = models.DateField("整改时限", null=True, blank=True)
    mended_on = models.DateField("整改完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "食品与防病检查"

    def __str__(self) -> str:
        return f"{self.school} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.problem) != bool(self.due_on):
            yield "due_on", "存在问题的须填整改时限，没有问题的应留空。"
        if self.mended_on and not self.problem:
            yield "mended_on", "没有问题的，整改完成日期应留空。"


class Outbreak(Record):
    """Cases of an infectious disease that a school reported together (传染病报告).

    ``cases`` is their number. ``most_in_a_class`` is the largest number in one class or dormitory, None where
    cases were not counted by class. ``ended_on`` is None until the measures have ended.
    """

    natural_key = ("school", "disease", "reported_on")
    natural_key_name = "one_outbreak_of_a_disease_a_day"
    school_paths = ("school",)
    ordered = (("reported_on", "ended_on"),)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    disease = CodeField("病种", codes="safety.disease", on="reported_on")
    reported_on = models.DateField("报告日期")
    cases = models.PositiveIntegerField("病例数", validators=[_SOMEBODY])
    ended_on = models.DateField("处置结束日期", null=True, blank=True)

    most_in_a_class = models.PositiveIntegerField(
        "同一班级（宿舍）最多病例数", null=True, blank=True, help_text="没有分班统计的不填"
    )

    class Meta:
        verbose_name = "传染病报告"

    def __str__(self) -> str:
        return f"{self.school} {self.get_disease_display()}"


class Accident(Record):
    """An accident in which pupils were injured or killed (学生安全事故), with the numbers of both."""

    natural_key = ("school", "kind", "day")
    natural_key_name = "one_accident_of_a_kind_a_day"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = CodeField("事故类别", codes="safety.accident", on="day")
    day = models.DateField("发生日期")
    on_campus = models.BooleanField("发生在校内")
    injured = models.PositiveIntegerField("受伤人数")
    dead = models.PositiveIntegerField("死亡人数", default=0)

    class Meta:
        verbose_name = "学生安全事故"

    def __str__(self) -> str:
        return f"{self.school} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if not self.injured and not self.dead:
            yield "injured", "受伤人数和死亡人数不能都是0。请核对。"
