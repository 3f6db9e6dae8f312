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
from xuezheng.figures import Figure, Ratio, flow, stock

DRILLED = flow("held_on")
HAZARD_BY = ("kind", "level", "school", "school_kind")
DISCOVERED = flow("found_on")
REPORTED = flow("reported_on")
BULLYING_BY = ("stage", "form", "source")
CHECKED = flow("checked_on")
CHECK_BY = ("kind", "school", "school_kind")

drills = Figure(
    "应急演练",
    unit="次",
    table=Drill,
    over=DRILLED,
    value=_.count(),
    by=("kind", "school", "school_kind"),
    definition="时期内各学校和幼儿园举行的应急演练次数。",
)
drilled_schools = Figure(
    "开展演练的学校",
    unit="所",
    table=Drill,
    over=DRILLED,
    value=_.school.nunique(),
    by=("kind", "school_kind"),
    definition="时期内举行过应急演练的学校和幼儿园数，一校多次计一所。",
)
drill_participants = Figure(
    "参加演练师生",
    unit="人次",
    table=Drill,
    over=DRILLED,
    value=_.participants.sum(),
    by=("kind", "school", "school_kind"),
    definition="时期内各学校和幼儿园参加应急演练的师生人次数。",
)
evacuation_seconds = Figure(
    "平均疏散用时",
    unit="秒",
    table=Drill,
    over=DRILLED,
    where=_.seconds.notnull(),
    value=_.seconds.mean().round(0),
    by=("kind", "school", "school_kind"),
    definition="时期内须疏散的应急演练平均每次的疏散用时。",
)
hazards = Figure(
    "排查安全隐患",
    unit="处",
    table=Hazard,
    over=DISCOVERED,
    value=_.count(),
    by=(*HAZARD_BY, "state"),
    related=("place", "due_on", "closed_on"),
    definition="时期内排查发现并列入台账的安全隐患数。",
)
hazards_closed = Figure(
    "已销号的安全隐患",
    unit="处",
    table=Hazard,
    over=DISCOVERED,
    where=_.state.isin(["in_time", "late"]),
    value=_.count(),
    by=(*HAZARD_BY, "state"),
    related=("place", "closed_on"),
    definition="时期内排查发现的安全隐患中，到冻结日已整改销号的处数，含逾期销号的。",
    empty="zero",
)
hazards_overdue = Figure(
    "逾期未销号的安全隐患",
    unit="处",
    table=Hazard,
    over=DISCOVERED,
    where=_.state == "overdue",
    value=_.count(),
    by=HAZARD_BY,
    related=("place", "due_on"),
    definition="时期内排查发现的安全隐患中，到冻结日已过整改时限而没有销号的处数。",
    empty="zero",
)
hazard_closed_rate = Ratio(
    "安全隐患整改率",
    top="safety.hazards_closed",
    bottom="safety.hazards",
    definition="时期内排查发现的安全隐患中，到冻结日已整改销号的所占的比例。",
)
open_hazards = Figure(
    "现存安全隐患",
    unit="处",
    table=Hazard,
    over=stock("found_on", "closed_on"),
    value=_.count(),
    by=HAZARD_BY,
    related=("place", "due_on"),
    definition="时期末已列入台账而没有销号的安全隐患数。",
)
bullying_reports = Figure(
    "欺凌报告",
    unit="起",
    table=BullyingReport,
    over=REPORTED,
    value=_.count(),
    by=(*BULLYING_BY, "outcome", "investigation"),
    definition="时期内接到的学生欺凌报告起数，含调查后认定不属于欺凌的。",
)
bullying_confirmed = Figure(
    "认定的学生欺凌",
    unit="起",
    table=BullyingReport,
    over=REPORTED,
    where=_.confirmed,
    value=_.count(),
    by=BULLYING_BY,
    definition="时期内接到的报告中，到冻结日经调查认定属于学生欺凌的起数。",
    empty="zero",
)
bullying_due = Figure(
    "应认定的欺凌报告",
    unit="起",
    table=BullyingReport,
    over=REPORTED,
    where=_.investigation != "open",
    value=_.count(),
    by=BULLYING_BY,
    related=("concluded_on",),
    definition="时期内接到的欺凌报告中，已作出认定或认定时限已过的起数。",
    empty="zero",
)
bullying_in_time = Figure(
    "按期认定的欺凌报告",
    unit="起",
    table=BullyingReport,
    over=REPORTED,
    where=_.investigation == "in_time",
    value=_.count(),
    by=BULLYING_BY,
    related=("concluded_on",),
    definition="时期内接到的欺凌报告中，在规定时限内作出认定的起数。",
    empty="zero",
)
bullying_in_time_rate = Ratio(
    "欺凌报告按期认定率",
    top="safety.bullying_in_time",
    bottom="safety.bullying_due",
    definition="时期内接到、已作出认定或认定时限已过的欺凌报告中，按期认定的所占的比例。",
)
drowning_measures = Figure(
    "防溺水工作",
    unit="次",
    table=DrowningMeasure,
    over=flow("day"),
    value=_.count(),
    by=("kind", "school", "school_kind"),
    definition="时期内各学校开展防溺水教育、家访、巡查等工作的次数。",
)
drowning_schools = Figure(
    "开展防溺水工作的学校",
    unit="所",
    table=DrowningMeasure,
    over=flow("day"),
    value=_.school.nunique(),
    by=("kind", "school_kind"),
    definition="时期内开展过防溺水工作的学校数，一校多次计一所。",
)
drowning_reached = Figure(
    "防溺水工作覆盖学生",
    unit="人次",
    table=DrowningMeasure,
    over=flow("day"),
    where=_.kind != "patrol",
    value=_.reached.sum(),
    by=("kind", "school", "school_kind"),
    definition="时期内防溺水教育、致家长信、家访和承诺书所覆盖的学生人次数。",
)
health_checks = Figure(
    "食品与防病检查",
    unit="次",
    table=HealthCheck,
    over=CHECKED,
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    definition="时期内对学校食堂、超市、饮用水和传染病防控的检查次数，一校一日一项内容计一次。",
)
health_checked_schools = Figure(
    "接受食品与防病检查的学校",
    unit="所",
    table=HealthCheck,
    over=CHECKED,
    value=_.school.nunique(),
    by=("kind", "school_kind"),
    definition="时期内接受过食品或传染病防控检查的学校和幼儿园数，一校多次计一所。",
)
health_problems = Figure(
    "食品与防病问题",
    unit="个",
    table=HealthCheck,
    over=CHECKED,
    where=_.check_state != "clean",
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    related=("problem", "due_on", "mended_on"),
    definition="时期内食品与防病检查中发现的问题数。",
    empty="zero",
)
health_problems_mended = Figure(
    "已整改的食品与防病问题",
    unit="个",
    table=HealthCheck,
    over=CHECKED,
    where=_.check_state.isin(["in_time", "late"]),
    value=_.count(),
    by=(*CHECK_BY, "check_state"),
    related=("problem", "mended_on"),
    definition="时期内食品与防病检查发现的问题中，到冻结日已整改的个数。",
    empty="zero",
)
health_mended_rate = Ratio(
    "食品与防病问题整改率",
    top="safety.health_problems_mended",
    bottom="safety.health_problems",
    definition="时期内食品与防病检查发现的问题中，到冻结日已整改的所占的比例。",
)
outbreaks = Figure(
    "传染病报告",
    unit="起",
    table=Outbreak,
    over=REPORTED,
    value=_.count(),
    by=("disease", "school", "school_kind", "cluster"),
    related=("cases", "ended_on"),
    definition="时期内学校和幼儿园报告的传染病起数。",
)
outbreak_cases = Figure(
    "传染病病例",
    unit="例",
    table=Outbreak,
    over=REPORTED,
    value=_.cases.sum(),
    by=("disease", "school", "school_kind", "cluster"),
    definition="时期内学校和幼儿园报告的传染病病例数。",
)
clusters = Figure(
    "聚集性传染病",
    unit="起",
    table=Outbreak,
    over=REPORTED,
    where=_.cluster,
    value=_.count(),
    by=("disease", "school", "school_kind"),
    related=("cases",),
    definition="时期内学校和幼儿园报告的传染病中，病例数达到聚集性界限的起数。",
    empty="zero",
)
accidents = Figure(
    "学生安全事故",
    unit="起",
    table=Accident,
    over=flow("day"),
    value=_.count(),
    by=("kind", "on_campus", "school", "school_kind"),
    related=("injured", "dead"),
    definition="时期内发生的学生安全事故起数，含校外发生的。",
)
deaths = Figure(
    "学生非正常死亡",
    unit="人",
    table=Accident,
    over=flow("day"),
    value=_.dead.sum(),
    by=("kind", "on_campus"),
    definition="时期内学生安全事故造成的死亡人数，含校外发生的。",
)
