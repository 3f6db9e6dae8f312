"""Looking up many records at once: a column of names, ID numbers or codes, pasted from a workbook.

The last pasted column of each of the latest three registers is stored encrypted in the session, and is never
in an address.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import QuerySet

from xuezheng.core.encryption import seal_text, unseal_text
from xuezheng.records.bulk import parts
from xuezheng.records.fields import KeyedHashField, keyed_hash
from xuezheng.records.identifiers import id_number_in
from xuezheng.records.models import Person, Record
from xuezheng.web.ui import display

if TYPE_CHECKING:
    from xuezheng.web.lists.request import ListQuery

MOST_LINES = 2000
_MOST_EACH = 20
_MOST_ROWS = 10_000
_LONGEST = 60
_KEPT = "pasted"
_KEPT_REGISTERS = 3


class Line(NamedTuple):
    """One pasted line, and the primary keys of the rows that match it, at most 20."""

    text: str
    keys: list[int]


def lines_of(text: str) -> list[str]:
    """Return the texts of a pasted column, one for each line that is not empty.

    Where a line has several cells (separated by tabs), its text is the one with an ID number, else the first
    filled one.
    """
    texts = []
    for line in text.splitlines():
        cells = [" ".join(cell.split()) for cell in line.split("\t") if cell.strip()]
        if cells:
            texts.append(next(filter(id_number_in, cells), cells[0])[:_LONGEST])
    return texts


def look_up(visible: QuerySet[Record], texts: list[str]) -> list[Line]:
    """Return a line for each of ``texts``, in their order, with the matching rows of the query set ``visible``.

    A row matches by the complete number, or by the exact name or code, of the row itself or of its person.
    """
    keys_by_text: dict[str, dict[int, None]] = defaultdict(dict)
    for path in _hashes(visible.model):
        texts_by_value: dict[str, list[str]] = defaultdict(list)
        for text in set(texts):
            for number in {text.upper(), id_number_in(text) or ""} - {""}:
                texts_by_value[keyed_hash(number)].append(text)
        _gather(visible, path, texts_by_value, keys_by_text)
    for path in _names(visible.model):
        texts_by_value = defaultdict(list)
        for text in set(texts):
            texts_by_value[text.replace(" ", "") if not text.isascii() else text].append(text)
        _gather(visible, path, texts_by_value, keys_by_text)
    return [Line(text, list(keys_by_text[text])[:_MOST_EACH]) for text in texts]


def keep(session: Any, model: type[Record], lines: list[Line]) -> str:
    """Store the lines for a register encrypted in the session, and return the token for the address of the result."""
    token = secrets.token_hex(8)
    encrypted = seal_text("pasted", [token, [tuple(line) for line in lines]])
    others = {name: stored for name, stored in session.get(_KEPT, {}).items() if name != model.table_name()}
    kept = list(others.items())[1 - _KEPT_REGISTERS :]
    session[_KEPT] = {**dict(kept), model.table_name(): encrypted}
    return token


def kept(session: Any, model: type[Record], token: str) -> list[Line] | None:
    """Return the lines that :func:`keep` stored for a register under ``token``.

    None where the session no longer has them.
    """
    known, lines = unseal_text("pasted", session.get(_KEPT, {}).get(model.table_name(), "")) or (None, [])
    return [Line(*line) for line in lines] if known == token else None


def kept_in(session: Any) -> dict[str, str]:
    """Return the encrypted pasted columns of a session, by name of the register, to pass them to a background job.

    :func:`as_session` reverses this.
    """
    return dict(session.get(_KEPT, {}))


def as_session(pasted: dict[str, str]) -> dict[str, Any]:
    """Return pasted columns, as returned by :func:`kept_in`, as a dict that replaces the session in a background job.

    :class:`~xuezheng.web.lists.listing.Listing` accepts it as its session.
    """
    return {_KEPT: pasted}


def rows_of(query: ListQuery, session: Any) -> list[int] | None:
    """Return the primary keys of the rows to which a pasted column limits a list.

    None where the query has no pasted column, or the session no longer has it.
    """
    lines = kept(session, query.model, query.pasted) if query.pasted.isascii() and query.pasted else None
    if lines is None:
        return None
    return list(dict.fromkeys(key for line in lines for key in line.keys))[:_MOST_ROWS]


def _gather(
    visible: QuerySet[Record],
    path: str,
    texts_by_value: dict[str, list[str]],
    keys_by_text: dict[str, dict[int, None]],
) -> None:
    for part in parts(list(texts_by_value)):
        rows = visible.filter(**{f"{path}__in": part}).order_by("pk").values_list(path, "pk")
        for value, key in rows:
            for text in texts_by_value[value]:
                keys_by_text[text][key] = None


def _hashes(model: type[Record]) -> Iterator[str]:
    """Yield the look-up paths to the hashes of complete numbers: the row's own, and its person's."""
    yield from (field.name for field in model._meta.fields if isinstance(field, KeyedHashField))
    path = display.person_path(model)
    if path:
        yield from (
            f"{path}{field.name}" for field in Person._meta.fields if isinstance(field, KeyedHashField)
        )


def _names(model: type[Record]) -> Iterator[str]:
    """Yield the look-up paths to texts that identify a row on their own: its codes, its name, or its person's name."""
    fields = {field.name: field for field in display.shown_fields(model)}
    codes = [
        name for name in ("name", "title", *model.natural_key) if name in fields and _is_text(fields[name])
    ]
    path = display.person_path(model)
    yield from dict.fromkeys(
        [*codes, *([f"{path}name"] if path else []), *([] if codes or path else display.named_by(model))]
    )


def _is_text(field: Any) -> bool:
    return field.get_internal_type() == "CharField" and not field.choices
