"""The aid office's figures."""

from ibis import _

from xuezheng.areas.aid.models import Allocation, Award, Entitlement, LivelihoodProject, Recognition
from xuezheng.figures import TERM, Figure, Population, Ratio, flow, stock
from xuezheng.linkage.models import ListRow
from xuezheng.records.models import Pupil

BY = ("phase", "place", "stage", "school")
PAID = "时期所含学期内已发放的"
RECOGNISED_BY = ("category", "tier", "change", "stage", "school")
LISTED_BY = ("category", "reason", "phase_of_study", "place_of_study")
# A list is in force until the next one of its category.
AWARDS = Population(Award, TERM, by=("programme", *BY))


def paid_by(
    programme: str,
    pupils: str,
    amount: str,
    described: str,
    *,
    who: str = "学生",
    unit: str = "人",
    by: tuple[str, ...] = (),
) -> tuple[Figure, Figure]:
    """Return two figures of a programme: the number of people paid, and the sum paid.

    ``programme`` is its code; ``pupils`` and ``amount`` are the Chinese labels of the two figures.
    ``described`` names the programme in their Chinese definitions and ``who`` the people; ``unit`` is the
    unit of the first. ``by`` are dimensions that both have besides :data:`BY`.
    """
    due = f"{programme}_due"
    people = AWARDS.people(
        pupils,
        unit,
        f"{PAID}{described}的{who}数，一人多笔计一人。",
        where=(_.programme == programme) & _.paid,
        by=(*by, *BY),
        related=(due,),
    )
    money = AWARDS.money(
        amount,
        _.amount,
        f"{PAID}{described}金额之和。",
        where=(_.programme == programme) & _.paid,
        by=(*by, *BY),
        related=("person", due),
    )
    return people, money


registered_poor_pupils, registered_poor_amount = paid_by(
    "registered_poor",
    "建档立卡资助学生",
    "建档立卡资助金",
    "建档立卡学生资助",
    who="受助学生",
)
registered_poor_approved_amount = AWARDS.money(
    "建档立卡应资助金",
    _.registered_poor_due,
    "时期所含学期内建档立卡学生按当时标准应发的资助金额之和，不论是否已发放。",
    where=_.programme == "registered_poor",
    by=BY,
    related=("person", "amount"),
)
registered_poor_paid_rate = Ratio(
    "建档立卡资助金发放率",
    top="aid.registered_poor_amount",
    bottom="aid.registered_poor_approved_amount",
    better="higher",
)
LIST_ROWS = Population(ListRow, stock("listed_on", "replaced_on"), by=LISTED_BY)
listed_rows = LIST_ROWS.count(
    "外部名单人次", "人次", "时期末各部门最新名单的行数，一人在两份名单上计两人次。", by=("state", *LISTED_BY)
)
listed_found = LIST_ROWS.count(
    "名单与学籍相符",
    "人次",
    "时期末各部门最新名单中，经比对与本地学籍相符的行数。",
    where=_.state == "found",
    empty="zero",
)
listed_elsewhere = LIST_ROWS.count(
    "名单上不在本地就读",
    "人次",
    "时期末各部门最新名单中，已查明在外地就读的行数。",
    where=_.state == "absent",
    empty="zero",
)
listed_open = LIST_ROWS.count(
    "名单待核",
    "人次",
    "时期末各部门最新名单中，还没有比对或有待人工核定的行数。",
    where=_.state.isnull() | (_.state == "open"),
    empty="zero",
)
listed_conflicts = LIST_ROWS.count(
    "名单与学籍不一致",
    "人次",
    "时期末各部门最新名单中，人已相符而出生日期或学段与学籍不一致的行数。",
    where=(_.state == "found") & (_.birth_date_differs | _.stage_differs),
    related=("birth_date_differs", "stage_differs"),
    empty="zero",
    better="lower",
)
registered_poor_unlisted = AWARDS.people(
    "受助而不在名单",
    "人",
    "时期所含学期内，领到建档立卡学生资助而不在应助名单上的学生数。",
    where=(_.programme == "registered_poor") & _.paid & ~_.listed,
    by=BY,
    empty="zero",
)
aided_twice = AWARDS.count(
    "重复资助",
    "笔",
    "时期所含学期内，已发放而本人同一学期另有已发放的、按规定不与之同时发放的资助的笔数，如建档立卡学生另领的寄宿生生活费补助。",
    where=_.twice,
    related=("person", "amount"),
    empty="zero",
    better="lower",
)
ENTITLEMENTS = Population(Entitlement, TERM, by=("school", "source"))
registered_poor_listed = ENTITLEMENTS.people(
    "建档立卡应助学生",
    "人",
    "时期所含学期内，经名单比对应当享受建档立卡学生资助的学生数。",
    where=_.programme == "registered_poor",
    by=("school", "source", "aided"),
)
registered_poor_unaided = ENTITLEMENTS.people(
    "建档立卡应助未助学生",
    "人",
    "时期所含学期内，在应助名单上而没有领到建档立卡学生资助的学生数。",
    where=(_.programme == "registered_poor") & ~_.aided,
    empty="zero",
    better="lower",
)
registered_poor_aided_rate = Ratio(
    "建档立卡资助覆盖率",
    top="aid.registered_poor_listed_aided",
    bottom="aid.registered_poor_listed",
    definition="应助名单上的建档立卡学生中，已领到资助的所占的比例。",
    better="higher",
)
registered_poor_listed_aided = ENTITLEMENTS.people(
    "建档立卡应助已助学生",
    "人",
    "时期所含学期内，在应助名单上并已领到建档立卡学生资助的学生数。",
    where=(_.programme == "registered_poor") & _.aided,
    empty="zero",
)
aided_pupils = AWARDS.people(
    "受资助学生", "人", f"{PAID}各项资助的受助学生数，一人享受多项计一人。", where=_.paid
)
aided_times = AWARDS.count(
    "受资助人次", "人次", f"{PAID}各项资助的人次数，一人享受两项计两人次。", where=_.paid
)
aid_amount = AWARDS.money(
    "资助金", _.amount, f"{PAID}各项资助金额之和，不含分配到校的资金。", where=_.paid, related=("person",)
)
due_amount = AWARDS.money(
    "应资助金",
    _.due,
    "时期所含学期内已登记的各项资助按当时标准应发的金额之和，不论是否已发放。",
    related=("person", "amount"),
)
unpaid_awards = AWARDS.count(
    "未发放的资助",
    "笔",
    "时期所含学期内已登记而到快照日还没有发放的资助笔数。",
    where=~_.paid,
    related=("person", "amount"),
    empty="zero",
    better="lower",
)
differing_awards = AWARDS.count(
    "与标准不一致的资助",
    "笔",
    "时期所含学期内，资助金额与按当时标准应发金额不相等的笔数。",
    where=_.amount != _.due,
    related=("person",),
    empty="zero",
    better="lower",
)
unrecognised_awards = AWARDS.count(
    "未认定而受助",
    "笔",
    "时期所含学期内，已发放而项目须先认定、本人该学期没有认定为家庭经济困难的资助笔数。",
    where=_.unrecognised,
    related=("person", "amount"),
    empty="zero",
    better="lower",
)
over_ceiling_pupils = AWARDS.people(
    "合计超过上限的学生",
    "人",
    "时期所含学期内，已发放的各项资助合计超过一人一学期上限的学生数。",
    where=_.over_ceiling,
    by=BY,
    related=("amount", "term_total"),
    empty="zero",
    better="lower",
)
RECOGNITIONS = Population(Recognition, TERM, by=RECOGNISED_BY)
recognised_pupils = RECOGNITIONS.people(
    "认定困难学生",
    "人",
    "时期所含学期内，经申请、评议、公示、认定，到快照日仍为已认定的学生数，一人两个学期都认定的计一人。",
    where=_.state == "decided",
)
recognitions_open = RECOGNITIONS.count(
    "在办的困难认定",
    "人次",
    "时期所含学期内，已申请、已评议或公示中而到快照日还没有结果的认定人次数。",
    where=_.state.isin(["applied", "reviewed", "noticed"]),
    by=("state", *RECOGNISED_BY),
    empty="zero",
)
recognised_due_amount = RECOGNITIONS.money(
    "认定应享受资助金",
    _.entitled_amount,
    "时期所含学期内已认定的学生，按类别、学段、就读方式应享受的各项资助当时标准之和，不论是否已资助。",
    where=_.state == "decided",
    related=("person", "boarding"),
)
livelihood_projects = Population(LivelihoodProject, flow("issued_on")).count(
    "教育民生工程", "项", "时期内印发实施办法的教育民生工程项目数。"
)
preschool_poor_pupils, preschool_poor_amount = paid_by(
    "preschool",
    "资助贫困幼儿",
    "资助贫困幼儿资金",
    "学前教育困难幼儿资助",
    who="幼儿",
)
tuition_waived_pupils = Population(
    Pupil, stock("entered_on", "left_on"), by=("stage", "school", "urban_rural")
).people(
    "免学杂费学生",
    "名",
    "时期末在册的义务教育阶段学生数；义务教育学生全部免学杂费。",
    where=_.stage.isin(["primary", "junior"]),
)
ALLOCATIONS = Population(Allocation, TERM, by=("school", "school_kind"))
funds_by_standard = ALLOCATIONS.money(
    "按标准测算的到校资金",
    _.by_standard,
    "时期所含学期内有分配的学校，按学生数和每生标准测算的免学杂费、免费教科书资金之和，供与实际分配对照。",
    by=("programme", "school", "school_kind"),
    related=("amount", "primary_pupils", "junior_pupils"),
)
tuition_waived_amount = ALLOCATIONS.money(
    "免学杂费资金",
    _.amount,
    "时期所含学期内分配到校的义务教育免学杂费资金之和。",
    where=_.programme == "tuition_waiver",
)
textbooks_amount = ALLOCATIONS.money(
    "免费教科书资金",
    _.amount,
    "时期所含学期内分配到校的免费教科书资金之和。",
    where=_.programme == "textbooks",
)
boarder_pupils, boarder_amount = paid_by(
    "boarder",
    "贫困寄宿生",
    "贫困寄宿生生活费补助",
    "义务教育寄宿生生活费补助",
    unit="名",
)
senior_grant_pupils, senior_grant_amount = paid_by(
    "senior_grant",
    "普通高中国家助学金学生",
    "普通高中国家助学金",
    "普通高中国家助学金",
    by=("tier",),
)
senior_tuition_waived_pupils, senior_tuition_waived_amount = paid_by(
    "senior_tuition",
    "普通高中免学杂费学生",
    "普通高中免学杂费资金",
    "普通高中免学杂费补助",
    by=("senior_grade",),
)
