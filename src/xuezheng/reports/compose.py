"""A report: composed from a template, a snapshot and a period; saved as Word, shown as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xuezheng import registry
from xuezheng.reports import preview
from xuezheng.reports.model import Block, Chart, Heading, Mark, Paragraph, runs_of, text_of
from xuezheng.reports.templates.additions import Addition, added
from xuezheng.reports.templates.language import Inserts, render
from xuezheng.reports.templates.prose import Editor
from xuezheng.reports.word import document
from xuezheng.reports.word.document import Sources

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.figures import Answer
    from xuezheng.reports.word.letterhead import Head
    from xuezheng.snapshots import Snapshot


@dataclass(frozen=True)
class Report:
    """A composed report.

    ``gaps`` are the answers for want of which sentences were left out; ``untold`` are topics of picked notes of work
    that the template does not ask for, and ``unplaced`` added sentences for which it has no heading. Without a ``head`` it is an internal draft.
    """

    template: str
    period: Period
    snapshot_id: str
    day: date
    district: dict[str, str]
    blocks: tuple[Block, ...]
    gaps: tuple[Answer, ...]
    untold: tuple[str, ...]
    head: Head | None = None
    unplaced: tuple[Addition, ...] = ()

    @property
    def title(self) -> str:
        """The title as plain text."""
        titles = (block for block in self.blocks if isinstance(block, Heading) and block.level == 0)
        return "".join(text_of(block.runs) for block in titles)

    @property
    def marks(self) -> list[Mark]:
        """Every number of the report, in reading order."""
        return [run for block in self.blocks for run in runs_of(block) if isinstance(run, Mark)]

    def save(self, path: Path | str, sources: Sources = Sources.APPENDIX) -> None:
        """Write the Word file; a reader of ``path`` sees the old file or the whole new one."""
        document.save(document.build(self, sources), path)

    def html(self, url: Callable[[Mark], str], draw: Callable[[Chart], str] = lambda _: "") -> str:
        """Return the report as HTML in which each number links to ``url(mark)`` and ``draw`` draws each chart."""
        return preview.html(self.blocks, url, draw)


def compose(
    name: str,
    snapshot: Snapshot,
    period: Period,
    head: Head | None = None,
    additions: Iterable[Addition] = (),
) -> Report:
    """Compose from an area's template and what was added to it; raises ``registry.Unknown`` or :class:`ReportTemplateError`."""
    source = registry.report_template(name).read_text("utf-8")
    return compose_text(source, snapshot, period, name, head, additions)


def compose_text(
    source: str,
    snapshot: Snapshot,
    period: Period,
    name: str = "模板",
    head: Head | None = None,
    additions: Iterable[Addition] = (),
) -> Report:
    """Compose a report from the text of a template."""
    inserts = Inserts(snapshot, period)
    editor = Editor(inserts)
    text, unplaced = added(render(source, inserts, name, head), inserts, additions)
    blocks = editor.blocks(text)
    return Report(
        name,
        period,
        snapshot.id,
        snapshot.day,
        snapshot.district,
        blocks,
        editor.gaps,
        tuple(inserts.entries.untold),
        head,
        unplaced,
    )


def of_marks(template: str, snapshot: Snapshot, period: Period, marks: Iterable[Mark]) -> Report:
    """Return a report that tells nothing but some numbers: what a document that was written before carries of them."""
    block = Paragraph(tuple(marks))
    return Report(template, period, snapshot.id, snapshot.day, snapshot.district, (block,), (), ())
