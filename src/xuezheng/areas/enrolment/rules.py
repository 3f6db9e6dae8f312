"""The section's rule columns, for classes, pupils, enrolment events and pupils who do not attend."""

import ibis

from xuezheng.areas.enrolment.models import Absence, AttendanceReport
from xuezheng.policy import Policy
from xuezheng.records.models import ClassGroup, EnrolmentEvent, EnrolmentState, Pupil
from xuezheng.rules import column, happened, locality, timeliness, timeliness_names

SIZES = {"usual": "正常班额", "oversize": "大班额", "very_large": "超大班额"}


@column(ClassGroup, choices=SIZES)
def size(group: ibis.Table, policy: Policy) -> ibis.Value:
    """班额：按冻结日施行的标准，分为正常班额、大班额和超大班额。"""
    return ibis.cases(
        (group.pupils >= policy.very_large_class.on(policy.day), "very_large"),
        (group.pupils >= policy.oversize_class.on(policy.day), "oversize"),
        else_="usual",
    )


HOUSEHOLDS = {"district": "本{county}", "province": "省内{county}外", "outside": "省外"}


@column(Pupil, choices=HOUSEHOLDS, null=True)
def household(pupil: ibis.Table, policy: Policy) -> ibis.Value:
    """户籍地：户籍区划代码六位与本地相同为本{county}，前两位相同为省内{county}外，其余为省外；未填的不判断。"""
    return locality(pupil.household_division, policy.district)


@column(EnrolmentEvent, null=True)
def until(event: ibis.Table, policy: Policy) -> ibis.Value:
    """下一次异动日期：同一名学生下一次异动的日期，在此以前的学籍状态是本次异动以后的；没有的为空。"""
    return event.occurred_on.lead().over(
        ibis.window(group_by=event.person, order_by=[event.occurred_on, event.id])
    )


@column(EnrolmentEvent, choices=dict(EnrolmentState.choices), null=True)
def state(event: ibis.Table, policy: Policy) -> ibis.Value:
    """异动后的学籍状态：本次异动的类别所定的状态；不改变状态的类别，为以前最近一次所定的状态。"""
    kinds = policy.codes("enrolment_event")
    sets = ibis.cases(
        *(
            (kinds.having(event.occurred_on, event.kind, "after", name), name)
            for name in EnrolmentState.values
        )
    )
    return _latest(event, sets)


@column(EnrolmentEvent)
def inclusive(event: ibis.Table, policy: Policy) -> ibis.Value:
    """随班就读：本次异动以后是否在随班就读，离校以后不是。"""
    kinds = policy.codes("enrolment_event")
    sets = ibis.cases(
        (kinds.having(event.occurred_on, event.kind, "inclusive", "begin"), "begin"),
        (kinds.having(event.occurred_on, event.kind, "inclusive", "end"), "end"),
        (event.to_class.isnull(), "end"),
    )
    return (_latest(event, sets) == "begin").fill_null(False)


@column(EnrolmentEvent, choices={"in": "进入", "out": "离开", "across": "校际或学段间", "within": "校内"})
def movement(event: ibis.Table, policy: Policy) -> ibis.Value:
    """流动方向：从没有学籍到有学籍为进入，从有到没有为离开，学校或学段改变为校际或学段间，其余为校内。"""
    same = (event.school == event.from_school) & (event.stage == event.from_stage)
    return ibis.cases(
        (event.from_class.isnull() & event.to_class.notnull(), "in"),
        (event.from_class.notnull() & event.to_class.isnull(), "out"),
        (event.from_class.notnull() & ~same, "across"),
        else_="within",
    )


@column(EnrolmentEvent, null=True)
def stage_year(event: ibis.Table, policy: Policy) -> ibis.Value:
    """入学学年：最近一次进入现在的学校和学段的学年，7月1日起算下一学年。"""
    arrives = event.movement.isin(["in", "across"])
    day = _latest(event, ibis.cases((arrives, event.occurred_on.cast("string")))).cast("date")
    return day.year() - ibis.cases((day.month() < 7, 1), else_=0)


@column(EnrolmentEvent)
def vocational(event: ibis.Table, policy: Policy) -> ibis.Value:
    """中等职业学校：本次异动以后的学校是否为中等职业学校。"""
    kinds = policy.codes("school_kind")
    return kinds.having(event.occurred_on, event.school_kind, "vocational")


@column(EnrolmentEvent)
def from_vocational(event: ibis.Table, policy: Policy) -> ibis.Value:
    """原中等职业学校：本次异动以前的学校是否为中等职业学校。"""
    kinds = policy.codes("school_kind")
    return kinds.having(event.occurred_on, event.from_school_kind, "vocational")


ABSENCES = {"absent": "未到校", "suspected": "疑似辍学", "dropout": "辍学", "cleared": "已销号"}


@column(Absence, null=True)
def suspected_until(absence: ibis.Table, policy: Policy) -> ibis.Value:
    """疑似辍学截止日期：认定辍学或销号的日期，都没有的为空。"""
    return ibis.coalesce(absence.confirmed_on, absence.cleared_on)


@column(Absence, null=True)
def suspected_on(absence: ibis.Table, policy: Policy) -> ibis.Value:
    """列为疑似辍学日期：未到校起始日期加上当时施行的天数；在此以前认定辍学或销号的，不经过疑似辍学，为空。"""
    days = policy.suspected_after.on(absence.absent_since)
    day = (absence.absent_since + ibis.interval(days=1) * days).cast("date")
    return ibis.cases(((absence.suspected_until > day).fill_null(True), day))


@column(Absence, choices=ABSENCES)
def absence_state(absence: ibis.Table, policy: Policy) -> ibis.Value:
    """台账状态：冻结日的状态。已销号的为已销号，已认定的为辍学，满规定天数的为疑似辍学，其余为未到校。"""
    return ibis.cases(
        (happened(absence.cleared_on, policy.day), "cleared"),
        (happened(absence.confirmed_on, policy.day), "dropout"),
        (happened(absence.suspected_on, policy.day), "suspected"),
        else_="absent",
    )


@column(Absence)
def returned(absence: ibis.Table, policy: Policy) -> ibis.Value:
    """劝返复学：销号类别是否为回到学校就读。"""
    kinds = policy.codes("clearing")
    return kinds.having(absence.cleared_on, absence.clearing, "returned").fill_null(False)


@column(AttendanceReport, choices=timeliness_names("上报", "待上报"))
def report_state(report: ibis.Table, policy: Policy) -> ibis.Value:
    """上报状态：在所报月份规定的截止日以前（含当天）上报的为按期。"""
    due_on = report.month + ibis.interval(days=1) * (policy.attendance_report_day.on(report.month) - 1)
    return timeliness(report.reported_on, due_on.cast("date"), policy.day)


def _latest(event: ibis.Table, value: ibis.Value) -> ibis.Value:
    """Return the last value that a person's events up to the row's give; events without one do not count."""
    # The text sorts by day and number, which are always 10 and 20 characters long.
    placed = event.occurred_on.cast("string") + event.id.cast("string").lpad(20, "0") + value
    until_now = ibis.cumulative_window(group_by=event.person, order_by=[event.occurred_on, event.id])
    return placed.max().over(until_now).substr(30)
