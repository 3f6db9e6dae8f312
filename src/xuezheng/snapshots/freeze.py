"""Creation of snapshots (生成快照).

Every register with its rule columns is written as a Parquet file, and a manifest describes them.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import adbc_driver_manager
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from xuezheng import __version__
from xuezheng.core.disk_space import require_room
from xuezheng.policy.codes import written_lists
from xuezheng.policy.current import is_overridden, policies_digest, read_once
from xuezheng.policy.taking import pin_beginning
from xuezheng.records.models import ChainLink, District, Record, registers
from xuezheng.records.switches import unused
from xuezheng.rules.columns import RuleColumn, with_rules
from xuezheng.rules.tables import BaseColumn, base_columns, rows_of, schema
from xuezheng.snapshots.manifest import policy_entries, rule_entry
from xuezheng.snapshots.snapshot import (
    FORMAT,
    FROZEN_AT,
    MANIFEST,
    WITHDRAWN,
    Snapshot,
    digest_of,
    name_of,
    sha256,
    snapshots_folder,
)
from xuezheng.snapshots.source import open_source, stream, table_of

_ROWS_NAMED = 10
#: The subject of the links of the chain (校验链) that record which snapshots were made.
SNAPSHOTS = "snapshot"


class FreezeRefused(Exception):
    """No snapshot can be made of the registers as they are.

    The exception's text is a Chinese sentence with the reason.
    """


def freeze(
    day: date | None = None, progress: Callable[[str, int, int], None] = lambda *args: None
) -> Snapshot:
    """Make a snapshot of every register and return it.

    If an equal one exists, that one is returned and becomes the newest, even if it was withdrawn. ``day`` is
    the date of the snapshot, by default today; ``progress`` is called with a Chinese description of the step,
    the number of tables done, and their total.

    Raises :class:`FreezeRefused` if the district is not registered, ``day`` is in the future, the database
    cannot be read, or a rule leaves a required value empty; ``NoRoom`` if the disk is nearly full;
    ``RuntimeError`` within a transaction on SQLite.
    """
    require_room("生成快照")
    pin_beginning()
    with _drafted(day, progress) as (draft, manifest):
        snapshot = _publish(draft, manifest)
    event = {
        "frozen": snapshot.id,
        "sha256": snapshot.manifest["sha256"],
        "release": __version__,
        "policies": policies_digest(),
    }
    ChainLink.objects.note(SNAPSHOTS, event)
    return snapshot


@contextmanager
def live(
    day: date,
    progress: Callable[[str, int, int], None] = lambda *args: None,
    *,
    tables: Mapping[type[Record], pa.Table] | None = None,
    base: Snapshot | None = None,
) -> Iterator[Snapshot]:
    """Yield a temporary snapshot of the registers as they are now, dated ``day``.

    It is removed when the context ends. ``tables`` may give the rows of some registers as Arrow tables with
    the schema of :func:`xuezheng.rules.tables.schema`. If ``base``, a snapshot of the same day, is given, all
    other tables are taken from it instead of the database. Parameters and exceptions are otherwise those of
    :func:`freeze`.
    """
    with _drafted(day, progress, tables or {}, base) as (draft, manifest):
        folder = draft / name_of(manifest)
        folder.mkdir()
        for path in draft.glob("*.parquet"):
            path.rename(folder / path.name)
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        yield Snapshot(folder, base)


@contextmanager
def _drafted(
    day: date | None,
    progress: Callable[[str, int, int], None],
    tables: Mapping[type[Record], pa.Table] = MappingProxyType({}),
    base: Snapshot | None = None,
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Provide a folder with every table frozen, and its manifest; the folder is removed unless it was renamed."""
    district = _district(tables)
    if district is None:
        raise FreezeRefused("还没有登记本地信息。请先导入“本地信息”表。")
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise FreezeRefused(
            f"不能生成{day.isoformat()}的快照：这一天还没有到。请核对日期，或检查服务器的时钟。"
        )
    folder = snapshots_folder()
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder, prefix=".draft-"))
    try:
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "day": day.isoformat(),
            "district": district,
            "code_version": __version__,
            "tables": {},
        }
        engine = ibis.duckdb.connect(threads=2, memory_limit="1GB", temp_directory=str(draft / "spill"))
        with open_source() as source, read_once():
            for done, (name, model) in enumerate(registers().items()):
                progress(f"收录{model._meta.verbose_name}", done, len(registers()))
                if base is not None and model not in tables:
                    manifest["tables"][name] = _taken_over(base, name, draft)
                    continue
                batches = (
                    tables[model].to_batches()
                    if model in tables
                    else stream(source, rows_of(model), schema(model))
                )
                manifest["tables"][name] = _freeze_table(engine, batches, model, district, day, draft)
            manifest["policies"] = policy_entries(_read_by_rules(manifest, "policies"))
            manifest["code_lists"] = written_lists(_read_by_rules(manifest, "code_lists"))
        engine.disconnect()
        shutil.rmtree(draft / "spill", ignore_errors=True)
        if switched_off := unused():
            manifest["unused"] = sorted(switched_off)
        manifest["sha256"] = digest_of(manifest)
        yield draft, manifest
    except adbc_driver_manager.Error as error:
        raise FreezeRefused(
            f"数据库读不出来：{str(error).splitlines()[0]}。如果刚升级过程序，请先运行“xuezheng upgrade”。"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _district(tables: Mapping[type[Record], pa.Table]) -> dict[str, Any] | None:
    names = ("code", "name", "bureau_name")
    if District in tables:
        return next(iter(tables[District].select(names).to_pylist()), None)
    district: dict[str, Any] | None = District.objects.values(*names).first()
    return district


def _taken_over(source: Snapshot, name: str, draft: Path) -> dict[str, Any]:
    """Link a table's file from another snapshot into the draft, and return its manifest entry; the other may soon be removed."""
    entry: dict[str, Any] = source.manifest["tables"][name]
    os.link(source.folder / entry["file"], draft / entry["file"])
    return entry


def _freeze_table(
    engine: Any,
    incoming_batches: Iterable[pa.RecordBatch],
    model: type[Record],
    district: Mapping[str, str],
    day: date,
    draft: Path,
) -> dict[str, Any]:
    base = base_columns(model)
    incoming, columns_read = f"incoming_{model.table_name()}", schema(model)
    table, rulings = with_rules(table_of(engine, incoming, columns_read), model, district["code"], day)
    path = draft / f"{model.table_name()}.parquet"
    batches = (batch for batch in incoming_batches if batch.num_rows)
    first = next(batches, None)
    if first is None:
        pq.ParquetWriter(path, table.schema().to_pyarrow()).close()  # much faster than a query for nothing
    else:
        rows = pa.RecordBatchReader.from_batches(columns_read, itertools.chain([first], batches))
        engine.con.register(incoming, rows)
        # A rule that looks at other rows leaves them in any order; equal registers are to make equal files.
        ordered = table.order_by("id", *filter(None, [model.frozen_per]))
        engine.to_parquet(ordered, path, compression="zstd")
    written = pq.read_metadata(path)
    for rule, _ in rulings:
        # Who has nothing by a hypothetical policy is what the scenario is to show.
        if not rule.null and not is_overridden() and (gaps := _nulls(written, rule.name)):
            raise _gaps_refused(engine.read_parquet(str(path)), model, rule, gaps)
    kinds = table.schema()
    columns = [_base_entry(column) for column in base] + [
        rule_entry(rule, ruling, district["name"]) for rule, ruling in rulings
    ]
    return {
        "file": path.name,
        "rows": written.num_rows,
        "sha256": sha256(path),
        "columns": [{**column, "type": str(kinds[column["name"]])} for column in columns],
    }


def _nulls(written: Any, column: str) -> int:
    """The number of rows of a Parquet file without a value in a column, from its own statistics."""
    place = written.schema.names.index(column)
    groups = (written.row_group(number).column(place) for number in range(written.num_row_groups))
    return sum(group.statistics.null_count for group in groups)


def _gaps_refused(frozen: ibis.Table, model: type[Record], rule: RuleColumn, gaps: int) -> FreezeRefused:
    empty = frozen.filter(frozen[rule.name].isnull())
    ids = empty.order_by("id").limit(_ROWS_NAMED).id.to_pyarrow().to_pylist()
    return FreezeRefused(
        f"“{model._meta.verbose_name}”有{gaps}行算不出“{rule.label.split('：')[0]}”，不能生成快照："
        f"{'、'.join(_places(model, ids))}{'等' if gaps > len(ids) else ''}。"
        "请核对这些行所填的内容，或补充相应的政策标准。"
    )


def _places(model: type[Record], ids: list[Any]) -> list[str]:
    rows = model._default_manager.filter(pk__in=ids).select_related("batch").order_by("pk")
    return [
        f"编号{row.pk}"
        + (f"（来自{row.batch.file_name}“{row.source_sheet}”第{row.source_row}行）" if row.batch else "")
        for row in rows
    ]


def _base_entry(column: BaseColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "choices": dict(column.choices),
        "money": column.money,
        "register": column.register,
        "policies": [],
        "reads": [],
    }


def _read_by_rules(manifest: dict[str, Any], kind: str) -> set[str]:
    """The keys of the ``policies`` or ``code_lists`` that the rule columns read."""
    return {
        key
        for table in manifest["tables"].values()
        for column in table["columns"]
        for key in column.get(kind, ())
    }


def _publish(draft: Path, manifest: dict[str, Any]) -> Snapshot:
    """Give the finished draft its name; an equal snapshot stays in its place and counts as the newest again."""
    name = name_of(manifest)
    final = snapshots_folder() / name
    if not final.exists():
        with (draft / MANIFEST).open("w", encoding="utf-8") as file:
            json.dump(manifest, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        for path in draft.iterdir():
            path.chmod(0o444)
        draft.rename(final)
    (final / WITHDRAWN).unlink(missing_ok=True)  # freezing the same again makes it valid
    marker = final / f"{FROZEN_AT}.new"
    marker.write_text(timezone.now().astimezone(UTC).isoformat(), encoding="ascii")
    marker.replace(final / FROZEN_AT)
    return Snapshot.open(name)
