"""Holidays and working days that the office has registered, for years that no policy covers yet."""

from __future__ import annotations

from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import Record


class CalendarDay(Record):
    """A holiday, or a working day on a weekend (放假和调休日), in a year that no policy covers yet."""

    class Kind(ClosedChoices):
        """Whether the day is a holiday or a working day."""

        OFF = "off", "放假"
        WORK = "work", "调休上班"

    natural_key = ("day",)
    open_to_all = True

    day = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=4, choices=Kind)
    document = models.CharField("依据", max_length=60, help_text="国务院办公厅关于当年部分节假日安排的通知")

    class Meta:
        verbose_name = "放假和调休日"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day}{self.get_kind_display()}"
