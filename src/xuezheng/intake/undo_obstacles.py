"""Obstacles to undoing a batch: records changed since, or referred to by later rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CASCADE, ForeignObjectRel, Model
from django.utils.timezone import localtime

from xuezheng.intake.batch_history import Traces
from xuezheng.intake.matching import find, unique_sets
from xuezheng.intake.saving import CHANGED, IMPORTED, written_by
from xuezheng.records.bulk import parts
from xuezheng.records.fields import field_of, linked_model
from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.records.models import Batch, Record, linked_register
from xuezheng.workbooks.sheet import links


@dataclass(frozen=True)
class Obstacle:
    """One row of a batch that cannot be undone: its file, sheet and Excel row, and a Chinese message with the remedy.

    For a change of many records or a deletion, ``sheet`` is the register's name and ``row`` is None.
    """

    file: str
    sheet: str
    row: int | None
    message: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        return f"“{self.file}”“{self.sheet}”{row}：{self.message}"


def find_obstacles(batch_traces: list[Traces], batch: Batch) -> list[Obstacle]:
    """Return an obstacle for every row that prevents the batch from being undone, in the order of sheets and rows.

    ``batch_traces`` are the result of :func:`xuezheng.intake.batch_history.traces_of` for ``batch``.
    """
    obstacles = []
    for traces in batch_traces:
        obstacles_of_model = [
            *_changed_since(traces, batch),
            *_pointed_to(traces, batch_traces, batch),
            *_cannot_come_back(traces, batch_traces),
        ]
        for key, message in obstacles_of_model:
            row = traces.left[key]
            sheet, place = row.source_sheet, row.source_row
            if batch.reason:
                sheet, place, message = (
                    str(traces.model._meta.verbose_name),
                    None,
                    f"编号{key}的记录{message}",
                )
            obstacles.append(Obstacle(batch.file_name, sheet, place, message))
    return sorted(set(obstacles), key=lambda obstacle: (obstacle.sheet, obstacle.row or 0, obstacle.message))


def _changed_since(traces: Traces, batch: Batch) -> Iterator[tuple[int, str]]:
    names = [field.attname for field in traces.model.history.model.tracked_fields]
    differing: dict[int, list[str]] = {}
    for key, left in traces.left.items():
        now = traces.now.get(key)
        if key in traces.removed and now is None:
            continue
        differs = (
            names if now is None else [name for name in names if getattr(now, name) != getattr(left, name)]
        )
        if differs:
            differing[key] = differs
    later = _later_versions(traces, differing)
    for key, differs in differing.items():
        if key not in traces.now:
            yield key, _who_deleted(later.get(key))
        else:
            yield key, _who_changed(traces.model, differs, later.get(key), batch)


def _later_versions(traces: Traces, keys: Iterable[int]) -> dict[int, Any]:
    later: dict[int, Any] = {}
    versions = traces.model.history.model.objects.select_related("history_user")
    for part in parts(list(keys)):
        for version in versions.filter(id__in=part).order_by("pk"):
            if version.pk > traces.left[version.id].pk:
                later[version.id] = version
    return later


def _who_deleted(version: Any) -> str:
    match = re.match(f"{CHANGED}([0-9]+)", version.history_change_reason or "") if version else None
    return f"后来已被删除。请先撤销批次{match[1]}。" if match else "后来已被删除。请联系管理员。"


def _who_changed(model: type[Record], differs: list[str], version: Any, batch: Batch) -> str:
    provenance = {field.attname for field in Record._meta.fields}
    titles = "、".join(
        str(field.verbose_name)
        for field in model._meta.concrete_fields
        if field.attname in differs and field.attname not in provenance and field.editable
    )
    what = f"后来有更改（{titles}）" if titles else "后来有更改"
    if version is None:
        return f"{what}，没有更改记录可查。请联系管理员。"
    if version.batch_id not in (None, batch.pk) and (version.history_change_reason or "").startswith(
        IMPORTED
    ):
        return f"{what}，来自批次{version.batch_id}。请先撤销批次{version.batch_id}。"
    if match := re.match(f"{CHANGED}([0-9]+)", version.history_change_reason or ""):
        return f"{what}，来自批次{match[1]}。请先撤销批次{match[1]}。"
    when = f"{localtime(version.history_date):%Y-%m-%d %H:%M}"
    reason = with_numbers_masked(version.history_change_reason or "未填")
    return f"{what}，由{version.history_user or '系统'}于{when}所改，原因：{reason}。如仍要撤销，请先在该记录页面改回。"


def _pointed_to(traces: Traces, batch_traces: list[Traces], batch: Batch) -> Iterator[tuple[int, str]]:
    """Yield the keys of added records, with a message, to which rows point that the undo neither removes nor restores."""
    if not traces.added:
        return
    handled: dict[type[Model], Collection[int]] = {
        traces.model: traces.left.keys() for traces in batch_traces
    }
    written = written_by(traces.model, batch).filter(history_type="+")
    for relation in _relations(traces.model):
        model, name = linked_model(relation), relation.field.name
        of_a_batch = "batch_id" if issubclass(model, Record) else "pk"
        pointing: dict[int, list[int | None]] = defaultdict(list)
        rows = model._base_manager.filter(**{f"{name}__in": written.values("id")})
        for key, target, came_with in rows.values_list("pk", f"{name}_id", of_a_batch):
            if key not in handled.get(model, ()):
                pointing[target].append(came_with if issubclass(model, Record) else None)
        for target, batches in pointing.items():
            if target in traces.added:
                yield target, _who_points(str(model._meta.verbose_name), batches)


def count_pointing(model: type[Record], key: int) -> dict[str, int]:
    """Return how many rows of the database refer to a record and so keep it from being deleted.

    ``key`` is the primary key of the record of ``model``. The result has the number of rows by the Chinese
    name of their register or table; those without such rows are absent, so {} means that the record may be
    deleted. Rows that would be deleted together with the record (``CASCADE``) do not count.
    """
    counts: dict[str, int] = {}
    for relation in _relations(model):
        pointing = linked_model(relation)
        if rows := pointing._base_manager.filter(**{relation.field.name: key}).count():
            title = str(pointing._meta.verbose_name)
            counts[title] = counts.get(title, 0) + rows
    return counts


def _relations(model: type[Model]) -> Iterator[ForeignObjectRel]:
    """Yield the relations of rows that keep a record from being deleted; what is worked out from the record goes with it."""
    for relation in model._meta.get_fields(include_hidden=True):
        if (
            isinstance(relation, ForeignObjectRel)
            and getattr(relation.field, "db_constraint", False)
            and relation.on_delete is not CASCADE
        ):
            yield relation


def _who_points(title: str, batches: list[int | None]) -> str:
    numbers = "、".join(f"批次{number}" for number in sorted({batch for batch in batches if batch}))
    remedy = f"请先撤销{numbers}。" if numbers else f"请先改正或移走这些{title}。"
    return f"后来有{len(batches)}条“{title}”指向这一行加入的记录。{remedy}"


def _cannot_come_back(traces: Traces, batch_traces: list[Traces]) -> Iterator[tuple[int, str]]:
    """Yield the keys of changed records, with a message, whose former values cannot return: a linked record is gone, or a key is taken."""
    for key in traces.left.keys() - traces.added - traces.before.keys():
        yield key, "导入前的内容没有记录，无法恢复。请联系管理员。"
    gone = {traces.model: traces.added for traces in batch_traces}
    for name, link in links(traces.model).items():
        target_keys = {getattr(version, link.attname) for version in traces.before.values()} - {None}
        there: set[int] = set()
        for part in parts(sorted(target_keys)):
            there |= set(linked_register(link)._base_manager.filter(pk__in=part).values_list("pk", flat=True))
        missing = target_keys - (there - gone.get(linked_register(link), set()))
        for key, version in traces.before.items():
            if getattr(version, link.attname) in missing:
                title = field_of(traces.model, name).verbose_name
                yield key, f"原来的“{title}”已不在台账中，无法恢复。请联系管理员。"
    # A change leaves the natural key as it is; of a deleted record it may have been taken since.
    keys_to_take = [*unique_sets(traces.model), *([traces.model.natural_key] if traces.removed else [])]
    for names in keys_to_take:
        attributes = [field_of(traces.model, name).attname for name in names]
        keys = {
            key: tuple(getattr(version, name) for name in attributes)
            for key, version in traces.before.items()
        }
        holders = find(
            traces.model, [natural_key for natural_key in keys.values() if "" not in natural_key], names
        )
        for key, values in keys.items():
            holder = holders.get(values)
            if holder is not None and holder.pk not in traces.left:
                titles = "、".join(str(field_of(traces.model, name).verbose_name) for name in names)
                yield key, f"原来的“{titles}”后来已由另一条记录使用，无法恢复。请先核对那条记录。"
