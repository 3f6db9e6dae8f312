"""The work notes (工作纪实) that the office has picked for a report, as a snapshot has them.

They are rows of :class:`xuezheng.records.models.WorkEntry`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import ibis

from xuezheng.core.periods import Period
from xuezheng.records.models import WorkEntry
from xuezheng.snapshots import Snapshot

#: Matches a place in a work note where the report writes a figure: 【party.trainings】, 【health.myopia_rate stage=primary】.
FIGURE_PLACE = re.compile(r"【([^【】]*)】")


@dataclass(frozen=True)
class Note:
    """A picked work note: its title and text.

    ``documented`` is True where it names a document number or evidence.
    """

    title: str
    text: str
    documented: bool


def reported_entries(snapshot: Snapshot, period: Period) -> set[int]:
    """Return the primary keys of the work notes that a snapshot has as picked for the report of a period."""
    return {row["id"] for row in snapshot.fetch(_picked(snapshot, period).select("id"))}


class Entries:
    """The picked work notes of a period by topic, as a snapshot has them."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self._snapshot, self._period = snapshot, period
        self._used_topics: set[str] = set()
        self._notes_by_topic: dict[str, list[Note]] | None = None

    def on(self, topic: str) -> list[Note]:
        """Return the picked work notes on a topic in the order that the office chose.

        An empty list if there are none.
        """
        self._used_topics.add(topic)
        return self._by_topic().get(topic, [])

    @property
    def unused_topics(self) -> list[str]:
        """The topics with picked work notes for which the template never asked (:meth:`on`)."""
        return [topic for topic in self._by_topic() if topic not in self._used_topics]

    def _by_topic(self) -> dict[str, list[Note]]:
        if self._notes_by_topic is None:
            self._notes_by_topic = defaultdict(list)
            picked = _picked(self._snapshot, self._period).order_by("order", "day", "id")
            columns = ("section", "topic", "title", "text", "document", "evidence")
            for row in self._snapshot.fetch(picked.select(*columns)):
                if row["section"] in self._snapshot.unused:
                    continue
                note = Note(row["title"], row["text"], bool(row["document"] or row["evidence"]))
                self._notes_by_topic[row["topic"]].append(note)
        return self._notes_by_topic


def _picked(snapshot: Snapshot, period: Period) -> ibis.Table:
    table = snapshot.table(WorkEntry.table_name())
    return table.filter(table.picked, table.day >= period.start, table.day <= period.end)
