"""Posts for which people are recruited, and who was taken."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, DateField, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from xuezheng.records.models import Person, Record, School, StaffMember, Subject


class RecruitmentPlan(Record):
    """Posts of one kind that are offered in a year (招聘计划)."""

    class Post(models.TextChoices):
        """What is recruited for."""

        KINDERGARTEN = "kindergarten", "幼儿教师"
        SCHOOL = "school", "中小学教师"

    natural_key = ("year", "code")
    open_to_all = True
    frozen = {"in_post": ("已到岗人数", lambda: _in_post())}

    year = models.PositiveSmallIntegerField("招聘年度")
    code = models.CharField("岗位代码", max_length=10)
    post = models.CharField("招聘岗位", max_length=12, choices=Post)
    subject = models.CharField("学科", max_length=20, choices=Subject)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="用人学校", help_text="全区统筹的不填"
    )
    places = models.PositiveSmallIntegerField(
        "招聘人数", validators=[MinValueValidator(1, "招聘人数须大于0。")]
    )
    announced_on = models.DateField("公告日期")
    document = models.CharField("公告文号", max_length=60, blank=True)

    class Meta:
        verbose_name = "招聘计划"
        verbose_name_plural = "招聘计划"
        constraints = [
            models.UniqueConstraint(fields=["year", "code"], name="one_recruitment_of_a_code_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.code}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if (self.post == self.Post.KINDERGARTEN) != (self.subject == Subject.PRESCHOOL):
            yield "subject", "幼儿教师岗位的学科填“学前教育”，中小学教师岗位填所教学科。"
        if self.announced_on.year != self.year:
            yield "announced_on", f"公告日期不在{self.year}年内。请核对招聘年度和公告日期。"


class Recruit(Record):
    """Somebody who was taken for a post (拟录用人员); the register of staff tells when the work began."""

    natural_key = ("plan", "person")
    personal = True
    school_paths = ("plan__school",)
    frozen = {
        "year": "plan__year",
        "post": "plan__post",
        "subject": "plan__subject",
        "school": "plan__school",
        "joined_on": ("到岗日期", lambda: _joined()),
    }

    plan = models.ForeignKey(RecruitmentPlan, models.PROTECT, verbose_name="招聘计划")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="录用人员")
    notified_on = models.DateField("录用通知日期")

    class Meta:
        verbose_name = "录用人员"
        verbose_name_plural = "录用人员"
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="taken_once_for_a_post")]

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.notified_on < self.plan.announced_on:
            yield "notified_on", f"录用通知日期早于招聘公告日期{self.plan.announced_on}。请核对。"


def _joined() -> Subquery:
    posts = StaffMember.objects.filter(
        person=OuterRef("person"), post_from__gte=OuterRef("plan__announced_on")
    )
    return Subquery(posts.order_by("post_from").values("post_from")[:1], output_field=DateField())


def _in_post() -> Coalesce:
    begun: QuerySet = StaffMember.objects.filter(
        person=OuterRef("person"), post_from__gte=OuterRef("plan__announced_on")
    )
    taken = Recruit.objects.filter(Exists(begun), plan=OuterRef("pk")).order_by()
    counted = taken.values("plan").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0, output_field=IntegerField())
