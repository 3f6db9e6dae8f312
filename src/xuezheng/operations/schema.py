"""The schema of a database: whether it is that of this release, and how its tables are created."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from xuezheng import __version__
from xuezheng.core.database_url import is_missing
from xuezheng.operations.models import Installation

Migration = tuple[str, str]
_LOCK = 0x7875657A68656E67  # "xuezheng", of PostgreSQL's advisory locks


class Form(Enum):
    """How the schema of a database compares with this release.

    ``EMPTY`` has no tables, ``FOREIGN`` those of another program. ``OLDER`` lacks migrations of this release
    and can be upgraded, ``CURRENT`` has all of them, ``NEWER`` was upgraded by a later release.
    """

    EMPTY = "empty"
    FOREIGN = "foreign"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


@dataclass(frozen=True)
class Database:
    """The result of :func:`examine`.

    ``pending`` are the migrations that the database lacks, ``unknown`` those that this release does not know,
    both as (app label, name); ``release`` is the release of its schema, "" for an empty or foreign database.
    """

    form: Form
    pending: tuple[Migration, ...] = ()
    unknown: tuple[Migration, ...] = ()
    release: str = ""


def examine(connection: BaseDatabaseWrapper = default_connection) -> Database:
    """Return how the schema of a database, by default of the one in use, compares with this release.

    Nothing is written, and no file created.
    """
    if is_missing(connection):
        return Database(Form.EMPTY)
    tables = set(connection.introspection.table_names())
    if not tables:
        return Database(Form.EMPTY)
    applied = applied_migrations(connection)
    if ("records", "0001_initial") not in applied:
        return Database(Form.FOREIGN)
    known = known_migrations()
    labels = {config.label for config in apps.get_app_configs()}
    # An area of the bureau's own may be gone: its tables stay, and harm nobody.
    unknown = tuple(sorted(migration for migration in applied - known if migration[0] in labels))
    release = _release(connection, tables)
    pending = tuple(sorted(known - applied)) + tuple(sorted(_unmade(tables)))
    if unknown or release_numbers(release) > release_numbers(__version__):
        return Database(Form.NEWER, pending, unknown, release)
    return Database(Form.OLDER if pending else Form.CURRENT, pending, unknown, release)


def release_numbers(release: str) -> tuple[int, ...]:
    """Return the numbers of a release for comparison: (0, 2, 0) for ``0.2.0.dev1``."""
    return tuple(int(number) for number in re.findall(r"\d+", release.partition(".dev")[0]))


def applied_migrations(connection: BaseDatabaseWrapper) -> set[Migration]:
    """Return the (app label, name) pairs of the migrations applied to a database."""
    return set(MigrationRecorder(connection).applied_migrations())


def known_migrations() -> set[Migration]:
    """Return the (app label, name) pairs of this release's migrations, and of those that they replace."""
    known = set()
    for config in apps.get_app_configs():
        try:
            package = import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        for file in pkgutil.iter_modules(package.__path__):
            if file.name[0] not in "_~":
                known.add((config.label, file.name))
                known.update(import_module(f"{package.__name__}.{file.name}").Migration.replaces)
    return known


def _unmade(tables: set[str]) -> Iterator[Migration]:
    """Yield (app label, table) for the missing tables of areas without migrations."""
    migrated = {label for label, _ in known_migrations()}
    for model in managed_models(apps):
        meta = model._meta
        if meta.app_label not in migrated and meta.db_table not in tables:
            yield meta.app_label, meta.db_table


def _release(connection: BaseDatabaseWrapper, tables: set[str]) -> str:
    """Return the release of a database's schema; "0.1.0", which did not record it, where nothing is recorded."""
    if Installation._meta.db_table not in tables:
        return "0.1.0"
    with connection.cursor() as cursor:
        cursor.execute("SELECT release FROM operations_installation")
        row = cursor.fetchone()
    return row[0] if row else "0.1.0"


def models_at(connection: BaseDatabaseWrapper, applied: Iterable[Migration]) -> list[type[Model]]:
    """Return the models, with their fields as they were, whose tables exist after the migrations ``applied``.

    If all migrations of this release are applied, these are its own models. ``applied`` has (app label, name)
    pairs; ``connection`` is only used for its kind of database.
    """
    applied = set(applied)
    registry = apps
    if known_migrations() - applied:
        loader = MigrationLoader(None)
        nodes = [node for node in loader.graph.nodes if node in applied]
        registry = loader.project_state(nodes).apps
    return [*managed_models(registry), MigrationRecorder(connection).Migration]


def managed_models(registry: Any) -> list[type[Model]]:
    """Return the models of an app registry that have tables of their own, including those of many-to-many fields."""
    return [
        model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def create_tables(editor: BaseDatabaseSchemaEditor, models: Iterable[type[Model]]) -> None:
    """Create the tables of ``models``.

    Constraints that refer to other tables are created when the schema editor ends.
    """
    for model in models:
        if not model._meta.auto_created:
            editor.create_model(model)


def create_bare_tables(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> list[str]:
    """Create the tables of ``models`` without the indexes and constraints that are faster to add after the rows.

    Returns the SQL statements that add those indexes and constraints; the caller executes them.
    """
    with connection.schema_editor() as editor:
        create_tables(editor, models)
        statements = [str(statement) for statement in editor.deferred_sql]
        editor.deferred_sql = []
    return statements


@contextmanager
def one_transaction(
    connection: BaseDatabaseWrapper = default_connection, *, check: bool = True
) -> Iterator[None]:
    """Context manager that changes the schema of a database in one transaction, locked against other such changes.

    References between rows are checked at the end, and ``IntegrityError`` is raised for a broken one. With
    ``check=False`` they are not, for an exact copy of data that may have broken references.
    """
    sqlite = connection.vendor == "sqlite"
    unchecked = connection.constraint_checks_disabled() if sqlite else nullcontext()
    with unchecked, transaction.atomic(using=connection.alias):
        if not sqlite:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield
        if check:
            connection.check_constraints()
