"""The register of candidates for the university entrance examination (高考)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from xuezheng.records.fields import CodeField, code_has
from xuezheng.records.models import (
    Person,
    Record,
    School,
)


class ExamCandidate(Record):
    """A person registered for the university entrance examination that begins on ``exam_on`` (高考报名).

    The two electives are empty for tracks without electives, or until they are chosen.
    """

    natural_key = ("person", "exam_on")
    natural_key_name = "one_candidate_for_an_exam"
    personal = True
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="考生")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="报名学校", help_text="社会考生不填"
    )
    track = CodeField("科类", codes="enrolment.exam_track", on="exam_on")
    first_elective = CodeField(
        "再选科目一", codes="enrolment.elective", on="exam_on", blank=True, help_text="实行选科的科类才填"
    )
    second_elective = CodeField(
        "再选科目二", codes="enrolment.elective", on="exam_on", blank=True, help_text="实行选科的科类才填"
    )
    exam_on = models.DateField("考试日期", help_text="首日，如2019-06-07")

    class Meta:
        verbose_name = "高考考生"

    def __str__(self) -> str:
        return self.person.name

    def contradictions(self) -> Iterator[tuple[str, str]]:
        electives = [self.first_elective, self.second_elective]
        if not code_has(self, "track", "electives"):
            if any(electives):
                yield "first_elective", f"{self.get_track_display()}不选科，再选科目应留空。"
        elif any(electives) and (not all(electives) or electives[0] == electives[1]):
            yield (
                "first_elective",
                f"{self.get_track_display()}须填两门不同的再选科目；还没有选定的，两门都不填。",
            )
