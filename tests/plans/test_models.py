"""What a plan may say, and what is refused with a sentence."""

from datetime import date

import pytest

from xuezheng.plans.models import PlanItem, Target

ITEM = {
    "planned_for": "2019H2",
    "number": 1,
    "title": "党的建设",
    "section": "overview",
    "due_on": date(2019, 12, 31),
    "measures": "按云教〔2019〕5号落实，2019年9月启动。",
}
TARGET = {
    "title": "班级数",
    "section": "enrolment",
    "due_on": date(2019, 12, 31),
    "figure": "enrolment.classes",
    "operator": "at_most",
    "value": 2,
}


def test_an_item_with_days_and_document_numbers_is_right():
    assert list(PlanItem(**ITEM).faults()) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"planned_for": "2019上"}, "planned_for", "无法识别时期"),
        ({"planned_for": "2019春"}, "planned_for", "计划按半年编制"),
        ({"measures": "逐项落实"}, "measures", "以句号“。”结尾"),
        ({"measures": "学生数控制在1500人以内。"}, "measures", "“1500”不是日期或文号"),
        ({"title": "建设3所学校"}, "title", "“3”不是日期或文号"),
        ({"started_on": date(2019, 9, 2), "finished_on": date(2019, 9, 1)}, "finished_on", "早于"),
    ],
)
def test_what_an_item_may_not_say_is_told_at_its_field(fields, field, sentence):
    assert sentence in dict(PlanItem(**{**ITEM, **fields}).faults())[field]


@pytest.mark.parametrize("slice", ["", "stage=primary", "stage=primary;size=usual"])
def test_a_target_names_a_figure_and_parts_by_which_it_can_be_divided(slice):
    assert list(Target(**TARGET, slice=slice).faults()) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"figure": "enrolment.klasses"}, "figure", "相近的有：enrolment.classes"),
        ({"slice": "phase=primary"}, "slice", "可用：stage"),
        ({"slice": "stage"}, "slice", "应写作“名称=值”"),
        ({"figure": "enrolment.schools", "school_id": 1}, "school", "不能按学校看"),
        ({"title": "不超过1500人"}, "title", "请填在“目标值”"),
    ],
)
def test_what_a_target_may_not_say_is_told_at_its_field(fields, field, sentence):
    assert sentence in dict(Target(**{**TARGET, **fields}).faults())[field]
