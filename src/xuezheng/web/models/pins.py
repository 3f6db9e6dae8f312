"""The figures that users pin to their own home pages."""

from __future__ import annotations

from typing import Self
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import models

from xuezheng.records.models import User
from xuezheng.records.permissions import select_permitted


def written(slice: dict[str, str]) -> str:
    """Return a slice (member by dimension) as text, sorted by dimension, as ``school=3&stage=primary``.

    "" for an empty one.
    """
    return urlencode(sorted(slice.items()))


#: The largest number of characters of a slice that can be pinned, as text.
LONGEST_PART = 200


class PinQuerySet(models.QuerySet["Pin"]):
    """A query set of pins with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the pins that ``user`` has made."""
        return select_permitted(self, user, "see", "pin", made_by="user")


class Pin(models.Model):
    """A figure, or a slice of it, pinned to a user's home page (固定到首页), in the order that the user has chosen.

    ``figure`` is the key of the figure, ``part`` the slice as text (see :func:`written`); ``MOST`` is the
    largest number of pins of a user.
    """

    MOST = 12

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    figure = models.CharField("指标", max_length=60)
    part = models.CharField("范围", max_length=LONGEST_PART, blank=True)
    order = models.PositiveIntegerField("次序", default=0)

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = "首页指标"
        verbose_name_plural = "首页指标"
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(fields=["user", "figure", "part"], name="one_pin_of_a_figure_for_a_user")
        ]

    def __str__(self) -> str:
        return f"{self.figure}?{self.part}"

    @property
    def slice(self) -> dict[str, str]:
        """The slice of the figure (member by dimension), empty for the complete figure."""
        return dict(parse_qsl(self.part, keep_blank_values=True))
