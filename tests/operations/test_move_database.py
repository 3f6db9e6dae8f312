"""The records move from SQLite to PostgreSQL and back: the same rows, and the same snapshot of them."""

import json
import os

import psycopg
import pytest
from django.db import connection
from tests.operations.conftest import Installed

FREEZE = ["freeze", "--day", "2020-01-20", "--json"]


@pytest.mark.database
@pytest.mark.skipif(connection.vendor == "sqlite", reason="moves to PostgreSQL and back")
def test_there_and_back_the_state_and_the_snapshot_are_the_same(installed, tmp_path):
    server = installed.environment["XUEZHENG_DATABASE_URL"]
    first = json.loads(installed.must(*FREEZE))["snapshot"]
    state = installed.state()
    path = tmp_path / "moved.sqlite3"
    on_sqlite = Installed({**installed.environment, "XUEZHENG_DATABASE_URL": f"sqlite:///{path}"})
    assert "逐行一致" in installed.must("move-database", f"sqlite:///{path}")
    assert on_sqlite.state() == installed.state() == state
    assert json.loads(on_sqlite.must(*FREEZE))["snapshot"] == first
    state = on_sqlite.state()  # the freeze is on the chain
    name = f"moved_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        back = Installed(
            {**installed.environment, "XUEZHENG_DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        )
        try:
            target = {"XUEZHENG_TARGET_DATABASE_URL": back.environment["XUEZHENG_DATABASE_URL"]}
            assert "逐行一致" in on_sqlite.must("move-database", **target)
            assert back.state() == state
            assert json.loads(back.must(*FREEZE))["snapshot"] == first
            assert "密钥完好" in back.must("keys", "check", "--all")
            back.must("user", "新来的", "--role", "办公室")  # numbered on
            assert "不是空的" in installed.refused("move-database", **target)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_from_sqlite_to_sqlite_the_state_is_the_same_and_the_source_unchanged(installed, tmp_path):
    path, state = tmp_path / "moved.sqlite3", installed.state()
    printed = installed.must("move-database", f"sqlite:///{path}")
    assert "XUEZHENG_DATABASE_URL" in printed
    moved = Installed({**installed.environment, "XUEZHENG_DATABASE_URL": f"sqlite:///{path}"})
    assert moved.state() == installed.state() == state
    assert "不是空的" in installed.refused("move-database", f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense://x", "无法识别数据库地址"),
        ("", "请写明空数据库的地址"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "目标数据库用不了"),
        ("sqlite:////no/such/folder/x.sqlite3", "没有文件夹"),
    ],
)
def test_a_target_that_cannot_be_used_is_told_without_its_password(installed, url, sentence):
    printed = installed.refused("move-database", url)
    assert sentence in printed
    assert "secret" not in printed
