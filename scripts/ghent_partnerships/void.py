"""The Vocabulary of Interlinked Datasets: how much there is in a graph, of what, and what it is linked to.

https://www.w3.org/TR/void/. Every number is counted in the graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .knowledge import Knowledge, full, short
from .names import BASE, ID, ONTOLOGY, PREFIXES
from .turtle import TYPE, by_subject, serialize
from .views import Both

WELL_KNOWN = ".well-known/void"  # RFC 5785's place for it
DATA_SET = ID + "dataset/ghent-partnerships"
_DOCUMENT = BASE + WELL_KNOWN
_TARGETS: dict[str, tuple[str, Both]] = {  # what is linked to: the start of its IRIs, and its name
    "wikidata": (PREFIXES["wd"], ("Wikidata", "Wikidata")),
    "geonames": ("https://sws.geonames.org/", ("GeoNames", "GeoNames")),
}
_EXAMPLES = (
    "city:ghent",
    "city:liege",
    "partnership:ghent-kanazawa",
    "fragment:b1",
    "inference:melle-succession",
)


def document(triples: Sequence[Triple], knowledge: Knowledge, dumps: Iterable[str], endpoint: str | None) -> bytes:
    """The description of the data set that the triples are, as Turtle. ``dumps`` are the addresses of its files."""
    node = NamedNode(DATA_SET)
    statements = [*counts(node, triples), *_links(node, triples)]
    statements += [Triple(node, _node("void:dataDump"), NamedNode(one)) for one in dumps]
    if endpoint is not None:
        statements.append(Triple(node, _node("void:sparqlEndpoint"), NamedNode(endpoint)))
    statements.append(Triple(node, _node("void:uriSpace"), Literal(ID)))
    statements += [Triple(node, _node("void:exampleResource"), NamedNode(one)) for one in _examples(knowledge)]
    statements += [Triple(node, _node("void:vocabulary"), NamedNode(one)) for one in sorted(_vocabularies(triples))]
    for name in ("dcterms:title", "dcterms:description", "dcterms:license", "dcterms:issued"):
        statements += [Triple(node, _node(name), value) for value in knowledge.objects(DATA_SET, name)]
    about = NamedNode(_DOCUMENT)
    statements += [
        Triple(about, _node("rdf:type"), _node("void:DatasetDescription")),
        Triple(about, _node("foaf:primaryTopic"), node),
        Triple(about, _node("dcterms:title"), Literal("The data set in VoID", language="en")),
        Triple(about, _node("dcterms:title"), Literal("De dataset in VoID", language="nl")),
    ]
    return serialize(by_subject(statements), PREFIXES).encode()


def counts(graph: NamedNode | BlankNode, statements: Sequence[Triple]) -> Iterator[Triple]:
    """How much there is in a graph, by class and by property."""
    classes = Counter(one.object for one in statements if one.predicate.value == TYPE)
    properties = Counter(one.predicate for one in statements)
    yield Triple(graph, _node("rdf:type"), _node("void:Dataset"))
    for name, number in (
        ("triples", len(statements)),
        ("entities", len({one.subject for one in statements if str(one.subject).startswith(f"<{ID}")})),
        ("distinctSubjects", len({one.subject for one in statements})),
        ("distinctObjects", len({one.object for one in statements})),
        ("classes", len(classes)),
        ("properties", len(properties)),
    ):
        yield Triple(graph, _node(f"void:{name}"), Literal(number))
    label = graph.value.rpartition("/")[2]
    for what, of, counter in (("class", "entities", classes), ("property", "triples", properties)):
        for number, (term, count) in enumerate(sorted(counter.items(), key=lambda pair: str(pair[0]))):
            partition = BlankNode(f"{label}-{what}-{number}")
            yield Triple(graph, _node(f"void:{what}Partition"), partition)
            yield Triple(partition, _node(f"void:{what}"), term)
            yield Triple(partition, _node(f"void:{of}"), Literal(count))


def _links(node: NamedNode, statements: Sequence[Triple]) -> Iterator[Triple]:
    """A set of links for each target and each property that leads there."""
    for name, (space, title) in _TARGETS.items():
        target = NamedNode(f"{_DOCUMENT}#{name}")
        leading = Counter(
            one.predicate
            for one in statements
            if str(one.subject).startswith(f"<{ID}") and str(one.object).startswith(f"<{space}")
        )
        if not leading:
            continue
        yield Triple(target, _node("rdf:type"), _node("void:Dataset"))
        yield Triple(target, _node("void:uriSpace"), Literal(space))
        yield from _titled(target, title)
        for predicate, count in sorted(leading.items(), key=lambda pair: pair[0].value):
            links = NamedNode(f"{_DOCUMENT}#{name}-{short(predicate.value).replace(':', '-')}")
            yield Triple(node, _node("void:subset"), links)
            yield Triple(links, _node("rdf:type"), _node("void:Linkset"))
            yield Triple(links, _node("void:linkPredicate"), predicate)
            yield Triple(links, _node("void:subjectsTarget"), node)
            yield Triple(links, _node("void:objectsTarget"), target)
            yield Triple(links, _node("void:triples"), Literal(count))
            yield from _titled(links, (f"Links to {title[0]}", f"Links naar {title[1]}"))


def _examples(knowledge: Knowledge) -> list[str]:
    return [iri for name in _EXAMPLES if knowledge.of(iri := full(name))]


def _vocabularies(statements: Iterable[Triple]) -> set[str]:
    """The namespaces of the properties and classes; one that is a hash namespace without it, as VoID has it."""
    used = {one.predicate.value for one in statements}
    used |= {
        one.object.value for one in statements if one.predicate.value == TYPE and isinstance(one.object, NamedNode)
    }
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    return {ONTOLOGY if one == PREFIXES["gp"] else one for one in spaces}


def _titled(node: NamedNode, title: Both) -> Iterator[Triple]:
    for text, language in zip(title, ("en", "nl"), strict=True):
        yield Triple(node, _node("dcterms:title"), Literal(text, language=language))


def _node(name: str) -> NamedNode:
    return NamedNode(full(name))
