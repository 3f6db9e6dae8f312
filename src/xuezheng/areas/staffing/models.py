"""The section's models: teachers' profiles, their schools' quotas, rotation, recruitment, degrees and conduct."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Person, Record, School, StaffMember


class Profile(Record):
    """The professional profile of a member of staff (教师业务档案); the register of staff records school and post."""

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
    """A teacher's studies for a higher degree (学历提升)."""

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
    return _first(posts.order_by("-post_from"), path)


def _first(rows: QuerySet[StaffMember], path: str) -> Subquery:
    return Subquery(rows.values(path)[:1])


_SCHOOL_YEAR = RegexValidator(r"^[0-9]{4}-[0-9]{4}$", "学年应写作“2018-2019”。")
_EXCHANGED = ("head", "vice_head", "teacher")


class SchoolQuota(Record):
    """The posts granted to a school for a school year, and the number of staff it must send elsewhere (编制岗位核定)."""

    natural_key = ("school", "school_year")
    natural_key_name = "one_quota_a_year"
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "in_post": ("核定日在岗人数", lambda: _count(_in_post())),
        "seniors": (
            "核定日高级职称在岗人数",
            lambda: _count(
                _in_post().filter(
                    person__staffing_profile__title__in=["full_senior", "senior"],
                    person__staffing_profile__title_on__lte=OuterRef("set_on"),
                )
            ),
        ),
        "volunteers": (
            "自愿报名交流人数",
            lambda: _count(
                Rotation.objects.filter(
                    school=OuterRef("school"), school_year=OuterRef("school_year"), volunteered=True
                )
            ),
        ),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    school_year = models.CharField("学年", max_length=9, validators=[_SCHOOL_YEAR], help_text="如2018-2019")
    set_on = models.DateField("核定日期")
    establishment = models.PositiveSmallIntegerField("编制数")
    senior_posts = models.PositiveSmallIntegerField("高级岗位数", help_text="含正高级")
    middle_posts = models.PositiveSmallIntegerField("中级岗位数")
    junior_posts = models.PositiveSmallIntegerField("初级岗位数")
    rotation_places = models.PositiveSmallIntegerField("交流轮岗名额", default=0, help_text="应派出人数")

    class Meta:
        verbose_name = verbose_name_plural = "编制岗位核定"

    def __str__(self) -> str:
        return f"{self.school} {self.school_year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        posts = self.senior_posts + self.middle_posts + self.junior_posts
        if posts > self.establishment:
            yield "establishment", f"各级岗位共{posts}个，多于编制数{self.establishment}。请核对。"


class Rotation(Record):
    """A head or teacher reviewed for the rotation of a school year (交流轮岗摸底).

    Years of service and the move itself come from the register of staff, so nobody types them here.
    """

    natural_key = ("person", "school_year")
    natural_key_name = "one_review_a_year"
    personal = True
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "duty": ("认定时岗位", lambda: _first(_select_posts_until_review(), "post")),
        "post_since": ("任现岗位日期", lambda: _first(_select_posts_until_review(), "post_from")),
        "since": ("到本校日期", lambda: _first(_unbroken(), "post_from")),
        "next_from": ("到他校日期", lambda: _first(_next(), "post_from")),
        "backbone": (
            "骨干教师",
            lambda: Exists(
                Profile.objects.filter(person=OuterRef("person"), backbone_on__lte=OuterRef("assessed_on"))
            ),
        ),
    }  # fmt: skip

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教职工")
    school_year = models.CharField("学年", max_length=9, validators=[_SCHOOL_YEAR], help_text="如2018-2019")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="认定时所在学校")
    assessed_on = models.DateField("认定截止日期", help_text="任职年限算到这一天，如2018-08-31")
    volunteered = models.BooleanField("自愿报名", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "交流轮岗摸底"

    def __str__(self) -> str:
        return f"{self.person.name} {self.school_year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        post = self.person.pk and StaffMember.objects.filter(
            person=self.person, school=self.school, post_from__lte=self.assessed_on
        ).order_by("post_from").last()  # fmt: skip
        if not post:
            yield "school", "教职工名册中没有此人截止日期前在该校任职的记录。请先核对教职工名册。"
        elif post.post not in _EXCHANGED:
            yield (
                "school",
                f"交流轮岗的对象是校长、副校长和专任教师，此人在该校的岗位是“{post.get_post_display()}”。",
            )


def _count(rows: QuerySet[Record], by: str = "school") -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=models.IntegerField())


def _in_post() -> QuerySet[StaffMember]:
    on = OuterRef("set_on")
    return StaffMember.objects.filter(
        Q(post_until=None) | Q(post_until__gte=on), school=OuterRef("school"), post_from__lte=on
    )


def _select_posts_until_review() -> QuerySet[StaffMember]:
    """Return the posts held at the school by the day of review, the last one first."""
    return StaffMember.objects.filter(
        person=OuterRef("person"), school=OuterRef("school"), post_from__lte=OuterRef("assessed_on")
    ).order_by("-post_from")


def _unbroken() -> QuerySet[StaffMember]:
    """Return the posts held at the school since the last one elsewhere, the first one first."""
    elsewhere = StaffMember.objects.filter(
        person=OuterRef("person"),
        post_from__gt=OuterRef("post_from"),
        post_from__lte=OuterRef(OuterRef("assessed_on")),
    ).exclude(school=OuterRef("school"))
    return _select_posts_until_review().filter(~Exists(elsewhere)).order_by("post_from")


def _next() -> QuerySet[StaffMember]:
    """Return the posts taken up at other schools after the day of review, the first one first."""
    return (
        StaffMember.objects.filter(
            person=OuterRef("person"), post_from__gt=OuterRef("assessed_on"), school__isnull=False
        )
        .exclude(school=OuterRef("school"))
        .order_by("post_from")
    )


class RecruitmentPlan(Record):
    """Posts of one kind advertised in a year (招聘计划)."""

    natural_key = ("year", "code")
    natural_key_name = "one_post_of_a_code"
    open_to_all = True
    frozen = {
        "in_post": (
            "已到岗人数",
            lambda: _count(Recruit.objects.filter(Exists(_begun()), plan=OuterRef("pk")), "plan"),
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
    """A person selected for a post (拟录用人员); the register of staff records the first day of work."""

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
            lambda: _first(_begun(), "post_from"),
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


def _begun() -> QuerySet[StaffMember]:
    """Return the posts that the person took up after the announcement, the first one first."""
    return StaffMember.objects.filter(
        person=OuterRef("person"), post_from__gte=OuterRef("plan__announced_on")
    ).order_by("post_from")


class ConductCase(Record):
    """A report on a person's conduct, with its outcome (师德线索)."""

    class Outcome(ClosedChoices):
        """The outcome of the investigation."""

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
