"""How commands end: by exit codes that tell a wrong call from a refusal and a failure, and never by a traceback."""

import functools
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

REFUSED, USAGE, FAULT, INTERRUPTED, READER_GONE, TERMINATED = 1, 2, 3, 130, 141, 143


@pytest.fixture
def environment(tmp_path):
    environment = {**os.environ, "XUEZHENG_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "utf-8"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    return environment


def start(environment, *words, **further):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "xuezheng", *words],
        env=environment,
        # Whoever runs the tests in the background ignores Ctrl+C, and would have the command ignore it too.
        preexec_fn=functools.partial(signal.signal, signal.SIGINT, signal.default_int_handler),
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **further},
    )


def ended(environment, *words):
    process = start(environment, *words)
    out, error = process.communicate(timeout=120)
    assert b"Traceback" not in error, error.decode()
    return process.returncode, out.decode(), error.decode()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["figures", "nosuch.figure"], REFUSED),
        (["audit", "没有这个文件.docx"], REFUSED),
        (["figures", "--nosuch"], USAGE),
        (["nosuch"], USAGE),
        (["serve", "--port", "0"], USAGE),
    ],
)
def test_a_wrong_call_is_told_from_a_refusal(environment, words, code):
    answered, out, error = ended(environment, *words)
    assert answered == code
    assert out == ""
    assert error.strip()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["figures", "nosuch.figure"], REFUSED),
        (["figures", "--nosuch"], USAGE),
        (["figures", "--period", "x"], REFUSED),
    ],
)
def test_a_program_gets_its_errors_as_json(environment, words, code):
    answered, out, _ = ended(environment, *words, "--json")
    assert answered == code
    failure = json.loads(out)
    assert failure["code"] == code
    assert failure["error"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XUEZHENG_IDLE_MINUTES", "abc"),
        ("XUEZHENG_SESSION_HOURS", "-1"),
        ("XUEZHENG_HTTPS", "yes"),
        ("XUEZHENG_LOOKS_KEPT_DAYS", "3.5"),
        ("XUEZHENG_API_PER_MINUTE", "١"),
        ("XUEZHENG_URL", "not a url"),
        ("XUEZHENG_PASSWORD_PROFILE", "x"),
        ("XUEZHENG_DATABASE_URL", "nothing://x"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(environment, name, value):
    code, _, error = ended({**environment, name: value}, "figures")
    assert code == USAGE
    assert name in error


def test_a_database_that_is_away_is_a_failure_and_no_refusal(environment):
    away = {**environment, "XUEZHENG_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}
    code, out, _ = ended(away, "freeze", "--json")
    assert code == FAULT
    assert "数据库无法使用" in json.loads(out)["error"]


def test_a_reader_that_goes_away_is_no_error(environment):
    process = start(environment, "figures")
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(120) in (0, READER_GONE)
    assert process.stderr.read() == b""


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)])
def test_whoever_stops_a_command_gets_no_traceback(environment, tmp_path, sent, code):
    area, ready = tmp_path / "areas" / "slow", tmp_path / "ready"
    area.mkdir(parents=True)
    (area / "__init__.py").write_text(
        "from xuezheng.registry import Area\nAREA = Area('慢', section='办公室')\n"
    )
    (area / "figures.py").write_text(
        f"import time, pathlib\npathlib.Path({str(ready)!r}).touch()\ntime.sleep(300)\n"
    )
    process = start({**environment, "XUEZHENG_AREAS_PATH": str(area.parent)}, "figures")
    for _ in range(600):
        if ready.exists():
            break
        time.sleep(0.1)
    process.send_signal(sent)
    assert process.wait(60) == code
    assert process.stderr.read() == b""


def test_the_catalogue_is_listed_without_a_period(environment):
    code, out, _ = ended(environment, "figures", "--json")
    assert code == 0
    catalogue = {each["figure"]: each for each in json.loads(out)}
    assert len(catalogue) > 300
    assert catalogue["aid.registered_poor_pupils"]["unit"] == "人"
    code, out, _ = ended(environment, "figures", "aid.registered_poor_pupils")
    assert code == 0
    assert "建档立卡资助学生" in out


@pytest.mark.parametrize("locale", ["C", "POSIX", "zh_CN.GBK"])
def test_a_locale_without_chinese_is_no_traceback(environment, locale):
    bare = {**environment, "LC_ALL": locale, "PYTHONIOENCODING": "ascii" if locale != "zh_CN.GBK" else "gbk"}
    code, out, _ = ended_in(bare, "figures", "aid.registered_poor_pupils")
    assert code == 0
    assert b"aid.registered_poor_pupils" in out


def ended_in(environment, *words):
    process = start({**environment, "PYTHONUTF8": "0"}, *words)
    out, error = process.communicate(timeout=120)
    assert b"Traceback" not in error
    return process.returncode, out, error


def test_a_narrow_terminal_is_no_traceback(environment):
    try:
        parent, child = pty.openpty()
    except OSError:
        pytest.skip("this machine has no terminals")
    narrow = {**environment, "COLUMNS": "30", "TERM": "xterm"}
    process = start(narrow, "figures", "aid.registered_poor_pupils", stdout=child)
    os.close(child)
    printed = b""
    while chunk := _read(parent):
        printed += chunk
    assert process.wait(60) == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", printed.decode()).replace("\r", "").split("\n")
    assert any("aid" in line for line in lines)
    assert max(map(len, lines)) <= 30


def _read(handle):
    try:
        return os.read(handle, 4096)
    except OSError:  # the other end is closed
        return b""
