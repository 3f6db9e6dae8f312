"""The party office's models: organisations, members, their yearly ratings, elections, tasks, use of the platform."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField, code_has, field_of
from xuezheng.records.models import Person, Record, School, StaffMember, check_first_of_month
from xuezheng.records.models.work import section_choices

_NOT_NEGATIVE = MinValueValidator(0, "得分不能小于0。")


class Organisation(Record):
    """A party organisation: the bureau's committee or branch, or a branch of one or several schools (党组织).

    ``parent`` is the name of the organisation above it, "" where none was entered. ``secretary`` is None
    without one, and ``dissolved_on`` while it exists.
    """

    natural_key = ("name",)
    school_paths = ("memberschool__school",)
    ordered = (("founded_on", "dissolved_on"),)
    frozen = {
        "has_school": (
            "有所属学校",
            lambda: Exists(MemberSchool.objects.filter(organisation=OuterRef("pk"))),
        ),
        "has_private_school": (
            "有民办学校",
            lambda: Exists(
                MemberSchool.objects.filter(
                    organisation=OuterRef("pk"),
                    school__runner__in=list(code_list("policy.runner").having("private")),
                )
            ),
        ),
        "secretary_is_head": (
            "书记是所属学校的校（园）长",
            lambda: Exists(
                StaffMember.objects.filter(
                    person=OuterRef("secretary"),
                    post__in=list(code_list("policy.post").having("head")),
                    post_until=None,
                    school__memberschool__organisation=OuterRef("pk"),
                )
            ),
        ),
    }

    name = models.CharField("党组织名称", max_length=60, unique=True)
    kind = CodeField("类别", codes="party.organisation_kind", on="founded_on")
    parent = models.CharField("上级党组织", max_length=60, blank=True)
    secretary = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name="书记")
    secretary_rank = CodeField("书记职级", codes="party.secretary_rank", on="founded_on", blank=True)
    founded_on = models.DateField("成立日期")
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "党组织"

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.parent == self.name:
            yield "parent", "上级党组织不能是本组织。请核对名称。"
        if self.secretary and not self.secretary_rank:
            yield "secretary_rank", "填了书记的，须填书记职级。"


class MemberSchool(Record):
    """The party organisation to which a school belongs (党组织所属学校)."""

    natural_key = ("school",)
    open_to_all = True
    school_paths = ("school",)
    frozen = {"organisation_kind": "organisation__kind", "runner": "school__runner"}

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="党组织")
    school = models.OneToOneField(School, models.PROTECT, verbose_name="学校")

    class Meta:
        verbose_name = "党组织所属学校"

    def __str__(self) -> str:
        return f"{self.organisation} {self.school}"


class Member(Record):
    """A party member and the organisation to which the member belongs (党员).

    ``full_on`` is None for a probationary member, ``left_on`` for one who has not left.
    """

    natural_key = ("person",)
    personal = True
    school_paths = ("organisation__memberschool__school",)
    ordered = (("joined_on", "full_on"), ("joined_on", "left_on"))
    frozen = {"sex": "person__sex"}

    person = models.OneToOneField(Person, models.PROTECT, verbose_name="党员")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="党组织")
    joined_on = models.DateField("入党日期")
    full_on = models.DateField("转正日期", null=True, blank=True, help_text="预备党员不填")
    left_on = models.DateField("转出日期", null=True, blank=True)

    class Meta:
        verbose_name = "党员"

    def __str__(self) -> str:
        return self.person.name


class OrganisationRating(Record):
    """A party organisation's score in a year's index of organisations (堡垒指数), from which its stars follow."""

    natural_key = ("organisation", "year")
    natural_key_name = "one_rating_of_an_organisation"
    school_paths = ("organisation__memberschool__school",)

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="党组织")
    year = models.PositiveSmallIntegerField("评定年度")
    score = models.DecimalField("堡垒指数得分", max_digits=5, decimal_places=1, validators=[_NOT_NEGATIVE])
    rated_on = models.DateField("评定日期")

    class Meta:
        verbose_name = "党组织评星"

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.rated_on.year < self.year:
            yield "rated_on", f"评定日期早于评定年度{self.year}年。请核对两项。"


class MemberGrading(Record):
    """A party member's score in a year's index of members (先锋指数), from which the grade follows."""

    natural_key = ("member", "year")
    natural_key_name = "one_grading_of_a_member"
    personal = True
    school_paths = ("member__organisation__memberschool__school",)
    frozen = {"organisation": "member__organisation"}

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员")
    year = models.PositiveSmallIntegerField("评定年度")
    score = models.DecimalField("先锋指数得分", max_digits=5, decimal_places=1, validators=[_NOT_NEGATIVE])
    rated_on = models.DateField("评定日期")

    class Meta:
        verbose_name = "党员评定"

    def __str__(self) -> str:
        return f"{self.member} {self.year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.rated_on.year < self.year:
            yield "rated_on", f"评定日期早于评定年度{self.year}年。请核对两项。"


class BranchElection(Record):
    """An election of the committee or secretary of a party organisation (换届选举).

    ``guided`` is whether the party office sent somebody to it.
    """

    natural_key = ("organisation", "held_on")
    natural_key_name = "one_election_of_an_organisation_a_day"
    school_paths = ("organisation__memberschool__school",)
    frozen = {
        "organisation_kind": "organisation__kind",
        "dissolved_on": "organisation__dissolved_on",
        "is_latest": (
            "最近一次",
            lambda: (
                ~Exists(
                    BranchElection.objects.filter(
                        organisation=OuterRef("organisation"), held_on__gt=OuterRef("held_on")
                    )
                )
            ),
        ),
    }

    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="党组织")
    held_on = models.DateField("换届日期")
    guided = models.BooleanField("到会指导", default=False, help_text="党建办派人到会指导的填“是”")

    class Meta:
        verbose_name = "换届选举"

    def __str__(self) -> str:
        return f"{self.organisation} {self.held_on}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.held_on < self.organisation.founded_on:
            yield "held_on", f"换届日期早于该党组织的成立日期{self.organisation.founded_on}。请核对日期。"


class Development(Record):
    """A person's admission to the party, with the day of each step, None for steps to come (发展党员).

    ``STEPS`` are the names of these fields in order: application, activist, prospective member, member on
    probation, full member. ``ended_on`` is the day on which it was given up, None otherwise.
    """

    STEPS = ("applied_on", "activist_on", "prospect_on", "probationary_on", "full_on")

    natural_key = ("person",)
    personal = True
    school_paths = ("organisation__memberschool__school",)
    ordered = tuple(itertools.pairwise(STEPS))

    person = models.OneToOneField(Person, models.PROTECT, verbose_name="申请人")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="党组织")
    applied_on = models.DateField("申请入党日期")
    activist_on = models.DateField("确定为积极分子日期", null=True, blank=True)
    prospect_on = models.DateField("列为发展对象日期", null=True, blank=True)
    probationary_on = models.DateField("接收为预备党员日期", null=True, blank=True)
    full_on = models.DateField("转为正式党员日期", null=True, blank=True)
    ended_on = models.DateField("终止培养日期", null=True, blank=True, help_text="不再培养的填")

    class Meta:
        verbose_name = "发展党员"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        for before, step in itertools.pairwise(self.STEPS):
            if getattr(self, step) and not getattr(self, before):
                title = field_of(self, before).verbose_name
                yield step, f"缺前一步的“{title}”。请按步骤依次填写。"
        if self.ended_on and self.full_on:
            yield "ended_on", "已转为正式党员的，终止培养日期应留空。"


class IntegrityTask(Record):
    """A task of clean conduct with the day when it is due (廉政任务).

    ``owner`` is the responsible section; ``done_on`` is None until it is done.
    """

    natural_key = ("title", "assigned_on")
    natural_key_name = "one_integrity_task_of_a_title"
    open_to_all = True
    ordered = (("assigned_on", "due_on"), ("assigned_on", "done_on"))

    title = models.CharField("任务名称", max_length=60)
    kind = CodeField("任务类别", codes="party.integrity_task", on="assigned_on")
    owner = models.CharField("责任业务", max_length=20, choices=section_choices)
    document = models.CharField("文号", max_length=60, blank=True)
    assigned_on = models.DateField("下达日期")
    due_on = models.DateField("完成时限")
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "廉政任务"

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if code_has(self, "kind", "document") and self.done_on and not self.document:
            yield "document", "已印发的文件须填文号。"


class PlatformUse(Record):
    """On how many days of a month a member of staff used the study platform (学习平台使用), 0 for none.

    ``month`` is the first day of the month. ``school`` is None for staff of the bureau.
    """

    natural_key = ("person", "month")
    natural_key_name = "one_platform_use_of_a_person_a_month"
    personal = True
    school_paths = ("school",)
    frozen = {
        "runner": "school__runner",
        "in_post": (
            "当月在职",
            lambda: Exists(
                StaffMember.objects.filter(
                    Q(post_until=None) | Q(post_until__gte=OuterRef("month")),
                    person=OuterRef("person"),
                    post_from__lte=OuterRef("month"),
                )
            ),
        ),
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教职工")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="局机关人员不填"
    )
    month = models.DateField("统计月份", help_text="填当月首日，如2019-04-01")
    days = models.PositiveSmallIntegerField("使用天数", help_text="未使用的填0")

    class Meta:
        verbose_name = "学习平台使用"

    def __str__(self) -> str:
        return f"{self.person.name} {self.month:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from check_first_of_month(self, "month")
        longest = calendar.monthrange(self.month.year, self.month.month)[1]
        if self.days > longest:
            yield "days", f"{self.month.month}月只有{longest}天。请核对使用天数。"
