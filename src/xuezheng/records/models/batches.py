"""Where rows came from."""

from django.conf import settings
from django.db import models


class Batch(models.Model):
    """One import: a workbook that was taken in whole.

    ``sheets`` holds, for each sheet, the counts ``submitted = added + changed + unchanged + rejected``.
    """

    file_name = models.CharField("文件名", max_length=255)
    file_sha256 = models.CharField("文件摘要", max_length=64, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name="导入人"
    )
    made_at = models.DateTimeField("导入时间", auto_now_add=True)
    sheets = models.JSONField("各表行数", default=list)

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"批次{self.pk} {self.file_name}"
