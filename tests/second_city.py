"""The second city of the tests, on which the software is tried that is for any city: another base, other languages."""

from functools import cache
from pathlib import Path

from pyoxigraph import Store

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import at
from ghent_partnerships.project.project import Project
from ghent_partnerships.sparql.views import stored

FOLDER = Path(__file__).parent / "cities" / "tuebingen"


@cache
def second_city() -> Project:
    return at(FOLDER)


def its_store() -> Store:
    """Its whole graph, with the vocabulary that the package carries, in the default graph of a store."""
    return stored(triples(second_city().graph_files()))
