"""What release 0.1.0 left is upgraded as a whole or not at all, and answers as it did."""

import json

import pytest

from xuezheng import __version__
from xuezheng.operations.schema import release_numbers
from xuezheng.operations.upgrading import releases

pytestmark = pytest.mark.database


def test_the_release_before_is_upgraded_after_a_backup_and_answers_as_it_did(earlier, answers):
    before = earlier.state()
    plan = json.loads(earlier.must("upgrade", "--plan", "--json"))
    assert (plan["form"], plan["from"], plan["to"]) == ("older", "0.1.0", __version__)
    assert "operations.0001_initial" in plan["steps"]
    assert "0.2.0" in plan["notes"]
    assert earlier.state() == before
    # Nothing that writes touches it, and it is not upgraded by the way.
    for words in (["freeze"], ["serve"], ["work", "--once"], ["import", "x.xlsx"], ["keys", "rotate"]):
        assert "请先运行“xuezheng upgrade --plan”" in earlier.refused(*words)
    assert earlier.state() == before
    assert earlier.figures() == answers["figures"]
    made = json.loads(earlier.must("upgrade", "--apply", "--json"))["backup"]
    assert earlier.figures() == answers["figures"]
    assert "密钥完好" in earlier.must("keys", "check", "--all")
    assert earlier.must("upgrade", "--apply", "--json").count("null") == 1
    assert "2019-07-05" in earlier.must("freeze", "--day", "2019-07-05")
    earlier.must("restore", made, "--replace", "--confirm", _name(earlier))
    assert earlier.state() == before


def _name(installed):
    return installed.environment.get("XUEZHENG_DATABASE_URL", "xuezheng.sqlite3").rpartition("/")[2]


def test_a_database_of_a_newer_release_is_refused_by_every_command(installed):
    installed.python(
        "import django; django.setup(); from django.db.migrations.recorder import MigrationRecorder; "
        "from django.db import connection; MigrationRecorder(connection).record_applied('records', '9999_later')"
    )
    state = installed.state()
    for words in (
        ["figures", "--period", "2019H1"], ["freeze"], ["serve"], ["upgrade", "--apply"], ["keys", "rotate"],
        ["backup", "x.xzbackup", "--without-keys"], ["release", "list"], ["user", "甲"], ["move-database", "sqlite:////tmp/x"],
    ):  # fmt: skip
        assert "已由更新的版本" in installed.refused(*words)
    assert installed.state() == state


def test_a_later_release_number_is_refused_too(installed):
    installed.python(
        "import django; django.setup(); from xuezheng.operations.models import Installation; "
        "Installation.objects.update(release='9.0.0')"
    )
    assert "已由更新的版本（9.0.0）" in installed.refused("figures", "--period", "2019H1")


def test_an_upgrade_waits_for_nobody_and_refuses_while_somebody_works(installed):
    script = (
        "import django; django.setup(); import subprocess, sys; from xuezheng.operations.start import prepare_database; "
        "prepare_database(); done = subprocess.run([sys.executable, '-m', 'xuezheng', 'upgrade', '--apply'], "
        "capture_output=True, text=True); print(done.returncode, done.stderr)"
    )
    printed = installed.python(script)
    assert printed.startswith("1")
    assert "请先停止它们" in printed


def test_every_release_is_recorded_and_the_newest_is_this_one():
    listed = releases()
    assert listed[0].version == __version__.partition(".dev")[0]
    assert [release_numbers(it.version) for it in listed] == sorted(
        (release_numbers(it.version) for it in listed), reverse=True
    )
    assert all(it.notes for it in listed)
