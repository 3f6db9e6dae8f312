"""The finance section's models: budget and expenditure, public funds of schools, documents issued, checks of accounts."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models

from xuezheng.records.fields import MoneyField
from xuezheng.records.models import Record, School, Stage, Term

_NOT_NEGATIVE = MinValueValidator(0, "金额不能小于0元。")


class Function(models.TextChoices):
    """The function of money in the budget (支出功能分类科目, class 205 education)."""

    ADMINISTRATION = "2050101", "行政运行"
    PRESCHOOL = "2050201", "学前教育"
    PRIMARY = "2050202", "小学教育"
    JUNIOR = "2050203", "初中教育"
    SENIOR = "2050204", "高中教育"
    OTHER_GENERAL = "2050299", "其他普通教育支出"
    VOCATIONAL = "2050304", "职业高中教育"
    SPECIAL = "2050701", "特殊学校教育"
    TEACHER_TRAINING = "2050801", "教师进修"
    SURCHARGE = "2050999", "其他教育费附加安排的支出"
    OTHER = "2059999", "其他教育支出"


class Source(models.TextChoices):
    """The source of money in the budget (资金来源)."""

    GENERAL = "general", "一般公共预算"
    GOVERNMENT_FUND = "government_fund", "政府性基金预算"
    SPECIAL_ACCOUNT = "special_account", "财政专户管理资金"
    OTHER = "other", "其他资金"


class BudgetLine(Record):
    """The amount of the year's budget for a function from a source (预算安排)."""

    natural_key = ("year", "function", "source")
    natural_key_name = "one_budget_line_of_a_function"

    year = models.PositiveSmallIntegerField("预算年度")
    function = models.CharField("功能分类", max_length=7, choices=Function)
    source = models.CharField("资金来源", max_length=20, choices=Source)
    amount = MoneyField(
        "预算数（元）", validators=[_NOT_NEGATIVE], help_text="年中调整预算的，改填调整后的数"
    )

    class Meta:
        verbose_name = "预算安排"

    def __str__(self) -> str:
        return f"{self.year} {self.get_function_display()}"


class Expenditure(Record):
    """The expenditure for a function from a source in a month (支出台账); refunds are negative."""

    natural_key = ("month", "function", "source")
    natural_key_name = "one_expenditure_a_month"

    month = models.DateField("入账月份", help_text="填当月首日，如2019-05-01")
    function = models.CharField("功能分类", max_length=7, choices=Function)
    source = models.CharField("资金来源", max_length=20, choices=Source)
    amount = MoneyField("支出数（元）")

    class Meta:
        verbose_name = "支出台账"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_function_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.month.day != 1:
            yield "month", f"入账月份应填当月首日，如{self.month:%Y-%m}-01。"


class PublicFunds(Record):
    """The public funds of a school for a stage in a term, by the number of its pupils (公用经费)."""

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
        if self.stage != Stage.PRESCHOOL and self.stage not in self.school.stages:
            yield (
                "stage",
                f"{School.Kind(self.school.kind).label}不办{Stage(self.stage).label}。请核对学校和学段。",
            )


class FundingPaper(Record):
    """A document on money that the bureau issued (经费文件)."""

    class Topic(models.TextChoices):
        """The topic of the document."""

        BUDGET = "budget", "预算管理"
        SPECIAL_FUNDS = "special_funds", "专项资金"
        FEES = "fees", "教育收费"
        ASSETS = "assets", "资产管理"
        AUDIT = "audit", "内部审计"

    natural_key = ("document",)
    open_to_all = True

    document = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("文件名称", max_length=100)
    topic = models.CharField("文件内容", max_length=20, choices=Topic)
    with_finance = models.BooleanField("会同财政部门印发", default=False)
    issued_on = models.DateField("印发日期")

    class Meta:
        verbose_name = "经费文件"

    def __str__(self) -> str:
        return self.title


class FinanceCheck(Record):
    """A check of a school's accounts, with the day by which problems must be remedied (财务监管)."""

    class Kind(models.TextChoices):
        """The subject of the check."""

        ACCOUNTS = "accounts", "账务管理"
        PUBLIC_FUNDS = "public_funds", "公用经费使用"
        FEES = "fees", "教育收费"
        CANTEEN = "canteen", "食堂财务"
        ASSETS = "assets", "资产管理"
        DISCLOSURE = "disclosure", "财务公开"

    natural_key = ("school", "kind", "checked_on")
    natural_key_name = "one_finance_check_of_a_kind_a_day"
    school_paths = ("school",)
    ordered = (("checked_on", "due_on"), ("checked_on", "mended_on"))
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    kind = models.CharField("检查内容", max_length=20, choices=Kind)
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
