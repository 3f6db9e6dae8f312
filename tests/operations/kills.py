"""Kills what changes an installation with ``kill -9`` at any moment, and tells what the next process finds.

Run as ``python -m tests.operations.kills TIMES SOUND EARLIER OUT`` with ``XUEZHENG_HOME`` where the copies are to lie, one after the
other: the program is loaded once, a child works and is killed, and another one restarts, examines and searches for names. ``SOUND`` is an
installation in use, ``EARLIER`` one that the release before left.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

#: Of everybody in the district; what lies outside of the database must not hold them.
CANARIES = ("众生", "初小兰", "幼小宝", "高生")
_DATABASE = "xuezheng.sqlite3"
PASSPHRASE = "xuezheng-kills-2019"


def pay():
    """Draw up, approve and send a list."""
    from xuezheng.areas.aid.models import Account, Award
    from xuezheng.areas.aid.procedures.bank import make_batch
    from xuezheng.areas.aid.procedures.decide import approve
    from xuezheng.areas.aid.procedures.propose import propose
    from xuezheng.records.models import Term, User

    aid, office = User.objects.get(username="资助"), User.objects.get(username="办公室")
    term = Term.objects.get(code="2019春")
    Award.objects.filter(programme="registered_poor", payments=None).update(paid_on=None)
    for award in Award.objects.filter(programme="registered_poor", term=term):
        Account.objects.get_or_create(
            person=award.person,
            defaults={"holder": "监护人", "number": "6217000000001", "bank": "云岭农商行"},
        )
    number = propose("registered_poor", term, aid).list.pk
    approve(number, office)
    make_batch(number, aid)


def take_in():
    """Import a class and a pupil."""
    from xuezheng.intake import import_workbook

    outcome = import_workbook(_workbook())
    assert outcome.saved, [str(problem) for problem in outcome.problems]


def _workbook():
    return Path(os.environ["XUEZHENG_HOME"]).parent / "改.xlsx"


def write_new_pupil():
    """Write the workbook that is imported."""
    from tests.conftest import NINE_YEAR, small_district

    from xuezheng.records.identifiers import id_check_digit
    from xuezheng.workbooks import sheet_catalogue, write_workbook

    number = "34990020090909123"
    row = list(small_district()["学生名册"][0])
    row[1], row[2], row[4], row[6] = "九年级9班", "众生新", "2009-09-09", number + id_check_digit(number)
    row[7] = f"G{row[6]}"
    sheets = {"班级名册": [[NINE_YEAR, "九年级9班", "初中", "3", ""]], "学生名册": [row]}
    write_workbook(_workbook(), {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()})


def back_up():
    """Back up into a file that is not there yet."""
    path = Path(os.environ["XUEZHENG_HOME"]).parent / "new.xzbackup"
    path.unlink(missing_ok=True)  # the backup that was killed may have come to its end
    command("backup", path)()


def freeze():
    """Freeze the registers of another day."""
    from xuezheng.snapshots import freeze

    freeze(date(2019, 12, 31))


def issue():
    """Compose, review and issue the report of the next half-year."""
    from django.db import transaction
    from django.utils import timezone

    from xuezheng.core.periods import Period
    from xuezheng.records.models import ChainLink, User
    from xuezheng.reports.releases import steps
    from xuezheng.reports.releases.models import Release
    from xuezheng.snapshots import Snapshot

    office = User.objects.get(username="办公室")
    version = steps.draft("half_year", Snapshot.latest(), Period.parse("2019H2"), office)
    # The last step by itself: what a checklist asks for is another matter.
    with transaction.atomic():
        Release.objects.filter(pk=version.release_id).update(issued_at=timezone.now(), issued_by=office)
        ChainLink.objects.append("issue", [version.release_id])


def command(*words):
    def run():
        from xuezheng.cli import main

        assert main([*map(str, words)]) == 0

    run.__name__ = words[0]
    return run


def _backup_file():
    return Path(os.environ["XUEZHENG_HOME"]).parent / "kept.xzbackup"


#: What is killed, whether it begins from the release before or from nothing, and what is repeated after a restart.
WORKS = {
    "pay": pay,
    "import": take_in,
    "freeze": freeze,
    "issue": issue,
    "backup": back_up,
    "restore": lambda: command("restore", _backup_file(), "--replace", "--confirm", _DATABASE)(),
    "rotate": lambda: command("keys", "rotate")(),
    "upgrade": lambda: command("upgrade", "--apply")(),
    "first start": lambda: command("user", "首位", "--role", "系统管理员")(),
}
AGAIN = {"backup", "restore", "upgrade", "first start", "rotate"}


class Kills:
    """Works on copies of an installation at one place."""

    def __init__(self, sound, earlier):
        self.home = Path(os.environ["XUEZHENG_HOME"])
        self.sources = {"upgrade": earlier, "first start": None}
        self.sound = sound
        self.scratch = self.home.parent / "scratch"
        self.seconds = {}
        for name, work in WORKS.items():
            self._lay(name)
            started = time.monotonic()
            assert self._child(work) == 0, name
            self.seconds[name] = time.monotonic() - started

    def kill(self, name, chance):
        """Kill a work once at a random moment; return what is wrong then, nothing where all is well."""
        self._lay(name)
        pid = self._start(WORKS[name])
        time.sleep(chance.random() * self.seconds[name])
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        wrong = []
        if name in AGAIN and self._child(WORKS[name]):
            wrong.append("does not go on after a restart")
        wrong += self._answer(_examine)
        wrong += [
            f"left in the system's temporary folder: {path}"
            for path in self.scratch.rglob("*")
            if path.is_file()
        ]
        wrong += _names_outside(self.home)
        return wrong

    def _lay(self, name):
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        source = self.sources.get(name, self.sound)
        if source is not None:
            shutil.copytree(source, self.home, symlinks=True)
        (self.home.parent / "new.xzbackup").unlink(missing_ok=True)

    def _start(self, work):
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        try:
            os.environ["TMPDIR"] = tempfile.tempdir = str(self.scratch)
            with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
                work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)

    def _child(self, work):
        return os.waitstatus_to_exitcode(os.waitpid(self._start(work), 0)[1])

    def _answer(self, question):
        path = self.home.parent / "answer.json"
        path.unlink(missing_ok=True)
        if self._child(lambda: path.write_text(json.dumps(question()), encoding="utf-8")):
            return ["cannot be examined"]
        return json.loads(path.read_text(encoding="utf-8"))


def _examine():
    """What the doctor finds after a start, which sweeps."""
    from xuezheng.operations.cleanup import sweep
    from xuezheng.operations.doctor.check import doctor_checks
    from xuezheng.operations.start import check_database

    check_database()
    sweep()
    outcomes = [check.run() for check in doctor_checks()]
    return [
        f"{each.title}：{finding.message}"
        for each in outcomes
        for finding in each.findings
        if finding.repair is None
    ]


def _names_outside(home):
    """The files besides the database, and besides what is kept aside on purpose, that hold somebody's name."""
    words = [word.encode() for word in CANARIES]
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts
        if (
            not path.is_file()
            or _DATABASE in path.name
            or inside[0].startswith("before-restore")
            or path.suffix in (".sqlite3", ".xzbackup")
        ):
            continue
        content = path.read_bytes()
        if any(word in content for word in words):
            yield f"names in {path.relative_to(home)}"


def main(times, sound, earlier, out):
    """Kill so many times, each work in turn, and write what was wrong after each."""
    import django

    django.setup()
    from xuezheng.cli.records import freeze  # noqa: F401 - loaded once
    from xuezheng.operations.doctor.check import doctor_checks
    from xuezheng.records.models.chain import chained_rows
    from xuezheng.workbooks import sheet_catalogue

    doctor_checks()
    chained_rows()
    for sheet in sheet_catalogue.sheets().values():
        assert sheet.columns
    home = Path(os.environ["XUEZHENG_HOME"])
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(sound, home, symlinks=True)
    passphrase = home.parent / "passphrase"
    passphrase.write_text(PASSPHRASE)
    passphrase.chmod(0o600)
    os.environ["XUEZHENG_BACKUP_PASSPHRASE_FILE"] = str(passphrase)
    pid = os.fork()
    if pid == 0:
        command("backup", _backup_file())()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    write_new_pupil()
    kills, chance = Kills(Path(sound), Path(earlier)), random.Random(12)
    names, wrong = list(WORKS), {name: [] for name in WORKS}
    for number in range(int(times)):
        name = names[number % len(names)]
        wrong[name].append(kills.kill(name, chance))
    Path(out).write_text(json.dumps(wrong, ensure_ascii=False, indent=1), encoding="utf-8")
    counted = sum(map(len, wrong.values()))
    bad = sum(bool(each) for of_work in wrong.values() for each in of_work)
    print(f"{counted} kills, {bad} after which something was wrong; seconds of each work: {kills.seconds}")


if __name__ == "__main__":
    main(*sys.argv[1:])
