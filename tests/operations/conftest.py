"""Installations of their own: of this release and of the one before, on the database of the run's kind."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from tests.conftest import another_district, run_script

FIXTURE = Path(__file__).parent / "fixtures" / "release-0.1.0.tar.xz"
#: What was mended or added since reads a column or a register that the snapshots of release 0.1.0 do not have: only its own figure says so.
YOUNGER = dict.fromkeys(
    (
        "balance.evaluation_items",
        "balance.people_visited",
        "balance.people_visited_satisfied",
        "balance.questionnaires_satisfied",
        "balance.questionnaires_valid",
        "balance.requirements_met",
        "balance.requirements_not_met",
        "balance.requirements_unreported",
        "balance.satisfaction_rate",
        "balance.visit_satisfaction_rate",
        "enrolment.absent_pupils",
        "enrolment.admission_places",
        "enrolment.applicants",
        "enrolment.applicants_in_zone",
        "enrolment.applicants_in_zone_rate",
        "enrolment.arrivals",
        "enrolment.attendance_report_rate",
        "enrolment.attendance_reports",
        "enrolment.attendance_reports_in_time",
        "enrolment.cleared_absences",
        "enrolment.compulsory_migrants",
        "enrolment.compulsory_retained",
        "enrolment.compulsory_retention_rate",
        "enrolment.compulsory_to_retain",
        "enrolment.departures",
        "enrolment.disabled_children",
        "enrolment.disabled_children_at_school",
        "enrolment.disabled_enrolment_rate",
        "enrolment.disabled_pupils",
        "enrolment.dropouts",
        "enrolment.events",
        "enrolment.graduates",
        "enrolment.group_graduates",
        "enrolment.group_pupils",
        "enrolment.home_taught",
        "enrolment.inclusive_pupils",
        "enrolment.junior_retained",
        "enrolment.junior_retention_rate",
        "enrolment.junior_to_retain",
        "enrolment.ledger_corrections",
        "enrolment.ledger_review_rate",
        "enrolment.ledger_reviews",
        "enrolment.ledger_reviews_in_time",
        "enrolment.left_behind_pupils",
        "enrolment.migrant_public_rate",
        "enrolment.migrant_pupils",
        "enrolment.migrants_in_public_places",
        "enrolment.minority_pupils",
        "enrolment.persuasions",
        "enrolment.placed_applicants",
        "enrolment.places",
        "enrolment.returned_pupils",
        "enrolment.roll",
        "enrolment.suspected_dropouts",
        "enrolment.suspended",
        "preschool.certified",
        "preschool.certified_rate",
        "preschool.children",
        "preschool.children_a_teacher",
        "preschool.classes",
        "preschool.community",
        "preschool.community_inclusive",
        "preschool.community_rate",
        "preschool.enrolment_rate",
        "preschool.inclusive_children",
        "preschool.inclusive_rate",
        "preschool.kindergartens",
        "preschool.large_classes",
        "preschool.new_kindergartens",
        "preschool.new_space_rate",
        "preschool.new_with_space",
        "preschool.nonstaff_pay",
        "preschool.old_kindergartens",
        "preschool.old_space_rate",
        "preschool.old_with_space",
        "preschool.pay_rate",
        "preschool.population",
        "preschool.principals_and_teachers",
        "preschool.public_children",
        "preschool.public_funds",
        "preschool.public_rate",
        "preschool.questionnaires_satisfied",
        "preschool.questionnaires_valid",
        "preschool.regular_classes",
        "preschool.regular_rate",
        "preschool.requirements_met",
        "preschool.requirements_not_met",
        "preschool.requirements_unreported",
        "preschool.satisfaction_rate",
        "preschool.self_evaluations",
        "preschool.short_of_space",
        "preschool.staff_pay",
        "preschool.subsidy",
        "preschool.teachers",
        "quality.studio_members",
    ),
    "快照未收录",
) | {"staffing.school_staff": "1人"}  # counts a register that those snapshots have
PASSPHRASE = "云岭区的备份口令-2019"


class Installed:
    """An installation, as the command line has it."""

    def __init__(self, environment):
        self.environment = {**environment, "PYTHONIOENCODING": "utf-8"}
        self.home = Path(environment["XUEZHENG_HOME"])

    def run(self, *words, **further):
        """Run a command; return the process as it ended."""
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "xuezheng", *map(str, words)],
            env={**self.environment, **further},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def must(self, *words, **further):
        """Run a command that must go well; return what it printed."""
        done = self.run(*words, **further)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def refused(self, *words, **further):
        """Run a command that must be refused; return the sentence."""
        done = self.run(*words, **further)
        assert done.returncode == 1, done.stdout[-2000:]
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        return done.stdout + done.stderr

    def figures(self):
        """What all figures of 2019H1 answer."""
        printed = self.must("figures", "--period", "2019H1", "--json")
        return {it["figure"]: it["text"] for it in json.loads(printed)}

    def state(self):
        """The hash of all rows of the database."""
        script = (
            "import django; django.setup(); from django.db import connection; "
            "from xuezheng.operations.schema import applied_migrations, models_at; "
            "from xuezheng.operations.backup.tables import state_of; "
            "print(state_of(connection, models_at(connection, applied_migrations(connection))).hash)"
        )
        return self.python(script)

    def python(self, script):
        """Run a script; return what it printed."""
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
        return run_script(script, environment).strip()


@pytest.fixture
def passphrase(tmp_path):
    """The setting that names a file with the passphrase of backups."""
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n", encoding="utf-8")
    path.chmod(0o600)
    return {"XUEZHENG_BACKUP_PASSPHRASE_FILE": str(path)}


@pytest.fixture
def empty(elsewhere):
    """An installation that was never started."""
    return Installed(elsewhere)


def unpack_earlier(folder):
    """Unpack what release 0.1.0 left and answered; return its answers as far as its snapshots can tell them."""
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(folder)  # without a filter: Debian's Python 3.11.2 knows none
    answered = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return answered | {"figures": answered["figures"] | YOUNGER}


def place_earlier(folder, environment):
    """Return an installation as release 0.1.0 left it, from what was unpacked in a folder."""
    installed = Installed(environment)
    left = folder / "home"
    if "XUEZHENG_DATABASE_URL" not in environment:
        left.rename(installed.home)
        return installed
    # A true copy of its rows on the server, by the backup that an upgrade makes too.
    on_sqlite = {name: value for name, value in environment.items() if name != "XUEZHENG_DATABASE_URL"}
    backup = folder / "earlier.xzbackup"
    Installed({**on_sqlite, "XUEZHENG_HOME": str(left)}).must("backup", backup, "--without-keys")
    installed.home.mkdir(mode=0o700)
    (installed.home / "keys.json").write_bytes((left / "keys.json").read_bytes())
    installed.must("restore", backup)
    return installed


@pytest.fixture
def answers(tmp_path):
    """What release 0.1.0 answered; what it left lies beside."""
    return unpack_earlier(tmp_path / "before")


@pytest.fixture
def earlier(answers, elsewhere, tmp_path):
    """An installation as release 0.1.0 left it."""
    return place_earlier(tmp_path / "before", elsewhere)


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory):
    """An installation of this release: the one before, upgraded once; not to be changed."""
    folder = tmp_path_factory.mktemp("upgraded")
    unpack_earlier(folder / "before")
    with another_district(folder / "home", "upgraded") as environment:
        installed = place_earlier(folder / "before", environment)
        installed.must("upgrade", "--apply")
        yield installed


@pytest.fixture
def installed(upgraded, tmp_path):
    """An installation of this release with a past, to be changed: a copy of the data folder and of the database."""
    with another_district(tmp_path / "installed", copy_of="upgraded") as environment:
        installed = Installed(environment)
        shutil.copytree(upgraded.home, installed.home)
        yield installed


WORK = """
import django; django.setup()
import json, time
from datetime import date, datetime, UTC
from django.conf import settings
from xuezheng.records.models import AccountChange, Person, User
from xuezheng.areas.aid.models import PaymentList
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.policy import proposals
from xuezheng.web.security import access_log
office = User.objects.get(username="办公室")
AccountChange.objects.create(account=office, what="发出一次性链接")
scan = proposals.Scan("依据.pdf", b"%PDF-1.4")
proposals.propose("aid.preschool", date(2026, 9, 1), 600, "云教〔2026〕12号第三条", office, scan=scan)
person = Person.objects.first()
for number in range(3):
    line = {"id": 1700000000000000 + number, "at": datetime.now(UTC).isoformat(), "by": office.pk, "kind": "page",
            "what": "学生", "purpose": "查阅", "people": 1, "machine": "127.0.0.1", "persons": [person.pk]}
    (access_log._folder() / f"{line['id']}.json").write_text(json.dumps(line))
assert access_log.file_away() == 3
"""


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """An installation in use that nothing is wrong with, in a file; not to be changed."""
    folder = tmp_path_factory.mktemp("sound")
    unpack_earlier(folder)
    environment = {**os.environ, "XUEZHENG_HOME": str(folder / "home")}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    installed = Installed(environment)
    installed.must("upgrade", "--apply")
    installed.python(WORK)
    installed.must("doctor", "--repair")
    return installed
