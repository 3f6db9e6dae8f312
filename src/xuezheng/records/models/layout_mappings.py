"""Mappings of foreign workbooks to templates that a person has confirmed: each version is a row, and the latest is in force."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from xuezheng.records.models.accounts import User
from xuezheng.records.models.district import School


class LayoutMappingQuerySet(models.QuerySet["LayoutMapping"]):
    """Mappings, with the rule of whose are in force for whom."""

    def for_user(self, user: User | None) -> Self:
        """Return the mappings in force for ``user``: the bureau's own, and those of the user's school; the bureau's without a user."""
        school = None if user is None else user.school_id
        return self.filter(Q(school=None) | Q(school=school)) if school else self.filter(school=None)


class LayoutMapping(models.Model):
    """One version of a mapping (对应关系): ``content`` is that of :class:`xuezheng.workbooks.layouts.mapping.Mapping`.

    ``fingerprint`` is that of the headings for which it is in force; ``school`` the school whose clerk confirmed it, and for which alone it is then in
    force.
    """

    fingerprint = models.CharField("表头特征", max_length=64, db_index=True)
    template = models.CharField("模板", max_length=31)
    content = models.JSONField("对应关系")
    name = models.CharField("来源文件", max_length=255)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="学校", related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="确认人", related_name="+"
    )
    made_at = models.DateTimeField("确认时间", auto_now_add=True)

    objects = LayoutMappingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "来源表的对应关系"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.name} → {self.template}"
