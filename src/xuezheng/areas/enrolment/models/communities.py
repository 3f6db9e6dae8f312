"""The registers from which school zones are planned: communities, children, distances, and siblings."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.records.models import LATITUDE, LONGITUDE, Record, School


class Community(Record):
    """A community or village (社区、村), with the point from which its children usually set out for school.

    The coordinates are decimal degrees, both None if unknown.
    """

    natural_key = ("name",)
    natural_key_name = "one_community_of_a_name"
    open_to_all = True

    name = models.CharField("社区（村）", max_length=40, help_text="与学区划片表、出生人口表的写法一致")
    code = models.CharField(
        "统计用区划代码",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{12}$", "统计用区划代码是12位数字。没有的留空。")],
    )
    longitude = models.DecimalField(
        "经度", max_digits=9, decimal_places=6, null=True, blank=True, validators=LONGITUDE,
        help_text="孩子上学通常出发的地点，以度为单位的小数，如118.336700；与学校位置用同一种坐标",
    )  # fmt: skip
    latitude = models.DecimalField(
        "纬度", max_digits=9, decimal_places=6, null=True, blank=True, validators=LATITUDE,
        help_text="以度为单位的小数，如29.828500",
    )  # fmt: skip

    class Meta:
        verbose_name = "社区（村）"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if (self.longitude is None) != (self.latitude is None):
            missing = "longitude" if self.longitude is None else "latitude"
            yield missing, "经度、纬度只填了一个。请都填，或都留空。"


class CommunityChildren(Record):
    """The number of children of a community who reach the age of entry to a stage in a year (适龄儿童摸底)."""

    natural_key = ("community", "stage", "year")
    natural_key_name = "one_count_of_children_a_year"

    community = models.ForeignKey(Community, models.PROTECT, verbose_name="社区（村）")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField(
        "招生年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    children = models.PositiveSmallIntegerField("适龄儿童数", validators=[MaxValueValidator(5000)])

    class Meta:
        verbose_name = "适龄儿童摸底"

    def __str__(self) -> str:
        return f"{self.community} {self.year}"


class WalkingDistance(Record):
    """The walking distance from a community to a school in metres, measured or taken from a map (步行距离)."""

    natural_key = ("community", "school")
    natural_key_name = "one_distance_of_community_and_school"
    school_paths = ("school",)

    community = models.ForeignKey(Community, models.PROTECT, verbose_name="社区（村）")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    metres = models.PositiveIntegerField(
        "步行距离",
        validators=[MaxValueValidator(200_000, "超过200公里，一个县没有这么远。请核对是否以米为单位。")],
        help_text="以米为单位",
    )

    class Meta:
        verbose_name = "步行距离"

    def __str__(self) -> str:
        return f"{self.community}—{self.school}"


class SiblingCount(Record):
    """How many children of a community who enter a stage in a year have an elder sibling at a school (长幼随学)."""

    natural_key = ("community", "school", "stage", "year")
    natural_key_name = "one_count_of_siblings_a_year"
    school_paths = ("school",)

    community = models.ForeignKey(Community, models.PROTECT, verbose_name="社区（村）")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="哥哥姐姐就读学校")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    year = models.PositiveSmallIntegerField(
        "招生年份", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    children = models.PositiveSmallIntegerField("儿童数", help_text="当年入学、哥哥姐姐在该校就读的")

    class Meta:
        verbose_name = "长幼随学"

    def __str__(self) -> str:
        return f"{self.community}—{self.school} {self.year}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)
