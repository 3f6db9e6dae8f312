"""The register of enrolment events (学籍异动), from which the register of pupils is computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from xuezheng.records.choices import ClosedChoices
from xuezheng.records.fields import CodeField
from xuezheng.records.models.base import Record, RecordQuerySet
from xuezheng.records.models.district import ClassGroup
from xuezheng.records.models.people import COHORT, Person


class EnrolmentState(ClosedChoices):
    """The state of a person's enrolment after an event (学籍状态)."""

    NONE = "none", "没有学籍"
    ENROLLED = "enrolled", "在读"
    SUSPENDED = "suspended", "休学"
    HOME_TAUGHT = "home_taught", "送教上门"
    LEFT = "left", "已离校"
    GRADUATED = "graduated", "已毕业"
    DEAD = "dead", "死亡"


class EventQuerySet(RecordQuerySet["EnrolmentEvent"]):
    """Enrolment events."""

    def latest_by(self, day: date) -> Self:
        """Return each person's last event up to and including ``day``, one row per person.

        Of several events on a day, the one added last counts. Persons without an event by then are left out.
        """
        place = Window(
            RowNumber(), partition_by=F("person"), order_by=[F("occurred_on").desc(), F("pk").desc()]
        )
        return self.filter(occurred_on__lte=day).annotate(place=place).filter(place=1)

    def roll_of(self, day: date) -> Self:
        """Return, for each person on the roll of a class at the end of ``day``, the person's last event.

        Its ``to_class`` is the class.
        """
        # A further condition beside that on the place would narrow the events among which the last is found.
        return self.filter(pk__in=self.latest_by(day).values("pk"), to_class__isnull=False)


class EnrolmentEvent(Record):
    """One event of a person's enrolment: what happened on a day, and the class before and after.

    Rows are only added, by imports, and never edited; an import that added events can be undone. A transfer
    within the district is one event with both classes; ``elsewhere`` names a school outside the district.
    ``grade`` is the grade after the event, counted from 1 within the stage.
    """

    natural_key = ("person", "occurred_on", "kind")
    natural_key_name = "one_event_of_a_kind_on_a_day"
    private = ("reason", "document", "elsewhere")
    personal = True
    derived = ("from_class", "to_class", "grade")
    ordered = (("requested_on", "occurred_on"),)
    school_paths = ("from_class__school", "to_class__school")
    frozen = {
        "school": "to_class__school",
        "stage": "to_class__stage",
        "urban_rural": "to_class__school__urban_rural",
        "from_school": "from_class__school",
        "from_stage": "from_class__stage",
        "school_kind": "to_class__school__kind",
        "from_school_kind": "from_class__school__kind",
        "sex": "person__sex",
        "boarding": "person__pupil__boarding",
        "cohort": COHORT,
        "household_division": "person__household_division",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    occurred_on = models.DateField("异动日期", help_text="转学填调档的日期")
    kind = CodeField("异动类别", codes="policy.enrolment_event", on="occurred_on")
    from_class = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, verbose_name="原班级", related_name="+"
    )
    to_class = models.ForeignKey(
        ClassGroup, models.PROTECT, null=True, blank=True, verbose_name="现班级", related_name="+"
    )
    grade = models.PositiveSmallIntegerField(
        "异动后年级", null=True, blank=True, help_text="可不填，按异动后的班级"
    )
    elsewhere = models.CharField(
        "外地学校", max_length=60, blank=True, help_text="从外地转入、转到外地的才填"
    )
    requested_on = models.DateField(
        "转学申请日期", null=True, blank=True, help_text="转学的才填，用来看办理是否及时"
    )
    reason = models.CharField("原因", max_length=80, blank=True)
    document = models.CharField("审批文号", max_length=60, blank=True)

    objects = EventQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of every register

    class Meta:
        verbose_name = "学籍异动"
        indexes = [models.Index(fields=["person", "occurred_on"], name="events_of_a_person")]

    def __str__(self) -> str:
        return f"{self.occurred_on} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        born: Any = self.person.birth_date
        if born and self.occurred_on < born:
            yield "occurred_on", f"早于这名学生的出生日期{born}。请核对异动日期和出生日期。"
