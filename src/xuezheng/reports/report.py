"""A composed report: its blocks of text and marked numbers, and the snapshot from which it was composed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from xuezheng.core.periods import Period
from xuezheng.figures import Answer
from xuezheng.reports.model import Block, Heading, Mark, runs_of, text_of
from xuezheng.reports.templates.additions import Addition
from xuezheng.reports.templates.evidence import Evidence
from xuezheng.reports.word.letterhead import Letterhead


@dataclass(frozen=True)
class Report:
    """A composed report: its text with numbers linked to figures, and what was left out.

    ``day`` is the day of the snapshot; ``district`` has the texts ``name``, ``code`` and ``bureau_name``.
    ``gaps`` are the answers without data, whose sentences were left out; ``unused_topics`` are topics of work
    notes picked for the report that the template does not use, and ``unplaced`` added sentences whose heading
    it lacks. ``evidence`` lists the sentences that were left out and those without a record behind them.
    Without a letterhead ``head`` it is an internal draft.
    """

    template: str
    period: Period
    snapshot_id: str
    day: date
    district: dict[str, str]
    blocks: tuple[Block, ...]
    gaps: tuple[Answer, ...]
    unused_topics: tuple[str, ...]
    head: Letterhead | None = None
    unplaced: tuple[Addition, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def title(self) -> str:
        """The title as plain text, "" for a report without one."""
        titles = (block for block in self.blocks if isinstance(block, Heading) and block.level == 0)
        return "".join(text_of(block.runs) for block in titles)

    @property
    def marks(self) -> list[Mark]:
        """Every number of the report, in reading order."""
        return [run for block in self.blocks for run in runs_of(block) if isinstance(run, Mark)]
