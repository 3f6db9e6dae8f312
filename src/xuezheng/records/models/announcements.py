"""Announcements of the bureau (通知), shown to a user until read or until their last day is past."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.accounts import User
from xuezheng.records.permissions import may


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements, with the rules for who sees them and until when."""

    def visible_to(self, user: User) -> Self:
        """Return the announcements addressed to ``user`` or written by ``user``; the office sees all."""
        sent = [to for to in Announcement.To.values if may(user, "see", f"announcement_to_{to}")]
        return self.filter(Q(to__in=sent) | Q(made_by=user))

    def active(self) -> Self:
        """Return the announcements that are not withdrawn and whose last day, ``until``, is today or later."""
        return self.filter(withdrawn_at=None, until__gte=timezone.localdate())


class Announcement(models.Model):
    """One announcement. Its text never changes: to correct an error, its author withdraws it and writes another."""

    class To(ClosedChoices):
        """The groups of readers to whom an announcement can be addressed."""

        ALL = "all", "局机关和学校"
        BUREAU = "bureau", "局机关"
        SCHOOLS = "schools", "学校"

    title = models.CharField("标题", max_length=60, help_text="如：秋季学期学生名册填报说明")
    text = models.CharField("内容", max_length=1000, help_text="不写学生姓名和证件号")
    to = models.CharField("发给", max_length=10, choices=To, default=To.ALL)
    until = models.DateField("显示到", help_text="过了这一天不再显示，如2019-09-30")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发布人", related_name="+"
    )
    made_at = models.DateTimeField("发布时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, editable=False)
    read_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name="已读", related_name="+", editable=False
    )

    #: Set by the page that lists announcements, for its template; no columns of the table.
    is_active: bool
    may_withdraw: bool

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title
