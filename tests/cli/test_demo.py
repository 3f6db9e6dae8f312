"""The demonstration district, through the command line as a user has it."""

import json
import re
from decimal import Decimal

import openpyxl
import pytest

from xuezheng import registry
from xuezheng.workbooks import sheet_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

# Registered poor pupils and yuan of spring 2019, by phase and place.
POOR = {
    (): (350, 215250),
    ("senior",): (26, 39000),
    ("senior", "district"): (9, 13500),
    ("senior", "province"): (16, 24000),
    ("senior", "outside"): (1, 1500),
    ("compulsory",): (268, 146250),
    ("compulsory", "district"): (159, 86500),
    ("compulsory", "province"): (104, 56875),
    ("compulsory", "outside"): (5, 2875),
    ("preschool",): (54, 27000),
    ("preschool", "district"): (34, 17000),
    ("preschool", "province"): (18, 9000),
    ("preschool", "outside"): (2, 1000),
    ("university",): (2, 3000),
    ("university", "outside"): (2, 3000),
}
IDENTITY = re.compile(r"提交(\d+) = 新增(\d+) \+ 修改(\d+) \+ 未变(\d+) \+ 退回(\d+)")


def test_the_demo_tells_the_identity_of_each_sheet_and_reproduces_every_expected_figure(demo):
    _, printed = demo
    counts = [[int(number) for number in found] for found in IDENTITY.findall(printed)]
    assert {
        title for title in sheet_catalogue.sheets() if f"  {title}：" in printed
    } == sheet_catalogue.sheets().keys()
    assert all(submitted == sum(parts) for submitted, *parts in counts)
    assert sum(rejected for *_, rejected in counts) == 0
    expected = sum(len(getattr(area, "EXPECTED", ())) for area in registry.modules("demo").values())
    assert f"{expected}项预期指标全部重现（all expected figures reproduced）" in printed
    assert re.search(r"2019H1：快照.*；报告（\d+个数）：.*\.docx", printed)


def test_the_demo_that_is_there_is_only_checked(demo):
    run, _ = demo
    again = run("demo")
    assert again.returncode == 0
    assert not IDENTITY.search(again.stdout)
    assert "项预期指标全部重现" in again.stdout


def test_the_check_fails_on_a_difference(demo, demo_home, tmp_path):
    run, _ = demo
    snapshots = {path.name for path in (demo_home / "snapshots").iterdir()}
    wrong = tmp_path / "错.xlsx"
    made = run("template", "民生工程项目", "-o", str(wrong))
    assert made.returncode == 0
    _fill(wrong, ["第四项工程", "云教〔2019〕99号", "2019-03-20"])
    assert run("import", str(wrong)).returncode == 0
    assert run("freeze", "--day", "2019-07-06").returncode == 0
    checked = run("demo")
    assert checked.returncode == 1
    assert "aid.livelihood_projects" in checked.stdout
    assert "应为3项，现为4项" in checked.stdout
    for path in (demo_home / "snapshots").iterdir():
        if path.name not in snapshots:
            assert run("snapshot", "withdraw", path.name, "--why", "核对用").returncode == 0


def _fill(path, row):
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append(row)
    book.save(path)


@pytest.mark.parametrize(
    ("figure", "place"), [("aid.registered_poor_pupils", 0), ("aid.registered_poor_amount", 1)]
)
def test_figures_by_phase_and_place_are_the_seed_table(demo, figure, place):
    run, _ = demo
    printed = run("figures", figure, "--period", "2019H1", "--by", "phase,place", "--json").stdout
    answers = json.loads(printed)
    assert {tuple(a["slice"].values()): a["value"] for a in answers} == {k: v[place] for k, v in POOR.items()}
    assert set(answers[0]) == {"figure", "label", "unit", "slice", "value", "text"}


def test_rows_add_up_to_their_figure(demo):
    run, _ = demo
    asked = ("--period", "2019H1", "--where", "phase=compulsory,place=province", "--json")
    rows = json.loads(run("rows", "aid.registered_poor_amount", *asked).stdout, parse_float=Decimal)
    assert len(rows) == len({row["person"] for row in rows}) == 104
    assert sum(row["amount"] for row in rows) == 56875
    assert all(row["amount"] == row["registered_poor_due"] for row in rows)


def test_every_figure_is_told_and_rows_that_cannot_be_judged_are_counted(demo):
    run, _ = demo
    printed = run("figures", "--period", "2019H1").stdout
    assert "aid.senior_tuition_waived_amount" in printed
    assert "1.855万元" in printed
    undecided = [line.split()[0] for line in printed.splitlines() if "因缺项无法判断" in line]
    # Pupils of whom the screening lacks an eye.
    assert undecided
    assert all(key.startswith("health.") for key in undecided)


def test_the_plan_of_autumn_tells_states_worked_out_from_figures(demo):
    run, _ = demo
    items = json.loads(run("plan", "--period", "2019H2", "--json").stdout)
    assert [item["number"] for item in items] == list(range(1, 12))
    targets = {target["title"]: target for item in items for target in item["targets"]}
    assert targets["岩寺小学学生数"] == {
        "title": "岩寺小学学生数",
        "section": registry.areas()["enrolment"].section,
        "due_on": "2020-09-01",
        "figure": "enrolment.pupils",
        "slice": targets["岩寺小学学生数"]["slice"],
        "operator": "at_most",
        "target": 1500,
        "value": 1586,
        "state": "推进中",
    }
    assert targets["秋季建档立卡资助金应发尽发"]["state"] == "已完成"
    assert targets["秋季建档立卡学生资助不漏一人"]["state"] == "已逾期"
    assert "教育扶贫" in run("plan", "--period", "2019H2").stdout


def test_a_report_of_a_period_without_data_says_what_it_left_out(demo, tmp_path):
    run, _ = demo
    written = run("report", "half_year", "--period", "2018H1", "-o", str(tmp_path / "r.docx"))
    assert written.returncode == 0
    assert "没有数据，相关句子未写入" in written.stdout
    assert (tmp_path / "r.docx").exists()


def test_the_doctor_finds_a_flipped_byte(demo, demo_home):
    run, _ = demo
    assert run("doctor").returncode == 0
    path = next((demo_home / "snapshots").glob("2019-07-05-*/aid_award.parquet"))
    whole = path.read_bytes()
    path.chmod(0o644)
    try:
        path.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
        examined = run("doctor")
        assert examined.returncode == 1
        assert "aid_award.parquet" in examined.stdout
    finally:
        path.write_bytes(whole)
        path.chmod(0o444)


@pytest.mark.parametrize(("period", "unaided"), [("2019H1", "0人"), ("2019H2", "1人")])
def test_the_poverty_register_is_reconciled_whole_and_tells_whom_aid_missed(demo, period, unaided):
    run, _ = demo
    keys = ("aid.registered_poor_unaided", "aid.registered_poor_unlisted", "aid.aided_twice")
    told = json.loads(run("figures", "--period", period, "--json", *keys).stdout)
    assert [answer["text"] for answer in told] == [unaided, "0人", "0笔"]
    waiting = run(
        "figures", "--period", period, "--json", "--where", "category=registered_poor", "aid.listed_open"
    )
    assert [answer["text"] for answer in json.loads(waiting.stdout)] == ["0人次"]
