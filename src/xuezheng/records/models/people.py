"""Persons: one register of all persons, and the registers of pupils, staff and categories of hardship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Expression, ExpressionWrapper, Value, When
from django.db.models.functions import Cast, Substr
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField, EncryptedField, KeyedHashField
from xuezheng.records.identifiers import (
    birth_date_of,
    check_citizen_id,
    check_division,
    check_student_number,
    masked,
    sex_of,
)
from xuezheng.records.models.base import Record
from xuezheng.records.models.district import ClassGroup, School, Stage

#: A later day than this from now is a slip.
_FAR_AHEAD = timedelta(days=366)
#: The names that a citizen's document has, and those of other documents; signs of the private-use area stand for any character.
_CHINESE_NAME = re.compile(
    r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+(?:[·•][\u3007\u3400-\u9fff\U00020000-\U0003ffff]+)*(?<=..)"
)
_ANY_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·•.,'’-])+")
_NO_NAME = re.compile(r"[合总小共]计|以下空白|姓名|学生姓名|备注|说明|班主任|校长|签[字名]|盖章")


def _cohort(path: str) -> Expression:
    """Return the year of birth, or the next year for whoever is born from September on.

    A snapshot is read without Django's own functions for SQLite, so the parts of the day are taken from its text.
    """
    day = Cast(path, models.CharField(max_length=10))
    year = Cast(_part(day, 1, 4), models.IntegerField())
    from_september = When(GreaterThanOrEqual(_part(day, 6, 2), Value("09")), then=1)
    return ExpressionWrapper(year + Case(from_september, default=0), models.IntegerField())


def _part(text: Expression, start: int, length: int) -> Expression:
    """Return a part of a text; PostgreSQL's driver for snapshots sends numbers as bigint, which its substring does not take."""
    return Substr(text, *(Cast(Value(number), models.IntegerField()) for number in (start, length)))


#: The age on 31 August of a year is that year less this one: whoever is born in September is counted a year later.
COHORT = ("周岁计算年（8月31日满周岁的，为出生年）", lambda: _cohort("person__birth_date"))


class Sex(ClosedChoices):
    """Sex (GB/T 2261.1)."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class Person(Record):
    """A person, registered once: pupils, staff and recipients of aid all refer to this register.

    An import finds a person by the ID number and never overwrites name, sex, birth date or kind of document:
    a user resolves a difference on the person's page.
    """

    class IdType(ClosedChoices):
        """The kinds of identity documents (身份证件类型)."""

        CITIZEN = "citizen", "居民身份证"
        HONG_KONG_MACAO_TAIWAN = "hkmt", "港澳台居民证件"
        PASSPORT = "passport", "护照"
        SCHOOL_NUMBER = "school_number", "无证件（学籍号）"

    natural_key = ("id_number",)
    settled = ("name", "sex", "birth_date", "id_type")
    private = ("name", "birth_date", "id_number", "id_number_hash")
    personal = True
    added_by_reference = True
    school_paths = ("pupil__class_group__school", "staffmember__school")

    name = models.CharField("姓名", max_length=50)
    id_type = models.CharField("身份证件类型", max_length=20, choices=IdType, default=IdType.CITIZEN)
    id_number = EncryptedField("身份证件号", max_length=30)
    id_number_hash = KeyedHashField("身份证件号索引", of="id_number", unique=True)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    birth_date = models.DateField("出生日期")
    household_division = models.CharField(
        "户籍区划代码", max_length=6, blank=True, validators=[check_division]
    )

    class Meta:
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """The ID number with all but its first three and last four characters replaced by ``*``."""
        return masked(self.id_number)

    def complete(self) -> None:
        complete = self.sex and self.birth_date
        if not complete and self.id_type == self.IdType.CITIZEN and self._id_is_valid():
            self.sex = self.sex or sex_of(self.id_number)
            self.birth_date = self.birth_date or birth_date_of(self.id_number)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.id_type != self.IdType.CITIZEN:
            for name in ("sex", "birth_date"):
                if not getattr(self, name):
                    yield name, "不是居民身份证的，证件号中看不出此项，须填写。"
            return
        try:
            check_citizen_id(self.id_number)
        except ValidationError as problem:
            yield "id_number", str(problem.message)
            return
        if self.birth_date != birth_date_of(self.id_number):
            yield "birth_date", f"与身份证件号中的{birth_date_of(self.id_number)}不一致。请核对两处。"
        if self.sex != sex_of(self.id_number):
            yield "sex", f"与身份证件号第17位所示的“{Sex(sex_of(self.id_number)).label}”不一致。请核对两处。"

    def doubts(self) -> Iterator[tuple[str, str, str]]:
        plain = _CHINESE_NAME if self.id_type == self.IdType.CITIZEN else _ANY_NAME
        if not plain.fullmatch(self.name):
            message = "姓名里有数字、空格或别的符号，或者只有一个字。请对照户口簿核对。"
        elif _NO_NAME.fullmatch(self.name):
            message = "像是合计、表头或说明里的字，不是姓名。请核对这一行。"
        else:
            return
        yield "name", message, f"“{self.name}”是这个人的姓名"

    def _id_is_valid(self) -> bool:
        try:
            check_citizen_id(self.id_number)
        except ValidationError:
            return False
        return True


class PersonCategory(Record):
    """A category of hardship or care of a person (困难类别), with the days from which and until which it applies."""

    natural_key = ("person", "category", "starts_on")
    natural_key_name = "one_category_from_a_day"
    personal = True
    ordered = (("starts_on", "resolved_on"), ("starts_on", "ends_on"))
    school_paths = ("person__pupil__class_group__school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员")
    category = CodeField("困难类别", codes="policy.hardship", on="starts_on")
    starts_on = models.DateField("认定日期")
    resolved_on = models.DateField(
        "风险消除日期", null=True, blank=True, help_text="监测对象才填，风险没有消除的不填"
    )
    ends_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = "困难类别"

    def __str__(self) -> str:
        return self.get_category_display()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        monitored = code_list("policy.hardship").codes.get(self.category) if self.resolved_on else None
        if monitored and "entitles_resolved" not in monitored.versions[-1].properties:
            yield "resolved_on", f"“{monitored.label}”不是监测对象，没有风险消除日期。请清空这一格。"


class Pupil(Record):
    """A person's current enrolment in a school of this district (学籍), computed from the person's enrolment events.

    ``left_on`` is None while the pupil is on the roll.
    """

    class Boarding(ClosedChoices):
        """The kinds of attendance, such as boarding (就读方式, JY/T 1001)."""

        DAY = "day", "走读"
        BOARDER = "boarder", "住校"
        LODGER = "lodger", "借宿"
        OTHER = "other", "其他"

    natural_key = ("person",)
    derived = ("class_group", "entered_on", "left_on")
    private = ("student_number", "student_number_hash")
    personal = True
    ordered = (("entered_on", "left_on"),)
    school_paths = ("class_group__school",)
    frozen = {
        "school": "class_group__school",
        "school_kind": "class_group__school__kind",
        "urban_rural": "class_group__school__urban_rural",
        "stage": "class_group__stage",
        "grade": "class_group__grade",
        "sex": "person__sex",
        "household_division": "person__household_division",
    }

    person = models.OneToOneField(Person, models.PROTECT, verbose_name="人员")
    # A student number mostly is G and the ID number, so it must lie no more open than that.
    student_number = EncryptedField(
        "学籍号", max_length=19, blank=True, validators=[check_student_number], help_text="幼儿可不填"
    )
    student_number_hash = KeyedHashField("学籍号索引", of="student_number", null=True, unique=True)
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, verbose_name="班级")
    boarding = models.CharField("就读方式", max_length=10, choices=Boarding)
    entered_on = models.DateField("入学日期")
    left_on = models.DateField("离校日期", null=True, blank=True)

    class Meta:
        verbose_name = "学生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        born = self.person.birth_date
        if born and self.entered_on and self.entered_on <= born:
            yield "entered_on", f"不晚于这名学生的出生日期{born}。请核对入学日期和出生日期。"
        for name in ("entered_on", "left_on"):
            day = getattr(self, name)
            if day and day > timezone.localdate() + _FAR_AHEAD:
                yield name, f"{day}还早，像是写错了年份。请核对。"
        if not self.student_number and self.class_group.stage != Stage.PRESCHOOL:
            yield "student_number", f"{Stage(self.class_group.stage).label}学生须填学籍号。"
        if self.student_number.startswith("G") and self.student_number[1:] != self.person.id_number:
            yield "student_number", "G后的18位应与本行身份证件号相同。请核对两处。"


class StaffMember(Record):
    """A person's post at a school or, if ``school`` is None, at the bureau.

    ``post_until`` is None while the person holds it.
    """

    natural_key = ("person", "post_from")
    natural_key_name = "one_post_of_a_person_from_a_day"
    personal = True
    ordered = (("post_from", "post_until"),)
    school_paths = ("school",)
    frozen = {"school_kind": "school__kind", "sex": "person__sex", "cohort": COHORT}

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="人员")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, verbose_name="学校")
    post = CodeField("岗位", codes="policy.post", on="post_from")
    post_from = models.DateField("任职日期")
    post_until = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = "教职工"

    def __str__(self) -> str:
        return self.person.name
