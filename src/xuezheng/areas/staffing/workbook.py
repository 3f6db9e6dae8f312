"""The Excel sheets that schools and the personnel section (人事股) upload to fill the staffing registers."""

from xuezheng.areas.staffing.models import (
    ConductCase,
    DegreeStudy,
    Profile,
    Recruit,
    RecruitmentPlan,
    Rotation,
    RotationExemption,
    RotationPost,
    RotationRequest,
    SchoolQuota,
    TeachingSubject,
)
from xuezheng.records.models import StaffMember
from xuezheng.workbooks import Sheet, Steady

PERSON = ["person.name", "person.id_number"]

staff = Sheet(StaffMember, "教职工名册", columns=[*PERSON, "school.code", "post", "post_from", "post_until"])
profiles = Sheet(
    Profile,
    "教师业务档案",
    columns=[*PERSON, "degree", "certificate", "title", "title_on", "backbone", "backbone_on"],
)
school_quotas = Sheet(
    SchoolQuota,
    "编制岗位核定表",
    columns=[
        "school.code",
        "school_year",
        "set_on",
        "establishment",
        "senior_posts",
        "middle_posts",
        "junior_posts",
        "rotation_places",
    ],
    expects=[Steady("establishment", within="staffing.steady_establishment")],
)
rotations = Sheet(
    Rotation,
    "交流轮岗摸底表",
    columns=[*PERSON, "school_year", "school.code", "assessed_on", "volunteered"],
)
subjects = Sheet(TeachingSubject, "任教学科表", columns=[*PERSON, "school.code", "stage", "subject"])
exemptions = Sheet(
    RotationExemption,
    "暂不交流情形表",
    columns=[*PERSON, "school.code", "kind", "starts_on", "ends_on", "evidence"],
)
requests = Sheet(
    RotationRequest,
    "交流志愿表",
    columns=[
        *PERSON,
        "school_year",
        "school.code",
        "submitted_on",
        "first.code",
        "second.code",
        "third.code",
        "pair",
        "stay_reason",
    ],
    titles={
        "school.code": "现任教学校标识码",
        "first.code": "第一志愿学校标识码",
        "second.code": "第二志愿学校标识码",
        "third.code": "第三志愿学校标识码",
    },
)
rotation_posts = Sheet(
    RotationPost, "交流岗位表", columns=["school.code", "school_year", "stage", "subject", "places"]
)
recruitment_plans = Sheet(
    RecruitmentPlan,
    "教师招聘计划",
    columns=["year", "code", "post", "subject", "school.code", "places", "announced_on", "document"],
)
recruits = Sheet(Recruit, "拟录用人员名单", columns=["plan.year", "plan.code", *PERSON, "notified_on"])
degree_studies = Sheet(
    DegreeStudy,
    "学历提升登记表",
    columns=[*PERSON, "degree", "institution", "enrolled_on", "finished_on"],
)
conduct_cases = Sheet(
    ConductCase,
    "师德线索台账",
    columns=[
        "number",
        "received_on",
        "kind",
        "school.code",
        *PERSON,
        "concluded_on",
        "outcome",
        "measure",
    ],
)
