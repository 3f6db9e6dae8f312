"""The access log: personal data in a page, a file or an API response is logged before it is sent.

An entry is first written as a small file of its own in the data folder, and filed into the database in bulk:
by the server every half minute, and before anybody reads the log. So a page writes nothing to the database,
and on SQLite does not wait for an import that locks it; and a server that dies in between loses no entry. The
entry's key is the file's name, so an entry that is filed twice is stored once.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.records.models import ChainLink, Look, Person, Record, Seen, linked_register
from xuezheng.web.ui import display

_TAIL_BITS = 20
_LONGEST_ADDRESS = 45
#: The suffix of the file of an entry that cannot be read; it stays in the folder as evidence.
DAMAGED = ".damaged"
_LOGGER = logging.getLogger(__name__)
_AT_ONCE = 1000


def note(
    request: HttpRequest,
    what: str,
    purpose: str,
    persons: Iterable[int],
    *,
    unregistered: int = 0,
    kind: Any = Look.Kind.PAGE,
) -> None:
    """Log that the user of ``request`` is about to see data of persons; without any person nothing is logged.

    ``what`` is the Chinese title of the page or file, ``purpose`` the purpose of the access. ``persons`` are
    primary keys of persons (see :func:`persons_in`), and ``unregistered`` is the number of further persons
    who are not in the registers yet; ``kind`` is a ``Look.Kind``. Raises ``OSError`` where the entry cannot
    be written: the data must then not be shown.
    """
    keys = sorted(set(persons))
    people = len(keys) + unregistered
    if not people:
        return
    moment = time.time_ns() // 1_000_000
    line = {
        "id": moment << _TAIL_BITS | secrets.randbits(_TAIL_BITS),
        "at": datetime.fromtimestamp(moment / 1000, UTC).isoformat(),
        "by": request.user.pk,
        "kind": kind,
        "what": what[:120],
        "purpose": purpose[:120],
        "people": people,
        "machine": machine(request),
        "persons": keys,
    }
    write_whole(_folder() / f"{line['id']}.json", json.dumps(line).encode())


def persons_in(records: Iterable[Record | None]) -> set[int]:
    """Return the primary keys of the persons whom the records, or the records they link to, are about.

    Elements that are None are skipped, and so are links loaded as None because the user may not see the
    person.
    """
    return {key for record in records if record is not None for key in _persons(record)}


def _persons(record: Record) -> Iterator[int]:
    if isinstance(record, Person):
        yield record.pk
    model: Any = type(record)
    for name in _links(model):
        # A record that the reader may not see was not read along: see display.with_links.
        linked = getattr(record, name, None)
        if linked is not None:
            yield from _persons(linked)


@cache
def _links(model: Any) -> tuple[str, ...]:
    """Return the names of the links of a register that lead to registers of personal data."""
    links = (field for field in model._meta.fields if display.is_link(field))
    return tuple(field.name for field in links if linked_register(field).personal)


def machine(request: HttpRequest) -> str:
    """Return the IP address of the client, at most 45 characters; "" where it is unknown.

    Behind the trusted proxy the server has already replaced the proxy's address by the client's.
    """
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def file_away() -> int:
    """Move the entries waiting in files into the database; return how many there were.

    Also removes entries older than ``ACCESS_LOG_KEPT_DAYS``. Two processes may do this at once: each entry is
    stored once.
    """
    waiting = sorted(_folder().glob("*.json"))
    for start in range(0, len(waiting), _AT_ONCE):
        _file(waiting[start : start + _AT_ONCE])
    _forget(timezone.now() - timedelta(days=settings.ACCESS_LOG_KEPT_DAYS))
    return len(waiting)


def _forget(before: datetime) -> None:
    """Remove the lines from before a time, and record this on the chain."""
    with transaction.atomic():
        if Look.objects.forget(before):
            ChainLink.objects.note("access", {"forgotten_before": before.isoformat()})


def _file(paths: list[Path]) -> None:
    lines = [line for path in paths if (line := _read(path))]
    keys = {line["id"] for line in lines}
    with transaction.atomic():
        ChainLink.objects.lock()
        new = keys - set(Look.objects.filter(pk__in=keys).values_list("pk", flat=True))
        Look.objects.bulk_create(map(_build_entry, lines), ignore_conflicts=True)
        person_entries = [Seen(look_id=line["id"], person=key) for line in lines for key in line["persons"]]
        Seen.objects.bulk_create(person_entries, batch_size=_AT_ONCE, ignore_conflicts=True)
        ChainLink.objects.append("access", new)
    for path in paths:
        path.unlink(missing_ok=True)


def _read(path: Path) -> Mapping[str, Any] | None:
    """Read a line from its file; None for one that another process has filed, or that is damaged.

    A damaged file is renamed, so that it stops no other; ``doctor`` and the page count these files.
    """
    try:
        line: Mapping[str, Any] = json.loads(path.read_bytes())
        _check(line)
    except FileNotFoundError:  # filed by another process meanwhile
        return None
    except (ValueError, LookupError, TypeError, AttributeError, ValidationError):
        _LOGGER.error("a line of the access log is damaged and was put aside: %s", path.name)
        path.replace(path.with_suffix(DAMAGED))
        return None
    return line


def _check(line: Mapping[str, Any]) -> None:
    """Raise an exception where a part of a line is missing or of a wrong type: one such line would block all that are filed with it."""
    _build_entry(line).clean_fields(exclude=["by", "machine"])
    whole_numbers = (line["id"], line["by"], line["people"], *line["persons"])
    if not all(isinstance(number, int) and 0 <= number < 2**63 for number in whole_numbers):
        raise ValueError
    if not (isinstance(line["machine"], str) and len(line["machine"]) <= _LONGEST_ADDRESS):
        raise ValueError


def count_damaged() -> int:
    """Return how many files with unreadable access log entries were put aside."""
    return sum(1 for _ in _folder().glob(f"*{DAMAGED}"))


def _build_entry(line: Mapping[str, Any]) -> Look:
    values = {name: value for name, value in line.items() if name not in ("by", "at", "persons")}
    return Look(by_id=line["by"], at=datetime.fromisoformat(line["at"]), **values)


def _folder() -> Path:
    folder = home() / "looks"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
