"""A figure on a card: its number in the period reported on, and the change from the period before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, FigureError, catalogue
from xuezheng.figures.comparison import Change, compare
from xuezheng.figures.trends import point
from xuezheng.snapshots import SnapshotError
from xuezheng.web.answers.addresses import figure_address


class Tile(NamedTuple):
    """A figure on a card: its name, its answer in a period, the address of its page, and the change from the period before.

    Without an answer, ``answer`` is None and ``error`` is a Chinese sentence with the reason.
    """

    label: str
    answer: Answer | None
    address: str
    change: Change
    error: str = ""


def tile(key: str, period: Period, slice: Mapping[str, str]) -> Tile:
    """Return the card of the figure ``key`` for a period and a slice (member by dimension).

    Raises nothing: where the figure is not declared or there is no usable snapshot, the card has an
    ``error``.
    """
    address = figure_address(key, period.key, slice)
    try:
        figure = catalogue.figure(key)
        now, before = point(figure, period, slice), point(figure, period.previous(), slice)
    except (registry.Unknown, FigureError, SnapshotError) as error:
        return Tile(key, None, address, Change(None, None), str(error))
    return Tile(figure.label, now.answer, address, compare(figure, before, now, slice), now.error)
