"""A map of partnerships: lines between cities, once far enough away to see all and once near the city of most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import acos, cos, hypot, radians, sin

from markupsafe import Markup, escape

from .land import Box, Point, Projection, Ring, path

WIDTH = 640.0
_TEXT = 19.0  # the size of a label on a phone, where it is largest; a letter is about half as wide
_LETTER = 0.56 * _TEXT
_NEAR = 2_500.0  # kilometres from the hub
_EARTH = 6_371.0
_WHOLE = 360.0  # degrees around the world
_MARGIN, _LEAST = 0.08, 6.0  # of the extent, and in degrees
_BEND = 0.12  # of a line's length
_LONGEST = 40  # letters of a label
_CROWD = 300  # more cities than this have no labels
_FLATTEST, _TALLEST = 1.4, 1.0  # the proportions of a picture


@dataclass(frozen=True)
class Place:
    """A city where it lies, in decimal degrees (WGS 84)."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Line:
    """A partnership between two places, by the keys of these. ``kind`` is a word for its class in the style sheet."""

    kind: str
    ends: tuple[str, str]


@dataclass(frozen=True)
class _Label:
    x: float
    y: float
    width: float
    anchor: str
    away: bool = False  # so far from its place that a line must join them

    @property
    def box(self) -> tuple[float, float, float, float]:
        left = self.x - {"start": 0.0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return left, self.y - _TEXT * 0.8, left + self.width, self.y + _TEXT * 0.25


def world_map(
    hub: str | None,
    places: Mapping[str, Place],
    lines: Sequence[Line],
    outlines: tuple[list[Ring], list[Ring]],
    name: str,
) -> Markup:
    """The lines between the places as one or two SVGs with ``name`` as their accessible name: all places, and, where
    some lie far from the hub, those near it. The outlines of the land are given coarse and fine; both may be empty."""
    if not places:
        return Markup()
    near = {key: place for key, place in places.items() if hub in places and _distance(places[hub], place) < _NEAR}  # type: ignore[index]
    coarse, fine = outlines
    if len(near) in (0, 1, len(places)):
        return _view(hub, places, places, lines, fine if near else coarse, name)
    far = {key: place for key, place in places.items() if key not in near or key == hub}
    return _view(hub, places, far, lines, coarse, name) + _view(hub, near, near, lines, fine, name)


def unrolled(places: Mapping[str, Place], lines: Iterable[Line]) -> dict[str, Place]:
    """The places with longitudes that count on beyond 180 where the world is better cut elsewhere.

    It is cut at the 180th meridian or in the widest gap between two places: where the picture is narrower and the lines
    in it are shorter, in degrees of longitude.
    """
    degrees = sorted(place.longitude for place in places.values())
    _, widest = max(((east - west, east) for west, east in pairwise(degrees)), default=(0.0, degrees[0]))
    pairs = [(places[start].longitude, places[end].longitude) for start, end in (line.ends for line in lines)]

    def length(first: float) -> float:
        ends = [*pairs, (first, max(_counted_on(longitude, first) for longitude in degrees))]
        return sum(abs(_counted_on(start, first) - _counted_on(end, first)) for start, end in ends)

    first = min(degrees[0], widest, key=length)
    return {key: replace(place, longitude=_counted_on(place.longitude, first)) for key, place in places.items()}


def _counted_on(longitude: float, first: float) -> float:
    return longitude if longitude >= first else longitude + _WHOLE


def box(places: Iterable[Place]) -> Box:
    """The part of the world that holds the places, with a margin, neither too flat nor too tall for a picture."""
    longitudes, latitudes = zip(*((place.longitude, place.latitude) for place in places), strict=True)
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    margin = max((east - west) * _MARGIN, (north - south) * _MARGIN, _LEAST)
    west, east, south, north = west - margin, east + margin, south - margin, north + margin
    shrink = cos(radians((south + north) / 2))
    if (missing := (east - west) * shrink / _FLATTEST - (north - south)) > 0:
        south, north = south - missing / 2, north + missing / 2
    elif (missing := (north - south) * _TALLEST - (east - west) * shrink) > 0:
        west, east = west - missing / shrink / 2, east + missing / shrink / 2
    if (surplus := east - west - _WHOLE) > 0:
        west, east = west + surplus / 2, east - surplus / 2
    return Box(west, max(south, -75.0), east, min(north, 85.0))


def _view(
    hub: str | None,
    places: Mapping[str, Place],
    labelled: Mapping[str, Place],
    lines: Sequence[Line],
    outlines: Sequence[Ring],
    name: str,
) -> Markup:
    lines = [line for line in lines if line.ends[0] in places and line.ends[1] in places]
    places = unrolled(places, lines)
    projection = Projection(box(places.values()), WIDTH)
    at = {key: projection((place.longitude, place.latitude)) for key, place in places.items()}
    drawn: dict[str, list[str]] = {}
    for line in lines:
        for start, end in legs(places[line.ends[0]], places[line.ends[1]], projection):
            drawn.setdefault(line.kind, []).append(_curve(projection(start), projection(end)))
    land = path(outlines, projection)
    pieces = [
        Markup('<svg class="map" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            _number(WIDTH), _number(projection.height), name
        )
    ]
    if land:
        pieces.append(Markup('<path class="land" d="{}"/>').format(land))
    pieces += [
        Markup('<path class="line {}" d="{}"/>').format(kind, " ".join(parts)) for kind, parts in sorted(drawn.items())
    ]
    for key, (x, y) in sorted(at.items()):
        sort = "hub" if key == hub else "city"
        pieces.append(
            Markup('<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
                sort, _number(x), _number(y), 5 if key == hub else 4, places[key].name
            )
        )
    if len(labelled) <= _CROWD:
        partners = {end for line in lines if hub in line.ends for end in line.ends}
        order = sorted(labelled, key=lambda key: (key != hub, key not in partners, at[key][1], key))
        pieces += _labels(at, {key: labelled[key].name for key in order}, hub, projection.height)
    return Markup().join([*pieces, Markup("</svg>")])


def _labels(at: Mapping[str, Point], names: Mapping[str, str], hub: str | None, height: float) -> Iterator[Markup]:
    """The names of places, the first first, where there is room for them."""
    points = [(x - 5, y - 5, x + 5, y + 5) for x, y in at.values()]
    taken: list[tuple[float, float, float, float]] = []
    for key, name in names.items():
        text = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        for label in _around(at[key], len(text) * _LETTER):
            left, top, right, bottom = label.box
            free = left >= 0 and top >= 0 and right <= WIDTH and bottom <= height
            if free and not any(_overlap(label.box, other) for other in (*taken, *points)):
                taken.append(label.box)
                if label.away:
                    x, y = at[key]
                    yield Markup('<path class="lead" d="M{} {}L{} {}"/>').format(
                        _number(x), _number(y), _number(label.x), _number(label.y - _TEXT / 3)
                    )
                yield Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                    "hub" if key == hub else "city", _number(label.x), _number(label.y), label.anchor, escape(text)
                )
                break


def _around(point: Point, width: float) -> Iterator[_Label]:
    """Where a label may stand, the best first."""
    x, y = point
    yield _Label(x + 8, y + 5, width, "start")
    yield _Label(x - 8, y + 5, width, "end")
    yield _Label(x + 6, y - 7, width, "start")
    yield _Label(x + 6, y + 18, width, "start")
    yield _Label(x, y + 20, width, "middle")
    yield _Label(x - 6, y + 18, width, "end")
    yield _Label(x - 6, y - 7, width, "end")
    yield _Label(x, y - 9, width, "middle")
    for distance in (28, 46, 64):
        for down in (distance, -distance, 0):
            yield _Label(x + distance, y + down, width, "start", away=True)
            yield _Label(x - distance, y + down, width, "end", away=True)


def _overlap(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def legs(start: Place, end: Place, projection: Projection) -> list[tuple[Point, Point]]:
    """The line between two places the shorter way round, from west to east: in two where that leads out of the map."""
    west, east = sorted((place.longitude, place.latitude) for place in (start, end))
    if (way := _WHOLE - (east[0] - west[0])) >= _WHOLE / 2:
        return [(west, east)]
    slope = (west[1] - east[1]) / way
    left = projection.west, west[1] - slope * (west[0] - projection.west)
    right = projection.east, east[1] + slope * (projection.east - east[0])
    return [(left, west), (east, right)]


def _curve(start: Point, end: Point) -> str:
    """A line that bends upwards a little, so that lines to one side do not hide each other."""
    (x, y), (to_x, to_y) = sorted((start, end))
    rise = hypot(to_x - x, to_y - y) * _BEND
    middle = (x + to_x) / 2, (y + to_y) / 2 - rise
    return f"M{_number(x)} {_number(y)}Q{_number(middle[0])} {_number(middle[1])} {_number(to_x)} {_number(to_y)}"


def _distance(start: Place, end: Place) -> float:
    """Kilometres along a great circle."""
    first, second = radians(start.latitude), radians(end.latitude)
    cosine = sin(first) * sin(second) + cos(first) * cos(second) * cos(radians(start.longitude - end.longitude))
    return _EARTH * acos(max(-1.0, min(1.0, cosine)))


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
