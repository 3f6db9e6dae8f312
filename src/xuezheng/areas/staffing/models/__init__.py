"""What the section keeps of teachers, their schools' quotas, rotation, recruitment, degrees and conduct."""

from xuezheng.areas.staffing.models.conduct import ConductCase
from xuezheng.areas.staffing.models.profiles import DegreeStudy, Profile
from xuezheng.areas.staffing.models.recruitment import Recruit, RecruitmentPlan
from xuezheng.areas.staffing.models.rotation import Rotation, SchoolQuota

__all__ = [
    "ConductCase",
    "DegreeStudy",
    "Profile",
    "Recruit",
    "RecruitmentPlan",
    "Rotation",
    "SchoolQuota",
]
