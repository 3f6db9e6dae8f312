"""The effect that an import would have, row by row, shown before it is made."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from xuezheng.intake.matching import Matched
from xuezheng.records.fields import EncryptedField, ModelField, field_of
from xuezheng.records.identifiers import masked, with_numbers_masked
from xuezheng.records.models import User, linked_register
from xuezheng.workbooks.cells import text_of
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.sheet import Column, Sheet, links

#: What becomes of a row: the Chinese name of each kind, in the order in which a page shows them.
KINDS = {
    "rejected": "退回",
    "doubtful": "须确认",
    "added": "新增",
    "changed": "修改",
    "unchanged": "未变",
}
_HIDDEN = "（不在您的查看范围）"


@dataclass(frozen=True)
class Difference:
    """One field of a record that would change: its Chinese title, and the texts before and after.

    ID numbers are masked.
    """

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One row of a sheet in a preview.

    ``number`` is its row number in Excel, from 1, or 0 for a record that is in no row of the file. ``kind``
    is a key of :data:`KINDS`. ``cells`` are the texts of the columns with ID numbers masked; ``wrong`` are
    the indexes in ``cells``, from 0, of cells with a problem. ``differences`` are the changes of existing
    records.
    """

    number: int
    kind: str
    cells: tuple[str, ...]
    wrong: tuple[int, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass
class SheetPreview:
    """The preview of one sheet: the ``titles`` of its columns and its rows, with ID numbers masked."""

    sheet: str
    titles: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """The number of rows of each kind, by the kinds that occur."""
        return Counter(row.kind for row in self.rows)


def fingerprint(previews: Iterable[SheetPreview]) -> str:
    """Return a hash of the effect that an import would have, from the previews of its sheets.

    It is the same for two previews of a file if and only if the same rows would be added, changed and
    rejected in the same way.
    """
    contents = [
        (preview.sheet, row.number, row.kind, [(d.title, d.before, d.after) for d in row.differences])
        for preview in previews
        for row in preview.rows
    ]
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()


def kinds_of(matched: Matched, rejected: Collection[int]) -> list[str]:
    """Return the kind of each row of ``matched``, in order: ``rejected``, ``added``, ``changed`` or ``unchanged``.

    ``rejected`` are the indexes of the rejected rows, from 0. A row counts as changed also if only a record
    that it refers to, such as its person, is added or changed.
    """
    kinds = []
    for row, record in enumerate(matched.records):
        if row in rejected:
            kinds.append("rejected")
        elif id(record) in matched.fresh:
            kinds.append("added")
        else:
            kinds.append("changed" if _changes(matched, row) else "unchanged")
    return kinds


def _changes(matched: Matched, row: int) -> bool:
    record = matched.records[row]
    if id(record) in matched.changed or id(record) in matched.fresh:
        return True
    return any(_changes(linked, row) for linked in matched.linked.values())


def preview_sheet(
    name: str, sheet: Sheet, numbers: list[int], kinds: list[str], texts: dict[Column, list[str]],
    rejected: dict[int, set[str]], matched: Matched, user: User | None,
) -> SheetPreview:  # fmt: skip
    """Return the preview of a sheet.

    ``name`` is the sheet's name in the file; ``numbers`` are the Excel row numbers, ``kinds`` the kinds of
    the rows and ``texts`` the cells by column, all in the order of the rows. ``rejected`` has, by the index
    of a row, the column paths of its cells with problems; ``matched`` are the records that the rows name.
    Values that ``user`` may not see are hidden.
    """
    columns = [shown(column, cells) for column, cells in texts.items()]
    paths = {column.path: place for place, column in enumerate(texts)}
    wrong = [
        tuple(paths[path] for path in rejected.get(row, ()) if path in paths) for row in range(len(numbers))
    ]
    changes = differences(sheet, matched, user)
    rows = [
        Row(*values)
        for values in zip(numbers, kinds, zip(*columns, strict=True), wrong, changes, strict=True)
    ]
    return SheetPreview(name, [column.title for column in texts], rows)


def shown(column: Column, texts: list[str]) -> list[str]:
    """Return a column's texts with ID numbers masked, as a page may show them.

    A secret column is masked whole.
    """
    hide = masked if column.secret else with_numbers_masked
    cells = {text: hide(text) for text in set(texts)}
    return [cells[text] for text in texts]


def differences(sheet: Sheet, matched: Matched, user: User | None) -> list[tuple[Difference, ...]]:
    """Return, for each row, the changes of the records that it names.

    The names of linked records that ``user`` may not see are replaced by a note; without a user (None) all
    are shown.
    """
    titles = {column.path: column.title for column in sheet.columns}
    by_record = _collect_differences(matched, titles, "", user)
    return [
        tuple(d for part in parts for d in part) for parts in zip(*_by_row(matched, by_record), strict=True)
    ]


def _collect_differences(
    matched: Matched, titles: dict[str, str], prefix: str, user: User | None
) -> dict[int, list[Difference]]:
    by_record: dict[int, list[Difference]] = {}
    names = _names(matched, user)
    for identity, before in matched.before.items():
        record = matched.changed.get(identity)
        if record is None:
            continue
        for name, old in before.items():
            column = field_of(matched.model, name)
            new = getattr(record, column.attname)
            title = titles.get(prefix + name, str(column.verbose_name))
            if name in names:
                texts = (
                    names[name].get(old, _HIDDEN if old else ""),
                    names[name].get(new, _HIDDEN if new else ""),
                )
            else:
                texts = (_text(column, old), _text(column, new))
            by_record.setdefault(identity, []).append(Difference(title, *texts))
    for name, linked in matched.linked.items():
        by_record |= _collect_differences(linked, titles, f"{prefix}{name}.", user)
    return by_record


def _names(matched: Matched, user: User | None) -> dict[str, dict[Any, str]]:
    """The names of the records to which foreign keys point before and after, by field and key, as far as the user may see them."""
    names = {}
    for name, link in links(matched.model).items():
        keys = {before[name] for before in matched.before.values() if name in before}
        keys |= {
            getattr(matched.changed[identity], link.attname)
            for identity in matched.before
            if identity in matched.changed
        }
        visible = Rights(user).visible(linked_register(link))
        rows = (
            visible.in_bulk(keys - {None})
            if any(name in values for values in matched.before.values())
            else {}
        )
        names[name] = {key: str(row) for key, row in rows.items()}
    return names


def _text(column: ModelField, value: Any) -> str:
    text = text_of(column, value)
    return masked(text) if isinstance(column, EncryptedField) else with_numbers_masked(text)


def _by_row(matched: Matched, by_record: dict[int, list[Difference]]) -> Iterable[list[list[Difference]]]:
    yield [by_record.get(id(record), []) for record in matched.records]
    for linked in matched.linked.values():
        yield from _by_row(linked, by_record)
