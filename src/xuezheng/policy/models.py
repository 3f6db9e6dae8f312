"""The policy of this bureau: adopted packs, source checks, and the bureau's own versions."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.chain import ChainLink


class TakenPack(models.Model):
    """A policy pack with the content that was adopted (政策包).

    A pack is a collection of policy values that one level of government sets; that of a later release applies
    only once it is adopted too. ``level`` is a value of :class:`xuezheng.policy.packs.Level`; ``content`` is
    what :func:`xuezheng.policy.kept.write_content` returned. The latest row of a ``code`` counts; if it is
    ``withdrawn``, the pack is not in force.
    """

    code = models.CharField("代码", max_length=40)
    title = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("层级")
    edition = models.CharField("版次", max_length=20)
    content = models.JSONField("内容")
    withdrawn = models.BooleanField("已停用", default=False)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField("采用时间", default=timezone.now)

    class Meta:
        verbose_name = "政策包"
        verbose_name_plural = "政策包"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a pack that was taken is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("policy.pack", [self.pk])


class SourceCheck(models.Model):
    """A record that a user compared a version of policy with the document that prescribes it (核实记录), written once.

    The version is identified by the key of its matter (``key``, as ``aid.boarder``), the code of its pack
    (``pack``) and its first day (``first``); its latest row counts. ``content`` is the value and source that
    were compared: if the version has another value or source by now, the check does not count.
    """

    key = models.CharField("标准", max_length=80, db_index=True)
    pack = models.CharField("政策包", max_length=40)
    first = models.DateField("施行日期")
    content = models.JSONField("核对的值和依据")
    document = models.CharField("核对的文件", max_length=300, help_text="文号和条款，或者在哪里看到原文")
    checked_on = models.DateField("核对日期")
    withdrawn = models.BooleanField("已撤回", default=False)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "标准核实记录"
        verbose_name_plural = "标准核实记录"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.key} {self.first}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a check is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("policy.source_check", [self.pk])


class LocalVersion(models.Model):
    """A version of policy that the bureau sets itself (本局标准), proposed by one user, approved by another, and revocable.

    ``key`` is the key of the matter (``aid.boarder``), ``first`` the day from which the value applies.
    ``value`` has the form that :func:`xuezheng.policy.entries.to_json` returns, money in fen; None ends the
    bureau's own value from ``first`` on. Its history is in its steps (:class:`VersionStep`).
    """

    class State(ClosedChoices):
        """The status of a version: withdrawn by its proposer before a decision, revoked after its approval."""

        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"
        REVOKED = "revoked", "已撤销"

    key = models.CharField("标准", max_length=80, db_index=True)
    first = models.DateField("施行日期")
    value = models.JSONField("标准值", null=True)
    source = models.CharField("依据", max_length=300)
    published_on = models.DateField("发文日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "本局标准"
        verbose_name_plural = "本局标准"
        ordering = ("key", "first", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "first"],
                condition=models.Q(state__in=["proposed", "approved"]),
                name="one_local_version_of_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.first}"


class VersionScan(models.Model):
    """The scanned document on which a version is based (依据扫描件), stored once with the proposal.

    It is a PDF, JPEG or PNG file.
    """

    version = models.OneToOneField(LocalVersion, models.PROTECT, related_name="scan")
    name = models.CharField("文件名", max_length=120)
    content = models.BinaryField("内容")
    sha256 = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "标准依据扫描件"
        verbose_name_plural = "标准依据扫描件"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    def is_intact(self) -> bool:
        """Return whether the content still has the stored SHA-256."""
        return hashlib.sha256(self.content).hexdigest() == self.sha256

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the scan, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a scan is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("policy.version_scan", [self.pk])


class VersionStep(models.Model):
    """One step of a bureau's own version from one status to another (办理记录), written once.

    The chain covers it together with the version's content. ``before`` is "" for the proposal itself;
    ``note`` is the reason that the user gave.
    """

    version = models.ForeignKey(LocalVersion, models.PROTECT, related_name="steps")
    before = models.CharField(max_length=10, choices=LocalVersion.State, blank=True)
    after = models.CharField(max_length=10, choices=LocalVersion.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "标准办理记录"
        verbose_name_plural = "标准办理记录"
        ordering = ("pk",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the step, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a step is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("policy.version_step", [self.pk])
