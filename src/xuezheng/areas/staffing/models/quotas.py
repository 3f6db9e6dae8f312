"""The schools' staffing quotas, and the yearly review of heads and teachers for rotation."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from xuezheng.areas.staffing.models.profiles import Profile
from xuezheng.areas.staffing.models.subqueries import count_of, first_of
from xuezheng.records.models import Person, Record, School, StaffMember

SCHOOL_YEAR = RegexValidator(r"^[0-9]{4}-[0-9]{4}$", "学年应写作“2018-2019”。")
LEADING = ("head", "vice_head")
TEACHER = "teacher"
EXCHANGED = (*LEADING, TEACHER)


class SchoolQuota(Record):
    """The posts granted to a school for a school year, and the number of staff to send elsewhere (编制岗位核定).

    ``set_on`` is the day on which the quota is set; staff in post are counted on that day.
    """

    natural_key = ("school", "school_year")
    natural_key_name = "one_quota_a_year"
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "in_post": ("核定日在岗人数", lambda: count_of(_in_post())),
        "seniors": (
            "核定日高级职称在岗人数",
            lambda: count_of(
                _in_post().filter(
                    person__staffing_profile__title__in=["full_senior", "senior"],
                    person__staffing_profile__title_on__lte=OuterRef("set_on"),
                )
            ),
        ),
        "volunteers": (
            "自愿报名交流人数",
            lambda: count_of(
                Rotation.objects.filter(
                    school=OuterRef("school"), school_year=OuterRef("school_year"), volunteered=True
                )
            ),
        ),
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    school_year = models.CharField("学年", max_length=9, validators=[SCHOOL_YEAR], help_text="如2018-2019")
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
    """The review of a head, vice-head or teacher for the rotation of a school year (交流轮岗摸底).

    Years of service (counted up to ``assessed_on``) and the move itself are computed from the register of
    staff.
    """

    natural_key = ("person", "school_year")
    natural_key_name = "one_review_a_year"
    personal = True
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "duty": ("认定时岗位", lambda: first_of(_select_posts_until_review(), "post")),
        "post_since": ("任现岗位日期", lambda: first_of(_select_posts_until_review(), "post_from")),
        "leading_since": ("在本校任校长、副校长日期", lambda: first_of(_leading(), "post_from")),
        "since": ("到本校日期", lambda: first_of(_unbroken(), "post_from")),
        "next_from": ("到他校日期", lambda: first_of(_next(), "post_from")),
        "backbone": (
            "骨干教师",
            lambda: Exists(
                Profile.objects.filter(person=OuterRef("person"), backbone_on__lte=OuterRef("assessed_on"))
            ),
        ),
    }  # fmt: skip

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教职工")
    school_year = models.CharField("学年", max_length=9, validators=[SCHOOL_YEAR], help_text="如2018-2019")
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
        elif post.post not in EXCHANGED:
            yield (
                "school",
                f"交流轮岗的对象是校长、副校长和专任教师，此人在该校的岗位是“{post.get_post_display()}”。",
            )


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


def _leading() -> QuerySet[StaffMember]:
    """Return the posts as head or vice-head held at the school since the last post of another kind or elsewhere, the first one first."""
    otherwise = StaffMember.objects.filter(
        person=OuterRef("person"),
        post_from__gt=OuterRef("post_from"),
        post_from__lte=OuterRef(OuterRef("assessed_on")),
    ).exclude(school=OuterRef("school"), post__in=LEADING)
    led = _select_posts_until_review().filter(post__in=LEADING)
    return led.filter(~Exists(otherwise)).order_by("post_from")


def _next() -> QuerySet[StaffMember]:
    """Return the posts taken up at other schools after the day of review, the first one first."""
    return (
        StaffMember.objects.filter(
            person=OuterRef("person"), post_from__gt=OuterRef("assessed_on"), school__isnull=False
        )
        .exclude(school=OuterRef("school"))
        .order_by("post_from")
    )
