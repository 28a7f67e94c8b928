"""The views, which the queries in ``queries/views/`` find in a store, and what the graph says of the data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from ..project.project import Project
from ..rdf.namespaces import GP, PREFIXES, expand
from ..text import NO_LANGUAGE, Text, in_each, ordered
from ..translation import message as _
from .library import question
from .run import ask

VIEWS = ("flat", "org", "schema")
Subject = NamedNode | BlankNode | Triple
_SUPPLIES, _LATITUDE = NamedNode(GP + "supplies"), NamedNode(PREFIXES["geo"] + "lat")


@dataclass(frozen=True)
class DataSet:
    """The data set that the graph is; ``rights`` says whom to name, and what the licence is not about.
    It is published in ``languages``, the default first, whose files have no language in their names."""

    title: Text
    description: Text
    version: str
    issued: str
    licence: str
    rights: Text
    languages: tuple[str, ...]


def stored(triples: Iterable[Triple]) -> Store:
    """A store of the triples, in its default graph."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return store


def data_set(store: Store, project: Project) -> DataSet:
    """Return what the graph says of the data set of a project; to be named are the sources of its coordinates."""
    about = NamedNode(project.data_set.iri or project.base)
    title, note = (_text(store, about, name) for name in ("dcterms:title", "skos:note"))
    stated = ordered(_value(store, about, "dcterms:language").split()) or project.languages
    sources = sorted({quad.subject for quad in store.quads_for_pattern(None, _SUPPLIES, _LATITUDE)}, key=str)
    named = [(_text(store, source, "rdfs:label"), _value(store, source, "schema:url")) for source in sources]
    names = in_each(stated, lambda language: ", ".join(f"{name.localized(language)} ({url})" for name, url in named))
    return DataSet(
        title=title,
        description=_text(store, about, "dcterms:description"),
        version=_value(store, about, "dcat:version"),
        issued=_value(store, about, "dcterms:issued"),
        licence=_value(store, about, "dcterms:license"),
        rights=_rights(title, names, note),
        languages=stated,
    )


def _rights(title: Text, names: Text, note: Text) -> Text:
    """Whom to name, where there is somebody, and what the licence is not about, where it is said."""
    rights: Text = title
    if names:
        rights = _("{title}; coordinates and names from {names}.", title=title, names=names)
    return _("{rights} {note}", rights=rights, note=note) if note else rights


def view(store: Store, name: str, project: Project) -> list[Triple]:
    """Return the triples of a view, each once, in their order as N-Triples."""
    results = ask(store, {name: question(name, project).text})[name]
    assert isinstance(results, list)
    return sorted(set(results), key=str)


def _text(store: Store, subject: Subject, name: str) -> Text:
    """What a property says of the subject in each language."""
    quads = store.quads_for_pattern(subject, NamedNode(expand(name)), None)
    tags = sorted({quad.object.language or NO_LANGUAGE for quad in quads if isinstance(quad.object, Literal)})
    return in_each(tags, lambda language: _value(store, subject, name, language or None))


def _value(store: Store, subject: Subject, name: str, language: str | None = None) -> str:
    """What is said of the subject by a property, in a language or without any; more than one joined in their order."""
    quads = store.quads_for_pattern(subject, NamedNode(expand(name)), None)
    values = (quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal))
    return " ".join(sorted(value.value for value in values if getattr(value, "language", None) == language))
