"""The aid office's rule columns, for awards."""

from functools import reduce
from operator import add, or_

import ibis

from xuezheng.areas.aid.models import Allocation, Award, Recognition
from xuezheng.linkage.models import ListRow
from xuezheng.policy import Policy
from xuezheng.rules import column, happened, locality

PHASES = {"preschool": "学前教育", "compulsory": "义务教育", "senior": "普通高中", "university": "高校"}
STANDARDS = {**dict(Award.Programme.choices), "university": "高校学生资助"}
TOP_TIER = Award.Tier.FIRST.value
PLACES = {"district": "区内", "province": "区外（省内）", "outside": "省外"}


@column(Award, choices=PHASES)
def phase(award: ibis.Table, policy: Policy) -> ibis.Value:
    """教育阶段：小学和初中合为义务教育。"""
    return ibis.cases((award.stage.isin(["primary", "junior"]), "compulsory"), else_=award.stage)


@column(Award, choices=PLACES)
def place(award: ibis.Table, policy: Policy) -> ibis.Value:
    """就读地：区划代码六位与本区相同为区内，前两位相同为区外（省内），其余为省外。"""
    return locality(award.study_division, policy.district)


@column(Award)
def paid(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否已发放：发放日期不晚于冻结日的为已发放。"""
    return happened(award.paid_on, policy.day)


@column(Award, choices=STANDARDS, null=True)
def standard(award: ibis.Table, policy: Policy) -> ibis.Value:
    """执行标准：建档立卡学生执行本人学段和就读方式的同一项标准，按学期开学日的规定；其他学生执行所属项目的标准。"""
    listed = policy.listed_rate.on(award.term_start, award.stage, award.boarding)
    return ibis.cases((award.programme == "registered_poor", listed), else_=award.programme)


@column(Award, money=True, null=True)
def preschool_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """困难幼儿应发：按学期开学日施行的标准确定。"""
    return ibis.cases((award.standard == "preschool", policy.preschool.on(award.term_start)))


@column(Award, money=True, null=True)
def boarder_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """寄宿生生活费应发：按学期开学日施行的标准，依学段确定；特殊教育学校学生按规定的学段。"""
    stage = _living_stage(policy, award)
    return ibis.cases((award.standard == "boarder", policy.boarder.on(award.term_start, stage)))


@column(Award, money=True, null=True)
def day_pupil_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """非寄宿生生活费应发：按学期开学日施行的标准，依学段确定，2019年秋季学期起才有；特殊教育学校学生按规定的学段。"""
    stage = _living_stage(policy, award)
    return ibis.cases((award.standard == "day_pupil", policy.day_pupil.on(award.term_start, stage)))


@column(Award, money=True, null=True)
def senior_grant_due(award: ibis.Table, policy: Policy) -> ibis.Value:
    """国家助学金应发：按学期开学日施行的标准，依资助档次确定；建档立卡学生为最高一档。"""
    tier = ibis.cases((award.programme == "registered_poor", TOP_TIER), else_=award.tier)
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
    return ibis.cases((award.programme == "registered_poor", amount))


@column(Award)
def twice(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否重复资助：已发放，而本人同一学期另有已发放的、按规定不与本项目同时发放的资助。"""
    exclusive = [
        award[f"{opposed}_too"].fill_null(False)
        & (policy.exclusive.on(award.term_start, award.programme, ibis.literal(opposed)).fill_null(0) == 1)
        for opposed in Award.Programme.values
    ]
    return award.paid & reduce(or_, exclusive)


@column(Award)
def unrecognised(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否未认定而受助：已发放，项目须先认定为家庭经济困难，而本人本学期没有认定。"""
    needed = policy.needs_recognition.on(award.term_start, award.programme).fill_null(0) == 1
    return award.paid & needed & ~award.recognised.fill_null(False)


@column(Award)
def over_ceiling(award: ibis.Table, policy: Policy) -> ibis.Value:
    """是否超过上限：本人本学期已发放的各项资助合计超过一人一学期的上限。"""
    return award.paid & (award.term_total > policy.ceiling.on(award.term_start, award.stage)).fill_null(False)


@column(Allocation, money=True)
def by_standard(funds: ibis.Table, policy: Policy) -> ibis.Value:
    """按标准测算：免学杂费、教科书和中职免学费按本学期学生数乘学期开学日的每生标准；学前一年免费按收费人月数乘每月减免数，本园收费高于同类公办园的按公办园；实际分配以资金文件为准。"""
    day = funds.term_start

    def rate(stage: str) -> ibis.Value:
        waiver = policy.public_funds.on(day, funds.school_kind, ibis.literal(stage))
        textbooks = policy.textbooks.on(day, ibis.literal(stage))
        amount = ibis.cases(
            (funds.programme == "tuition_waiver", waiver), (funds.programme == "textbooks", textbooks)
        )
        return amount.cast("int64").fill_null(0)

    public_fee = policy.public_preschool_fee.on(day).cast("int64")
    # Where no fee is in force, nothing is free: the comparison is NULL, and so is the product.
    fee = ibis.ifelse(funds.monthly_fee < public_fee, funds.monthly_fee, public_fee)
    free_months = funds.child_months.cast("int64") * fee
    tuition = funds.senior_pupils.cast("int64") * policy.vocational_tuition.on(day).cast("int64")
    return ibis.cases(
        (funds.programme == "free_year", free_months.fill_null(0)),
        (funds.programme == "vocational_tuition", tuition.fill_null(0)),
        else_=funds.primary_pupils * rate("primary") + funds.junior_pupils * rate("junior"),
    )


@column(Recognition, money=True)
def entitled_amount(recognition: ibis.Table, policy: Policy) -> ibis.Value:
    """应享受金额：按学期开学日的政策，本人的类别、学段、就读方式应享受的各项资助标准之和，不与之同时发放的不计；监测对象看当天风险是否消除。"""
    day = recognition.term_start
    boards = recognition.boarding == "boarder"
    vocational = policy.codes("school_kind").having(day, recognition.school_kind, "vocational")
    hardship = policy.codes("hardship")
    top = hardship.having(day, recognition.category, "top_tier")
    tier = ibis.cases((top, TOP_TIER), else_=policy.grant_tier.on(day, recognition.tier))
    stage = _living_stage(policy, recognition)
    grant, vocational_grant = policy.senior_grant.on(day, tier), policy.vocational_grant.on(day, tier)
    resolved = recognition.resolved.fill_null(False) & hardship.stating(
        day, recognition.category, "entitles_resolved"
    )
    tuition = policy.senior_tuition.on(day, recognition.senior_grade)
    amounts = {
        "registered_poor": (
            recognition.stage.notnull(),
            _listed_standard(policy, day, recognition, stage),
        ),
        "preschool": (recognition.stage == "preschool", policy.preschool.on(day)),
        "boarder": (boards, policy.boarder.on(day, stage)),
        "day_pupil": (~boards, policy.day_pupil.on(day, stage)),
        "senior_grant": ((recognition.stage == "senior") & ~vocational, grant),
        "senior_tuition": ((recognition.stage == "senior") & ~vocational, tuition),
        "vocational_grant": ((recognition.stage == "senior") & vocational, vocational_grant),
        "rain_dew": ((recognition.stage == "senior") & vocational, policy.rain_dew.on(day)),
    }
    may = {
        name: fits
        & ibis.cases(
            (resolved, hardship.having(day, recognition.category, "entitles_resolved", name)),
            else_=hardship.having(day, recognition.category, "entitles", name),
        )
        for name, (fits, _) in amounts.items()
    }

    def is_excluded(name: str) -> ibis.Value:
        """Whether other aid for which the person is eligible excludes the programme."""
        others = (
            may[opposed]
            & (policy.exclusive.on(day, ibis.literal(name), ibis.literal(opposed)).fill_null(0) == 1)
            for opposed in amounts
            if opposed != name
        )
        return reduce(or_, others)

    return reduce(
        add,
        (
            ibis.cases((may[name] & ~is_excluded(name), amount.cast("int64").fill_null(0)), else_=0)
            for name, (_, amount) in amounts.items()
        ),
    ).cast("int64")


@column(ListRow, choices=PHASES, null=True)
def phase_of_study(row: ibis.Table, policy: Policy) -> ibis.Value:
    """教育阶段：相符的看学籍，其他的看名单所写；小学和初中合为义务教育。"""
    stage = ibis.coalesce(row.enrolled_stage, row.stage.nullif(""))
    return ibis.cases((stage.isin(["primary", "junior"]), "compulsory"), else_=stage)


@column(ListRow, choices=PLACES, null=True)
def place_of_study(row: ibis.Table, policy: Policy) -> ibis.Value:
    """就读地：相符的为区内；不在本区就读的按查明的区划代码，前两位与本区相同为区外（省内），其余为省外。"""
    return locality(row.found_division, policy.district)


def _living_stage(policy: Policy, row: ibis.Table) -> ibis.Value:
    """Return the stage by which a living allowance is paid: that of policy for the kind of school, else the row's own."""
    return ibis.coalesce(policy.living_stage.on(row.term_start, row.school_kind).cast("string"), row.stage)


def _listed_standard(
    policy: Policy, day: ibis.Value, recognition: ibis.Table, stage: ibis.Value
) -> ibis.Value:
    """Return the standard for a listed pupil: that of the programme named by policy, so that no other pupil gets more.

    ``stage`` is that by which a living allowance is paid.
    """
    rate = policy.listed_rate.on(day, recognition.stage, recognition.boarding)
    standards = {
        "preschool": policy.preschool.on(day),
        "boarder": policy.boarder.on(day, stage),
        "day_pupil": policy.day_pupil.on(day, stage),
        "senior_grant": policy.senior_grant.on(day, ibis.literal(TOP_TIER)),
        "university": policy.university.on(day),
    }
    return ibis.cases(*((rate == name, standard.cast("int64")) for name, standard in standards.items()))
