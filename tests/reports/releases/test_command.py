"""``xuezheng release``: the same steps on the command line."""

import hashlib
import json

import docx
import pytest

from xuezheng.cli import _Parser
from xuezheng.cli.reports import release
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden
from xuezheng.reports.releases.models import Release

AID, BASIC = "学生资助管理中心", "基础教育股"


@pytest.fixture
def run(capsys, template, users, snapshot):
    """Run the command on the tests' database; return what it printed."""

    def printed(*words):
        parser = _Parser(prog="xuezheng release")
        release.arguments(parser)
        options = parser.parse_args([str(word) for word in words])
        assert release.run(options) == 0
        return capsys.readouterr().out

    return printed


@pytest.fixture
def drafted(run):
    run("draft", "notice", "--period", "2019H1", "--user", "office")
    return Release.objects.get().pk


def test_from_draft_to_the_issued_file(run, tmp_path):
    assert "还没有起草过报告" in run("list")
    told = run("draft", "notice", "--period", "2019H1", "--user", "office")
    assert f"还没有会签的科室：{BASIC}、{AID}。清单上还有1项没有说明。" in told
    number = Release.objects.get().pk
    assert f"“{AID}”的部分已由section会签" in run("review", number, "--user", "section")
    with pytest.raises(ReleaseError, match="请用--section写明科室，可选：（无）"):
        run("review", number, "--user", "leader")
    with pytest.raises(ReleaseForbidden, match="由该科室会签"):
        run("review", number, "--user", "office", "--section", AID)
    run("review", number, "--user", "office", "--section", BASIC)
    assert "1. 没有写入的句子：党员…。" in run("status", number)
    assert "已记下说明：1项" in run("explain", number, 1, "--text", "由组织部门统计。", "--user", "section")
    shown = run("status", number)
    assert "（已说明）没有写入的句子" in shown
    assert "说明：由组织部门统计。（section，" in shown
    with pytest.raises(ReleaseError, match="领导还没有签发"):
        run("issue", number, "--user", "office")
    assert "已由leader签发" in run("sign", number, "--number", "云教〔2019〕12号", "--user", "leader")
    assert "第1版已印发" in run("issue", number, "--user", "office")
    out = tmp_path / "印发.docx"
    told = run("download", number, "-o", out)
    [object_] = json.loads(run("list", "--json"))
    assert object_["state"] == "issued"
    assert hashlib.sha256(out.read_bytes()).hexdigest() == object_["sha256"]
    assert object_["sha256"] in told
    assert out.name in told


def test_an_edited_file_is_the_next_version_and_the_changes_are_told(run, drafted, tmp_path, write):
    path = tmp_path / "修改稿.docx"
    run("download", drafted, "-o", path)
    opened = docx.Document(str(path))
    write("3人", "9人")(opened)
    opened.save(str(path))
    told = run("draft", "notice", "--period", "2019H1", "--file", path, "--user", "office")
    assert "第2版已存好" in told
    assert "清单上还有2项没有说明" in told
    assert "第1版到第2版：1个数有变化，0句文字有改动。" in run("diff", drafted)
    found = json.loads(run("diff", drafted, "--old", 2, "--new", 1, "--json"))
    [number] = found["numbers"]
    assert (number["figure"], number["old"], number["new"], number["why"]) == (
        "aid.registered_poor_pupils",
        "9人",
        "3人",
        "restored",
    )
    told = json.loads(run("status", drafted, "--json"))
    assert [entry["check"] for entry in told["checklist"] if entry["open"]] == ["数字核对", "没有写入的句子"]
    run("draft", "notice", "--period", "2019H1", "--user", "office")
    assert Release.objects.get().latest == 3


@pytest.mark.parametrize(
    ("words", "fault", "sentence"),
    [
        (["issue", "{}", "--user", "section"], ReleaseForbidden, "由办公室印发"),
        (["issue", "{}", "--user", "nobody"], ReleaseError, "没有账号“nobody”"),
        (["status", "99"], ReleaseError, "没有签发99"),
        (["download", "{}", "--version", "7"], ReleaseError, "没有第7版，现有第1到第1版"),
        (["diff", "{}"], ReleaseError, "没有第0版"),
        (
            ["explain", "{}", "9", "--text", "不要紧。", "--user", "office"],
            ReleaseError,
            "没有选中要说明的项",
        ),
        (
            ["draft", "notice", "--period", "2019H2", "--file", "x.docx", "--user", "office"],
            ReleaseError,
            "还没有起草",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, drafted, words, fault, sentence):
    with pytest.raises(fault, match=sentence):
        run(*(word.format(drafted) for word in words))
