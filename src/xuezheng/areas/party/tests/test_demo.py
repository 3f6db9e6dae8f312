"""The demonstration's party workbooks bear out the expected figures, row by row."""

from collections import Counter

import pytest

from xuezheng.areas.party.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.core.number_text import typed_number
from xuezheng.demo.staff import autumn_staff, staff
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


def scores(title, low, high):
    return sum(low <= float(row["score"]) < high for row in rows(title))


def joined(title):
    return [row for row in rows(title) if row["founded_on"] and row["founded_on"] >= "2019"]


COUNTS = {
    "party.joint_branches_founded": lambda: len(joined("党组织名册")),
    "party.rated_organisations stars=5": lambda: scores("党组织评星表", 95, 200),
    "party.rated_organisations stars=4": lambda: scores("党组织评星表", 90, 95),
    "party.rated_organisations stars=3": lambda: scores("党组织评星表", 80, 90),
    "party.graded_members grade=pioneer": lambda: scores("党员评定表", 90, 200),
    "party.graded_members grade=qualified": lambda: scores("党员评定表", 60, 90),
    "party.graded_members grade=warned": lambda: scores("党员评定表", 0, 60),
    "party.branch_elections_guided": lambda: sum(row["guided"] == "是" for row in rows("换届选举表")),
    "party.prospective_members": lambda: sum(
        (row["prospect_on"] or "") >= "2019" for row in rows("发展党员表")
    ),
    "party.trainings": lambda: len(rows("培训活动")),
    "party.platform_coverage": lambda: coverage(workbooks, private=False),
    "party.essays_awarded": lambda: sum("征文" in row["contest"] for row in rows("获奖名单")),
}


def coverage(books, private):
    kindergartens = {
        member.school.code for member in staff() if member.school and member.school.runner == "民办"
    }
    listed = [
        row for row in rows("学习平台使用表", books) if private or row["school.code"] not in kindergartens
    ]
    everybody = {row["person.id_number"] for row in listed}
    users = {row["person.id_number"] for row in listed if row["days"] != "0"}
    return 100 * len(users) / len(everybody)


@pytest.mark.parametrize("line", EXPECTED, ids=lambda line: f"{line.figure} {line.slice}")
def test_rows_bear_out_the_expected_figure(line):
    name = " ".join([line.figure, *(f"{key}={value}" for key, value in line.slice.items())])
    assert COUNTS[name]() == line.value


def test_every_figure_of_the_report_is_expected():
    assert len(EXPECTED) == 12


@pytest.mark.parametrize("books", [workbooks, autumn_workbooks])
def test_every_row_has_the_columns_of_its_sheet_and_notes_hold_no_counts(books):
    for name, sheets in books():
        assert "20" <= name[:2] <= "24"
        for title, sheet_rows in sheets.items():
            assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}, title
    assert not any(typed_number(row["text"]) for row in rows("工作纪实", books))


def test_all_staff_are_listed_each_month_and_the_private_ones_come_onto_the_platform_in_autumn():
    spring, autumn = rows("学习平台使用表"), rows("学习平台使用表", autumn_workbooks)
    assert set(Counter(row["month"] for row in spring).values()) == {len(staff())}
    assert set(Counter(row["month"] for row in autumn).values()) == {len(autumn_staff())}
    assert len(spring + autumn) < 8000
    assert coverage(workbooks, private=True) < 100
    assert coverage(autumn_workbooks, private=True) == 100


def test_each_secretary_is_the_head_of_a_school_of_the_branch_and_a_member():
    school_heads = {
        member.person.id_number: member.school.code for member in staff() if member.post == "校（园）长"
    }
    schools = Counter(row["school.code"] for row in rows("党组织所属学校"))
    assert set(schools.values()) == {1}
    belongs = {row["school.code"]: row["organisation.name"] for row in rows("党组织所属学校")}
    branches = [row for row in rows("党组织名册") if row["name"] in set(belongs.values())]
    assert len(branches) == 17
    for row in branches:
        assert belongs[school_heads[row["secretary.id_number"]]] == row["name"]
    members = [row["person.id_number"] for row in rows("党员名册")]
    assert len(set(members)) == len(members) == 312
