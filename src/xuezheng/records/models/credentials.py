"""Credentials besides the current password.

These are second factors, logins of another platform, former passwords, and API tokens.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import EncryptedField
from xuezheng.records.models.accounts import User
from xuezheng.records.permissions import select_permitted


class SecondFactor(models.Model):
    """A user's device that shows a new code every 30 seconds (两步验证, TOTP).

    It is required at log-in once the user has confirmed it by a first code (``confirmed_at``). ``last_step``
    is the number of the 30-second step, since 1970, of the last accepted code: no code of that step or an
    earlier one is accepted again.
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
    """A one-time code to log in without the device (恢复码); only its keyed hash is stored."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=32)
    used_at = models.DateTimeField(null=True)


class ExternalIdentity(models.Model):
    """The account to which a user of the city's login platform (统一认证) is mapped.

    An administrator maps it, never the system. ``issuer`` identifies the platform, ``subject`` is the
    platform's identifier of the user.
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


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """API tokens."""

    def visible_to(self, user: User) -> Self:
        """Return the tokens that ``user`` may see and revoke: the user's own; for an administrator, all."""
        return select_permitted(self, user, "see", "token", made_by="owner")

    def active(self) -> Self:
        """Return the tokens that are valid today: not revoked, not expired, and of an active account."""
        return self.filter(revoked_at=None, expires_on__gte=timezone.localdate(), owner__is_active=True)


class ApiToken(models.Model):
    """A token with which a program reads data that its owner may see, limited to ``scopes`` (接口令牌).

    ``scopes`` is a list of values of :class:`Scope`. Only the hash of the secret is stored. ``last_used_on``
    is a date, so that frequent requests cause few writes.
    """

    class Scope(ClosedChoices):
        """The kinds of data that a token may read."""

        FIGURES = "figures", "指标"
        ROWS = "rows", "指标的来源行"
        SNAPSHOTS = "snapshots", "快照"
        PLAN = "plan", "计划"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens")
    title = models.CharField("用在哪里", max_length=60)
    scopes = models.JSONField("能读什么", default=list)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("建立时间", auto_now_add=True)
    expires_on = models.DateField("有效到")
    revoked_at = models.DateTimeField("作废时间", null=True)
    last_used_on = models.DateField("最近使用", null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def scope_labels(self) -> list[str]:
        """The Chinese labels of the scopes."""
        return [str(self.Scope(scope).label) for scope in self.scopes]
