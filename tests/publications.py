"""What tests publish: the graph that the package carries, as it is or changed."""

from pyoxigraph import NamedNode, Store

from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing import addresses
from ghent_partnerships.publishing.publication import Publication
from ghent_partnerships.publishing.publish import parts
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.serialize import Part
from ghent_partnerships.sparql.views import data_set

ADDRESSES = addresses.of(packaged())
BASES = ADDRESSES.bases


def publication(
    store: Store, *, address: str = "", has_scripts: bool = False, fed: bool = False, sparql: bool = True
) -> Publication:
    """The publication of a store that holds the graph."""
    project = packaged()
    at = addresses.of(project)
    return Publication(
        project,
        data_set(store, packaged()),
        at,
        address or project.base,
        has_scripts=has_scripts,
        fed=fed,
        sparql=sparql,
    )


def part() -> Part:
    """What gives the named graph of a statement."""
    files = packaged().ontology_files()
    subjects = {triple.subject for file in files for triple in parse.parse(file).triples}
    return parts(packaged(), {subject.value for subject in subjects if isinstance(subject, NamedNode)})
