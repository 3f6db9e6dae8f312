"""The log of accesses to personal data.

Every page and file that shows persons adds an entry with reader, time and purpose.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.accounts import User
from xuezheng.records.permissions import select_permitted


class LookQuerySet(models.QuerySet["Look"]):
    """Entries of the access log: they are added and read, never changed."""

    def visible_to(self, user: User) -> Self:
        """Return all entries if the user's role may read the log (the office and roles that audit), else none."""
        return select_permitted(self, user, "see", "access_log")

    def at_persons(self, keys: set[int]) -> Self:
        """Return the entries of accesses that showed any of the persons with these primary keys."""
        return self.filter(pk__in=Seen.objects.filter(person__in=keys).values("look"))

    def forget(self, before: datetime) -> int:
        """Delete the entries older than ``before``, the end of their retention period.

        Returns the number deleted.
        """
        old = self.filter(at__lt=before)
        Seen.objects.filter(look__in=old)._raw_delete(self.db)
        return int(old._raw_delete(self.db))

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: raises ``TypeError``, since entries of the log are never changed."""
        raise TypeError("a look is never changed")

    def delete(self) -> NoReturn:
        """Refuse: raises ``TypeError``, since entries of the log are never deleted one by one."""
        raise TypeError("a look is never deleted")


class Look(models.Model):
    """One access to personal data (查阅记录): a page, a file or a response of the API that showed persons.

    Of the persons it stores only the primary keys of their records (:class:`Seen`). ``people`` is the number
    of persons shown, including those who are in no register yet, as in a workbook before its import. The
    caller sets ``id``, made of the time in milliseconds and a random tail, so that entries not yet written
    already have their keys.
    """

    class Kind(ClosedChoices):
        """How persons were shown; those in :attr:`FULL_NUMBERS` are files with complete ID or account numbers."""

        PAGE = "page", "看页面"
        FILE = "file", "下载文件"
        PROGRAM = "program", "程序读取"
        WHOLE_NUMBERS = "whole", "导出含完整号码"
        BANK_FILE = "bank_file", "银行代发文件"
        LEDGER = "ledger", "发放台账"
        SCHOOL_WORKBOOK = "school_workbook", "学校填报工作簿"

    #: The kinds of access that show complete ID or account numbers.
    FULL_NUMBERS = (Kind.WHOLE_NUMBERS, Kind.BANK_FILE, Kind.LEDGER, Kind.SCHOOL_WORKBOOK)

    id = models.BigIntegerField("编号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    # Not bound by the database: a line is true whatever becomes of the account.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_constraint=False, verbose_name="谁", related_name="+"
    )
    kind = models.CharField("方式", max_length=20, choices=Kind)
    what = models.CharField("页面或文件", max_length=120)
    purpose = models.CharField("用途", max_length=120)
    people = models.PositiveIntegerField("人数")
    machine = models.CharField("机器地址", max_length=45)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.what}"

    @property
    def shows_full_numbers(self) -> bool:
        """Whether the file contained complete ID or account numbers."""
        return self.kind in self.FULL_NUMBERS

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: raises ``TypeError``, since :mod:`xuezheng.web.security.access_log` inserts entries in bulk."""
        raise TypeError("a look is never changed")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: raises ``TypeError``, since entries of the log are never deleted one by one."""
        raise TypeError("a look is never deleted")


class Seen(models.Model):
    """A person shown by an access, as the primary key of the person's record.

    It is no foreign key, so that the entry outlives the record; primary keys are never reused.
    """

    look = models.ForeignKey(Look, models.PROTECT, related_name="seen")
    person = models.BigIntegerField("人员")

    class Meta:
        indexes = [models.Index(fields=["person", "-look"], name="looks_at_a_person")]
        constraints = [models.UniqueConstraint(fields=["look", "person"], name="a_person_once_in_a_look")]
