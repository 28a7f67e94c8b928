"""Where the names on a map stand: beside their places where there is room, else joined to them by a short line.

Places are given in order of importance. No name covers another name, a place or a line to a name, and none is cut by
the edge; among what is left, the nearest that covers the fewest lines of the map, and is beside the fewest
other places, is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from unicodedata import east_asian_width

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom

SIZE = 13.0  # of the letters
LINE = 18.0  # from one line of text to the next
TOGETHER = 7.0  # places as near as this share a label
_DOT = 5.0
_GAP = 8.0
_LETTER, _WIDE = 0.63, 1.05  # of the size: letters are narrower than this in every common typeface
_DISTANCES = (20.0, 30.0, 42.0, 56.0, 72.0, 90.0)
_ANGLES = 16
_FEW = 60  # more labels than this stand beside their places or not at all
_MARGIN = 3.0


@dataclass(frozen=True)
class Label:
    """Where the lines of a name stand: from which side each is written, the baseline of the first, and where the line
    from its place ends, if it needs one."""

    x: float
    y: float
    anchor: str
    box: Rectangle
    lead: Point | None = None


def width(text: str) -> float:
    """How wide a text is at most."""
    return SIZE * sum(_WIDE if east_asian_width(letter) in "WF" else _LETTER for letter in text)


def together(at: Sequence[Point]) -> list[list[int]]:
    """The places, by their numbers, in groups that are too near each other for labels of their own."""
    groups: list[list[int]] = []
    for number, (x, y) in enumerate(at):
        for group in groups:
            first = at[group[0]]
            if hypot(x - first[0], y - first[1]) <= TOGETHER:
                group.append(number)
                break
        else:
            groups.append([number])
    return groups


def placed(
    names: Sequence[Sequence[str]], at: Sequence[Point], dots: Sequence[Point], curves: Sequence[Point], size: Point
) -> list[Label | None]:
    """A label for each of the names, which may have several lines, beside its place; None where there is no room.

    ``dots`` are all places, ``curves`` are points of the lines of the map, ``size`` is that of the map.
    """
    taken: list[Rectangle] = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots]
    leads: list[tuple[Point, Point]] = []
    found: list[Label | None] = []
    for lines, point in zip(names, at, strict=True):
        extent = max(map(width, lines)), LINE * len(lines)
        best: tuple[float, Label] | None = None
        for least, label in _candidates(point, extent, away=len(names) <= _FEW):
            if best is not None and least >= best[0]:
                continue
            if not _fits(label, point, taken, leads, size):
                continue
            cost = least + sum(_inside(other, label.box) for other in curves) + 9 * _beside_others(label, point, dots)
            if best is None or cost < best[0]:
                best = cost, label
        found.append(best[1] if best else None)
        if best:
            taken.append(best[1].box)
            if best[1].lead:
                leads.append((point, best[1].lead))
    return found


def _candidates(point: Point, extent: Point, *, away: bool) -> Iterator[tuple[float, Label]]:
    """Where a label may stand, and how much worse that is than the best."""
    (x, y), (wide, high) = point, extent
    beside = (
        (1, 0, 0.0),
        (-1, 0, 1.0),
        (0, -1, 2.0),
        (0, 1, 2.0),
        (1, -1, 3.0),
        (1, 1, 3.0),
        (-1, -1, 4.0),
        (-1, 1, 4.0),
    )
    for across, along, cost in beside:
        reach = _GAP * (0.75 if across and along else 1)
        yield cost, _label((x + across * reach, y + along * reach), (across, along), extent)
    for distance in _DISTANCES if away else ():
        for step in range(_ANGLES):
            right, down = cos(2 * pi * step / _ANGLES), sin(2 * pi * step / _ANGLES)
            end = x + right * distance, y + down * distance
            side = round(right * 1.2), (0 if abs(right) > 0.4 else round(down))
            label = _label((end[0] + side[0] * 3, end[1] + side[1] * 2), side, (wide, high))
            yield 6 + distance / 3, Label(label.x, label.y, label.anchor, label.box, end)


def _label(start: Point, side: tuple[int, int], extent: Point) -> Label:
    """The label that begins at a point and goes on to a side of it."""
    (x, y), (right, down), (wide, high) = start, side, extent
    left = x - wide / 2 + right * wide / 2
    top = y - high / 2 + down * high / 2
    anchor = {1: "start", 0: "middle", -1: "end"}[right]
    return Label(x, top + SIZE * 0.95, anchor, (left, top, left + wide, top + high))


def _fits(
    label: Label, point: Point, taken: Sequence[Rectangle], leads: Sequence[tuple[Point, Point]], size: Point
) -> bool:
    left, top, right, bottom = label.box
    if left < _MARGIN or top < _MARGIN or right > size[0] - _MARGIN or bottom > size[1] - _MARGIN:
        return False
    if any(_overlap(label.box, other) for other in taken) or any(_cut(*lead, label.box) for lead in leads):
        return False
    if label.lead is None:
        return True
    (x, y), (to_x, to_y) = point, label.lead
    away = 1.5 * _DOT / hypot(to_x - x, to_y - y)
    start = x + (to_x - x) * away, y + (to_y - y) * away
    others = [box for box in taken if not _inside(point, box)]
    crossing = any(_cross(start, label.lead, *lead) for lead in leads)
    return not crossing and not any(_cut(start, label.lead, box) for box in others)


def _beside_others(label: Label, point: Point, dots: Sequence[Point]) -> int:
    """Beside how many other places a label stands, so that it may be taken for theirs."""
    left, top, right, bottom = label.box
    box = left - _GAP, top - _GAP, right + _GAP, bottom + _GAP
    return sum(_inside(dot, box) and hypot(dot[0] - point[0], dot[1] - point[1]) > TOGETHER for dot in dots)


def _inside(point: Point, box: Rectangle) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _overlap(first: Rectangle, second: Rectangle) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def _cut(start: Point, end: Point, box: Rectangle) -> bool:
    """Whether a line leads through a rectangle."""
    if _inside(start, box) or _inside(end, box):
        return True
    left, top, right, bottom = box
    diagonals = ((left, top), (right, bottom)), ((left, bottom), (right, top))
    return any(_cross(start, end, *diagonal) for diagonal in diagonals)


def _cross(start: Point, end: Point, other_start: Point, other_end: Point) -> bool:
    """Whether two lines cross."""

    def side(first: Point, second: Point, third: Point) -> float:
        return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])

    apart = side(start, end, other_start) * side(start, end, other_end)
    return apart < 0 and side(other_start, other_end, start) * side(other_start, other_end, end) < 0
