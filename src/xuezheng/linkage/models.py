"""Outside lists: their rows as sent, the current match of each row, and users' decisions."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from xuezheng.linkage.lists import outside_lists
from xuezheng.records.choices import ClosedChoices
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import AsWrittenField, CodeField
from xuezheng.records.identifiers import check_division, masked
from xuezheng.records.models import Person, Record, Sex, Stage, User
from xuezheng.records.models.base import RecordQuerySet
from xuezheng.records.permissions import Scope, permits


def categories_of(user: User) -> set[str]:
    """Return the hardship codes of the lists that ``user`` may see.

    The office may see all, a section those of its area's lists.
    """
    scope = permits(user, "see", ListRow)
    if Scope.ALL in scope:
        return set(code_list("policy.hardship").codes)
    return _categories_of_section(user.section) if Scope.SECTION in scope else set()


def _categories_of_section(section: str) -> set[str]:
    own = [outside_list for outside_list in outside_lists().values() if outside_list.area == section]
    return {category for outside_list in own for category in outside_list.categories}


class ListRowQuerySet(RecordQuerySet["ListRow"]):
    """A query set of rows of outside lists."""

    def of_section(self, section: str) -> Self:
        """Return the rows of the lists that the area named ``section`` declares."""
        categories = _categories_of_section(section)
        return self.filter(category__in=categories) if categories else self.none()

    def latest(self) -> Self:  # type: ignore[override]  # the newest list, not the latest row
        """Return those rows that are on the list with the latest ``listed_on`` of their hardship category.

        All stored lists are compared, whatever rows this query set has.
        """
        return self.filter(~Exists(_later_lists()))


def _later_lists() -> models.QuerySet[ListRow]:
    return ListRow.objects.filter(category=OuterRef("category"), listed_on__gt=OuterRef("listed_on"))


def _next_list() -> Any:
    """The date of the next list of the same category, which replaces this one, as a subquery."""
    first = _later_lists().order_by("listed_on").values("listed_on")[:1]
    return Subquery(first, output_field=models.DateField())


class ListRow(Record):
    """A row of a list that another department sent, stored unchanged (外部名单).

    ``category`` is the hardship code, ``listed_on`` the day of the list, and ``place`` the row's number in
    it. ``study_division`` is where the list says that the person studies, "" if it does not say.
    """

    as_sent = True
    natural_key = ("category", "listed_on", "place")
    natural_key_name = "one_row_of_a_place_in_a_list"
    personal = True
    private = ("name", "id_number", "birth_date", "guardian", "village", "school_name")
    frozen = {
        "replaced_on": ("被新名单代替的日期", _next_list),
        "state": "link__state",
        "reason": "link__reason",
        "birth_date_differs": "link__birth_date_differs",
        "stage_differs": "link__stage_differs",
        "person": "link__person",
        "found_division": "link__study_division",
        "school": "link__person__pupil__class_group__school",
        "enrolled_stage": "link__person__pupil__class_group__stage",
    }

    category = CodeField("困难类别", codes="policy.hardship", on="listed_on")
    listed_on = models.DateField("名单日期")
    place = models.PositiveIntegerField("序号")
    name = models.CharField("姓名", max_length=50)
    id_number = AsWrittenField("证件号（原样）", max_length=60, blank=True, help_text="照来表原样，不改")
    birth_date = models.DateField("出生日期", null=True, blank=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    guardian = models.CharField("监护人", max_length=50, blank=True)
    village = models.CharField("村（居）", max_length=60, blank=True)
    stage = models.CharField("学段", max_length=10, choices=Stage, blank=True)
    school_name = models.CharField("就读学校（原样）", max_length=60, blank=True)
    study_division = models.CharField(
        "就读地区划代码", max_length=6, blank=True, validators=[check_division], help_text="来表没有的不填"
    )

    objects = ListRowQuerySet.as_manager()  # type: ignore[misc]  # the plugin gives it to the class

    class Meta:
        verbose_name = "外部名单"
        ordering = ("category", "listed_on", "place")

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """The ID number as written, with all but its first three and last four characters replaced by ``*``."""
        return masked(self.id_number)


class Reason(ClosedChoices):
    """The result of the automatic steps for a row; some of the values identify a person (:attr:`finds`)."""

    NUMBER = "number", "证件号相同"
    TIDIED = "tidied", "证件号去掉空格、改为半角后相同"
    OLD_NUMBER = "old_number", "十五位旧号升位后相同"
    ONE_DIGIT = "one_digit", "证件号错一位"
    SWAPPED = "swapped", "证件号相邻两位颠倒"
    WRONG_CENTURY = "wrong_century", "证件号中的世纪写错"
    LOST_DIGITS = "lost_digits", "证件号末几位丢失（被存成了数字）"
    SIMILAR = "similar", "姓名、出生日期等综合相符"
    LONE_NAME = "lone_name", "姓名在本地没有重名，就读学校相符"
    STATED = "stated", "名单写明在外地就读"
    NAME_CONFLICT = "name_conflict", "证件号相同而姓名不同"
    SEVERAL = "several", "不止一人相符"
    DOUBTFUL = "doubtful", "有相近的人，把握不足"
    NOBODY = "nobody", "本地学籍中没有相近的人"

    @property
    def finds(self) -> bool:
        """Whether this result identifies the person without a user's decision."""
        return self in _FINDING


_FINDING = {
    Reason.NUMBER, Reason.TIDIED, Reason.OLD_NUMBER, Reason.ONE_DIGIT, Reason.SWAPPED, Reason.WRONG_CENTURY, Reason.LOST_DIGITS,
    Reason.SIMILAR, Reason.LONE_NAME,
}  # fmt: skip


class Decision(models.Model):
    """A user's decision on a list row, valid for all rows with the same content, also in lists sent later.

    With the verdict ``same``, ``person`` is the row's person; with ``different``, ``person`` is not the
    row's; with ``absent``, the person studies outside the district, at ``school_name`` in ``study_division``.
    """

    class Verdict(ClosedChoices):
        """What a decision says: the person is the row's, is not the row's, or the row's person studies outside the district."""

        SAME = "same", "是同一人"
        DIFFERENT = "different", "不是同一人"
        ABSENT = "absent", "不在本地就读"

    content_hash = models.CharField(max_length=32, db_index=True)
    verdict = models.CharField("决定", max_length=10, choices=Verdict)
    person = models.ForeignKey(Person, models.PROTECT, null=True, verbose_name="学生", related_name="+")
    school_name = models.CharField("就读学校", max_length=60, blank=True)
    study_division = models.CharField("就读地区划代码", max_length=6, blank=True, validators=[check_division])
    note = models.CharField("依据", max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="决定人", related_name="+"
    )
    made_at = models.DateTimeField("决定时间", auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name="撤销人", related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "比对决定"
        verbose_name_plural = "比对决定"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=Q(undone_at=None) & ~Q(verdict="different"),
                name="one_standing_decision_of_a_content",
            ),
            models.UniqueConstraint(
                fields=["content_hash", "person"],
                condition=Q(undone_at=None, verdict="different"),
                name="one_standing_refusal_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


class Link(models.Model):
    """The current match of a list row: the result of the automatic steps, or of the user's decision that overrides it.

    ``person`` is set if ``state`` is ``found``. ``reason`` is the automatic result even where ``decision``
    overrides it. ``study_division`` is the division code of the place of study, "" if unknown.
    """

    class State(ClosedChoices):
        """Whether the person of the row is found, studies outside the district (absent), or must be decided by a user (open)."""

        FOUND = "found", "相符"
        ABSENT = "absent", "不在本地就读"
        OPEN = "open", "待核"

    row = models.OneToOneField(ListRow, models.CASCADE, verbose_name="名单行", related_name="link")
    content_hash = models.CharField(max_length=32, db_index=True)
    state = models.CharField("比对结果", max_length=10, choices=State)
    reason = models.CharField("比对依据", max_length=20, choices=Reason)
    person = models.ForeignKey(Person, models.PROTECT, null=True, verbose_name="相符的学生", related_name="+")
    study_division = models.CharField("查明的就读地区划代码", max_length=6, blank=True)
    birth_date_differs = models.BooleanField("出生日期与学籍不符", default=False)
    stage_differs = models.BooleanField("学段与学籍不符", default=False)
    decision = models.ForeignKey(
        Decision, models.SET_NULL, null=True, verbose_name="依据的决定", related_name="+"
    )

    class Meta:
        verbose_name = "比对结果"
        verbose_name_plural = "比对结果"
        ordering = ("row",)

    def __str__(self) -> str:
        return self.get_state_display()


class Candidate(models.Model):
    """A person to whom a list row may refer; ``strength`` is the probability, from 0 to 1."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="candidates")
    person = models.ForeignKey(Person, models.CASCADE, verbose_name="学生", related_name="+")
    strength = models.FloatField("把握")

    class Meta:
        verbose_name = "相近的人"
        verbose_name_plural = "相近的人"
        ordering = (F("strength").desc(), "person")
        constraints = [models.UniqueConstraint(fields=["link", "person"], name="one_candidacy_of_a_person")]
