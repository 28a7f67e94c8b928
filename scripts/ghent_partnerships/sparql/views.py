"""The views and the tables: the answers of the queries in ``queries/views/`` and ``queries/tables/`` over a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from ..rdf.namespaces import DATA_SET, GP, PREFIXES, expand
from ..text import NO_LANGUAGE, Text, in_each, ordered
from ..translation import languages
from ..translation import message as _
from .library import LANGUAGES, Column, question
from .run import ask

VIEWS = ("flat", "org", "schema")
TABLES = ("partnerships", "cities", "agreements")
Subject = NamedNode | BlankNode | Triple
Row = Mapping[str, NamedNode | Literal]
_DATA_SET = NamedNode(DATA_SET)
_SUPPLIES, _LATITUDE = NamedNode(GP + "supplies"), NamedNode(PREFIXES["geo"] + "lat")


@dataclass(frozen=True)
class Table:
    """The answer of a query in ``queries/tables/``: its columns, and its rows without the cells that are empty."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class DataSet:
    """The description of the data set. ``rights`` names whom to attribute it to, and what the licence does not cover;
    ``issued`` is an ISO 8601 date, ``licence`` an IRI. It is published in ``languages``, the default first, whose
    files have no language in their names."""

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


def data_set(store: Store) -> DataSet:
    """Return the description of the data set in the graph, which is attributed to the sources of its coordinates."""
    title, note = (_text(store, _DATA_SET, name) for name in ("dcterms:title", "skos:note"))
    stated = ordered(_value(store, _DATA_SET, "dcterms:language").split()) or languages()
    sources = sorted({quad.subject for quad in store.quads_for_pattern(None, _SUPPLIES, _LATITUDE)}, key=str)
    named = [(_text(store, source, "rdfs:label"), _value(store, source, "schema:url")) for source in sources]
    names = in_each(stated, lambda language: ", ".join(f"{name.localized(language)} ({url})" for name, url in named))
    return DataSet(
        title=title,
        description=_text(store, _DATA_SET, "dcterms:description"),
        version=_value(store, _DATA_SET, "dcat:version"),
        issued=_value(store, _DATA_SET, "dcterms:issued"),
        licence=_value(store, _DATA_SET, "dcterms:license"),
        rights=_("{title}; coordinates and names from {names}. {note}", title=title, names=names, note=note).only(
            stated
        ),
        languages=stated,
    )


def view(store: Store, name: str) -> list[Triple]:
    """Return the triples of a view, one of ``VIEWS``, each once, in their order as N-Triples.

    Raises:
        InvalidError: its query cannot be answered.
    """
    results = ask(store, {name: question(name).text})[name]
    assert isinstance(results, list)
    return sorted(set(results), key=str)


def table(store: Store, name: str) -> Table:
    """Return a table, one of ``TABLES``, its rows in the order of its query.

    Raises:
        InvalidError: its query cannot be answered.
    """
    query = question(name)
    results = ask(store, {name: query.text})[name]
    assert isinstance(results, QuerySolutions)
    names = [column.name for column in query.columns]
    rows = ({name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in results)
    return Table(name, query.columns, tuple(rows))


def columns(name: str) -> tuple[str, ...]:
    """The columns of a table with a text in each language: ``name`` and ``nameNl``."""
    return (name, *(f"{name}{language.capitalize()}" for language in LANGUAGES[1:]))


def spoken(column: str) -> tuple[str, str]:
    """The name of a column without its language, and that: of ``nameNl``, ``name`` and ``nl``."""
    for language in LANGUAGES[1:]:
        if column.endswith(language.capitalize()):
            return column.removesuffix(language.capitalize()), language
    return column, LANGUAGES[0]


def _text(store: Store, subject: Subject, name: str) -> Text:
    """The values of a property of the subject in each language."""
    quads = store.quads_for_pattern(subject, NamedNode(expand(name)), None)
    tags = sorted({quad.object.language or NO_LANGUAGE for quad in quads if isinstance(quad.object, Literal)})
    return in_each(tags, lambda language: _value(store, subject, name, language or None))


def _value(store: Store, subject: Subject, name: str, language: str | None = None) -> str:
    """The values of a property of the subject, in a language or without any, sorted and joined by spaces."""
    quads = store.quads_for_pattern(subject, NamedNode(expand(name)), None)
    values = (quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal))
    return " ".join(sorted(value.value for value in values if getattr(value, "language", None) == language))
