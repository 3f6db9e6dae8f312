"""The rule columns of the finance area: months of expenditure, public funds due, states of problems found."""

import ibis

from xuezheng.areas.finance.models import Expenditure, FinanceCheck, PublicFunds
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, timeliness, timeliness_names

STATES = {"clean": "未发现问题", **timeliness_names("整改", "整改中")}
_RURAL = ("210", "220")
_SPECIAL_SCHOOL = "514"


@column(Expenditure)
def year(entry: ibis.Table, policy: Policy) -> ibis.Value:
    """年度：入账月份所在的年度。"""
    return entry.month.year()


@column(Expenditure)
def month_number(entry: ibis.Table, policy: Policy) -> ibis.Value:
    """月份：入账月份是几月。"""
    return entry.month.month()


@column(PublicFunds)
def paid(funds: ibis.Table, policy: Policy) -> ibis.Value:
    """是否已拨付：拨付日期不晚于快照日的为已拨付。"""
    return happened(funds.paid_on, policy.day)


@column(PublicFunds)
def counted_pupils(funds: ibis.Table, policy: Policy) -> ibis.Value:
    """计算经费的学生数：农村小规模小学（含教学点）不足规定人数的按规定人数计，其他按核定学生数计。"""
    small_may_be = (
        (funds.stage == "primary") & funds.urban_rural.isin(_RURAL) & (funds.school_kind != _SPECIAL_SCHOOL)
    )
    floor = policy.small_school_floor.on(funds.term_start)
    return ibis.cases((small_may_be & (funds.pupils < floor), floor.cast("int64")), else_=funds.pupils)


@column(PublicFunds, money=True, null=True)
def due(funds: ibis.Table, policy: Policy) -> ibis.Value:
    """应拨公用经费：按学期开学日施行的标准，生均定额乘计算经费的学生数，随班就读的按特殊教育的定额，义务教育另加寄宿生补助。"""
    rate = policy.public_funds.on(funds.term_start, funds.school_kind, funds.stage)
    special = policy.public_funds.on(funds.term_start, ibis.literal(_SPECIAL_SCHOOL), funds.stage)
    boarder_rate = policy.boarder_rate.on(funds.term_start, funds.stage).fill_null(0)
    inclusive = funds.inclusive.fill_null(0).cast("int64")
    ordinary = funds.counted_pupils.cast("int64") - inclusive
    return ordinary * rate + (inclusive * special).fill_null(0) + funds.boarders * boarder_rate


@column(FinanceCheck, choices=STATES)
def state(check: ibis.Table, policy: Policy) -> ibis.Value:
    """整改状态：由问题数、整改时限、整改完成日期和快照日确定。"""
    return ibis.cases(
        (check.problems == 0, "clean"), else_=timeliness(check.mended_on, check.due_on, policy.day)
    )
