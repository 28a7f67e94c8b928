"""What the data state beside the description of their data set: IRIs that are not its own, texts in too few languages.

The vocabulary, which any data set uses, has IRIs and languages of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from ..rdf.namespaces import BASE, ID, ONTOLOGY, PREFIXES, VOCABULARY_TYPES, expand
from ..rdf.parse import Document
from ..rdf.turtle import TYPE
from .evidence import Contradiction

_SPACE, _LANGUAGE, _TITLE = (NamedNode(expand(name)) for name in ("void:uriSpace", "dcterms:language", "dcterms:title"))
_TEXTS = {
    NamedNode(expand(name))
    for name in (
        "dcat:keyword",
        "dcterms:description",
        "gp:reasoning",
        "rdfs:label",
        "skos:definition",
        "skos:note",
        "skos:prefLabel",
    )
}
_KINDS = tuple(PREFIXES[name] for name in ("dcat", "gp", "oa", "schema", "skos"))  # what resources are instances of
_WORK = NamedNode(expand("schema:CreativeWork"))  # is called what it is called, in its own language
_SHARED = (ONTOLOGY, *(f"{ID}{name}/" for name in sorted(VOCABULARY_TYPES)))  # starts of IRIs of the vocabulary


def starts(documents: Iterable[Document]) -> tuple[str, ...]:
    """What the IRIs of the vocabulary's resources start with, and those of the data set that the documents describe."""
    stated = (triple.object for document in documents for triple in document.triples if triple.predicate == _SPACE)
    return (ID, *(f"{value.value}id/" for value in stated if isinstance(value, Literal)))


def departures(triples: Sequence[Triple]) -> Iterator[Contradiction]:
    """What the triples of the data say otherwise than the data set that they describe, if they describe one."""
    if space := next((triple for triple in triples if triple.predicate == _SPACE), None):
        yield from _strangers(triples, space)
        yield from _untranslated(triples, space)


def _strangers(triples: Sequence[Triple], space: Triple) -> Iterator[Contradiction]:
    """Resources whose IRIs do not start as those of the data set do."""
    start = _text(space.object)
    for triple in triples:
        is_resource = triple.predicate.value == TYPE and _text(triple.object).startswith(_KINDS)
        if is_resource and not _text(triple.subject).startswith((start, *_SHARED)):
            yield Contradiction("GP238", triple, triple.subject, {"space": start}, space)


def _untranslated(triples: Sequence[Triple], space: Triple) -> Iterator[Contradiction]:
    """Texts that are not in each language of the data set."""
    languages = [triple for triple in triples if (triple.subject, triple.predicate) == (space.subject, _LANGUAGE)]
    works = {triple.subject for triple in triples if (triple.predicate.value, triple.object) == (TYPE, _WORK)}
    others = (ONTOLOGY,) if _text(space.object).startswith(BASE) else _SHARED  # the style has the languages of terms
    texts: dict[tuple[object, NamedNode], dict[str, Triple]] = {}
    for triple in triples:
        named = triple.predicate in _TEXTS or (triple.predicate == _TITLE and triple.subject not in works)
        if named and isinstance(triple.object, Literal) and triple.object.language:
            texts.setdefault((triple.subject, triple.predicate), {}).setdefault(triple.object.language.lower(), triple)
    for (subject, predicate), found in texts.items():
        for language in languages:
            tag = _text(language.object)
            spoken = any(known == tag.lower() or known.startswith(f"{tag.lower()}-") for known in found)
            if not spoken and not _text(subject).startswith(others):
                yield Contradiction("GP242", next(iter(found.values())), predicate, {"language": tag}, language)


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
