"""The models of the teaching area: results and teaching assignments, mentoring, and studios of master teachers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Avg, Func, OuterRef, Subquery

from xuezheng.core.periods import Period
from xuezheng.records.fields import CodeField
from xuezheng.records.models import Person, Record, School, Stage, Term

_MEAN: models.DecimalField[None, Decimal] = models.DecimalField(max_digits=5, decimal_places=2)
_SCHOOL_YEAR = "^([0-9]{4})-([0-9]{4})$"


class ExamResult(Record):
    """A pupil's score in a subject at the end of a term (考试成绩), with the class at that time.

    ``score`` is from 0 to 150; ``grade`` counts from 1 in the stage. Pupils are not ranked.
    """

    natural_key = ("person", "subject", "term")
    natural_key_name = "one_result_of_a_pupil_a_term"
    personal = True
    school_paths = ("school",)
    frozen = {"term_code": "term__code", "term_start": "term__starts_on"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    # It follows from the term, and by it results are found for who taught in that year.
    school_year = models.CharField("学年", max_length=9, blank=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, verbose_name="考试时所在学校")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    class_name = models.CharField("班级名称", max_length=30, help_text="考试时的班级，如：八年级2班")
    subject = CodeField("学科", codes="policy.subject", on="term__starts_on")
    score = models.DecimalField(
        "分数",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(0, "分数不能小于0。"), MaxValueValidator(150, "分数不能大于150。")],
    )

    class Meta:
        verbose_name = "考试成绩"
        indexes = [models.Index(fields=["school_year", "subject", "grade"], name="results_of_a_year")]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.term.code}"

    def complete(self) -> None:
        self.school_year = Period.parse(self.term.code).school_year


def _averages(taught: str = "") -> dict[str, Any]:
    """Return frozen columns: the averages of the class and of its grade in the district; ``taught`` is the prefix of the row's paths."""

    def average(label: str, *same: str) -> tuple[str, Any]:
        def query() -> Subquery:
            rows = ExamResult.objects.filter(**{name: OuterRef(f"{taught}{name}") for name in same})
            # PostgreSQL rounds only to places that are written out.
            mean = Func(Avg("score"), template="ROUND(%(expressions)s, 2)", output_field=_MEAN)
            return Subquery(rows.order_by().values("subject").annotate(mean=mean).values("mean"))

        return label, query

    year = ("school_year", "stage", "grade", "subject")
    return {
        "class_average": average("班级平均分", *year, "school", "class_name"),
        "district_average": average("本地平均分", *year),
    }


class TeachingAssignment(Record):
    """The teacher of a class in a subject in a school year, as ``2018-2019`` (任课安排).

    ``grade`` counts from 1 in the stage.
    """

    natural_key = ("school", "class_name", "subject", "school_year")
    natural_key_name = "one_teacher_of_a_class_in_a_subject"
    personal = True
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", **_averages()}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="任课教师")
    school_year = models.CharField(
        "学年",
        max_length=9,
        validators=[RegexValidator(_SCHOOL_YEAR, "学年应写作“2018-2019”。")],
        help_text="如2018-2019",
    )
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    grade = models.PositiveSmallIntegerField("年级", help_text="本学段的第几年级，如初二填2")
    class_name = models.CharField("班级名称", max_length=30, help_text="如：八年级2班")
    subject = CodeField("学科", codes="policy.subject", on="school_year")

    class Meta:
        verbose_name = "任课安排"

    def __str__(self) -> str:
        return f"{self.school_year} {self.class_name}{self.get_subject_display()}"


class Mentoring(Record):
    """A mentor assigned to a teacher whose class had poor results in the previous school year (教学帮扶).

    ``assignment`` is the teaching assignment of that year, which names teacher, class and subject. ``until``
    is the last day, None while it goes on.
    """

    natural_key = ("assignment", "since")
    natural_key_name = "one_mentor_for_an_assignment_from_a_day"
    personal = True
    ordered = (("since", "until"),)
    school_paths = ("assignment__school",)
    frozen = {
        "mentee": "assignment__person",
        "school": "assignment__school",
        "subject": "assignment__subject",
        "stage": "assignment__stage",
        "grade": "assignment__grade",
        "school_year": "assignment__school_year",
        **_averages("assignment__"),
    }

    assignment = models.ForeignKey(TeachingAssignment, models.PROTECT, verbose_name="依据的任课安排")
    mentor = models.ForeignKey(Person, models.PROTECT, verbose_name="帮扶教师")
    since = models.DateField("结对日期")
    until = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        verbose_name = "教学帮扶"

    def __str__(self) -> str:
        return f"{self.mentor.name} {self.since}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.mentor == self.assignment.person:
            yield "mentor", "帮扶教师不能是被帮扶的教师本人。"
        match = re.match(_SCHOOL_YEAR, self.assignment.school_year)
        if match and not date(int(match[2]), 7, 1) <= self.since < date(int(match[2]) + 1, 9, 1):
            yield (
                "since",
                f"结对日期不在{match[0]}学年结束后的一年内。帮扶以上一学年的成绩为依据，请核对学年和结对日期。",
            )


class Studio(Record):
    """A studio of a master teacher, in which teachers of a subject work together (名师工作室).

    ``person`` is the master teacher; ``closed_on`` is None while the studio exists.
    """

    natural_key = ("name",)
    personal = True
    ordered = (("founded_on", "closed_on"),)
    school_paths = ("school",)

    name = models.CharField("工作室名称", max_length=60, unique=True)
    level = CodeField("级别", codes="policy.level", on="founded_on")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    subject = CodeField("学科", codes="policy.subject", on="founded_on")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="主持人")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="挂牌学校")
    founded_on = models.DateField("成立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "名师工作室"

    def __str__(self) -> str:
        return self.name


class StudioMember(Record):
    """A member of a studio of a master teacher, other than its leader (工作室成员).

    ``left_on`` is None for a present member.
    """

    natural_key = ("studio", "person")
    natural_key_name = "once_a_member"
    personal = True
    ordered = (("joined_on", "left_on"),)
    school_paths = ("school",)
    frozen = {
        "level": "studio__level",
        "subject": "studio__subject",
        "stage": "studio__stage",
        "closed_on": "studio__closed_on",
    }

    studio = models.ForeignKey(Studio, models.PROTECT, verbose_name="名师工作室")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="成员")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = "工作室成员"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.person == self.studio.person:
            yield "person", "主持人不另列为成员。"
        if self.joined_on < self.studio.founded_on:
            yield "joined_on", f"加入日期早于工作室成立日期{self.studio.founded_on}。请核对。"


class StudioTask(Record):
    """A task of a studio of a master teacher, with the day when it is due (工作室任务).

    ``done_on`` is None until it is done.
    """

    natural_key = ("studio", "title")
    natural_key_name = "one_task_of_a_title_in_a_studio"
    open_to_all = True
    frozen = {"level": "studio__level", "subject": "studio__subject", "stage": "studio__stage"}

    studio = models.ForeignKey(Studio, models.PROTECT, verbose_name="名师工作室")
    title = models.CharField("任务名称", max_length=60)
    kind = CodeField("任务类别", codes="quality.studio_task", on="due_on")
    due_on = models.DateField("完成时限")
    done_on = models.DateField("完成日期", null=True, blank=True, help_text="未完成的不填")

    class Meta:
        verbose_name = "工作室任务"

    def __str__(self) -> str:
        return self.title


class StudioAssessment(Record):
    """The score, from 0 to 100, of a studio of a master teacher in a year (工作室年度考核)."""

    natural_key = ("studio", "year")
    natural_key_name = "one_assessment_a_year"
    open_to_all = True
    frozen = {"level": "studio__level"}

    studio = models.ForeignKey(Studio, models.PROTECT, verbose_name="名师工作室")
    year = models.PositiveSmallIntegerField("考核年度")
    score = models.PositiveSmallIntegerField(
        "考核得分", validators=[MaxValueValidator(100, "考核得分不能大于100。")]
    )

    class Meta:
        verbose_name = "工作室考核"

    def __str__(self) -> str:
        return f"{self.studio} {self.year}"
