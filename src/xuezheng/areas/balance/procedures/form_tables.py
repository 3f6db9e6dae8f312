"""Builds the tables Ⅰ to Ⅵ of the national application form (全国义务教育优质均衡发展县申报表), with its headings.

Values have two decimals, coefficients of variation three, and rates in tables Ⅳ and Ⅴ one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from xuezheng.areas.balance.models import Questionnaire
from xuezheng.areas.balance.procedures.county import CountyVerdict
from xuezheng.areas.balance.procedures.items import PARTS, ItemVerdict, by_number
from xuezheng.areas.balance.procedures.resources import INDICATORS
from xuezheng.areas.balance.procedures.verdict import Level, SchoolVerdict
from xuezheng.areas.balance.rules import COMPULSORY
from xuezheng.figures import Status
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Stage
from xuezheng.reports.evaluation import rows_of
from xuezheng.reports.forms import FormTable, Text
from xuezheng.snapshots import Snapshot

_NOT_KEPT = ("人口总数（万人）", "农业人口数（万人）", "乡镇数", "行政村数", "年人均国内生产总值（元）", "年人均地方财政收入（元）", "农民年人均纯收入（元）", "城镇居民年人均可支配收入（元）")  # fmt: skip
_KINDS = {
    "小学（所）": "211",
    "九年一贯制学校（所）": "312",
    "初中（所）": "311",
    "完全中学（所）": "341",
    "十二年一贯制学校（所）": "345",
    "特殊教育学校（所）": "514",
}
_TEACHING_POINT = "218"
_SURVEY = ("issued", "valid", "satisfied", "visited", "visited_satisfied")


def form_tables(county: CountyVerdict, snapshot: Snapshot) -> list[FormTable]:
    """Return the tables of the form for a verdict, in the order of the form."""
    return [
        _about_the_county(county, snapshot),
        _passing_schools(county),
        *(_schools(county, stage) for stage in COMPULSORY if county.judged.of(stage)),
        _variations(county),
        _items(county, "government", "表Ⅳ 政府保障程度"),
        _items(county, "quality", "表Ⅴ 教育质量"),
        _surveys(county, snapshot),
    ]


def _about_the_county(county: CountyVerdict, snapshot: Snapshot) -> FormTable:
    kinds = [row["kind"] for row in snapshot.fetch(snapshot.table("school").select("kind"))]
    points = [form for form in county.resources.schools.values() if form.kind == _TEACHING_POINT]
    large = sum(
        any(each.pupils >= county.standards.fewest for each in form.stages.values()) for form in points
    )
    columns: list[tuple[str, Text]] = [(head, None) for head in _NOT_KEPT]
    columns += [(head, str(kinds.count(kind))) for head, kind in _KINDS.items()]
    columns += [
        ("小学教学点数：计", str(kinds.count(_TEACHING_POINT))),
        (f"其中：{county.standards.fewest}人及以上", str(large)),
    ]
    for head, name in (("教学班数", "classes"), ("在校学生数", "pupils")):
        columns += [(f"{head}：{Stage(stage).label}", _sum(county, stage, name)) for stage in COMPULSORY]
    for stage in COMPULSORY:
        label = Stage(stage).label
        columns += [
            (f"教职工数：{label}合计", None),
            (f"教职工数：{label}专任教师", _sum(county, stage, "all_teachers")),
        ]
    headings, cells = zip(*columns, strict=True)
    notes = (
        f"{'、'.join(_NOT_KEPT)}：系统里没有这些台账，请按统计部门公布的数填写。",
        "教职工数合计：办学条件表只填专任教师，请按教育事业统计填写。",
        *_silence(county),
    )
    return FormTable("表Ⅰ 基本情况", tuple(headings), (tuple(cells),), notes)


def _sum(county: CountyVerdict, stage: str, name: str) -> str:
    forms = [form.stages[stage] for form in county.resources.schools.values() if stage in form.stages]
    return str(sum(getattr(form, name) for form in forms))


def _silence(county: CountyVerdict) -> Iterator[str]:
    if county.silent:
        yield f"{'、'.join(county.silent)}没有填报“分学段办学条件表”，没有计入。"


def _passing_schools(county: CountyVerdict) -> FormTable:
    rows: list[tuple[Text, ...]] = []
    notes = list(_silence(county))
    for stage in COMPULSORY:
        schools = county.judged.of(stage)
        unknown = [school.row.name for school in schools if school.status is Status.UNREPORTED]
        passing = sum(school.status is Status.MET for school in schools)
        if unknown:
            notes.append(f"{'、'.join(unknown)}没有填报齐全，{Stage(stage).label}的达标学校数不能得出。")
        known = bool(schools) and not unknown and not county.silent
        rate = f"{passing * 100 / len(schools):.1f}" if known else None
        rows.append((Stage(stage).label, str(passing) if known else None, rate))
    return FormTable(
        "表Ⅱ-1 学校达标情况", ("学段", "达标学校总数", "达标学校比例（%）"), tuple(rows), tuple(notes)
    )


def _schools(county: CountyVerdict, stage: str) -> FormTable:
    runners = code_list("policy.runner").codes
    headings = (
        "序号", "学校名称", "举办者类型", "在校生数", "年级数", "班级数", *(each.name for each in INDICATORS),
        "该校综合评估是否达标", "备注（注明有哪几项指标达标，哪几项指标达到85%）",
    )  # fmt: skip
    rows = []
    for order, school in enumerate(county.judged.of(stage), start=1):
        form = county.resources.schools[school.row.school]
        reported = form.stages[stage]
        runner = runners[form.runner].label if form.runner in runners else None
        numbers = (reported.pupils, reported.grades, reported.classes)
        rows.append(
            (
                str(order), form.name, runner, *map(str, numbers), *(_two(cell.value) for cell in school.cells),
                {Status.MET: "是", Status.NOT_MET: "否", Status.UNREPORTED: None}[school.status], _remark(school),
            )
        )  # fmt: skip
    silent = [school.row.name for school in county.judged.of(stage) if school.status is Status.UNREPORTED]
    notes = [f"{'、'.join(silent)}没有填报“学校办学条件表”，有关的格空着。"] if silent else []
    label = Stage(stage).label
    return FormTable(f"表Ⅱ-2 {label}校际均衡状况", headings, tuple(rows), (*notes, *_silence(county)))


def _remark(school: SchoolVerdict) -> str:
    """Name the indicators by their level, with their numbers in the form."""
    parts = []
    for level in (Level.REACHED, Level.NEAR, Level.BELOW, Level.UNREPORTED):
        places = [str(place) for place, cell in enumerate(school.cells, start=1) if cell.level is level]
        if places:
            parts.append(f"第{'、'.join(places)}项{level.value}")
    return "；".join(parts)


def _variations(county: CountyVerdict) -> FormTable:
    rows: list[tuple[Text, ...]] = []
    notes = []
    for stage in COMPULSORY:
        each_of = [each for each in county.judged.variations if each.stage == stage]
        label = Stage(stage).label
        known = [each.status is not Status.UNREPORTED and not county.silent for each in each_of]
        means = [_two(each.mean) if sure else None for each, sure in zip(each_of, known, strict=True)]
        values = [
            f"{each.value:.3f}" if sure and each.value is not None else None
            for each, sure in zip(each_of, known, strict=True)
        ]
        rows += [(f"{label}：全县平均值", *means, None), (f"{label}：差异系数", *values, None)]
        if not all(known):
            notes.append(f"{label}有学校没有填报，或没有参评学校，有关的格空着。")
    notes.append("“综合”一栏空着：评估办法按单项差异系数判定，没有规定综合差异系数的算法。")
    headings = ("项目", *(each.name for each in INDICATORS), "综合")
    return FormTable("表Ⅲ 校际差异系数", headings, tuple(rows), (*notes, *_silence(county)))


def _items(county: CountyVerdict, part: str, title: str) -> FormTable:
    rows: list[tuple[Text, ...]] = []
    notes = []
    for number, items in by_number(list(county.items), part):
        for item in items:
            relaxed = "按放宽条件达到" if item.is_relaxed else item.status.value
            unknown = item.status is Status.UNREPORTED
            document = item.registered["document"] if item.registered else None
            rows.append(
                (str(number), item.label, _rate(item), _limit(item), None if unknown else relaxed, document)
            )
            if unknown:
                notes.append(f"{item.label}：{item.reason}")
    headings = ("序号", PARTS[part], "数值", "标准", "是否达到", "佐证材料")
    return FormTable(title, headings, tuple(rows), tuple(notes))


def _rate(item: ItemVerdict) -> Text:
    if item.value is None:
        return None
    return f"{float(item.value):.1f}" if item.unit == "%" else _plain(item.value)


def _limit(item: ItemVerdict) -> str:
    return "" if item.limit is None else _plain(item.limit)


def _plain(value: Fraction) -> str:
    return str(int(value)) if value == int(value) else f"{float(value):.2f}"


def _surveys(county: CountyVerdict, snapshot: Snapshot) -> FormTable:
    headings = (
        "调查对象", "问卷总数：计", "其中：回收有效问卷数：计", "其中：满意问卷数", "问卷调查综合满意度（%）",
        "实地走访人数：计", "其中：满意人数", "实地走访满意度（%）",
    )  # fmt: skip
    groups = code_list("balance.respondent").codes
    rows = [row for row in rows_of(snapshot, Questionnaire) if row["year"] == county.year]
    order = list(groups)
    rows.sort(key=lambda row: order.index(row["respondents"]) if row["respondents"] in groups else len(order))
    lines = [
        _survey_line(
            groups[row["respondents"]].label if row["respondents"] in groups else row["respondents"],
            [row[name] for name in _SURVEY],
        )
        for row in rows
    ]
    total: tuple[Text, ...] = ("合计", *[None] * (len(headings) - 1))
    if rows:
        total = _survey_line("合计", [sum(row[name] for row in rows) for name in _SURVEY])
    notes = () if rows else ("没有登记“社会认可度调查表”。",)
    return FormTable("表Ⅵ 社会认可度", headings, (*lines, total), notes)


def _survey_line(title: str, numbers: Sequence[int]) -> tuple[Text, ...]:
    issued, valid, satisfied, visited, visited_satisfied = numbers
    return (
        title,
        *(str(number) for number in (issued, valid, satisfied)),
        f"{satisfied * 100 / valid:.1f}" if valid else None,
        *(str(number) for number in (visited, visited_satisfied)),
        f"{visited_satisfied * 100 / visited:.1f}" if visited else None,
    )


def _two(value: Fraction | None) -> Text:
    return None if value is None else f"{float(value):.2f}"
