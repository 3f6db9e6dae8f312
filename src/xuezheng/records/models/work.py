"""Registers that every section uses in the same form: work entries, trainings, attendances and prizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import models

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models.base import Record
from xuezheng.records.models.district import School
from xuezheng.records.models.people import Person

#: Where a note of work names a figure, whose number the report writes there: 【party.trainings】.
_FIGURE_PLACE = re.compile(r"【[a-z_]+\.[a-z0-9_]+(?: [a-z_]+=\w+)*】")


def section_choices() -> list[tuple[str, str]]:
    """Return (area name, Chinese title) of all areas, as choices of a field that names a section."""
    return [(name, area.title) for name, area in registry.areas().items()]


class WorkEntry(Record):
    """A dated entry about work that cannot be counted (工作纪实).

    The office picks the entries that the report includes. ``text`` is one or more complete sentences and
    names no pupil. Its only digits are those of dates, document numbers and quoted names; other numbers are
    written as a figure's key, 【party.trainings】, which the report replaces by the figure's value.
    """

    natural_key = ("section", "day", "title")
    natural_key_name = "one_entry_of_a_title_a_day"
    open_to_all = True

    section = models.CharField("业务", max_length=20, choices=section_choices)
    topic = models.CharField("栏目", max_length=20, help_text="报告中的栏目，如：党风廉政")
    day = models.DateField("日期")
    title = models.CharField("标题", max_length=60)
    document = models.CharField("文号", max_length=60, blank=True)
    text = models.CharField("正文", max_length=500, help_text="完整的句子，以句号结尾；不写学生姓名")
    evidence = models.CharField(
        "佐证材料", max_length=200, blank=True, help_text="材料名称或存放位置，如：会议纪要3号"
    )
    picked = models.BooleanField("写入报告", default=False)
    order = models.PositiveSmallIntegerField("报告中的次序", default=50, help_text="小的在前")

    class Meta:
        verbose_name = "工作纪实"
        ordering = ("section", "topic", "order", "day")

    def __str__(self) -> str:
        return self.title

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if not self.text.endswith("。"):
            yield "text", "正文应是完整的句子，以句号“。”结尾。"
        if set("#|{") & set(self.text):
            yield "text", "正文不能有“#”“|”“{”。请改用中文标点。"
        prose = _FIGURE_PLACE.sub("", self.text)
        if set("【】") & set(prose):
            yield "text", "【】里写一个指标的代号，如【party.trainings】，报告在那里写出它的数。"
        if typed := typed_number(prose):
            yield "text", f"正文中的“{typed}”不是日期或文号。能统计的数由指标写入报告，请从正文中删去。"


class Training(Record):
    """A training that a section held or to which it sent people (培训); the days are inclusive."""

    natural_key = ("section", "title", "held_on")
    natural_key_name = "one_training_of_a_title_from_a_day"
    open_to_all = True
    ordered = (("held_on", "ended_on"),)

    section = models.CharField("业务", max_length=20, choices=section_choices)
    title = models.CharField("培训名称", max_length=60)
    held_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    topic = models.CharField("培训主题", max_length=30, help_text="如：心理健康、生本教育")
    level = CodeField("级别", codes="policy.level", on="held_on")
    hours = models.PositiveSmallIntegerField("学时", default=0)
    organiser = models.CharField("主办单位", max_length=60, blank=True)
    document = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        verbose_name = "培训"

    def __str__(self) -> str:
        return self.title


class Attendance(Record):
    """One person's attendance at a training (参训人员)."""

    natural_key = ("training", "person")
    natural_key_name = "one_attendance_of_a_person"
    personal = True
    school_paths = ("school",)
    frozen = {
        "section": "training__section",
        "topic": "training__topic",
        "level": "training__level",
        "held_on": "training__held_on",
        "hours": "training__hours",
        "school_kind": "school__kind",
    }

    training = models.ForeignKey(Training, models.PROTECT, verbose_name="培训")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="参训人员")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="局机关人员不填"
    )
    passed = models.BooleanField("考核合格", default=True)

    class Meta:
        verbose_name = "参训人员"

    def __str__(self) -> str:
        return self.person.name


class Prize(Record):
    """A prize that a pupil or member of staff won in a contest (获奖)."""

    class Winner(ClosedChoices):
        """The kinds of persons who can win a prize."""

        PUPIL = "pupil", "学生"
        STAFF = "staff", "教职工"

    natural_key = ("person", "contest", "awarded_on")
    natural_key_name = "one_prize_of_a_person_in_a_contest"
    personal = True
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    section = models.CharField("业务", max_length=20, choices=section_choices)
    contest = models.CharField("赛事（评选）名称", max_length=60)
    work = models.CharField("作品（项目）", max_length=60, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name="获奖人")
    winner = models.CharField("获奖人身份", max_length=10, choices=Winner)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", help_text="局机关人员不填"
    )
    subject = CodeField("学科", codes="policy.subject", on="awarded_on", blank=True)
    level = CodeField("级别", codes="policy.level", on="awarded_on")
    rank = CodeField("奖次", codes="policy.prize_rank", on="awarded_on")
    awarded_on = models.DateField("获奖日期")

    class Meta:
        verbose_name = "获奖"

    def __str__(self) -> str:
        return self.contest
