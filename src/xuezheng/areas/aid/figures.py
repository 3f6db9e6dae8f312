"""The aid office's figures."""

from ibis import _

from xuezheng.areas.aid.models import Allocation, Award, Entitlement, LivelihoodProject, Recognition
from xuezheng.figures import TERM, Figure, Ratio, flow, stock
from xuezheng.linkage.models import ListRow
from xuezheng.records.models import Pupil

BY = ("phase", "place", "stage", "school")
PAID = "时期所含学期内已发放的"
RECOGNISED_BY = ("category", "tier", "change", "stage", "school")
LISTED_BY = ("category", "reason", "phase_of_study", "place_of_study")
# A list is in force until the next one of its category.
LISTS = stock("listed_on", "replaced_on")


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
    """Return whom a programme paid, and how much; ``described`` names the programme in their definitions, ``by`` adds to :data:`BY`."""
    due = f"{programme}_due"
    people = Figure(
        pupils,
        unit=unit,
        table=Award,
        over=TERM,
        where=(_.programme == programme) & _.paid,
        value=_.person.nunique(),
        by=(*by, *BY),
        related=(due,),
        definition=f"{PAID}{described}的{who}数，一人多笔计一人。",
    )
    money = Figure(
        amount,
        unit="元",
        table=Award,
        over=TERM,
        where=(_.programme == programme) & _.paid,
        value=_.amount.sum(),
        by=(*by, *BY),
        related=("person", due),
        definition=f"{PAID}{described}金额之和。",
    )
    return people, money


registered_poor_pupils, registered_poor_amount = paid_by(
    "registered_poor",
    "建档立卡资助学生",
    "建档立卡资助金",
    "建档立卡学生资助",
    who="受助学生",
)
registered_poor_approved_amount = Figure(
    "建档立卡应资助金",
    unit="元",
    table=Award,
    over=TERM,
    where=_.programme == "registered_poor",
    value=_.registered_poor_due.sum(),
    by=BY,
    related=("person", "amount"),
    definition="时期所含学期内建档立卡学生按当时标准应发的资助金额之和，不论是否已发放。",
)
registered_poor_paid_rate = Ratio(
    "建档立卡资助金发放率", top="aid.registered_poor_amount", bottom="aid.registered_poor_approved_amount"
)
listed_rows = Figure(
    "外部名单人次",
    unit="人次",
    table=ListRow,
    over=LISTS,
    value=_.count(),
    by=("state", *LISTED_BY),
    definition="时期末各部门最新名单的行数，一人在两份名单上计两人次。",
)
listed_found = Figure(
    "名单与学籍相符",
    unit="人次",
    table=ListRow,
    over=LISTS,
    where=_.state == "found",
    value=_.count(),
    by=LISTED_BY,
    definition="时期末各部门最新名单中，经比对与本区学籍相符的行数。",
    empty="zero",
)
listed_elsewhere = Figure(
    "名单上不在本区就读",
    unit="人次",
    table=ListRow,
    over=LISTS,
    where=_.state == "absent",
    value=_.count(),
    by=LISTED_BY,
    definition="时期末各部门最新名单中，已查明在外地就读的行数。",
    empty="zero",
)
listed_open = Figure(
    "名单待核",
    unit="人次",
    table=ListRow,
    over=LISTS,
    where=_.state.isnull() | (_.state == "open"),
    value=_.count(),
    by=LISTED_BY,
    definition="时期末各部门最新名单中，还没有比对或有待人工核定的行数。",
    empty="zero",
)
listed_conflicts = Figure(
    "名单与学籍不一致",
    unit="人次",
    table=ListRow,
    over=LISTS,
    where=(_.state == "found") & (_.birth_date_differs | _.stage_differs),
    value=_.count(),
    by=LISTED_BY,
    related=("birth_date_differs", "stage_differs"),
    definition="时期末各部门最新名单中，人已相符而出生日期或学段与学籍不一致的行数。",
    empty="zero",
)
registered_poor_unlisted = Figure(
    "受助而不在名单",
    unit="人",
    table=Award,
    over=TERM,
    where=(_.programme == "registered_poor") & _.paid & ~_.listed,
    value=_.person.nunique(),
    by=BY,
    definition="时期所含学期内，领到建档立卡学生资助而不在应助名单上的学生数。",
    empty="zero",
)
aided_twice = Figure(
    "重复资助",
    unit="笔",
    table=Award,
    over=TERM,
    where=_.twice,
    value=_.count(),
    by=("programme", *BY),
    related=("person", "amount"),
    definition="时期所含学期内，已发放而本人同一学期另有已发放的、按规定不与之同时发放的资助的笔数，如建档立卡学生另领的寄宿生生活费补助。",
    empty="zero",
)
registered_poor_listed = Figure(
    "建档立卡应助学生",
    unit="人",
    table=Entitlement,
    over=TERM,
    where=_.programme == "registered_poor",
    value=_.person.nunique(),
    by=("school", "source", "aided"),
    definition="时期所含学期内，经名单比对应当享受建档立卡学生资助的学生数。",
)
registered_poor_unaided = Figure(
    "建档立卡应助未助学生",
    unit="人",
    table=Entitlement,
    over=TERM,
    where=(_.programme == "registered_poor") & ~_.aided,
    value=_.person.nunique(),
    by=("school", "source"),
    definition="时期所含学期内，在应助名单上而没有领到建档立卡学生资助的学生数。",
    empty="zero",
)
registered_poor_aided_rate = Ratio(
    "建档立卡资助覆盖率",
    top="aid.registered_poor_listed_aided",
    bottom="aid.registered_poor_listed",
    definition="应助名单上的建档立卡学生中，已领到资助的所占的比例。",
)
registered_poor_listed_aided = Figure(
    "建档立卡应助已助学生",
    unit="人",
    table=Entitlement,
    over=TERM,
    where=(_.programme == "registered_poor") & _.aided,
    value=_.person.nunique(),
    by=("school", "source"),
    definition="时期所含学期内，在应助名单上并已领到建档立卡学生资助的学生数。",
    empty="zero",
)
aided_pupils = Figure(
    "受资助学生",
    unit="人",
    table=Award,
    over=TERM,
    where=_.paid,
    value=_.person.nunique(),
    by=("programme", *BY),
    definition=f"{PAID}各项资助的受助学生数，一人享受多项计一人。",
)
aided_times = Figure(
    "受资助人次",
    unit="人次",
    table=Award,
    over=TERM,
    where=_.paid,
    value=_.count(),
    by=("programme", *BY),
    definition=f"{PAID}各项资助的人次数，一人享受两项计两人次。",
)
aid_amount = Figure(
    "资助金",
    unit="元",
    table=Award,
    over=TERM,
    where=_.paid,
    value=_.amount.sum(),
    by=("programme", *BY),
    related=("person",),
    definition=f"{PAID}各项资助金额之和，不含分配到校的资金。",
)
due_amount = Figure(
    "应资助金",
    unit="元",
    table=Award,
    over=TERM,
    value=_.due.sum(),
    by=("programme", *BY),
    related=("person", "amount"),
    definition="时期所含学期内已登记的各项资助按当时标准应发的金额之和，不论是否已发放。",
)
unpaid_awards = Figure(
    "未发放的资助",
    unit="笔",
    table=Award,
    over=TERM,
    where=~_.paid,
    value=_.count(),
    by=("programme", *BY),
    related=("person", "amount"),
    definition="时期所含学期内已登记而到冻结日还没有发放的资助笔数。",
    empty="zero",
)
differing_awards = Figure(
    "与标准不一致的资助",
    unit="笔",
    table=Award,
    over=TERM,
    where=_.amount != _.due,
    value=_.count(),
    by=("programme", *BY),
    related=("person",),
    definition="时期所含学期内，资助金额与按当时标准应发金额不相等的笔数。",
    empty="zero",
)
unrecognised_awards = Figure(
    "未认定而受助",
    unit="笔",
    table=Award,
    over=TERM,
    where=_.unrecognised,
    value=_.count(),
    by=("programme", *BY),
    related=("person", "amount"),
    definition="时期所含学期内，已发放而项目须先认定、本人该学期没有认定为家庭经济困难的资助笔数。",
    empty="zero",
)
over_ceiling_pupils = Figure(
    "合计超过上限的学生",
    unit="人",
    table=Award,
    over=TERM,
    where=_.over_ceiling,
    value=_.person.nunique(),
    by=BY,
    related=("amount", "term_total"),
    definition="时期所含学期内，已发放的各项资助合计超过一人一学期上限的学生数。",
    empty="zero",
)
recognised_pupils = Figure(
    "认定困难学生",
    unit="人",
    table=Recognition,
    over=TERM,
    where=_.state == "decided",
    value=_.person.nunique(),
    by=RECOGNISED_BY,
    definition="时期所含学期内，经申请、评议、公示、认定，到冻结日仍为已认定的学生数，一人两个学期都认定的计一人。",
)
recognitions_open = Figure(
    "在办的困难认定",
    unit="人次",
    table=Recognition,
    over=TERM,
    where=_.state.isin(["applied", "reviewed", "noticed"]),
    value=_.count(),
    by=("state", *RECOGNISED_BY),
    definition="时期所含学期内，已申请、已评议或公示中而到冻结日还没有结果的认定人次数。",
    empty="zero",
)
recognised_due_amount = Figure(
    "认定应享受资助金",
    unit="元",
    table=Recognition,
    over=TERM,
    where=_.state == "decided",
    value=_.entitled_amount.sum(),
    by=RECOGNISED_BY,
    related=("person", "boarding"),
    definition="时期所含学期内已认定的学生，按类别、学段、就读方式应享受的各项资助当时标准之和，不论是否已资助。",
)
livelihood_projects = Figure(
    "教育民生工程",
    unit="项",
    table=LivelihoodProject,
    over=flow("issued_on"),
    value=_.count(),
    definition="时期内印发实施办法的教育民生工程项目数。",
)
preschool_poor_pupils, preschool_poor_amount = paid_by(
    "preschool",
    "资助贫困幼儿",
    "资助贫困幼儿资金",
    "学前教育困难幼儿资助",
    who="幼儿",
)
tuition_waived_pupils = Figure(
    "免学杂费学生",
    unit="名",
    table=Pupil,
    over=stock("entered_on", "left_on"),
    where=_.stage.isin(["primary", "junior"]),
    value=_.person.nunique(),
    by=("stage", "school", "urban_rural"),
    definition="时期末在册的义务教育阶段学生数；义务教育学生全部免学杂费。",
)
funds_by_standard = Figure(
    "按标准测算的到校资金",
    unit="元",
    table=Allocation,
    over=TERM,
    value=_.by_standard.sum(),
    by=("programme", "school", "school_kind"),
    related=("amount", "primary_pupils", "junior_pupils"),
    definition="时期所含学期内有分配的学校，按学生数和每生标准测算的免学杂费、免费教科书资金之和，供与实际分配对照。",
)
tuition_waived_amount = Figure(
    "免学杂费资金",
    unit="元",
    table=Allocation,
    over=TERM,
    where=_.programme == "tuition_waiver",
    value=_.amount.sum(),
    by=("school", "school_kind"),
    definition="时期所含学期内分配到校的义务教育免学杂费资金之和。",
)
textbooks_amount = Figure(
    "免费教科书资金",
    unit="元",
    table=Allocation,
    over=TERM,
    where=_.programme == "textbooks",
    value=_.amount.sum(),
    by=("school", "school_kind"),
    definition="时期所含学期内分配到校的免费教科书资金之和。",
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
