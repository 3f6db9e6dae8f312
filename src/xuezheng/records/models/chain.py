"""The chain (校验链): a sequence of links, each with digests of rows and the hash of the link before.

Rows that are written once and never changed, such as those of the access log, are covered by a link when they
are added. Whether one was changed or removed later is seen from its digest, and a changed link from the hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NoReturn

from django.db import connection, models, transaction
from django.utils import timezone

from xuezheng.records.bulk import parts, wait_in_line
from xuezheng.registry import Declaration, declared_anywhere

#: The largest number of rows that one link covers, so that damage to a link concerns few rows.
ROWS_A_LINK = 500
_DIGEST = 16  # hexadecimal digits of a row's digest

Row = list[Any]


class ChainedRows(Declaration):
    """Declares a kind of rows that are written once and never changed, and that the chain (校验链) covers.

    The chain has a digest of each, which shows later changes. ``name`` identifies the kind in the chain,
    ``label`` is Chinese. ``keys`` returns a query set of all rows. ``contents`` takes primary keys and
    returns a mapping from the key of each row that exists to its contents, a list of values that are
    JSON-serialisable, dates or datetimes.
    """

    def __init__(
        self,
        name: str,
        label: str,
        keys: Callable[[], models.QuerySet[models.Model]],
        contents: Callable[[Collection[int]], Mapping[int, Row]],
    ) -> None:
        self.name = name
        self.label = label
        self.keys = keys
        self.contents = contents

    @property
    def key(self) -> str:
        """The name by which links refer to this kind of rows."""
        return self.name

    def digests(self, keys: Collection[int]) -> dict[int, str]:
        """Return a 16-digit hexadecimal digest of the contents of each row, by primary key; missing rows are left out."""
        return {key: digest(row)[:_DIGEST] for key, row in self.contents(keys).items()}


class ChainLinkQuerySet(models.QuerySet["ChainLink"]):
    """Links of the chain: they are appended and read, never changed."""

    def append(self, subject: str, keys: Collection[int]) -> None:
        """Append links that cover new rows, at most 500 rows per link.

        ``subject`` is the name of a :class:`ChainedRows`, ``keys`` the primary keys of rows not yet covered.
        Call it late in a transaction, since the chain is locked until the transaction ends. Raises
        ``KeyError`` for an unknown subject and ``TransactionManagementError`` if no transaction is open.
        """
        rows = chained_rows()[subject]
        for part in parts(sorted(keys), ROWS_A_LINK):
            digests = rows.digests(part)
            self._link(subject, sorted(map(list, digests.items())), {})

    def note(self, subject: str, event: Mapping[str, Any]) -> None:
        """Append a link with an event about an object that is no row of the database, such as a snapshot.

        ``subject`` names the kind of object; ``event`` describes what happened and is JSON-serialisable.
        """
        with transaction.atomic():
            self._link(subject, [], dict(event))

    def _link(self, subject: str, rows: list[list[Any]], event: dict[str, Any]) -> None:
        self.lock()
        last = self.model.objects.order_by("-number").first()
        link = ChainLink(
            number=last.number + 1 if last else 1,
            at=timezone.now(),
            subject=subject,
            rows=rows,
            event=event,
            previous=last.hash if last else "",
        )
        link.hash = link.computed_hash()
        link.save(force_insert=True)

    def lock(self) -> None:
        """Keep other transactions from appending links until the current one ends.

        Raises ``TransactionManagementError`` if no transaction is open.
        """
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("the chain grows within transactions only")
        wait_in_line("chain")

    def cover_uncovered(self) -> int:
        """Append links that cover all existing rows of those kinds that have no link yet, and return the number of rows.

        This is needed after an upgrade from a release without the chain.
        """
        covered = 0
        with transaction.atomic():
            self.lock()
            linked = set(self.values_list("subject", flat=True).distinct())
            for subject, rows in chained_rows().items():
                keys = [] if subject in linked else list(rows.keys().values_list("pk", flat=True))
                self.append(subject, keys)
                covered += len(keys)
        return covered

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: raises ``TypeError``, since links are never changed."""
        raise TypeError("a link is never changed")

    def delete(self) -> NoReturn:
        """Refuse: raises ``TypeError``, since links are never deleted."""
        raise TypeError("a link is never deleted")


class ChainLink(models.Model):
    """One link of the chain (校验链): the rows that it covers, with a digest of each, and the hash of the previous link.

    ``subject`` is the name of the kind of rows (:class:`ChainedRows`), ``rows`` a list of [primary key,
    digest]; ``event`` is empty, or describes an event about an object that is no row. ``previous`` is "" in
    the first link.
    """

    number = models.PositiveBigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    subject = models.CharField("对象", max_length=40, db_index=True)
    rows = models.JSONField("各行摘要", default=list)
    event = models.JSONField("事件", default=dict)
    previous = models.CharField("上一环", max_length=64, blank=True)
    hash = models.CharField("校验值", max_length=64)

    objects = ChainLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "校验链"
        verbose_name_plural = "校验链"
        ordering = ("number",)

    def __str__(self) -> str:
        return f"第{self.number}环"

    def computed_hash(self) -> str:
        """Return the hash over all other columns of the link.

        It differs from ``hash`` if the link was changed.
        """
        return digest([self.number, self.at, self.subject, self.rows, self.event, self.previous])


def digest(values: Any) -> str:
    """Return the SHA-256, in hexadecimal, of values written as canonical JSON.

    Keys are sorted, there are no blanks, and datetimes are in UTC.
    """
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"nothing of {type(value).__name__} is chained")


def rows_by_key(
    queryset: models.QuerySet[models.Model], *columns: str
) -> Callable[[Collection[int]], Mapping[int, Row]]:
    """Return a ``contents`` function for :class:`ChainedRows`, which reads the named columns of a query set.

    It takes primary keys and returns a dict from each key that exists to the list of the columns' values.
    """

    def read(keys: Collection[int]) -> dict[int, Row]:
        rows = queryset.filter(pk__in=keys).values_list("pk", *columns)
        return {key: list(values) for key, *values in rows}

    return read


@cache
def chained_rows() -> dict[str, ChainedRows]:
    """Return every kind of rows that the chain covers, by name, as declared in modules called ``chained``."""
    return {rows.name: rows for rows in declared_anywhere("chained", ChainedRows)}
