"""Every run, and every worker of a run, keeps its data in a temporary folder of its own.

The folder must be there before Django reads its settings, so it is made here, while pytest loads this file.
"""

import os
import shutil
import signal
import sys
import tempfile

import django
import pytest
from django.conf import settings as django_settings
from hypothesis import settings

from xuezheng.core.keys import keys, make_keys

if "xuezheng.settings" in sys.modules:
    raise pytest.UsageError(
        "unset DJANGO_SETTINGS_MODULE: the tests choose a data folder before settings load"
    )

HOME = tempfile.mkdtemp(prefix="xuezheng-tests-")
os.environ["XUEZHENG_HOME"] = HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "xuezheng.settings"
django.setup()
from xuezheng.policy import codes, kept  # noqa: E402 - models load only once Django is set up
from xuezheng.policy.packs import formerly_in_the_program  # noqa: E402

make_keys()
# Kept from here on: a test with a data folder of its own writes with these keys too.
keys()
# What a test writes need not outlive a power cut: waiting for the disk would take most of a run.
options = django_settings.DATABASES["default"].get("OPTIONS", {})
if "init_command" in options:
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
# Without a database, and with any district, policy is that of the demonstration: every pack of the release. Tests of taken
# packs and of the bureau's own versions ask for the fixture ``policy_of_the_database``.
_lines_of_the_database = kept.lines
kept.lines = lambda: tuple(pack.versions for pack in formerly_in_the_program())
# Workers inherit the environment; with this in it they would read their settings before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]

# How long an example takes says nothing on a machine that runs other tests beside it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def lone_district(transactional_db, tmp_path, monkeypatch):
    """A district and nothing else, in a data folder of its own, where registers can be frozen."""
    # Models load only once Django is set up, which this file does first.
    from xuezheng.records.models import District

    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    return District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")


@pytest.fixture
def policy_of_the_database(db, monkeypatch):
    """Read policy as a bureau does: from the packs that it has taken and the versions that it has decided."""
    monkeypatch.setattr(kept, "lines", _lines_of_the_database)
    codes.forget()
    yield
    codes.forget()


@pytest.fixture(scope="session", autouse=True)
def _database_of_the_tests_is_current():
    """Let commands work in this process: its database is made from the models, and has no migrations to be examined.

    What starts, upgrades and restores is tested in processes and databases of its own.
    """
    from xuezheng.operations import start
    from xuezheng.operations.schema import Database, Form

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(start, "examine", lambda: Database(Form.CURRENT))
        patch.setattr(start, "check_identity", lambda: None)
        yield


@pytest.fixture(autouse=True)
def process():
    """Give each test the process as it was: a command, which has one to itself, changes what is temporary and who may read."""
    folder, variables = tempfile.tempdir, {name: os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")}
    mask, handler = os.umask(0o022), signal.getsignal(signal.SIGTERM)
    os.umask(mask)
    yield
    tempfile.tempdir = folder
    os.umask(mask)
    signal.signal(signal.SIGTERM, handler)
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


_DATABASE_FIXTURES = {"db", "transactional_db"}


def pytest_unconfigure():
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what needs the database, so that ``-m database`` runs just that on PostgreSQL; not what is ``alike`` on either."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES:
            if not item.get_closest_marker("alike"):
                item.add_marker(pytest.mark.database)
        elif "django_db_setup" in fixtures:
            # It reads a snapshot that a fixture of the session froze: without this mark there is no database for that.
            item.add_marker(pytest.mark.django_db)
