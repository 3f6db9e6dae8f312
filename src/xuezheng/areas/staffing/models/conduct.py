"""Reports about the conduct of staff, seen by the section alone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from xuezheng.records.models import Person, Record, School


class ConductCase(Record):
    """A report about somebody's conduct and what became of it (师德线索)."""

    class Kind(models.TextChoices):
        """What is reported."""

        TUTORING = "tutoring", "有偿补课"
        PUNISHMENT = "punishment", "体罚或变相体罚"
        GIFTS = "gifts", "收受礼品礼金"
        ABSENCE = "absence", "在编不在岗"
        OTHER = "other", "其他"

    class Outcome(models.TextChoices):
        """What the investigation found."""

        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        UNTRUE = "untrue", "不属实"

    class Measure(models.TextChoices):
        """What was done."""

        TALK = "talk", "谈话提醒"
        CRITICISM = "criticism", "通报批评"
        SANCTION = "sanction", "纪律处分"

    natural_key = ("number",)
    personal = True
    confidential = True
    ordered = (("received_on", "concluded_on"),)
    frozen = {"school_kind": "school__kind"}

    number = models.CharField("线索编号", max_length=20, unique=True)
    received_on = models.DateField("受理日期")
    kind = models.CharField("线索类别", max_length=12, choices=Kind)
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name="被反映人", help_text="未指明的不填"
    )
    concluded_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField("调查结论", max_length=10, choices=Outcome, blank=True)
    measure = models.CharField("处理方式", max_length=12, choices=Measure, blank=True)

    class Meta:
        verbose_name = "师德线索"
        verbose_name_plural = "师德线索"

    def __str__(self) -> str:
        return self.number

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.concluded_on) != bool(self.outcome):
            yield "outcome", "办结的须填办结日期和调查结论，未办结的两项都不填。"
        if self.measure and self.outcome not in (self.Outcome.TRUE, self.Outcome.PARTLY):
            yield "measure", "只有属实或部分属实的线索才填处理方式。"
