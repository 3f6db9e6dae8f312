"""Draws a zone plan as an SVG map on the server, without map tiles.

Each school has a colour, a pattern and letters, so that zones can be told apart in print and by colour-blind
readers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape
from math import cos, dist, radians, sqrt

from xuezheng.areas.enrolment.procedures.zoning.geometry import Point, straight_metres
from xuezheng.areas.enrolment.procedures.zoning.problem import Problem

#: Eight colours that the colour-blind can tell apart (Okabe and Ito), the last one grey in place of black.
_COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")
#: The patterns drawn over a colour, a different one for each school of the same colour.
_PATTERNS = (
    "",
    '<path d="M0 8L8 0" stroke="#222" stroke-width="1.2"/>',
    '<circle cx="4" cy="4" r="1.4" fill="#222"/>',
    '<path d="M0 4H8" stroke="#222" stroke-width="1.2"/>',
    '<path d="M4 0V8M0 4H8" stroke="#222" stroke-width=".9"/>',
)
_WIDTH, _MARGIN, _LEAST_HEIGHT, _MOST_HEIGHT = 680.0, 34.0, 240.0, 760.0
_LARGEST, _SMALLEST = 17.0, 8.0  # radii of the communities with the most children, and with none
_MOST_NAMED = 60  # communities whose names are written on one map
_XY = tuple[float, float]


def letters(school: int) -> str:
    """Return letters for the index of a school: A for 0, to Z for 25, then AA, AB and so on."""
    text, rest = "", school + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        text = chr(ord("A") + place) + text
    return text


def fills(problem: Problem) -> list[tuple[str, str]]:
    """Return (colour, SVG markup of the pattern) for each school, by index.

    Schools near each other get different colours, and schools of the same colour different patterns, as far
    as they suffice.
    """
    chosen: list[int] = []
    for school, about in enumerate(problem.schools):
        near = sorted(
            range(school), key=lambda each: straight_metres(about.point, problem.schools[each].point)
        )
        taken = [chosen[each] for each in near[: len(_COLOURS) - 1]]
        chosen.append(
            min(range(len(_COLOURS)), key=lambda colour: (colour in taken, chosen.count(colour), colour))
        )
    return [
        (_COLOURS[colour], _PATTERNS[chosen[:school].count(colour) % len(_PATTERNS)])
        for school, colour in enumerate(chosen)
    ]


def swatch(school: int, fill: tuple[str, str], prefix: str) -> str:
    """Return a small SVG image with the colour, pattern and letters of a school, for tables beside the map.

    ``school`` is its index, ``fill`` its (colour, pattern) as of :func:`fills`. ``prefix`` makes the id of
    the pattern unique on the page.
    """
    return (
        f'<svg width="34" height="20" viewBox="0 0 34 20" aria-hidden="true"><defs>{_pattern(school, fill, prefix)}</defs>'
        f'<rect width="34" height="20" fill="url(#{prefix}{school})" stroke="#222"/>{_label(17, 14, letters(school), 11)}</svg>'
    )


def crowded_part(problem: Problem) -> list[Point]:
    """Return the points of the most crowded part of the map, to be drawn enlarged; [] if there is none.

    They are the (longitude, latitude) of the two fifths of the communities that lie closest together. There
    is no such part with only a few communities, or if it extends over a third of the map or more.
    """
    points = [about.point for about in problem.communities]
    number = max(2, len(points) * 2 // 5)
    if len(points) <= number:
        return []
    around = [sorted((straight_metres(point, each), each) for each in points)[:number] for point in points]
    part = min(around, key=lambda nearest: nearest[-1][0])
    widest = max(straight_metres(part[0][1], each) for each in points)
    return [each for _, each in part] if part[-1][0] < widest / 3 else []


def draw(
    problem: Problem,
    assignment: Sequence[int],
    title: str,
    prefix: str,
    marked: Collection[int] = (),
    part: Sequence[Point] = (),
) -> str:
    """Return the SVG map of ``assignment``, the index of the school of each community.

    ``title`` is its text alternative; communities in ``marked`` (indexes) have a heavy outline. ``part``
    limits the map to the surroundings of these points; empty, it shows everything. ``prefix`` makes the ids
    of patterns unique on the page. All names are escaped.
    """
    points = [about.point for about in problem.communities]
    project, height = _projection(part or [*points, *(school.point for school in problem.schools)])
    places = [project(point) for point in points]
    patterns = (_pattern(school, fill, prefix) for school, fill in enumerate(fills(problem)))
    parts = [
        f'<svg class="xz-zone-map" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" width="100%" role="img" aria-label="{escape(title)}" '
        f'font-family="sans-serif"><title>{escape(title)}</title><defs>{"".join(patterns)}</defs>'
        f'<rect width="{_WIDTH:.0f}" height="{height:.0f}" fill="#fff"/>'
    ]
    parts += _cells(places, assignment, prefix, height)
    for place, school in enumerate(assignment):
        (x, y), (to_x, to_y) = places[place], project(problem.schools[school].point)
        parts.append(f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="#222" stroke-width=".8"/>')
    parts += _communities(problem, places, assignment, prefix, marked, height)
    for number, about in enumerate(problem.schools):
        x, y = project(about.point)
        if not _is_shown(x, y, height):
            continue
        parts.append(
            f"<g><title>{escape(f'{letters(number)} {about.name}，学位{about.places}个')}</title>"
            f'<rect x="{x - 10:.1f}" y="{y - 9:.1f}" width="20" height="18" fill="#222"/>'
            f"{_label(x, y + 5, letters(number), 13, '#fff', '#222')}</g>"
        )
    return "".join([*parts, "</svg>"])


def _communities(
    problem: Problem,
    places: list[_XY],
    assignment: Sequence[int],
    prefix: str,
    marked: Collection[int],
    height: float,
) -> Iterator[str]:
    most = max((about.children for about in problem.communities), default=0) or 1
    named = len(places) <= _MOST_NAMED
    for place, (about, school) in enumerate(zip(problem.communities, assignment, strict=True)):
        x, y = places[place]
        if not _is_shown(x, y, height):
            continue
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(about.children / most)
        outline = 'stroke="#000" stroke-width="3.5"' if place in marked else 'stroke="#222" stroke-width="1"'
        title = f"{about.name}，{about.children}人，{problem.schools[school].name}，{problem.metres[place][school]}米"
        yield (
            f'<g><title>{escape(title)}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="url(#{prefix}{school})" {outline}/>'
            f"{_label(x, y + 4, letters(school), 11)}"
            f"{_label(x, y + radius + 10, about.name, 9) if named else ''}</g>"
        )


def _is_shown(x: float, y: float, height: float) -> bool:
    return -_MARGIN < x < _WIDTH + _MARGIN and -_MARGIN < y < height + _MARGIN


def _pattern(school: int, fill: tuple[str, str], prefix: str) -> str:
    colour, lines = fill
    return (
        f'<pattern id="{prefix}{school}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{colour}"/>{lines}</pattern>'
    )


def _label(x: float, y: float, text: str, size: int, colour: str = "#000", halo: str = "#fff") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}" font-weight="bold" fill="{colour}" '
        f'stroke="{halo}" stroke-width="2.5" paint-order="stroke">{escape(text)}</text>'
    )


def _projection(points: Sequence[Point]) -> tuple[_Project, float]:
    """Return the function that places a point on the map, north at the top and in true proportions, and the map's height."""
    west, east = min(point[0] for point in points), max(point[0] for point in points)
    south, north = min(point[1] for point in points), max(point[1] for point in points)
    narrow = cos(radians((south + north) / 2))
    across, upright = (east - west) * narrow, north - south
    width = _WIDTH - 2 * _MARGIN
    scale = min(
        width / across if across else float("inf"),
        (_MOST_HEIGHT - 2 * _MARGIN) / upright if upright else float("inf"),
    )
    if scale == float("inf"):  # all in one point
        scale = 0.0
    height = max(_LEAST_HEIGHT, upright * scale + 2 * _MARGIN)
    middle = (west + east) / 2, (south + north) / 2
    return _Project(middle, narrow * scale, scale, height), height


class _Project:
    """Places a point on the map."""

    def __init__(self, middle: Point, across: float, upright: float, height: float) -> None:
        self._middle, self._across, self._upright, self._height = middle, across, upright, height

    def __call__(self, point: Point) -> _XY:
        """Return the place of a point in the units of the drawing."""
        return (
            _WIDTH / 2 + (point[0] - self._middle[0]) * self._across,
            self._height / 2 - (point[1] - self._middle[1]) * self._upright,
        )


def _cells(places: list[_XY], assignment: Sequence[int], prefix: str, height: float) -> Iterator[str]:
    """Yield for each community the part of the map that is nearer to it than to any other (Voronoi), in its school's colour."""
    frame = [(0.0, 0.0), (_WIDTH, 0.0), (_WIDTH, height), (0.0, height)]
    for place, own in enumerate(places):
        cell = frame
        for distance, each in sorted((dist(own, each), each) for each in places):
            if not cell or distance > 2 * max(dist(own, corner) for corner in cell):
                break  # those farther away cut nothing off any more
            if each != own:
                cell = _nearer_part(cell, own, each)
        if cell:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in cell)
            yield (
                f'<polygon points="{path}" fill="url(#{prefix}{assignment[place]})" fill-opacity=".38" '
                'stroke="#fff" stroke-width="1"/>'
            )


def _nearer_part(cell: list[_XY], own: _XY, strange: _XY) -> list[_XY]:
    """Return the part of a convex polygon that is nearer to one point than to another."""
    across, down = strange[0] - own[0], strange[1] - own[1]
    limit = (strange[0] ** 2 + strange[1] ** 2 - own[0] ** 2 - own[1] ** 2) / 2
    sides = [across * x + down * y - limit for x, y in cell]
    part: list[_XY] = []
    for corner, (x, y) in enumerate(cell):
        before, now = sides[corner - 1], sides[corner]
        if (before < 0 < now) or (now < 0 < before):
            share = before / (before - now)
            from_x, from_y = cell[corner - 1]
            part.append((from_x + share * (x - from_x), from_y + share * (y - from_y)))
        if now <= 0:
            part.append((x, y))
    return part
