"""The workbooks that schools return for the health area, and the counsellors' list."""

from xuezheng.areas.health.models import (
    CounsellingCase,
    FitnessTest,
    MealDay,
    NutritionPupil,
    VisionScreening,
    WritingContestant,
)
from xuezheng.workbooks import Sheet

nutrition_pupils = Sheet(
    NutritionPupil,
    "营养改善学生名单",
    columns=["person.name", "person.id_number", "school.code", "term.code"],
)
meal_days = Sheet(MealDay, "营养改善供餐台账", columns=["school.code", "day", "pupils", "meals"])
screenings = Sheet(
    VisionScreening,
    "视力筛查登记表",
    columns=[
        "person.name",
        "person.id_number",
        "school.code",
        "stage",
        "grade",
        "screened_on",
        "vision_right",
        "vision_left",
        "glasses",
        "sphere_right",
        "cylinder_right",
        "sphere_left",
        "cylinder_left",
    ],
    people="pupils",
)
fitness_tests = Sheet(
    FitnessTest,
    "体质健康测试成绩",
    columns=[
        "person.name",
        "person.id_number",
        "school.code",
        "stage",
        "grade",
        "school_year",
        "tested_on",
        "score",
    ],
    people="pupils",
)
counselling_cases = Sheet(
    CounsellingCase, "个案咨询登记", columns=["number", "day", "grade", "theme", "status"]
)
writing_contestants = Sheet(
    WritingContestant,
    "规范书写比赛名单",
    columns=["person.name", "person.id_number", "school.code", "contest", "held_on"],
)
