"""Awards to persons, entitlements to them, funds allocated to schools, livelihood projects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from xuezheng.records.code_lists import allows, code_list, has
from xuezheng.records.fields import CodeField, MoneyField, code_has
from xuezheng.records.identifiers import check_division
from xuezheng.records.models import Person, PersonCategory, Pupil, Record, School, Stage, Term
from xuezheng.workbooks.cells import typed_yuan


def _select_paid_in_term() -> models.QuerySet[Award]:
    """Return the paid awards of the outer query's person and term."""
    return Award.objects.order_by().filter(
        person=OuterRef("person"), term=OuterRef("term"), paid_on__isnull=False
    )


def _other_aid() -> models.QuerySet[Any, Any]:
    """Return the programmes of the other paid awards of the outer query's person in the same term."""
    others = _select_paid_in_term().exclude(pk=OuterRef("pk"))
    return others.order_by("programme").values("programme")


class _Joined(Subquery):
    """The texts of a subquery's column, in its order, joined by commas; NULL where it has no rows."""

    template = "(SELECT GROUP_CONCAT(programme, ',') FROM (%(subquery)s) AS ordered)"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        joined = self.copy()
        joined.template = "(SELECT STRING_AGG(programme, ',') FROM (%(subquery)s) AS ordered)"
        return joined.as_sql(compiler, connection)


def school_type(kind: str) -> str:
    """Return "vocational" or "general" for a kind of school (a code), the types that programmes distinguish."""
    return "vocational" if kind in code_list("policy.school_kind").having("vocational") else "general"


def programme_label(programme: str) -> str:
    """Return the Chinese label of the programme with this code; the code itself if the code list lacks it."""
    known = code_list("aid.programme").codes.get(programme)
    return known.label if known else programme


class Award(Record):
    """The aid that one person gets from one programme in one term (资助), with the school and stage at that time.

    ``amount`` is in fen; ``paid_on`` is None while it is not paid. ``school`` is None for a person who
    studies outside the district, at the school ``school_name``. ``tier`` is "" for a programme without tiers.
    """

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
        "other_aid": (
            "同学期另有的已发放资助",
            lambda: _Joined(_other_aid(), output_field=models.CharField()),
        ),
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="受助学生")
    programme = CodeField("资助项目", codes="aid.programme", on="term__starts_on")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="本地学校", help_text="在外地就读的不填"
    )
    school_name = models.CharField("就读学校", max_length=60)
    study_division = models.CharField("就读地区划代码", max_length=6, validators=[check_division])
    boarding = models.CharField("就读方式", max_length=10, choices=Pupil.Boarding)
    tier = CodeField("资助档次", codes="aid.tier", on="term__starts_on", blank=True)
    amount = MoneyField("资助金额（元）", validators=[MinValueValidator(1, "资助金额须大于0元。")])
    paid_on = models.DateField("发放日期", null=True, blank=True, help_text="未发放的不填")

    class Meta:
        verbose_name = "资助"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_programme_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self._against_programme()
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

    def _against_programme(self) -> Iterator[tuple[str, str]]:
        """Yield (field, error) where the programme is not paid to such a pupil, or the tier is missing or too much."""
        programme = code_list("aid.programme").codes.get(self.programme)
        version = programme.on(self.term.starts_on) if programme else None
        if version is None:
            return
        if has(version, "tiered", "required") and not self.tier:
            yield "tier", f"“{version.label}”须填档次。"
        if self.tier and "tiered" not in version.properties:
            yield "tier", f"“{version.label}”不分档次，档次应留空。"
        if not allows(version, "stages", self.stage):
            yield "stage", f"“{version.label}”不发给{Stage(self.stage).label}学生。请核对项目和学段。"
        if not allows(version, "boarding", self.boarding):
            boards = has(version, "boarding", str(Pupil.Boarding.BOARDER))
            yield (
                "boarding",
                f"“{version.label}”只发给{'住校' if boards else '不住校'}学生。请核对项目和就读方式。",
            )
        if self.school and not allows(version, "schools", school_type(self.school.kind)):
            kind = self.school.get_kind_display()
            yield "programme", f"“{version.label}”不发给{kind}学生。请核对项目和学校。"


class Entitlement(Record):
    """A person who is entitled to a programme in a term, by reconciled lists or a recognition (应助名单).

    ``source`` is a code of ``aid.list_source``; :attr:`BY_LIST` and :attr:`BY_RECOGNITION` are the two that
    the program itself enters. ``school`` is None for a person who studies outside the district.
    """

    #: The sources that the program itself enters: what follows from a recognition, and from a list of another department.
    BY_RECOGNITION, BY_LIST = "school", "poverty_register"

    natural_key = ("person", "programme", "term")
    natural_key_name = "one_entitlement_a_term"
    personal = True
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="应助学生")
    programme = CodeField("资助项目", codes="aid.programme", on="term__starts_on")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="本地学校", help_text="在外地就读的不填"
    )
    source = CodeField("名单来源", codes="aid.list_source", on="term__starts_on")

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
    """Funds allocated to a school for a programme that is not paid to single persons (资金分配); amounts are in fen.

    ``monthly_fee``, the kindergarten's approved fee for a month, and ``child_months``, the months for which
    children of the last year would have to pay it, summed over the children, are given for the free year of
    preschool only, and None for other programmes.
    """

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
    programme = CodeField("资金项目", codes="aid.school_fund", on="term__starts_on")
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
        by_month = code_has(self, "programme", "by_month")
        for name in ("monthly_fee", "child_months"):
            if by_month != (getattr(self, name) is not None):
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
    """A livelihood project for which the bureau is responsible (民生工程), with the document that regulates it."""

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
