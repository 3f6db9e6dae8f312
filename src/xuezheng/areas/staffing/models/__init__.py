"""The models of staffing, in addition to the registers of schools and staff in ``xuezheng.records``."""

from xuezheng.areas.staffing.models.exchange import (
    RotationExemption,
    RotationPost,
    RotationRequest,
    TeachingSubject,
)
from xuezheng.areas.staffing.models.plans import Placement, PlacementQuerySet, RotationPlan, RotationStep
from xuezheng.areas.staffing.models.profiles import ConductCase, DegreeStudy, Profile
from xuezheng.areas.staffing.models.quotas import Rotation, SchoolQuota
from xuezheng.areas.staffing.models.recruitment import Recruit, RecruitmentPlan

__all__ = [
    "ConductCase",
    "DegreeStudy",
    "Placement",
    "PlacementQuerySet",
    "Profile",
    "Recruit",
    "RecruitmentPlan",
    "Rotation",
    "RotationExemption",
    "RotationPlan",
    "RotationPost",
    "RotationRequest",
    "RotationStep",
    "SchoolQuota",
    "TeachingSubject",
]
