"""The outlines of the land: read from GeoJSON, cut to a part of the world, and projected.

They are those of npm's world-atlas, which packs Natural Earth; ``make web`` puts them into the bundle as GeoJSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import asin, atan2, ceil, cos, degrees, floor, hypot, radians, sin, sqrt
from pathlib import Path

Point = tuple[float, float]  # longitude and latitude in degrees, or x and y
Ring = list[Point]
_HALF = 180.0
_FLATTEST = 1e-6  # of a cone: around the equator it is nearly a cylinder, and its apex too far away to reckon with
_WHOLE = 360.0


@dataclass(frozen=True)
class Box:
    """A part of the world between two meridians and two parallels, in degrees; beyond 180 they count on."""

    west: float
    south: float
    east: float
    north: float

    def __contains__(self, point: Point) -> bool:
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


class Projection:
    """An equal-area conic projection (Albers) of a box, true along two parallels, onto a picture of a given width.

    The corners of the picture show more than the box: what lies between the meridians ``west`` and ``east``.

    The formulas are those of J. P. Snyder, Map Projections: A Working Manual, USGS 1987, p. 100.
    """

    def __init__(self, box: Box, width: float) -> None:
        first, second = (radians(box.south + (box.north - box.south) * part) for part in (1 / 6, 5 / 6))
        self._n = (sin(first) + sin(second)) / 2
        if abs(self._n) < _FLATTEST:
            self._n = _FLATTEST
        self._c = cos(first) ** 2 + 2 * self._n * sin(first)
        self.middle = (box.west + box.east) / 2
        around = min(max(_AROUND, box.east - self.middle), _HALF)
        self.west, self.east = self.middle - around, self.middle + around
        self._scale, self._x, self._y = 1.0, 0.0, 0.0
        edge = [*map(self, _edge(box))]
        left, right = min(x for x, _ in edge), max(x for x, _ in edge)
        top, bottom = min(y for _, y in edge), max(y for _, y in edge)
        self._scale = width / (right - left)
        self._x, self._y = -left * self._scale, -top * self._scale
        self.width, self.height = width, (bottom - top) * self._scale
        self.visible = self._visible()

    def __call__(self, point: Point) -> Point:
        """The place of a longitude and a latitude in the picture: x to the right, y down."""
        radius = sqrt(max(self._c - 2 * self._n * sin(radians(point[1])), 0)) / self._n
        angle = self._n * radians(point[0] - self.middle)
        return radius * sin(angle) * self._scale + self._x, radius * cos(angle) * self._scale + self._y

    def degrees(self, point: Point) -> Point:
        """The longitude and the latitude of a place in the picture; at or beyond the pole, of the pole."""
        side = 1 if self._n > 0 else -1
        x, y = ((value - least) / self._scale * side for value, least in zip(point, (self._x, self._y), strict=True))
        sine = (self._c - (hypot(x, y) * self._n) ** 2) / (2 * self._n)
        return self.middle + degrees(atan2(x, y)) / self._n, degrees(asin(max(-1.0, min(1.0, sine))))

    def _visible(self) -> Box:
        """What the picture shows, corners and all, as far as there is land."""
        corners = Box(0.0, 0.0, self.width, self.height)
        edge = [*map(self.degrees, _edge(corners))]
        north, south = max(y for _, y in edge), min(y for _, y in edge)
        west, east = self.west, self.east
        if north < _POLAR and south > -_POLAR:  # else all meridians may meet in it
            west, east = max(west, min(x for x, _ in edge) - 1), min(east, max(x for x, _ in edge) + 1)
            return Box(west, max(south - 1, -60.0), east, min(north + 1, 88.0))
        return Box(west, -60.0, east, 88.0)


def rings(file: Path) -> list[Ring]:
    """The rings of the land in a file of the bundle, or none if there is no such file.

    A ring that crosses the 180th meridian goes on beyond it.
    """
    if not file.is_file():
        return []
    features = json.loads(file.read_bytes())["features"]
    polygons = (polygon for feature in features for polygon in feature["geometry"]["coordinates"])
    return [_unwrapped(ring) for polygon in polygons for ring in polygon]


def borders(file: Path) -> list[Ring]:
    """The borders between countries in a file of the bundle, as lines, or none if there is no such file."""
    return [_unwrapped(line) for line in json.loads(file.read_bytes())["coordinates"]] if file.is_file() else []


def clipped(ring: Sequence[Point], box: Box) -> Ring:
    """The part of a ring within a box, of degrees or of a picture, along the edge of the box where the ring leaves it.

    The algorithm is that of Sutherland and Hodgman (1974).
    """
    points = list(ring)
    sides: tuple[tuple[int, float, Callable[[Point], bool]], ...] = (
        (0, box.west, lambda point: point[0] >= box.west),
        (0, box.east, lambda point: point[0] <= box.east),
        (1, box.south, lambda point: point[1] >= box.south),
        (1, box.north, lambda point: point[1] <= box.north),
    )
    for axis, limit, inside in sides:
        kept: Ring = []
        within = list(map(inside, points))
        if all(within):
            continue
        befores = zip([*points[-1:], *points[:-1]], [*within[-1:], *within[:-1]], strict=True)
        for (before, was_within), point, is_within in zip(befores, points, within, strict=True):
            if was_within != is_within:
                part = (limit - before[axis]) / (point[axis] - before[axis])
                crossing = [before[0] + (point[0] - before[0]) * part, before[1] + (point[1] - before[1]) * part]
                crossing[axis] = limit
                kept.append((crossing[0], crossing[1]))
            if is_within:
                kept.append(point)
        points = kept
    return points


def path(outlines: Iterable[Sequence[Point]], projection: Projection) -> str:
    """The land in the picture as the ``d`` of an SVG path, in tenths that are rounded once; specks are left out."""
    parts = []
    picture = Box(0.0, 0.0, projection.width, projection.height)
    for ring in _around(outlines, projection):
        points = clipped([projection(point) for point in clipped(ring, projection.visible)], picture)
        tenths = _simplified(points)
        if len(tenths) > 2 and abs(_area(tenths)) > _SPECK:
            parts.append(f"{_drawn(tenths)}z")
    return "".join(parts)


def line_path(lines: Iterable[Sequence[Point]], projection: Projection) -> str:
    """Lines such as borders in the picture as the ``d`` of an SVG path; what lies outside it is left out."""
    parts = []
    picture = Box(-_BEYOND, -_BEYOND, projection.width + _BEYOND, projection.height + _BEYOND)
    for line in _around(lines, projection):
        points = (projection(point) if point in projection.visible else None for point in line)
        for inside, run in groupby(points, key=lambda point: point is not None and point in picture):
            tenths = _simplified([point for point in run if point is not None]) if inside else []
            if len(tenths) > 1:
                parts.append(_drawn(tenths))
    return "".join(parts)


def _around(lines: Iterable[Sequence[Point]], projection: Projection) -> Iterator[Sequence[Point]]:
    """The lines that may be visible, moved by whole turns to where the picture is."""
    visible = projection.visible
    for line in lines:
        (west, south), (east, north) = map(min, zip(*line, strict=True)), map(max, zip(*line, strict=True))
        if north < visible.south or south > visible.north:
            continue
        first, last = ceil((visible.west - east) / _WHOLE), floor((visible.east - west) / _WHOLE)
        for turn in range(first, last + 1):
            yield [(x + turn * _WHOLE, y) for x, y in line] if turn else line


def _simplified(points: Sequence[Point]) -> list[tuple[int, int]]:
    """The points in tenths, but those that are hardly away from the one before."""
    found: list[tuple[int, int]] = []
    for x, y in points:
        point = round(x * 10), round(y * 10)
        if not found or abs(point[0] - found[-1][0]) + abs(point[1] - found[-1][1]) >= _FINEST:
            found.append(point)
    return found


_POLAR = 80.0  # degrees of latitude
_SPECK = 80  # square tenths
_FINEST = 8  # tenths between two points
_BEYOND = 20.0  # what a line may leave the picture by
_AROUND = 120.0  # degrees to both sides of the middle: further away is only in the picture of a wider part of the world


def _drawn(points: Sequence[tuple[int, int]]) -> str:
    (x, y), *others = points
    steps = [f"M{_tenth(x)} {_tenth(y)}l"]
    for point in others:
        steps.append(f"{_tenth(point[0] - x)} {_tenth(point[1] - y)}")
        x, y = point
    return steps[0] + " ".join(steps[1:])


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def _area(points: Sequence[tuple[int, int]]) -> float:
    """Twice the area that the points enclose."""
    return sum(x * below - right * y for (x, y), (right, below) in zip(points, [*points[1:], points[0]], strict=True))


def _edge(box: Box) -> Iterator[Point]:
    steps = 40
    for step in range(steps + 1):
        part = step / steps
        yield box.west + (box.east - box.west) * part, box.south
        yield box.west + (box.east - box.west) * part, box.north
        yield box.west, box.south + (box.north - box.south) * part
        yield box.east, box.south + (box.north - box.south) * part


def _unwrapped(ring: Sequence[Sequence[float]]) -> Ring:
    """The ring with longitudes that go on where they would jump by a whole turn."""
    points: Ring = []
    turn = 0.0
    for number, (x, y) in enumerate(ring):
        if number:
            step = x - ring[number - 1][0]
            turn += -_WHOLE if step > _HALF else _WHOLE if step < -_HALF else 0
        points.append((x + turn, y))
    return points
