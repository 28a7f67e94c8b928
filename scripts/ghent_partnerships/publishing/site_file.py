"""The file that says what the server and the scripts of the pages need to know of the site: see ``dist.Site``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from ..dist import Site
from ..rdf.namespaces import ONTOLOGY, PREFIXES
from ..rdf.retired import retired
from .catalogue.void import SPARQL
from .publication import Publication

_VERSION = PREFIXES["owl"] + "versionIRI"
_SAFE = re.compile(r"[A-Za-z0-9/._-]+")  # in a path


def content(triples: Iterable[Triple], resources: Mapping[str, object], publication: Publication) -> bytes:
    """The file, whose bytes follow from the graph. ``triples`` are those of the graph, and ``resources`` have
    documents, by their IRIs."""
    statements, addresses, of = list(triples), publication.addresses, publication.of
    gone = {iri: to for iri, to in retired(statements).items() if iri in resources}
    site = Site(
        base=publication.base,
        dataset=publication.data_set,
        endpoint=f"{publication.base}{SPARQL}",  # which stands for whatever address it is asked at
        bases=addresses.bases,
        documents=addresses.documents,
        vocabulary=ONTOLOGY if addresses.bases else "",
        stem=publication.whole,
        prefixes=publication.prefixes,
        languages=publication.languages,
        title=dict(of.title.only(publication.languages)),
        licence=of.licence,
        issued=of.issued,
        retired={addresses.of(iri): to for iri, to in gone.items()},
        versions={**dict(_own(publication)), **dict(_versions(statements, resources, publication))},
    )
    return (json.dumps(site._asdict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _own(publication: Publication) -> Iterator[tuple[str, str]]:
    """The path of the IRI of each resource of a plain project that is an address of the site, and its document."""
    for iri, document in publication.addresses.documents.items():
        if iri != publication.base and iri.startswith(publication.base):
            yield unquote(iri.removeprefix(publication.base)), document


def _versions(
    triples: Iterable[Triple], resources: Mapping[str, object], publication: Publication
) -> Iterator[tuple[str, str]]:
    """The path of the IRI of each version of the ontology or of a resource, and that of what there is of it."""
    for triple in triples:
        version = triple.object.value.removeprefix(publication.base) if isinstance(triple.object, NamedNode) else ""
        if triple.predicate.value != _VERSION or not _SAFE.fullmatch(version):
            continue
        iri = triple.subject.value  # type: ignore[union-attr]
        if (home := publication.addresses.home(iri)) and (iri in resources or iri == ONTOLOGY):
            yield version, home[0]
