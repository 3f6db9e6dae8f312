"""Awards to persons, entitlements to them, funds allocated to schools, livelihood projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import MoneyField
from xuezheng.records.identifiers import check_division
from xuezheng.records.models import Person, PersonCategory, Pupil, Record, School, Stage, Term
from xuezheng.workbooks.cells import typed_yuan


def _select_paid_in_term() -> models.QuerySet[Award]:
    """Return the paid awards of the outer query's person and term."""
    return Award.objects.order_by().filter(
        person=OuterRef("person"), term=OuterRef("term"), paid_on__isnull=False
    )


def _too(programme: str, label: str) -> tuple[str, Callable[[], Exists]]:
    """Return a frozen column: whether the person has another paid award, of the given programme, in the same term."""

    def column() -> Exists:
        return Exists(_select_paid_in_term().filter(programme=programme).exclude(pk=OuterRef("pk")))

    return f"同学期另有“{label}”", column


class Award(Record):
    """One person's aid from one programme in one term (资助), with the school and stage as of then."""

    class Programme(models.TextChoices):
        """The programmes that pay individual persons."""

        REGISTERED_POOR = "registered_poor", "建档立卡学生资助"
        PRESCHOOL = "preschool", "学前教育困难幼儿资助"
        BOARDER = "boarder", "义务教育寄宿生生活费补助"
        DAY_PUPIL = "day_pupil", "义务教育非寄宿生生活费补助"
        SENIOR_GRANT = "senior_grant", "普通高中国家助学金"
        SENIOR_TUITION = "senior_tuition", "普通高中免学杂费"
        VOCATIONAL_GRANT = "vocational_grant", "中等职业教育国家助学金"
        RAIN_DEW = "rain_dew", "雨露计划职业教育补助"

    class Tier(models.TextChoices):
        """The tier of the national grant for senior and vocational schools (国家助学金)."""

        FIRST = "first", "一档"
        SECOND = "second", "二档"
        THIRD = "third", "三档"

    natural_key = ("person", "programme", "term")
    natural_key_name = "one_award_a_term"
    personal = True
    school_paths = ("school",)
    private = ("school_name",)
    frozen = {
        "term_code": "term__code",
        "term_start": "term__starts_on",
        "school_kind": "school__kind",
        "senior_grade": "school__senior_grade",
        "listed": (
            "在应助名单上",
            lambda: Exists(
                Entitlement.objects.filter(
                    person=OuterRef("person"), programme=OuterRef("programme"), term=OuterRef("term")
                )
            ),
        ),
        "recognised": (
            "本学期已认定困难",
            lambda: Exists(
                PersonCategory.objects.filter(
                    Q(ends_on=None) | Q(ends_on__gte=OuterRef("term__starts_on")),
                    person=OuterRef("person"),
                    starts_on__lte=OuterRef("term__ends_on"),
                )
            ),
        ),
        "term_total": (
            "本学期已发放合计（分）",
            lambda: Coalesce(
                Subquery(_select_paid_in_term().values("person").annotate(all=Sum("amount")).values("all")),
                0,
                output_field=MoneyField(),
            ),
        ),
        **{f"{programme}_too": _too(programme, label) for programme, label in Programme.choices},
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="受助学生")
    programme = models.CharField("资助项目", max_length=20, choices=Programme)
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="本区学校", help_text="在区外就读的不填"
    )
    school_name = models.CharField("就读学校", max_length=60)
    study_division = models.CharField("就读地区划代码", max_length=6, validators=[check_division])
    boarding = models.CharField("就读方式", max_length=10, choices=Pupil.Boarding)
    tier = models.CharField("资助档次", max_length=10, choices=Tier, blank=True)
    amount = MoneyField("资助金额（元）", validators=[MinValueValidator(1, "资助金额须大于0元。")])
    paid_on = models.DateField("发放日期", null=True, blank=True, help_text="未发放的不填")

    class Meta:
        verbose_name = "资助"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_programme_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.programme == self.Programme.SENIOR_GRANT and not self.tier:
            yield "tier", "普通高中国家助学金须填档次，其他项目的档次应留空。"
        if self.tier and self.programme not in self.TIERED:
            yield "tier", "只有国家助学金分档次，其他项目的档次应留空。"
        stages = self.STAGES.get(self.Programme(self.programme))
        if stages and self.stage not in stages:
            yield (
                "stage",
                f"“{self.Programme(self.programme).label}”不发给{Stage(self.stage).label}学生。请核对项目和学段。",
            )
        if not self.lives_right(self.programme, self.boarding):
            boards = self.programme == self.Programme.BOARDER
            yield (
                "boarding",
                f"{'寄宿生' if boards else '非寄宿生'}生活费补助只发给{'住校' if boards else '不住校'}学生。请核对就读方式。",
            )
        if self.school and not self.taught_right(self.programme, self.school.kind):
            kind = self.school.get_kind_display()
            yield "programme", f"“{self.get_programme_display()}”不发给{kind}学生。请核对项目和学校。"
        if self.paid_on and self.paid_on < self.term.starts_on:
            yield (
                "paid_on",
                f"发放日期早于{self.term.code}学期的开学日期{self.term.starts_on}。请核对学期和发放日期。",
            )
        yield from self._against_payments()

    def _against_payments(self) -> Iterator[tuple[str, str]]:
        """Yield (field, error) where the amount or day differs from the bank's receipt, for an award that the bureau itself pays."""
        recorded = (
            self.payments.live().values_list("award__amount", "award__paid_on").first() if self.pk else None
        )
        if recorded is None:
            return
        amount, paid_on = recorded
        for name, now, known in (("amount", self.amount, amount), ("paid_on", self.paid_on, paid_on)):
            if now != known:
                yield (
                    name,
                    f"这笔资助由资助管理中心代发，以银行回单为准（现为{typed_yuan(amount)}元，"
                    f"{f'{paid_on}发放' if paid_on else '尚未发放'}）。"
                    "请照此填写，或从表中删去这一行；金额有误的，由资助管理中心办理补发或追回。",
                )

    #: The programmes that may pay by tier; whether the vocational grant does is decided by each province.
    TIERED: ClassVar = (Programme.SENIOR_GRANT, Programme.VOCATIONAL_GRANT)
    STAGES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        Programme.PRESCHOOL: (Stage.PRESCHOOL,),
        Programme.BOARDER: (Stage.PRIMARY, Stage.JUNIOR),
        Programme.DAY_PUPIL: (Stage.PRIMARY, Stage.JUNIOR),
        Programme.SENIOR_GRANT: (Stage.SENIOR,),
        Programme.SENIOR_TUITION: (Stage.SENIOR,),
        Programme.VOCATIONAL_GRANT: (Stage.SENIOR,),
        Programme.RAIN_DEW: (Stage.SENIOR,),
    }
    #: Whether a programme of senior pupils is that of vocational schools.
    KINDS = {
        Programme.SENIOR_GRANT: False,
        Programme.SENIOR_TUITION: False,
        Programme.VOCATIONAL_GRANT: True,
        Programme.RAIN_DEW: True,
    }

    @classmethod
    def taught_right(cls, programme: str, school_kind: str) -> bool:
        """Whether a programme covers a kind of school: some are for vocational schools only, some for other schools only."""
        vocational = school_kind in code_list("policy.school_kind").having("vocational")
        return cls.KINDS.get(cls.Programme(programme), vocational) == vocational

    @classmethod
    def lives_right(cls, programme: str, boarding: str) -> bool:
        """Whether a programme covers pupils with this kind of boarding; most cover boarders and day pupils."""
        boards = boarding == str(Pupil.Boarding.BOARDER)
        return {cls.Programme.BOARDER: boards, cls.Programme.DAY_PUPIL: not boards}.get(
            cls.Programme(programme), True
        )


class Entitlement(Record):
    """A person entitled to aid in a term according to the reconciled lists (应助名单)."""

    class Source(models.TextChoices):
        """The list that names the person."""

        POVERTY_REGISTER = "poverty_register", "扶贫部门"
        CIVIL_AFFAIRS = "civil_affairs", "民政部门"
        DISABLED_FEDERATION = "disabled_federation", "残联"
        SCHOOL = "school", "学校认定"

    natural_key = ("person", "programme", "term")
    natural_key_name = "one_entitlement_a_term"
    personal = True
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="应助学生")
    programme = models.CharField("资助项目", max_length=20, choices=Award.Programme)
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="本区学校", help_text="在区外就读的不填"
    )
    source = models.CharField("名单来源", max_length=20, choices=Source)

    frozen = {
        "term_code": "term__code",
        "aided": (
            "已资助",
            lambda: Exists(
                Award.objects.filter(
                    person=OuterRef("person"),
                    programme=OuterRef("programme"),
                    term=OuterRef("term"),
                    paid_on__isnull=False,
                )
            ),
        ),
    }

    class Meta:
        verbose_name = "应助学生"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_programme_display()}"


class Allocation(Record):
    """Funds allocated to a school for a programme that is not paid to single persons (资金分配)."""

    class Programme(models.TextChoices):
        """The programmes that pay schools, not persons."""

        TUITION_WAIVER = "tuition_waiver", "义务教育免学杂费"
        TEXTBOOKS = "textbooks", "免费教科书"
        FREE_YEAR = "free_year", "学前一年免保育教育费"
        VOCATIONAL_TUITION = "vocational_tuition", "中等职业教育免学费"

    natural_key = ("school", "programme", "term")
    natural_key_name = "one_allocation_a_term"
    school_paths = ("school",)
    frozen = {
        "term_code": "term__code",
        "term_start": "term__starts_on",
        "school_kind": "school__kind",
        "primary_pupils": ("本学期小学学生数", lambda: _enrolled(Stage.PRIMARY)),
        "junior_pupils": ("本学期初中学生数", lambda: _enrolled(Stage.JUNIOR)),
        "senior_pupils": ("本学期高中阶段学生数", lambda: _enrolled(Stage.SENIOR)),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    programme = models.CharField("资金项目", max_length=20, choices=Programme)
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    amount = MoneyField("分配金额（元）", validators=[MinValueValidator(0, "分配金额不能小于0元。")])
    document = models.CharField("拨款文号", max_length=60, blank=True)
    monthly_fee = MoneyField(
        "核定保育教育费（元/月）",
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "收费标准不能小于0元。")],
        help_text="只有学前一年免保育教育费填写，按本园核定的收费标准",
    )
    child_months = models.PositiveIntegerField(
        "大班儿童收费人月数",
        null=True,
        blank=True,
        help_text="每名大班儿童本学期应收费的月数之和；教育部门没有审批的园填0",
    )

    class Meta:
        verbose_name = "资金分配"

    def __str__(self) -> str:
        return f"{self.school} {self.get_programme_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        free_year = self.programme == self.Programme.FREE_YEAR
        for name in ("monthly_fee", "child_months"):
            if free_year != (getattr(self, name) is not None):
                yield name, "学前一年免保育教育费须填收费标准和人月数，其他项目应留空。"


def _enrolled(stage: Any) -> Coalesce:
    """Return an expression: the number of pupils of a stage enrolled at the school during the term."""
    pupils = Pupil.objects.order_by().filter(
        Q(left_on=None) | Q(left_on__gte=OuterRef("term__starts_on")),
        class_group__school=OuterRef("school"),
        class_group__stage=stage,
        entered_on__lte=OuterRef("term__ends_on"),
    )
    counted = pupils.values("class_group__school").annotate(all=Count("pk")).values("all")
    return Coalesce(Subquery(counted), 0, output_field=models.IntegerField())


class LivelihoodProject(Record):
    """A livelihood project of the year for which the bureau is responsible (民生工程)."""

    natural_key = ("name", "issued_on")
    natural_key_name = "one_project_of_a_name_from_a_day"
    open_to_all = True

    name = models.CharField("项目名称", max_length=60)
    document = models.CharField("实施办法文号", max_length=60)
    issued_on = models.DateField("印发日期")

    class Meta:
        verbose_name = "民生工程"

    def __str__(self) -> str:
        return self.name
