"""The works office's figures."""

import ibis
from ibis import _

from xuezheng.areas.works.models import ExamCentre, Milestone, Project, SmartApplication
from xuezheng.core.periods import Period
from xuezheng.figures import Population, Ratio, flow, stock
from xuezheng.figures.spans import Span


def _current(project: ibis.Table, period: Period) -> ibis.Value:
    listed = project.listed_on <= ibis.date(period.end)
    return listed & (project.delivered_on.isnull() | (project.delivered_on >= ibis.date(period.start)))


# A project counts in every period from its listing to its delivery, so that each delivery is counted once.
CURRENT = Span("listed", "时期内在列的", _current, flows=False)
BY_SCHOOL = ("application", "school", "school_kind", "urban_rural")

PROJECTS = Population(Project, CURRENT, by=("state", "kind", "code", "school"))
projects = PROJECTS.count(
    "建设项目",
    "个",
    "时期末以前立项、时期开始以前尚未交付的建设项目数，状态以快照日为准。",
    related=("due_on", "delivered_on"),
)
project_budget = PROJECTS.money(
    "建设项目预算", _.budget, "时期末以前立项、时期开始以前尚未交付的建设项目预算之和，状态以快照日为准。"
)
contracted_budget = PROJECTS.money(
    "已招标项目预算",
    _.budget,
    "时期内在列的建设项目中，已登记合同价的项目预算之和。",
    where=_.contract_amount.notnull(),
    related=("contract_amount",),
)
contract_amount = PROJECTS.money(
    "已招标项目合同价",
    _.contract_amount,
    "时期内在列的建设项目中，已登记合同价的项目合同价之和。",
    where=_.contract_amount.notnull(),
    related=("budget",),
)
contract_rate = Ratio("合同价占预算比例", top="works.contract_amount", bottom="works.contracted_budget")
DELIVERED = Population(Project, flow("delivered_on"), by=("kind", "code", "school"))
projects_delivered = DELIVERED.count(
    "新交付项目", "个", "实际交付使用日期在时期内的建设项目数。", related=("due_on",)
)
disordered_projects = PROJECTS.count(
    "节点日期颠倒的项目",
    "个",
    "时期内在列的建设项目中，后一节点的实际日期早于前一节点、须由项目办核对的项目数。",
    where=_.disordered,
    by=("kind", "code", "school"),
    related=("tendered_on", "started_on", "completed_on", "delivered_on"),
    empty="zero",
    better="lower",
)
repairs_under_way = PROJECTS.schools(
    "校舍维修在建",
    "时期内在列的校舍维修项目中，快照日在建的学校数，一校多个项目计一所。",
    where=(_.kind == "repair") & (_.state == "under_construction"),
    by=("school",),
    related=("code", "due_on"),
    empty="zero",
)
repairs_delivered = DELIVERED.schools(
    "校舍维修交付",
    "校舍维修在时期内交付使用的学校数，一校多个项目计一所。",
    where=_.kind == "repair",
    by=("school",),
    related=("code", "due_on"),
)
MILESTONES = Population(Milestone, flow("planned_on"), by=("progress", "step", "kind", "code", "school"))
milestones_due = MILESTONES.count(
    "应到节点", "个", "计划日期在时期内的项目节点数，不论是否到达。", related=("planned_on", "real_on")
)
milestones_on_time = MILESTONES.count(
    "按期到达节点",
    "个",
    "计划日期在时期内、实际日期不晚于计划日期的项目节点数。",
    where=_.progress == "in_time",
    by=("step", "kind", "code", "school"),
    related=("planned_on", "real_on"),
    empty="zero",
)
milestones_on_time_rate = Ratio(
    "节点按期率", top="works.milestones_on_time", bottom="works.milestones_due", better="higher"
)
milestones_overdue = Population(Milestone, stock("planned_on"), by=("step", "kind", "code", "school")).count(
    "逾期未到节点",
    "个",
    "计划日期不晚于时期末、到快照日已过计划日期而仍未到达的项目节点数。",
    where=_.progress == "overdue",
    related=("planned_on", "real_on"),
    empty="zero",
    better="lower",
)
APPLICATIONS = Population(SmartApplication, stock("built_on"), by=("school", "school_kind", "urban_rural"))
smart_campus_schools = APPLICATIONS.schools(
    "智慧校园建成学校", "时期末智慧校园综合平台已验收的学校数。", where=_.application == "platform"
)
APPLICATIONS_IN_USE = Population(SmartApplication, stock("used_since"), by=BY_SCHOOL)
smart_campus_schools_in_use = APPLICATIONS_IN_USE.schools(
    "智慧校园启用学校",
    "时期末智慧校园综合平台已启用的学校数。",
    where=_.application == "platform",
    by=("school", "school_kind", "urban_rural"),
    empty="zero",
)
smart_applications = APPLICATIONS.count(
    "智慧校园应用", "个", "时期末已验收的智慧校园应用数，一校一应用计一个。", by=BY_SCHOOL
)
smart_applications_in_use = APPLICATIONS_IN_USE.count(
    "已启用智慧校园应用", "个", "时期末已启用的智慧校园应用数，一校一应用计一个。"
)
smart_use_rate = Ratio(
    "智慧校园应用启用率",
    top="works.smart_applications_in_use",
    bottom="works.smart_applications",
    better="higher",
)
smart_users = APPLICATIONS_IN_USE.figure(
    "智慧校园应用使用",
    "人次",
    _.users.sum(),
    "时期末已启用的智慧校园应用登记的使用人数之和，一人使用多个应用计多次。",
)
exam_centres_finished = Population(ExamCentre, flow("finished_on"), by=("school",)).count(
    "标准化考点建成启用",
    "个",
    "建成日期在时期内、到快照日已经启用的标准化考点数。",
    where=_.in_use,
    related=("rooms", "used_since"),
)
EXAM_CENTRES = Population(ExamCentre, stock("used_since"), by=("school",))
exam_centres = EXAM_CENTRES.count("标准化考点", "个", "时期末已启用的标准化考点数。")
exam_rooms = EXAM_CENTRES.figure("标准化考场", "间", _.rooms.sum(), "时期末已启用的标准化考点的考场数之和。")
