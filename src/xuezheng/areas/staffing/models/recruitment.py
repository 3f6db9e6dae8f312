"""Recruitment plans of a year, and the persons recruited for the advertised posts."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from xuezheng.areas.staffing.models.subqueries import count_of, first_of
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Person, Record, School, StaffMember


class RecruitmentPlan(Record):
    """The posts of one kind and subject that are advertised in a calendar year under one code (招聘计划).

    ``school`` is None if the bureau assigns the recruits to schools.
    """

    natural_key = ("year", "code")
    natural_key_name = "one_post_of_a_code"
    open_to_all = True
    frozen = {
        "in_post": (
            "已到岗人数",
            lambda: count_of(Recruit.objects.filter(Exists(_posts_taken_up()), plan=OuterRef("pk")), "plan"),
        )
    }

    year = models.PositiveSmallIntegerField("招聘年度")
    code = models.CharField("岗位代码", max_length=10)
    post = CodeField("招聘岗位", codes="staffing.recruitment_post", on="announced_on")
    subject = CodeField("学科", codes="policy.subject", on="announced_on")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="用人学校", help_text="由教育局统筹的不填"
    )
    places = models.PositiveSmallIntegerField(
        "招聘人数", validators=[MinValueValidator(1, "招聘人数须大于0。")]
    )
    announced_on = models.DateField("公告日期")
    document = models.CharField("公告文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "招聘计划"

    def __str__(self) -> str:
        return f"{self.year}年{self.code}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if code_has(self, "post", "preschool") != code_has(self, "subject", "preschool"):
            yield "subject", "幼儿教师岗位的学科填“学前教育”，中小学教师岗位填所教学科。"
        if self.announced_on.year != self.year:
            yield "announced_on", f"公告日期不在{self.year}年内。请核对招聘年度和公告日期。"


class Recruit(Record):
    """A person selected for an advertised post (拟录用人员).

    The first day of work is not stored here: it is the first post in the register of staff since the
    announcement.
    """

    natural_key = ("plan", "person")
    natural_key_name = "taken_once_for_a_post"
    personal = True
    school_paths = ("plan__school",)
    frozen = {
        "year": "plan__year",
        "post": "plan__post",
        "subject": "plan__subject",
        "school": "plan__school",
        "joined_on": (
            "到岗日期",
            lambda: first_of(_posts_taken_up(), "post_from"),
        ),
    }

    plan = models.ForeignKey(RecruitmentPlan, models.PROTECT, verbose_name="招聘计划")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="录用人员")
    notified_on = models.DateField("录用通知日期")

    class Meta:
        verbose_name = verbose_name_plural = "录用人员"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.notified_on < self.plan.announced_on:
            yield "notified_on", f"录用通知日期早于招聘公告日期{self.plan.announced_on}。请核对。"


def _posts_taken_up() -> QuerySet[StaffMember]:
    """Return the posts that the person took up after the announcement, the first one first."""
    return StaffMember.objects.filter(
        person=OuterRef("person"), post_from__gte=OuterRef("plan__announced_on")
    ).order_by("post_from")
