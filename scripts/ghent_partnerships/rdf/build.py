"""Statements in few words: terms by their names with a prefix, and a text in all its languages at once."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ..text import Text
from .namespaces import expand
from .turtle import XSD, Node

Value = str | Text | Node | Literal


def make_triples(subject: str | Node, name: str, *values: Value) -> Iterator[Triple]:
    """A statement for each value. A ``str`` is an IRI, which may be written with a prefix; of a text there is one
    in each language."""
    predicate = NamedNode(expand(name))
    for value in values:
        for term in literals(value) if isinstance(value, Text) else (_term(value),):
            yield Triple(_term(subject), predicate, term)  # type: ignore[arg-type]


def typed(text: str, name: str) -> Literal:
    """A literal of a datatype of XML Schema, by its name."""
    return Literal(text, datatype=NamedNode(XSD + name))


def literals(text: Text) -> list[Literal]:
    """The text as literals, one for each language."""
    return [Literal(value, language=language or None) for language, value in text.items()]


def _term(value: str | Node | Literal) -> Node | Literal:
    return NamedNode(expand(value)) if isinstance(value, str) else value
