"""The workbooks common to all sections, and those of the plan."""

from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.models import Attendance, Prize, Training, WorkEntry
from xuezheng.workbooks import Sheet

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
plan_items = Sheet(
    PlanItem,
    "计划任务",
    columns=[
        "planned_for",
        "number",
        "title",
        "section",
        "due_on",
        "measures",
        "started_on",
        "finished_on",
    ],
)
targets = Sheet(
    Target,
    "计划目标",
    columns=[
        "item.planned_for",
        "item.number",
        "title",
        "section",
        "due_on",
        "figure",
        "slice",
        "school.code",
        "operator",
        "value",
    ],
)
