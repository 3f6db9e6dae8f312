"""The section's workbooks of the demonstration bear out the expected figures."""

from collections import Counter

from xuezheng.areas.activities.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.demo.district import district
from xuezheng.records.code_lists import code_list
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def value_of(figure, where):
    """Work a figure out from the rows as submitted, without the engine."""
    if figure == "edition":
        label = code_list("activities.contest").codes[where["event"]].label
        return max(int(row["number"]) for row in rows("赛事活动台账") if row["event"] == label)
    if figure == "pupils_awarded":
        return len({row["person.id_number"] for row in rows("获奖名单") if row["level"] == "市级"})
    place = {row["title"]: row["destination"] for row in rows("交流互访台账")}
    label = code_list("activities.visit_place").codes[where["destination"]].label
    return sum(place[row["visit.title"]] == label for row in rows("交流人员名单"))


def test_rows_bear_out_the_expected_figures():
    for line in EXPECTED:
        assert value_of(line.figure.removeprefix("activities."), line.slice) == line.value
    assert len(EXPECTED) == 6


def test_every_school_has_a_plot():
    schools = {school.code for school in district().schools if school.kind != "幼儿园"}
    assert {row["school.code"] for row in rows("劳动实践基地台账")} == schools


def test_nobody_wins_twice_in_a_contest_or_goes_twice_on_a_visit():
    for books in (workbooks, autumn_workbooks):
        won = Counter((row["person.id_number"], row["contest"]) for row in rows("获奖名单", books))
        went = Counter(
            (row["person.id_number"], row["visit.title"], row["visit.day"])
            for row in rows("交流人员名单", books)
        )
        assert set(won.values()) == set(went.values()) == {1}


def test_the_second_half_year_has_events_of_its_own():
    first, second = (
        {row["event"] for row in rows("赛事活动台账", books)} for books in (workbooks, autumn_workbooks)
    )
    assert not first & second


def test_every_row_has_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}
