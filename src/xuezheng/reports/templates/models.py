"""The bureau's own report templates, and their versions, which are never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.chain import ChainLink


class Kind(ClosedChoices):
    """The kind of document that a template makes; it only decides where lists show the template."""

    HALF_YEAR = "half_year", "半年报告"
    YEAR = "year", "年度报告"
    GOVERNMENT = "government", "政府工作报告素材"
    NOTICE = "notice", "通知"
    LETTER = "letter", "函"
    OTHER = "other", "其他"


class BureauTemplate(models.Model):
    """A report template of the bureau (本局模板); ``name`` is part of addresses and commands and never changes.

    ``latest`` is the number of its version in use: it is changed by a conditional update, so that of two
    users who save at the same time one succeeds.
    """

    name = models.CharField(
        "代号",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_-]*\Z", "代号只用小写字母、数字、“-”和“_”，以字母开头。")],
    )
    latest = models.PositiveIntegerField("现行版", default=0)

    class Meta:
        verbose_name = "本局报告模板"
        verbose_name_plural = "本局报告模板"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One version of a template, never changed after it was saved and covered by the chain (校验链).

    ``number`` counts from 1; ``retires`` is True for a version that takes the template out of use.
    """

    template = models.ForeignKey(BureauTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版次")
    title = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind)
    source = models.TextField("内容", max_length=200_000)
    note = models.CharField("说明", max_length=200, blank=True)
    retires = models.BooleanField("停用", default=False, help_text="停用的模板不再列出，以前的报告不变")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "报告模板的一版"
        verbose_name_plural = "报告模板的各版"
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="one_version_of_a_number_in_a_template"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}第{self.number}版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the version, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a version of a template is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("report.template", [self.pk])
