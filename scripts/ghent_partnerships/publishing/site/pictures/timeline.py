"""A timeline of beginnings: years go down to that of the data, over the periods that the source tells of. Nothing shows
how long a partnership lasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 380
_YEAR = 9.0  # the height of a year
_LINE = 19.0  # and of a label
_TOP = 24.0
_AXIS, _LEFT = 46.0, 66.0  # where the axis and the first mark are
_LETTER = 8.0  # the width of one
_BESIDE = 14.0  # from a mark to another of the same year
_MANY = 60  # with more beginnings, years have counts instead of names
_LONGEST = 31  # letters of a label
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


def timeline(
    marks: Sequence[Mark], bands: Sequence[Band], name: str, *, until: tuple[int, str] | None = None, inferred: str = ""
) -> Markup:
    """The beginnings and the periods as an SVG with ``name`` as its accessible name; empty where no year is known.

    ``until`` is the year that it goes on to, and what is written there; ``inferred`` is the word behind a beginning of
    which the year is.
    """
    years = [mark.year for mark in marks]
    years += [year for band in bands for year in (band.start, band.end) if year is not None]
    if not years:
        return Markup()
    first, last = min(years) // 10 * 10, max(*years, until[0] if until else years[0])
    entries: list[Mark | Band] = [*(_counted(marks) if len(marks) > _MANY else marks), *bands]
    rows = list(_rows(entries, first))
    end = _height(last, first)
    bottom = max(end, rows[-1][1] if rows else 0) + _LINE
    if until:
        bottom += _LINE * (rows[-1][1] > end - _LINE)
    pieces = [
        Markup('<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, _number(bottom), name
        )
    ]
    pieces += [_band(band, first, end, turn=number > 0) for number, band in enumerate(sorted(bands, key=_start))]
    pieces += _axis(first, last)
    several = Counter(row.year for row, _ in rows if isinstance(row, Mark))
    labels = _LEFT + _BESIDE * (max(several.values(), default=1) - 1) + 18
    for row, y in rows:
        if isinstance(row, Band):
            pieces.append(_heading(row, y))
            continue
        several[row.year] -= 1  # the first label of a year has the mark that is nearest to it
        pieces += _mark(row, _LEFT + _BESIDE * several[row.year], labels, (_height(row.year, first), y), inferred)
    if until:
        pieces.append(
            Markup('<text class="tick" x="{}" y="{}">{}</text>').format(
                _number(_LEFT - 8), _number(bottom - _LINE + 5), until[1]
            )
        )
    return Markup().join([*pieces, Markup("</svg>")])


def _axis(first: int, last: int) -> Iterator[Markup]:
    """The line of the years, with each decade."""
    yield Markup('<path class="axis" d="M{} {}V{}"/>').format(
        _number(_AXIS), _number(_height(first, first)), _number(_height(last, first))
    )
    for decade in range(first, last + 1, 10):
        y = _height(decade, first)
        yield Markup(
            '<path class="axis" d="M{} {}h6"/><text class="tick" x="{}" y="{}" text-anchor="end">{}</text>'
        ).format(_number(_AXIS - 6), _number(y), _number(_AXIS - 10), _number(y + 5), decade)


def _start(row: Mark | Band) -> tuple[int, bool, str]:
    """Where a row belongs: a period comes before what begins in its first year."""
    return (row.start, False, row.label) if isinstance(row, Band) else (row.year, True, "")


def _rows(entries: Sequence[Mark | Band], first: int) -> Iterator[tuple[Mark | Band, float]]:
    """Each entry with the height of its label: that of its year, or the next that is free."""
    free = 0.0
    for entry in sorted(entries, key=_start):
        above = _LINE if isinstance(entry, Band) else 0.0
        y = max(_height(_start(entry)[0], first) - above, free)
        free = y + _LINE
        yield entry, y


def _counted(marks: Sequence[Mark]) -> list[Mark]:
    """A mark for each year and kind, with how many begin."""
    counts = Counter((mark.year, mark.kind, mark.inferred, mark.shape) for mark in marks)
    return [
        Mark(year, f"× {count}", kind, inferred, shape)
        for (year, kind, inferred, shape), count in sorted(counts.items())
    ]


def _mark(mark: Mark, left: float, label: float, heights: tuple[float, float], inferred: str) -> Iterator[Markup]:
    """The mark at its year and, joined to it where it stands lower, the label."""
    at, y = heights
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
    word = Markup(' <tspan class="inferred">{}</tspan>').format(inferred) if mark.inferred and inferred else Markup()
    yield Markup('<text x="{}" y="{}"><tspan class="year">{}</tspan> {}{}</text>').format(
        _number(label), _number(y + 5), mark.year, _short(mark.label, _LONGEST - (len(inferred) + 1) * bool(word)), word
    )


def _heading(band: Band, y: float) -> Markup:
    """What a period is called, where it begins."""
    most = int((WIDTH - _LEFT) / _LETTER)
    return Markup('<text class="period" x="{}" y="{}">{}</text>').format(
        _number(_LEFT - 8), _number(y + 5), _short(band.label, most)
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _band(band: Band, first: int, bottom: float, *, turn: bool) -> Markup:
    """A period behind its beginnings, without an edge below where no end is stated; its start is a turn of the account
    where another came before."""
    top = _height(band.start, first)
    end = bottom if band.end is None else _height(band.end, first)
    drawn = Markup('<rect class="band{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        " open" if band.end is None else "",
        *map(_number, (_AXIS, top, WIDTH - _AXIS, end - top)),
        band.label,
    )
    edges = [("edge turn" if turn else "edge", top)] + ([("edge", end)] if band.end is not None else [])
    lines = (
        Markup('<path class="{}" d="M{} {}H{}"/>').format(sort, *map(_number, (_AXIS, y, WIDTH))) for sort, y in edges
    )
    return drawn + Markup().join(lines)


def _height(year: int, first: int) -> float:
    return _TOP + (year - first) * _YEAR


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
