"""The figures of balanced education: schools that pass, means of indicators, and differences of schools."""

from ibis import _
from ibis.common.deferred import Deferred

from xuezheng.areas.balance.models import EvaluationItem, Facilities, Questionnaire, StageCondition
from xuezheng.areas.balance.procedures.county import SURVEY, assess
from xuezheng.areas.balance.procedures.items import PARTS
from xuezheng.areas.balance.procedures.resources import INDICATORS
from xuezheng.figures import (
    YEAR,
    Assessment,
    Figure,
    Population,
    Ratio,
    RequirementCount,
    Status,
    weighted_cv,
)

BY = ("stage", "school", "urban_rural")
SCHOOLS = Population(StageCondition, YEAR, by=BY)
JUDGED = Population(StageCondition, YEAR, by=BY, where=_.judged)
LEVELS = (
    "degree_level",
    "backbone_level",
    "arts_level",
    "rooms_level",
    "sports_level",
    "equipment_level",
    "media_level",
)


def _mean(label: str, unit: str, column: str) -> Figure:
    """Return the figure of an indicator's mean, weighted by pupils, not by schools."""
    value = ((_[column] * _.pupils).sum() / _.pupils.sum(where=_[column].notnull())).round(2)
    return JUDGED.figure(
        label,
        unit,
        value,
        f"时期所在年度参评学校的{label}，按学生数加权平均，即全县（区）总量除以全县（区）学生数，没有填报的学校不计。",
        related=(column.replace("_per_100", "_level").replace("_per_pupil", "_level"),),
        better="higher",
    )


def _variation(label: str, value: Deferred, extra_column: str) -> Figure:
    return JUDGED.figure(
        f"{label}差异系数",
        "",
        value,
        f"时期所在年度参评学校{label}的校际差异系数，按学生数加权，越小越均衡。",
        by=("stage",),
        related=("school", extra_column, "variation_limit"),
        better="lower",
    )


# Who passes
schools_judged = JUDGED.count(
    "参评学校",
    "所",
    "时期所在年度参评的学校数，一贯制学校的小学部和初中部分别计一所。",
    by=(*BY, *LEVELS),
    related=("reached", "remark"),
)
schools_passing = SCHOOLS.count(
    "综合达标学校",
    "所",
    "时期所在年度参评学校中，达标项数和其余各项都符合要求的学校数。",
    where=_.passes,
    related=("reached", "remark"),
    empty="zero",
    better="higher",
)
passing_rate = Ratio(
    "综合达标学校比例", top="balance.schools_passing", bottom="balance.schools_judged", better="higher"
)
schools_reaching_all = SCHOOLS.count(
    "七项全部达标学校",
    "所",
    "时期所在年度七项指标全部达到标准的参评学校数。",
    where=_.reached == len(LEVELS),
    related=("remark",),
    empty="zero",
    better="higher",
)
pupils_judged = JUDGED.figure("参评学校学生", "人", _.pupils.sum(), "时期所在年度参评学校的在校生数之和。")

# What pupils have on average
degree_per_100 = _mean("每百名学生拥有高于规定学历教师数", "人", "degree_per_100")
backbone_per_100 = _mean("每百名学生拥有县级以上骨干教师数", "人", "backbone_per_100")
arts_per_100 = _mean("每百名学生拥有体育、艺术专任教师数", "人", "arts_per_100")
rooms_per_pupil = _mean("生均教学及辅助用房面积", "平方米", "rooms_per_pupil")
sports_per_pupil = _mean("生均体育运动场馆面积", "平方米", "sports_per_pupil")
media_per_100 = _mean("每百名学生拥有网络多媒体教室数", "间", "media_per_100")
equipment_value = JUDGED.money(
    "教学仪器设备值",
    _.equipment_value,
    "时期所在年度参评学校的教学仪器设备值之和，多学段学校按规定的权重分摊到学段。",
    related=("equipment_level",),
)
equipment_per_pupil = Ratio(
    "生均教学仪器设备值",
    top="balance.equipment_value",
    bottom="balance.pupils_judged",
    unit="元",
    definition="时期所在年度参评学校的教学仪器设备值之和除以在校生数之和。",
    better="higher",
)

# How much schools differ
degree_variation = _variation(
    "每百名学生拥有高于规定学历教师数", weighted_cv(_.degree_per_100, _.pupils), "degree_per_100"
)
backbone_variation = _variation(
    "每百名学生拥有县级以上骨干教师数", weighted_cv(_.backbone_per_100, _.pupils), "backbone_per_100"
)
arts_variation = _variation(
    "每百名学生拥有体育、艺术专任教师数", weighted_cv(_.arts_per_100, _.pupils), "arts_per_100"
)
rooms_variation = _variation(
    "生均教学及辅助用房面积", weighted_cv(_.rooms_per_pupil, _.pupils), "rooms_per_pupil"
)
sports_variation = _variation(
    "生均体育运动场馆面积", weighted_cv(_.sports_per_pupil, _.pupils), "sports_per_pupil"
)
equipment_variation = _variation(
    "生均教学仪器设备值", weighted_cv(_.equipment_each, _.pupils), "equipment_each"
)
media_variation = _variation(
    "每百名学生拥有网络多媒体教室数", weighted_cv(_.media_per_100, _.pupils), "media_per_100"
)

# What the government answers for
schools_with_large_classes = SCHOOLS.count(
    "班额超标学校",
    "所",
    "时期所在年度最大班额超过小学、初中班额上限的参评学校数。",
    where=_.judged & ~_.class_size_kept,
    related=("largest_class",),
    empty="zero",
    better="lower",
)
FACILITIES = Population(Facilities, YEAR, by=("school_kind", "urban_rural"))
oversized_schools = FACILITIES.count(
    "规模超标学校",
    "所",
    "时期所在年度义务教育在校生数超过规模上限的学校数。",
    where=~_.size_kept,
    related=("school", "pupils"),
    empty="zero",
    better="lower",
)
schools_short_of_rooms = FACILITIES.count(
    "音乐、美术专用教室不足学校",
    "所",
    "时期所在年度音乐或美术专用教室少于按班级数应配间数的学校数。",
    where=~_.rooms_kept,
    related=("school", "classes", "music_rooms", "art_rooms"),
    empty="zero",
    better="lower",
)

# What people answered, and what the county has registered of the evaluation
SURVEYS = Population(Questionnaire, YEAR, by=("respondents",))
questionnaires_valid = SURVEYS.figure(
    "有效问卷", "份", _.valid.sum(), "时期所在年度社会认可度调查的有效问卷数之和。"
)
questionnaires_satisfied = SURVEYS.figure(
    "满意问卷", "份", _.satisfied.sum(), "时期所在年度社会认可度调查的满意问卷数之和。"
)
satisfaction_rate = Ratio(
    "问卷调查满意度", top="balance.questionnaires_satisfied", bottom="balance.questionnaires_valid"
)
people_visited = SURVEYS.figure("走访", "人", _.visited.sum(), "时期所在年度社会认可度调查的走访人数之和。")
people_visited_satisfied = SURVEYS.figure(
    "走访满意", "人", _.visited_satisfied.sum(), "时期所在年度社会认可度调查的走访满意人数之和。"
)
visit_satisfaction_rate = Ratio(
    "实地走访满意度", top="balance.people_visited_satisfied", bottom="balance.people_visited"
)
evaluation_items = Population(EvaluationItem, YEAR, by=("item", "result")).count(
    "登记的评估项目", "项", "时期所在年度登记了结果和佐证材料的优质均衡评估项目数。", related=("document",)
)

# The verdict on the county: every requirement, judged from the whole snapshot
_PARTS = {"schools": "学校", "variation": "差异系数"} | PARTS | {SURVEY: "社会认可度"}
evaluation = Assessment(
    "优质均衡认定",
    assess,
    parts=_PARTS,
    policies=[
        f"balance.{name}"
        for name in (
            *(indicator.key for indicator in INDICATORS),
            *("needed", "floor", "variation_limit", "item_limit", "satisfaction"),
        )
    ],
    registers=(StageCondition, Facilities, EvaluationItem, Questionnaire),
    matter="balance.verdict",
)


def _requirements(label: str, status: Status, text: str) -> RequirementCount:
    definition = (
        f"时期所在年度优质均衡的要求中{text}的项数：参评学校按学段各一项，差异系数14项，"
        "政府保障程度、教育质量、一票否决按申报表的序号各一项，社会认可度两项。"
    )
    return RequirementCount(label, evaluation, status, definition)


requirements_met = _requirements("优质均衡达到的要求", Status.MET, "达到")
requirements_not_met = _requirements("优质均衡没有达到的要求", Status.NOT_MET, "没有达到")
requirements_unreported = _requirements("优质均衡没有报告的要求", Status.UNREPORTED, "没有报告，不能判定")
