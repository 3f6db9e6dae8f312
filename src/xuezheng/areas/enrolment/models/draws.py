"""Public draws, by which places at a school are assigned or its new pupils are divided into classes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.models import (
    School,
    Stage,
    User,
)
from xuezheng.records.permissions import select_permitted


class DrawQuerySet(models.QuerySet["Draw"]):
    """A query set of draws with the filter by user."""

    def visible_to(self, user: User) -> Self:
        """Return the draws that ``user`` has permission to see."""
        return select_permitted(self, user, "see", "enrolment.draw")


class Draw(models.Model):
    """A public draw of the places of a school (公开派位), or of its new pupils into classes (均衡编班).

    ``listing``, the list, has one line for each child; it is fixed and published before the seed, a public
    random number, exists. The result is computed from list, seed and ``places``, the number of places or of
    classes; it is not stored itself, only its hash. ``registered`` is whether the list was made from
    applications rather than uploaded.
    """

    class Kind(ClosedChoices):
        """The matters drawn: which children get places, or which children are in which class."""

        PLACES = "places", "学位派位"
        CLASSES = "classes", "均衡编班"

    class State(ClosedChoices):
        """The states: list fixed; seed entered once and to be confirmed; drawn; revoked."""

        FIXED = "fixed", "名单已固定"
        SEEDED = "seeded", "已录种子数，待复录"
        DRAWN = "drawn", "已出结果"
        REVOKED = "revoked", "已作废"

    kind = models.CharField("事项", max_length=10, choices=Kind, default=Kind.PLACES)
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校", related_name="+")
    stage = models.CharField("学段", max_length=10, choices=Stage)
    year = models.PositiveSmallIntegerField(
        "招生年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    places = models.PositiveIntegerField(
        "计划数", validators=[MinValueValidator(1)], help_text="均衡编班填班数"
    )
    registered = models.BooleanField("名单取自入学报名", default=False, editable=False)
    seed_from = models.CharField(
        "种子数取自",
        max_length=120,
        help_text="名单固定时还没有的公开号码，如“2026年7月21日福彩3D第2026191期开奖号码”",
    )
    seed_on = models.DateField("产生日期", help_text="须晚于今天")
    listing = models.TextField("名单", editable=False)
    count = models.PositiveIntegerField("名单人数", editable=False)
    list_hash = models.CharField("名单校验值", max_length=64, editable=False)
    seed = models.CharField("种子数", max_length=60, blank=True, editable=False)
    result_hash = models.CharField("结果校验值", max_length=64, blank=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, editable=False)
    fixed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="固定名单", related_name="+", editable=False
    )
    seeded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="录种子数",
        related_name="+",
        null=True,
        editable=False,
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="复录种子数",
        related_name="+",
        null=True,
        editable=False,
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = "公开派位"
        verbose_name_plural = "公开派位"
        ordering = ("-year", "-pk")

    def __str__(self) -> str:
        return f"{self.year}年{self.school}{Stage(self.stage).label}{self.get_kind_display()}"


class DrawStep(models.Model):
    """One entry of the log of a draw: the states before and after, the user, the time and a note.

    Never changed later.
    """

    draw = models.ForeignKey(Draw, models.PROTECT, verbose_name="派位", related_name="steps")
    before = models.CharField("此前", max_length=10, choices=Draw.State, blank=True)
    after = models.CharField("此后", max_length=10, choices=Draw.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "派位步骤"
        verbose_name_plural = "派位步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_after_display()}（{self.by}）"
