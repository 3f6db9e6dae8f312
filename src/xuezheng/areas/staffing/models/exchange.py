"""The registers from which rotation plans are computed: subjects, exemptions, requests, open posts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from xuezheng.areas.staffing.models.quotas import SCHOOL_YEAR
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import Person, Record, School, Stage

#: The stages whose schools take part in rotation, as choices of a field.
COMPULSORY = [(stage.value, stage.label) for stage in (Stage.PRIMARY, Stage.JUNIOR)]
#: The stages that teachers of these schools may teach; those who teach the senior stage do not take part.
_TAUGHT = [*COMPULSORY, (Stage.SENIOR.value, Stage.SENIOR.label)]
_NUMBER = RegexValidator(r"^[0-9A-Za-z-]{1,20}$", "只能用数字、字母和“-”，不超过20位。")


class TeachingSubject(Record):
    """The stage and the main subject that a teacher teaches (任教学科), one row per teacher.

    A rotation plan moves a teacher only to posts of this stage and subject.
    """

    natural_key = ("person",)
    natural_key_name = "one_main_subject_of_a_teacher"
    personal = True
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教师", related_name="teaching_subject")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="现任教学校", related_name="+")
    stage = models.CharField(
        "任教学段", max_length=10, choices=_TAUGHT, help_text="完全中学教高中的填高中，不参加交流"
    )
    subject = CodeField("任教学科", codes="policy.subject", help_text="兼教几科的填主要的一科")

    class Meta:
        verbose_name = "任教学科"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)
        if code_has(self, "subject", "preschool"):
            yield "subject", "交流轮岗限义务教育学校，学前教育不在其内。请核对学科。"


class RotationExemption(Record):
    """A reason for which a person need not rotate in a period (暂不交流情形).

    Both days are inclusive; ``ends_on`` is None if the period is open. Exemption by age is not registered: it
    is computed from policy.
    """

    natural_key = ("person", "kind", "starts_on")
    natural_key_name = "one_exemption_from_a_day"
    personal = True
    private = ("kind", "evidence")
    ordered = (("starts_on", "ends_on"),)
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教职工", related_name="+")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="现任职学校", related_name="+")
    kind = CodeField("情形", codes="staffing.rotation_exemption", on="starts_on")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True, help_text="没有期限的不填，每年复核")
    evidence = models.CharField("依据材料", max_length=100, blank=True, help_text="材料名称或编号，不写病情")

    class Meta:
        verbose_name = "暂不交流情形"

    def __str__(self) -> str:
        return self.person.name


class RotationRequest(Record):
    """A teacher's request for a school year (交流志愿): up to three schools in order, or a reason to stay.

    ``school_year`` is the one in which the teacher would begin at the new school. Two teachers with the same
    ``pair`` wish to move to the same school.
    """

    natural_key = ("person", "school_year")
    natural_key_name = "one_request_a_year"
    personal = True
    private = ("pair", "stay_reason")
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="教师", related_name="+")
    school_year = models.CharField(
        "学年", max_length=9, validators=[SCHOOL_YEAR], help_text="到新学校的学年，如2020-2021"
    )
    school = models.ForeignKey(School, models.PROTECT, verbose_name="现任教学校", related_name="+")
    submitted_on = models.DateField("填报日期")
    first = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="第一志愿学校", related_name="+"
    )
    second = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="第二志愿学校", related_name="+"
    )
    third = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="第三志愿学校", related_name="+"
    )
    pair = models.CharField(
        "同校编号",
        max_length=20,
        blank=True,
        validators=[_NUMBER],
        help_text="夫妻等希望到同一学校的两人填同一个编号，其他人不填",
    )
    stay_reason = models.CharField("申请不交流的理由", max_length=100, blank=True, help_text="不申请的不填")

    class Meta:
        verbose_name = "交流志愿"

    def __str__(self) -> str:
        return f"{self.person.name} {self.school_year}"

    @property
    def wishes(self) -> tuple[int, ...]:
        """The primary keys of the schools wished for, best first; empty without any."""
        return tuple(key for key in (self.first_id, self.second_id, self.third_id) if key is not None)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        named = [(name, getattr(self, f"{name}_id")) for name in ("first", "second", "third")]
        for (_, earlier), (name, later) in combinations(named, 2):
            if later is not None and earlier is None:
                yield name, "前一个志愿没有填。请按次序填写志愿。"
            elif later is not None and later == earlier:
                yield name, "与前面的志愿相同。请填另一所学校，或者不填。"
        for name, key in named:
            if key is not None and key == self.school_id:
                yield name, "是现任教学校。请填另一所学校。"
        if not any(key for _, key in named) and not self.stay_reason and not self.pair:
            yield "first", "志愿、申请不交流的理由都没有填。请填一项，或删去这一行。"


class RotationPost(Record):
    """The places a school offers to teachers who rotate in a school year, by stage and subject (交流岗位)."""

    natural_key = ("school", "school_year", "stage", "subject")
    natural_key_name = "one_rotation_post_of_a_subject"
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind"}

    school = models.ForeignKey(School, models.PROTECT, verbose_name="接收学校", related_name="+")
    school_year = models.CharField("学年", max_length=9, validators=[SCHOOL_YEAR], help_text="如2020-2021")
    stage = models.CharField("学段", max_length=10, choices=COMPULSORY)
    subject = CodeField("学科", codes="policy.subject")
    places = models.PositiveSmallIntegerField(
        "接收人数", validators=[MinValueValidator(1, "接收人数须大于0。"), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = "交流岗位"

    def __str__(self) -> str:
        return f"{self.school} {self.get_subject_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        yield from self.school.check_stage(self.stage)
