"""A policy is tried out before it is one: what it would cost, who would gain and lose; nothing stays changed."""

import json
from datetime import date

import pytest

from xuezheng.cli import main
from xuezheng.intake import import_workbook
from xuezheng.policy.current import entries, is_overridden
from xuezheng.records.code_lists import code_list
from xuezheng.snapshots.snapshot import ids

SCENARIO = """
aid.boarder:
  2016-02-01: {primary: 600}
"""


@pytest.fixture
def scenario(tmp_path):
    def write(text):
        path = tmp_path / "方案.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_cost_and_who_gains_and_loses_are_told_and_nothing_is_kept(
    transactional_db, small, workbook, scenario, capsys
):
    assert import_workbook(workbook(small, "全区.xlsx")).saved
    before, frozen_before = entries("aid")["boarder"], ids()
    assert main(["whatif", scenario(SCENARIO), "--period", "2019H1", "--by", "phase", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    amount = next(it for it in told["effects"] if it["figure"] == "aid.registered_poor_approved_amount")
    # Two primary pupils would get 100 more each; two junior ones, and one who boards, would have no standard any more.
    assert (amount["before"], amount["after"], amount["difference"]) == (2250, 1200, -1050)
    assert told["turnover"] == [
        {"figure": figure, "part": "义务教育", "gained": 0, "lost": lost}
        for figure, lost in (("建档立卡应资助金", 2), ("应资助金", 3))
    ]
    # 1525 yuan were paid: of 2250 before, of 1200 then.
    [sentence] = told["sentences"]
    assert (sentence["before"], sentence["after"]) == (
        "应发资金发放率为67.8%。",
        "应发资金发放率为127.1%。",
    )
    assert entries("aid")["boarder"] == before
    assert not is_overridden()
    assert ids() == frozen_before
    assert main(["whatif", scenario(SCENARIO), "--period", "2019H1"]) == 0
    printed = capsys.readouterr().out
    assert "-1050元" in printed
    assert "改为：应发资金发放率为127.1%。" in printed
    assert "谁会得到，谁会失去" in printed


def test_other_properties_of_a_code_are_tried_out_too(transactional_db, small, workbook, scenario, capsys):
    assert import_workbook(workbook(small, "全区.xlsx")).saved
    as_in_kindergartens = scenario(
        "aid.programme.registered_poor: {2014-01-01: {label: 建档立卡学生资助, standard: preschool}}"
    )
    assert main(["whatif", as_in_kindergartens, "--period", "2019H1", "--json"]) == 0
    effects = {each["figure"]: each for each in json.loads(capsys.readouterr().out)["effects"]}
    amount, differing = effects["aid.due_amount"], effects["aid.differing_awards"]
    # Two junior pupils would get 500 each, as everybody, in place of 625: their awards would differ too.
    assert (amount["before"], amount["after"], amount["difference"]) == (6575, 6325, -250)
    assert (differing["before"], differing["after"]) == (1, 3)
    assert "enrolment.pupils" not in effects
    assert not is_overridden()
    assert code_list("aid.programme").codes["registered_poor"].on(date(2019, 3, 1)).properties == {
        "standard": "listed"
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("aid.nothing: {2019-09-01: 5}", "没有政策“aid.nothing”"),
        ("nothing: {2019-09-01: 5}", "没有政策“nothing”"),
        ("aid.preschool: 5", "应写作“施行日期: 值”"),
        ("aid.preschool: {今天: 5}", "施行日期“今天”应写作2019-09-01"),
        ("aid.preschool: {2019-09-01: 五百}", "不是金额"),
        ("aid.preschool: {2016-09-01: null}", "至少写一项"),
        ("policy.hardship.orphan: {2019-09-01: {entitles: [boarder]}}", "应写明label"),
        ("policy.hardship.orphan: {2019-09-01: {label: 孤儿, pays: 5}}", "无法识别：pays"),
        ("policy.hardship.A: {2019-09-01: {label: 孤儿}}", "应为小写字母"),
        ("- 1", "应写作若干"),
        ("a: [", "不是正确的YAML"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_said_before_anything_is_frozen(scenario, capsys, text, words):
    assert main(["whatif", scenario(text), "--period", "2019H1"]) == 1
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(capsys):
    assert main(["whatif", "没有.yaml", "--period", "2019H1"]) == 1
    assert "找不到方案文件" in capsys.readouterr().err
