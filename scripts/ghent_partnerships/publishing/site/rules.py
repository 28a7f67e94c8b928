"""The pages with the rules in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...rdf.index import GraphIndex
from ...rdf.namespaces import PREFIXES, expand
from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from ..publication import Publication
from .context import Context, Rule
from .story import capital

_HOLDING = tuple(map(expand, ("sh:property", "sh:node", "sh:sparql")))  # by which a shape has a rule
_STYLE = "style"
PAGES: dict[str, tuple[Text, Text]] = {
    "shapes": (
        _("What data must look like"),
        _("Every rule that data is checked by, with the code that its findings bear."),
    ),
    _STYLE: (
        _("What terms must look like"),
        _("Every rule that the ontology, the shapes and the queries are checked by."),
    ),
}


def paths(publication: Publication) -> list[str]:
    """The pages: what the vocabulary must look like itself is with the vocabulary alone."""
    return [path for path in PAGES if path != _STYLE or publication.project.is_packaged]


@dataclass(frozen=True)
class Section:
    """The rules about the same, with the fragment by which they are found on the page."""

    folder: str
    title: Text
    resources: tuple[Rule, ...]


def sections(rules: Iterable[Rule], graph_index: GraphIndex) -> list[Section]:
    """The rules by the node shape that they are a part of, in the order of its name; those of none come last."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(_whole(rule, graph_index), []).append(rule)

    def order(shape: str) -> tuple[bool, str, str]:
        return not shape, str(graph_index.label(shape)).casefold() if shape else "", shape

    return [
        Section(
            f"about-{shape.removeprefix(PREFIXES['shape'])}" if shape else "about-others",
            capital(graph_index.label(shape)) if shape else _("Others"),
            tuple(found[shape]),
        )
        for shape in sorted(found, key=order)
    ]


def _whole(rule: Rule, graph_index: GraphIndex) -> str:
    """The node shape that a rule is a part of, or is; empty where there is none with a name."""
    iri = PREFIXES["shape"] + rule.shape
    named = graph_index.mentions.get(iri, {})
    holders = sorted({holder for name in _HOLDING for holder in named.get(name, ())})
    for shape in (*holders, iri):
        if rule.shape and graph_index.texts(shape, "rdfs:label"):
            return shape
    return ""


def files(context: Context) -> Iterator[File]:
    """The rules in words, each with what is wrong and what is right by it."""
    every = paths(context.publication)
    for path in every:
        title, about = PAGES[path]
        sibling = next(((other, PAGES[other][0]) for other in every if other != path), None)
        given = {
            **context.shared,
            "about": about,
            "sections": sections([rule for rule in context.rules if rule.page == path], context.graph_index),
            "sibling": sibling,
            "title": title,
        }
        yield from context.pages.every("rules.html", path, lambda _, given=given: given)  # type: ignore[misc]
