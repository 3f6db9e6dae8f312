"""Registers that only the evaluation of the county needs: items with evidence, and surveys."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Record

_YEAR = [MinValueValidator(2000, "年度应写作四位年份。"), MaxValueValidator(2100, "年度应写作四位年份。")]


class EvaluationItem(Record):
    """The result of one item of the evaluation in a year, as reported by the county, with its evidence.

    ``value`` is None for items without a number; its unit is part of the item's name. ``condition`` describes
    the relaxed condition, "" if the result is another than "relaxed".
    """

    class Result(ClosedChoices):
        """The results of an item.

        "nothing" (did not occur) and "happened" are only for vetoes, the others for other items.
        """

        MET = "met", "达到"
        NOT_MET = "not_met", "没有达到"
        RELAXED = "relaxed", "按放宽条件达到"
        NOTHING = "nothing", "没有发生"
        HAPPENED = "happened", "已经发生"

    natural_key = ("year", "item")
    natural_key_name = "one_result_of_an_item_a_year"

    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    item = CodeField("评估项目", codes="balance.item", on="year")
    result = models.CharField("结果", max_length=10, choices=Result)
    value = models.DecimalField(
        "数值",
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="有数值要求的项目填，单位见项目名称",
    )
    condition = models.CharField(
        "放宽条件",
        max_length=200,
        blank=True,
        help_text="按放宽条件达到的填：哪些学校、哪项条件、规划建设年份",
    )
    document = models.CharField("佐证材料", max_length=200, help_text="文件名称和文号，或材料名称和存放位置")

    class Meta:
        verbose_name = "评估项目佐证"

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        is_veto = code_has(self, "item", "part", "veto")
        of_vetoes = self.result in (self.Result.NOTHING, self.Result.HAPPENED)
        if is_veto != of_vetoes:
            choices = "“没有发生”或“已经发生”" if is_veto else "“达到”“没有达到”或“按放宽条件达到”"
            yield "result", f"这一项目的结果应填{choices}。"
        if self.result == self.Result.RELAXED:
            if not code_has(self, "item", "relaxable"):
                yield "result", "这一项目没有放宽条件。请改填“达到”或“没有达到”。"
            if not self.condition:
                yield "condition", "按放宽条件达到的，须写明是哪些学校、哪项条件。"
        elif self.condition:
            yield "condition", "不是按放宽条件达到的，放宽条件应留空。"


class Questionnaire(Record):
    """The totals of questionnaires and visits in one group of respondents in a year (社会认可度)."""

    natural_key = ("year", "respondents")
    natural_key_name = "one_survey_of_a_group_a_year"

    year = models.PositiveSmallIntegerField("年度", validators=_YEAR)
    respondents = CodeField("调查对象", codes="balance.respondent", on="year")
    issued = models.PositiveIntegerField("发放问卷数")
    valid = models.PositiveIntegerField("有效问卷数")
    satisfied = models.PositiveIntegerField("满意问卷数")
    visited = models.PositiveIntegerField("走访人数")
    visited_satisfied = models.PositiveIntegerField("走访满意人数")

    class Meta:
        verbose_name = "社会认可度调查"

    def __str__(self) -> str:
        return f"{self.get_respondents_display()} {self.year}年"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        for field, part, total_label, total in (
            ("valid", self.valid, "发放问卷数", self.issued),
            ("satisfied", self.satisfied, "有效问卷数", self.valid),
            ("visited_satisfied", self.visited_satisfied, "走访人数", self.visited),
        ):
            if part > total:
                yield field, f"{part}多于{total_label}{total}。请核对。"
