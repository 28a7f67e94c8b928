"""Triples built from names with a prefix, and from texts in all their languages at once."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ..text import Text
from .namespaces import expand
from .turtle import XSD, Node

Value = str | Text | Node | Literal


def make_triples(subject: str | Node, name: str, *values: Value) -> Iterator[Triple]:
    """One triple for each value, and for a ``Text`` one for each of its languages.

    ``subject``, ``name`` (the predicate) and a value that is a ``str`` are IRIs, which may be written with a prefix of
    ``PREFIXES``.

    Raises:
        ValueError: what is to be an IRI is none.
    """
    predicate = NamedNode(expand(name))
    for value in values:
        for term in literals(value) if isinstance(value, Text) else (_term(value),):
            yield Triple(_term(subject), predicate, term)  # type: ignore[arg-type]


def typed(text: str, name: str) -> Literal:
    """A literal of a datatype of XML Schema, which is named without its namespace: ``date``."""
    return Literal(text, datatype=NamedNode(XSD + name))


def literals(text: Text) -> list[Literal]:
    """The text as literals, one for each language; a text in no language is an ``xsd:string``."""
    return [Literal(value, language=language or None) for language, value in text.items()]


def _term(value: str | Node | Literal) -> Node | Literal:
    return NamedNode(expand(value)) if isinstance(value, str) else value
