"""The bureau's plan for a half-year: items with a section and a due date, and targets stated in figures."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import FigureError, catalogue, check_dimensions, parse_slice
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import Record, School
from xuezheng.records.models.work import section_choices


class PlanItem(Record):
    """An item of the plan of a half-year (计划任务).

    ``planned_for`` is the key of the half-year, as ``2019H2``; ``section`` is the name of an area. Its status
    is not stored but computed, see :mod:`xuezheng.plans.progress`.
    """

    natural_key = ("planned_for", "number")
    natural_key_name = "one_item_of_a_number_in_a_plan"
    open_to_all = True
    ordered = (("started_on", "finished_on"),)

    planned_for = models.CharField("计划时期", max_length=6, help_text="如2019H2")
    number = models.PositiveSmallIntegerField(
        "序号",
        validators=[MinValueValidator(1, "序号从1开始。"), MaxValueValidator(99, "序号不超过99。")],
    )
    title = models.CharField("任务", max_length=60)
    section = models.CharField("责任业务", max_length=20, choices=section_choices)
    due_on = models.DateField("完成时限")
    measures = models.CharField("主要措施", max_length=500, help_text="完整的句子，以句号结尾")
    started_on = models.DateField("启动日期", null=True, blank=True, help_text="未启动的不填")
    finished_on = models.DateField(
        "办结日期", null=True, blank=True, help_text="未办结的不填；有目标的任务看目标，不看此项"
    )

    class Meta:
        verbose_name = "计划任务"
        ordering = ("planned_for", "number")

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        try:
            period = Period.parse(self.planned_for)
        except PeriodError as fault:
            yield "planned_for", str(fault)
        else:
            if period.key[4:5] != "H":
                yield "planned_for", "计划按半年编制。请写作如“2019H2”。"
        if not self.measures.endswith("。"):
            yield "measures", "主要措施应是完整的句子，以句号“。”结尾。"
        for name in ("title", "measures"):
            if typed := typed_number(getattr(self, name)):
                yield (
                    name,
                    f"文字中的“{typed}”不是日期或文号。要达到的数请登记为目标，从文字中删去。",
                )


class Target(Record):
    """A target of a plan item, stated in a figure (计划目标).

    ``figure`` is the key of the figure; ``slice`` is a text such as ``stage=primary;state=delivered`` that
    limits it, "" for the complete figure. ``value`` is in the unit of the figure, yuan for money.
    """

    class Operator(ClosedChoices):
        """How the value of the figure is compared with the target value."""

        AT_LEAST = "at_least", "不少于"
        AT_MOST = "at_most", "不超过"
        EQUALS = "equals", "等于"

    natural_key = ("item", "title")
    natural_key_name = "one_target_of_a_title_in_an_item"
    open_to_all = True
    frozen = {"planned_for": "item__planned_for"}

    item = models.ForeignKey(PlanItem, models.PROTECT, verbose_name="任务", related_name="targets")
    title = models.CharField("目标", max_length=60)
    section = models.CharField("目标责任业务", max_length=20, choices=section_choices)
    due_on = models.DateField("目标时限")
    figure = models.CharField(
        "指标代码", max_length=60, help_text="指标目录中的代码，如 enrolment.oversize_classes"
    )
    slice = models.CharField(
        "指标范围", max_length=100, blank=True, help_text="只看一部分时填，如 stage=primary;state=delivered"
    )
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="只看一所学校时填"
    )
    operator = models.CharField("比较", max_length=10, choices=Operator)
    value = models.DecimalField(
        "目标值", max_digits=14, decimal_places=2, help_text="以指标的单位计，金额以元计"
    )

    class Meta:
        verbose_name = "计划目标"
        ordering = ("item", "pk")

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if typed := typed_number(self.title):
            yield "title", f"目标名称中的“{typed}”不是日期或文号。要达到的数请填在“目标值”，从名称中删去。"
        try:
            figure = catalogue.figure(self.figure)
        except registry.Unknown as unknown:
            yield "figure", str(unknown)
            return
        try:
            check_dimensions(figure, parse_slice(self.slice, ";"))
        except FigureError as error:
            yield "slice", str(error)
        if self.school_id and "school" not in figure.by:
            yield "school", f"“{figure.label}”不能按学校看。请把学校留空，或换一个指标。"
