"""The graph and the queries at hand, as ``publish`` loads them."""

from pyoxigraph import Store, Triple

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.sparql.executables import executables
from ghent_partnerships.sparql.views import stored


def load_store() -> Store:
    """The whole graph, in the default graph of a store."""
    return stored(triples(packaged().graph_files()))


def query_triples() -> list[Triple]:
    """The triples of all queries, each once."""
    return list(dict.fromkeys(triple for document in executables(packaged()) for triple in document.triples))
