"""The templates and mappings proposed for foreign layouts are those that a person would choose."""

import pytest
from tests.intake.foreign_layouts import FROZEN, OTHER, SCHOOL, TUNED, people, write
from tests.intake.office_layouts import OFFICES, SYSTEMS, households

from xuezheng.workbooks.layouts.described import describe, propose_all
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.reader import read_workbook

KNOWN = References(
    {SCHOOL: "3134990001", OTHER: "3434990002", "云岭幼儿园": "1134990003"}, {"云岭区": "349900"}
)


def proposed(layout, folder):
    """The first proposal for a layout as the command prints it, with its template, and how many columns are right of how many."""
    name, sheets, template, expected = layout()
    path = folder / name
    write(path, sheets)
    described = [describe(*pair) for pair in propose_all(read_workbook(path), name, KNOWN)]
    assert described, name
    mapping = described[0]["mapping"]
    headings = mapping.keys() | expected.keys()
    wrong = {h: (mapping.get(h), expected.get(h)) for h in headings if mapping.get(h) != expected.get(h)}
    return described, template, wrong, len(headings)


@pytest.mark.parametrize(
    "half", [TUNED, FROZEN, SYSTEMS, OFFICES], ids=["tuned", "frozen", "systems", "offices"]
)
def test_templates_and_columns_are_right(half, tmp_path):
    templates = right = columns = 0
    report = []
    for layout in half:
        described, template, wrong, size = proposed(layout, tmp_path)
        templates += all(sheet["template"] == template for sheet in described)
        right, columns = right + size - len(wrong), columns + size
        report.append((layout.__name__, [sheet["template"] for sheet in described], wrong))
    report = "\n".join(map(str, report))
    print(report, templates, right, columns)
    assert templates >= len(half) - 1, report
    assert right >= 0.9 * columns, report


def described(folder, name, rows, areas=()):
    """What is proposed for the tables of one sheet."""
    write(folder / name, [("Sheet1", rows, list(areas))])
    return [describe(*pair) for pair in propose_all(read_workbook(folder / name), name, KNOWN)]


def test_two_tables_below_each_other_are_two_though_the_second_has_more_columns(tmp_path):
    rows = [["一、应急演练"], ["学校", "演练时间", "演练类型", "参加人数", "疏散用时（秒）"], [SCHOOL, "2025-03-05", "消防", "320", "150"],
            [SCHOOL, "2025-04-05", "防震", "310", "140"], [""], ["二、安全隐患"],
            ["学校", "排查日期", "隐患类别", "隐患等级", "隐患描述", "责任人", "整改期限"],
            [SCHOOL, "2025-03-01", "消防设施", "一般", "灭火器过期", "王一", "2025-03-10"]]  # fmt: skip
    tables = described(tmp_path, "安全工作.xlsx", rows)
    assert [(table["template"], table["rows"]) for table in tables] == [
        ("应急演练表", 2),
        ("安全隐患台账", 1),
    ]


def test_marks_with_a_rank_beside_each_are_marks_of_each_subject(tmp_path):
    rows = [["云岭学校2025-2026学年第一学期期中七年级成绩", *[""] * 8], ["班级", "姓名", "语文", "", "数学", "", "英语", "", "总分"],
            ["", "", "分数", "名次", "分数", "名次", "分数", "名次", ""]]  # fmt: skip
    rows += [
        ["七（1）班", name, "90", str(order), "95", str(order), "88", str(order), "273"]
        for order, (name, *_) in enumerate(people(), 1)
    ]
    areas = [(0, 0, 0, 8), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 1, 7), (1, 0, 2, 0), (1, 1, 2, 1), (1, 8, 2, 8)]
    [table] = described(tmp_path, "七年级期中.xlsx", rows, areas)
    assert table["template"] == "考试成绩表"
    assert table["mapping"] == {
        "班级": "班级名称",
        "姓名": "姓名",
        "分数": "分数",
        "数学/分数": "分数",
        "英语/分数": "分数",
    }


def test_rows_that_name_a_class_between_the_pupils_give_the_class(tmp_path):
    rows = [
        [f"{SCHOOL}三年级学生名单", *[""] * 5],
        ["序号", "姓名", "性别", "身份证号", "学籍号", "是否住校"],
    ]
    pupils = people(8)
    for number in (1, 2):
        rows.append([f"三（{number}）班", *[""] * 5])
        rows += [
            [str(i), n, s, c, f"G{c}", "否"]
            for i, (n, s, _, c) in enumerate(pupils[number * 4 - 4 : number * 4], 1)
        ]
    [table] = described(tmp_path, "名单.xlsx", rows, [(0, 0, 0, 5)])
    assert (table["template"], table["rows"]) == ("学生名册", 8)
    assert not any("班级名称" in question for question in table["questions"])


def test_a_number_of_households_is_not_the_number_of_rows(tmp_path):
    [table] = described(tmp_path, "乡村振兴局.xlsx", households(6, SCHOOL, "2021年3月1日"))
    assert table["template"] == "外部名单"
    assert "序号" in table["unused"]
