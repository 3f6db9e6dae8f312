"""The section's figures: events, prizes, study tours, labour, exchanges."""

from ibis import _

from xuezheng.areas.activities.models import Edition, Entry, FarmPlot, LabourCourse, StudyTour, Visit, Visitor
from xuezheng.figures import TERM, Figure, Ratio, flow
from xuezheng.records.models import Prize, School

BY_SCHOOL = ("school", "school_kind", "urban_rural")
BY_ENTRY = ("event", "stage", "level", *BY_SCHOOL)
BY_TOUR = ("stage", "theme", "fit", *BY_SCHOOL)

edition = Figure(
    "赛事活动届次",
    unit="届",
    table=Edition,
    over=flow("held_on"),
    value=_.number.max(),
    by=("event", "level"),
    definition="时期内举办的赛事活动的届次，有多届的取最近一届；须按赛事活动看。",
)
events = Figure(
    "举办赛事活动",
    unit="项",
    table=Edition,
    over=flow("held_on"),
    value=_.count(),
    by=("event", "level"),
    related=("number",),
    definition="开始日期在时期内的赛事活动数，一届计一项。",
)
event_teams = Figure(
    "参赛队伍",
    unit="支",
    table=Entry,
    over=flow("held_on"),
    value=_.count(),
    by=BY_ENTRY,
    related=("pupils",),
    definition="时期内举办的赛事活动的参赛队伍数，一校一组别计一支。",
)
event_pupils = Figure(
    "赛事活动参与学生",
    unit="人次",
    table=Entry,
    over=flow("held_on"),
    value=_.pupils.sum(),
    by=BY_ENTRY,
    definition="时期内各项赛事活动的参赛学生数之和，一人参加多项计多次。",
)
event_schools = Figure(
    "赛事活动参与学校",
    unit="所",
    table=Entry,
    over=flow("held_on"),
    value=_.school.nunique(),
    by=("event", "stage", "level", "school_kind", "urban_rural"),
    definition="时期内有学生参加赛事活动的学校数，一校参加多项计一所。",
)
pupils_awarded = Figure(
    "比赛获奖学生",
    unit="名",
    table=Prize,
    over=flow("awarded_on"),
    where=(_.section == "activities") & (_.winner == "pupil"),
    value=_.person.nunique(),
    by=("level", "rank", "school", "school_kind"),
    related=("contest",),
    definition="时期内在德育体艺类比赛中获奖的学生数，一人多次获奖计一人。",
)
pupil_prizes = Figure(
    "学生比赛奖项",
    unit="项",
    table=Prize,
    over=flow("awarded_on"),
    where=(_.section == "activities") & (_.winner == "pupil"),
    value=_.count(),
    by=("level", "rank", "school", "school_kind"),
    related=("contest",),
    definition="时期内学生在德育体艺类比赛中获得的奖项数。",
)
study_tours = Figure(
    "研学旅行",
    unit="批次",
    table=StudyTour,
    over=flow("day"),
    value=_.count(),
    by=BY_TOUR,
    related=("destination",),
    definition="出发日期在时期内的研学旅行批次数，一校一学段一次计一批。",
)
study_tour_pupils = Figure(
    "研学旅行学生",
    unit="人次",
    table=StudyTour,
    over=flow("day"),
    value=_.pupils.sum(),
    by=BY_TOUR,
    related=("destination",),
    definition="时期内参加研学旅行的学生人次数。",
)
study_tour_schools = Figure(
    "研学旅行学校",
    unit="所",
    table=StudyTour,
    over=flow("day"),
    value=_.school.nunique(),
    by=("stage", "theme", "fit", "school_kind", "urban_rural"),
    definition="时期内组织过研学旅行的学校数。",
)
study_tours_fitting = Figure(
    "符合学段主题的研学旅行",
    unit="批次",
    table=StudyTour,
    over=flow("day"),
    where=_.fit == "fitting",
    value=_.count(),
    by=BY_TOUR,
    related=("destination",),
    definition="时期内主题与学段相符的研学旅行批次数。",
    empty="zero",
)
study_tour_fit_rate = Ratio(
    "研学主题符合率", top="activities.study_tours_fitting", bottom="activities.study_tours"
)
farm_plots = Figure(
    "劳动实践基地",
    unit="块",
    table=FarmPlot,
    value=_.count(),
    by=BY_SCHOOL,
    related=("crops",),
    definition="冻结时在册的学校劳动实践基地数。",
)
farm_area = Figure(
    "劳动实践基地面积",
    unit="亩",
    table=FarmPlot,
    value=_.area.sum(),
    by=BY_SCHOOL,
    definition="冻结时在册的学校劳动实践基地面积之和。",
)
farm_schools = Figure(
    "建有劳动实践基地的学校",
    unit="所",
    table=FarmPlot,
    where=_.school_kind != "111",
    value=_.school.nunique(),
    by=("school_kind", "urban_rural"),
    definition="冻结时至少有一块劳动实践基地的中小学校数，不含幼儿园。",
)
schools = Figure(
    "中小学校",
    unit="所",
    table=School,
    where=_.kind != "111",
    value=_.count(),
    by=("kind", "urban_rural"),
    definition="冻结时在册的中小学校数，含教学点、职业高中和特殊教育学校，不含幼儿园。",
)
farm_coverage = Ratio("劳动实践基地覆盖率", top="activities.farm_schools", bottom="activities.schools")
labour_courses = Figure(
    "劳动课程",
    unit="门",
    table=LabourCourse,
    over=TERM,
    value=_.count(),
    by=("kind", *BY_SCHOOL),
    related=("hours",),
    definition="时期所含学期内学校开设的劳动课程门数。",
)
labour_pupils = Figure(
    "劳动课程学生",
    unit="人次",
    table=LabourCourse,
    over=TERM,
    value=_.pupils.sum(),
    by=("kind", *BY_SCHOOL),
    definition="时期所含学期内修习劳动课程的学生数之和，一人修多门计多次。",
)
labour_course_schools = Figure(
    "开设劳动课程的学校",
    unit="所",
    table=LabourCourse,
    over=TERM,
    value=_.school.nunique(),
    by=("kind", "school_kind", "urban_rural"),
    definition="时期所含学期内开设了劳动课程的学校数。",
)
visits = Figure(
    "交流互访",
    unit="次",
    table=Visit,
    over=flow("day"),
    value=_.count(),
    by=("direction", "destination"),
    related=("partner",),
    definition="开始日期在时期内的外出学习和来访交流次数。",
)
visitors = Figure(
    "外出交流学习",
    unit="人次",
    table=Visitor,
    over=flow("day"),
    value=_.count(),
    by=("destination", *BY_SCHOOL),
    related=("visit",),
    definition="时期内外出交流学习的人次数，一人一次计一人次。",
)
mountain_school_visitors = Figure(
    "参访山区特色学校教师",
    unit="名",
    table=Visitor,
    over=flow("day"),
    where=(_.destination == "mountain_school") & _.school.notnull(),
    value=_.person.nunique(),
    by=BY_SCHOOL,
    related=("visit",),
    definition="时期内到山区特色学校参观学习的教师数，一人多次计一人，局机关人员不计。",
)
guests = Figure(
    "来访交流",
    unit="人次",
    table=Visit,
    over=flow("day"),
    where=_.direction == "in",
    value=_.guests.sum(),
    by=("destination",),
    related=("partner",),
    definition="时期内来访交流的人次数。",
)
