"""The section's figures: meals, eyesight, fitness, counselling, contests and trainings."""

from ibis import _

from xuezheng.areas.health.models import (
    CounsellingCase,
    FitnessTest,
    MealDay,
    NutritionPupil,
    VisionScreening,
    WritingContestant,
)
from xuezheng.figures import SCHOOL_YEAR, TERM, Figure, Ratio, flow
from xuezheng.records.models import Attendance

BY_SCHOOL = ("school", "school_kind", "urban_rural")
BY_PUPIL = ("stage", "grade", "sex", *BY_SCHOOL)

nutrition_pupils = Figure(
    "营养改善受益学生",
    unit="人",
    table=NutritionPupil,
    over=TERM,
    value=_.person.nunique(),
    by=BY_SCHOOL,
    definition="时期所含学期内享受营养改善计划的学生数，一人多个学期计一人。",
)
nutrition_amount = Figure(
    "营养改善投入",
    unit="元",
    table=MealDay,
    over=flow("day"),
    value=_.amount.sum(),
    by=BY_SCHOOL,
    related=("day", "meals"),
    definition="时期内各校各日供餐份数乘以当日膳食补助标准的金额之和。",
)
nutrition_meals = Figure(
    "营养改善供餐",
    unit="份",
    table=MealDay,
    over=flow("day"),
    value=_.meals.sum(),
    by=BY_SCHOOL,
    related=("day", "pupils"),
    definition="时期内各校各日营养改善供餐份数之和，住校生加餐另计一份。",
)
nutrition_days = Figure(
    "营养改善供餐日",
    unit="天",
    table=MealDay,
    over=flow("day"),
    where=_.meals > 0,
    value=_.day.nunique(),
    by=BY_SCHOOL,
    definition="时期内有学校供餐的日数，各校同日供餐计一天，没有供餐份数的不计。",
)
nutrition_schools = Figure(
    "营养改善供餐学校",
    unit="所",
    table=MealDay,
    over=flow("day"),
    where=_.meals > 0,
    value=_.school.nunique(),
    by=("school_kind", "urban_rural"),
    definition="时期内实施营养改善计划供餐的学校数，没有供餐份数的不计。",
)
screened_pupils = Figure(
    "视力筛查学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    value=_.person.nunique(),
    by=(*BY_PUPIL, "glasses"),
    definition="时期内参加视力筛查的学生数，一人多次计一人。",
)
vision_graded_pupils = Figure(
    "视力分度学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    where=_.vision_grade.notnull(),
    value=_.person.nunique(),
    by=("vision_grade", *BY_PUPIL),
    related=("vision_right", "vision_left"),
    definition="时期内视力筛查中双眼裸眼视力都已测得、能够分度的学生数。",
)
low_vision_pupils = Figure(
    "视力不良学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    where=_.vision_grade.isin(["mild", "moderate", "severe"]),
    value=_.person.nunique(),
    by=("vision_grade", *BY_PUPIL),
    related=("vision_right", "vision_left"),
    definition="时期内视力筛查中以较差一眼裸眼视力计为视力不良的学生数。",
)
low_vision_rate = Ratio("视力不良率", top="health.low_vision_pupils", bottom="health.vision_graded_pupils")
myopia_judged_pupils = Figure(
    "近视判定学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    where=_.myopia.notnull(),
    value=_.person.nunique(),
    by=BY_PUPIL,
    related=("equivalent_right", "equivalent_left"),
    definition="时期内视力筛查中能够判定是否为筛查性近视的学生数，不能判定的不计。",
)
myopic_pupils = Figure(
    "筛查性近视学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    where=_.myopia == "myopic",
    value=_.person.nunique(),
    by=("myopia_degree", *BY_PUPIL),
    related=("equivalent_right", "equivalent_left"),
    definition="时期内视力筛查中判定为筛查性近视的学生数。",
)
myopia_rate = Ratio(
    "近视率",
    top="health.myopic_pupils",
    bottom="health.myopia_judged_pupils",
    definition="筛查性近视学生占能够判定的学生的比例，不能判定的不进入分母。",
)
severe_vision_pupils = Figure(
    "重度视力不良学生",
    unit="人",
    table=VisionScreening,
    over=flow("screened_on"),
    where=_.vision_grade == "severe",
    value=_.person.nunique(),
    by=BY_PUPIL,
    related=("vision_right", "vision_left"),
    definition="时期内视力筛查中属重度视力不良、须重点建档跟踪的学生数。",
)
fitness_tested = Figure(
    "体质健康测试学生",
    unit="人",
    table=FitnessTest,
    over=SCHOOL_YEAR,
    value=_.person.nunique(),
    by=("fitness_grade", *BY_PUPIL),
    related=("score",),
    definition="时期末所在学年登记了体质健康测试总分的学生数。",
)
fitness_good = Figure(
    "体质健康优良学生",
    unit="人",
    table=FitnessTest,
    over=SCHOOL_YEAR,
    where=_.fitness_grade.isin(["excellent", "good"]),
    value=_.person.nunique(),
    by=("fitness_grade", *BY_PUPIL),
    related=("score",),
    definition="时期末所在学年体质健康测试等级为优秀或良好的学生数。",
)
fitness_passed = Figure(
    "体质健康合格学生",
    unit="人",
    table=FitnessTest,
    over=SCHOOL_YEAR,
    where=_.fitness_grade != "failed",
    value=_.person.nunique(),
    by=("fitness_grade", *BY_PUPIL),
    related=("score",),
    definition="时期末所在学年体质健康测试等级为及格以上的学生数。",
)
fitness_good_rate = Ratio("体质健康优良率", top="health.fitness_good", bottom="health.fitness_tested")
fitness_pass_rate = Ratio("体质健康合格率", top="health.fitness_passed", bottom="health.fitness_tested")
counselling_cases = Figure(
    "个案咨询",
    unit="次",
    table=CounsellingCase,
    over=flow("day"),
    value=_.count(),
    by=("theme", "grade", "status"),
    definition="时期内心理咨询师登记的学生个案咨询次数。",
)
counselling_open = Figure(
    "跟进中的个案",
    unit="次",
    table=CounsellingCase,
    over=flow("day"),
    where=_.status == "open",
    value=_.count(),
    by=("theme", "grade"),
    definition="时期内咨询、冻结时仍在跟进的学生个案次数。",
    empty="zero",
)
psychology_trained = Figure(
    "心理知识培训教师",
    unit="名",
    table=Attendance,
    over=flow("held_on"),
    where=(_.section == "health") & (_.topic == "心理健康"),
    value=_.person.nunique(),
    by=("level", "school", "school_kind"),
    related=("training",),
    definition="时期内参加心理健康主题培训的教师数，一人多次计一人。",
)
writing_contest_pupils = Figure(
    "规范书写比赛参赛学生",
    unit="名",
    table=WritingContestant,
    over=flow("held_on"),
    value=_.person.nunique(),
    by=BY_SCHOOL,
    definition="时期内参加规范书写比赛的学生数，一人多次计一人。",
)
writing_contest_schools = Figure(
    "规范书写比赛参赛学校",
    unit="所",
    table=WritingContestant,
    over=flow("held_on"),
    value=_.school.nunique(),
    by=("school_kind", "urban_rural"),
    definition="时期内有学生参加规范书写比赛的学校数。",
)
