"""The models of enrolment, in addition to schools, classes and pupils in ``xuezheng.records``."""

from xuezheng.areas.enrolment.models.attendance import (
    Absence,
    AttendanceReport,
    LedgerReview,
    Persuasion,
    Retention,
)
from xuezheng.areas.enrolment.models.communities import (
    Community,
    CommunityChildren,
    SiblingCount,
    WalkingDistance,
)
from xuezheng.areas.enrolment.models.draws import Draw, DrawQuerySet, DrawStep
from xuezheng.areas.enrolment.models.exams import ExamCandidate
from xuezheng.areas.enrolment.models.groups import GroupMembership
from xuezheng.areas.enrolment.models.places import Births, Feeder, PastRoll, Places, SchoolZone
from xuezheng.areas.enrolment.models.season import AdmissionPlan, Applicant
from xuezheng.areas.enrolment.models.zone_plans import ZonePlan, ZonePlanQuerySet, ZoneStep

__all__ = [
    "Absence",
    "AdmissionPlan",
    "Applicant",
    "AttendanceReport",
    "Births",
    "Community",
    "CommunityChildren",
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
    "SiblingCount",
    "WalkingDistance",
    "ZonePlan",
    "ZonePlanQuerySet",
    "ZoneStep",
]
