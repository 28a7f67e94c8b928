"""The views and the tables: what the queries in ``queries/views/`` and ``queries/tables/`` find in a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from ..rdf.namespaces import DATA_SET, GP, PREFIXES, full
from ..text import Both
from .library import Column, question
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
    """The data set that the graph is; ``rights`` says whom to name, and what the licence is not about."""

    title: Both
    description: Both
    version: str
    issued: str
    licence: str
    rights: Both


def stored(triples: Iterable[Triple]) -> Store:
    """A store of the triples, in its default graph."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return store


def data_set(store: Store) -> DataSet:
    """Return what the graph says of the data set: who is to be named are the sources of its coordinates."""
    title, note = (_both(store, _DATA_SET, name) for name in ("dcterms:title", "skos:note"))
    named: list[Both] = []
    for source in sorted({quad.subject for quad in store.quads_for_pattern(None, _SUPPLIES, _LATITUDE)}, key=str):
        english, dutch = _both(store, source, "rdfs:label")
        url = _said(store, source, "schema:url")
        named.append((f"{english} ({url})", f"{dutch} ({url})"))
    return DataSet(
        title=title,
        description=_both(store, _DATA_SET, "dcterms:description"),
        version=_said(store, _DATA_SET, "dcat:version"),
        issued=_said(store, _DATA_SET, "dcterms:issued"),
        licence=_said(store, _DATA_SET, "dcterms:license"),
        rights=(
            f"{title[0]}; coordinates and names from {', '.join(english for english, _ in named)}. {note[0]}",
            f"{title[1]}; coördinaten en namen van {', '.join(dutch for _, dutch in named)}. {note[1]}",
        ),
    )


def view(store: Store, name: str) -> list[Triple]:
    """Return the triples of a view, each once, in their order as N-Triples."""
    results = ask(store, {name: question(name).text})[name]
    assert isinstance(results, list)
    return sorted(set(results), key=str)


def table(store: Store, name: str) -> Table:
    """Return a table, its rows in the order of its query."""
    one = question(name)
    results = ask(store, {name: one.text})[name]
    assert isinstance(results, QuerySolutions)
    names = [column.name for column in one.columns]
    rows = ({name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in results)
    return Table(name, one.columns, tuple(rows))


def _both(store: Store, subject: Subject, name: str) -> Both:
    return _said(store, subject, name, "en"), _said(store, subject, name, "nl")


def _said(store: Store, subject: Subject, name: str, language: str | None = None) -> str:
    """What is said of the subject by a property, in a language or without any; more than one joined in their order."""
    quads = store.quads_for_pattern(subject, NamedNode(full(name)), None)
    values = (quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal))
    return " ".join(sorted(value.value for value in values if getattr(value, "language", None) == language))
