"""The models of the activities area: events and their teams, study tours, farm plots, labour courses, exchanges."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MinValueValidator
from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models import Person, Record, School, Stage, Term

_STAGES = [stage for stage in Stage.choices if stage[0] != Stage.UNIVERSITY]
_AT_LEAST_ONE = MinValueValidator(1, "应不少于1。")


class Edition(Record):
    """One edition of a recurring event, such as the fourth football league (赛事活动).

    ``number`` counts the editions of the event from 1. ``ended_on`` is the last day, None if it was not
    entered.
    """

    natural_key = ("event", "number")
    natural_key_name = "one_edition_of_a_number"
    open_to_all = True
    ordered = (("held_on", "ended_on"),)

    event = CodeField("赛事活动", codes="activities.contest", on="held_on")
    number = models.PositiveSmallIntegerField("届次", validators=[_AT_LEAST_ONE], help_text="第几届")
    held_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    level = CodeField("级别", codes="policy.level", on="held_on")

    class Meta:
        verbose_name = "赛事活动"

    def __str__(self) -> str:
        return f"第{self.number}届{self.get_event_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        others = Edition.objects.filter(event=self.event).exclude(pk=self.pk)
        later = others.filter(number__gt=self.number, held_on__lte=self.held_on)
        earlier = others.filter(number__lt=self.number, held_on__gte=self.held_on)
        if conflicting := (later | earlier).first():
            yield (
                "number",
                f"{conflicting}已登记为{conflicting.held_on}开始，届次与日期的先后不符。请核对届次和日期。",
            )


class Entry(Record):
    """The team of a school in one edition of an event, for one stage (参赛队伍); ``pupils`` is its size."""

    natural_key = ("edition", "school", "stage")
    natural_key_name = "one_team_of_a_stage"
    school_paths = ("school",)
    frozen = {
        "event": "edition__event",
        "level": "edition__level",
        "held_on": "edition__held_on",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name="赛事")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("组别", max_length=10, choices=_STAGES)
    pupils = models.PositiveSmallIntegerField("参赛学生数", validators=[_AT_LEAST_ONE])

    class Meta:
        verbose_name = "参赛队伍"

    def __str__(self) -> str:
        return f"{self.school} {self.edition}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        # A primary school may have kindergarten classes attached.
        yield from self.school.check_stage(self.stage, Stage.PRESCHOOL)


class StudyTour(Record):
    """A study tour of pupils of one stage of a school (研学旅行), which began on ``day``.

    ``ended_on`` is the day of return, None if it was not entered; ``pupils`` is the number of pupils who took
    part.
    """

    natural_key = ("school", "stage", "day")
    natural_key_name = "one_tour_of_a_stage_a_day"
    school_paths = ("school",)
    ordered = (("day", "ended_on"),)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=_STAGES)
    day = models.DateField("出发日期")
    ended_on = models.DateField("返回日期", null=True, blank=True)
    theme = CodeField("主题", codes="activities.tour_theme", on="day")
    destination = models.CharField("目的地", max_length=60)
    pupils = models.PositiveSmallIntegerField("学生数", validators=[_AT_LEAST_ONE])

    class Meta:
        verbose_name = "研学旅行"

    def __str__(self) -> str:
        return f"{self.school} {self.destination}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        # A primary school may have kindergarten classes attached.
        yield from self.school.check_stage(self.stage, Stage.PRESCHOOL)


class FarmPlot(Record):
    """A plot on which pupils of a school work, on its grounds or elsewhere (劳动实践基地).

    ``area`` is in 亩 (1/15 hectare).
    """

    natural_key = ("school", "name")
    natural_key_name = "one_plot_of_a_name"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "urban_rural": "school__urban_rural"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    name = models.CharField("基地名称", max_length=40)
    area = models.DecimalField(
        "面积（亩）",
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(0, "面积不能小于0亩。")],
    )
    crops = models.CharField("种养内容", max_length=60, help_text="如：蔬菜、茶叶")

    class Meta:
        verbose_name = "劳动实践基地"

    def __str__(self) -> str:
        return f"{self.school} {self.name}"


class LabourCourse(Record):
    """A course of labour education that a school gives in a term (劳动课程).

    ``hours`` is the number of lessons in the term, ``pupils`` that of the pupils who take the course.
    """

    natural_key = ("school", "term", "course")
    natural_key_name = "one_labour_course_a_term"
    school_paths = ("school",)
    frozen = {
        "term_code": "term__code",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    course = models.CharField("课程名称", max_length=40)
    kind = CodeField("课程类别", codes="activities.labour_course", on="term__starts_on")
    hours = models.PositiveSmallIntegerField("课时", validators=[_AT_LEAST_ONE])
    pupils = models.PositiveSmallIntegerField("学生数", validators=[_AT_LEAST_ONE])

    class Meta:
        verbose_name = "劳动课程"

    def __str__(self) -> str:
        return f"{self.school} {self.course}"


class Visit(Record):
    """A visit of the bureau's or schools' staff elsewhere to learn, or of guests to the district (交流互访).

    ``guests`` is the number of guests, None for a visit elsewhere, whose members are :class:`Visitor`
    records.
    """

    class Direction(ClosedChoices):
        """Whether own staff visit others or guests visit the district."""

        OUT = "out", "外出"
        IN = "in", "来访"

    natural_key = ("title", "day")
    natural_key_name = "one_visit_of_a_title_a_day"
    open_to_all = True
    ordered = (("day", "ended_on"),)

    title = models.CharField("交流活动", max_length=60)
    day = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    direction = models.CharField("方向", max_length=10, choices=Direction)
    destination = CodeField("交流地", codes="activities.visit_place", on="day")
    partner = models.CharField("对方单位", max_length=60)
    guests = models.PositiveSmallIntegerField("来访人数", null=True, blank=True, help_text="外出的不填")

    class Meta:
        verbose_name = "交流互访"

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if (self.direction == self.Direction.IN) != bool(self.guests):
            yield "guests", "来访的须填来访人数；外出的应留空，人员登记在“交流人员名单”。"


class Visitor(Record):
    """A member of the bureau's or a school's staff who took part in a visit elsewhere (交流人员).

    ``school`` is None for a member of the bureau's staff.
    """

    natural_key = ("visit", "person")
    natural_key_name = "one_visitor_of_a_visit"
    personal = True
    school_paths = ("school",)
    frozen = {
        "day": "visit__day",
        "destination": "visit__destination",
        "school_kind": "school__kind",
        "urban_rural": "school__urban_rural",
    }

    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name="交流互访")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="交流人员")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="局机关人员不填"
    )

    class Meta:
        verbose_name = "交流人员"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.visit.direction != Visit.Direction.OUT:
            yield "visit", "这次交流是来访，只登记来访人数，不登记人员。请核对交流活动。"
