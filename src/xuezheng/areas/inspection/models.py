"""The inspectors' models: evaluations by weighted indicators, findings, visits to kindergartens, training institutions."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, IntegerField, OuterRef, Subquery, Sum

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, MoneyField, code_has
from xuezheng.records.models import ClassGroup, Record, School, Stage

FULL_WEIGHT = 100


class Scope(ClosedChoices):
    """The kind of schools to which an indicator applies: schools, or kindergartens."""

    SCHOOL = "school", "中小学"
    KINDERGARTEN = "kindergarten", "幼儿园"


class Indicator(Record):
    """An indicator of the yearly evaluation of schools (评价指标).

    ``year`` is the year that is evaluated. ``scope`` is whether the indicator applies to schools or to
    kindergartens; the weights of the indicators of a year and scope add up to 100.
    """

    natural_key = ("code",)
    open_to_all = True

    code = models.CharField("指标编号", max_length=20, unique=True, help_text="如2019-X01")
    year = models.PositiveSmallIntegerField("指标年度")
    scope = models.CharField("适用范围", max_length=20, choices=Scope)
    topic = CodeField("指标类别", codes="inspection.topic")
    title = models.CharField("指标名称", max_length=60)
    weight = models.PositiveSmallIntegerField(
        "权重",
        validators=[MinValueValidator(1, "权重须大于0。")],
        help_text="同一年度、同一范围各指标之和为100",
    )

    class Meta:
        verbose_name = "评价指标"

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        others = self.weighed(self.year, self.scope, excluded=self.pk)
        if others + self.weight > FULL_WEIGHT:
            yield (
                "weight",
                f"{self.year}年{Scope(self.scope).label}其他指标的权重已有{others}，加上本项超过{FULL_WEIGHT}。请核对权重。",
            )

    @classmethod
    def weighed(cls, year: int, scope: str, excluded: int | None = None) -> int:
        """Return the sum of the weights of a year's indicators for a scope (a code), 100 if they are complete.

        It is 0 where there are none. The indicator with the primary key ``excluded`` is not counted.
        """
        indicators = cls.objects.filter(year=year, scope=scope).exclude(pk__in=[excluded] if excluded else [])
        return indicators.aggregate(total=Sum("weight"))["total"] or 0


class Evaluation(Record):
    """The yearly evaluation of a school (年度考核).

    ``year`` is the year that is evaluated. The score is not stored: it is computed from the scores by
    indicator (:class:`IndicatorScore`).
    """

    natural_key = ("school", "year")
    natural_key_name = "one_evaluation_of_a_school_a_year"
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "weight_scored": ("已评指标权重之和", lambda: Evaluation._total(F("indicator__weight"))),
        "points": (
            "加权得分之和（分乘权重）",
            lambda: Evaluation._total(F("score") * F("indicator__weight")),
        ),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    year = models.PositiveSmallIntegerField("考核年度")
    evaluated_on = models.DateField("考核日期")

    class Meta:
        verbose_name = "年度考核"

    def __str__(self) -> str:
        return f"{self.school} {self.year}"

    @staticmethod
    def _total(worth: models.expressions.Combinable) -> Subquery:
        scores = IndicatorScore.objects.filter(evaluation=OuterRef("pk")).order_by().values("evaluation")
        return Subquery(scores.annotate(total=Sum(worth)).values("total"), output_field=IntegerField())

    @property
    def scope(self) -> str:
        """The code of the scope whose indicators apply to the school."""
        return str(Scope.KINDERGARTEN if self.school.stages == (Stage.PRESCHOOL,) else Scope.SCHOOL)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.evaluated_on.year < self.year:
            yield "evaluated_on", f"考核日期早于考核年度{self.year}年。请核对两项。"
        total = Indicator.weighed(self.year, self.scope)
        if total != FULL_WEIGHT:
            yield (
                "year",
                f"{self.year}年{Scope(self.scope).label}评价指标的权重之和为{total}，应为{FULL_WEIGHT}。请先补正评价指标。",
            )


class IndicatorScore(Record):
    """A school's score by one indicator in an evaluation, from 0 to 100 (指标得分)."""

    natural_key = ("evaluation", "indicator")
    natural_key_name = "one_score_of_an_indicator"
    school_paths = ("evaluation__school",)
    frozen = {
        "school": "evaluation__school",
        "evaluated_on": "evaluation__evaluated_on",
        "scope": "indicator__scope",
        "topic": "indicator__topic",
        "weight": "indicator__weight",
    }

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, verbose_name="年度考核")
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="评价指标")
    score = models.PositiveSmallIntegerField(
        "得分", validators=[MaxValueValidator(100, "得分按百分制填写，不能大于100。")], help_text="百分制"
    )

    class Meta:
        verbose_name = "指标得分"

    def __str__(self) -> str:
        return f"{self.evaluation} {self.indicator}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.indicator.year != self.evaluation.year:
            yield "indicator", f"指标是{self.indicator.year}年的，与考核年度{self.evaluation.year}年不符。"
        if self.indicator.scope != self.evaluation.scope:
            yield "indicator", f"指标只用于{Scope(self.indicator.scope).label}。请核对学校和指标编号。"


class Finding(Record):
    """A problem found at an inspection, and the day by which it must be remedied (督导问题).

    ``mended_on`` is the day on which it was remedied, None before.
    """

    natural_key = ("school", "found_on", "issue")
    natural_key_name = "one_finding_of_an_issue"
    school_paths = ("school",)
    ordered = (("found_on", "due_on"), ("found_on", "mended_on"))
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    found_on = models.DateField("发现日期")
    kind = CodeField("督导类型", codes="inspection.kind", on="found_on")
    topic = CodeField("问题类别", codes="inspection.topic", on="found_on")
    issue = models.CharField("问题", max_length=100)
    due_on = models.DateField("整改时限")
    mended_on = models.DateField("整改完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "督导问题"

    def __str__(self) -> str:
        return f"{self.school} {self.issue}"


class KindergartenVisit(Record):
    """One aspect of an inspector's visit to a kindergarten or to kindergarten classes of a school (学前教育日常督查).

    ``problem`` is "" where the aspect passed.
    """

    natural_key = ("school", "visited_on", "aspect")
    natural_key_name = "one_visit_of_an_aspect_a_day"
    school_paths = ("school",)
    frozen = {"runner": "school__runner", "school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="幼儿园")
    visited_on = models.DateField("督查日期")
    aspect = CodeField("督查内容", codes="inspection.kindergarten_aspect", on="visited_on")
    passed = models.BooleanField("符合要求")
    problem = models.CharField("存在问题", max_length=100, blank=True)

    class Meta:
        verbose_name = "学前教育督查"

    def __str__(self) -> str:
        return f"{self.school} {self.get_aspect_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.passed == bool(self.problem):
            yield "problem", "不符合要求的须写明存在问题，符合要求的应留空。"
        attached = ClassGroup.objects.filter(school=self.school_id, stage=Stage.PRESCHOOL)
        if Stage.PRESCHOOL not in self.school.stages and not attached.exists():
            yield "school", "该校不是幼儿园，也没有附设幼儿班。请核对学校标识码。"


class TrainingInstitution(Record):
    """A private training institution outside schools (校外培训机构).

    ``licence`` is "" and ``licensed_until`` None for one without a licence; ``closed_on`` is None while it is
    open.
    """

    natural_key = ("name",)
    open_to_all = True
    ordered = (("opened_on", "closed_on"),)

    name = models.CharField("机构名称", max_length=60, unique=True)
    kind = CodeField("培训类别", codes="inspection.institution_kind", on="opened_on")
    licence = models.CharField("办学许可证号", max_length=40, blank=True, help_text="没有的不填")
    licensed_until = models.DateField("许可证有效期至", null=True, blank=True)
    opened_on = models.DateField("登记日期", help_text="纳入台账管理的日期")
    closed_on = models.DateField("停办日期", null=True, blank=True)

    class Meta:
        verbose_name = "校外培训机构"

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.licence) != bool(self.licensed_until):
            yield "licensed_until", "办学许可证号和有效期须同时填写。"


class InstitutionCheck(Record):
    """A check of a training institution (校外培训机构检查), with the prepayment that it demanded.

    ``prepaid_months``, ``prepaid_lessons`` and ``prepaid_amount`` (in fen) are the months, lessons and amount
    charged at once; ``prepaid_days_ahead`` is the number of days before the first lesson on which it was
    charged. They are None where that was not checked or does not apply.
    """

    natural_key = ("institution", "checked_on")
    natural_key_name = "one_check_of_an_institution_a_day"
    ordered = (("checked_on", "due_on"), ("checked_on", "mended_on"))
    frozen = {"institution_kind": "institution__kind"}

    institution = models.ForeignKey(TrainingInstitution, models.PROTECT, verbose_name="校外培训机构")
    checked_on = models.DateField("检查日期")
    problem = CodeField("主要问题", codes="inspection.institution_problem", on="checked_on")
    prepaid_months = models.PositiveSmallIntegerField(
        "一次性收费月数", null=True, blank=True, help_text="没有查收费的不填"
    )
    due_on = models.DateField("整改时限", null=True, blank=True)
    mended_on = models.DateField("整改完成日期", null=True, blank=True)
    prepaid_lessons = models.PositiveSmallIntegerField(
        "一次性收费课时数", null=True, blank=True, help_text="按课时收费的填写"
    )
    prepaid_amount = MoneyField("一次性收费金额（元）", null=True, blank=True, help_text="没有查收费的不填")
    prepaid_days_ahead = models.PositiveSmallIntegerField(
        "提前收费天数", null=True, blank=True, help_text="收费日早于开课日的天数，没有查收费的不填"
    )

    class Meta:
        verbose_name = "培训机构检查"

    def __str__(self) -> str:
        return f"{self.institution} {self.checked_on}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if code_has(self, "problem", "clear") == bool(self.due_on):
            yield "due_on", "发现问题的须填整改时限，未发现问题的应留空。"
        if code_has(self, "problem", "clear") and self.mended_on:
            yield "mended_on", "未发现问题的，整改完成日期应留空。"
