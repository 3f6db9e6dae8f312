"""Named views of lists, and the columns that users chose last for a list."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import Record, User


class ListViewQuerySet(models.QuerySet["ListView"]):
    """A query set of saved views with the filters by user and by register."""

    def visible_to(self, user: User) -> Self:
        """Return the views that ``user`` may use.

        They are the user's own, those shared with all users, and those that a colleague has shared with
        colleagues. Colleagues have the same role, section and school.
        """
        fellows = Q(
            shared=ListView.Shared.FELLOWS,
            owner__role=user.role,
            owner__section=user.section,
            owner__school=user.school_id,
        )
        return self.filter(Q(owner=user) | Q(shared=ListView.Shared.ALL) | fellows)

    def for_register(self, model: type[Record]) -> Self:
        """Return the views of the list of one register, given by its model class."""
        return self.filter(register=model.table_name())


class ListView(models.Model):
    """A saved view of a register's list under a name (视图): columns, filters and order, but no typed words.

    Words are left out since they may be a child's name. The view has no rows: users who open it see the rows
    that they may see. ``query`` is the query string of the list's address; ``version`` counts the changes, so
    that two simultaneous changes do not overwrite each other.
    """

    class Shared(ClosedChoices):
        """The users who may use a view."""

        OWN = "own", "只有自己"
        FELLOWS = "fellows", "本科室或本校"
        ALL = "all", "全局"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="所有人", related_name="+"
    )
    register = models.CharField("台账", max_length=60)
    name = models.CharField("名称", max_length=30)
    query = models.TextField("内容", blank=True)
    shared = models.CharField("共享", max_length=10, choices=Shared, default=Shared.OWN)
    version = models.PositiveIntegerField("版次", default=1)

    objects = ListViewQuerySet.as_manager()

    class Meta:
        verbose_name = "台账视图"
        verbose_name_plural = "台账视图"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "register", "name"], name="one_view_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ListHabit(models.Model):
    """A user's choices for a register's list: the columns, and the view with which the list opens.

    ``register`` is the register's name; ``columns`` are keys of columns separated by commas, "" for the
    default ones.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="用户", related_name="+")
    register = models.CharField("台账", max_length=60)
    columns = models.TextField("列", blank=True)
    opens_with = models.ForeignKey(
        ListView, models.SET_NULL, null=True, blank=True, verbose_name="默认视图", related_name="+"
    )

    class Meta:
        verbose_name = "台账习惯"
        verbose_name_plural = "台账习惯"
        constraints = [models.UniqueConstraint(fields=["user", "register"], name="one_habit_of_a_register")]

    def __str__(self) -> str:
        return f"{self.user} {self.register}"

    @classmethod
    def find(cls, user: User, model: type[Record]) -> ListHabit | None:
        """Return the user's stored choices for a register; None if there are none."""
        return cls.objects.select_related("opens_with").filter(user=user, register=model.table_name()).first()

    @classmethod
    def keep(cls, user: User, model: type[Record], **chosen: object) -> None:
        """Store the user's choices for a register's list.

        ``chosen`` has ``columns`` (a text: keys of columns separated by commas, "" for the default ones),
        ``opens_with`` (the :class:`ListView` with which the list opens, None for none) or both. One that is
        omitted stays as it was stored, or "" or None where nothing was.
        """
        cls.objects.update_or_create(user=user, register=model.table_name(), defaults=chosen)
