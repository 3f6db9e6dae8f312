"""Many rows, and one worker at a time: what every stage that writes registers in bulk does alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import connection

AT_ONCE = 2000
Key = TypeVar("Key")


def parts(keys: Sequence[Key], size: int = AT_ONCE) -> Iterator[Sequence[Key]]:
    """Yield as many keys at a time as a statement takes."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def wait_in_line(work: str) -> None:
    """Let one at a time do a kind of work, till its transaction ends.

    SQLite has but one writer; PostgreSQL is told by a lock that ends with the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"xuezheng {work}"])
