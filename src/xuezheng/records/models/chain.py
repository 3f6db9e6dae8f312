"""The chain: every row written once is covered by a link that shows later whether the row was changed or removed."""

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

#: So many rows are covered by one link at most: damage is then reported of few.
ROWS_A_LINK = 500
_DIGEST = 16  # hexadecimal digits of a row's digest

Row = list[Any]


class ChainedRows(Declaration):
    """Rows of a table that are written once and never changed.

    ``name`` identifies the rows in the chain, ``label`` is Chinese. ``contents`` takes primary keys and returns, for each row that exists, its
    contents as values that JSON can write (dates and datetimes included); ``keys`` returns a query of all rows.
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
        """The name by which links refer to these rows."""
        return self.name

    def digests(self, keys: Collection[int]) -> dict[int, str]:
        """Return the digest of each row that exists, by its key."""
        return {key: digest(row)[:_DIGEST] for key, row in self.contents(keys).items()}


class ChainLinkQuerySet(models.QuerySet["ChainLink"]):
    """Links: they are appended and read, never changed."""

    def append(self, subject: str, keys: Collection[int]) -> None:
        """Cover rows that were written in this transaction, or are not covered yet.

        ``subject`` is the name of a :class:`ChainedRows`. Appending locks the chain until the transaction ends, so call it late in one.
        """
        rows = chained_rows()[subject]
        for part in parts(sorted(keys), ROWS_A_LINK):
            digests = rows.digests(part)
            self._link(subject, sorted(map(list, digests.items())), {})

    def note(self, subject: str, event: Mapping[str, Any]) -> None:
        """Append an event about an object that is no row, such as a snapshot; ``event`` is a mapping that JSON can write."""
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
        """Keep others from appending until the transaction ends; raises ``TransactionManagementError`` outside a transaction."""
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("the chain grows within transactions only")
        wait_in_line("chain")

    def cover_uncovered(self) -> int:
        """Cover the existing rows of each kind that has no link yet, as after an upgrade from a release without the chain.

        Returns the number of rows that were covered.
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
    """One link (校验链): the rows that it covers, each with the digest of its contents, and the hash of the link before.

    ``rows`` is a list of [key, digest]; ``event`` describes an event about an object that is no row.
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
        """Return the hash over all other columns of the link."""
        return digest([self.number, self.at, self.subject, self.rows, self.event, self.previous])


def digest(values: Any) -> str:
    """Return the SHA-256, in hexadecimal, of values written as canonical JSON: keys sorted, no blanks, datetimes in UTC."""
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
    """Return a ``contents`` function for :class:`ChainedRows` that reads columns of a query."""

    def read(keys: Collection[int]) -> dict[int, Row]:
        rows = queryset.filter(pk__in=keys).values_list("pk", *columns)
        return {key: list(values) for key, *values in rows}

    return read


@cache
def chained_rows() -> dict[str, ChainedRows]:
    """Return every kind of rows that the chain covers, by name."""
    return {rows.name: rows for rows in declared_anywhere("chained", ChainedRows)}
