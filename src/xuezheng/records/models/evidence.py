"""What supports the contents of registers and tables: explanations of numbers, and scans and photos kept with a record."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records.fields import EncryptedField
from xuezheng.records.models.accounts import User
from xuezheng.records.models.base import Record
from xuezheng.records.models.batches import Batch
from xuezheng.records.models.chain import ChainLink
from xuezheng.records.models.district import School

#: A document is stored in parts of so many bytes, so that backups and changes of keys, which read many rows
#: at once, need little memory.
_PART_BYTES = 48 * 1024


class ValueExplanationQuerySet(models.QuerySet["ValueExplanation"]):
    """Explanations of numbers that deviate from what was expected."""

    def active(self) -> Self:
        """Return the explanations whose import was not undone."""
        return self.filter(batch__undone_at=None)


class ValueExplanation(models.Model):
    """A user's explanation of an imported number that deviates from what was expected (经验校验的说明).

    The number is in the field ``path`` of the row with primary key ``record`` in the register named
    ``register``; ``check_name`` is the check that it did not pass. ``thing`` is the row's natural key without
    the ``period``, so that the explanation is found again in the next period. ``subject``, ``title``,
    ``value`` and ``expected`` are the Chinese texts that the author was shown: of the row, the column, the
    number and what was expected.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, verbose_name="导入批次", related_name="explanations")
    sheet = models.CharField("表", max_length=31)
    register = models.CharField("台账", max_length=60)
    record = models.BigIntegerField("行编号")
    thing = models.CharField("同一事项", max_length=200)
    period = models.CharField("时期", max_length=20, blank=True)
    path = models.CharField("栏目代码", max_length=60)
    subject = models.CharField("事项", max_length=200)
    title = models.CharField("栏目", max_length=60)
    check_name = models.CharField("校验", max_length=20)
    value = models.CharField("填报数", max_length=40)
    expected = models.CharField("参照", max_length=300)
    text = models.CharField("说明", max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="说明人"
    )
    made_at = models.DateTimeField("说明时间", auto_now_add=True)

    objects = ValueExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据说明"
        ordering = ("pk",)
        indexes = [models.Index(fields=["register", "thing", "path"], name="explanations_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.subject} {self.title}：{self.text}"


#: The text of an explanation of a table is no longer than this.
LONGEST = 300


class TableExplanationQuerySet(models.QuerySet["TableExplanation"]):
    """Explanations of numbers of statistical tables."""

    def of_table(self, table: str, year: int, school: School | None) -> Self:
        """Return the explanations of the table with a code in a year, of a school or, for None, of all schools."""
        return self.filter(table=table, year=year, school=school)


class TableExplanation(models.Model):
    """A user's explanation of a break of a rule or a large change in a statistical table (统计表的说明).

    It is written once and covered by the chain; a later one of the same ``subject`` replaces it. ``school`` is
    None for the table of all schools. ``subject`` identifies the rule and its place, or the cell, and
    ``numbers`` are the two numbers that are explained: for others the explanation is void.
    """

    table = models.CharField("表号", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField("事项", max_length=300)
    numbers = models.CharField("所说明的数", max_length=60)
    text = models.CharField("说明", max_length=LONGEST)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("时间", default=timezone.now)

    objects = TableExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = "统计表的说明"
        verbose_name_plural = "统计表的说明"
        ordering = ("pk",)
        indexes = [models.Index(fields=["table", "year", "school"], name="explanations_of_a_table")]

    def __str__(self) -> str:
        return f"{self.table} {self.year} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row and cover it by the chain; raises ``TypeError`` if it was already saved."""
        if self.pk is not None:
            raise TypeError("an explanation is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("table_explanation", [self.pk])


class SupportingDocumentQuerySet(models.QuerySet["SupportingDocument"]):
    """Supporting documents, with the rule for which belong to a record."""

    def of(self, record: Record) -> Self:
        """Return the documents of a record that were not removed, the oldest first."""
        return self.filter(register=record.table_name(), record=record.pk, removed_at=None)


class SupportingDocument(models.Model):
    """A file that proves what a record says (佐证材料).

    The record has the primary key ``record`` in the register with the table name ``register``. ``size`` is in
    bytes. A removed document keeps its row without the content, with who removed it and when. Who may see
    the record may read its documents.
    """

    register = models.CharField("台账", max_length=60)
    record = models.BigIntegerField("记录编号")
    name = models.CharField("文件名", max_length=120)
    note = models.CharField("说明", max_length=80, blank=True)
    size = models.PositiveIntegerField("字节数")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    made_at = models.DateTimeField("上传时间", auto_now_add=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="删除人",
        related_name="+",
    )
    removed_at = models.DateTimeField("删除时间", null=True, blank=True)

    objects = SupportingDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ("pk",)
        indexes = [models.Index(fields=["register", "record"], name="documents_of_a_record")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def keep(cls, record: Record, name: str, content: bytes, note: str, user: User) -> SupportingDocument:
        """Store a file with a record, and return the document."""
        document = cls.objects.create(
            register=record.table_name(),
            record=record.pk,
            name=name,
            note=note,
            size=len(content),
            made_by=user,
        )
        starts = range(0, len(content), _PART_BYTES)
        DocumentPart.objects.bulk_create(
            DocumentPart(
                document=document,
                number=number,
                content=b64encode(content[start : start + _PART_BYTES]).decode(),
            )
            for number, start in enumerate(starts)
        )
        return document

    def content(self) -> bytes:
        """Return the bytes of the file; b"" if it was removed."""
        parts = self.parts.order_by("number").values_list("content", flat=True)
        return b"".join(b64decode(part) for part in parts)

    @transaction.atomic
    def remove(self, user: User) -> bool:
        """Delete the content; return False if it was removed before."""
        present = type(self).objects.filter(pk=self.pk, removed_at=None)
        if not present.update(removed_by=user, removed_at=timezone.now()):
            return False
        self.parts.all().delete()
        return True


class DocumentPart(models.Model):
    """A part of the content of a supporting document, as encrypted Base64 text; parts are joined by ``number``."""

    document = models.ForeignKey(
        SupportingDocument, models.CASCADE, verbose_name="佐证材料", related_name="parts"
    )
    number = models.PositiveIntegerField("序号")
    content = EncryptedField("内容", max_length=_PART_BYTES * 2)

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料的内容"
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="parts_of_a_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"
