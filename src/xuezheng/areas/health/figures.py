"""The figures of the health area: meals, eyesight, fitness, counselling, contests and training."""

from ibis import _

from xuezheng.areas.health.models import (
    CounsellingCase,
    FitnessTest,
    MealDay,
    NutritionPupil,
    VisionScreening,
    WritingContestant,
)
from xuezheng.figures import SCHOOL_YEAR, TERM, Population, Ratio, flow
from xuezheng.records.models import Attendance

BY_SCHOOL = ("school", "school_kind", "urban_rural")
BY_PUPIL = ("stage", "grade", "sex", *BY_SCHOOL)

nutrition_pupils = Population(NutritionPupil, TERM, by=BY_SCHOOL).people(
    "营养改善受益学生", "人", "时期所含学期内享受营养改善计划的学生数，一人多个学期计一人。"
)
MEAL_DAYS = Population(MealDay, flow("day"), by=BY_SCHOOL)
nutrition_amount = MEAL_DAYS.money(
    "营养改善投入",
    _.amount,
    "时期内各校各日供餐份数乘以当日膳食补助标准的金额之和。",
    related=("day", "meals"),
)
nutrition_meals = MEAL_DAYS.figure(
    "营养改善供餐",
    "份",
    _.meals.sum(),
    "时期内各校各日营养改善供餐份数之和，住校生加餐另计一份。",
    related=("day", "pupils"),
)
nutrition_days = MEAL_DAYS.figure(
    "营养改善供餐日",
    "天",
    _.day.nunique(),
    "时期内有学校供餐的日数，各校同日供餐计一天，没有供餐份数的不计。",
    where=_.meals > 0,
)
nutrition_schools = MEAL_DAYS.schools(
    "营养改善供餐学校",
    "时期内实施营养改善计划供餐的学校数，没有供餐份数的不计。",
    where=_.meals > 0,
    by=("school_kind", "urban_rural"),
)
SCREENINGS = Population(VisionScreening, flow("screened_on"), by=("vision_grade", *BY_PUPIL), surveyed=True)
screened_pupils = SCREENINGS.people(
    "视力筛查学生", "人", "时期内参加视力筛查的学生数，一人多次计一人。", by=(*BY_PUPIL, "glasses")
)
vision_graded_pupils = SCREENINGS.people(
    "视力分度学生",
    "人",
    "时期内视力筛查中双眼裸眼视力都已测得、能够分度的学生数。",
    where=_.vision_grade.notnull(),
    related=("vision_right", "vision_left"),
)
low_vision_pupils = SCREENINGS.people(
    "视力不良学生",
    "人",
    "时期内视力筛查中以较差一眼裸眼视力计为视力不良的学生数。",
    where=_.vision_grade.isin(["mild", "moderate", "severe"]),
    related=("vision_right", "vision_left"),
)
low_vision_rate = Ratio(
    "视力不良率", top="health.low_vision_pupils", bottom="health.vision_graded_pupils", better="lower"
)
myopia_judged_pupils = SCREENINGS.people(
    "近视判定学生",
    "人",
    "时期内视力筛查中能够判定是否为筛查性近视的学生数，不能判定的不计。",
    where=_.myopia.notnull(),
    by=BY_PUPIL,
    related=("equivalent_right", "equivalent_left"),
)
myopic_pupils = SCREENINGS.people(
    "筛查性近视学生",
    "人",
    "时期内视力筛查中判定为筛查性近视的学生数。",
    where=_.myopia == "myopic",
    by=("myopia_degree", *BY_PUPIL),
    related=("equivalent_right", "equivalent_left"),
)
myopia_rate = Ratio(
    "近视率",
    top="health.myopic_pupils",
    bottom="health.myopia_judged_pupils",
    definition="筛查性近视学生占能够判定的学生的比例，不能判定的不进入分母。",
    better="lower",
)
severe_vision_pupils = SCREENINGS.people(
    "重度视力不良学生",
    "人",
    "时期内视力筛查中属重度视力不良、须重点建档跟踪的学生数。",
    where=_.vision_grade == "severe",
    by=BY_PUPIL,
    related=("vision_right", "vision_left"),
    better="lower",
)
FITNESS_TESTS = Population(FitnessTest, SCHOOL_YEAR, by=("fitness_grade", *BY_PUPIL), surveyed=True)
fitness_tested = FITNESS_TESTS.people(
    "体质健康测试学生", "人", "时期末所在学年登记了体质健康测试总分的学生数。", related=("score",)
)
fitness_good = FITNESS_TESTS.people(
    "体质健康优良学生",
    "人",
    "时期末所在学年体质健康测试等级为优秀或良好的学生数。",
    where=_.fitness_grade.isin(["excellent", "good"]),
    related=("score",),
)
fitness_passed = FITNESS_TESTS.people(
    "体质健康合格学生",
    "人",
    "时期末所在学年体质健康测试等级为及格以上的学生数。",
    where=_.fitness_grade != "failed",
    related=("score",),
)
fitness_good_rate = Ratio(
    "体质健康优良率", top="health.fitness_good", bottom="health.fitness_tested", better="higher"
)
fitness_pass_rate = Ratio(
    "体质健康合格率", top="health.fitness_passed", bottom="health.fitness_tested", better="higher"
)
COUNSELLING = Population(CounsellingCase, flow("day"), by=("theme", "grade", "status"))
counselling_cases = COUNSELLING.count("个案咨询", "次", "时期内心理咨询师登记的学生个案咨询次数。")
counselling_open = COUNSELLING.count(
    "跟进中的个案",
    "次",
    "时期内咨询、快照日仍在跟进的学生个案次数。",
    where=_.status == "open",
    by=("theme", "grade"),
    empty="zero",
)
psychology_trained = Population(Attendance, flow("held_on"), by=("level", "school", "school_kind")).people(
    "心理知识培训教师",
    "名",
    "时期内参加心理健康主题培训的教师数，一人多次计一人。",
    where=(_.section == "health") & (_.topic == "心理健康"),
    related=("training",),
)
CONTESTANTS = Population(WritingContestant, flow("held_on"), by=BY_SCHOOL)
writing_contest_pupils = CONTESTANTS.people(
    "规范书写比赛参赛学生", "名", "时期内参加规范书写比赛的学生数，一人多次计一人。"
)
writing_contest_schools = CONTESTANTS.schools(
    "规范书写比赛参赛学校", "时期内有学生参加规范书写比赛的学校数。", by=("school_kind", "urban_rural")
)
