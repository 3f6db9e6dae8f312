"""Words, exit codes and failures of the command line."""

import json
import re

import openpyxl
import pytest

from xuezheng.cli import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_is_chinese(run, command):
    told = run(command, "--help")
    assert told.returncode == 0
    assert COMMANDS[command].title in told.stdout
    english = re.sub(r"--?[\w-]+|xuezheng|[\w/]+=\w+|[\w.]+_[\w.]+|XUEZHENG\w*|phase,place", "", told.stdout)
    assert not re.findall(r"\b(usage|options|show|positional|arguments|default)\b", english)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["report", "half_year"], "缺少参数：--period"),
        (["figures", "--period", "2019H1", "--where", "phase"], "范围应写作"),
        (["nothing"], "没有'nothing'"),
        ([], "缺少参数"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_chinese_sentence(run, words, sentence):
    told = run(*words)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["figures", "--period", "2019H1"], "还没有快照"),
        (["figures", "aid.x", "--period", "2019H3"], "无法识别时期"),
        (["rows", "aid.x", "--period", "2019H1", "--snapshot", "../../etc"], "没有快照"),
        (["freeze"], "还没有登记本地信息"),
        (["import", "没有.xlsx"], "找不到文件"),
        (["undo", "9"], "没有批次9"),
        (["template", "没有这张表"], "没有表“没有这张表”"),
        (["report", "half_year", "--period", "2019H1", "--head", "没有.yaml"], "打不开文头文件“没有.yaml”"),
    ],
)
def test_a_failure_ends_with_1_and_a_chinese_sentence(run, words, sentence):
    told = run(*words)
    assert told.returncode == 1
    assert sentence in told.stdout + told.stderr
    assert "Traceback" not in told.stderr


def test_a_template_can_be_filled_and_imported_and_a_wrong_one_leaves_with_1(run, tmp_path):
    assert run("template", "学期", "-o", "学期.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "学期.xlsx")
    book["学期"].append(["2019春", "2019-02-25", "2019-06-28"])
    book.save(tmp_path / "学期.xlsx")
    taken = run("import", "学期.xlsx", "--json")
    assert taken.returncode == 0
    [told] = json.loads(taken.stdout)
    assert told["saved"]
    assert told["sheets"] == [
        {"sheet": "学期", "submitted": 1, "added": 1, "changed": 0, "unchanged": 0, "rejected": 0}
    ]
    undone = run("undo", str(told["batch"]))
    assert (undone.returncode, "已撤销：删去当时新增的1条" in undone.stdout) == (0, True)
    book["学期"].append(["2019夏", "2019-02-25", "2019-06-28"])
    book.save(tmp_path / "学期.xlsx")
    refused = run("import", "学期.xlsx", "--marked", "标注.xlsx")
    assert "已标出问题，写到标注.xlsx" in refused.stdout
    assert openpyxl.load_workbook(tmp_path / "标注.xlsx")["学期"]["A3"].comment
    assert refused.returncode == 1
    assert "“学期”第3行A列“学期”" in refused.stdout


def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(run):
    told = run("freeze", XUEZHENG_DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert told.returncode == 3
    assert "数据库无法使用" in told.stderr
    assert "Traceback" not in told.stderr


def test_all_sheets_are_listed_with_their_columns(run):
    told = run("template")
    assert told.returncode == 0
    assert "资助发放名单（学生资助）：姓名、身份证件号" in told.stdout


def test_the_demo_does_not_write_where_somebody_is_registered(run, tmp_path):
    run("template", "学期", "-o", "学期.xlsx")
    book = openpyxl.load_workbook(tmp_path / "学期.xlsx")
    book["学期"].append(["2019春", "2019-02-25", "2019-06-28"])
    book.save(tmp_path / "学期.xlsx")
    assert run("import", "学期.xlsx").returncode == 0
    told = run("demo")
    assert told.returncode == 1
    assert "演示不会写入" in told.stdout


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_imported(run, tmp_path):
    (tmp_path / "空.xlsx").write_bytes(b"")
    run("template", "学期", "-o", "学期.xlsx")
    book = openpyxl.load_workbook(tmp_path / "学期.xlsx")
    book["学期"].append(["2019春", "2019-02-25", "2019-06-28"])
    book.save(tmp_path / "学期.xlsx")
    taken = run("import", "空.xlsx", "学期.xlsx", "--json")
    assert taken.returncode == 1
    first, second = json.loads(taken.stdout)
    assert not first["saved"]
    assert "是空文件" in first["problems"][0]["message"]
    assert second["saved"]


@pytest.mark.parametrize(
    ("words", "further", "code"),
    [
        (["template", "学期", "-o", "/dev/null/x.xlsx"], {}, 1),
        (["serve", "--host", "nosuch.invalid"], {}, 1),
        (["figures", "--period", "2019H1"], {"XUEZHENG_DATABASE_URL": "nothing://x"}, 2),
        (["doctor"], {"XUEZHENG_HOME": "/dev/null/x"}, 2),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence_and_not_in_a_traceback(run, words, further, code):
    told = run(*words, **further)
    assert told.returncode == code
    assert "Traceback" not in told.stderr
    assert "请检查" in told.stderr


def test_a_damaged_key_file_is_told(run, tmp_path):
    (tmp_path / "keys.json").write_text("{")
    for words in (["doctor"], ["freeze"]):
        told = run(*words)
        assert told.returncode == 1
        assert "keys.json" in told.stdout + told.stderr
        assert "Traceback" not in told.stderr


def test_a_preview_of_mappings_makes_no_database(run, tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("序号,姓名,性别,身份证号码,是否住校\n1,张三,男,,否\n2,李四,女,,是\n", "utf-8")
    done = run("import", str(path), "--map", "学生名册", "--preview", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["sheets"][0]["template"] == "学生名册"
    assert not list(tmp_path.rglob("*.sqlite3"))
