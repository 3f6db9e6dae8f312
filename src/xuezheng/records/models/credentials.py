"""By what people show who they are, besides the password: a second factor, an account elsewhere; and passwords of before."""

from __future__ import annotations

from django.db import models

from xuezheng.records.fields import EncryptedField
from xuezheng.records.models.accounts import User


class SecondFactor(models.Model):
    """A device of the owner's that shows a code every half minute (两步验证, TOTP).

    It counts once its owner has typed a first code (``confirmed_at``). ``last_step`` is the half minute of the last code
    that was accepted: no code of it or before is accepted again.
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
    """A code that stands in for the device, once (恢复码); only its keyed hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=32)
    used_at = models.DateTimeField(null=True)


class ExternalIdentity(models.Model):
    """Whom a platform of the city means by a subject (统一认证): mapped by an administrator, never by itself."""

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
    """The hash of a password that its owner has had, so that it is not chosen again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
