"""The safety office's figures. Those on bullying are not broken down by school: the cases are too few."""

from ibis import _

from xuezheng.areas.safety.models import (
    Accident,
    BullyingReport,
    Drill,
    DrowningMeasure,
    Hazard,
    HealthCheck,
    Outbreak,
)
from xuezheng.figures import Population, Ratio, flow, stock

HAZARD_BY = ("kind", "level", "school", "school_kind")
REPORTED = flow("reported_on")
BULLYING_BY = ("stage", "form", "source")

DRILLS = Population(Drill, flow("held_on"), by=("kind", "school", "school_kind"))
drills = DRILLS.count("应急演练", "次", "时期内各学校和幼儿园举行的应急演练次数。")
drilled_schools = DRILLS.schools(
    "开展演练的学校", "时期内举行过应急演练的学校和幼儿园数，一校多次计一所。", by=("kind", "school_kind")
)
drill_participants = DRILLS.figure(
    "参加演练师生", "人次", _.participants.sum(), "时期内各学校和幼儿园参加应急演练的师生人次数。"
)
evacuation_seconds = DRILLS.figure(
    "平均疏散用时",
    "秒",
    _.seconds.mean().round(0),
    "时期内须疏散的应急演练平均每次的疏散用时。",
    where=_.seconds.notnull(),
)
HAZARDS = Population(Hazard, flow("found_on"), by=(*HAZARD_BY, "state"))
hazards = HAZARDS.count(
    "排查安全隐患", "处", "时期内排查发现并列入台账的安全隐患数。", related=("place", "due_on", "closed_on")
)
hazards_closed = HAZARDS.count(
    "已销号的安全隐患",
    "处",
    "时期内排查发现的安全隐患中，到快照日已整改销号的处数，含逾期销号的。",
    where=_.state.isin(["in_time", "late"]),
    related=("place", "closed_on"),
    empty="zero",
)
hazards_overdue = HAZARDS.count(
    "逾期未销号的安全隐患",
    "处",
    "时期内排查发现的安全隐患中，到快照日已过整改时限而没有销号的处数。",
    where=_.state == "overdue",
    by=HAZARD_BY,
    related=("place", "due_on"),
    empty="zero",
    better="lower",
)
hazard_closed_rate = Ratio(
    "安全隐患整改率",
    top="safety.hazards_closed",
    bottom="safety.hazards",
    definition="时期内排查发现的安全隐患中，到快照日已整改销号的所占的比例。",
    better="higher",
)
open_hazards = Population(Hazard, stock("found_on", "closed_on"), by=HAZARD_BY).count(
    "现存安全隐患",
    "处",
    "时期末已列入台账而没有销号的安全隐患数。",
    related=("place", "due_on"),
    better="lower",
)
BULLYING = Population(BullyingReport, REPORTED, by=BULLYING_BY)
bullying_reports = BULLYING.count(
    "欺凌报告",
    "起",
    "时期内接到的学生欺凌报告起数，含调查后认定不属于欺凌的。",
    by=(*BULLYING_BY, "outcome", "investigation"),
)
bullying_confirmed = BULLYING.count(
    "认定的学生欺凌",
    "起",
    "时期内接到的报告中，到快照日经调查认定属于学生欺凌的起数。",
    where=_.confirmed,
    empty="zero",
)
bullying_due = BULLYING.count(
    "应认定的欺凌报告",
    "起",
    "时期内接到的欺凌报告中，已作出认定或认定时限已过的起数。",
    where=_.investigation != "open",
    related=("concluded_on",),
    empty="zero",
)
bullying_in_time = BULLYING.count(
    "按期认定的欺凌报告",
    "起",
    "时期内接到的欺凌报告中，在规定时限内作出认定的起数。",
    where=_.investigation == "in_time",
    related=("concluded_on",),
    empty="zero",
)
bullying_in_time_rate = Ratio(
    "欺凌报告按期认定率",
    top="safety.bullying_in_time",
    bottom="safety.bullying_due",
    definition="时期内接到、已作出认定或认定时限已过的欺凌报告中，按期认定的所占的比例。",
    better="higher",
)
DROWNING_MEASURES = Population(DrowningMeasure, flow("day"), by=("kind", "school", "school_kind"))
drowning_measures = DROWNING_MEASURES.count(
    "防溺水工作", "次", "时期内各学校开展防溺水教育、家访、巡查等工作的次数。"
)
drowning_schools = DROWNING_MEASURES.schools(
    "开展防溺水工作的学校", "时期内开展过防溺水工作的学校数，一校多次计一所。", by=("kind", "school_kind")
)
drowning_reached = DROWNING_MEASURES.figure(
    "防溺水工作覆盖学生",
    "人次",
    _.reached.sum(),
    "时期内防溺水教育、致家长信、家访和承诺书所覆盖的学生人次数。",
    where=_.kind != "patrol",
)
HEALTH_CHECKS = Population(
    HealthCheck, flow("checked_on"), by=("kind", "school", "school_kind", "check_state")
)
health_checks = HEALTH_CHECKS.count(
    "食品与防病检查", "次", "时期内对学校食堂、超市、饮用水和传染病防控的检查次数，一校一日一项内容计一次。"
)
health_checked_schools = HEALTH_CHECKS.schools(
    "接受食品与防病检查的学校",
    "时期内接受过食品或传染病防控检查的学校和幼儿园数，一校多次计一所。",
    by=("kind", "school_kind"),
)
health_problems = HEALTH_CHECKS.count(
    "食品与防病问题",
    "个",
    "时期内食品与防病检查中发现的问题数。",
    where=_.check_state != "clean",
    related=("problem", "due_on", "mended_on"),
    empty="zero",
)
health_problems_mended = HEALTH_CHECKS.count(
    "已整改的食品与防病问题",
    "个",
    "时期内食品与防病检查发现的问题中，到快照日已整改的个数。",
    where=_.check_state.isin(["in_time", "late"]),
    related=("problem", "mended_on"),
    empty="zero",
)
health_mended_rate = Ratio(
    "食品与防病问题整改率",
    top="safety.health_problems_mended",
    bottom="safety.health_problems",
    definition="时期内食品与防病检查发现的问题中，到快照日已整改的所占的比例。",
    better="higher",
)
OUTBREAKS = Population(Outbreak, REPORTED, by=("disease", "school", "school_kind", "cluster"))
outbreaks = OUTBREAKS.count(
    "传染病报告", "起", "时期内学校和幼儿园报告的传染病起数。", related=("cases", "ended_on")
)
outbreak_cases = OUTBREAKS.figure("传染病病例", "例", _.cases.sum(), "时期内学校和幼儿园报告的传染病病例数。")
clusters = OUTBREAKS.count(
    "聚集性传染病",
    "起",
    "时期内学校和幼儿园报告的传染病中，病例数达到聚集性界限的起数。",
    where=_.cluster,
    by=("disease", "school", "school_kind"),
    related=("cases",),
    empty="zero",
    better="lower",
)
ACCIDENTS = Population(Accident, flow("day"), by=("kind", "on_campus", "school", "school_kind"))
accidents = ACCIDENTS.count(
    "学生安全事故",
    "起",
    "时期内发生的学生安全事故起数，含校外发生的。",
    related=("injured", "dead"),
    better="lower",
)
deaths = ACCIDENTS.figure(
    "学生非正常死亡",
    "人",
    _.dead.sum(),
    "时期内学生安全事故造成的死亡人数，含校外发生的。",
    by=("kind", "on_campus"),
    better="lower",
)
