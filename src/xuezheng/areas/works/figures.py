"""The works office's figures."""

import ibis
from ibis import _

from xuezheng.areas.works.models import ExamCentre, Milestone, Project, SmartApplication
from xuezheng.core.periods import Period
from xuezheng.figures import Figure, Ratio, flow, stock
from xuezheng.figures.spans import Span


def _current(project: ibis.Table, period: Period) -> ibis.Value:
    listed = project.listed_on <= ibis.date(period.end)
    return listed & (project.delivered_on.isnull() | (project.delivered_on >= ibis.date(period.start)))


# A project counts in every period from its listing to its delivery, so that each delivery is counted once.
CURRENT = Span("时期内在列的", _current, flows=False)
BY_PROJECT = ("state", "kind", "code", "school")
BY_SCHOOL = ("application", "school", "school_kind", "urban_rural")

projects = Figure(
    "建设项目",
    unit="个",
    table=Project,
    over=CURRENT,
    value=_.count(),
    by=BY_PROJECT,
    related=("due_on", "delivered_on"),
    definition="时期末以前立项、时期开始以前尚未交付的建设项目数，状态以冻结日为准。",
)
project_budget = Figure(
    "建设项目预算",
    unit="元",
    table=Project,
    over=CURRENT,
    value=_.budget.sum(),
    by=BY_PROJECT,
    definition="时期末以前立项、时期开始以前尚未交付的建设项目预算之和，状态以冻结日为准。",
)
contracted_budget = Figure(
    "已招标项目预算",
    unit="元",
    table=Project,
    over=CURRENT,
    where=_.contract_amount.notnull(),
    value=_.budget.sum(),
    by=BY_PROJECT,
    related=("contract_amount",),
    definition="时期内在列的建设项目中，已登记合同价的项目预算之和。",
)
contract_amount = Figure(
    "已招标项目合同价",
    unit="元",
    table=Project,
    over=CURRENT,
    where=_.contract_amount.notnull(),
    value=_.contract_amount.sum(),
    by=BY_PROJECT,
    related=("budget",),
    definition="时期内在列的建设项目中，已登记合同价的项目合同价之和。",
)
contract_rate = Ratio("合同价占预算比例", top="works.contract_amount", bottom="works.contracted_budget")
projects_delivered = Figure(
    "新交付项目",
    unit="个",
    table=Project,
    over=flow("delivered_on"),
    value=_.count(),
    by=("kind", "code", "school"),
    related=("due_on",),
    definition="实际交付使用日期在时期内的建设项目数。",
)
disordered_projects = Figure(
    "节点日期颠倒的项目",
    unit="个",
    table=Project,
    over=CURRENT,
    where=_.disordered,
    value=_.count(),
    by=("kind", "code", "school"),
    related=("tendered_on", "started_on", "completed_on", "delivered_on"),
    definition="时期内在列的建设项目中，后一节点的实际日期早于前一节点、须由项目办核对的项目数。",
    empty="zero",
)
repairs_under_way = Figure(
    "校舍维修在建",
    unit="所",
    table=Project,
    over=CURRENT,
    where=(_.kind == "repair") & (_.state == "under_construction"),
    value=_.school.nunique(),
    by=("school",),
    related=("code", "due_on"),
    definition="时期内在列的校舍维修项目中，冻结日在建的学校数，一校多个项目计一所。",
    empty="zero",
)
repairs_delivered = Figure(
    "校舍维修交付",
    unit="所",
    table=Project,
    over=flow("delivered_on"),
    where=_.kind == "repair",
    value=_.school.nunique(),
    by=("school",),
    related=("code", "due_on"),
    definition="校舍维修在时期内交付使用的学校数，一校多个项目计一所。",
)
milestones_due = Figure(
    "应到节点",
    unit="个",
    table=Milestone,
    over=flow("planned_on"),
    value=_.count(),
    by=("progress", "step", "kind", "code", "school"),
    related=("planned_on", "real_on"),
    definition="计划日期在时期内的项目节点数，不论是否到达。",
)
milestones_on_time = Figure(
    "按期到达节点",
    unit="个",
    table=Milestone,
    over=flow("planned_on"),
    where=_.progress == "in_time",
    value=_.count(),
    by=("step", "kind", "code", "school"),
    related=("planned_on", "real_on"),
    definition="计划日期在时期内、实际日期不晚于计划日期的项目节点数。",
    empty="zero",
)
milestones_on_time_rate = Ratio("节点按期率", top="works.milestones_on_time", bottom="works.milestones_due")
milestones_overdue = Figure(
    "逾期未到节点",
    unit="个",
    table=Milestone,
    over=stock("planned_on"),
    where=_.progress == "overdue",
    value=_.count(),
    by=("step", "kind", "code", "school"),
    related=("planned_on", "real_on"),
    definition="计划日期不晚于时期末、到冻结日已过计划日期而仍未到达的项目节点数。",
    empty="zero",
)
smart_campus_schools = Figure(
    "智慧校园建成学校",
    unit="所",
    table=SmartApplication,
    over=stock("built_on"),
    where=_.application == "platform",
    value=_.school.nunique(),
    by=("school", "school_kind", "urban_rural"),
    definition="时期末智慧校园综合平台已验收的学校数。",
)
smart_campus_schools_in_use = Figure(
    "智慧校园启用学校",
    unit="所",
    table=SmartApplication,
    over=stock("used_since"),
    where=_.application == "platform",
    value=_.school.nunique(),
    by=("school", "school_kind", "urban_rural"),
    definition="时期末智慧校园综合平台已启用的学校数。",
    empty="zero",
)
smart_applications = Figure(
    "智慧校园应用",
    unit="个",
    table=SmartApplication,
    over=stock("built_on"),
    value=_.count(),
    by=BY_SCHOOL,
    definition="时期末已验收的智慧校园应用数，一校一应用计一个。",
)
smart_applications_in_use = Figure(
    "已启用智慧校园应用",
    unit="个",
    table=SmartApplication,
    over=stock("used_since"),
    value=_.count(),
    by=BY_SCHOOL,
    definition="时期末已启用的智慧校园应用数，一校一应用计一个。",
)
smart_use_rate = Ratio(
    "智慧校园应用启用率", top="works.smart_applications_in_use", bottom="works.smart_applications"
)
smart_users = Figure(
    "智慧校园应用使用",
    unit="人次",
    table=SmartApplication,
    over=stock("used_since"),
    value=_.users.sum(),
    by=BY_SCHOOL,
    definition="时期末已启用的智慧校园应用登记的使用人数之和，一人使用多个应用计多次。",
)
exam_centres_finished = Figure(
    "标准化考点建成启用",
    unit="个",
    table=ExamCentre,
    over=flow("finished_on"),
    where=_.in_use,
    value=_.count(),
    by=("school",),
    related=("rooms", "used_since"),
    definition="建成日期在时期内、到冻结日已经启用的标准化考点数。",
)
exam_centres = Figure(
    "标准化考点",
    unit="个",
    table=ExamCentre,
    over=stock("used_since"),
    value=_.count(),
    by=("school",),
    definition="时期末已启用的标准化考点数。",
)
exam_rooms = Figure(
    "标准化考场",
    unit="间",
    table=ExamCentre,
    over=stock("used_since"),
    value=_.rooms.sum(),
    by=("school",),
    definition="时期末已启用的标准化考点的考场数之和。",
)
