"""The kinds of partnership as pictures show them: in the order, with the marks and in the colours that the data give,
and where they give none, in others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...rdf.index import GraphIndex
from ...text import Text
from ...translation import message as _

MARKS = ("●", "◆", "■", "▲", "▼", "★")
_COLORS = (  # for light and for dark paper, told apart also by the colour-blind
    ("#005b96", "#8cc4f5"),
    ("#a33c00", "#ffb083"),
    ("#006b4f", "#7fd6b8"),
    ("#7a2a80", "#dfa3e5"),
    ("#6b5900", "#dcc65a"),
    ("#4a4a4a", "#c4c4c4"),
)
_DASHES = ("", "6 4", "2 4", "12 4", "12 4 2 4", "1 6")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_LAST = 1 << 30  # the place of a kind that has none


@dataclass(frozen=True)
class Kind:
    """A kind: its IRI, which is empty where none is stated; its word for the style sheet, its name and its mark; its
    colours, for light and for dark paper; and the dashes of its lines."""

    iri: str
    word: str
    label: Text
    mark: str
    light: str
    dark: str
    dashes: str


def kinds(graph_index: GraphIndex, years: Sequence[tuple[str, int | None]]) -> list[Kind]:
    """The kinds of partnerships, in order: by their ``schema:position``, then by the first year of each. The kind and
    the year of each partnership are given."""
    first: dict[str, int] = {}
    for iri, year in years:
        first[iri] = min(first.get(iri, _LAST), _LAST if year is None else year)
    placed = {iri: graph_index.year(iri, "schema:position") if iri else None for iri in first}
    order = sorted(first, key=lambda iri: (_LAST if (at := placed[iri]) is None else at, first[iri], iri))
    stated = {iri: graph_index.text(iri, "skos:notation") if iri else None for iri in order}
    free = [mark for mark in MARKS if mark not in stated.values()]
    found = []
    for number, iri in enumerate(order):
        mark = stated[iri]
        if mark not in MARKS:
            mark = free.pop(0) if free else MARKS[number % len(MARKS)]
        light, dark = _colors(graph_index, iri) or _COLORS[number % len(_COLORS)]
        label = graph_index.label(iri) if iri else _("partnership")
        found.append(Kind(iri, f"kind-{number + 1}", label, mark, light, dark, _DASHES[number % len(_DASHES)]))
    return found


def style(every: Sequence[Kind]) -> str:
    """The rules of the style sheet for the lines and marks of the kinds."""
    light = "".join(_rules(kind, kind.light) for kind in every)
    dashes = "".join(f".line.{kind.word} {{\n  stroke-dasharray: {kind.dashes};\n}}\n" for kind in every if kind.dashes)
    dark = "".join(_rules(kind, kind.dark) for kind in every)
    night = f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n" if dark else ""
    return f"{light}{dashes}{night}.mark.hollow {{\n  fill: var(--paper);\n}}\n"


def _rules(kind: Kind, color: str) -> str:
    line, mark = f".line.{kind.word}", f".mark.{kind.word}"
    return f"{line} {{\n  stroke: {color};\n}}\n{mark} {{\n  fill: {color};\n  stroke: {color};\n}}\n"


def _colors(graph_index: GraphIndex, iri: str) -> tuple[str, str] | None:
    """The colours that are stated, the darker first, for light paper; one is for both."""
    values = (getattr(value, "value", "") for value in graph_index.objects(iri, "schema:color")) if iri else ()
    found = sorted((value for value in values if _COLOR.fullmatch(value)), key=_lightness)
    return (found[0], found[-1]) if found else None


def _lightness(color: str) -> tuple[int, str]:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 299 * red + 587 * green + 114 * blue, color
