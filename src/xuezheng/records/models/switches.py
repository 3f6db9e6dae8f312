"""The record of which areas and registers this bureau has switched off and on again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records.models.chain import ChainLink


class Switch(models.Model):
    """One act of switching an area or a register off or on (停用、启用), written once and covered by the chain.

    ``name`` is the name of an area or of a register's table; the latest row of a name is in force. What was
    never switched is on.
    """

    name = models.CharField("业务或台账", max_length=60, db_index=True)
    used = models.BooleanField("使用")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "业务和台账的停用"
        verbose_name_plural = "业务和台账的停用"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{'启用' if self.used else '停用'}{self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("a switching is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("switch", [self.pk])
