"""Columns computed from the school conditions form: shares of facilities, the seven indicators, passing."""

import ibis

from xuezheng.areas.balance.models import Facilities, StageCondition
from xuezheng.policy import Policy
from xuezheng.rules import column

LEVELS = {"reached": "达标", "near": "达到85%", "below": "低于85%"}
COMPULSORY = ("primary", "junior")
# Kinds of schools that are not evaluated: special and vocational ones.
APART = ("514", "365")
_NAMES = {
    "degree_level": "高于规定学历教师",
    "backbone_level": "县级以上骨干教师",
    "arts_level": "体育、艺术教师",
    "rooms_level": "教学及辅助用房",
    "sports_level": "体育运动场馆",
    "equipment_level": "教学仪器设备",
    "media_level": "网络多媒体教室",
}


@column(StageCondition)
def judged(form: ibis.Table, policy: Policy) -> ibis.Value:
    """是否参评：小学、初中学段参评；特殊教育学校、职业学校和学生数不足规定的教学点不参评。"""
    small = (form.school_kind == "218") & (form.pupils < policy.teaching_point_pupils.on(_day(form)))
    return form.stage.isin(COMPULSORY) & form.school_kind.notin(APART) & ~small.fill_null(False)


@column(StageCondition, null=True)
def share(form: ibis.Table, policy: Policy) -> ibis.Value:
    """共用资源分摊比例：本学段学生数乘权重，占全校各学段学生数乘权重之和的比例。"""

    def weight(stage: ibis.Value) -> ibis.Value:
        return policy.stage_weight.on(_day(form), stage).cast("float64")

    stages = (
        ("primary", form.primary_pupils),
        ("junior", form.junior_pupils),
        ("senior", form.senior_pupils),
    )
    weighted_total = sum(
        (weight(ibis.literal(stage)) * pupils for stage, pupils in stages), ibis.literal(0.0)
    )
    return weight(form.stage) * form.pupils / weighted_total.nullif(0)


@column(StageCondition, null=True, money=True)
def equipment_value(form: ibis.Table, policy: Policy) -> ibis.Value:
    """本学段教学仪器设备值：全校教学仪器设备值乘分摊比例。"""
    return (form.equipment * form.share).round().cast("int64")


@column(StageCondition, null=True)
def degree_per_100(form: ibis.Table, policy: Policy) -> ibis.Value:
    """每百名学生拥有高于规定学历教师数：小学计专科及以上，初中计本科及以上。"""
    higher = form.bachelor + form.master + form.doctor
    return _per_100(form, ibis.ifelse(form.stage == "primary", higher + form.associate, higher))


@column(StageCondition, null=True)
def backbone_per_100(form: ibis.Table, policy: Policy) -> ibis.Value:
    """每百名学生拥有县级以上骨干教师数：县级以上骨干教师数除以学生数乘一百。"""
    return _per_100(form, form.backbone)


@column(StageCondition, null=True)
def arts_per_100(form: ibis.Table, policy: Policy) -> ibis.Value:
    """每百名学生拥有体育、艺术专任教师数：体育、音乐、美术专任教师数之和除以学生数乘一百。"""
    return _per_100(form, form.pe_teachers + form.music_teachers + form.art_teachers)


@column(StageCondition, null=True)
def rooms_per_pupil(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均教学及辅助用房面积：全校教学及辅助用房减去室内体育用房的面积（平方米），乘共用资源分摊比例，除以本学段在校生数。"""
    return (form.teaching_area - form.indoor_sports_area).cast("float64") * form.share / form.pupils


@column(StageCondition, null=True)
def sports_per_pupil(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均体育运动场馆面积：全校体育运动场地加上室内体育用房的面积（平方米），乘共用资源分摊比例，除以本学段在校生数（须大于0）。"""
    return (form.sports_area + form.indoor_sports_area).cast("float64") * form.share / form.pupils


@column(StageCondition, null=True)
def equipment_each(form: ibis.Table, policy: Policy) -> ibis.Value:
    """生均教学仪器设备值（元）：全校教学仪器设备值乘共用资源分摊比例，除以本学段在校生数（须大于0）。"""
    return form.equipment * form.share / form.pupils / 100


@column(StageCondition, null=True)
def media_per_100(form: ibis.Table, policy: Policy) -> ibis.Value:
    """每百名学生拥有网络多媒体教室数：全校网络多媒体教室数乘共用资源分摊比例，除以本学段在校生数，再乘一百。"""
    return _per_100(form, form.media_rooms * form.share)


@column(StageCondition, choices=LEVELS, null=True)
def degree_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """高于规定学历教师：每百名学生拥有高于规定学历教师数是否达标。"""
    return _level(form, policy, form.degree_per_100, policy.degree_per_100.on(_day(form), form.stage))


@column(StageCondition, choices=LEVELS, null=True)
def backbone_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """县级以上骨干教师：每百名学生拥有县级以上骨干教师数是否达标。"""
    return _level(form, policy, form.backbone_per_100, policy.backbone_per_100.on(_day(form), form.stage))


@column(StageCondition, choices=LEVELS, null=True)
def arts_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """体育、艺术教师：每百名学生拥有体育、艺术专任教师数是否达标。"""
    return _level(form, policy, form.arts_per_100, policy.arts_per_100.on(_day(form), form.stage))


@column(StageCondition, choices=LEVELS, null=True)
def rooms_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """教学及辅助用房：生均教学及辅助用房面积是否达标。"""
    return _level(form, policy, form.rooms_per_pupil, policy.rooms_per_pupil.on(_day(form), form.stage))


@column(StageCondition, choices=LEVELS, null=True)
def sports_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """体育运动场馆：生均体育运动场馆面积是否达标。"""
    return _level(form, policy, form.sports_per_pupil, policy.sports_per_pupil.on(_day(form), form.stage))


@column(StageCondition, choices=LEVELS, null=True)
def equipment_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """教学仪器设备：生均教学仪器设备值是否达标。"""
    fen = policy.equipment_per_pupil.on(_day(form), form.stage)
    return _level(form, policy, form.equipment_each * 100, fen)


@column(StageCondition, choices=LEVELS, null=True)
def media_level(form: ibis.Table, policy: Policy) -> ibis.Value:
    """网络多媒体教室：每百名学生拥有网络多媒体教室数是否达标。"""
    return _level(form, policy, form.media_per_100, policy.media_per_100.on(_day(form), form.stage))


@column(StageCondition)
def reached(form: ibis.Table, policy: Policy) -> ibis.Value:
    """达标项数：七项指标中达到标准的项数。"""
    return _count(form, "reached")


@column(StageCondition)
def passes(form: ibis.Table, policy: Policy) -> ibis.Value:
    """是否综合达标：参评学校达标项数不少于规定，其余各项都达到标准的规定比例。"""
    rest = _count(form, "near")
    enough = form.reached >= policy.needed.on(_day(form))
    return (form.judged & enough & (form.reached + rest == len(_NAMES))).fill_null(False)


@column(StageCondition, null=True)
def remark(form: ibis.Table, policy: Policy) -> ibis.Value:
    """备注：列出未达标的指标，注明达到85%的。"""
    parts = [
        ibis.cases((form[level] == "near", f"{name}（达到85%）；"), (form[level] == "below", f"{name}；"), else_="")
        for level, name in _NAMES.items()
    ]  # fmt: skip
    short = ibis.literal("")
    for part in parts:
        short = short + part
    described = ibis.ifelse(short == "", ibis.literal("全部达标"), ibis.literal("未达标：") + short)
    return ibis.cases((form.judged & (_count(form, *LEVELS) == len(_NAMES)), described))


@column(StageCondition)
def class_size_kept(form: ibis.Table, policy: Policy) -> ibis.Value:
    """班额是否合规：最大班额不超过本学段的上限；高中学段不判。"""
    return (form.largest_class <= policy.class_size.on(_day(form), form.stage)).fill_null(True)


@column(StageCondition, null=True)
def variation_limit(form: ibis.Table, policy: Policy) -> ibis.Value:
    """差异系数上限：本学段各项指标校际差异系数不得超过的值。"""
    return policy.variation_limit.on(_day(form), form.stage)


@column(Facilities)
def size_kept(form: ibis.Table, policy: Policy) -> ibis.Value:
    """学校规模是否合规：义务教育在校生数不超过按办学类型规定的上限。"""
    return form.pupils <= policy.school_size.on(_day(form), form.school_kind)


@column(Facilities)
def rooms_kept(form: ibis.Table, policy: Policy) -> ibis.Value:
    """音乐、美术专用教室是否够用：按班级数折算，不足一间的按一间计。"""
    needed = (form.classes / policy.classes_a_room.on(_day(form))).ceil()
    return (form.music_rooms >= needed) & (form.art_rooms >= needed)


def _day(form: ibis.Table) -> ibis.Value:
    """Return the reference day of school statistics, 1 September, in the form's year."""
    return ibis.date(form.year, 9, 1)


def _per_100(form: ibis.Table, number: ibis.Value) -> ibis.Value:
    return number * 100 / form.pupils


def _level(form: ibis.Table, policy: Policy, value: ibis.Value, limit: ibis.Value) -> ibis.Value:
    # Shares leave noise in the last places of a value that is exactly the limit.
    exact = value.round(6)
    least = limit * policy.floor.on(_day(form)) / 100
    return ibis.cases(
        (~form.judged, None),
        (exact >= limit, "reached"),
        (exact >= least, "near"),
        (exact < least, "below"),
    )


def _count(form: ibis.Table, *levels: str) -> ibis.Value:
    met = [form[name].isin(levels).fill_null(False).cast("int64") for name in _NAMES]
    return sum(met[1:], met[0])
