"""Columns computed from the staffing registers: rotation due and done, retirement, degrees to be raised."""

import ibis

from xuezheng.areas.staffing.models import Profile, Rotation
from xuezheng.policy import Policy
from xuezheng.records.models import StaffMember
from xuezheng.rules import LinkedColumn, column, full_years

POSTS = {"head": "校长、副校长", "teacher": "教师"}
TYPES = {
    "kindergarten": "幼儿园",
    "primary": "小学（含教学点）",
    "junior": "初中（含九年一贯制）",
    "senior": "高中（含完全中学）",
    "special": "特殊教育学校",
}


@column(Rotation, choices=POSTS, null=True)
def post(rotation: ibis.Table, policy: Policy) -> ibis.Value:
    """岗位类别：校长、副校长为一类，专任教师为一类。"""
    return ibis.cases(
        (rotation.duty.isin(["head", "vice_head"]), "head"),
        (rotation.duty == "teacher", "teacher"),
    )


@column(Rotation, null=True)
def years(rotation: ibis.Table, policy: Policy) -> ibis.Value:
    """任职满年数：算到认定截止日期，教师从到本校之日起，校长、副校长从任现岗位之日起；规定任副校长的年数计入的，从在本校任校长、副校长之日起。"""
    counts = policy.vice_head_counts.on(rotation.assessed_on) == 1
    first = ibis.cases(
        ((rotation.post == "head") & counts, rotation.leading_since),
        (rotation.post == "head", rotation.post_since),
        else_=rotation.since,
    )
    after = (rotation.assessed_on + ibis.interval(days=1)).cast("date")
    return full_years(first, after)


@column(Rotation)
def due(rotation: ibis.Table, policy: Policy) -> ibis.Value:
    """是否应交流：教师任教满规定年限、校长和副校长任满规定任期的，应交流轮岗。"""
    day = rotation.assessed_on
    terms = policy.head_terms.on(day) * policy.term_of_office.on(day)
    limit = ibis.cases(
        (rotation.post == "head", terms), (rotation.post == "teacher", policy.teacher_years.on(day))
    )
    return (rotation.years >= limit).fill_null(False)  # fmt: skip


@column(Rotation)
def moved(rotation: ibis.Table, policy: Policy) -> ibis.Value:
    """是否已交流：认定截止日期后一年内到他校任职，且不晚于快照日。"""
    last = ibis.least((rotation.assessed_on + ibis.interval(years=1)).cast("date"), policy.day)
    return (rotation.next_from <= last).fill_null(False)


@column(Profile, choices=TYPES, null=True)
def school_type(profile: ibis.Table, policy: Policy) -> ibis.Value:
    """学校类别：按现任学校的办学类型归类。"""
    return ibis.cases(
        (profile.school_kind == "111", "kindergarten"),
        (profile.school_kind.isin(["211", "218"]), "primary"),
        (profile.school_kind.isin(["311", "312"]), "junior"),
        (profile.school_kind.isin(["341", "342", "345", "365"]), "senior"),
        (profile.school_kind == "514", "special"),
    )


@column(Profile)
def teaches(profile: ibis.Table, policy: Policy) -> ibis.Value:
    """是否在岗教师：现任岗位为校（园）长、副校（园）长或专任教师。"""
    return profile.post.isin(["head", "vice_head", "teacher"]).fill_null(False)


@column(Profile, null=True)
def retires_in(profile: ibis.Table, policy: Policy) -> ibis.Value:
    """法定退休年月：按性别、现任岗位的退休年龄，2025年起按规定的步长逐月延迟，延迟不超过上限；没有在岗的不计算。"""
    born = _month_number(profile.born_month.left(4).cast("int64"), profile.born_month.right(2).cast("int64"))
    age = policy.retirement_age.on(policy.day, profile.sex, profile.post)
    month = born + age.cast("int64") * 12
    day = ibis.date(month // 12, month % 12 + 1, ibis.literal(1))
    reform = policy.retirement_reform.on(day).cast("int64")
    late = month - _month_number(reform // 100, reform % 100)
    delay = late // policy.retirement_step.on(day, profile.sex, profile.post).cast("int64") + 1
    most = policy.retirement_delay.on(day, profile.sex, profile.post).cast("int64")
    legal = month + ibis.ifelse(delay > most, most, delay).fill_null(0)
    text = (legal // 12).cast("string") + "-" + (legal % 12 + 1).cast("string").lpad(2, "0")
    return ibis.cases((profile.post.notnull(), text))


def _month_number(year: ibis.Value, month: ibis.Value) -> ibis.Value:
    """Return the number of months since the year 0, so that months are added and compared as numbers."""
    return year * 12 + month - 1


@column(Profile)
def degree_due(profile: ibis.Table, policy: Policy) -> ibis.Value:
    """是否应提升学历：在岗教师到快照日未满规定年龄（按出生年月计），且学历属于应提升的。"""
    months = (policy.day.year() - profile.born_month.left(4).cast("int64")) * 12
    months += policy.day.month() - profile.born_month.right(2).cast("int64")
    young = months < policy.degree_age.on(policy.day) * 12
    low = policy.degree_to_raise.on(policy.day, profile.degree) == 1
    return (profile.teaches & young & low).fill_null(False)


# What is registered of a person now; who has no row there has none of it.
degree = LinkedColumn(StaffMember, "person__staffing_profile__degree")
title = LinkedColumn(StaffMember, "person__staffing_profile__title")
taught_stage = LinkedColumn(StaffMember, "person__teaching_subject__stage")
subject = LinkedColumn(StaffMember, "person__teaching_subject__subject")

STAFF_KINDS = {
    "teacher": "专任教师",
    "administrative": "行政人员",
    "support": "教辅人员",
    "worker": "工勤人员",
    "other": "其他",
    "undivided": "行政或教辅，没有分清",
}


@column(StaffMember, choices=STAFF_KINDS, null=True)
def staff_kind(staff: ibis.Table, policy: Policy) -> ibis.Value:
    """统计中的教职工类别：由岗位所定；岗位代码表没有写明类别的为空。"""
    return policy.codes("post").property(staff.post_from, staff.post, "counts_as")


TEACHING_STAGES = {
    "preschool": "学前教育",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中等职业学校",
    "special": "特殊教育学校",
}


@column(StaffMember, choices=TEACHING_STAGES, null=True)
def teaching_stage(staff: ibis.Table, policy: Policy) -> ibis.Value:
    """任教学段：学校只办一个学段的为这一学段，办几个学段的按任教学科表；表里没有登记的，和登记的学段学校不办的，为空。"""
    kinds = policy.codes("school_kind")

    def is_kind(name: str, value: str | bool = True) -> ibis.Value:
        return kinds.having(staff.post_from, staff.school_kind, name, value)

    taught = {stage: is_kind("stages", stage) for stage in ("preschool", "primary", "junior", "senior")}
    count = sum((teaches.cast("int64") for teaches in taught.values()), ibis.literal(0))
    return ibis.cases(
        (is_kind("special"), "special"),
        (is_kind("vocational"), "vocational"),
        *(
            (teaches & ((count == 1) | (staff.taught_stage == stage)), stage)
            for stage, teaches in taught.items()
        ),
    )


SCHOOL_GROUPS = {
    "kindergarten": "幼儿园",
    "school": "中小学",
    "vocational": "中等职业学校",
    "special": "特殊教育学校",
}


@column(StaffMember, choices=SCHOOL_GROUPS, null=True)
def school_group(staff: ibis.Table, policy: Policy) -> ibis.Value:
    """学校类别：统计把教职工分别列表的学校类别，由办学类型所定；局机关的为空。"""
    kinds = policy.codes("school_kind")

    def is_kind(name: str, value: str | bool = True) -> ibis.Value:
        return kinds.having(staff.post_from, staff.school_kind, name, value)

    return ibis.cases(
        (is_kind("special"), "special"),
        (is_kind("vocational"), "vocational"),
        (is_kind("stages", "preschool"), "kindergarten"),
        (staff.school_kind.notnull(), "school"),
    )
