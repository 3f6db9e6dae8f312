"""The office's figures: over the plan, and over what every section notes in the same way."""

from ibis import _

from xuezheng.figures import Figure, flow
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.models import Attendance, Prize, Training, WorkEntry

plan_items = Figure(
    "计划任务",
    unit="项",
    table=PlanItem,
    value=_.count(),
    by=("planned_for", "section"),
    definition="冻结时登记的各半年计划任务数。",
)
plan_targets = Figure(
    "计划目标",
    unit="项",
    table=Target,
    value=_.count(),
    by=("planned_for", "section", "school"),
    related=("figure",),
    definition="冻结时登记的各半年计划中以指标表述的目标数。",
)
target_value = Figure(
    "计划目标值",
    unit="",
    table=Target,
    value=_.value.max(),
    by=("item", "title"),
    related=("figure", "operator"),
    definition="计划目标要求指标达到的数，以该指标的单位计。",
)
work_entries = Figure(
    "工作纪实",
    unit="条",
    table=WorkEntry,
    over=flow("day"),
    value=_.count(),
    by=("section", "topic", "picked"),
    definition="时期内各科室登记的工作纪实条数。",
)
trainings = Figure(
    "培训",
    unit="场次",
    table=Training,
    over=flow("held_on"),
    value=_.count(),
    by=("section", "level"),
    definition="时期内开始的培训场次数。",
)
trained = Figure(
    "参训人员",
    unit="人",
    table=Attendance,
    over=flow("held_on"),
    value=_.person.nunique(),
    by=("section", "level", "school"),
    definition="时期内参加过培训的人数，一人多次计一人。",
)
training_places = Figure(
    "参训人次",
    unit="人次",
    table=Attendance,
    over=flow("held_on"),
    value=_.count(),
    by=("section", "level", "school"),
    definition="时期内参加培训的人次数。",
)
prizes = Figure(
    "获奖",
    unit="项",
    table=Prize,
    over=flow("awarded_on"),
    value=_.count(),
    by=("section", "level", "rank", "winner", "school"),
    definition="时期内学生和教职工获得的奖项数。",
)
