"""A timeline of beginnings: years go down, periods stand beside them. Nothing shows how long a partnership lasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 480
_YEAR = 12.0  # the height of a year
_LINE = 19.0  # and of a label
_TOP = 24.0
_AXIS, _BANDS, _BAND = 66.0, 80.0, 16.0
_BESIDE = 14.0  # from a mark to another of the same year
_MANY = 60  # with more beginnings, years have counts instead of names
_LONGEST = 38  # letters of a label
_SHAPES = {  # of the marks but the circle: how far above the middle each begins, and its outline from there
    "◆": (6, "l6 6-6 6-6-6z"),
    "■": (5, "h5v10h-10v-10z"),
    "▲": (6, "l6 11h-12z"),
    "▼": (5, "h6l-6 11-6-11z"),
    "★": (7, "l1.8 4.6 4.9.2-3.8 3.1 1.3 4.8-4.2-2.7-4.2 2.7 1.3-4.8-3.8-3.1 4.9-.2z"),
}


@dataclass(frozen=True)
class Mark:
    """A beginning. ``kind`` is a word for its class in the style sheet, ``shape`` its mark as a character; an inferred
    year has a hollow mark."""

    year: int
    label: str
    kind: str
    inferred: bool = False
    shape: str = "●"


@dataclass(frozen=True)
class Band:
    """A period with a stated start; its end may be open."""

    start: int
    end: int | None
    label: str


def timeline(marks: Sequence[Mark], bands: Sequence[Band], name: str) -> Markup:
    """The beginnings and the periods as an SVG with ``name`` as its accessible name; empty where no year is known."""
    years = [mark.year for mark in marks]
    years += [year for band in bands for year in (band.start, band.end) if year is not None]
    if not years:
        return Markup()
    first, last = min(years) // 10 * 10, max(years)
    rows = list(_rows(_counted(marks) if len(marks) > _MANY else marks, first))
    bottom = max(_height(last, first), rows[-1][1] if rows else 0) + _LINE
    pieces = [
        Markup('<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, _number(bottom), name
        )
    ]
    for column, band in enumerate(sorted(bands, key=lambda band: (band.start, band.label))):
        pieces.append(_band(band, column, first, _height(last, first)))
    pieces.append(
        Markup('<path class="axis" d="M{} {}V{}"/>').format(
            _number(_AXIS), _number(_height(first, first)), _number(_height(last, first))
        )
    )
    for decade in range(first, last + 1, 10):
        y = _height(decade, first)
        pieces.append(
            Markup(
                '<path class="axis" d="M{} {}h6"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>'
            ).format(_number(_AXIS - 6), _number(y), _number(_AXIS - 12), _number(y + 5), decade)
        )
    left = _BANDS + _BAND * len(bands) + 12
    several = Counter(mark.year for mark, _ in rows)
    labels = left + _BESIDE * (max(several.values(), default=1) - 1) + 20
    for mark, y in rows:
        several[mark.year] -= 1  # the first label of a year has the mark that is nearest to it
        pieces += _mark(mark, left + _BESIDE * several[mark.year], labels, _height(mark.year, first), y)
    return Markup().join([*pieces, Markup("</svg>")])


def _rows(marks: Sequence[Mark], first: int) -> Iterator[tuple[Mark, float]]:
    """Each beginning with the height of its label: that of its year, or the next that is free."""
    free = 0.0
    for mark in sorted(marks, key=lambda mark: mark.year):
        y = max(_height(mark.year, first), free)
        free = y + _LINE
        yield mark, y


def _counted(marks: Sequence[Mark]) -> list[Mark]:
    """A mark for each year and kind, with how many begin."""
    counts = Counter((mark.year, mark.kind, mark.inferred, mark.shape) for mark in marks)
    return [
        Mark(year, f"× {count}", kind, inferred, shape)
        for (year, kind, inferred, shape), count in sorted(counts.items())
    ]


def _mark(mark: Mark, left: float, label: float, at: float, y: float) -> Iterator[Markup]:
    """The mark at its year and, joined to it where it stands lower, the label."""
    classes = f"mark {mark.kind}{' hollow' if mark.inferred else ''}"
    if mark.shape in _SHAPES:
        up, outline = _SHAPES[mark.shape]
        shape = Markup('<path class="{}" d="M{} {}{}"/>').format(classes, _number(left), _number(at - up), outline)
    else:
        shape = Markup('<circle class="{}" cx="{}" cy="{}" r="5"/>').format(classes, _number(left), _number(at))
    yield Markup('<path class="lead" d="M{} {}H{}"/>').format(_number(_AXIS), _number(at), _number(left - 6))
    if y != at:
        yield Markup('<path class="lead" d="M{} {}L{} {}"/>').format(
            _number(left), _number(at + 6), _number(label - 4), _number(y)
        )
    yield shape
    text = mark.label if len(mark.label) <= _LONGEST else f"{mark.label[: _LONGEST - 1]}…"
    yield Markup('<text x="{}" y="{}"><tspan class="year">{}</tspan> {}</text>').format(
        _number(label), _number(y + 5), mark.year, text
    )


def _band(band: Band, column: int, first: int, bottom: float) -> Markup:
    """A period: closed at its end where one is stated, else without an edge below."""
    x, top = _BANDS + _BAND * column, _height(band.start, first)
    if band.end is None:
        edge = f"M{_number(x)} {_number(bottom)}V{_number(top)}h{_number(_BAND - 6)}V{_number(bottom)}"
        return Markup('<path class="band open" d="{}"><title>{}</title></path>').format(edge, band.label)
    height = _height(band.end, first) - top
    return Markup('<rect class="band" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        _number(x), _number(top), _number(_BAND - 6), _number(height), band.label
    )


def _height(year: int, first: int) -> float:
    return _TOP + (year - first) * _YEAR


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
