"""The workbooks of the party office."""

from xuezheng.areas.party.models import (
    BranchElection,
    Development,
    IntegrityTask,
    Member,
    MemberGrading,
    MemberSchool,
    Organisation,
    OrganisationRating,
    PlatformUse,
)
from xuezheng.workbooks import Sheet

organisations = Sheet(
    Organisation,
    "党组织名册",
    columns=[
        "name",
        "kind",
        "parent",
        "secretary.name",
        "secretary.id_number",
        "secretary_rank",
        "founded_on",
        "dissolved_on",
    ],
)
member_schools = Sheet(MemberSchool, "党组织所属学校", columns=["organisation.name", "school.code"])
members = Sheet(
    Member,
    "党员名册",
    columns=["person.name", "person.id_number", "organisation.name", "joined_on", "full_on", "left_on"],
)
organisation_ratings = Sheet(
    OrganisationRating, "党组织评星表", columns=["organisation.name", "year", "score", "rated_on"]
)
member_gradings = Sheet(
    MemberGrading,
    "党员评定表",
    columns=["member.person.name", "member.person.id_number", "year", "score", "rated_on"],
)
branch_elections = Sheet(BranchElection, "换届选举表", columns=["organisation.name", "held_on", "guided"])
developments = Sheet(
    Development,
    "发展党员表",
    columns=["person.name", "person.id_number", "organisation.name", *Development.STEPS, "ended_on"],
)
integrity_tasks = Sheet(
    IntegrityTask,
    "廉政任务表",
    columns=["title", "kind", "owner", "document", "assigned_on", "due_on", "done_on"],
)
platform_use = Sheet(
    PlatformUse,
    "学习平台使用表",
    columns=["person.name", "person.id_number", "school.code", "month", "days"],
)
