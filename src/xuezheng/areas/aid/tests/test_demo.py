"""The demonstration's aid workbooks bear out the expected figures and the policy of spring 2019."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from xuezheng.areas.aid.demo import EXPECTED, workbooks
from xuezheng.demo.district import district
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Stage
from xuezheng.workbooks.sheet_catalogue import sheet

PHASES = {
    "学前": "preschool",
    "小学": "compulsory",
    "初中": "compulsory",
    "高中": "senior",
    "高校": "university",
}
PROGRAMMES = {
    "registered_poor": "建档立卡学生资助",
    "preschool_poor": "学前教育困难幼儿资助",
    "boarder": "义务教育寄宿生生活费补助",
    "senior_grant": "普通高中国家助学金",
    "senior_tuition_waived": "普通高中免学杂费",
}
#: What schools got in 2019: the free year before school and free vocational tuition came later.
FUNDED = ("义务教育免学杂费", "免费教科书")


def rows(title):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in workbooks() for row in sheets.get(title, ())]


def awards(programme, phase=None, place=None):
    return [
        row
        for row in rows("资助发放名单")
        if row["programme"] == PROGRAMMES[programme]
        and phase in (None, PHASES[row["stage"]])
        and place in (None, place_of(row["study_division"]))
    ]


def listed(phase=None, place=None):
    """The rows of the poverty register; those without a place elsewhere are of pupils of the district."""
    return [
        row
        for row in rows("外部名单")
        if row["category"] == "建档立卡"
        and phase in (None, PHASES[row["stage"]])
        and place in (None, place_of(row["study_division"] or "990101"))
    ]


def place_of(division):
    if division == "990101":
        return "district"
    return "province" if division.startswith("99") else "outside"


def total(records):
    return sum(Decimal(row["amount"]) for row in records)


def value_of(figure, where):
    """Work a figure out from the rows as submitted, without the engine."""
    name = figure.removeprefix("aid.")
    if name == "listed_rows":
        return len(listed(where.get("phase_of_study"), where.get("place_of_study")))
    if name == "livelihood_projects":
        return len(rows("民生工程项目"))
    if name == "tuition_waived_pupils":
        return len(district().enrolled("小学", "初中"))
    if name in ("tuition_waived_amount", "textbooks_amount"):
        programme = "义务教育免学杂费" if name.startswith("tuition") else "免费教科书"
        return total(row for row in rows("资金分配表") if row["programme"] == programme)
    programme, _, measure = name.rpartition("_")
    if measure == "rate":
        award_rows = awards(programme.removesuffix("_paid"))
        return 100 * sum(row["paid_on"] is not None for row in award_rows) // len(award_rows)
    award_rows = awards(programme, **where)
    return total(award_rows) if measure == "amount" else len({row["person.id_number"] for row in award_rows})


@pytest.mark.parametrize("line", EXPECTED, ids=lambda line: f"{line.figure} {line.slice}")
def test_rows_bear_out_the_expected_figure(line):
    assert value_of(line.figure, line.slice) == line.value


def test_every_aid_figure_of_the_report_is_expected():
    assert len(EXPECTED) == 56
    assert Counter(line.figure for line in EXPECTED)["aid.registered_poor_pupils"] == 14


def test_every_row_has_the_columns_of_its_sheet_and_known_labels():
    for title in ("困难学生认定名单", "资助发放名单", "资金分配表", "民生工程项目"):
        assert rows(title)
    assert {row["programme"] for row in rows("资助发放名单")} == set(PROGRAMMES.values())
    assert {row["stage"] for row in rows("资助发放名单")} == set(Stage.labels)
    assert {row["tier"] for row in rows("资助发放名单")} == {None, *code_list("aid.tier").by_label}
    assert {row["programme"] for row in rows("资金分配表")} == set(FUNDED)
    assert {row["category"] for row in rows("困难学生认定名单")} <= code_list(
        "policy.hardship"
    ).by_label.keys()


def test_awards_to_pupils_of_the_district_agree_with_the_school_register():
    pupils = {pupil.person.id_number: pupil for pupil in district().enrolled("学前", "小学", "初中", "高中")}
    for row in rows("资助发放名单"):
        pupil = pupils.get(row["person.id_number"])
        if row["school.code"] is None:
            assert pupil is None
            assert place_of(row["study_division"]) != "district"
            continue
        assert (row["person.name"], row["stage"]) == (pupil.person.name, pupil.stage)
        assert (row["school.code"], row["school_name"]) == (pupil.school.code, pupil.school.name)
        assert (row["study_division"], row["boarding"]) == ("990101", pupil.boarding)


def test_nobody_is_paid_twice_and_all_within_the_term():
    paid_rows = rows("资助发放名单")
    assert len({(row["person.id_number"], row["programme"]) for row in paid_rows}) == len(paid_rows)
    for row in paid_rows:
        assert date(2019, 3, 20) <= date.fromisoformat(row["paid_on"]) <= date(2019, 6, 25)


def test_registered_poor_are_registered_in_the_district_and_in_no_other_programme_of_their_stage():
    registered = {row["person.id_number"] for row in awards("registered_poor")}
    in_force = {
        row["person.id_number"]: row["person.household_division"]
        for row in rows("困难学生认定名单")
        if row["category"] == "建档立卡" and row["ends_on"] is None
    }
    assert set(in_force) == registered
    assert set(in_force.values()) == {"990101"}
    for programme in ("preschool_poor", "boarder"):
        assert not registered & {row["person.id_number"] for row in awards(programme)}


def test_everyone_aided_has_a_recognised_hardship():
    recognised = rows("困难学生认定名单")
    assert {row["person.id_number"] for row in rows("资助发放名单")} == {
        row["person.id_number"] for row in recognised
    }
    keys = [(row["person.id_number"], row["category"], row["starts_on"]) for row in recognised]
    assert len(set(keys)) == len(keys)


def test_amounts_of_spring_2019():
    stages = Counter((row["programme"], row["stage"], row["amount"]) for row in rows("资助发放名单"))
    assert stages[PROGRAMMES["registered_poor"], "小学", "500"] == 170
    assert stages[PROGRAMMES["registered_poor"], "初中", "625"] == 98
    assert stages[PROGRAMMES["boarder"], "小学", "500"] == 105
    assert stages[PROGRAMMES["boarder"], "初中", "625"] == 95
    tiers = Counter((row["tier"], row["amount"]) for row in awards("senior_grant"))
    assert tiers == {("一档", "1500"): 57, ("二档", "1000"): 121, ("三档", "500"): 40}
    grades = {school.code: school.senior_grade for school in district().schools}
    fees = Counter((grades[row["school.code"]], row["amount"]) for row in awards("senior_tuition_waived"))
    assert fees == {("市示范高中", "700"): 21, ("一般高中", "350"): 11}
    waived = {row["person.id_number"] for row in awards("senior_tuition_waived")}
    seniors = {row["person.id_number"] for row in awards("registered_poor", "senior", "district")}
    assert len(seniors) == 9
    assert seniors < waived


def test_each_compulsory_school_gets_its_share_of_the_funds():
    schools = {pupil.school.code for pupil in district().enrolled("小学", "初中")}
    keys = [(row["school.code"], row["programme"]) for row in rows("资金分配表")]
    assert sorted(keys) == sorted((code, programme) for code in schools for programme in FUNDED)
    assert all(Decimal(row["amount"]) > 0 for row in rows("资金分配表"))
