"""The cells of the statistical tables against a count by hand, and the tables through a workbook and back."""

import pytest
from tests.statistics.conftest import OTHER, SCHOOL

from xuezheng.records.models import School, Term
from xuezheng.statistics.cells import counting_day, fill
from xuezheng.statistics.checks import check
from xuezheng.statistics.declarations import statistical_tables
from xuezheng.statistics.workbook import read_table, write_table
from xuezheng.workbooks.problems import WorkbookRefused


def test_the_cells_are_those_counted_by_hand(snapshot):
    filled = fill(statistical_tables()["教基3112"], snapshot, counting_day(2018))
    numbers = filled.numbers
    # On 1 September 2018: all but the last, who left the day before.
    assert [numbers["01", str(column)] for column in (2, 7, 8, 9, 10, 11, 12, 13, 14, 15)] == [
        2,
        6,
        3,
        3,
        2,
        0,
        0,
        0,
        1,
        1,
    ]
    assert [numbers["02", str(column)] for column in (2, 7, 8, 9)] == [1, 3, 3, 2]
    assert [numbers["05", str(column)] for column in (2, 7, 8, 9)] == [0, 2, 1, 1]
    assert filled.cells["01", "3"].missing == "台账没有登记学前教育经历"
    assert filled.cells["03", "7"].missing == "2018年9月1日没有登记少数民族学生"
    assert filled.cells["04", "7"].missing == "台账没有登记复式班"
    assert filled.cells["01", "1"].missing == "2017-2018学年没有登记毕业学生"
    # One repeats the first grade, so that entrants are not all of it.
    assert [str(each.rule) for each in check(filled.table, numbers) if each.holds is False] == [
        "2 = 9",
        "2 = 9",
        "2 = 9",
    ]


def test_groups_are_those_who_belong_on_the_counting_day(grouped):
    filled = fill(statistical_tables()["教基3112"], grouped, counting_day(2018))
    # Entrants, all, girls, grades 1, 2 and 6.
    columns = ("2", "7", "8", "9", "10", "14")
    assert {row: [filled.numbers[row, column] for column in columns] for row in ("03", "06", "07", "12")} == {
        "03": [0, 1, 1, 0, 1, 0],
        "06": [1, 2, 1, 2, 0, 0],
        "07": [1, 1, 0, 1, 0, 0],
        "12": [0, 1, 0, 0, 0, 1],
    }
    assert [filled.numbers[row, "7"] for row in ("08", "09", "10", "11")] == [1, 2, 1, 1]
    broken = [each for each in check(filled.table, filled.numbers) if each.holds is False]
    assert {str(each.rule) for each in broken} == {"2 = 9"}  # who repeats the first grade
    [answer] = filled.cells["10", "7"].answers
    assert answer.figure == "enrolment.migrant_pupils"
    # Seven entered, two left and one graduated.
    assert grouped.table("enrolment_groupmembership").count().execute() == 10


def test_graduates_of_a_group_are_none_only_where_the_group_is_known(grouped):
    cells = fill(statistical_tables()["教基3112"], grouped, counting_day(2019)).cells
    assert [cells[row, "1"].value for row in ("01", "12", "06")] == [1, 1, 0]
    assert cells["03", "1"].missing == "2018-2019学年没有登记少数民族学生"
    assert cells["03", "7"].missing == "2019年9月1日没有登记少数民族学生"
    assert cells["06", "7"].value == 3
    seniors = fill(statistical_tables()["教基3118"], grouped, counting_day(2019)).cells
    assert [seniors[row, column].value for row in ("01", "06") for column in ("1", "3")] == [0, 0, 0, 0]


def test_ages_are_counted_on_the_last_of_august(snapshot):
    numbers = fill(statistical_tables()["教基3113"], snapshot, counting_day(2018)).numbers
    by_age = {row.title: numbers[row.code, "2"] for row in statistical_tables()["教基3113"].rows}
    assert {title: count for title, count in by_age.items() if count} == {
        "总计": 6, "5岁及以下": 1, "6岁": 1, "7岁": 2, "8岁": 1, "11岁": 1,
    }  # fmt: skip


def test_a_table_of_one_school(snapshot):
    table = statistical_tables()["教基3112"]
    school, empty = (School.objects.get(code=code) for code in (SCHOOL, OTHER))
    assert fill(table, snapshot, counting_day(2018), school).numbers["01", "7"] == 6
    assert fill(table, snapshot, counting_day(2018), empty).numbers["01", "7"] == 0


@pytest.mark.parametrize(
    ("start", "day"), [("2018-08-24", 1), ("2018-08-25", 25), ("2018-09-10", 10), ("2018-09-11", 1)]
)
def test_the_counting_day_is_the_first_of_the_term(db, start, day):
    Term.objects.create(code="2018秋", starts_on=start, ends_on="2019-01-25")
    assert counting_day(2018).day == day


def test_a_table_goes_through_a_workbook_and_back(snapshot, tmp_path):
    filled = fill(statistical_tables()["教基3112"], snapshot, counting_day(2018))
    write_table(filled, tmp_path / "表.xlsx")
    assert read_table(filled.table, tmp_path / "表.xlsx", "表.xlsx") == filled.numbers
    with pytest.raises(WorkbookRefused, match="没有教基3115"):
        read_table(statistical_tables()["教基3115"], tmp_path / "表.xlsx", "表.xlsx")


def test_a_cell_that_is_no_number_is_refused_with_its_place(raw_workbook):
    table = statistical_tables()["教基3113"]
    head = ["甲", "乙", *(column.code for column in table.columns)]
    with pytest.raises(WorkbookRefused, match="第2行第2栏“约30”不是整数"):
        read_table(table, raw_workbook({"小学": [head, ["总计", "01", "5", "约30"]]}), "表.xlsx")
    numbers = read_table(table, raw_workbook({"小学": [head, ["总计", "1", "5", "", "1,030"]]}), "表.xlsx")
    assert numbers == {("01", "1"): 5, ("01", "3"): 1030}
