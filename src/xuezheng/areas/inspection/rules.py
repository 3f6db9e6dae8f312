"""The rule columns of the inspection area: scores and grades of schools, states of findings, licences of institutions."""

from functools import reduce
from operator import or_

import ibis

from xuezheng.areas.inspection.models import (
    FULL_WEIGHT,
    Evaluation,
    Finding,
    InstitutionCheck,
    TrainingInstitution,
)
from xuezheng.policy import Policy
from xuezheng.rules import column, timeliness, timeliness_names

GRADES = {
    "excellent": "优秀",
    "good": "良好",
    "fair": "合格",
    "poor": "不合格",
    "pending": "未评完",
}
STATES = timeliness_names("整改", "整改中")
CHECK_STATES = {"clean": "未发现问题", **STATES}
STANDINGS = {"licensed": "证照有效", "expired": "证照过期", "unlicensed": "无证"}


@column(Evaluation, null=True)
def score(evaluation: ibis.Table, policy: Policy) -> ibis.Value:
    """综合得分：各指标得分按权重加权之和，指标没有评完的不计算。"""
    return ibis.cases((evaluation.weight_scored == FULL_WEIGHT, (evaluation.points / FULL_WEIGHT).round(2)))


@column(Evaluation, choices=GRADES)
def grade(evaluation: ibis.Table, policy: Policy) -> ibis.Value:
    """考核等次：按考核日施行的最低得分，由综合得分确定，指标没有评完的为未评完。"""

    def reaches(name: str) -> ibis.Value:
        least = policy.grade_score.on(evaluation.evaluated_on, ibis.literal(name))
        return evaluation.points >= least * FULL_WEIGHT

    return ibis.cases(
        ((evaluation.weight_scored != FULL_WEIGHT) | evaluation.weight_scored.isnull(), "pending"),
        *((reaches(name), name) for name in ("excellent", "good", "fair")),
        else_="poor",
    )


@column(Finding, choices=STATES)
def state(finding: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：由整改时限、整改完成日期和快照日确定。"""
    return timeliness(finding.mended_on, finding.due_on, policy.day)


@column(TrainingInstitution, choices=STANDINGS)
def standing(institution: ibis.Table, policy: Policy) -> ibis.Value:
    """证照状况：没有办学许可证的为无证，快照日已过有效期的为证照过期，其余为证照有效。"""
    return ibis.cases(
        (institution.licensed_until.isnull(), "unlicensed"),
        (institution.licensed_until < policy.day, "expired"),
        else_="licensed",
    )


@column(InstitutionCheck, choices=CHECK_STATES)
def check_state(check: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：发现问题的由整改时限、整改完成日期和快照日确定。"""
    return ibis.cases(
        (check.problem == "none", "clean"), else_=timeliness(check.mended_on, check.due_on, policy.day)
    )


@column(InstitutionCheck, null=True)
def overcharged(check: ibis.Table, policy: Policy) -> ibis.Value:
    """违规预收费：一次性收费的月数、课时数、金额或提前收费的天数，有一项超过检查日施行的限度；都没有查的不判断。"""
    day = check.checked_on
    limits = (
        (check.prepaid_months, policy.prepaid_limit.on(day)),
        (check.prepaid_lessons, policy.prepaid_lessons.on(day)),
        (check.prepaid_amount, policy.prepaid_amount.on(day)),
        (check.prepaid_days_ahead, policy.prepaid_days_ahead.on(day)),
    )
    excesses = [found > limit for found, limit in limits]
    # One excess decides, whatever else was not checked.
    over = reduce(or_, (excess.fill_null(False) for excess in excesses))
    return ibis.cases((reduce(or_, (excess.notnull() for excess in excesses)), over))
