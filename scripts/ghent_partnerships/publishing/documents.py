"""What the document of a resource holds beside the statements about it: which documents lead to it, and what it is a
document of, under which licence and in which data set. So whoever follows links comes from a city to its partnerships.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from ..rdf.namespaces import GP, PREFIXES
from ..rdf.turtle import TYPE
from .publication import Publication

_FOAF = PREFIXES["foaf"]
_IS_TOPIC_OF, _TOPIC = NamedNode(f"{_FOAF}isPrimaryTopicOf"), NamedNode(f"{_FOAF}primaryTopic")
_DOCUMENT, _KIND = NamedNode(f"{_FOAF}Document"), NamedNode(TYPE)
_LICENCE = NamedNode(PREFIXES["dcterms"] + "license")
_IN_DATA_SET = NamedNode(PREFIXES["void"] + "inDataset")


def linked(
    resources: Mapping[str, Sequence[Triple]], triples: Iterable[Triple], publication: Publication
) -> dict[str, list[Triple]]:
    """The statements of the document of each resource, by its IRI: those about it, those of the ``triples`` by which
    others refer to it in terms of the ontology, and those about the document."""
    found = {iri: list(statements) for iri, statements in resources.items()}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if (
            triple.predicate.value.startswith(GP)
            and isinstance(subject, NamedNode)
            and isinstance(value, NamedNode)
            and subject != value
            and value.value in found
        ):
            found[value.value].append(triple)
    for iri, statements in found.items():
        known = set(statements)
        statements += [triple for triple in described(iri, publication) if triple not in known]
    return found


def described(iri: str, publication: Publication) -> Iterator[Triple]:
    """The statements about the document of a resource."""
    resource, document = NamedNode(iri), NamedNode(publication.base + publication.addresses.of(iri))
    if document == resource:
        return
    yield Triple(resource, _IS_TOPIC_OF, document)
    yield Triple(document, _KIND, _DOCUMENT)
    yield Triple(document, _TOPIC, resource)
    yield Triple(document, _IN_DATA_SET, NamedNode(publication.data_set))
    if publication.of.licence:
        yield Triple(document, _LICENCE, NamedNode(publication.of.licence))
