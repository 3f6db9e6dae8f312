"""The office's figures: on the plan, and on work notes and other registers common to all sections."""

from ibis import _

from xuezheng.figures import Population, flow
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.models import Attendance, Prize, Training, WorkEntry

plan_items = Population(PlanItem, by=("planned_for", "section")).count(
    "计划任务", "项", "快照日登记的各半年计划任务数。"
)
TARGETS = Population(Target, by=("planned_for", "section", "school"))
plan_targets = TARGETS.count(
    "计划目标", "项", "快照日登记的各半年计划中以指标表述的目标数。", related=("figure",)
)
target_value = TARGETS.figure(
    "计划目标值",
    "",
    _.value.max(),
    "计划目标要求指标达到的数，以该指标的单位计。",
    by=("item", "title"),
    related=("figure", "operator"),
)
work_entries = Population(WorkEntry, flow("day"), by=("section", "topic", "picked")).count(
    "工作纪实", "条", "时期内各科室登记的工作纪实条数。"
)
trainings = Population(Training, flow("held_on"), by=("section", "level")).count(
    "培训", "场次", "时期内开始的培训场次数。"
)
ATTENDANCES = Population(Attendance, flow("held_on"), by=("section", "level", "school"))
trained = ATTENDANCES.people("参训人员", "人", "时期内参加过培训的人数，一人多次计一人。")
training_places = ATTENDANCES.count("参训人次", "人次", "时期内参加培训的人次数。")
prizes = Population(Prize, flow("awarded_on"), by=("section", "level", "rank", "winner", "school")).count(
    "获奖", "项", "时期内学生和教职工获得的奖项数。"
)
