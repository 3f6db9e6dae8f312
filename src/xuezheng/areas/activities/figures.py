"""The figures of the activities area: events, prizes, study tours, labour, exchanges."""

from ibis import _

from xuezheng.areas.activities.models import Edition, Entry, FarmPlot, LabourCourse, StudyTour, Visit, Visitor
from xuezheng.figures import TERM, Population, Ratio, flow
from xuezheng.records.models import Prize, School

BY_SCHOOL = ("school", "school_kind", "urban_rural")

EDITIONS = Population(Edition, flow("held_on"), by=("event", "level"))
edition = EDITIONS.figure(
    "赛事活动届次", "届", _.number.max(), "时期内举办的赛事活动的届次，有多届的取最近一届；须按赛事活动看。"
)
events = EDITIONS.count(
    "举办赛事活动", "项", "开始日期在时期内的赛事活动数，一届计一项。", related=("number",)
)
TEAMS = Population(Entry, flow("held_on"), by=("event", "stage", "level", *BY_SCHOOL))
event_teams = TEAMS.count(
    "参赛队伍", "支", "时期内举办的赛事活动的参赛队伍数，一校一组别计一支。", related=("pupils",)
)
event_pupils = TEAMS.figure(
    "赛事活动参与学生", "人次", _.pupils.sum(), "时期内各项赛事活动的参赛学生数之和，一人参加多项计多次。"
)
event_schools = TEAMS.schools(
    "赛事活动参与学校",
    "时期内有学生参加赛事活动的学校数，一校参加多项计一所。",
    by=("event", "stage", "level", "school_kind", "urban_rural"),
)
PRIZES = Population(
    Prize,
    flow("awarded_on"),
    by=("level", "rank", "school", "school_kind"),
    where=(_.section == "activities") & (_.winner == "pupil"),
)
pupils_awarded = PRIZES.people(
    "比赛获奖学生", "名", "时期内在德育体艺类比赛中获奖的学生数，一人多次获奖计一人。", related=("contest",)
)
pupil_prizes = PRIZES.count(
    "学生比赛奖项", "项", "时期内学生在德育体艺类比赛中获得的奖项数。", related=("contest",)
)
TOURS = Population(StudyTour, flow("day"), by=("stage", "theme", "fit", *BY_SCHOOL))
study_tours = TOURS.count(
    "研学旅行", "批次", "出发日期在时期内的研学旅行批次数，一校一学段一次计一批。", related=("destination",)
)
study_tour_pupils = TOURS.figure(
    "研学旅行学生", "人次", _.pupils.sum(), "时期内参加研学旅行的学生人次数。", related=("destination",)
)
study_tour_schools = TOURS.schools(
    "研学旅行学校",
    "时期内组织过研学旅行的学校数。",
    by=("stage", "theme", "fit", "school_kind", "urban_rural"),
)
study_tours_fitting = TOURS.count(
    "符合学段主题的研学旅行",
    "批次",
    "时期内主题与学段相符的研学旅行批次数。",
    where=_.fit == "fitting",
    related=("destination",),
    empty="zero",
)
study_tour_fit_rate = Ratio(
    "研学主题符合率",
    top="activities.study_tours_fitting",
    bottom="activities.study_tours",
    better="higher",
)
PLOTS = Population(FarmPlot, by=BY_SCHOOL)
farm_plots = PLOTS.count("劳动实践基地", "块", "快照日在册的学校劳动实践基地数。", related=("crops",))
farm_area = PLOTS.figure("劳动实践基地面积", "亩", _.area.sum(), "快照日在册的学校劳动实践基地面积之和。")
farm_schools = PLOTS.schools(
    "建有劳动实践基地的学校",
    "快照日至少有一块劳动实践基地的中小学校数，不含幼儿园。",
    where=_.school_kind != "111",
    by=("school_kind", "urban_rural"),
)
schools = Population(School, by=("kind", "urban_rural")).count(
    "中小学校",
    "所",
    "快照日在册的中小学校数，含教学点、职业高中和特殊教育学校，不含幼儿园。",
    where=_.kind != "111",
)
farm_coverage = Ratio(
    "劳动实践基地覆盖率", top="activities.farm_schools", bottom="activities.schools", better="higher"
)
LABOUR_COURSES = Population(LabourCourse, TERM, by=("kind", *BY_SCHOOL))
labour_courses = LABOUR_COURSES.count(
    "劳动课程", "门", "时期所含学期内学校开设的劳动课程门数。", related=("hours",)
)
labour_pupils = LABOUR_COURSES.figure(
    "劳动课程学生", "人次", _.pupils.sum(), "时期所含学期内修习劳动课程的学生数之和，一人修多门计多次。"
)
labour_course_schools = LABOUR_COURSES.schools(
    "开设劳动课程的学校", "时期所含学期内开设了劳动课程的学校数。", by=("kind", "school_kind", "urban_rural")
)
VISITS = Population(Visit, flow("day"), by=("direction", "destination"))
visits = VISITS.count("交流互访", "次", "开始日期在时期内的外出学习和来访交流次数。", related=("partner",))
VISITORS = Population(Visitor, flow("day"), by=("destination", *BY_SCHOOL))
visitors = VISITORS.count(
    "外出交流学习", "人次", "时期内外出交流学习的人次数，一人一次计一人次。", related=("visit",)
)
mountain_school_visitors = VISITORS.people(
    "参访山区特色学校教师",
    "名",
    "时期内到山区特色学校参观学习的教师数，一人多次计一人，局机关人员不计。",
    where=(_.destination == "mountain_school") & _.school.notnull(),
    by=BY_SCHOOL,
    related=("visit",),
)
guests = VISITS.figure(
    "来访交流",
    "人次",
    _.guests.sum(),
    "时期内来访交流的人次数。",
    where=_.direction == "in",
    by=("destination",),
    related=("partner",),
)
