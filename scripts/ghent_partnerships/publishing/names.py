"""What a thing is called, by whatever it is to be found: its names in all languages, other and older ones too."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal

from ..rdf.namespaces import GP, PREFIXES
from ..rdf.turtle import About

NAMES = (
    PREFIXES["rdfs"] + "label",
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["skos"] + "altLabel",
    PREFIXES["dcterms"] + "title",
    GP + "nameAsStated",
)


def names(about: About, predicates: Iterable[str] = NAMES) -> dict[str, list[str]]:
    """The names by their languages, each once and in order; those that the source gives first under no language."""
    found: dict[str, list[str]] = {}
    for predicate in predicates:
        for value in sorted(about.get(predicate, ()), key=str):
            if isinstance(value, Literal) and value.value not in (of := found.setdefault(value.language or "", [])):
                of.append(value.value)
    return {language: found[language] for language in sorted(found)}
