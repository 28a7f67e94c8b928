"""The whole graph in RDF 1.2, with the sources of each statement beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Triple

from ..project.evidence import Evidences
from ..rdf.index import GraphIndex
from ..rdf.namespaces import expand
from ..rdf.reified import reified
from ..rdf.serialize import File
from ..rdf.turtle import by_subject
from .catalogue.distributions import REIFIED
from .publication import Publication


def files(triples: Sequence[Triple], graph_index: GraphIndex, publication: Publication) -> Iterator[File]:
    """The file, by its path; a plain project has none, since its statements cite nothing in terms that are known."""
    if not publication.project.is_plain:
        source, sources = expand("dcterms:source"), Evidences(graph_index).of
        text = reified(by_subject(triples), publication.prefixes, source, sources)
        yield f"{publication.whole}{REIFIED}", text.encode()
