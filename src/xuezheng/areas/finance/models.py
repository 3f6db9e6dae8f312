"""The finance section's models: budget and expenditure, public funds of schools, documents issued, checks of accounts."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models

from xuezheng.records.fields import CodeField, MoneyField
from xuezheng.records.models import Record, School, Stage, Term, check_first_of_month

_NOT_NEGATIVE = MinValueValidator(0, "金额不能小于0元。")


class BudgetLine(Record):
    """The amount, in fen, of a year's budget for a function, such as primary schools, from a source (预算安排).

    ``function`` is a code of the official classification of expenditure (功能分类), ``source`` that of the
    kind of money, such as the general budget.
    """

    natural_key = ("year", "function", "source")
    natural_key_name = "one_budget_line_of_a_function"

    year = models.PositiveSmallIntegerField("预算年度")
    function = CodeField("功能分类", codes="finance.function", on="year")
    source = CodeField("资金来源", codes="finance.source", on="year")
    amount = MoneyField(
        "预算数（元）", validators=[_NOT_NEGATIVE], help_text="年中调整预算的，改填调整后的数"
    )

    class Meta:
        verbose_name = "预算安排"

    def __str__(self) -> str:
        return f"{self.year} {self.get_function_display()}"


class Expenditure(Record):
    """The expenditure, in fen, for a function from a source in a month (支出台账); refunds are negative.

    ``month`` is the first day of the month; ``function`` and ``source`` are codes as in :class:`BudgetLine`.
    """

    natural_key = ("month", "function", "source")
    natural_key_name = "one_expenditure_a_month"

    month = models.DateField("入账月份", help_text="填当月首日，如2019-05-01")
    function = CodeField("功能分类", codes="finance.function", on="month")
    source = CodeField("资金来源", codes="finance.source", on="month")
    amount = MoneyField("支出数（元）")

    class Meta:
        verbose_name = "支出台账"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_function_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from check_first_of_month(self, "month")


class PublicFunds(Record):
    """The public funds, in fen, of a school for a stage in a term, which depend on the number of its pupils (公用经费).

    ``pupils`` is the number that the funds are for; ``boarders`` and ``inclusive``, disabled pupils in
    ordinary classes, are parts of it. ``paid_on`` is None while the funds are not paid.
    """

    natural_key = ("school", "stage", "term")
    natural_key_name = "one_public_funds_of_a_stage_a_term"
    school_paths = ("school",)
    frozen = {
        "term_code": "term__code",
        "term_start": "term__starts_on",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField(
        "学段", max_length=10, choices=[choice for choice in Stage.choices if choice[0] != "university"]
    )
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    pupils = models.PositiveIntegerField("核定学生数")
    boarders = models.PositiveIntegerField("核定寄宿生数", default=0)
    amount = MoneyField("拨付金额（元）", validators=[_NOT_NEGATIVE])
    document = models.CharField("拨款文号", max_length=60, blank=True)
    paid_on = models.DateField("拨付日期", null=True, blank=True, help_text="未拨付的不填")
    inclusive = models.PositiveIntegerField(
        "其中随班就读学生数", default=0, help_text="按特殊教育的定额核定；特殊教育学校不填"
    )

    class Meta:
        verbose_name = "公用经费"

    def __str__(self) -> str:
        return f"{self.school} {self.get_stage_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.boarders > self.pupils:
            yield "boarders", f"核定寄宿生数多于核定学生数{self.pupils}。请核对两项。"
        if self.inclusive > self.pupils:
            yield "inclusive", f"随班就读学生数多于核定学生数{self.pupils}。请核对两项。"
        yield from self.school.check_stage(self.stage, Stage.PRESCHOOL)


class FundingPaper(Record):
    """A document on money that the bureau has issued (经费文件)."""

    natural_key = ("document",)
    open_to_all = True

    document = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("文件名称", max_length=100)
    topic = CodeField("文件内容", codes="finance.paper_topic", on="issued_on")
    with_finance = models.BooleanField("会同财政部门印发", default=False)
    issued_on = models.DateField("印发日期")

    class Meta:
        verbose_name = "经费文件"

    def __str__(self) -> str:
        return self.title


class FinanceCheck(Record):
    """A check of a school's accounts, with the day by which its problems must be remedied (财务监管).

    ``due_on`` is None for a check without problems, ``mended_on`` until they are remedied.
    """

    natural_key = ("school", "kind", "checked_on")
    natural_key_name = "one_finance_check_of_a_kind_a_day"
    school_paths = ("school",)
    ordered = (("checked_on", "due_on"), ("checked_on", "mended_on"))
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = CodeField("检查内容", codes="finance.check_kind", on="checked_on")
    checked_on = models.DateField("检查日期")
    problems = models.PositiveSmallIntegerField("问题数", help_text="没有发现问题的填0")
    finding = models.CharField("主要问题", max_length=200, blank=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    mended_on = models.DateField("整改完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "财务监管"

    def __str__(self) -> str:
        return f"{self.school} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.problems and not self.due_on:
            yield "due_on", "发现问题的须填整改时限。"
        if self.problems and not self.finding:
            yield "finding", "发现问题的须写明主要问题。"
        if not self.problems and (self.due_on or self.mended_on):
            yield "problems", "没有发现问题的，整改时限和整改完成日期应留空。"
