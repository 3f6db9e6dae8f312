"""A new database gets its tables at once; they are those that migrating step by step gives."""

import os
import re
import sqlite3

import pytest

SCRIPT = "import django; django.setup(); "
MIGRATED = (
    SCRIPT + "from xuezheng.core.data_folder import home; home(); "
    "from django.core.management import call_command; call_command('migrate', verbosity=0)"
)
AT_ONCE = SCRIPT + "from xuezheng.cli.shared import prepare_database; prepare_database()"


@pytest.fixture
def database(tmp_path, run_python):
    """Run a script on an empty data folder; return the path of the database."""

    def run(name, *scripts):
        environment = {
            **os.environ,
            "XUEZHENG_HOME": str(tmp_path / name),
            "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
        }
        environment.pop("XUEZHENG_DATABASE_URL", None)
        for script in scripts:
            run_python(script, environment)
        return tmp_path / name / "xuezheng.sqlite3"

    return run


def tables_and_indexes(path):
    """Everything in a database by kind and name, whatever the order of the columns."""
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {(kind, name): sorted(re.split(r", (?=[\"C])|\(|\)", sql or "")) for kind, name, sql in found}


def migrations(path):
    with sqlite3.connect(path) as connection:
        return set(connection.execute("SELECT app, name FROM django_migrations"))


@pytest.mark.slow
def test_tables_made_at_once_are_those_that_the_migrations_make(database):
    migrated, at_once = database("migrated", MIGRATED), database("at once", AT_ONCE)
    assert tables_and_indexes(at_once) == tables_and_indexes(migrated)
    assert migrations(at_once) == migrations(migrated)


def test_preparing_a_database_again_changes_nothing(database):
    once = tables_and_indexes(database("once", AT_ONCE))
    assert tables_and_indexes(database("twice", AT_ONCE, AT_ONCE)) == once
