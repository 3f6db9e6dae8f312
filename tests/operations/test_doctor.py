"""The doctor finds what was planted, each by itself, and nothing on a sound installation."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.operations.conftest import Installed
from tests.operations.damages import DAMAGES, leave_a_draft, sql

pytestmark = pytest.mark.xdist_group("doctor")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def patient(sound, tmp_path):
    """A copy of it, to be damaged."""
    shutil.copytree(sound.home, tmp_path / "home", symlinks=True)
    return Installed({**sound.environment, "XUEZHENG_HOME": str(tmp_path / "home")})


def examined(installed, *words):
    """The sentences of what the doctor finds, each with the name of its check."""
    done = installed.run("doctor", "--json", *words)
    outcomes = json.loads(done.stdout)
    findings = [f"{each['check']}：{message}" for each in outcomes for message in each["findings"]]
    assert done.returncode == (1 if findings else 0), done.stderr
    assert all(each["ok"] == (not each["findings"]) for each in outcomes)
    return findings


def test_nothing_is_found_on_a_sound_installation(sound):
    assert examined(sound) == []


@pytest.fixture(scope="module")
def findings_of(sound, tmp_path_factory):
    """What the doctor finds of each damage."""
    folder = tmp_path_factory.mktemp("damaged")
    environment = {
        **sound.environment,
        "XUEZHENG_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    # The settings read the keys where the copies will lie.
    shutil.copytree(sound.home, folder / "home", symlinks=True)
    words = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.operations.damages",
        sound.home,
        folder / "found.json",
    ]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DAMAGES)
def test_a_planted_damage_is_found(findings_of, name):
    _, check, words = DAMAGES[name]
    findings = findings_of[name]
    assert any(finding.startswith(check) and words in finding for finding in findings), findings


def test_what_can_be_mended_without_loss_is_mended(patient):
    (patient.home / "keys.json").chmod(0o644)
    leave_a_draft(patient.home / "snapshots")
    assert len(examined(patient)) == 2
    assert examined(patient, "--repair") == []
    assert examined(patient) == []
    assert not list((patient.home / "snapshots").glob(".draft-*"))


def test_a_full_disk_is_found(patient):
    script = (
        "import django; django.setup(); import collections, shutil; from xuezheng.operations.doctor.check import doctor_checks; "
        "usage = collections.namedtuple('usage', 'total used free'); shutil.disk_usage = lambda path: usage(1 << 40, 1 << 40, {}); "
        "[check] = [each for each in doctor_checks() if each.title == '磁盘']; print(len(check.run().findings))"
    )
    assert patient.python(script.format(1 << 20)) == "1"
    assert patient.python(script.format(1 << 39)) == "0"


def test_an_anchor_kept_elsewhere_shows_a_cut_end_and_a_rewritten_chain(patient, tmp_path):
    patient.must("doctor", "--write-anchor", tmp_path / "锚点.json")
    (patient.home / "chain-anchor.json").unlink()
    sql(
        "DELETE FROM records_accountchange",
        "DELETE FROM records_chainlink WHERE number >= (SELECT MIN(number) FROM records_chainlink WHERE subject = 'account_change')",
        "DELETE FROM records_seen",
        "DELETE FROM records_look",
    )(patient.home)
    assert not any("被删除" in finding for finding in examined(patient))  # nothing within tells of it
    assert any(
        "末尾的记录被删除" in finding for finding in examined(patient, "--anchor", tmp_path / "锚点.json")
    )
    (tmp_path / "坏.json").write_text("{}")
    assert any(
        "不是校验链的锚点文件" in finding for finding in examined(patient, "--anchor", tmp_path / "坏.json")
    )


def test_lines_of_the_access_log_may_go_when_their_time_is_over(patient):
    patient.must("doctor")
    patient.python(
        "import django; django.setup(); from datetime import timedelta; from django.utils import timezone; "
        "from xuezheng.web.security import access_log; access_log._forget(timezone.now() + timedelta(seconds=5))"
    )
    assert examined(patient) == []


def test_a_snapshot_is_withdrawn_and_comes_back_when_it_is_frozen_again(patient):
    day = "2020-01-10"
    patient.must("freeze", "--day", day)
    names = [each["id"] for each in json.loads(patient.must("snapshot", "list", "--json"))]
    issued, second = names
    assert "已印发" in patient.refused("snapshot", "withdraw", issued, "--why", "试")
    assert "没有快照" in patient.refused("snapshot", "withdraw", "../keys.json", "--why", "试")
    patient.must("snapshot", "withdraw", second, "--why", "日期有误")
    assert "已经撤回（日期有误）" in patient.refused("snapshot", "withdraw", second, "--why", "试")
    assert "已撤回（日期有误）" in patient.refused(
        "figures", "enrolment.pupils", "--period", "2019H2", "--snapshot", second
    )
    assert "已撤回：日期有误" in patient.must("snapshot", "list")
    assert examined(patient) == []
    patient.must("freeze", "--day", day)
    assert second in patient.must("figures", "enrolment.pupils", "--period", "2019H2")


def test_a_day_to_come_is_not_frozen(patient):
    assert "还没有到" in patient.refused("freeze", "--day", "2099-01-01")
    assert len(list((patient.home / "snapshots").glob("20*"))) == 1


@pytest.mark.database
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM aid_step", "被删除"),
        ("UPDATE aid_payment SET amount = amount * 10", "被改动"),
        ("DROP TABLE plans_target", "缺少数据表"),
        ("UPDATE aid_budget SET amount = 1", "指标"),
    ],
)
def test_damages_are_found_on_either_database(installed, statement, words):
    installed.must("doctor", "--repair")
    installed.python(
        f"import django; django.setup(); from django.db import connection; connection.cursor().execute({statement!r})"
    )
    assert any(words in finding for finding in examined(installed))
