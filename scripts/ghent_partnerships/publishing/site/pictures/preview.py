"""The picture that other sites show of a page: a map above its title, as a PNG of 1200 by 630 pixels.

It is drawn as SVG and rendered by resvg, which reads the fonts of the bundle and none of the system: the same page has
the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from math import cos, radians, sqrt
from pathlib import Path

from markupsafe import Markup

from . import land
from .lettering import Lettering, fonts, widths
from .world_map import Line, Place, legs, unrolled

WIDTH, HEIGHT = 1200, 630
_MAP = 400.0  # the height of the map; the text stands below it
_LEFT, _ROOM = 60.0, WIDTH - 120.0
_LARGEST, _SMALLEST = 64.0, 46.0  # sizes of a title: in the smallest it may have two lines
_FAMILY = "Noto Serif"
_PAPER, _INK, _MUTED, _LAND, _WATER, _RULE = "#fcfbf8", "#1c1e22", "#595d66", "#e0dbcc", "#f3f4f3", "#d9d5c8"
_MARGIN, _LEAST = 0.22, 2.5  # around the places: of their extent, and in degrees
_SHARE = 0.12  # of the height of the map, that lies free above and below the places
_BEND = 0.14  # of the length of a line
_LABEL = 26.0
_NEAR = 40.0  # degrees: the fine outlines are for maps that are less wide
_KEPT = 64  # maps
_NORTH, _SOUTH = 85.0, -75.0


@dataclass(frozen=True)
class Preview:
    """What the picture of a page shows: the name of the site, the title, another name beside it, what it is in a line,
    and on the map the places by their keys, the lines between them with their colours, and the keys of the places that
    are named."""

    site: str
    title: str
    lead: str
    places: Mapping[str, Place] = field(default_factory=dict)
    lines: Sequence[tuple[Line, str]] = ()
    named: tuple[str, ...] = ()
    aside: str = ""


class Renderer:
    """Draws previews. ``outlines`` are those of the land, coarse and fine."""

    def __init__(self, bundle: Path) -> None:
        self._fonts, self._lettering = list(fonts(bundle)), Lettering(widths(bundle))
        self._coarse = _Outlines(land.rings(bundle / "land-110m.geojson"))
        self._fine = _Outlines(land.rings(bundle / "land-50m.geojson"))
        self._drawn = lru_cache(_KEPT)(self._projected)  # the same for each language, and for a city of one partnership

    def can_write(self, *texts: str) -> bool:
        """Whether the fonts have all letters of the texts."""
        return all(map(self._lettering.has, texts))

    def png(self, preview: Preview) -> bytes:
        """The picture of a page."""
        import resvg_py

        content = resvg_py.svg_to_bytes(
            svg_string=str(self.svg(preview)), skip_system_fonts=True, font_files=self._fonts, font_family=_FAMILY
        )
        return bytes(content)

    def svg(self, preview: Preview) -> Markup:
        """The picture before it is rendered."""
        pieces = [
            Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" font-family="{}">').format(
                WIDTH, HEIGHT, _FAMILY
            ),
        ]
        pieces += self._map(preview) if preview.places else [_box(0, 0, WIDTH, HEIGHT, _PAPER)]
        pieces += self._text(preview)
        return Markup("\n").join([*pieces, Markup("</svg>\n")])

    def _map(self, preview: Preview) -> list[Markup]:
        places = unrolled(preview.places, [line for line, _ in preview.lines])
        projection, outlines = self._drawn(_extent(list(places.values())))
        middle = [projection((place.longitude, place.latitude))[1] for place in places.values()]
        up = max(0.0, min((min(middle) + max(middle) - _MAP) / 2, projection.height - _MAP))
        pieces = [
            _box(0, 0, WIDTH, _MAP, _WATER),
            Markup('<g transform="translate(0 {})">').format(_number(-up)),
            Markup('<path d="{}" fill="{}"/>').format(outlines, _LAND),
        ]
        for line, color in preview.lines:
            start, end = (places[key] for key in line.ends)
            curves = [_curve(projection(west), projection(east)) for west, east in legs(start, end, projection)]
            pieces.append(
                Markup('<path d="{}" fill="none" stroke="{}" stroke-width="4" stroke-linecap="round"/>').format(
                    " ".join(curves), color
                )
            )
        at = {key: projection((place.longitude, place.latitude)) for key, place in places.items()}
        for x, y in sorted(at[key] for key in at if key not in preview.named) + [
            at[key] for key in preview.named if key in at
        ]:
            pieces.append(
                Markup('<circle cx="{}" cy="{}" r="8" fill="{}" stroke="{}" stroke-width="3"/>').format(
                    _number(x), _number(y), _INK, _PAPER
                )
            )
        pieces += self._names(at, {key: places[key].name for key in preview.named if key in places})
        below = _box(0, _MAP, WIDTH, HEIGHT - _MAP, _PAPER)  # hides what of the land is below the map
        return [*pieces, Markup("</g>"), below, _box(0, _MAP, WIDTH, 2, _RULE)]

    def _projected(self, box: land.Box) -> tuple[land.Projection, str]:
        """The projection of a part of the world, and the land in it."""
        outlines = self._fine if box.east - box.west < _NEAR else self._coarse
        projection = land.Projection(box, WIDTH)
        projection.west, projection.east = projection.middle - 180.0, projection.middle + 180.0
        return projection, land.path(outlines.near(box), projection)

    def _names(self, at: Mapping[str, land.Point], names: Mapping[str, str]) -> list[Markup]:
        """The names of places beside their dots: away from the other dots, and within the picture."""
        pieces = []
        taken: list[tuple[float, float]] = list(at.values())
        for key, name in names.items():
            x, y = at[key]
            width = self._lettering.width(name, _LABEL)
            left = sum(1 for other, _ in taken if other < x) < sum(1 for other, _ in taken if other > x)
            if x - width - 16 < 0 or x + width + 16 > WIDTH:
                left = x > WIDTH / 2
            pieces.append(
                Markup(
                    '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}" stroke="{}" stroke-width="6" '
                    'stroke-linejoin="round" paint-order="stroke">{}</text>'
                ).format(
                    _number(x - 16 if left else x + 16),
                    _number(y + _LABEL / 3),
                    _number(_LABEL),
                    "end" if left else "start",
                    _INK,
                    _WATER,
                    name,
                )
            )
        return pieces

    def _text(self, preview: Preview) -> list[Markup]:
        fitting = _ROOM / (self._lettering.width(preview.title, 1.0) or 1.0)
        size = max(_SMALLEST, min(_LARGEST, fitting))
        lines = self._lettering.lines(preview.title, size, _ROOM, 2)
        top = (_MAP if preview.places else 0.0) + (HEIGHT - (_MAP if preview.places else 0)) / 2
        height = len(lines) * size * 1.15
        y = top - height / 2 + size * 0.62
        pieces = []
        for line in lines:
            pieces.append(_written(line, _LEFT, y, size, _INK))
            y += size * 1.15
        used = self._lettering.width(lines[-1], size) + size / 2
        if preview.aside and used + self._lettering.width(preview.aside, size) <= _ROOM:
            pieces.append(_written(preview.aside, _LEFT + used, y - size * 1.15, size, _MUTED))
        below = HEIGHT - 38.0
        site = self._lettering.lines(preview.site, 26.0, _ROOM / 2, 1)[0]
        room = _ROOM - self._lettering.width(site, 26.0) - 40
        pieces.append(_written(self._lettering.lines(preview.lead, 30.0, room, 1)[0], _LEFT, below, 30.0, _MUTED))
        pieces.append(_written(site, WIDTH - _LEFT, below, 26.0, _MUTED, "end"))
        return pieces


class _Outlines:
    """Rings, each with the degrees that it lies between."""

    def __init__(self, rings: Sequence[land.Ring]) -> None:
        self._rings = [
            (min(x for x, _ in ring), max(x for x, _ in ring), min(y for _, y in ring), max(y for _, y in ring), ring)
            for ring in rings
        ]

    def near(self, box: land.Box) -> list[land.Ring]:
        """The rings that may be in the picture: a conic projection shows more than the box."""
        tall = box.north - box.south
        if tall > _NEAR:
            return [ring for *_, ring in self._rings]
        wide = box.east - box.west
        west, east, south, north = box.west - wide, box.east + wide, box.south - tall, box.north + tall
        return [
            ring
            for left, right, low, high, ring in self._rings
            if low < north
            and high > south
            and any(left + turn < east and right + turn > west for turn in (-360.0, 0.0, 360.0))
        ]


def can_draw(bundle: Path) -> bool:
    """Whether there are the renderer and the fonts."""
    return bool(fonts(bundle)) and bool(widths(bundle)) and find_spec("resvg_py") is not None


def _extent(places: Sequence[Place]) -> land.Box:
    """The part of the world that the map shows: the places with a margin, at least as tall as the map is."""
    longitudes, latitudes = [place.longitude for place in places], [place.latitude for place in places]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    margin = max((east - west) * _MARGIN, _LEAST)
    tall = max(north - south, _LEAST)
    south, north = south - tall * _SHARE * 2, north + tall * _SHARE * 2
    west, east = west - margin, east + margin
    shrink = cos(radians(max(-60.0, min(60.0, (south + north) / 2))))
    ratio = WIDTH / _MAP
    if (missing := (north - south) * ratio / shrink - (east - west)) > 0:
        west, east = west - missing / 2, east + missing / 2
    if (surplus := east - west - 360.0) > 0:
        west, east = west + surplus / 2, east - surplus / 2
    if (missing := (east - west) * shrink / ratio * 1.1 - (north - south)) > 0:
        south, north = south - missing / 2, north + missing / 2
    return land.Box(west, max(south, _SOUTH), east, min(north, _NORTH))


def _curve(start: land.Point, end: land.Point) -> str:
    (x, y), (to_x, to_y) = sorted((start, end))
    rise = sqrt((to_x - x) ** 2 + (to_y - y) ** 2) * _BEND
    middle = (x + to_x) / 2, (y + to_y) / 2 - rise
    return f"M{_number(x)} {_number(y)}Q{_number(middle[0])} {_number(middle[1])} {_number(to_x)} {_number(to_y)}"


def _written(text: str, x: float, y: float, size: float, color: str, anchor: str = "start") -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        _number(x), _number(y), _number(size), color, anchor, text
    )


def _box(x: float, y: float, width: float, height: float, color: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        *map(_number, (x, y, width, height)), color
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
