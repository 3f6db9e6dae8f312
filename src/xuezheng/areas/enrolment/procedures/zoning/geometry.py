"""Distances on the earth and neighbours among points, from coordinates alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

_EARTH_METRES = 6_371_008.8  # mean radius, IUGG
#: A place as (longitude, latitude) in degrees.
Point = tuple[float, float]


def straight_metres(first: Point, second: Point) -> float:
    """Return the great-circle distance of two places in metres (haversine)."""
    east, north = radians(second[0] - first[0]), radians(second[1] - first[1])
    chord = sin(north / 2) ** 2 + cos(radians(first[1])) * cos(radians(second[1])) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(min(1.0, sqrt(chord)))


def nearest_neighbours(points: Sequence[Point], number: int) -> list[tuple[int, ...]]:
    """Return the neighbours of each place by index: the ``number`` nearest ones, and those of which it is one of the nearest.

    Of places equally far the one with the smaller index counts as nearer. Places in one point or on one line have neighbours like any others.
    """
    neighbours: list[set[int]] = [set() for _ in points]
    for place, point in enumerate(points):
        others = (each for each in range(len(points)) if each != place)
        order = sorted((straight_metres(point, points[each]), each) for each in others)
        for _, near in order[:number]:
            neighbours[place].add(near)
            neighbours[near].add(place)
    return [tuple(sorted(each)) for each in neighbours]
