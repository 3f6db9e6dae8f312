"""The notes of work (工作纪实) that the office picked for a report."""

from __future__ import annotations

from collections import defaultdict

import ibis

from xuezheng.core.periods import Period
from xuezheng.records.models import WorkEntry
from xuezheng.snapshots import Snapshot


def reported_entries(snapshot: Snapshot, period: Period) -> set[int]:
    """Return the ids of the notes picked for the report of a period."""
    return {row["id"] for row in snapshot.fetch(_picked(snapshot, period).select("id"))}


class Entries:
    """The picked notes of a period by topic."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self._snapshot, self._period = snapshot, period
        self._used_topics: set[str] = set()
        self._entries_by_topic: dict[str, list[str]] | None = None

    def on(self, topic: str) -> str:
        """Return the sentences on a topic joined in the office's order; "" if there are none."""
        self._used_topics.add(topic)
        return "".join(self._by_topic().get(topic, ()))

    @property
    def unused_topics(self) -> list[str]:
        """The topics with picked notes that the template did not use."""
        return [topic for topic in self._by_topic() if topic not in self._used_topics]

    def _by_topic(self) -> dict[str, list[str]]:
        if self._entries_by_topic is None:
            self._entries_by_topic = defaultdict(list)
            picked = _picked(self._snapshot, self._period).order_by("order", "day", "id")
            for row in self._snapshot.fetch(picked.select("topic", "text")):
                self._entries_by_topic[row["topic"]].append(row["text"])
        return self._entries_by_topic


def _picked(snapshot: Snapshot, period: Period) -> ibis.Table:
    table = snapshot.table(WorkEntry.table_name())
    return table.filter(table.picked, table.day >= period.start, table.day <= period.end)
