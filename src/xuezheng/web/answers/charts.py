"""The charts of figures: bars by the members of a dimension, a line through periods, dots on a map.

The script writes no number of its own: each value comes with its text, and only sets the length of a bar or the size of a dot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, catalogue
from xuezheng.figures.comparison import Change
from xuezheng.figures.trends import Point
from xuezheng.records.models import SchoolSite, User
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import newest_snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.ui import values

_DESCRIBED = 6  # members that a chart's description names


class Part(NamedTuple):
    """One row of the table behind a chart: a member of a dimension, its answer, and the address of its figure's page."""

    label: str
    answer: Answer
    address: str


class Drawing(NamedTuple):
    """A chart on a page: ``option`` is the input of the script, ``described`` the description for a screen reader.

    ``id`` is the id of the chart's HTML element.
    """

    id: str
    option: Mapping[str, Any]
    described: str


def parts(snapshot: Snapshot, key: str, period: Period, by: str, slice: dict[str, str]) -> list[Part]:
    """Return the rows for the members of the dimension ``by`` of the figure ``key``."""
    dimension = catalogue.figure(key).dimensions(snapshot)[by]
    return [
        Part(dimension.member(answer.slice[by]), answer, figure_address(key, period.key, dict(answer.slice)))
        for answer in newest_snapshot.per(snapshot, key, period, by, slice)
    ]


def bars(id: str, parts: Sequence[Part]) -> Drawing | None:
    """Return a bar chart of the members of a dimension; None where no member has a value."""
    valued = [(part, value) for part in parts if (value := part.answer.number()) is not None]
    if not valued:
        return None
    return _drawing(
        id,
        "bar",
        [part.label for part, _ in valued],
        [float(value) for _, value in valued],
        [values.shown(part.answer) for part, _ in valued],
        [part.address for part, _ in valued],
    )


def pairs(id: str, rows: Sequence[tuple[str, str, Change]], periods: tuple[Period, Period]) -> Drawing | None:
    """Return a bar chart of the members of a dimension (name, address, change) in two periods, the older one first.

    None where no member has a value.
    """
    shown = [row for row in rows if row[2].old or row[2].new]
    numbers = [[answer.number() if answer else None for answer in (row[2].old, row[2].new)] for row in shown]
    if not any(number is not None for both in numbers for number in both):
        return None
    lengths = [[None if number is None else float(number) for number in both] for both in numbers]
    texts = [
        [values.shown(answer) if answer else "没有" for answer in (row[2].old, row[2].new)] for row in shown
    ]
    drawn = _drawing(
        id,
        "bar",
        [label for label, *_ in shown],
        [now for _, now in lengths],
        [now for _, now in texts],
        [address for _, address, _ in shown],
    )
    before = {
        "name": periods[0].label,
        "values": [before for before, _ in lengths],
        "texts": [before for before, _ in texts],
    }
    return drawn._replace(option={**drawn.option, "name": periods[1].label, "before": before})


def line(id: str, points: Sequence[Point], links: Sequence[str]) -> Drawing | None:
    """Return a line chart of a trend; ``links`` are the addresses of the points. A period without a value is a gap.

    None where fewer than two periods have a value.
    """
    numbers = [point.answer.number() if point.answer else None for point in points]
    if sum(number is not None for number in numbers) < 2:
        return None
    return _drawing(
        id,
        "line",
        [point.period.label for point in points],
        [None if number is None else float(number) for number in numbers],
        [values.shown(point.answer) if point.answer else point.text for point in points],
        links,
    )


def forecast(
    id: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str],
    marks: Sequence[str],
    interval: tuple[Sequence[float | None], Sequence[float | None]],
    limit: tuple[str, Sequence[float | None]],
) -> Drawing | None:
    """Return a line chart of a forecast with its interval (lower ends, upper ends), and the name and values of what it must not exceed.

    ``marks`` are the texts beside the points, "" for most: where all were written they would cover each other. A year without a value is a gap. None where fewer than two years have a value.
    """
    if sum(value is not None for value in values) < 2:
        return None
    drawn = _drawing(id, "line", labels, values, texts, [])
    low, high = interval
    more = {"marks": marks, "low": low, "high": high, "limit": {"name": limit[0], "values": limit[1]}}
    return drawn._replace(option={**drawn.option, **more})


def map_of_schools(id: str, parts: Sequence[Part], user: User) -> Drawing | None:
    """Return a map of the schools, each a dot as large as its value; None where no school with a value has a known site."""
    sites = {
        str(site.school_id): (float(site.longitude), float(site.latitude))
        for site in SchoolSite.objects.visible_to(user)
    }
    placed = [
        (part, value, sites[part.answer.slice["school"]])
        for part in parts
        if part.answer.slice["school"] in sites and (value := part.answer.number()) is not None
    ]
    if not placed:
        return None
    drawn = _drawing(
        id,
        "map",
        [part.label for part, *_ in placed],
        [float(value) for _, value, _ in placed],
        [values.shown(part.answer) for part, *_ in placed],
        [part.address for part, *_ in placed],
    )
    return drawn._replace(option={**drawn.option, "places": [place for *_, place in placed]})


def _drawing(
    id: str,
    kind: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    texts: Sequence[str],
    links: Sequence[str],
) -> Drawing:
    description = "，".join(
        f"{label}{text}" for label, text in list(zip(labels, texts, strict=True))[:_DESCRIBED]
    )
    more = f"，等{len(labels)}项" if len(labels) > _DESCRIBED else ""
    option = {"kind": kind, "labels": labels, "values": values, "texts": texts, "links": links}
    return Drawing(id, option, f"{description}{more}。全部数字见表")
