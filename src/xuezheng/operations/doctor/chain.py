"""The check of the hash chain and the rows that it covers: it reveals rows changed, deleted or inserted outside the program.

Each link of the chain has the hash of the link before and digests of rows, such as the entries of the access
log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xuezheng.core.number_text import some_of
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.records.bulk import parts
from xuezheng.records.models.chain import ROWS_A_LINK, ChainedRows, ChainLink, chained_rows

#: Lines of the access log are filed some time after they were written.
_FILED_WITHIN = timedelta(days=1)


@dataclass
class _Covered:
    """The chain's record of one kind of rows: the digest of each, and the time before which rows may have been deleted."""

    digests: dict[int, str] = field(default_factory=dict)
    linked_at: dict[int, datetime] = field(default_factory=dict)
    forgotten_before: datetime | None = None


@check("校验链")
def chain(notes: Notes) -> str:
    """Check that every link of the hash chain follows from the one before, and that every covered row is unchanged.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined, as all checks do.
    """
    covered: dict[str, _Covered] = {name: _Covered() for name in chained_rows()}
    count, previous, damaged = 0, "", []
    for link in ChainLink.objects.order_by("number").iterator(chunk_size=200):
        count += 1
        if (link.number, link.previous, link.hash) != (count, previous, link.computed_hash()):
            damaged.append(link.number)
            count = link.number
        previous = link.hash
        _collect(link, covered)
    if damaged:
        notes.find(
            f"校验链在第{some_of([str(number) for number in damaged])}环断开：此处有记录被删除或改动。请查明何人能直接改动数据库，并从备份核对。"
        )
    total = 0
    for name, rows in chained_rows().items():
        total += _compare(rows, covered[name], notes)
    return f"{count}环相连，所覆盖的{total:,}行都与写下时相同。"


def _collect(link: ChainLink, covered: dict[str, _Covered]) -> None:
    of_kind = covered.get(link.subject)
    if of_kind is None:
        return
    for key, digest in link.rows:
        of_kind.digests[key] = digest
        of_kind.linked_at[key] = link.at
    if before := link.event.get("forgotten_before"):
        of_kind.forgotten_before = datetime.fromisoformat(before)


def _compare(rows: ChainedRows, covered: _Covered, notes: Notes) -> int:
    """Compare the existing rows with the covered ones, add findings, and return the number of existing rows."""
    present = list(rows.keys().values_list("pk", flat=True))
    changed = [
        key
        for part in parts(present, ROWS_A_LINK)
        for key, digest in rows.digests(part).items()
        if covered.digests.get(key, digest) != digest
    ]
    added = [key for key in present if key not in covered.digests]
    gone = [key for key in covered.digests.keys() - set(present) if not _may_be_gone(key, covered)]
    for keys, what in ((changed, "被改动"), (gone, "被删除"), (added, "不是由本系统写下的")):
        if keys:
            numbers = some_of([str(key) for key in sorted(keys)])
            notes.find(
                f"“{rows.label}”有{len(keys)}行{what}（编号{numbers}）。请查明何人能直接改动数据库，并从备份核对。"
            )
    return len(present)


def _may_be_gone(key: int, covered: _Covered) -> bool:
    before = covered.forgotten_before
    return before is not None and covered.linked_at[key] < before + _FILED_WITHIN
