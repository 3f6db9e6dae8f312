"""Registers about individual members of staff: professional profiles, degree studies, and conduct cases."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Func, OuterRef, Subquery
from django.db.models.functions import Cast

from xuezheng.areas.staffing.models.subqueries import first_of
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Person, Record, School, StaffMember


class Profile(Record):
    """The professional profile of a member of staff (教师业务档案): degree, certificate, title, backbone level.

    School and post are not stored here: they are read from the person's current post in the register of
    staff.
    """

    natural_key = ("person",)
    personal = True
    school_paths = ("person__staffmember__school",)
    frozen = {
        "sex": "person__sex",
        "born_month": (
            "出生年月",
            # PostgreSQL knows the function only with numbers that are written out.
            Func(
                Cast("person__birth_date", models.CharField(max_length=10)),
                template="SUBSTR(%(expressions)s, 1, 7)",
            ),
        ),
        "post": ("现任岗位", lambda: _present("post")),
        "school_kind": ("现任学校办学类型", lambda: _present("school__kind")),
        "school_name": ("现任学校", lambda: _present("school__name")),
    }

    person = models.OneToOneField(
        Person, models.PROTECT, verbose_name="教职工", related_name="staffing_profile"
    )
    degree = CodeField("最高学历", codes="staffing.degree")
    certificate = CodeField("教师资格", codes="staffing.certificate", blank=True, help_text="未取得的不填")
    title = CodeField("职称级别", codes="staffing.title")
    title_on = models.DateField("职称取得日期", null=True, blank=True)
    backbone = CodeField(
        "骨干教师级别", codes="policy.level", blank=True,
        help_text="含教坛新星、学科带头人、名师、特级教师；不是的不填",
    )  # fmt: skip
    backbone_on = models.DateField("骨干教师认定日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "教师业务档案"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.backbone) != bool(self.backbone_on):
            yield "backbone_on", "骨干教师级别和认定日期须同时填写，或者都不填。"
        if code_has(self, "title", "ungraded") == bool(self.title_on):
            yield "title_on", "已取得职称的须填取得日期，未定级的应留空。"


class DegreeStudy(Record):
    """A teacher's studies for a higher degree (学历提升); ``finished_on`` is None until it is obtained."""

    natural_key = ("person", "degree")
    natural_key_name = "one_study_for_a_degree"
    personal = True
    ordered = (("enrolled_on", "finished_on"),)
    school_paths = ("person__staffmember__school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教师")
    degree = CodeField("攻读学历", codes="staffing.degree", on="enrolled_on")
    institution = models.CharField("就读院校", max_length=60)
    enrolled_on = models.DateField("入学日期")
    finished_on = models.DateField("取得学历日期", null=True, blank=True, help_text="在读的不填")

    class Meta:
        verbose_name = verbose_name_plural = "学历提升"

    def __str__(self) -> str:
        return self.person.name


def _present(path: str) -> Subquery:
    """Return an expression: a value of the person's current post in the register of staff."""
    posts = StaffMember.objects.filter(person=OuterRef("person"), post_until=None)
    return first_of(posts.order_by("-post_from"), path)


class ConductCase(Record):
    """A complaint about a person's conduct and the outcome of its investigation (师德线索).

    ``outcome`` and ``concluded_on`` are empty while the case is open.
    """

    class Outcome(ClosedChoices):
        """The conclusion of the investigation: confirmed, partly confirmed or not confirmed."""

        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        UNTRUE = "untrue", "不属实"

    natural_key = ("number",)
    personal = True
    confidential = True
    ordered = (("received_on", "concluded_on"),)
    frozen = {"school_kind": "school__kind"}

    number = models.CharField("线索编号", max_length=20, unique=True)
    received_on = models.DateField("受理日期")
    kind = CodeField("线索类别", codes="staffing.conduct", on="received_on")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name="被反映人", help_text="未指明的不填"
    )
    concluded_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField("调查结论", max_length=10, choices=Outcome, blank=True)
    measure = CodeField("处理方式", codes="staffing.conduct_measure", on="received_on", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "师德线索"

    def __str__(self) -> str:
        return self.number

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.concluded_on) != bool(self.outcome):
            yield "outcome", "办结的须填办结日期和调查结论，未办结的两项都不填。"
        if self.measure and self.outcome not in (self.Outcome.TRUE, self.Outcome.PARTLY):
            yield "measure", "只有属实或部分属实的线索才填处理方式。"
