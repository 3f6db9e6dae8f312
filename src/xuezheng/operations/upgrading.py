"""Upgrading the database of an older release, after a backup: completely or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from xuezheng import __version__
from xuezheng.core.data_folder import home
from xuezheng.core.keys import Keys, keys, read_keys_file, write_keys
from xuezheng.operations import Progress, no_progress
from xuezheng.operations.backup.writing import Made, back_up
from xuezheng.operations.identity import check_keys_of_unmarked, mark_snapshots, register_installation
from xuezheng.operations.locks import data_folder_alone
from xuezheng.operations.models import Installation
from xuezheng.operations.schema import Database, Form, examine, one_transaction, release_numbers
from xuezheng.operations.start import check_database, start_first
from xuezheng.records.models import ChainLink
from xuezheng.snapshots.freeze import SNAPSHOTS
from xuezheng.snapshots.snapshot import MANIFEST, all_ids, snapshots_folder

RELEASES = Path(__file__).with_name("releases.yaml")


@dataclass(frozen=True)
class Release:
    """A release of this program, with Chinese notes for a bureau that upgrades to it.

    ``day`` is the ISO date of publication, "" while it is not published.
    """

    version: str
    day: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The plan of an upgrade.

    ``database`` is the form of the database before it; ``releases`` are those after the database's own up to
    this one, the newest first.
    """

    database: Database
    releases: tuple[Release, ...]

    @property
    def is_needed(self) -> bool:
        """Whether the database is of an older release or empty, so that there is something to upgrade or create."""
        return self.database.form in (Form.OLDER, Form.EMPTY)


def releases() -> list[Release]:
    """Return every release of this program, the newest first."""
    listed: list[dict[str, Any]] = yaml.safe_load(RELEASES.read_text(encoding="utf-8"))
    return [
        Release(str(release["version"]), str(release["day"] or ""), tuple(release["notes"]))
        for release in listed
    ]


def plan_upgrade() -> Plan:
    """Return the plan of an upgrade; nothing is changed. Raises what :func:`check_database` raises."""
    database = check_database()
    since = release_numbers(database.release or "0")
    taken = [
        release
        for release in releases()
        if since < release_numbers(release.version) <= release_numbers(__version__)
    ]
    return Plan(database, tuple(taken))


def upgrade(progress: Progress = no_progress) -> Made | None:
    """Upgrade the database to this release, and return the backup made before.

    None where no upgrade was needed. An empty database gets its tables. A process killed at any moment leaves
    the database as before, or upgraded. Raises :class:`~xuezheng.operations.OperationRefused` while other
    processes use the data, where the backup fails, and as :func:`check_database` does.
    """
    with data_folder_alone():
        database = check_database()
        if database.form is Form.EMPTY:
            start_first()
        if database.form is not Form.OLDER:
            mark_snapshots(keys().installation)
            return None
        if Installation._meta.db_table not in connection.introspection.table_names():
            check_keys_of_unmarked(keys())
        made = _back_up_before(database, progress)
        _name_installation()
        progress(f"升级到{__version__}", 0, 1)
        with one_transaction():
            if examine().form is Form.OLDER:
                _migrate()
                register_installation(keys())
                _cover_earlier()
        mark_snapshots(keys().installation)
        return made


def _cover_earlier() -> None:
    """Cover snapshots and rows from before the chain existed, so that later changes to them are detected."""
    known = set(ChainLink.objects.filter(subject=SNAPSHOTS).values_list("event__frozen", flat=True))
    for name in all_ids():
        if name not in known:
            manifest = json.loads((snapshots_folder() / name / MANIFEST).read_bytes())
            ChainLink.objects.note(SNAPSHOTS, {"frozen": name, "sha256": manifest.get("sha256", "")})
    ChainLink.objects.cover_uncovered()


def _back_up_before(database: Database, progress: Progress) -> Made:
    folder = home() / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    # The keys stay where they are: an upgrade does not change them.
    path = folder / f"before-upgrade-{database.release}-{stamp}.xzbackup"
    return back_up(path, "", with_keys=False, progress=progress)


def _name_installation() -> None:
    """Give the keys file of release 0.1, which had no installation, an identity."""
    current, following = read_keys_file()
    if not current.installation:
        write_keys(replace(current, installation=Keys.generate().installation), following)


def _migrate() -> None:
    if connection.vendor == "postgresql":
        # References are checked at once: a table with checks that wait cannot be changed.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", run_syncdb=True, verbosity=0)
