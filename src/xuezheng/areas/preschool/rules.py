"""Columns computed from the forms of kindergartens: areas and children a teacher, sizes of classes, certificates."""

import ibis

from xuezheng.areas.preschool.models import Kindergarten, KindergartenClass
from xuezheng.policy import Policy
from xuezheng.rules import column

LEVELS = {"kept": "达标", "short": "不达标"}


@column(Kindergarten)
def public(form: ibis.Table, policy: Policy) -> ibis.Value:
    """是否公办园：按办园性质在当年是否属于公办园确定。"""
    return policy.codes("nature").having(_day(form), form.nature, "public")


@column(Kindergarten)
def inclusive(form: ibis.Table, policy: Policy) -> ibis.Value:
    """是否普惠性幼儿园：按办园性质在当年是否属于公办园或普惠性民办园确定。"""
    return policy.codes("nature").having(_day(form), form.nature, "inclusive")


@column(Kindergarten, null=True)
def building_each(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均建筑面积（平方米）：建筑面积除以在园幼儿数。"""
    return form.building_area.cast("float64") / form.children


@column(Kindergarten, null=True)
def activity_each(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均活动用房面积（平方米）：活动用房面积除以在园幼儿数。"""
    return form.activity_area.cast("float64") / form.children


@column(Kindergarten, null=True)
def outdoor_each(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均户外场地面积（平方米）：户外场地面积除以在园幼儿数。"""
    return form.outdoor_area.cast("float64") / form.children


@column(Kindergarten, choices=LEVELS, null=True)
def space_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均面积：建筑、活动用房、户外场地三项都不低于标准的为达标，没有报班级的不判。"""
    day = _day(form)
    is_met = (
        (form.building_area >= policy.building_area.on(day) * form.children)
        & (form.activity_area >= policy.activity_area.on(day) * form.children)
        & (form.outdoor_area >= policy.outdoor_area.on(day) * form.children)
    )
    return _level(is_met)


@column(Kindergarten, choices=LEVELS, null=True)
def teachers_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """专任教师配备：在园幼儿数不多于专任教师数乘每名教师至多的幼儿数的为达标，没有报班级的不判。"""
    return _level(form.children <= policy.children_a_teacher.on(_day(form)) * form.teachers)


@column(Kindergarten, choices=LEVELS)
def certified_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """持证：园长和专任教师全部持证的为达标。"""
    staff, certified = form.principals + form.teachers, form.certified_principals + form.certified_teachers
    return _level(certified == staff)


@column(KindergartenClass, choices=LEVELS, null=True)
def size_level(group: ibis.Table, policy: Policy) -> ibis.Value:
    """班额：幼儿数不超过这一类型班级的上限为达标。"""
    return _level(group.children <= policy.class_size.on(_day(group), group.class_kind))


def _day(form: ibis.Table) -> ibis.Value:
    """Return the reference day of school statistics, 1 September, in the form's year."""
    return ibis.date(form.year, 9, 1)


def _level(is_met: ibis.Value) -> ibis.Value:
    return ibis.cases((is_met, "kept"), (~is_met, "short"))
