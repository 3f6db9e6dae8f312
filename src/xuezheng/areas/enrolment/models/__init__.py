"""The section's models, in addition to the engine's registers of schools, classes and pupils."""

from xuezheng.areas.enrolment.models.attendance import (
    Absence,
    AttendanceReport,
    LedgerReview,
    Persuasion,
    Retention,
)
from xuezheng.areas.enrolment.models.draws import Draw, DrawQuerySet, DrawStep
from xuezheng.areas.enrolment.models.exams import ExamCandidate
from xuezheng.areas.enrolment.models.groups import GroupMembership
from xuezheng.areas.enrolment.models.places import Births, Feeder, PastRoll, Places, SchoolZone
from xuezheng.areas.enrolment.models.season import AdmissionPlan, Applicant

__all__ = [
    "Absence",
    "AdmissionPlan",
    "Applicant",
    "AttendanceReport",
    "Births",
    "Draw",
    "DrawQuerySet",
    "DrawStep",
    "ExamCandidate",
    "Feeder",
    "GroupMembership",
    "LedgerReview",
    "PastRoll",
    "Persuasion",
    "Places",
    "Retention",
    "SchoolZone",
]
