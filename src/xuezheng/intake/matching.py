"""Matching of the rows of a sheet to records: existing and new ones, and their differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from xuezheng.records.fields import EncryptedField, KeyedHashField, field_of, keyed_hash
from xuezheng.records.models import Record, linked_register
from xuezheng.workbooks.sheet import Column, links

Key = tuple[Any, ...]
ReportProblem = Callable[..., None]
_ERASED = "台账中有内容，这里是空的。请补填；确要清空的，核对后再确认。"

_LOOK_UP_AT_ONCE = 5000


@dataclass
class Matched:
    """The records of one register that the rows of a sheet name.

    ``records`` has the record of each row; rows that name the same record share the object, and it is None if
    none could be found. ``fresh`` are the new and ``changed`` the changed records, in the order of the rows,
    ``rows`` the index of the first row of each record, ``before`` the former values of changed fields by name
    (for a foreign key the primary key); the keys of these four dicts are the ``id()`` of the record.
    ``linked`` has the matches in linked registers, by the name of the foreign key.
    """

    model: type[Record]
    records: list[Record | None] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    fresh: dict[int, Record] = field(default_factory=dict)
    changed: dict[int, Record] = field(default_factory=dict)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    linked: dict[str, Matched] = field(default_factory=dict)


class Matcher:
    """Matches all rows of one sheet to records.

    Rows are counted from 0; ``numbers`` are their row numbers in Excel. ``report_problem(row, path, message,
    value, reading)`` is called for each problem. Unless a user has confirmed the problem's ``reading``, it
    must add the path to ``rejected[row]``, the paths of the row's cells that cannot be used.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        numbers: list[int],
        rejected: dict[int, set[str]],
        report_problem: ReportProblem,
    ) -> None:
        self.titles = {column.path: column.title for column in columns}
        self.numbers = numbers
        self.rejected = rejected
        self.report_problem = report_problem

    def match(self, model: type[Record], values: dict[str, list[Any]], prefix: str = "") -> Matched:
        """Match the rows to records of ``model`` and return the result; nothing is saved.

        ``values`` has, by column path below ``prefix``, a list with one value per row; ``prefix`` is "" for
        the sheet's own register, else the path of the foreign key followed by a dot.
        """
        matched = Matched(model)
        for name, link in links(model).items():
            below = {
                path[len(name) + 1 :]: cells for path, cells in values.items() if path.startswith(f"{name}.")
            }
            if below:
                matched.linked[name] = self.match(linked_register(link), below, f"{prefix}{name}.")
        plain = {path: cells for path, cells in values.items() if "." not in path}
        size = len(next(iter(values.values())))
        keys = self._keys(model, plain, matched, size)
        existing = find(model, keys)
        new = _maker(model, plain, matched.linked)
        first_rows: dict[Key, int] = {}
        named_values: dict[tuple[Key, str], tuple[int, Any]] = {}
        for row in range(size):
            key = keys[row]
            if self._unusable(row, prefix) or None in key:
                matched.records.append(None)
                continue
            if not prefix and key in first_rows:
                self.report_problem(
                    row,
                    model.natural_key[-1],
                    f"与第{self.numbers[first_rows[key]]}行重复（同一{self._key_titles(model)}）。请只保留一行。",
                )
                matched.records.append(None)
                continue
            first_rows.setdefault(key, row)
            if prefix and not self._agrees(model, named_values, key, row, plain, prefix):
                matched.records.append(None)
                continue
            record = existing.get(key)
            if record is None and prefix and not model.added_by_reference:
                self._not_registered(model, row, plain, prefix)
            elif record is None:
                record = existing[key] = new(row)
                matched.fresh[id(record)] = record
                matched.rows[id(record)] = row
            else:
                self._update(record, row, plain, matched, prefix)
            matched.records.append(record)
        self._check(matched, prefix)
        self._check_uniqueness(matched, plain, prefix)
        return matched

    def _keys(
        self, model: type[Record], plain: dict[str, list[Any]], matched: Matched, size: int
    ) -> list[Key]:
        parts = []
        for name in model.natural_key:
            if name in matched.linked:
                parts.append([record and _identity(record) for record in matched.linked[name].records])
            else:
                parts.append([None if value == "" else value for value in plain[name]])
        return list(zip(*parts, strict=True)) if parts else [()] * size

    def _unusable(self, row: int, prefix: str) -> bool:
        """Return whether a cell of the record itself is wrong; a wrong cell elsewhere in the row does not keep it from being checked."""
        wrong = self.rejected.get(row)
        return wrong is not None and any(path.startswith(prefix) for path in wrong)

    def _not_registered(
        self, model: type[Record], row: int, plain: dict[str, list[Any]], prefix: str
    ) -> None:
        name = model.natural_key[-1]
        register = model._meta.verbose_name
        title = self.titles[prefix + name]
        self.report_problem(
            row, prefix + name,
            f"“{register}”台账中没有{title}为“{plain[name][row]}”的记录。请核对{title}；如是新的，须先导入{register}。",
        )  # fmt: skip

    def _agrees(
        self, model: type[Record], named_values: dict[tuple[Key, str], tuple[int, Any]], key: Key, row: int,
        plain: dict[str, list[Any]], prefix: str,
    ) -> bool:  # fmt: skip
        """Return whether a row gives a linked record the same values as the rows before it; report a problem where it does not.

        ``plain`` holds the values of all rows by field name. ``named_values`` keeps, for each key of a record and field, the first row that gave
        a value and that value, and is extended here. ``prefix`` is what the titles of the linked record's columns begin with.
        """
        agrees = True
        for name in plain.keys() - set(model.natural_key):
            value = plain[name][row]
            first, first_value = (
                (row, value) if value in (None, "") else named_values.setdefault((key, name), (row, value))
            )
            if first_value != value:
                titles = "、".join(self.titles[prefix + part] for part in model.natural_key if part in plain)
                self.report_problem(
                    row, prefix + name, f"与第{self.numbers[first]}行同一{titles}所填的不一致。请核对两行。"
                )
                agrees = False
        return agrees

    def _update(
        self, record: Record, row: int, plain: dict[str, list[Any]], matched: Matched, prefix: str
    ) -> None:
        """Set the fields that differ; a blank in a sheet that only refers to the record changes nothing."""
        before: dict[str, Any] = {}
        for name, cells in plain.items():
            old, new = getattr(record, name), cells[row]
            blank_means_unchanged = prefix or name in record.settled or _left_blank(type(record), name, new)
            if old == new or (new in (None, "") and blank_means_unchanged):
                continue
            if name in record.settled:
                shown = "登记的内容" if name == "name" else f"登记的“{_shown(record, name)}”"
                self.report_problem(
                    row, prefix + name,
                    f"与台账中同一证件号{shown}不一致，不会自动覆盖。请核对：台账有误的，由管理人员在该人员页面更正后再导入。",
                )  # fmt: skip
            else:
                setattr(record, name, new)
                before[name] = old
        for name, linked in matched.linked.items():
            new = linked.records[row]
            if new is None and (prefix or not field_of(record, name).null):
                continue
            old = getattr(record, f"{name}_id")
            if old != (new and new.pk):
                before[name] = old
            setattr(record, name, new)
        if before and id(record) not in matched.fresh:
            matched.changed[id(record)] = record
            matched.before[id(record)] = before | matched.before.get(id(record), {})
            matched.rows.setdefault(id(record), row)

    def _check(self, matched: Matched, prefix: str) -> None:
        for record in [*matched.fresh.values(), *matched.changed.values()]:
            row = matched.rows[id(record)]
            if self._unusable(row, prefix):
                continue
            record.complete()
            for name, message in record.faults():
                self.report_problem(row, prefix + name, message)
            self._ask_about_erased(record, row, matched.before.get(id(record), {}), prefix)
            if id(record) in matched.fresh:
                for name, message, reading in record.doubts():
                    self.report_problem(row, prefix + name, message, "", reading)

    def _ask_about_erased(self, record: Record, row: int, before: dict[str, Any], prefix: str) -> None:
        """Ask about the fields that a row leaves blank though something is recorded: what follows from other fields is filled again by now."""
        for name, old in before.items():
            attribute = f"{name}_id" if name in links(type(record)) else name
            if old not in (None, "") and getattr(record, attribute) in (None, ""):
                start = f"{prefix}{name}"
                path = next(path for path in self.titles if path == start or path.startswith(f"{start}."))
                self.report_problem(row, path, _ERASED, "", "“清空”")

    def _check_uniqueness(self, matched: Matched, plain: dict[str, list[Any]], prefix: str) -> None:
        """Report records that would share a value, or set of values, that must be unique, other than the natural key."""
        model = matched.model
        touched = [*matched.fresh.values(), *matched.changed.values()]
        for names in unique_sets(model):
            if not set(names) <= plain.keys():
                continue
            keys = [tuple(getattr(record, name) for name in names) for record in touched]
            holders = find(model, [key for key in keys if "" not in key], names)
            for record, key in zip(touched, keys, strict=True):
                holder = holders.setdefault(key, record) if "" not in key else record
                if holder is not record and holder.pk != (record.pk or 0):
                    titles = "、".join(self.titles[prefix + name] for name in names)
                    self.report_problem(
                        matched.rows[id(record)],
                        prefix + names[0],
                        f"已被另一条记录使用（{titles}不能重复）。请核对。",
                    )

    def _key_titles(self, model: type[Record]) -> str:
        names = []
        for name in model.natural_key:
            path = next(path for path in self.titles if path == name or path.startswith(f"{name}."))
            link = links(model).get(name)
            names.append(str(link.verbose_name) if link else self.titles[path])
        return "、".join(names)


def _maker(
    model: type[Record], plain: dict[str, list[Any]], linked: dict[str, Matched]
) -> Callable[[int], Record]:
    """Return a function that makes a new record of a row, by its number; a blank leaves the field its default.

    Values in the order of the fields, without names, take Django a third of the time.
    """
    fields = model._meta.concrete_fields
    columns = [(plain.get(field.name), field.get_default, field.has_default()) for field in fields]
    attributes = {name: field_of(model, name).attname for name in linked}

    def new(row: int) -> Record:
        record = model(  # type: ignore[misc]  # the plugin takes the list for the first value
            *[
                default() if cells is None or (has_default and cells[row] in (None, "")) else cells[row]
                for cells, default, has_default in columns
            ]
        )
        for name, others in linked.items():
            # What assigning does, without looking into the type of each.
            target = record._state.fields_cache[name] = others.records[row]
            record.__dict__[attributes[name]] = target and target.pk
        return record

    return new


def _identity(record: Record) -> int:
    """The number that represents a record in keys: its id, or a negative number for a record without one."""
    return record.pk or -id(record)


def _shown(record: Record, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    return str(display() if display else getattr(record, name))


def _left_blank(model: type[Record], name: str, value: Any) -> bool:
    return value in (None, "") and field_of(model, name).has_default()


def unique_sets(model: type[Record]) -> list[tuple[str, ...]]:
    """Return the sets of fields whose values together must be unique in a register, besides the natural key.

    Each is a tuple of field names. For a field that stores the hash of an encrypted one, it is the encrypted
    one.
    """
    single = [field for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    # A hash is unique for the text that it stands for.
    sets: list[tuple[str, ...]] = [
        (field.of if isinstance(field, KeyedHashField) else field.name,) for field in single
    ]
    sets += [tuple(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    return [names for names in sets if names != model.natural_key]


def find(model: type[Record], keys: list[Key], names: tuple[str, ...] = ()) -> dict[Key, Record]:
    """Return the existing records with these keys, by key, and lock their rows until the transaction ends.

    A key is a tuple of the values of the fields ``names``, by default those of the natural key; for a foreign
    key the value is a primary key. The result may also contain records with other keys that have a key's
    first value.
    """
    names = names or model.natural_key
    first = field_of(model, names[0])
    lookup_values = {key[0] for key in keys if None not in key}
    if first.is_relation:
        lookup_values = {number for number in lookup_values if number > 0}
    lookup = f"{first.name}__in"
    if isinstance(first, EncryptedField):
        lookup, lookup_values = f"{first.name}_hash__in", {keyed_hash(value) for value in lookup_values}
    attributes = [field_of(model, name).attname for name in names]
    ordered = sorted(lookup_values)
    # Locked until the import ends, so that no change made by hand meanwhile is written over.
    rows = model._default_manager.select_for_update()
    records: dict[Key, Record] = {}
    for start in range(0, len(ordered), _LOOK_UP_AT_ONCE):
        for record in rows.filter(**{lookup: ordered[start : start + _LOOK_UP_AT_ONCE]}):
            records[tuple(getattr(record, attribute) for attribute in attributes)] = record
    return records
