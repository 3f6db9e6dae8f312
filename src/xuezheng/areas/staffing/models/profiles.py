"""What a teacher is by degree, title and certificate, and how teachers raise their degrees."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast, Substr

from xuezheng.records.models import Level, Person, Record, StaffMember


class Degree(models.TextChoices):
    """The highest education that somebody has (学历)."""

    SECONDARY = "secondary", "中专（高中）"
    ASSOCIATE = "associate", "专科"
    BACHELOR = "bachelor", "本科"
    GRADUATE = "graduate", "研究生"


class Profile(Record):
    """What a member of staff is professionally (教师业务档案): where and as what is told by the register of staff."""

    class Title(models.TextChoices):
        """Rank of the professional title (职称)."""

        FULL_SENIOR = "full_senior", "正高级"
        SENIOR = "senior", "高级"
        MIDDLE = "middle", "中级"
        JUNIOR = "junior", "初级"
        NONE = "none", "未定级"

    class Certificate(models.TextChoices):
        """Kind of the teaching certificate (教师资格)."""

        PRESCHOOL = "preschool", "幼儿园教师资格"
        PRIMARY = "primary", "小学教师资格"
        JUNIOR = "junior", "初级中学教师资格"
        SENIOR = "senior", "高级中学教师资格"
        VOCATIONAL = "vocational", "中等职业学校教师资格"

    natural_key = ("person",)
    personal = True
    school_paths = ("person__staffmember__school",)
    frozen = {
        "sex": "person__sex",
        "born_month": (
            "出生年月",
            Substr(Cast("person__birth_date", CharField(max_length=10)), 1, 7, output_field=CharField()),
        ),
        "post": ("现任岗位", lambda: _present("post")),
        "school_kind": ("现任学校办学类型", lambda: _present("school__kind")),
        "school_name": ("现任学校", lambda: _present("school__name")),
    }

    person = models.OneToOneField(
        Person, models.PROTECT, verbose_name="教职工", related_name="staffing_profile"
    )
    degree = models.CharField("最高学历", max_length=10, choices=Degree)
    certificate = models.CharField(
        "教师资格", max_length=10, choices=Certificate, blank=True, help_text="未取得的不填"
    )
    title = models.CharField("职称级别", max_length=12, choices=Title)
    title_on = models.DateField("职称取得日期", null=True, blank=True)
    backbone = models.CharField(
        "骨干教师级别", max_length=10, choices=Level, blank=True,
        help_text="含教坛新星、学科带头人、名师、特级教师；不是的不填",
    )  # fmt: skip
    backbone_on = models.DateField("骨干教师认定日期", null=True, blank=True)

    class Meta:
        verbose_name = "教师业务档案"
        verbose_name_plural = "教师业务档案"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if bool(self.backbone) != bool(self.backbone_on):
            yield "backbone_on", "骨干教师级别和认定日期须同时填写，或者都不填。"
        if (self.title != self.Title.NONE) != bool(self.title_on):
            yield "title_on", "已取得职称的须填取得日期，未定级的应留空。"


class DegreeStudy(Record):
    """A teacher's studies for a higher degree (学历提升)."""

    natural_key = ("person", "degree")
    personal = True
    ordered = (("enrolled_on", "finished_on"),)
    school_paths = ("person__staffmember__school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教师")
    degree = models.CharField("攻读学历", max_length=10, choices=Degree)
    institution = models.CharField("就读院校", max_length=60)
    enrolled_on = models.DateField("入学日期")
    finished_on = models.DateField("取得学历日期", null=True, blank=True, help_text="在读的不填")

    class Meta:
        verbose_name = "学历提升"
        verbose_name_plural = "学历提升"
        constraints = [
            models.UniqueConstraint(fields=["person", "degree"], name="one_study_of_a_person_for_a_degree")
        ]

    def __str__(self) -> str:
        return self.person.name


def _present(path: str) -> Subquery:
    """What the register of staff tells of the person's present post."""
    held = StaffMember.objects.filter(person=OuterRef("person"), post_until=None)
    return Subquery(held.order_by("-post_from").values(path)[:1], output_field=CharField())
