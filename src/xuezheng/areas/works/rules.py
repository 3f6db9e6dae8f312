"""The rule columns of the works area, for projects, their milestones and exam centres."""

import ibis

from xuezheng.areas.works.models import ExamCentre, Milestone, Project
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, timeliness, timeliness_names

STATES = {
    "planned": "已立项",
    "tendered": "已招标",
    "under_construction": "在建",
    "delivered": "已交付",
}
TIMELINESS = timeliness_names("到达", "未到期")


@column(Project, choices=STATES)
def state(project: ibis.Table, policy: Policy) -> ibis.Value:
    """项目状态：看快照日以前实际到达的最后节点，交付使用的为已交付，开工的为在建，招标完成的为已招标，其余为已立项。"""
    return ibis.cases(
        (project.delivered_on <= policy.day, "delivered"),
        (project.started_on <= policy.day, "under_construction"),
        (project.tendered_on <= policy.day, "tendered"),
        else_="planned",
    )


@column(Project)
def disordered(project: ibis.Table, policy: Policy) -> ibis.Value:
    """节点日期颠倒：后一节点的实际日期早于前一节点。"""
    steps = [project.tendered_on, project.started_on, project.completed_on, project.delivered_on]
    pairs = [(first, second) for place, first in enumerate(steps) for second in steps[place + 1 :]]
    return ibis.or_(*((second < first).fill_null(False) for first, second in pairs))


@column(Milestone, choices=TIMELINESS)
def progress(milestone: ibis.Table, policy: Policy) -> ibis.Value:
    """节点进度：实际日期不晚于计划日期为按期到达，晚于的为逾期到达；到快照日仍未到达的，过了计划日期为逾期未到，否则为未到期。"""
    return timeliness(milestone.real_on, milestone.planned_on, policy.day)


@column(ExamCentre)
def in_use(centre: ibis.Table, policy: Policy) -> ibis.Value:
    """是否已启用：启用日期不晚于快照日的为已启用。"""
    return happened(centre.used_since, policy.day)
