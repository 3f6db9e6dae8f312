"""User accounts, the one-time links that set their passwords, and the record of changes to accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils import timezone

from xuezheng.records import permissions
from xuezheng.records.models.chain import ChainLink


class User(AbstractUser):
    """An account of a member of the bureau's or a school's staff.

    ``section`` is the name of the area of a section's account (``aid``), else "". Sessions begun before
    ``sessions_since`` are invalid. With ``settings.SEPARATED_ROLES`` (三员分立) an administrator makes accounts,
    a security officer confirms rights, and an auditor reads logs; without it administrators do all three, but
    never confirm their own requests.
    """

    Role = permissions.Role

    role = models.CharField("角色", max_length=15, choices=Role, default=Role.CLERK)
    section = models.CharField("科室业务", max_length=30, blank=True, help_text="科室人员所管的业务，如 aid")
    school = models.ForeignKey(
        "records.School", models.PROTECT, null=True, blank=True, verbose_name="学校", related_name="clerks"
    )
    toured_at = models.DateTimeField("看过导览", null=True, editable=False)
    sessions_since = models.DateTimeField("会话起算时间", null=True, blank=True)
    password_changed_at = models.DateTimeField("密码设定时间", null=True, editable=False)

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    def set_password(self, raw_password: str | None) -> None:
        """Set the password and ``password_changed_at``, without saving."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    def end_sessions(self) -> None:
        """End all sessions of the user and revoke the user's API tokens.

        This takes effect in the database at once.
        """
        now = timezone.now()
        User.objects.filter(pk=self.pk).update(sessions_since=now)
        self.sessions_since = now
        self.api_tokens.filter(revoked_at=None).update(revoked_at=now)


class Invitation(models.Model):
    """A one-time link to set the password of an account, valid until ``expires_at`` (一次性链接).

    A link without an account creates the first administrator. Only the hash of the link's secret is stored.
    """

    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AccountChange(models.Model):
    """The record of one change made to an account (账号变动), written once and covered by the chain.

    ``what`` describes the change in Chinese; ``by`` is its author, None for the command line or the account's
    own one-time link.
    """

    account = models.ForeignKey(User, models.PROTECT, related_name="changes")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    what = models.CharField("变动", max_length=200)

    class Meta:
        ordering = ("-pk",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the change, with a link of the chain (校验链) that shows later changes; raises ``TypeError`` if saved before."""
        if self.pk is not None:
            raise TypeError("what was done to an account is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("account_change", [self.pk])
