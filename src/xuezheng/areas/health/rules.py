"""The rule columns of the health area, for meals, screenings and fitness tests."""

from decimal import Decimal

import ibis

from xuezheng.areas.health.models import FitnessTest, MealDay, VisionScreening
from xuezheng.policy import Policy, PolicyEntry
from xuezheng.rules import column

VISION_GRADES = {"normal": "视力正常", "mild": "轻度不良", "moderate": "中度不良", "severe": "重度不良"}
MYOPIA = {"myopic": "筛查性近视", "not_myopic": "非近视"}
DEGREES = {"low": "低度近视", "moderate": "中度近视", "high": "高度近视"}
FITNESS_GRADES = {"excellent": "优秀", "good": "良好", "passed": "及格", "failed": "不及格"}

_HALF = ibis.literal(Decimal("0.5"), type="decimal(2,1)")


@column(MealDay, money=True)
def amount(meals: ibis.Table, policy: Policy) -> ibis.Value:
    """膳食补助金额：供餐份数乘以供餐日施行的补助标准。"""
    return meals.meals * policy.meal_subsidy.on(meals.day)


@column(VisionScreening, choices=VISION_GRADES, null=True)
def vision_grade(screening: ibis.Table, policy: Policy) -> ibis.Value:
    """视力分度：以裸眼视力较差的一眼为准；有一眼未测的不判断。"""
    worse = _worse(screening.vision_right, screening.vision_left)

    def limit(grade: str) -> ibis.Value:
        return policy.vision_grade.on(screening.screened_on, ibis.literal(grade))

    return ibis.cases(
        (worse.isnull(), None),
        (worse <= limit("severe"), "severe"),
        (worse <= limit("moderate"), "moderate"),
        (worse <= limit("mild"), "mild"),
        else_="normal",
    )


@column(VisionScreening, null=True)
def equivalent_right(screening: ibis.Table, policy: Policy) -> ibis.Value:
    """右眼等效球镜：球镜加柱镜的一半。"""
    return _equivalent(screening.sphere_right, screening.cylinder_right)


@column(VisionScreening, null=True)
def equivalent_left(screening: ibis.Table, policy: Policy) -> ibis.Value:
    """左眼等效球镜：球镜加柱镜的一半。"""
    return _equivalent(screening.sphere_left, screening.cylinder_left)


@column(VisionScreening, choices=MYOPIA, null=True)
def myopia(screening: ibis.Table, policy: Policy) -> ibis.Value:
    """筛查性近视：一眼的裸眼视力和等效球镜都低于界限的，该眼近视；夜戴角膜塑形镜的为近视；两眼都能判断的，有一眼近视即为近视；不足起判年龄或有一眼不能判断的不判断。"""
    day = screening.screened_on
    right = _eye(screening.vision_right, screening.equivalent_right, day, policy)
    left = _eye(screening.vision_left, screening.equivalent_left, day, policy)
    old_enough = (screening.age >= policy.myopia_age.on(day)).fill_null(False)
    return ibis.cases(
        (~old_enough, None),
        (screening.glasses == "ok_lens", "myopic"),
        (right.isnull() | left.isnull(), None),
        (right | left, "myopic"),
        else_="not_myopic",
    )


@column(VisionScreening, choices=DEGREES, null=True)
def myopia_degree(screening: ibis.Table, policy: Policy) -> ibis.Value:
    """近视分度：筛查性近视的，以等效球镜较低的一眼为准；有一眼未测的、夜戴角膜塑形镜的不分度。"""
    lower = _worse(screening.equivalent_right, screening.equivalent_left)

    def limit(degree: str) -> ibis.Value:
        return policy.myopia_degree.on(screening.screened_on, ibis.literal(degree))

    gradable = (screening.myopia == "myopic").fill_null(False) & (screening.glasses != "ok_lens")
    return ibis.cases(
        (~gradable | lower.isnull(), None),
        (lower < limit("high"), "high"),
        (lower < limit("moderate"), "moderate"),
        else_="low",
    )


@column(FitnessTest, choices=FITNESS_GRADES)
def fitness_grade(test: ibis.Table, policy: Policy) -> ibis.Value:
    """体质健康等级：按测试日施行的标准，由总分确定。"""
    limits: PolicyEntry = policy.fitness_grade
    grades = ("excellent", "good", "passed")
    return ibis.cases(
        *((test.score >= limits.on(test.tested_on, ibis.literal(grade)), grade) for grade in grades),
        else_="failed",
    )


def _equivalent(sphere: ibis.Value, cylinder: ibis.Value) -> ibis.Value:
    """Return the spherical equivalent: sphere and half the cylinder, as exact decimals."""
    return (sphere + cylinder * _HALF).cast("decimal(6,3)")


def _worse(right: ibis.Value, left: ibis.Value) -> ibis.Value:
    """Return the lower value of two eyes; NULL where one was not measured."""
    return ibis.cases((right.isnull() | left.isnull(), None), else_=ibis.least(right, left))


def _eye(vision: ibis.Value, equivalent: ibis.Value, day: ibis.Value, policy: Policy) -> ibis.Value:
    """Whether an eye is myopic; NULL where the measurements do not decide."""
    limit = policy.myopia_equivalent.on(day)
    beyond = ibis.cases(
        (policy.myopia_comparison.on(day) == "不大于", equivalent <= limit), else_=equivalent < limit
    )
    return (vision < policy.myopia_vision.on(day)) & beyond
