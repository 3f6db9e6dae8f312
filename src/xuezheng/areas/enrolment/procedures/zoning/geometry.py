"""Distances and neighbours of points on the earth, computed from coordinates alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

_EARTH_METRES = 6_371_008.8  # mean radius, IUGG
#: A place as (longitude, latitude) in degrees.
Point = tuple[float, float]


def straight_metres(first: Point, second: Point) -> float:
    """Return the great-circle distance of two points (longitude, latitude in degrees), in metres."""
    east, north = radians(second[0] - first[0]), radians(second[1] - first[1])
    chord = sin(north / 2) ** 2 + cos(radians(first[1])) * cos(radians(second[1])) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(min(1.0, sqrt(chord)))


def nearest_neighbours(points: Sequence[Point], number: int) -> list[tuple[int, ...]]:
    """Return, for each point, the sorted indexes of its neighbours.

    Two points are neighbours if one is among the ``number`` nearest to the other. Of points equally far, that
    with the smaller index counts as nearer.
    """
    neighbours: list[set[int]] = [set() for _ in points]
    for place, point in enumerate(points):
        others = (each for each in range(len(points)) if each != place)
        order = sorted((straight_metres(point, points[each]), each) for each in others)
        for _, near in order[:number]:
            neighbours[place].add(near)
            neighbours[near].add(place)
    return [tuple(sorted(each)) for each in neighbours]
