"""Credentials besides the current password: a second factor, an account on another platform, and former passwords."""

from __future__ import annotations

from django.db import models

from xuezheng.records.fields import EncryptedField
from xuezheng.records.models.accounts import User


class SecondFactor(models.Model):
    """The owner's device that shows a new code every 30 seconds (两步验证, TOTP).

    It counts once its owner has typed a first code (``confirmed_at``). ``last_step`` is the number of the 30-second step, since 1970, of the last
    accepted code: no code of that step or an earlier one is accepted again.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = EncryptedField("密钥", max_length=64)
    confirmed_at = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField("最近使用的时间步", default=0)

    class Meta:
        verbose_name = "两步验证"
        verbose_name_plural = "两步验证"

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """A one-time code that replaces the device (恢复码); only its keyed hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=32)
    used_at = models.DateTimeField(null=True)


class ExternalIdentity(models.Model):
    """The account that a subject of the city's login platform belongs to (统一认证): mapped by an administrator, never automatically.

    ``issuer`` is the platform, ``subject`` the platform's identifier of the user.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField("签发方", max_length=200)
    subject = models.CharField("用户标识", max_length=200)
    made_at = models.DateTimeField("关联时间", auto_now_add=True)

    class Meta:
        verbose_name = "统一认证关联"
        verbose_name_plural = "统一认证关联"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_of_a_subject")]

    def __str__(self) -> str:
        return self.subject


class FormerPassword(models.Model):
    """The hash of a former password of a user, so that it is not chosen again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
