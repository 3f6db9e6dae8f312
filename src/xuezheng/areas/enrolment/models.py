"""What the section keeps beyond the engine's registers of schools, classes and pupils."""

from django.db import models

from xuezheng.records.models import Person, Record, School


class ExamCandidate(Record):
    """A person entered for the university entrance exam (高考报名)."""

    class Track(models.TextChoices):
        """The subjects in which the candidate is examined."""

        ARTS = "arts", "文史类"
        SCIENCE = "science", "理工类"

    natural_key = ("person", "exam_on")
    personal = True
    school_paths = ("school",)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="考生")
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, verbose_name="报名学校", help_text="社会考生不填"
    )
    track = models.CharField("科类", max_length=10, choices=Track)
    exam_on = models.DateField("考试日期", help_text="首日，如2019-06-07")

    class Meta:
        verbose_name = "高考考生"
        verbose_name_plural = "高考考生"
        constraints = [
            models.UniqueConstraint(fields=["person", "exam_on"], name="one_candidate_for_an_exam")
        ]

    def __str__(self) -> str:
        return self.person.name
