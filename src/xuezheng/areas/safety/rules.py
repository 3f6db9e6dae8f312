"""The rule columns of the safety area: states of hazards and problems, timely investigations, clusters of disease."""

import ibis

from xuezheng.areas.safety.models import BullyingReport, Hazard, HealthCheck, Outbreak
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, timeliness, timeliness_names

HAZARD_STATES = timeliness_names("销号", "整改中")
CHECK_STATES = {"clean": "未发现问题", **timeliness_names("整改", "整改中")}
INVESTIGATIONS = timeliness_names("认定", "调查中")


@column(Hazard, choices=HAZARD_STATES)
def state(hazard: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：由整改时限、销号日期和快照日确定。"""
    return timeliness(hazard.closed_on, hazard.due_on, policy.day)


@column(HealthCheck, choices=CHECK_STATES)
def check_state(check: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：存在问题的由整改时限、整改完成日期和快照日确定。"""
    return ibis.cases(
        (check.problem.isnull(), "clean"), else_=timeliness(check.mended_on, check.due_on, policy.day)
    )


@column(BullyingReport, choices=INVESTIGATIONS)
def investigation(report: ibis.Table, policy: Policy) -> ibis.Value:
    """调查状态：自启动调查之日起（没有另填的，报告当天启动），在报告日施行的时限内作出认定的为按期认定。"""
    inquiry_began = ibis.coalesce(report.inquiry_on, report.reported_on)
    due_on = inquiry_began + ibis.interval(days=1) * policy.investigation_days.on(report.reported_on)
    return timeliness(report.concluded_on, due_on.cast("date"), policy.day)


@column(BullyingReport)
def confirmed(report: ibis.Table, policy: Policy) -> ibis.Value:
    """是否属于欺凌：到快照日已作出认定，认定结论为属于欺凌。"""
    return happened(report.concluded_on, policy.day) & (report.outcome == "bullying").fill_null(False)


@column(Outbreak)
def recent_cases(outbreak: ibis.Table, policy: Policy) -> ibis.Value:
    """近期病例数：同一学校同一病种在规定天数内（到报告日止）各次报告的病例数之和。"""
    days = policy.cluster_days
    lengths = sorted({int(length) for _, _, length in days.leaves() if length is not None})
    sums = (
        (
            days.on(outbreak.reported_on, outbreak.disease) == length,
            outbreak.cases.sum().over(
                ibis.trailing_range_window(
                    ibis.interval(days=length - 1),
                    order_by=outbreak.reported_on,
                    group_by=[outbreak.school, outbreak.disease],
                )
            ),
        )
        for length in lengths
    )
    # Where policy names no days, each report stands for itself.
    return ibis.cases(*sums, else_=outbreak.cases) if lengths else outbreak.cases


@column(Outbreak)
def cluster(outbreak: ibis.Table, policy: Policy) -> ibis.Value:
    """聚集性：同一学校同一病种在规定天数内（到报告日止）报告的病例数之和，或者同一班级（宿舍）的病例数，达到报告日施行的界限。"""
    day, disease = outbreak.reported_on, outbreak.disease
    in_school = outbreak.recent_cases >= policy.cluster_cases.on(day, disease)
    in_class = outbreak.most_in_a_class >= policy.cluster_cases_a_class.on(day, disease)
    return in_school.fill_null(False) | in_class.fill_null(False)
