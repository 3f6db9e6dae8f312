"""The models of the recognition of hardship: the application for a term, its steps, and the school's public notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField, EncryptedField
from xuezheng.records.models import Person, PersonCategory, Pupil, Record, School, Stage, Term, User
from xuezheng.records.permissions import may


def may_recognise(user: User) -> bool:
    """Whether ``user`` may open the pages of recognitions: those of the bureau who handle aid, and schools' clerks.

    A clerk sees there the recognitions of the own school only (``Recognition.objects.visible_to``).
    """
    return may(user, "review", "aid.recognition", school=user.school_id)


class Recognition(Record):
    """The recognition of a pupil as in financial hardship in one term (家庭经济困难学生认定, 教财〔2018〕16号).

    A workbook or a form gives the contents of the application; ``state``, ``change``, ``noticed_until`` and
    ``decided_on`` change only by the steps in :mod:`xuezheng.areas.aid.procedures.recognise`.
    """

    class State(ClosedChoices):
        """The states of a recognition, from application to decision or end."""

        APPLIED = "applied", "已申请"
        REVIEWED = "reviewed", "学校已评议"
        NOTICED = "noticed", "公示中"
        DECIDED = "decided", "已认定"
        REFUSED = "refused", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"
        ENDED = "ended", "已终止"

    class Change(ClosedChoices):
        """How the recognition differs from the pupil's recognition in an earlier term (学期复核)."""

        NEW = "new", "新认定"
        KEPT = "kept", "复核不变"
        RAISED = "raised", "等级调高"
        LOWERED = "lowered", "等级调低"
        ENDED = "ended", "不再困难"

    natural_key = ("person", "term")
    natural_key_name = "one_recognition_a_term"
    personal = True
    private = ("class_name", "guardian", "phone", "reason")
    school_paths = ("school",)
    frozen = {
        "term_code": "term__code",
        "term_start": "term__starts_on",
        "school_kind": "school__kind",
        "senior_grade": "school__senior_grade",
        "boarding": "person__pupil__boarding",
        "resolved": (
            "学期第一天风险已消除",
            lambda: Exists(
                PersonCategory.objects.filter(
                    person=OuterRef("person"),
                    category=OuterRef("category"),
                    resolved_on__lte=OuterRef("term__starts_on"),
                )
            ),
        ),
    }
    #: The fields of an application, which are fixed once the school has reviewed it.
    APPLICATION_FIELDS: ClassVar = (
        "school_id",
        "stage",
        "category",
        "tier",
        "household_size",
        "reason",
        "applied_on",
    )

    #: Set by pages, for their templates: the colour of the state, and whether it can be decided today.
    colour: str
    ripe: bool

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="申请学生")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    school = models.ForeignKey(School, models.PROTECT, verbose_name="就读学校")
    class_name = models.CharField("班级", max_length=30, blank=True, help_text="不填的按学籍")
    stage = models.CharField("学段", max_length=10, choices=Stage, blank=True, help_text="不填的按学籍")
    category = CodeField("困难类别", codes="policy.hardship", on="term__starts_on")
    tier = CodeField("困难等级", codes="aid.hardship_tier", on="term__starts_on")
    household_size = models.PositiveSmallIntegerField(
        "家庭人口数",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(1, "家庭人口数至少为1。"),
            MaxValueValidator(30, "家庭人口数过大，请核对。"),
        ],
    )
    guardian = EncryptedField("家长姓名", max_length=50, blank=True)
    phone = EncryptedField("电话号码", max_length=20, blank=True)
    reason = models.CharField("申请理由", max_length=200, blank=True)
    applied_on = models.DateField("申请日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.APPLIED, editable=False)
    change = models.CharField("学期复核", max_length=10, choices=Change, default=Change.NEW, editable=False)
    noticed_until = models.DateField("公示截止日期", null=True, blank=True, editable=False)
    decided_on = models.DateField("认定日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "困难认定"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="noticed") | Q(noticed_until__isnull=False), name="noticed_until_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "ended"]) | Q(decided_on__isnull=False),
                name="decided_on_a_day",
            ),
            # A public notice ran to its end before the decision.
            models.CheckConstraint(
                condition=Q(noticed_until=None) | Q(decided_on=None) | Q(decided_on__gt=F("noticed_until")),
                name="decided_after_the_notice",
            ),
        ]
        indexes = [models.Index(fields=["school", "state"], name="recognitions_of_a_school")]

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_category_display()}"

    def complete(self) -> None:
        pupil = self._pupil()
        if pupil is not None:
            self.stage = self.stage or pupil.class_group.stage
            self.class_name = self.class_name or pupil.class_group.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if not self.person_id or not self.school_id:
            return
        pupil = self._pupil()
        if self.state == self.State.APPLIED and (
            pupil is None or pupil.class_group.school_id != self.school_id
        ):
            yield "school", f"学籍里，这名学生不在{self.school}在册。请核对学校和身份证件号。"
        elif not self.stage:
            yield "stage", "学籍里没有这名学生的学段，须填写。"
        if self.applied_on and self.applied_on > timezone.localdate():
            yield "applied_on", f"申请日期{self.applied_on}在今天之后。请核对日期。"
        yield from self._against_steps()

    def _pupil(self) -> Pupil | None:
        if not self.person_id:
            return None
        enrolled = Pupil.objects.filter(person=self.person_id, left_on=None)
        return enrolled.select_related("class_group").first()

    def _against_steps(self) -> Iterator[tuple[str, str]]:
        """Yield (field, error) for changes to an application that the school has reviewed: it must be sent back first."""
        known = (
            Recognition.objects.filter(pk=self.pk).exclude(state=self.State.APPLIED).first()
            if self.pk
            else None
        )
        if known is None:
            return
        for name in self.APPLICATION_FIELDS:
            if getattr(self, name) != getattr(known, name):
                yield (
                    name.removesuffix("_id"),
                    f"这名学生本学期的认定{known.get_state_display()}，不能直接改。请先在认定页面退回或重新申请。",
                )


class Notice(models.Model):
    """A school's public notice of the pupils that are to be recognised (公示), from ``first_day`` to ``last_day``.

    Both days are included. Its pupils are those of the steps that refer to it.
    """

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="学期")
    first_day = models.DateField("公示开始日期")
    last_day = models.DateField("公示截止日期")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+"
    )
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="a_notice_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"公示{self.pk}"


class RecognitionStep(models.Model):
    """One step of a recognition, never changed once written (办理记录); ``before`` is "" for the first."""

    recognition = models.ForeignKey(
        Recognition, models.PROTECT, verbose_name="困难认定", related_name="steps"
    )
    before = models.CharField("此前", max_length=10, choices=Recognition.State, blank=True)
    after = models.CharField("此后", max_length=10, choices=Recognition.State)
    day = models.DateField("办理日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    note = models.CharField("说明", max_length=200, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, verbose_name="公示", related_name="steps")

    class Meta:
        verbose_name = "认定办理记录"
        verbose_name_plural = "认定办理记录"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_after_display()}（{self.by}）"


_STATE = Recognition.State

#: The states that may follow each state; a state without an entry is final.
RECOGNITION_TRANSITIONS: dict[str, frozenset[str]] = {
    _STATE.APPLIED: frozenset({_STATE.REVIEWED, _STATE.REFUSED, _STATE.WITHDRAWN}),
    _STATE.REVIEWED: frozenset(
        {_STATE.NOTICED, _STATE.DECIDED, _STATE.ENDED, _STATE.APPLIED, _STATE.REFUSED, _STATE.WITHDRAWN}
    ),
    _STATE.NOTICED: frozenset({_STATE.DECIDED, _STATE.APPLIED, _STATE.REFUSED, _STATE.WITHDRAWN}),
    _STATE.DECIDED: frozenset({_STATE.ENDED}),
    _STATE.REFUSED: frozenset({_STATE.APPLIED}),
    _STATE.WITHDRAWN: frozenset({_STATE.APPLIED}),
}
