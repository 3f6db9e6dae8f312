"""The rule columns of the teaching area: scores by their limits, classes with poor results, grades of studios."""

import ibis

from xuezheng.areas.quality.models import ExamResult, Mentoring, StudioAssessment, TeachingAssignment
from xuezheng.policy import Policy
from xuezheng.rules import column

GRADES = {"excellent": "优秀", "qualified": "合格", "unqualified": "不合格"}


@column(ExamResult)
def passed(result: ibis.Table, policy: Policy) -> ibis.Value:
    """是否及格：分数达到满分的规定比例，按学期开学日施行的标准。"""
    return result.score * 100 >= _full_mark(result, policy) * policy.pass_share.on(result.term_start)


@column(ExamResult)
def excellent(result: ibis.Table, policy: Policy) -> ibis.Value:
    """是否优秀：分数达到满分的规定比例，按学期开学日施行的标准。"""
    return result.score * 100 >= _full_mark(result, policy) * policy.excellent_share.on(result.term_start)


@column(TeachingAssignment)
def flagged(assignment: ibis.Table, policy: Policy) -> ibis.Value:
    """教学成绩是否异常：本学年班级平均分低于全县（区）同年级同学科平均分超过规定的比例。"""
    return _flagged(assignment, policy)


@column(Mentoring)
def mentee_flagged(mentoring: ibis.Table, policy: Policy) -> ibis.Value:
    """被帮扶教师成绩是否异常：所依据学年的班级平均分低于全县（区）同年级同学科平均分超过规定的比例。"""
    return _flagged(mentoring, policy)


@column(StudioAssessment, choices=GRADES, null=True)
def grade(assessment: ibis.Table, policy: Policy) -> ibis.Value:
    """考核等次：按考核年度末施行的最低分，分为优秀、合格和不合格；还没有标准的年度不分等次。"""
    day = ibis.date(assessment.year, 12, 31)
    limits = {name: policy.studio_grade.on(day, ibis.literal(name)) for name in ("excellent", "qualified")}
    return ibis.cases(
        (limits["qualified"].isnull(), None),
        *((assessment.score >= limit, name) for name, limit in limits.items()),
        else_="unqualified",
    )


def _full_mark(result: ibis.Table, policy: Policy) -> ibis.Value:
    return policy.full_mark.on(result.term_start, result.subject)


def _flagged(row: ibis.Table, policy: Policy) -> ibis.Value:
    begun = ibis.date(row.school_year.left(4).cast("int64"), 9, 1)
    least = row.district_average * (100 - policy.anomaly_share.on(begun))
    return (row.class_average * 100 < least).fill_null(False)
