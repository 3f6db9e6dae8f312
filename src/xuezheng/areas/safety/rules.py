"""What the safety office works out: states of what is to be mended, investigations in time, clusters of disease."""

import ibis

from xuezheng.areas.safety.models import BullyingReport, Hazard, HealthCheck, Outbreak
from xuezheng.rules import Policy, column

HAZARD_STATES = {"closed": "按期销号", "late": "逾期销号", "open": "整改中", "overdue": "逾期未销号"}
CHECK_STATES = {
    "clean": "未发现问题",
    "mended": "按期整改",
    "late": "逾期整改",
    "open": "整改中",
    "overdue": "逾期未整改",
}
INVESTIGATIONS = {"in_time": "按期认定", "late": "逾期认定", "open": "调查中", "overdue": "逾期未认定"}


@column(Hazard, choices=HAZARD_STATES)
def state(hazard: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：由整改时限、销号日期和冻结日确定。"""
    return _state(hazard.closed_on, hazard.due_on, policy, "closed")


@column(HealthCheck, choices=CHECK_STATES)
def check_state(check: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：存在问题的由整改时限、整改完成日期和冻结日确定。"""
    return ibis.cases(
        (check.problem.isnull(), "clean"), else_=_state(check.mended_on, check.due_on, policy, "mended")
    )


@column(BullyingReport, choices=INVESTIGATIONS)
def investigation(report: ibis.Table, policy: Policy) -> ibis.Value:
    """调查状态：自报告之日起，在报告日施行的时限内作出认定的为按期认定。"""
    due_on = report.reported_on + ibis.interval(days=1) * policy.investigation_days.on(report.reported_on)
    return _state(report.concluded_on, due_on.cast("date"), policy, "in_time")


@column(Outbreak)
def cluster(outbreak: ibis.Table, policy: Policy) -> ibis.Value:
    """聚集性：病例数达到报告日施行的界限的为聚集性。"""
    return outbreak.cases >= policy.cluster_cases.on(outbreak.reported_on)


def _state(done_on: ibis.Value, due_on: ibis.Value, policy: Policy, in_time: str) -> ibis.Value:
    done = done_on.notnull() & (done_on <= policy.day).fill_null(False)
    return ibis.cases(
        (done & (done_on <= due_on), in_time),
        (done, "late"),
        (due_on < policy.day, "overdue"),
        else_="open",
    )
