"""Every benchmark still runs: with tiny sizes, and no time is asked."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from benchmarks import columns, quick, races, registers
from django.db.models import Exists, Value

from xuezheng.areas.aid.models import Award
from xuezheng.records.models import Person, Pupil

ROOT = Path(__file__).parents[1]
# What loads a server does not run beside the test that measures one under attack.
APART = {"attack", "load"}
NAMES = [
    pytest.param(name, marks=pytest.mark.xdist_group("attack") if name in APART else ())
    for name in quick.BENCHMARKS
]


def test_a_quick_run_has_every_benchmark():
    raced = {
        contender.function.partition(":")[0]
        for chosen in races.races(1).values()
        for race in chosen
        for contender in race.contenders
    }
    run_alone = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "PAGE = " in path.read_text()}
    assert raced | run_alone - {"races"} == set(quick.BENCHMARKS)


def test_a_column_that_a_register_gains_has_a_value_in_invented_rows(monkeypatch):
    gained = {
        "sits_exams": ("参加考试", lambda: Exists(Pupil.objects.all())),
        "counted": ("计数", lambda: Value(1)),
        "term_end": "term__ends_on",
        "birth_date": "person__birth_date",
    }
    monkeypatch.setattr(Award, "frozen", {**Award.frozen, **gained})
    rows = registers.base(20, [*gained, "id"]).read_all().to_pylist()
    assert len(rows) == 20
    assert all(row["sits_exams"] is False and row["counted"] == 0 and row["term_end"] for row in rows)


@pytest.mark.django_db
def test_rows_for_the_database_have_every_column_that_may_not_be_empty():
    given = duckdb.sql("SELECT 1 AS id, '某某' AS name, DATE '2010-03-01' AS birth_date")
    needed = {field.column for field in Person._meta.concrete_fields if not field.null}
    assert needed <= set(columns.completed(Person, given).columns)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_runs_and_writes_no_page(name):
    pages = {path: path.read_bytes() for path in (ROOT / "docs" / "reference").glob("*.md")}
    environment = {key: value for key, value in os.environ.items() if key != "XUEZHENG_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", name],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    assert {path: path.read_bytes() for path in pages} == pages
