"""The workbooks by which schools and the section fill the registers of the teaching area."""

from xuezheng.areas.quality.models import (
    ExamResult,
    Mentoring,
    Studio,
    StudioAssessment,
    StudioMember,
    StudioTask,
    TeachingAssignment,
)
from xuezheng.workbooks import Sheet

results = Sheet(
    ExamResult,
    "考试成绩表",
    columns=[
        "school.code",
        "stage",
        "grade",
        "class_name",
        "person.name",
        "person.id_number",
        "term.code",
        "subject",
        "score",
    ],
    people="pupils",
)
assignments = Sheet(
    TeachingAssignment,
    "任课安排表",
    columns=[
        "school_year",
        "school.code",
        "stage",
        "grade",
        "class_name",
        "subject",
        "person.name",
        "person.id_number",
    ],
    people="staff",
)
mentorings = Sheet(
    Mentoring,
    "教学帮扶登记表",
    columns=[
        "assignment.school_year",
        "assignment.school.code",
        "assignment.class_name",
        "assignment.subject",
        "mentor.name",
        "mentor.id_number",
        "since",
        "until",
    ],
)
studios = Sheet(
    Studio,
    "名师工作室名单",
    columns=[
        "name",
        "level",
        "stage",
        "subject",
        "person.name",
        "person.id_number",
        "school.code",
        "founded_on",
        "closed_on",
    ],
)
studio_members = Sheet(
    StudioMember,
    "工作室成员名单",
    columns=["studio.name", "person.name", "person.id_number", "school.code", "joined_on", "left_on"],
)
studio_tasks = Sheet(
    StudioTask, "工作室任务清单", columns=["studio.name", "title", "kind", "due_on", "done_on"]
)
studio_assessments = Sheet(StudioAssessment, "工作室考核表", columns=["studio.name", "year", "score"])
