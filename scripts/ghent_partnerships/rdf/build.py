"""Statements in few words: terms by their names with a prefix, and a text in both languages at once."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from .namespaces import full
from .turtle import XSD, Node

Said = str | tuple[str, str] | Node | Literal


def say(subject: str | Node, name: str, *values: Said) -> Iterator[Triple]:
    """A statement for each value. A ``str`` is an IRI, which may be written with a prefix; a pair is a text in English
    and in Dutch."""
    predicate = NamedNode(full(name))
    for value in values:
        for term in _in_both(value) if isinstance(value, tuple) else (_term(value),):
            yield Triple(_term(subject), predicate, term)  # type: ignore[arg-type]


def typed(text: str, name: str) -> Literal:
    """A literal of a datatype of XML Schema, by its name."""
    return Literal(text, datatype=NamedNode(XSD + name))


def _term(value: str | Node | Literal) -> Node | Literal:
    return NamedNode(full(value)) if isinstance(value, str) else value


def _in_both(texts: tuple[str, str]) -> tuple[Literal, Literal]:
    return Literal(texts[0], language="en"), Literal(texts[1], language="nl")
