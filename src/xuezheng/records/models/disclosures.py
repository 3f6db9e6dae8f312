"""Files that went out with whole ID numbers or account numbers: who took what, when, about how many persons."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from xuezheng.records.models.accounts import User


class DisclosureQuerySet(models.QuerySet):
    """Lines of the log: they are added and read, never changed."""

    def visible_to(self, user: User) -> Self:
        """Return the lines that ``user`` may see: the office all, others none."""
        return self if user.sees_all else self.none()

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("a disclosure is never changed")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise TypeError("a disclosure is never deleted")


class Disclosure(models.Model):
    """One file with whole numbers of persons that was handed out (下载记录). It holds nothing of the persons themselves."""

    class Kind(models.TextChoices):
        """What the file is for."""

        BANK_FILE = "bank_file", "银行代发文件"
        LEDGER = "ledger", "发放台账"
        SCHOOL_WORKBOOK = "school_workbook", "学校填报工作簿"

    kind = models.CharField("种类", max_length=20, choices=Kind)
    what = models.CharField("文件", max_length=120)
    people = models.PositiveIntegerField("人数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="下载人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = "下载记录"
        verbose_name_plural = "下载记录"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the line; raises ``TypeError`` for one that is there."""
        if self.pk is not None:
            raise TypeError("a disclosure is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise TypeError("a disclosure is never deleted")
