"""Batches, from which rows come, and the mappings by which workbooks of other layouts were read.

A batch is an import or a bulk change.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from xuezheng.records.models.accounts import User
from xuezheng.records.models.district import School
from xuezheng.records.permissions import may, select_permitted


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches: imports and changes of many records."""

    def visible_to(self, user: User) -> Self:
        """Return the batches that ``user`` may see: all, but a school's clerk sees only those that the clerk made."""
        return select_permitted(self, user, "see", "batch", made_by="made_by")


class Batch(models.Model):
    """One imported workbook or, with a ``reason``, one change of many records at once (批次).

    ``undone_at`` is set if it was undone. ``content_sha256`` is the hash of the cells' contents, so that a
    copy of the file saved again is recognised; "" for a bulk change. ``sheets`` is a list of one dict per
    sheet, whose numbers of rows satisfy ``submitted = added + changed + unchanged + rejected``.
    """

    file_name = models.CharField("文件名", max_length=255)
    content_sha256 = models.CharField("内容摘要", max_length=64, db_index=True, blank=True)
    reason = models.CharField("修改原因", max_length=80, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="导入人"
    )
    made_at = models.DateTimeField("导入时间", auto_now_add=True)
    sheets = models.JSONField("各表行数", default=list)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="撤销人",
        related_name="+",
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"批次{self.pk} {self.file_name}"

    def may_be_undone_by(self, user: User) -> bool:
        """Return whether ``user`` has the permission to undo the batch.

        The office may undo every batch, any user those that the user made, and a section's users those with
        which schools answered a collection (填报任务) of the section. Whether the batch can still be undone is
        not examined.
        """
        sections = self.submissions.values_list("collection__section", flat=True)
        return may(user, "undo", "batch", made_by=self.made_by_id) or any(
            may(user, "undo", "batch", section=section) for section in sections
        )


class LayoutMappingQuerySet(models.QuerySet["LayoutMapping"]):
    """Mappings, with the rule for which are in force for a user."""

    def for_user(self, user: User | None) -> Self:
        """Return the mappings (对应关系) in force for ``user``: those of the bureau and those of the user's school.

        Without a user (None), or for a user without a school, only those of the bureau are returned.
        """
        school = None if user is None else user.school_id
        return self.filter(Q(school=None) | Q(school=school)) if school else self.filter(school=None)


class LayoutMapping(models.Model):
    """One version of a mapping (对应关系) from a workbook's own headings to the columns of a template.

    ``content`` is the JSON form of a :class:`xuezheng.workbooks.layouts.mapping.Mapping`. ``fingerprint`` is
    a hash of the headings: a later workbook with the same headings is read by this mapping. ``school`` is the
    school whose clerk confirmed it and for which alone it is in force; None for the bureau.
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
