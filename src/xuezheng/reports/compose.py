"""Composing a report from a template, a snapshot and a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xuezheng.reports.model import Mark, Paragraph
from xuezheng.reports.report import Report
from xuezheng.reports.templates.additions import Addition, added
from xuezheng.reports.templates.catalogue import template
from xuezheng.reports.templates.inserts import Inserts
from xuezheng.reports.templates.language import render
from xuezheng.reports.templates.prose import Editor

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.reports.word.letterhead import Letterhead
    from xuezheng.snapshots import Snapshot


def compose(
    name: str,
    snapshot: Snapshot,
    period: Period,
    head: Letterhead | None = None,
    additions: Iterable[Addition] = (),
) -> Report:
    """Compose a report from the template in use that is called ``name``.

    Its numbers are the values of figures in ``period`` by ``snapshot``. ``additions`` are sentences of users,
    added at the end of sections. Without a letterhead ``head`` (文头) the report is an internal draft. Raises
    ``registry.Unknown`` for an unknown template and :class:`ReportTemplateError` for a template that cannot
    be composed.
    """
    return compose_text(template(name).source, snapshot, period, name, head, additions)


def compose_text(
    source: str,
    snapshot: Snapshot,
    period: Period,
    name: str = "模板",
    head: Letterhead | None = None,
    additions: Iterable[Addition] = (),
) -> Report:
    """Compose a report from the source text of a template.

    ``name`` is the template's name in error messages. The other parameters are those of :func:`compose`;
    raises :class:`ReportTemplateError` where the template cannot be composed.
    """
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
        tuple(inserts.entries.unused_topics),
        head,
        unplaced,
        editor.evidence,
    )


def of_marks(template: str, snapshot: Snapshot, period: Period, marks: Iterable[Mark]) -> Report:
    """Return a report of one paragraph of marked numbers, to record the sources of a document not composed here.

    ``marks`` are the numbers with their figures, ``template`` is the name of the template that the record is
    to state, "" for a document without one.
    """
    block = Paragraph(tuple(marks))
    return Report(template, period, snapshot.id, snapshot.day, snapshot.district, (block,), (), ())
