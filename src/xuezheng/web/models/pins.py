"""What a person keeps of the pages: the figures that are pinned to the own home page."""

from __future__ import annotations

from typing import Self
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import models

from xuezheng.records.models import User
from xuezheng.records.permissions import select_permitted


def written(slice: dict[str, str]) -> str:
    """Write a slice so that the same slice is always the same text."""
    return urlencode(sorted(slice.items()))


#: How many signs the part of a figure has at most, as it is written for a pin.
LONGEST_PART = 200


class PinQuerySet(models.QuerySet["Pin"]):
    """Pins."""

    def visible_to(self, user: User) -> Self:
        """Return the user's own."""
        return select_permitted(self, user, "see", "pin", made_by="user")


class Pin(models.Model):
    """A figure, or a part of it, on somebody's home page (钉到首页), in the order in which its owner has put them."""

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
        """The part of the figure."""
        return dict(parse_qsl(self.part, keep_blank_values=True))
