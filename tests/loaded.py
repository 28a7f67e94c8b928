"""The graph and the queries at hand, as ``publish`` loads them."""

from pyoxigraph import Store, Triple

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.sparql.executables import executables
from ghent_partnerships.sparql.views import stored

PREFIXES = packaged().prefixes
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
DATA_SET = packaged().data_set.iri


def load_store() -> Store:
    """The whole graph, in the default graph of a store."""
    return stored(triples(packaged().graph_files()))


def query_triples() -> list[Triple]:
    """The triples of all queries, each once."""
    return list(dict.fromkeys(triple for document in executables(packaged()) for triple in document.triples))


def of_kind(kind: str, name: str = "", value: str = "") -> set[str]:
    """The IRIs of what the graph says to be of a type, given by its IRI; only those with a value, if that is given."""
    more = f"; {name} <{value}> " if name else ""
    rows = load_store().query(f"{HEAD}SELECT ?s {{ ?s a <{kind}> {more}}}")
    return {row["s"].value for row in rows}


def counterparts(kind: str) -> set[str]:
    """The names in their IRIs of the cities with which Ghent has partnerships of a kind, by its concept."""
    rows = load_store().query(
        f"{HEAD}SELECT ?c {{ ?p gp:kind concept:{kind} ; gp:party city:ghent, ?c FILTER (?c != city:ghent) }}"
    )
    return {row["c"].value.rpartition("/")[2] for row in rows}
