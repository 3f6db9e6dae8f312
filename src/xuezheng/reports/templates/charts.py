"""The charts of a report: a figure by the members of a dimension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xuezheng.figures import catalogue, check_dimensions
from xuezheng.reports.model import Chart

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.snapshots import Snapshot


def drawn(snapshot: Snapshot, period: Period, figure: str, by: str, slice: Mapping[str, str]) -> Chart:
    """Return a chart of a figure in ``slice`` by the members of the dimension ``by``, with a Chinese caption.

    ``figure`` is the key of the figure; members without a value are left out. The chart is data that is drawn
    later, in Word or on a page. Raises ``registry.Unknown`` for an unknown figure and ``FigureError`` for a
    dimension or slice that it lacks.
    """
    declared = catalogue.figure(figure)
    check_dimensions(declared, [by])
    dimension = declared.dimensions(snapshot)[by]
    answers = [answer for answer in declared.per(snapshot, period, by, **slice) if answer.value is not None]
    part = declared.at(snapshot, period, **slice).slice_label
    caption = f"{period.label}{declared.label}{f'（{part}）' if part else ''}按{dimension.label}"
    labels = tuple(dimension.member(answer.slice[by]) for answer in answers)
    return Chart(caption, figure, by, slice, labels, tuple(answers))
