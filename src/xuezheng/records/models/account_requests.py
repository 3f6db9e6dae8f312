"""Requests for changes to accounts that a second person must confirm."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models.accounts import User


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    """Requests for changes to accounts."""

    def open(self) -> Self:
        """Return the requests that await a decision: neither decided nor expired."""
        return self.filter(decided_at=None, expires_at__gt=timezone.now())

    def approved(self) -> Self:
        """Return the requests that were approved.

        They were approved by a second person, by the requester alone during the setup, or on the server's
        command line.
        """
        return self.filter(approved=True)


class AccountRequest(models.Model):
    """A request for a change to an account (账号申请), which a second person confirms or refuses before ``expires_at``.

    ``values`` depends on ``kind``: for ``CHANGE`` it has the rights ``before`` and ``after``, each a dict
    with ``role``, ``section`` and ``school`` (primary key or None); for ``IDENTITY`` the ``issuer`` and
    ``subject`` of the platform's login. It may have ``text``, a Chinese description. ``requested_by`` is None
    for a change made on the server's command line; ``alone`` is True for a change made by one person while
    the bureau was being set up; ``used_at`` is the time when the approved link was shown.
    """

    class Kind(ClosedChoices):
        """The kinds of changes to an account that can be requested."""

        CREATE = "create", "启用新账号"
        LINK = "link", "发新的一次性链接"
        CHANGE = "change", "改角色、科室或学校"
        UNLOCK = "unlock", "启用或解锁"
        SECOND_FACTOR = "second_factor", "清除两步验证"
        IDENTITY = "identity", "关联统一认证"

    account = models.ForeignKey(User, models.PROTECT, related_name="requests")
    kind = models.CharField("事项", max_length=15, choices=Kind)
    values = models.JSONField("内容", default=dict)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    expires_at = models.DateTimeField("有效到")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    approved = models.BooleanField("是否同意", null=True)
    alone = models.BooleanField("未经第二人", default=False)
    used_at = models.DateTimeField("使用时间", null=True)

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "账号申请"
        verbose_name_plural = "账号申请"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=models.Q(decided_at=None),
                name="one_open_request_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.account}"
