"""Those who log in."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction

from xuezheng.records.models.chain import ChainLink


class User(AbstractUser):
    """A member of the bureau's or a school's staff who uses the system.

    ``sessions_since`` ends every session that was begun before it.
    """

    class Role(models.TextChoices):
        """What a person does, which decides what the person sees."""

        OFFICE = "office", "办公室"
        SECTION = "section", "科室"
        LEADER = "leader", "领导"
        CLERK = "clerk", "学校经办人"
        ADMINISTRATOR = "administrator", "系统管理员"

    role = models.CharField("角色", max_length=15, choices=Role, default=Role.CLERK)
    section = models.CharField("科室业务", max_length=30, blank=True, help_text="科室人员所管的业务，如 aid")
    school = models.ForeignKey(
        "records.School", models.PROTECT, null=True, blank=True, verbose_name="学校", related_name="clerks"
    )
    toured_at = models.DateTimeField("看过导览", null=True, editable=False)
    sessions_since = models.DateTimeField("会话起算时间", null=True, blank=True)

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"

    @property
    def sees_all(self) -> bool:
        """Whether the person sees every row: the office."""
        return self.role == self.Role.OFFICE

    def answers_for(self, area: str) -> bool:
        """Whether the person answers for an area: the office for any, a section for its own."""
        return self.sees_all or (self.role == self.Role.SECTION and self.section == area)

    @property
    def administers(self) -> bool:
        """Whether the person keeps the accounts and reads the logs; that shows nobody's records."""
        return self.is_superuser or self.role == self.Role.ADMINISTRATOR


class Invitation(models.Model):
    """A link by which somebody sets the password of an account, once and within a day (一次性链接).

    Without an account it makes the first administrator. Only the hash of the link's secret is kept.
    """

    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class AccountChange(models.Model):
    """What was done to an account, by whom (账号变动); without ``by`` it was done on the command line or by its own link."""

    account = models.ForeignKey(User, models.PROTECT, related_name="changes")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    what = models.CharField("变动", max_length=200)

    class Meta:
        ordering = ("-pk",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the line, once, and cover it by the chain."""
        if self.pk is not None:
            raise TypeError("what was done to an account is never changed")
        with transaction.atomic():
            super().save(*args, **kwargs)
            ChainLink.objects.append("account_change", [self.pk])
