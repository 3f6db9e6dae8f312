"""Whatever the database, the same workbooks freeze to the same tables."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connection

SCRIPT = """
import sys
from datetime import date
import django
django.setup()
from xuezheng.cli.shared import prepare_database
from xuezheng.intake import import_workbook
from xuezheng.policy.packs import formerly_in_the_program
from xuezheng.policy.taking import pin_beginning
from xuezheng.snapshots import freeze
prepare_database()
pin_beginning(formerly_in_the_program())
assert import_workbook({path!r}).saved
print(freeze(date(2020, 1, 20)).folder)
"""


@pytest.mark.database
@pytest.mark.skipif(connection.vendor == "sqlite", reason="compares another database with SQLite")
def test_sqlite_freezes_to_the_same_tables(elsewhere, run_python, small, workbook, tmp_path):
    script = SCRIPT.format(path=str(workbook(small, "全区.xlsx")))
    on_sqlite = {**elsewhere, "XUEZHENG_HOME": str(tmp_path / "sqlite")}
    del on_sqlite["XUEZHENG_DATABASE_URL"]
    here, there = (Path(run_python(script, environment).strip()) for environment in (elsewhere, on_sqlite))
    assert here.name == there.name
    for path in here.glob("*.parquet"):
        assert pq.read_table(path).equals(pq.read_table(there / path.name), check_metadata=True), path.name
