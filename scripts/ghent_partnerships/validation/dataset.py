"""What the data state beside the description of their data set: IRIs that are not its own, texts in too few languages.

The vocabulary, which any data set uses, has IRIs and languages of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from ..files import shown
from ..findings import Finding, Location
from ..project.project import Project
from ..project.settings import FILE
from ..rdf.encoded import Encoded, with_predicate
from ..rdf.namespaces import BASE, ID, ONTOLOGY, PREFIXES, VOCABULARY_TYPES, expand
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..rdf.turtle import TYPE
from ..translation import message as _
from .context import text_of
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
_TYPE = NamedNode(TYPE)
_WORK = NamedNode(expand("schema:CreativeWork"))  # is called what it is called, in its own language
_SHARED = (ONTOLOGY, *(f"{ID}{name}/" for name in VOCABULARY_TYPES))  # starts of IRIs of the vocabulary


def starts(documents: Iterable[Document]) -> tuple[str, ...]:
    """What the IRIs of the vocabulary's resources start with, and those of the data set that the documents describe."""
    stated = (triple.object for document in documents for triple in with_predicate(document.triples, _SPACE))
    return (ID, *(f"{value.value}id/" for value in stated if isinstance(value, Literal)))


def unfounded(project: Project, documents: Iterable[Document]) -> Iterator[Finding]:
    """That a project with cities does not say what its IRIs start with, without which no document has an address.

    It is found where it is to be written, or in the settings where there is no such file; not where the file among the
    documents cannot be read, which is a finding of its own."""
    path, iri = project.data_set.path, project.data_set.iri
    described = next((document for document in documents if document.path == path), None)
    if project.base or (described is not None and not described.readable):
        return
    location = Location(shown(path if project.fetched or path.exists() else project.root / FILE))
    if described is not None and iri:
        location = SourceMap([described], []).of(NamedNode(iri), _SPACE, None)
    message = _("The project does not say what its IRIs start with, so that it cannot be published.")
    help_ = _(
        "Write {file} with a dcat:Dataset that has {statement}; {command} writes all of it in an empty folder.",
        file=f"data/{path.name}",
        statement='void:uriSpace "https://example.org/my-city/"',
        command="ghent-partnerships init",
    )
    yield Finding(code="GP230", message=message, help=help_, location=location)


def departures(data: Encoded) -> Iterator[Contradiction]:
    """What the data say otherwise than the data set that they describe, if they describe one."""
    if space := next(iter(data.with_predicate(_SPACE)), None):
        yield from _strangers(data, space)
        yield from _untranslated(data, space)


def _strangers(data: Encoded, space: Triple) -> Iterator[Contradiction]:
    """Resources whose IRIs do not start as those of the data set do."""
    start, terms, types = text_of(space.object), data.terms, data.column(_TYPE)
    kinds = {number for number in types.targets if terms.texts[number].startswith(_KINDS, 1)}
    known = {number for number in types.nodes if terms.texts[number].startswith((start, *_SHARED), 1)}
    for node, kind in types.to(kinds).of(types.nodes - known):
        triple = Triple(terms[node], _TYPE, terms[kind])  # type: ignore[arg-type]
        yield Contradiction("GP238", triple, triple.subject, {"space": start}, space)


def _untranslated(data: Encoded, space: Triple) -> Iterator[Contradiction]:
    """Texts that are not in each language of the data set."""
    languages = [triple for triple in data.with_predicate(_LANGUAGE) if triple.subject == space.subject]
    tags = [text_of(language.object).lower() for language in languages]
    terms, types = data.terms, data.column(_TYPE)
    works = types.leading(types.nodes, {terms.find(_WORK)})
    others = (ONTOLOGY,) if text_of(space.object).startswith(BASE) else _SHARED  # the style has the languages of terms
    for predicate in (*_TEXTS, _TITLE):
        found: dict[int, dict[str, int]] = {}
        column = data.column(predicate)
        for node, text in zip(column.starts, column.ends, strict=True):
            if (language := terms.language(text)) and not (predicate == _TITLE and node in works):
                found.setdefault(node, {}).setdefault(language.lower(), text)
        for node, texts in found.items():
            for stated, tag in zip(languages, tags, strict=True):
                spoken = any(known == tag or known.startswith(f"{tag}-") for known in texts)
                if not spoken and not terms.texts[node].startswith(others, 1):
                    first = Triple(terms[node], predicate, terms[next(iter(texts.values()))])  # type: ignore[arg-type]
                    yield Contradiction("GP242", first, predicate, {"language": text_of(stated.object)}, stated)
