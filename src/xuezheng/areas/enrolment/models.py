"""The section's models, in addition to the engine's registers of schools, classes and pupils."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Subquery

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import (
    EnrolmentEvent,
    Person,
    Record,
    School,
    Stage,
    User,
    check_first_of_month,
)
from xuezheng.records.permissions import select_permitted

_COMPULSORY = [(Stage.PRIMARY, "小学"), (Stage.JUNIOR, "初中")]


class ExamCandidate(Record):
    """A person entered for the university entrance exam (高考报名)."""

    natural_key = ("person", "exam_on")
    natural_key_name = "one_candidate_for_an_exam"
    personal = True
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="考生")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="报名学校", help_text="社会考生不填"
    )
    track = CodeField("科类", codes="enrolment.exam_track", on="exam_on")
    first_elective = CodeField(
        "再选科目一", codes="enrolment.elective", on="exam_on", blank=True, help_text="实行选科的科类才填"
    )
    second_elective = CodeField(
        "再选科目二", codes="enrolment.elective", on="exam_on", blank=True, help_text="实行选科的科类才填"
    )
    exam_on = models.DateField("考试日期", help_text="首日，如2019-06-07")

    class Meta:
        verbose_name = "高考考生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        electives = [self.first_elective, self.second_elective]
        if not code_has(self, "track", "electives"):
            if any(electives):
                yield "first_elective", f"{self.get_track_display()}不选科，再选科目应留空。"
        elif not all(electives) or electives[0] == electives[1]:
            yield "first_elective", f"{self.get_track_display()}须填两门不同的再选科目。"


class SchoolZone(Record):
    """A community or village whose children a school takes in without exams (学区划片)."""

    natural_key = ("school", "stage", "year", "community")
    natural_key_name = "one_community_in_a_schools_zone"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_COMPULSORY)
    year = models.PositiveSmallIntegerField("招生年份")
    community = models.CharField("社区（村）", max_length=40)
    children = models.PositiveSmallIntegerField("适龄儿童数", null=True, blank=True)

    class Meta:
        verbose_name = "学区划片"

    def __str__(self) -> str:
        return f"{self.school} {self.community}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.stage not in self.school.stages:
            yield (
                "stage",
                f"{self.school.get_kind_display()}不办{Stage(self.stage).label}，不能划片。请核对学校和学段。",
            )


class Feeder(Record):
    """A primary school whose leavers all go on to the same junior school (对口直升)."""

    natural_key = ("school", "year")
    natural_key_name = "one_junior_of_a_primary"
    school_paths = ("school", "junior")
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="小学")
    year = models.PositiveSmallIntegerField("招生年份")
    junior = models.ForeignKey(School, models.PROTECT, verbose_name="对口初中", related_name="feeders")

    class Meta:
        verbose_name = "对口直升"

    def __str__(self) -> str:
        return f"{self.school}—{self.junior}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if Stage.PRIMARY not in self.school.stages:
            yield (
                "school",
                f"{self.school.get_kind_display()}没有小学毕业生。请填小学或一贯制学校的标识码。",
            )
        if Stage.JUNIOR not in self.junior.stages:
            yield (
                "junior",
                f"{self.junior.get_kind_display()}不办初中。请填初中或一贯制学校的标识码。",
            )


class Absence(Record):
    """A pupil of compulsory education who is on a school's roll and does not attend, until the matter is cleared (未到校学生).

    The same row is in the ledger of suspected and of confirmed dropouts in turn (疑似辍学、辍学台账), as its days tell.
    """

    natural_key = ("person", "absent_since")
    natural_key_name = "one_absence_of_a_pupil"
    personal = True
    private = ("teacher",)
    school_paths = ("school",)
    ordered = (
        ("absent_since", "reported_on"),
        ("absent_since", "confirmed_on"),
        ("absent_since", "cleared_on"),
        ("confirmed_on", "cleared_on"),
    )
    frozen = {"urban_rural": "school__urban_rural", "sex": "person__sex"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学籍所在学校")
    stage = models.CharField("学段", max_length=10, choices=_COMPULSORY)
    absent_since = models.DateField("未到校起始日期")
    reported_on = models.DateField("上报日期")
    whereabouts = models.CharField("去向", max_length=60, blank=True)
    teacher = models.CharField("包保教师", max_length=30)
    confirmed_on = models.DateField("认定辍学日期", null=True, blank=True)
    clearing = CodeField("销号类别", codes="enrolment.clearing", on="cleared_on", blank=True)
    cleared_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        verbose_name = "未到校学生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.clearing) != bool(self.cleared_on):
            yield "cleared_on", "销号类别和销号日期须同时填写；没有销号的两项都不填。"
        yield from self.school.check_stage(self.stage)


class Persuasion(Record):
    """One attempt to bring an absent pupil back to school (劝返记录)."""

    natural_key = ("person", "made_on", "method")
    natural_key_name = "one_persuasion_a_day_and_method"
    personal = True
    private = ("made_by", "outcome")
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学籍所在学校")
    made_on = models.DateField("劝返日期")
    method = CodeField("劝返方式", codes="enrolment.persuasion", on="made_on")
    made_by = models.CharField("劝返人员", max_length=40)
    outcome = models.CharField("劝返情况", max_length=120)

    class Meta:
        verbose_name = "劝返记录"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_method_display()}"


class AttendanceReport(Record):
    """A school's monthly report of how many pupils of a stage should attend and do (控辍保学月报), also where all do."""

    natural_key = ("school", "stage", "month")
    natural_key_name = "one_attendance_report_a_month"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_COMPULSORY)
    month = models.DateField("月份", help_text="填当月首日，如2019-05-01")
    expected = models.PositiveIntegerField("应到学生数")
    present = models.PositiveIntegerField("实到学生数")
    reported_on = models.DateField("上报日期")

    class Meta:
        verbose_name = "控辍保学月报"

    def __str__(self) -> str:
        return f"{self.school} {self.month:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from check_first_of_month(self, "month")
        if self.present > self.expected:
            yield "present", f"实到{self.present}人，多于应到{self.expected}人。请核对两个数。"
        if self.reported_on < self.month:
            yield "reported_on", "上报日期早于所报的月份。请核对日期。"
        yield from self.school.check_stage(self.stage)


class DrawQuerySet(models.QuerySet["Draw"]):
    """Draws, with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the draws that ``user`` may see."""
        return select_permitted(self, user, "see", "enrolment.draw")


class Draw(models.Model):
    """A public draw for the places of a school (公开派位): the list is fixed first, the seed comes later, the order follows from both."""

    class State(ClosedChoices):
        """The states of a draw."""

        FIXED = "fixed", "名单已固定"
        SEEDED = "seeded", "已录种子数，待复录"
        DRAWN = "drawn", "已派位"
        REVOKED = "revoked", "已作废"

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校", related_name="+")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    year = models.PositiveSmallIntegerField(
        "招生年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    places = models.PositiveIntegerField("计划数", validators=[MinValueValidator(1)])
    seed_from = models.CharField(
        "种子数取自",
        max_length=120,
        help_text="名单固定时还没有的公开号码，如“2026年7月21日福彩3D第2026191期开奖号码”",
    )
    seed_on = models.DateField("产生日期", help_text="须晚于今天")
    listing = models.TextField("名单", editable=False)
    count = models.PositiveIntegerField("名单人数", editable=False)
    list_hash = models.CharField("名单校验值", max_length=64, editable=False)
    seed = models.CharField("种子数", max_length=60, blank=True, editable=False)
    result_hash = models.CharField("结果校验值", max_length=64, blank=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, editable=False)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="固定名单", related_name="+", editable=False
    )
    seeded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="录种子数",
        related_name="+",
        null=True,
        editable=False,
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="复录种子数",
        related_name="+",
        null=True,
        editable=False,
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = "公开派位"
        verbose_name_plural = "公开派位"
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return f"{self.year}年{self.school}{Stage(self.stage).label}派位"


class DrawStep(models.Model):
    """One step of a draw: written once, never changed."""

    draw = models.ForeignKey(Draw, models.PROTECT, verbose_name="派位", related_name="steps")
    before = models.CharField("此前", max_length=10, choices=Draw.State, blank=True)
    after = models.CharField("此后", max_length=10, choices=Draw.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "派位步骤"
        verbose_name_plural = "派位步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_after_display()}（{self.by}）"


def _next_of_kind() -> Any:
    """The first day of a person's next membership of the same kind, as a subquery."""
    later = GroupMembership.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), starts_on__gt=OuterRef("starts_on")
    )
    return Subquery(later.order_by("starts_on").values("starts_on")[:1], output_field=models.DateField())


class GroupMembership(Record):
    """A person's membership in a group that is counted or looked after by itself (学生群体): from a day until a day.

    A later membership of the same kind takes the place of an earlier one. A snapshot has one row for each membership and enrolment event of the
    person, and one for a person without events, so that figures tell school, grade and stage of any day.
    """

    natural_key = ("person", "kind", "starts_on")
    natural_key_name = "one_membership_of_a_kind_from_a_day"
    personal = True
    private = ("evidence",)
    ordered = (("starts_on", "ends_on"),)
    school_paths = ("person__pupil__class_group__school",)
    frozen_per = "event"
    frozen = {
        "sex": "person__sex",
        "cohort": EnrolmentEvent.frozen["cohort"],
        "next_on": ("同类群体下一次登记的起始日期", _next_of_kind),
        "event": "person__enrolmentevent__id",
        "event_kind": "person__enrolmentevent__kind",
        "occurred_on": "person__enrolmentevent__occurred_on",
        "from_class": "person__enrolmentevent__from_class",
        "to_class": "person__enrolmentevent__to_class",
        "grade": "person__enrolmentevent__grade",
        **{
            name: f"person__enrolmentevent__{EnrolmentEvent.frozen[name]}"
            for name in (
                "school",
                "stage",
                "urban_rural",
                "school_kind",
                "from_school",
                "from_stage",
                "from_school_kind",
            )
        },
        "runner": "person__enrolmentevent__to_class__school__runner",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    kind = CodeField("群体类别", codes="enrolment.pupil_group", on="starts_on")
    detail = CodeField(
        "细类", codes="enrolment.group_detail", on="starts_on", blank=True, help_text="如残疾的类别、民族"
    )
    placement = CodeField(
        "就读安排",
        codes="enrolment.placement",
        on="starts_on",
        blank=True,
        help_text="学籍里看不出的才填，如民办学校的政府购买学位",
    )
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField(
        "终止日期", null=True, blank=True, help_text="从这一天起不再属于；仍属于的不填"
    )
    evidence = models.CharField("依据", max_length=60, help_text="如居住证、残疾人证")

    class Meta:
        verbose_name = "学生群体"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        kind = code_list("enrolment.pupil_group").codes.get(self.kind)
        counts_as = kind.properties(self.starts_on).get("counts_as") if kind else None
        for name in ("detail", "placement"):
            if getattr(self, name) and not code_has(self, name, "of", counts_as):
                chosen, group = getattr(self, f"get_{name}_display")(), self.get_kind_display()
                yield name, f"“{chosen}”不用于{group}。请核对群体类别，或改选。"
        if counts_as and not self.detail:
            yield "detail", f"{self.get_kind_display()}须填细类。请从可选项中选择。"


class Retention(Record):
    """The five counts from which the retention of a year's leavers follows (巩固率的五个数), of one school; a county's are the sums."""

    class Span(ClosedChoices):
        """The years over which pupils are retained."""

        JUNIOR = "junior", "初中三年"
        COMPULSORY = "compulsory", "九年义务教育"

    natural_key = ("school", "span", "year")
    natural_key_name = "one_retention_of_a_school_and_year"
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    span = models.CharField("年限", max_length=10, choices=Span)
    year = models.PositiveSmallIntegerField("毕业年份")
    entered = models.PositiveIntegerField(
        "起始年级学生数", help_text="三年前初一、九年前小学一年级的在校生数"
    )
    arrived = models.PositiveIntegerField("期间转入数")
    departed = models.PositiveIntegerField("期间转出数")
    died = models.PositiveIntegerField("期间死亡数")
    graduated = models.PositiveIntegerField("毕业生数")

    class Meta:
        verbose_name = "巩固情况"

    def __str__(self) -> str:
        return f"{self.school} {self.year} {self.get_span_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.span == self.Span.JUNIOR:
            yield from self.school.check_stage(Stage.JUNIOR)
            # Over nine years, one school counts the entrants and another the graduates.
            ever, gone = self.entered + self.arrived, self.departed + self.died + self.graduated
            if gone > ever:
                yield "graduated", f"转出、死亡、毕业共{gone}人，多于起始和转入的{ever}人。请核对各数。"


class LedgerReview(Record):
    """The quarterly review of a school's ledger of absent pupils (控辍保学季度复核): who compared it and when, and what was corrected."""

    natural_key = ("school", "quarter")
    natural_key_name = "one_ledger_review_a_quarter"
    private = ("reviewed_by", "note")
    school_paths = ("school",)
    frozen = {"urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    quarter = models.DateField("季度", help_text="填季度首日，如2019-04-01")
    listed = models.PositiveIntegerField("台账人数", help_text="复核时没有销号的")
    visited = models.PositiveIntegerField("入户核实人数")
    corrected = models.PositiveIntegerField("更正人数", help_text="台账与实际不符、已经更正的")
    reviewed_on = models.DateField("复核日期")
    reviewed_by = models.CharField("复核人", max_length=40)
    note = models.CharField("复核情况", max_length=120, blank=True)

    class Meta:
        verbose_name = "控辍保学复核"

    def __str__(self) -> str:
        return f"{self.school} {self.quarter:%Y-%m}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.quarter.day != 1 or self.quarter.month % 3 != 1:
            yield "quarter", "季度应填首日：1月、4月、7月或10月的1日。"
        if self.reviewed_on < self.quarter:
            yield "reviewed_on", "复核日期早于所复核的季度。请核对日期。"
        for name in ("visited", "corrected"):
            if getattr(self, name) > self.listed:
                yield name, f"多于台账的{self.listed}人。请核对两个数。"
