"""The workbooks that every section fills in the same way."""

from xuezheng.imports import Sheet
from xuezheng.records.models import Attendance, Prize, Training, WorkEntry

work_entries = Sheet(
    WorkEntry,
    "工作纪实",
    columns=[
        "section",
        "topic",
        "day",
        "title",
        "document",
        "text",
        "evidence",
        "picked",
        "order",
    ],
)
trainings = Sheet(
    Training,
    "培训活动",
    columns=[
        "section",
        "title",
        "held_on",
        "ended_on",
        "topic",
        "level",
        "hours",
        "organiser",
        "document",
    ],
)
attendances = Sheet(
    Attendance,
    "参训人员",
    columns=[
        "training.section",
        "training.title",
        "training.held_on",
        "person.name",
        "person.id_number",
        "school.code",
        "passed",
    ],
)
prizes = Sheet(
    Prize,
    "获奖名单",
    columns=[
        "section",
        "contest",
        "work",
        "person.name",
        "person.id_number",
        "winner",
        "school.code",
        "subject",
        "level",
        "rank",
        "awarded_on",
    ],
)
