"""API tokens for programs, with a scope and an expiry date."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.accounts import User
from xuezheng.records.permissions import select_permitted


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """API tokens."""

    def visible_to(self, user: User) -> Self:
        """Return the tokens that ``user`` may see and revoke: the user's own; for an administrator, all."""
        return select_permitted(self, user, "see", "token", made_by="owner")

    def active(self) -> Self:
        """Return the tokens that are valid today: not revoked, not expired, and of an active account."""
        return self.filter(revoked_at=None, expires_on__gte=timezone.localdate(), owner__is_active=True)


class ApiToken(models.Model):
    """A token by which a program reads the data that its owner may see, within a scope (接口令牌).

    Only the hash of its secret is kept. ``last_used_on`` is a date, so that frequent requests cause few writes.
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
