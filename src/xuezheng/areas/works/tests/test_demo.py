"""The demonstration's ledgers of works bear out the expected figures, and go on from summer to winter."""

from collections import Counter

from xuezheng.areas.works.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def reached(books=workbooks):
    """The steps that each project has reached."""
    steps = {row["code"]: set() for row in rows("建设项目台账", books)}
    for row in rows("项目节点表", books):
        if row["real_on"]:
            steps[row["project.code"]].add(row["step"])
    return steps


def test_rows_bear_out_the_expected_figures():
    steps = reached()
    repairs = {row["code"] for row in rows("建设项目台账") if row["kind"] == "校舍维修"}
    figures = {
        "works.projects": sum("交付使用" in project for project in steps.values()),
        "works.exam_centres_finished": sum(
            "2019-01-01" <= row["finished_on"] <= "2019-06-30" and row["used_since"] is not None
            for row in rows("标准化考点台账")
        ),
        "works.smart_campus_schools": len(
            {
                row["school.code"]
                for row in rows("智慧校园应用台账")
                if row["application"] == "智慧校园综合平台"
            }
        ),
        "works.repairs_under_way": sum(steps[code] == {"招标完成", "开工"} for code in repairs),
    }
    assert {line.figure: line.value for line in EXPECTED} == figures
    assert {line.figure: line.text for line in EXPECTED}["works.smart_campus_schools"] == "2所"


def test_the_kindergarten_and_the_repairs_are_delivered_before_the_autumn_term():
    delivered = {
        row["project.code"]: row["real_on"]
        for row in rows("项目节点表", autumn_workbooks)
        if row["step"] == "交付使用" and row["real_on"]
    }
    assert delivered["FS2018"] <= "2019-08-31"
    assert sum("2019-07-01" <= day <= "2019-08-31" for code, day in delivered.items() if "WX" in code) == 4


def test_winter_takes_nothing_back_that_summer_knew():
    before, after = reached(), reached(autumn_workbooks)
    assert before.keys() < after.keys()
    assert all(steps <= after[code] for code, steps in before.items())


def test_every_project_has_each_step_once_and_every_row_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        steps = Counter(row["project.code"] for row in rows("项目节点表", books))
        assert steps == dict.fromkeys((row["code"] for row in rows("建设项目台账", books)), 4)
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}
