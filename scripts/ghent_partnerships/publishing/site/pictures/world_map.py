"""A map of partnerships as SVG: one drawing of all places and, where many lie near the hub, a larger one of these.

It is drawn for narrow, middling and wide pages, among which the style sheet chooses; the land is there once. Places and
lines are links. Letters have the same size in each drawing, so that they can be read at each width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from math import acos, cos, hypot, radians, sin

from markupsafe import Markup

from .labels import LINE, SIZE, Label, placed, together, width
from .land import Box, Point, Projection, Ring, line_path, path

WIDTH = 560.0  # of a panel, in which the land is drawn before it is scaled
_DRAWINGS = (("narrow", 328.0), ("middling", 680.0), ("wide", 1072.0))  # CSS pixels
_BESIDE = 0.53  # of the width, for the nearer panel where two stand beside each other
_SPACE = 16.0  # between panels
_KEY, _ROW = 36.0, 22.0  # in the legend: the width of a sample, the height of a row
_NEAR = 2_500.0  # kilometres from the hub
_EARTH = 6_371.0
_WHOLE = 360.0  # degrees around the world
_MARGIN, _LEAST = 0.08, 6.0  # of the extent, and in degrees
_BEND = 0.12  # of a line's length
_LONGEST = 40  # letters of a label
_CROWD = 300  # more cities than this have no labels
_FLATTEST, _TALLEST = 1.4, 1.0  # the proportions of a picture
_SAMPLES = 12  # points of a line that labels keep off


@dataclass(frozen=True)
class Place:
    """A city where it lies, in decimal degrees (WGS 84), and the page about it, if there is one."""

    name: str
    latitude: float
    longitude: float
    page: str = ""


@dataclass(frozen=True)
class Line:
    """A partnership between two places, by the keys of these. ``kind`` has the words for its class in the style sheet:
    that of its kind, and ``strong`` or ``faint`` for its status. ``title`` tells what it is; ``page`` is about it."""

    kind: str
    ends: tuple[str, str]
    title: str = ""
    page: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the legend: the class of the line that it explains, what it means, and whether we infer that."""

    kind: str
    meaning: str
    inferred: str = ""  # the word for it


@dataclass(frozen=True, eq=False)  # which are read once, and hashed by what they are in memory
class Outlines:
    """The coasts and the borders of countries; both may be empty."""

    land: Sequence[Ring] = field(default=())
    borders: Sequence[Ring] = field(default=())


@dataclass(frozen=True)
class _Panel:
    """A part of the world: its places in a picture of the width ``WIDTH``, which of them have names, and its lines."""

    ident: str
    at: Mapping[str, Point]
    named: Sequence[str]
    curves: Sequence[tuple[Line, Sequence[tuple[Point, Point]]]]
    height: float


def world_map(
    places: Mapping[str, Place],
    lines: Sequence[Line],
    outlines: Outlines,
    name: str,
    *,
    hub: str | None = None,
    legend: Sequence[Entry] = (),
    ident: str = "map",
) -> Markup:
    """The map of the lines between the places as SVGs with ``name`` as their accessible name; empty without places.

    Where some of the places lie far from the hub and several near it, these have a larger panel of their own. ``ident``
    begins what the SVGs are called by within a page.
    """
    if not places:
        return Markup()
    middle = places.get(hub or "")
    near = [key for key, place in places.items() if middle and _distance(middle, place) < _NEAR]
    if len(near) in (0, 1, len(places)):
        views = [(list(places), list(places))]
    else:
        far = [key for key in places if key not in near or key == hub]
        views = [(near, near), (list(places), far)]
    panels, ground = [], []
    for number, (shown, named) in enumerate(views, 1):
        within = {key: places[key] for key in shown}
        panel, land, borders = _panel(f"{ident}-land-{number}", within, named, lines, outlines, hub)
        panels.append(panel)
        ground.append(
            Markup('<g id="{}"><path class="land" d="{}"/><path class="border" d="{}"/></g>').format(
                panel.ident, land, borders
            )
        )
    defined = Markup('<svg class="ground" width="0" height="0" aria-hidden="true"><defs>{}</defs></svg>').format(
        Markup().join(ground)
    )
    drawings = (_drawing(sort, wide, panels, places, hub, legend, name) for sort, wide in _DRAWINGS)
    return Markup('<div class="world">{}{}</div>').format(defined, Markup().join(drawings))


def _panel(
    ident: str,
    places: Mapping[str, Place],
    named: Sequence[str],
    lines: Sequence[Line],
    outlines: Outlines,
    hub: str | None,
) -> tuple[_Panel, str, str]:
    """A panel of the places, and its land and borders as paths."""
    lines = [line for line in lines if line.ends[0] in places and line.ends[1] in places]
    moved = unrolled(places, lines)
    projection, land, borders = _ground(box(moved.values()), outlines)
    at = {key: projection((place.longitude, place.latitude)) for key, place in moved.items()}
    curves = [
        (
            line,
            [
                (projection(start), projection(end))
                for start, end in legs(moved[line.ends[0]], moved[line.ends[1]], projection)
            ],
        )
        for line in lines
    ]
    order = sorted(named, key=lambda key: (key != hub, _loneliness(at, key) if len(named) < _CROWD else 0, key))
    panel = _Panel(ident, at, order if len(order) <= _CROWD else [], curves, projection.height)
    return panel, land, borders


@lru_cache(32)  # a page has the same ground in each language
def _ground(part: Box, outlines: Outlines) -> tuple[Projection, str, str]:
    """The projection of a part of the world, and its land and borders as paths."""
    projection = Projection(part, WIDTH)
    return projection, path(outlines.land, projection), line_path(outlines.borders, projection)


def _loneliness(at: Mapping[str, Point], key: str) -> float:
    """How far the nearest other place is: names that have little room are placed first."""
    (x, y) = at[key]
    return round(min((hypot(x - a, y - b) for other, (a, b) in at.items() if other != key), default=0.0), 1)


def _drawing(
    sort: str,
    wide: float,
    panels: Sequence[_Panel],
    places: Mapping[str, Place],
    hub: str | None,
    legend: Sequence[Entry],
    name: str,
) -> Markup:
    """The panels with the legend, in a width: beside each other where there is room, else below each other."""
    beside = len(panels) > 1 and sort != "narrow"
    first = round(wide * _BESIDE if beside else wide if sort != "wide" or not legend else wide * 0.72)
    widths = [first, wide - first - _SPACE] if beside else [first] * len(panels)
    x, y, bottom = 0.0, 0.0, 0.0
    pieces = []
    for panel, room in zip(panels, widths, strict=True):
        height = round(panel.height * room / WIDTH, 1)
        pieces.append(_view(panel, (x, y, room, height), places, hub))
        bottom = max(bottom, y + height)
        if beside and panel is panels[0]:
            x = room + _SPACE
        else:
            y += height + _SPACE
    column = (x, widths[-1]) if beside else (0.0, wide)
    if not beside and sort == "wide" and legend:
        column, y = (first + _SPACE, wide - first - _SPACE), 0.0
    if any(_entry_width(entry) > column[1] for entry in legend):
        column, y = (0.0, wide), bottom + _SPACE
    drawn, y = _legend(legend, column, y)
    return Markup('<svg class="map {}" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>').format(
        sort, _number(wide), _number(max(bottom, y)), name, Markup().join(pieces), drawn
    )


def _view(
    panel: _Panel, frame: tuple[float, float, float, float], places: Mapping[str, Place], hub: str | None
) -> Markup:
    """A panel in its frame: the land, the lines, and the places with their names."""
    x, y, wide, high = frame
    scale = wide / WIDTH
    at = {key: (a * scale, b * scale) for key, (a, b) in panel.at.items()}
    drawn, samples = [], []
    for line, ends in panel.curves:
        curves = [_bent((a * scale, b * scale), (c * scale, d * scale)) for (a, b), (c, d) in ends]
        samples += [point for curve in curves for point in _points(curve)]
        drawn.append(_line(line, " ".join(map(_curve, curves))))
    marks = {key: Markup() for key in at}
    for key, label, number in _names(panel.named, at, places, samples, (wide, high)):
        marks[key] = _label(at[key], label, number, _short(places[key].name))
    shown = [
        _place(places[key], at[key], marks[key], is_hub=key == hub) for key in sorted(at, key=lambda k: (k == hub, k))
    ]
    return Markup(
        '<svg class="panel" x="{}" y="{}" width="{}" height="{}" viewBox="0 0 {} {}">'
        '<rect class="water" width="100%" height="100%"/><g class="zoomed">'
        '<use href="#{}" transform="scale({})"/>{}</g>{}</svg>'
    ).format(
        *map(_number, (x, y, wide, high, wide, high)),
        panel.ident,
        f"{scale:.4g}",
        Markup().join(drawn),
        Markup().join(shown),
    )


def _names(
    named: Sequence[str], at: Mapping[str, Point], places: Mapping[str, Place], samples: Sequence[Point], size: Point
) -> Iterator[tuple[str, Label, int]]:
    """Each place that has a label with it, and the number of its line in it: places near each other share one."""
    groups = [[named[number] for number in group] for group in together([at[key] for key in named])]
    names = [[_short(places[key].name) for key in group] for group in groups]
    found = placed(names, [at[group[0]] for group in groups], list(at.values()), samples, size)
    for group, label in zip(groups, found, strict=True):
        if label is not None:
            yield from ((key, label, number) for number, key in enumerate(group))


def _label(point: Point, label: Label, number: int, text: str) -> Markup:
    """The name of a place, measured from the place; the first of several has the line that joins them."""
    x, y = label.x - point[0], label.y - point[1] + number * LINE
    lead = Markup()
    if label.lead and not number:
        lead = Markup('<path class="lead" d="M0 0L{} {}"/>').format(
            _number(label.lead[0] - point[0]), _number(label.lead[1] - point[1])
        )
    return lead + Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
        _number(x), _number(y), label.anchor, text
    )


def _place(place: Place, point: Point, label: Markup, *, is_hub: bool) -> Markup:
    sort, radius = ("hub", 5) if is_hub else ("city", 4)
    content = Markup('{}<circle class="{}" r="{}"><title>{}</title></circle>').format(label, sort, radius, place.name)
    where = Markup('class="place {}" transform="translate({} {})"').format(sort, _number(point[0]), _number(point[1]))
    if place.page:
        return Markup('<a {} href="{}" aria-label="{}">{}</a>').format(where, place.page, place.name, content)
    return Markup("<g {}>{}</g>").format(where, content)


def _line(line: Line, curves: str) -> Markup:
    """A line, and over it a broader one that nobody sees, for fingers. For the keyboard there is the table."""
    title = Markup("<title>{}</title>").format(line.title) if line.title else Markup()
    drawn = Markup('<path class="line {}" d="{}"/>').format(line.kind, curves)
    if not line.page:
        return Markup("<g>{}{}</g>").format(drawn, title)
    return Markup('<a href="{}" tabindex="-1" aria-label="{}">{}<path class="reach" d="{}">{}</path></a>').format(
        line.page, line.title, drawn, curves, title
    )


def _legend(legend: Sequence[Entry], column: tuple[float, float], top: float) -> tuple[Markup, float]:
    """The legend in a column, from its left and of its width, and where it ends."""
    left, wide = column
    pieces, y, x = [], top + _ROW * 0.75, left
    for entry in legend:
        needed = _entry_width(entry) + _SPACE
        if x > left and x + needed > left + wide:
            x, y = left, y + _ROW
        mark = Markup(' <tspan class="inferred">{}</tspan>').format(entry.inferred) if entry.inferred else Markup()
        pieces.append(
            Markup('<path class="line {}" d="M{} {}h{}"/><text x="{}" y="{}">{}{}</text>').format(
                entry.kind,
                *map(_number, (x, y - SIZE / 3, _KEY - 8, x + _KEY, y)),
                entry.meaning,
                mark,
            )
        )
        x += needed
    if not pieces:
        return Markup(), 0.0
    return Markup('<g class="legend">{}</g>').format(Markup().join(pieces)), y + _ROW * 0.5


def _entry_width(entry: Entry) -> float:
    return _KEY + width(f"{entry.meaning} {entry.inferred}".rstrip())


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


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


def legs(start: Place, end: Place, projection: Projection) -> list[tuple[Point, Point]]:
    """The line between two places the shorter way round, from west to east: in two where that leads out of the map."""
    west, east = sorted((place.longitude, place.latitude) for place in (start, end))
    if (way := _WHOLE - (east[0] - west[0])) >= _WHOLE / 2:
        return [(west, east)]
    slope = (west[1] - east[1]) / way
    left = projection.west, west[1] - slope * (west[0] - projection.west)
    right = projection.east, east[1] + slope * (projection.east - east[0])
    return [(left, west), (east, right)]


def _bent(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A line that bends upwards a little, so that lines to one side do not hide each other: its ends and, between
    them, the control point of the curve."""
    (x, y), (to_x, to_y) = sorted((start, end))
    rise = hypot(to_x - x, to_y - y) * _BEND
    return (x, y), ((x + to_x) / 2, (y + to_y) / 2 - rise), (to_x, to_y)


def _curve(curve: tuple[Point, Point, Point]) -> str:
    (x, y), (middle, rise), (to_x, to_y) = ((_number(a), _number(b)) for a, b in curve)
    return f"M{x} {y}Q{middle} {rise} {to_x} {to_y}"


def _points(curve: tuple[Point, Point, Point]) -> Iterator[Point]:
    """Points along a quadratic curve."""
    (x, y), (middle, rise), (to_x, to_y) = curve
    for step in range(1, _SAMPLES):
        part = step / _SAMPLES
        rest = 1 - part
        yield (
            rest * rest * x + 2 * rest * part * middle + part * part * to_x,
            rest * rest * y + 2 * rest * part * rise + part * part * to_y,
        )


def _distance(start: Place, end: Place) -> float:
    """Kilometres along a great circle."""
    first, second = radians(start.latitude), radians(end.latitude)
    cosine = sin(first) * sin(second) + cos(first) * cos(second) * cos(radians(start.longitude - end.longitude))
    return _EARTH * acos(max(-1.0, min(1.0, cosine)))


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
