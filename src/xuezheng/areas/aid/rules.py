"""The rule columns of the aid area: of awards, allocations, recognitions and rows of outside lists."""

from functools import reduce
from operator import add, or_

import ibis

from xuezheng.areas.aid.models import Allocation, Award, Recognition
from xuezheng.linkage.models import ListRow
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, locality

PHASES = {"preschool": "学前教育", "compulsory": "义务教育", "senior": "普通高中", "university": "高校"}
#: The Chinese names of the standards by which awards are paid; ``local`` is that of the bureau's own programmes.
STANDARDS = {
    "preschool": "学前教育困难幼儿资助",
    "boarder": "义务教育寄宿生生活费补助",
    "day_pupil": "义务教育非寄宿生生活费补助",
    "senior_grant": "普通高中国家助学金",
    "senior_tuition": "普通高中免学杂费",
    "vocational_grant": "中等职业教育国家助学金",
    "rain_dew": "雨露计划职业教育补助",
    "university": "高校学生资助",
    "local": "本地资助项目",
}
PLACES = {"district": "{county}内", "province": "{county}外（省内）", "outside": "省外"}


@column(Award, choices=PHASES)
def phase(award: ibis.Table, policy: Policy) -> ibis.Value:
    """教育阶段：小学和初中合为义务教育。"""
    return ibis.cases((award.stage.isin(["primary", "junior"]), "compulsory"), else_=award.stage)


@column(Award, choices=PLACES)
def place(award: ibis.Table, policy: Policy) -> ibis.Value:
    """就读地：区划代码六位与本地相同为{county}内，前两位相同为{county}外（省内），其余为省外。"""
    return locality(award.study_division, policy.district)


@column(Award)
def paid(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否已发放：发放日期不晚于快照日的为已发放。"""
    return happened(award.paid_on, policy.day)


@column(Award, choices=STANDARDS, null=True)
def standard(award: ibis.Table, policy: Policy) -> ibis.Value:
    """执行标准：资助项目所执行的标准，没有写明的执行本地项目的标准；建档立卡学生执行本人学段和就读方式的同一项标准，按学期开学日的规定。"""
    programmes = policy.codes("programme")
    written = programmes.property(award.term_start, award.programme, "standard")
    listed = policy.listed_rate.on(award.term_start, award.stage, award.boarding)
    return ibis.cases(
        (written == "listed", listed),
        (written.notnull(), written),
        (programmes.in_force(award.term_start, award.programme), "local"),
    )


@column(Award, money=True, null=True)
def preschool_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """困难幼儿应发：按学期开学日施行的标准确定。"""
    return ibis.cases((award.standard == "preschool", policy.preschool.on(award.term_start)))


@column(Award, money=True, null=True)
def boarder_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """寄宿生生活费应发：按学期开学日施行的标准，依学段确定；特殊教育学校学生依政策指定的学段；不执行这项标准的为空。"""
    stage = _living_stage(policy, award)
    return ibis.cases((award.standard == "boarder", policy.boarder.on(award.term_start, stage)))


@column(Award, money=True, null=True)
def day_pupil_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """非寄宿生生活费应发：按学期开学日施行的标准，依学段确定，2019年秋季学期起才有；特殊教育学校学生依政策指定的学段；不执行这项标准的为空。"""
    stage = _living_stage(policy, award)
    return ibis.cases((award.standard == "day_pupil", policy.day_pupil.on(award.term_start, stage)))


@column(Award, money=True, null=True)
def senior_grant_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """国家助学金应发：按学期开学日施行的标准，依资助档次确定；建档立卡学生为最高一档。"""
    top = policy.codes("tier").code_having(award.term_start, "top")
    tier = ibis.cases((_is_listed(policy, award), top), else_=award.tier)
    return ibis.cases((award.standard == "senior_grant", policy.senior_grant.on(award.term_start, tier)))


@column(Award, money=True, null=True)
def senior_tuition_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """免学杂费应发：按学期开学日施行的学费标准，依所在高中的等级确定。"""
    tuition = policy.senior_tuition.on(award.term_start, award.senior_grade)
    return ibis.cases((award.standard == "senior_tuition", tuition))


@column(Award, money=True, null=True)
def vocational_grant_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """中职国家助学金应发：按学期开学日施行的标准确定，分档的地方依资助档次。"""
    grant = policy.vocational_grant.on(award.term_start, award.tier)
    return ibis.cases((award.standard == "vocational_grant", grant))


@column(Award, money=True, null=True)
def rain_dew_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """雨露计划应发：按学期开学日施行的标准确定。"""
    return ibis.cases((award.standard == "rain_dew", policy.rain_dew.on(award.term_start)))


@column(Award, money=True, null=True)
def university_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """高校应发：按学期开学日施行的标准确定。"""
    return ibis.cases((award.standard == "university", policy.university.on(award.term_start)))


@column(Award, money=True, null=True)
def local_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """本地项目应发：按学期开学日施行的本地资助项目的标准，依项目和学段确定。"""
    rate = policy.local_rate.on(award.term_start, award.programme, award.stage)
    return ibis.cases((award.standard == "local", rate.cast("int64")))


@column(Award, money=True)
def due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """应发金额：本人执行的那一项标准在学期开学日规定的金额。"""
    return ibis.coalesce(
        award.preschool_due,
        award.boarder_due,
        award.day_pupil_due,
        award.senior_grant_due,
        award.senior_tuition_due,
        award.vocational_grant_due,
        award.rain_dew_due,
        award.university_due,
        award.local_due,
    )


@column(Award, money=True, null=True)
def registered_poor_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """建档立卡应发：建档立卡资助所执行的标准的应发金额。"""
    amount = ibis.coalesce(
        award.preschool_due,
        award.boarder_due,
        award.day_pupil_due,
        award.senior_grant_due,
        award.university_due,
    )
    return ibis.cases((_is_listed(policy, award), amount))


@column(Award)
def twice(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否重复资助：已发放，而本人同一学期另有已发放的、按规定不与本项目同时发放的资助。"""
    others = ibis.literal(",") + award.other_aid.fill_null("") + ","
    exclusive = (
        others.contains(f",{opposed},")
        & (policy.exclusive.on(award.term_start, award.programme, ibis.literal(opposed)).fill_null(0) == 1)
        for opposed in policy.codes("programme").codes
    )
    return award.paid & reduce(or_, exclusive, ibis.literal(False))


@column(Award)
def unrecognised(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否未认定而受助：已发放，项目须先认定为家庭经济困难，而本人本学期没有认定。"""
    needed = policy.needs_recognition.on(award.term_start, award.programme).fill_null(0) == 1
    return award.paid & needed & ~award.recognised.fill_null(False)


@column(Award)
def over_ceiling(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否超过上限：本人本学期已发放的各项资助合计超过一人一学期的上限。"""
    return award.paid & (award.term_total > policy.ceiling.on(award.term_start, award.stage)).fill_null(False)


@column(Allocation, money=True, null=True)
def by_standard(funds: ibis.Table, policy: Policy) -> ibis.Value:
    """按标准测算：免学杂费、教科书和中职免学费按本学期学生数乘学期开学日的每生标准；学前一年免费按收费人月数乘每月减免数，本园收费高于同类公办园的按公办园；实际分配以资金文件为准。"""
    day = funds.term_start
    standard = policy.codes("school_fund").property(day, funds.programme, "standard")
    pupils = {"primary": funds.primary_pupils, "junior": funds.junior_pupils}

    def total(rates: dict[str, ibis.Value]) -> ibis.Value:
        return reduce(add, (pupils[stage] * rate.cast("int64").fill_null(0) for stage, rate in rates.items()))

    waiver = {stage: policy.public_funds.on(day, funds.school_kind, ibis.literal(stage)) for stage in pupils}
    textbooks = {stage: policy.textbooks.on(day, ibis.literal(stage)) for stage in pupils}
    public_fee = policy.public_preschool_fee.on(day).cast("int64")
    # Where no fee is in force, nothing is free: the comparison is NULL, and so is the product.
    fee = ibis.ifelse(funds.monthly_fee < public_fee, funds.monthly_fee, public_fee)
    free_months = funds.child_months.cast("int64") * fee
    tuition = funds.senior_pupils.cast("int64") * policy.vocational_tuition.on(day).cast("int64")
    return ibis.cases(
        (standard == "public_funds", total(waiver)),
        (standard == "textbooks", total(textbooks)),
        (standard == "public_preschool_fee", free_months.fill_null(0)),
        (standard == "vocational_tuition", tuition.fill_null(0)),
    )


@column(Recognition, money=True)
def entitled_amount(recognition: ibis.Table, policy: Policy) -> ibis.Value:
    """应享受金额：按学期开学日的政策，本人的类别、学段、就读方式应享受的各项资助标准之和，不与之同时发放的不计；监测对象看当天风险是否消除。"""
    day = recognition.term_start
    programmes = policy.codes("programme")
    standards = _standards(policy, recognition)
    may = {name: _may(policy, recognition, name) for name in programmes.codes}

    def amount(name: str) -> ibis.Value:
        known, code = programmes.only(name), ibis.literal(name)
        written = known.property(day, code, "standard")
        branches = [(written == key, standards[key]) for key in standards if key in known.values("standard")]
        local = policy.local_rate.on(day, code, recognition.stage).cast("int64")
        return ibis.cases(*branches, (written.isnull(), local)).fill_null(0)

    def is_excluded(name: str) -> ibis.Value:
        """Whether other aid for which the person is eligible excludes the programme."""
        others = (
            may[opposed]
            & (policy.exclusive.on(day, ibis.literal(name), ibis.literal(opposed)).fill_null(0) == 1)
            for opposed in may
            if opposed != name
        )
        return reduce(or_, others, ibis.literal(False))

    amounts = (ibis.cases((may[name] & ~is_excluded(name), amount(name)), else_=0) for name in may)
    return reduce(add, amounts, ibis.literal(0)).cast("int64")


@column(ListRow, choices=PHASES, null=True)
def phase_of_study(row: ibis.Table, policy: Policy) -> ibis.Value:
    """教育阶段：相符的看学籍，其他的看名单所写；小学和初中合为义务教育。"""
    stage = ibis.coalesce(row.enrolled_stage, row.stage.nullif(""))
    return ibis.cases((stage.isin(["primary", "junior"]), "compulsory"), else_=stage)


@column(ListRow, choices=PLACES, null=True)
def place_of_study(row: ibis.Table, policy: Policy) -> ibis.Value:
    """就读地：相符的为{county}内；不在本地就读的按查明的区划代码，前两位与本地相同为{county}外（省内），其余为省外。"""
    return locality(row.found_division, policy.district)


def _living_stage(policy: Policy, row: ibis.Table) -> ibis.Value:
    """Return the stage by which a living allowance is paid: that of policy for the kind of school, else the row's own."""
    return ibis.coalesce(policy.living_stage.on(row.term_start, row.school_kind).cast("string"), row.stage)


def _is_listed(policy: Policy, award: ibis.Table) -> ibis.Value:
    """Return whether an award's programme pays by the standard of the pupil's stage and boarding, as that of listed pupils does."""
    return policy.codes("programme").having(award.term_start, award.programme, "standard", "listed")


def _may(policy: Policy, recognition: ibis.Table, programme: str) -> ibis.Value:
    """Return whether a recognised pupil is eligible for a programme by category, stage, kind of school and boarding, whatever excludes it."""
    day, code = recognition.term_start, ibis.literal(programme)
    known, hardship = policy.codes("programme").only(programme), policy.codes("hardship")
    vocational = policy.codes("school_kind").having(day, recognition.school_kind, "vocational")
    fits = (
        known.allowing(day, code, "stages", recognition.stage)
        & known.allowing(day, code, "boarding", recognition.boarding.fill_null("day"))
        & known.allowing(day, code, "schools", ibis.ifelse(vocational, "vocational", "general"))
    )
    category = recognition.category
    resolved = recognition.resolved.fill_null(False) & hardship.stating(day, category, "entitles_resolved")
    return fits & ibis.cases(
        (resolved, hardship.having(day, category, "entitles_resolved", programme)),
        else_=hardship.having(day, category, "entitles", programme),
    )


def _standards(policy: Policy, recognition: ibis.Table) -> dict[str, ibis.Value]:
    """Return what each standard gives a recognised pupil; ``listed`` is that named by policy, so that no other pupil gets more."""
    day, stage = recognition.term_start, _living_stage(policy, recognition)
    is_top = policy.codes("hardship").having(day, recognition.category, "top_tier")
    top = policy.codes("tier").code_having(day, "top")
    tier = ibis.cases((is_top, top), else_=policy.grant_tier.on(day, recognition.tier))
    standards = {
        "preschool": policy.preschool.on(day),
        "boarder": policy.boarder.on(day, stage),
        "day_pupil": policy.day_pupil.on(day, stage),
        "senior_grant": policy.senior_grant.on(day, tier),
        "senior_tuition": policy.senior_tuition.on(day, recognition.senior_grade),
        "vocational_grant": policy.vocational_grant.on(day, tier),
        "rain_dew": policy.rain_dew.on(day),
        "university": policy.university.on(day),
    }
    rate = policy.listed_rate.on(day, recognition.stage, recognition.boarding)
    of_listed = {**standards, "senior_grant": policy.senior_grant.on(day, top)}
    listed = ibis.cases(*((rate == name, standard.cast("int64")) for name, standard in of_listed.items()))
    return {**{name: standard.cast("int64") for name, standard in standards.items()}, "listed": listed}
