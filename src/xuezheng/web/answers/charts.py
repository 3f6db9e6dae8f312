"""The charts of figures: bars by the members of a dimension, a line through periods, dots on a map.

The JavaScript formats no numbers: the text of each value is given with it, and the number only sets the
length of a bar, the height of a point or the size of a dot. Values are numbers as of ``Answer.number``:
amounts in yuan, shares in percent.
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
    """A chart on a page.

    ``id`` is the id of its HTML element and ``option`` the JSON object from which the script draws it.
    ``described`` is a Chinese description for screen readers, with the first few values.
    """

    id: str
    option: Mapping[str, Any]
    described: str


def parts(snapshot: Snapshot, key: str, period: Period, by: str, slice: dict[str, str]) -> list[Part]:
    """Return the values of the figure ``key`` for each member of its dimension ``by``, for a chart or table.

    They are in the order in which the members are declared. ``slice`` limits the rows counted, as members by
    dimension. Raises ``KeyError`` for a dimension that the figure lacks.
    """
    dimension = catalogue.figure(key).dimensions(snapshot)[by]
    return [
        Part(dimension.member(answer.slice[by]), answer, figure_address(key, period.key, dict(answer.slice)))
        for answer in newest_snapshot.per(snapshot, key, period, by, slice)
    ]


def bars(id: str, parts: Sequence[Part]) -> Drawing | None:
    """Return a bar chart with a bar for each of ``parts`` that has a value; None where none has.

    ``id`` is the id of the chart's HTML element.
    """
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
    """Return a bar chart that compares the members of a dimension in two periods.

    None where no member has a value. ``rows`` are (name of the member, address of its page, change);
    ``periods`` are the earlier and the later period.
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
    """Return a line chart of a trend; None where fewer than two points have a value.

    ``points`` are in order of time, ``links`` the address for each of them. A period without a value is a gap
    in the line.
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
    """Return a line chart of a forecast with its interval and a limit.

    None where fewer than two years have a value. All sequences have one element for each year of ``labels``;
    a value of None is a gap. ``texts`` are the values as text, ``marks`` the texts written beside the points,
    "" for none. ``interval`` is (lower ends, upper ends); ``limit`` is the name and the values of a quantity
    that the forecast should not exceed, for example the places of the schools.
    """
    if sum(value is not None for value in values) < 2:
        return None
    drawn = _drawing(id, "line", labels, values, texts, [])
    low, high = interval
    more = {"marks": marks, "low": low, "high": high, "limit": {"name": limit[0], "values": limit[1]}}
    return drawn._replace(option={**drawn.option, **more})


def map_of_schools(id: str, parts: Sequence[Part], user: User) -> Drawing | None:
    """Return a map with a dot for each school, sized by its value.

    None where no school with a value has coordinates. ``parts`` are the answers of a figure by the dimension
    ``school``. Only sites that ``user`` may see are drawn.
    """
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
