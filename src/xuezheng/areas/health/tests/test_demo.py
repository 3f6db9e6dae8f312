"""The schools' returns of the demonstration bear out the expected figures."""

from collections import Counter
from datetime import date

import pytest

from xuezheng.areas.health.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def test_rows_bear_out_the_expected_figures():
    province = {row[1] for _, sheets in workbooks() for row in sheets.get("培训活动", ()) if row[5] == "省级"}
    assert {line.figure.removeprefix("health."): line.value for line in EXPECTED} == {
        "nutrition_amount": 4 * sum(int(row["meals"]) for row in rows("营养改善供餐台账")),
        "nutrition_pupils": len({row["person.id_number"] for row in rows("营养改善学生名单")}),
        "writing_contest_pupils": len({row["person.id_number"] for row in rows("规范书写比赛名单")}),
        "psychology_trained": len(
            {row["person.id_number"] for row in rows("参训人员") if row["training.title"] in province}
        ),
        "counselling_cases": len(rows("个案咨询登记")),
    }


@pytest.mark.parametrize(("books", "days"), [(workbooks, 105), (autumn_workbooks, 83)])
def test_meals_are_served_on_school_days_to_no_more_pupils_than_are_on_the_list(books, days):
    listed = Counter(row["school.code"] for row in rows("营养改善学生名单", books))
    served = rows("营养改善供餐台账", books)
    assert len({row["day"] for row in served}) == days
    for row in served:
        day = date.fromisoformat(row["day"])
        assert day.weekday() < 5 or row["day"] in {"2019-04-28", "2019-05-05", "2019-09-29", "2019-10-12"}
        assert int(row["pupils"]) <= listed[row["school.code"]]
        assert int(row["pupils"]) <= int(row["meals"]) <= 2 * int(row["pupils"])


def test_a_pupil_screened_twice_sees_no_better_the_second_time_without_a_lens():
    first = {row["person.id_number"]: row for row in rows("视力筛查登记表")}
    again = rows("视力筛查登记表", autumn_workbooks)
    pairs = [(first[row["person.id_number"]], row) for row in again if row["person.id_number"] in first]
    assert len(pairs) > 1500
    better = [
        (before, after)
        for before, after in pairs
        if after["glasses"] != "夜戴角膜塑形镜"
        and before["sphere_right"] and after["sphere_right"]
        and float(after["sphere_right"]) > float(before["sphere_right"])
    ]  # fmt: skip
    assert len(better) < len(pairs) // 20


def test_every_row_has_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}
