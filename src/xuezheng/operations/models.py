"""The model of the installation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """The installation to which the database belongs: a single row, created at the first start.

    It is compared with the file of keys at every start: ``identity`` is the random identifier that
    ``keys.json`` has too, and the check values are those of :attr:`xuezheng.core.keys.Keys.checks`, from
    which the keys cannot be computed. ``release`` is that of the schema.
    """

    identity = models.CharField("安装标识", max_length=32)
    encryption_check = models.CharField("加密密钥校验值", max_length=64)
    hashing_check = models.CharField("索引密钥校验值", max_length=64)
    release = models.CharField("结构所属版本", max_length=20)
    started_at = models.DateTimeField("首次启动时间", auto_now_add=True)

    class Meta:
        verbose_name = "安装"
        verbose_name_plural = "安装"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_installation_a_database")]

    def __str__(self) -> str:
        return self.identity
