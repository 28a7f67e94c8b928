"""The model as a picture, drawn from the ontology: a box for each class with its properties, and a line from each
property to the class of its values. A line begins at the row of its property, so it needs no label of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ....rdf.index import GraphIndex
from ....rdf.namespaces import GP, expand
from ....rdf.turtle import XSD
from ....text import Text
from ....translation import message as _

_WIDTH, _GAP, _SPACE = 256.0, 84.0, 22.0  # of a box, and between boxes across and down
_ROW, _HEAD = 19.0, 30.0
_EVERYWHERE = (
    expand("skos:Concept"),
    expand("rdf:Property"),
    expand("rdf:langString"),
)  # a line to these would tell nothing
_LONGEST = 33  # letters of a row
_DATATYPES: dict[str, Text] = {
    XSD + "gYear": _("year"),
    XSD + "string": _("text"),
    XSD + "integer": _("number"),
    XSD + "boolean": _("yes or no"),
    expand("rdf:langString"): _("text"),
    expand("rdf:Property"): _("property"),
}


@dataclass(frozen=True)
class Row:
    """A property of a class: its label, that of its values, and the classes of these that have a box."""

    label: str
    values: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """A class, by its IRI, and its properties."""

    iri: str
    label: str
    rows: tuple[Row, ...] = ()


def model(graph_index: GraphIndex, language: str) -> list[Box]:
    """The classes of the ontology and those of others that its properties lead to."""
    terms = (value for node in graph_index.about if (value := getattr(node, "value", "")).startswith(GP))
    properties = sorted(terms, key=str.casefold)
    found: dict[str, list[Row]] = {iri: [] for iri in properties if iri.removeprefix(GP)[0].isupper()}
    lead = {
        term
        for iri in properties
        for term in graph_index.iris(iri, "schema:rangeIncludes")
        if term not in _EVERYWHERE and not term.startswith(XSD)
    }
    found |= {iri: [] for iri in sorted(lead) if iri not in found}

    def name(iri: str) -> str:
        return (_DATATYPES.get(iri) or graph_index.label(iri)).localized(language)

    for iri in properties:
        ranges = graph_index.iris(iri, "schema:rangeIncludes")
        row = Row(name(iri), ", ".join(map(name, ranges)), tuple(term for term in ranges if term in found))
        for domain in graph_index.iris(iri, "schema:domainIncludes"):
            if domain in found:
                found[domain].append(row)
    return [Box(iri, name(iri), tuple(rows)) for iri, rows in found.items()]


def diagram(boxes: Sequence[Box], name: str) -> Markup:
    """The boxes in columns, each to the right of those that lead to it, as an SVG with ``name`` as its accessible
    name."""
    columns = _columns(boxes)
    at: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        y = 1.0
        for box in column:
            at[box.iri] = (1 + number * (_WIDTH + _GAP), y)
            y += _height(box) + _SPACE
    width = len(columns) * (_WIDTH + _GAP) - _GAP + 2
    height = max((at[box.iri][1] + _height(box) for box in boxes), default=0.0) + 1
    pieces = [
        Markup('<svg class="diagram" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            _number(width), _number(height), name
        )
    ]
    for box in boxes:
        for number, row in enumerate(box.rows):
            x, y = at[box.iri]
            start = (x + _WIDTH, y + _HEAD + _ROW * (number + 0.5))
            pieces += [_edge(start, at[target], x) for target in row.targets]
    pieces += [_drawn(box, *at[box.iri]) for box in boxes]
    return Markup().join([*pieces, Markup("</svg>")])


def _columns(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes by how many lines lead to them in turn, each column in the order of what leads to it."""
    leading: dict[str, list[str]] = {box.iri: [] for box in boxes}
    for box in boxes:
        for row in box.rows:
            for target in row.targets:
                if target != box.iri:
                    leading[target].append(box.iri)
    depth: dict[str, int] = {}

    def deep(iri: str, below: tuple[str, ...] = ()) -> int:
        if iri not in depth:
            before = [deep(term, (*below, iri)) for term in leading[iri] if term not in (*below, iri)]
            depth[iri] = max(before, default=-1) + 1
        return depth[iri]

    count = max((deep(box.iri) for box in boxes), default=-1) + 1
    columns = [[box for box in boxes if depth[box.iri] == number] for number in range(count)]
    for number, column in enumerate(columns):
        column.sort(key=_beside(columns[number - 1], leading) if number else lambda box: (-len(box.rows), box.iri))
    return columns


def _beside(before: Sequence[Box], leading: Mapping[str, Sequence[str]]) -> Callable[[Box], tuple[float, str]]:
    place = {box.iri: number for number, box in enumerate(before)}

    def key(box: Box) -> tuple[float, str]:
        places = [place[term] for term in leading[box.iri] if term in place]
        return sum(places) / len(places) if places else len(place), box.iri

    return key


def _drawn(box: Box, x: float, y: float) -> Markup:
    pieces = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="4"/>').format(
            *map(_number, (x, y, _WIDTH, _height(box)))
        ),
        Markup('<text class="class" x="{}" y="{}">{}</text>').format(_number(x + 10), _number(y + 20), _cut(box.label)),
    ]
    for number, row in enumerate(box.rows):
        text = _cut(f"{row.label}: {row.values}" if row.values else row.label)
        below = y + _HEAD + _ROW * number + 14
        pieces.append(
            Markup('<text class="property" x="{}" y="{}">{}</text>').format(_number(x + 10), _number(below), text)
        )
    return Markup().join(pieces)


def _edge(start: tuple[float, float], box: tuple[float, float], left: float) -> Markup:
    """A line from a row to the head of a box, with an arrow at its end; one that leads back goes around."""
    (x, y), (to_x, to_y) = start, (box[0], box[1] + _HEAD / 2)
    if box[0] <= left:
        to_x += _WIDTH
        first = second = x + _GAP / 2
        arrow = 7
    else:
        first, second = x + _GAP / 2, to_x - _GAP / 2
        arrow = -7
    curve = " ".join(map(_number, (x, y))), " ".join(map(_number, (first, y, second, to_y, to_x, to_y)))
    head = f"M{_number(to_x)} {_number(to_y)}l{arrow}-4v8z"
    return Markup('<path class="edge" d="M{}C{}"/><path class="arrow" d="{}"/>').format(*curve, head)


def _height(box: Box) -> float:
    return _HEAD + _ROW * len(box.rows) + (6 if box.rows else 0)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
