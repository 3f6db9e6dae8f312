"""The quotas that a school has of the bureau, and who was to change schools."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from xuezheng.areas.staffing.models.profiles import Profile
from xuezheng.records.models import Person, Record, School, StaffMember

_SCHOOL_YEAR = RegexValidator(r"^[0-9]{4}-[0-9]{4}$", "学年应写作“2018-2019”。")
_EXCHANGED = ("head", "vice_head", "teacher")


class SchoolQuota(Record):
    """What posts the bureau gives a school for a school year, and how many it is to send elsewhere (编制岗位核定)."""

    natural_key = ("school", "school_year")
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "in_post": ("核定日在岗人数", lambda: _count(_in_post())),
        "seniors": (
            "核定日高级职称在岗人数",
            lambda: _count(_in_post().filter(person__staffing_profile__title__in=["full_senior", "senior"])),
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
    rotation_places = models.PositiveSmallIntegerField(
        "交流轮岗名额", default=0, help_text="局下达的应派出人数"
    )

    class Meta:
        verbose_name = "编制岗位核定"
        verbose_name_plural = "编制岗位核定"
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year"], name="one_quota_of_a_school_year")
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.school_year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        posts = self.senior_posts + self.middle_posts + self.junior_posts
        if posts > self.establishment:
            yield (
                "establishment",
                f"高级、中级、初级岗位共{posts}个，多于编制数{self.establishment}。请核对。",
            )


class Rotation(Record):
    """A head or teacher reviewed for the rotation of a school year (交流轮岗摸底).

    Years of service and the move itself are told by the register of staff, so nobody types them here.
    """

    natural_key = ("person", "school_year")
    personal = True
    school_paths = ("school",)
    frozen = {
        "school_kind": "school__kind",
        "duty": ("认定时岗位", lambda: Subquery(_held().values("post")[:1], output_field=CharField())),
        "post_since": (
            "任现岗位日期",
            lambda: Subquery(_held().values("post_from")[:1], output_field=DateField()),
        ),
        "since": ("到本校日期", lambda: Subquery(_unbroken().values("post_from")[:1], output_field=DateField())),
        "next_from": ("到他校日期", lambda: Subquery(_next().values("post_from")[:1], output_field=DateField())),
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
        verbose_name = "交流轮岗摸底"
        verbose_name_plural = "交流轮岗摸底"
        constraints = [
            models.UniqueConstraint(fields=["person", "school_year"], name="one_review_of_a_person_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.person.name} {self.school_year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        held = self.person.pk and StaffMember.objects.filter(
            person=self.person, school=self.school, post_from__lte=self.assessed_on
        ).order_by("post_from").last()  # fmt: skip
        if not held:
            yield "school", "教职工名册中没有此人截止日期前在该校任职的记录。请先核对教职工名册。"
        elif held.post not in _EXCHANGED:
            yield (
                "school",
                f"交流轮岗的对象是校长、副校长和专任教师，此人在该校的岗位是“{held.get_post_display()}”。",
            )


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("school").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0, output_field=IntegerField())


def _in_post() -> QuerySet:
    on = OuterRef("set_on")
    return StaffMember.objects.filter(
        Q(post_until=None) | Q(post_until__gte=on), school=OuterRef("school"), post_from__lte=on
    )


def _held() -> QuerySet:
    """The posts held at the school by the day of review, the last one first."""
    return StaffMember.objects.filter(
        person=OuterRef("person"), school=OuterRef("school"), post_from__lte=OuterRef("assessed_on")
    ).order_by("-post_from")


def _unbroken() -> QuerySet:
    """The posts held at the school since the last one elsewhere, the first one first."""
    elsewhere = StaffMember.objects.filter(
        person=OuterRef("person"),
        post_from__gt=OuterRef("post_from"),
        post_from__lte=OuterRef(OuterRef("assessed_on")),
    ).exclude(school=OuterRef("school"))
    return _held().filter(~Exists(elsewhere)).order_by("post_from")


def _next() -> QuerySet:
    """The posts taken up at other schools after the day of review, the first one first."""
    return (
        StaffMember.objects.filter(
            person=OuterRef("person"), post_from__gt=OuterRef("assessed_on"), school__isnull=False
        )
        .exclude(school=OuterRef("school"))
        .order_by("post_from")
    )
