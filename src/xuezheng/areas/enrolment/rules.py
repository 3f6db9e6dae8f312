"""Columns computed for classes, pupils, enrolment events, absent pupils and groups of pupils."""

import ibis

from xuezheng.areas.enrolment.models import (
    Absence,
    AdmissionPlan,
    Applicant,
    AttendanceReport,
    GroupMembership,
    LedgerReview,
    Places,
    Retention,
)
from xuezheng.policy import Policy
from xuezheng.records.models import ClassGroup, EnrolmentEvent, EnrolmentState, Pupil
from xuezheng.rules import column, happened, locality, timeliness, timeliness_names

SIZES = {"usual": "正常班额", "oversize": "大班额", "very_large": "超大班额"}


@column(ClassGroup, choices=SIZES)
def size(group: ibis.Table, policy: Policy) -> ibis.Value:
    """班额：按快照日施行的标准，分为正常班额、大班额和超大班额。"""
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
    return _latest(event.person, event.occurred_on, event.id, _state_set(event, event.kind, policy))


@column(EnrolmentEvent)
def inclusive(event: ibis.Table, policy: Policy) -> ibis.Value:
    """随班就读：本次异动以后是否在随班就读，离校以后不是。"""
    begun_or_ended = _inclusion_set(event, event.kind, policy)
    latest = _latest(event.person, event.occurred_on, event.id, begun_or_ended)
    return (latest == "begin").fill_null(False)


@column(EnrolmentEvent, choices={"in": "进入", "out": "离开", "across": "校际或学段间", "within": "校内"})
def movement(event: ibis.Table, policy: Policy) -> ibis.Value:
    """流动方向：从没有学籍到有学籍为进入，从有到没有为离开，学校或学段改变为校际或学段间，其余为校内。"""
    return _movement(event)


@column(EnrolmentEvent, null=True)
def stage_year(event: ibis.Table, policy: Policy) -> ibis.Value:
    """入学学年：最近一次进入现在的学校和学段的学年，7月1日起算下一学年。"""
    return _school_year(_latest(event.person, event.occurred_on, event.id, _arrival(event)))


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
    """台账状态：快照日的状态。已销号的为已销号，已认定的为辍学，满规定天数的为疑似辍学，其余为未到校。"""
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
    return kinds.having(absence.cleared_on, absence.clearing, "returned")


@column(AttendanceReport, choices=timeliness_names("上报", "待上报"))
def report_state(report: ibis.Table, policy: Policy) -> ibis.Value:
    """上报状态：在所报月份规定的截止日以前（含当天）上报的为按期。"""
    due_on = report.month + ibis.interval(days=1) * (policy.attendance_report_day.on(report.month) - 1)
    return timeliness(report.reported_on, due_on.cast("date"), policy.day)


@column(Places)
def places(row: ibis.Table, policy: Policy) -> ibis.Value:
    """学位数：可设班数乘每班人数。"""
    return row.classes.cast("int64") * row.class_size


@column(AdmissionPlan)
def seats(plan: ibis.Table, policy: Policy) -> ibis.Value:
    """计划招生数：招生班数乘每班人数。"""
    return plan.classes.cast("int64") * plan.class_size


RANKS = {
    "1": "第一顺位",
    "2": "第二顺位",
    "3": "第三顺位",
    "4": "第四顺位",
    "5": "第五顺位",
    "6": "第六顺位",
}


@column(Applicant, choices=RANKS, null=True)
def rank(applicant: ibis.Table, policy: Policy) -> ibis.Value:
    """第几顺位：录取顺位按报名日期施行的规定排在第几；没有顺位的为空。"""
    return policy.codes("admission_tier").property(applicant.registered_on, applicant.tier, "rank")


GROUPS = {"migrant": "随迁子女", "left_behind": "农村留守儿童", "disabled": "残疾", "minority": "少数民族"}


@column(GroupMembership, choices=GROUPS, null=True)
def group(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体：这一类别在统计中算作哪一类群体，代码表没有写明的为空。"""
    return policy.codes("pupil_group").property(member.starts_on, member.kind, "counts_as")


@column(GroupMembership, choices={"outside": "外省", "province": "本省外县"}, null=True)
def origin(member: ibis.Table, policy: Policy) -> ibis.Value:
    """迁入地：随迁子女从外省还是本省外县迁入，由细类所定，其他群体为空。"""
    return policy.codes("group_detail").property(member.starts_on, member.detail, "origin")


@column(GroupMembership)
def worker(member: ibis.Table, policy: Policy) -> ibis.Value:
    """进城务工人员随迁子女：细类是否为进城务工人员随迁子女。"""
    return policy.codes("group_detail").having(member.starts_on, member.detail, "worker")


@column(GroupMembership, null=True)
def member_until(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体截止日期：终止日期或同类群体下一次登记的起始日期，取较早的；都没有的为空。"""
    return ibis.least(member.ends_on, member.next_on)


@column(GroupMembership, null=True)
def roll_from(member: ibis.Table, policy: Policy) -> ibis.Value:
    """在籍且属于群体的起始日期：起始日期和本行学籍异动的日期，取较晚的；没有学籍异动的为空。"""
    return ibis.cases((member.occurred_on.notnull(), ibis.greatest(member.starts_on, member.occurred_on)))


@column(GroupMembership, null=True)
def roll_until(member: ibis.Table, policy: Policy) -> ibis.Value:
    """在籍且属于群体的截止日期：群体截止日期和下一次学籍异动的日期，取较早的；都没有的为空。"""
    order = [member.occurred_on, member.event]
    next_event = member.occurred_on.lead().over(ibis.window(group_by=member.id, order_by=order))
    return ibis.least(member.member_until, next_event)


@column(GroupMembership)
def belongs(member: ibis.Table, policy: Policy) -> ibis.Value:
    """异动时属于群体：本行学籍异动的那一天是否属于这一群体。"""
    before_end = (member.occurred_on < member.member_until).fill_null(True)
    return ((member.occurred_on >= member.starts_on) & before_end).fill_null(False)


@column(GroupMembership, choices=dict(EnrolmentState.choices), null=True)
def group_state(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体学生的学籍状态：本行学籍异动以后的状态，没有学籍异动的为空。"""
    return _latest(member.id, member.occurred_on, member.event, _state_set(member, member.event_kind, policy))


@column(GroupMembership, null=True)
def group_stage_year(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体学生的入学学年：本行学籍异动以前最近一次进入现在的学校和学段的学年，7月1日起算下一学年。"""
    return _school_year(_latest(member.id, member.occurred_on, member.event, _arrival(member)))


@column(GroupMembership)
def group_vocational(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体学生在中等职业学校：本行学籍异动以后的学校是否为中等职业学校。"""
    kinds = policy.codes("school_kind")
    return kinds.having(member.occurred_on, member.school_kind, "vocational")


@column(GroupMembership)
def group_from_vocational(member: ibis.Table, policy: Policy) -> ibis.Value:
    """群体学生的原学校为中等职业学校：本行学籍异动以前的学校是否为中等职业学校。"""
    kinds = policy.codes("school_kind")
    return kinds.having(member.occurred_on, member.from_school_kind, "vocational")


SCHOOLINGS = {
    "special_school": "特殊教育学校",
    "special_class": "附设特教班",
    "home_taught": "送教上门",
    "inclusive": "随班就读",
    "ordinary": "普通班（没有登记随班就读）",
}


@column(GroupMembership, choices=SCHOOLINGS, null=True)
def schooling(member: ibis.Table, policy: Policy) -> ibis.Value:
    """残疾学生就读形式：由本行学籍异动以后的状态、办学类型和就读安排所定；不是残疾学生或没有在籍的为空。"""
    begun_or_ended = _inclusion_set(member, member.event_kind, policy)
    inclusive = _latest(member.id, member.occurred_on, member.event, begun_or_ended) == "begin"
    special = policy.codes("school_kind").having(member.occurred_on, member.school_kind, "special")
    class_of_its_own = policy.codes("placement").having(member.starts_on, member.placement, "special_class")
    return ibis.cases(
        (member.to_class.isnull() | (member.group != "disabled").fill_null(True), ibis.null("string")),
        (member.group_state == "home_taught", "home_taught"),
        (special, "special_school"),
        (class_of_its_own, "special_class"),
        (inclusive, "inclusive"),
        else_="ordinary",
    )


@column(GroupMembership)
def publicly_placed(member: ibis.Table, policy: Policy) -> ibis.Value:
    """在公办学校或政府购买学位就读：本行学籍异动以后在籍的学校不是民办，或者登记了政府购买学位。"""
    private = policy.codes("runner").having(member.occurred_on, member.runner, "private")
    bought = policy.codes("placement").having(member.starts_on, member.placement, "bought")
    return member.to_class.notnull() & (~private | bought)


@column(GroupMembership)
def eligible_on(member: ibis.Table, policy: Policy) -> ibis.Value:
    """属于群体的适龄起始日期：起始日期和满入学年龄那年的9月1日，取较晚的。"""
    first = ibis.date(member.cohort + policy.compulsory_age.on(member.starts_on), 9, 1)
    return ibis.greatest(member.starts_on, first)


@column(GroupMembership, null=True)
def eligible_until(member: ibis.Table, policy: Policy) -> ibis.Value:
    """属于群体的适龄截止日期：群体截止日期和适龄满义务教育年限那年的9月1日，取较早的。"""
    years = policy.compulsory_age.on(member.starts_on) + policy.compulsory_years.on(member.starts_on)
    return ibis.least(member.member_until, ibis.date(member.cohort + years, 9, 1))


@column(GroupMembership)
def eligible_from_event(member: ibis.Table, policy: Policy) -> ibis.Value:
    """适龄期间本行学籍的起始日期：适龄起始日期和本行学籍异动的日期，取较晚的；没有学籍异动的为适龄起始日期。"""
    return ibis.greatest(member.eligible_on, member.occurred_on)


@column(Retention, null=True)
def formula(retention: ibis.Table, policy: Policy) -> ibis.Value:
    """巩固率的算法：毕业年份7月1日施行的算法，分初中三年和九年，为分子加减转学、分母加减转学或不计转学。"""
    return policy.retention_formula.on(ibis.date(retention.year, 7, 1), retention.span)


@column(Retention)
def retained(retention: ibis.Table, policy: Policy) -> ibis.Value:
    """巩固人数：毕业生数；分子加减转学的，减去转入、加上转出。"""
    stayed = retention.graduated - retention.arrived + retention.departed
    return ibis.cases(
        (retention.formula == "分子加减转学", stayed),
        (retention.formula.isin(["分母加减转学", "不计转学"]), retention.graduated),
    )


@column(Retention)
def to_retain(retention: ibis.Table, policy: Policy) -> ibis.Value:
    """应巩固人数：起始年级学生数；算法为分子加减转学的，减去死亡；分母加减转学的，减去死亡和转出、加上转入；不计转学的不加减。"""
    alive = retention.entered - retention.died
    return ibis.cases(
        (retention.formula == "分子加减转学", alive),
        (retention.formula == "分母加减转学", alive + retention.arrived - retention.departed),
        (retention.formula == "不计转学", retention.entered),
    )


@column(LedgerReview, choices=timeliness_names("复核", "待复核"))
def review_state(review: ibis.Table, policy: Policy) -> ibis.Value:
    """复核状态：在季度结束后规定的天数以内（含当天）复核的为按期。"""
    grace = policy.ledger_review_grace.on(review.quarter)
    due_on = review.quarter + ibis.interval(months=3) + ibis.interval(days=1) * (grace - 1)
    return timeliness(review.reviewed_on, due_on.cast("date"), policy.day)


def _state_set(event: ibis.Table, kind: ibis.Value, policy: Policy) -> ibis.Value:
    """Return the state that each event of a kind sets; NULL where it leaves the state as it was."""
    kinds = policy.codes("enrolment_event")
    return ibis.cases(
        *((kinds.having(event.occurred_on, kind, "after", name), name) for name in EnrolmentState.values)
    )


def _inclusion_set(event: ibis.Table, kind: ibis.Value, policy: Policy) -> ibis.Value:
    """Return whether an event begins or ends learning in an ordinary class (随班就读), ``begin`` or ``end``; NULL where it does neither."""
    kinds = policy.codes("enrolment_event")
    return ibis.cases(
        (kinds.having(event.occurred_on, kind, "inclusive", "begin"), "begin"),
        (kinds.having(event.occurred_on, kind, "inclusive", "end"), "end"),
        (event.to_class.isnull(), "end"),
    )


def _movement(event: ibis.Table) -> ibis.Value:
    same = (event.school == event.from_school) & (event.stage == event.from_stage)
    return ibis.cases(
        (event.from_class.isnull() & event.to_class.notnull(), "in"),
        (event.from_class.notnull() & event.to_class.isnull(), "out"),
        (event.from_class.notnull() & ~same, "across"),
        else_="within",
    )


def _arrival(event: ibis.Table) -> ibis.Value:
    """Return the day, as text, of an event by which somebody comes to a school or stage; NULL of any other."""
    return ibis.cases((_movement(event).isin(["in", "across"]), event.occurred_on.cast("string")))


def _school_year(day_text: ibis.Value) -> ibis.Value:
    day = day_text.cast("date")
    return day.year() - ibis.cases((day.month() < 7, 1), else_=0)


def _latest(whose: ibis.Value, day: ibis.Value, number: ibis.Value, value: ibis.Value) -> ibis.Value:
    """Return the last value that events up to the row's give, of those with the same ``whose``; events without one do not count.

    ``day`` and ``number`` put the events in order.
    """
    # The text sorts by day and number, which are always 10 and 20 characters long.
    placed = day.cast("string") + number.cast("string").lpad(20, "0") + value
    until_now = ibis.cumulative_window(group_by=whose, order_by=[day, number])
    return placed.max().over(until_now).substr(30)
