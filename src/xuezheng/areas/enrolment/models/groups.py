"""Membership of pupils in groups that statistics and aid distinguish, such as migrants or the disabled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery

from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import (
    EnrolmentEvent,
    Person,
    Record,
)


def _next_of_kind() -> Any:
    """The first day of a person's next membership of the same kind, as a subquery."""
    later = GroupMembership.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), starts_on__gt=OuterRef("starts_on")
    )
    return Subquery(later.order_by("starts_on").values("starts_on")[:1], output_field=models.DateField())


class GroupMembership(Record):
    """A person's membership in a group that is counted or supported separately (学生群体), for a period.

    ``starts_on`` is inclusive; ``ends_on`` is the first day without membership, None if it continues. A later
    membership of the same kind replaces an earlier one. A snapshot has one row for each pair of a membership
    and an enrolment event of the person, and one for a person without events, so that figures can find
    school, grade and stage on any day.
    """

    natural_key = ("person", "kind", "starts_on")
    natural_key_name = "one_membership_of_a_kind_from_a_day"
    personal = True
    private = ("evidence",)
    ordered = (("starts_on", "ends_on"),)
    school_paths = ("person__pupil__class_group__school",)
    frozen_per = "event"
    frozen = {
        "sex": "person__sex",
        "cohort": EnrolmentEvent.frozen["cohort"],
        "next_on": ("同类群体下一次登记的起始日期", _next_of_kind),
        "event": "person__enrolmentevent__id",
        "event_kind": "person__enrolmentevent__kind",
        "occurred_on": "person__enrolmentevent__occurred_on",
        "from_class": "person__enrolmentevent__from_class",
        "to_class": "person__enrolmentevent__to_class",
        "grade": "person__enrolmentevent__grade",
        **{
            name: f"person__enrolmentevent__{EnrolmentEvent.frozen[name]}"
            for name in (
                "school",
                "stage",
                "urban_rural",
                "school_kind",
                "from_school",
                "from_stage",
                "from_school_kind",
            )
        },
        "runner": "person__enrolmentevent__to_class__school__runner",
    }

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="学生")
    kind = CodeField("群体类别", codes="enrolment.pupil_group", on="starts_on")
    detail = CodeField(
        "细类", codes="enrolment.group_detail", on="starts_on", blank=True, help_text="如残疾的类别、民族"
    )
    placement = CodeField(
        "就读安排",
        codes="enrolment.placement",
        on="starts_on",
        blank=True,
        help_text="学籍里看不出的才填，如民办学校的政府购买学位",
    )
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField(
        "终止日期", null=True, blank=True, help_text="从这一天起不再属于；仍属于的不填"
    )
    evidence = models.CharField("依据", max_length=60, help_text="如居住证、残疾人证")

    class Meta:
        verbose_name = "学生群体"

    def __str__(self) -> str:
        return f"{self.person.name} {self.get_kind_display()}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        kind = code_list("enrolment.pupil_group").codes.get(self.kind)
        counts_as = kind.properties(self.starts_on).get("counts_as") if kind else None
        for name in ("detail", "placement"):
            if getattr(self, name) and not code_has(self, name, "of", counts_as):
                chosen, group = getattr(self, f"get_{name}_display")(), self.get_kind_display()
                yield name, f"“{chosen}”不用于{group}。请核对群体类别，或改选。"
        if counts_as and not self.detail:
            yield "detail", f"{self.get_kind_display()}须填细类。请从可选项中选择。"
