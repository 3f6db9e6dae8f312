"""The safety office's rule columns: states of hazards and problems, timely investigations, clusters of disease."""

import ibis

from xuezheng.areas.safety.models import BullyingReport, Hazard, HealthCheck, Outbreak
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, timeliness, timeliness_names

HAZARD_STATES = timeliness_names("销号", "整改中")
CHECK_STATES = {"clean": "未发现问题", **timeliness_names("整改", "整改中")}
INVESTIGATIONS = timeliness_names("认定", "调查中")


@column(Hazard, choices=HAZARD_STATES)
def state(hazard: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：由整改时限、销号日期和冻结日确定。"""
    return timeliness(hazard.closed_on, hazard.due_on, policy.day)


@column(HealthCheck, choices=CHECK_STATES)
def check_state(check: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：存在问题的由整改时限、整改完成日期和冻结日确定。"""
    return ibis.cases(
        (check.problem.isnull(), "clean"), else_=timeliness(check.mended_on, check.due_on, policy.day)
    )


@column(BullyingReport, choices=INVESTIGATIONS)
def investigation(report: ibis.Table, policy: Policy) -> ibis.Value:
    """调查状态：自报告之日起，在报告日施行的时限内作出认定的为按期认定。"""
    due_on = report.reported_on + ibis.interval(days=1) * policy.investigation_days.on(report.reported_on)
    return timeliness(report.concluded_on, due_on.cast("date"), policy.day)


@column(BullyingReport)
def confirmed(report: ibis.Table, policy: Policy) -> ibis.Value:
    """是否属于欺凌：到冻结日已作出认定，认定结论为属于欺凌。"""
    return happened(report.concluded_on, policy.day) & (report.outcome == "bullying").fill_null(False)


@column(Outbreak)
def cluster(outbreak: ibis.Table, policy: Policy) -> ibis.Value:
    """聚集性：病例数达到报告日施行的界限的为聚集性。"""
    return outbreak.cases >= policy.cluster_cases.on(outbreak.reported_on)
