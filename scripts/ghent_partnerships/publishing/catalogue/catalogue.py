"""The catalogue that portals harvest: the data set, its files and its endpoint in DCAT-AP 3.0.1.

What people write stands in ``data/dataset.ttl`` and ``data/release.ttl``; the rest follows from the graph and from the
files that were written. https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...dist import TYPES
from ...findings import Finding, Location
from ...rdf import jsonld, serialize
from ...rdf.build import Value, make_triples, typed
from ...rdf.index import GraphIndex
from ...rdf.namespaces import BASE, DATA_SET, ONTOLOGY, PUBLISHER, expand
from ...rdf.serialize import File
from ...rdf.turtle import by_subject
from ...sparql.views import DataSet
from ...text import DEFAULT_LANGUAGE, Text, in_each
from ...translation import message as _
from ..coordinates import position
from ..hosting import REPOSITORY
from . import authorities
from .authorities import AUTHORITY, LICENCES, MEDIA_TYPES, PLACES
from .distributions import DISTRIBUTIONS, SAMPLE, Distribution

CATALOG = BASE + "catalog"
SPARQL = "sparql"  # where the endpoint is, below the address of the site
_HERE = "scripts/ghent_partnerships/publishing/catalogue"
_PROFILE = "http://data.europa.eu/r5r/"
_LICENCE = _("Creative Commons Attribution")
_FORMATS = {
    "csv": "CSV",
    "geojson": "GEOJSON",
    "jsonld": "JSON_LD",
    "nq": "RDF_N_QUADS",
    "nt": "RDF_N_TRIPLES",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "ttl": "RDF_TURTLE",
}
_STANDARDS: dict[str, str] = {
    "http://www.w3.org/ns/csvw": "CSV on the Web",
    "https://tools.ietf.org/html/rfc7946": "GeoJSON (RFC 7946)",
    "https://w3id.org/ldes/specification": "Linked Data Event Streams",
    "https://www.w3.org/TR/sparql11-protocol/": "SPARQL 1.1 Protocol",
    "https://www.w3.org/TR/vocab-org/": "The Organization Ontology",
    "https://schema.org/": "Schema.org",
    ONTOLOGY: "Ghent Partnerships",
    _PROFILE: "DCAT-AP 3.0.1",
}


@dataclass(frozen=True)
class Written:
    """A file that was written: its length in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def files(
    graph_index: GraphIndex, of: DataSet, written: Mapping[str, Written], address: str, *, sparql: bool
) -> Iterator[File]:
    """``catalog`` in each format of RDF, as DCAT-AP 3.0.1 has it. ``written`` are the files by their paths, which
    are served below the address; ``sparql`` says whether an endpoint is, too."""
    statements = _Catalogue(graph_index, of, written, address, sparql=sparql).statements()
    return serialize.graph("catalog", statements, jsonld.Context(by_subject(statements)))


def coverage(graph_index: GraphIndex) -> tuple[str, str] | None:
    """The first and the last year in which a partnership began, as four digits; None where no year is stated."""
    begun = (graph_index.text(partnership, "gp:startYear") for partnership in graph_index.instances("gp:Partnership"))
    years = sorted(year for year in begun if year)
    return (years[0], years[-1]) if years else None


def unknown(graph_index: GraphIndex, file: str) -> Iterator[Finding]:
    """The terms of the EU that the data set names in a file and that the catalogue cannot describe."""
    for name in ("dcat:theme", "dcterms:accessRights", "dcterms:accrualPeriodicity", "dcterms:spatial"):
        for iri in graph_index.iris(DATA_SET, name):
            if not any(authorities.described(iri)):
                message = _("The catalogue does not know what <{iri}> is called.", iri=iri)
                help_ = _("Add its names to {file}.", file=f"{_HERE}/authorities.ttl")
                yield Finding(message=message, help=help_, location=Location(file))
    licence = graph_index.iris(DATA_SET, "dcterms:license")
    if licence and licence[0] not in LICENCES:
        message = _("The catalogue does not know which licence of the EU's list <{iri}> is.", iri=licence[0])
        help_ = _("Add it to {file}.", file=f"{_HERE}/authorities.py")
        yield Finding(message=message, help=help_, location=Location(file))


class _Catalogue:
    """Collects the statements of the catalogue."""

    def __init__(
        self, graph_index: GraphIndex, of: DataSet, written: Mapping[str, Written], address: str, *, sparql: bool
    ) -> None:
        self.graph_index, self.of, self.written, self.address, self.sparql = graph_index, of, written, address, sparql
        self.licence = AUTHORITY + LICENCES[of.licence]
        self.triples: dict[Triple, None] = {}

    def statements(self) -> list[Triple]:
        offered = [distribution for distribution in DISTRIBUTIONS if distribution.path in self.written]
        for distribution in (*offered, SAMPLE):
            self._distribution(distribution)
        self._data_set(offered)
        if self.sparql:
            self._service()
        self._catalog()
        self._people()
        self._rights()
        self._places()
        for iri, title in _STANDARDS.items():
            if any(triple.object == NamedNode(iri) for triple in self.triples):
                self._add(iri, "rdf:type", "dcterms:Standard")
                self._add(iri, "dcterms:title", Literal(title))
        return [*self.triples, *self._terms()]

    def _catalog(self) -> None:
        node, record = f"{CATALOG}#catalog", f"{CATALOG}#record"
        titles = self.of.title
        self._add(node, "rdf:type", "dcat:Catalog")
        self._add(node, "dcterms:title", _("Catalogue: {title}", title=titles))
        self._add(node, "dcterms:description", self.of.description)
        self._add(node, "dcat:dataset", DATA_SET)
        self._add(node, "dcat:record", record)
        if self.sparql:
            self._add(node, "dcat:service", self.address + SPARQL)
        self._add(node, "dcat:themeTaxonomy", AUTHORITY + "data-theme")
        self._add(node, "dcterms:spatial", *self.graph_index.iris(DATA_SET, "dcterms:spatial"))
        self._common(node)
        self._page(node, "foaf:homepage")
        self._add(record, "rdf:type", "dcat:CatalogRecord")
        self._add(record, "foaf:primaryTopic", DATA_SET)
        self._add(record, "dcterms:title", titles)
        self._add(record, "dcterms:conformsTo", _PROFILE)
        self._dates(record)
        prior = self.graph_index.iris(ONTOLOGY, "owl:priorVersion")
        self._add(record, "adms:status", f"http://purl.org/adms/changetype/{'updated' if prior else 'created'}")

    def _data_set(self, offered: list[Distribution]) -> None:
        graph_index = self.graph_index
        self._add(DATA_SET, "rdf:type", "dcat:Dataset", "dcat:Resource")
        self._add(DATA_SET, "dcterms:title", self.of.title)
        self._add(DATA_SET, "dcterms:description", self.of.description)
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights", "dcterms:accrualPeriodicity"):
            self._copy(name)
        for name in ("dcterms:conformsTo", "dcterms:spatial", "dcat:version"):
            self._copy(name)
        self._common(DATA_SET)
        self._page(DATA_SET, "dcat:landingPage")
        self._add(DATA_SET, "dcterms:identifier", Literal(DATA_SET))
        self._add(DATA_SET, "dcat:contactPoint", f"{CATALOG}#contact")
        self._add(DATA_SET, "dcterms:rights", f"{CATALOG}#rights")
        self._add(DATA_SET, "dcat:distribution", *(_node(distribution) for distribution in offered))
        self._add(DATA_SET, "adms:sample", _node(SAMPLE))
        for prior in graph_index.iris(ONTOLOGY, "owl:priorVersion"):
            self._add(DATA_SET, "dcat:previousVersion", f"{BASE}feed/{prior.rpartition('/')[2]}")
        sources = graph_index.iris(DATA_SET, "dcterms:source")
        self._add(DATA_SET, "prov:wasDerivedFrom", *sources)
        provenance = f"{CATALOG}#provenance"
        self._add(DATA_SET, "dcterms:provenance", provenance)
        self._add(provenance, "rdf:type", "dcterms:ProvenanceStatement")
        names = [graph_index.label(source) for source in sources]
        listed = in_each(self.of.languages, lambda language: ", ".join(name.localized(language) for name in names))
        self._add(
            provenance,
            "rdfs:label",
            _("Each statement rests on a sentence of a source, or on a named one: {listed}.", listed=listed),
        )
        if (years := coverage(graph_index)) is not None:
            period = f"{CATALOG}#period"
            self._add(DATA_SET, "dcterms:temporal", period)
            self._add(period, "rdf:type", "dcterms:PeriodOfTime")
            self._add(period, "dcat:startDate", typed(years[0], "gYear"))
            self._add(period, "dcat:endDate", typed(years[1], "gYear"))

    def _distribution(self, distribution: Distribution) -> None:
        node, written, ending = (
            _node(distribution),
            self.written[distribution.path],
            distribution.path.rpartition(".")[2],
        )
        self._add(node, "rdf:type", "dcat:Distribution")
        self._add(node, "dcterms:title", distribution.title)
        self._add(node, "dcterms:description", distribution.description)
        self._add(node, "dcat:accessURL", self.address + distribution.path)
        self._add(node, "dcat:downloadURL", self.address + distribution.path)
        self._add(node, "dcat:mediaType", MEDIA_TYPES + TYPES[ending])
        self._add(node, "dcterms:format", f"{AUTHORITY}file-type/{_FORMATS[ending]}")
        self._add(node, "dcat:byteSize", typed(str(written.size), "nonNegativeInteger"))
        self._add(node, "dcatap:availability", AUTHORITY + "planned-availability/STABLE")
        self._add(node, "dcterms:rights", f"{CATALOG}#rights")
        self._dates(node)
        self._add(node, "dcterms:license", self.licence)
        if distribution.texts:
            self._languages(node)
        if distribution.standard is not None:
            self._add(node, "dcterms:conformsTo", distribution.standard)
        checksum = f"{node}-sha256"
        self._add(node, "spdx:checksum", checksum)
        self._add(checksum, "rdf:type", "spdx:Checksum")
        self._add(checksum, "spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        self._add(checksum, "spdx:checksumValue", typed(written.sha256, "hexBinary"))
        self._add(expand("spdx:checksumAlgorithm_sha256"), "rdf:type", "spdx:ChecksumAlgorithm")

    def _service(self) -> None:
        node = self.address + SPARQL
        self._add(node, "rdf:type", "dcat:DataService")
        self._add(node, "dcterms:title", _("SPARQL endpoint"))
        self._add(
            node,
            "dcterms:description",
            _("Answers queries on the whole graph."),
        )
        self._add(node, "dcat:endpointURL", node)
        self._add(node, "dcat:endpointDescription", node)
        self._add(node, "dcat:servesDataset", DATA_SET)
        self._add(node, "dcat:contactPoint", f"{CATALOG}#contact")
        self._add(node, "dcterms:conformsTo", "https://www.w3.org/TR/sparql11-protocol/")
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights"):
            self._copy(name, node)
        self._add(node, "dcterms:publisher", f"{CATALOG}#publisher")
        self._add(node, "dcterms:license", self.licence)
        self._page(node, "dcat:landingPage")

    def _people(self) -> None:
        publisher, contact = f"{CATALOG}#publisher", f"{CATALOG}#contact"
        self._add(publisher, "rdf:type", "foaf:Agent")
        self._add(publisher, "foaf:name", Literal(PUBLISHER))
        self._add(publisher, "foaf:homepage", REPOSITORY)
        self._add(publisher, "dcterms:type", "http://purl.org/adms/publishertype/PrivateIndividual(s)")
        self._add(REPOSITORY, "rdf:type", "foaf:Document")
        self._add(contact, "rdf:type", "vcard:Kind", "vcard:Group")
        self._add(contact, "vcard:fn", Literal(PUBLISHER))
        self._add(contact, "vcard:hasURL", f"{REPOSITORY}/issues")

    def _rights(self) -> None:
        rights = f"{CATALOG}#rights"
        self._add(rights, "rdf:type", "dcterms:RightsStatement")
        self._add(rights, "rdfs:label", self.of.rights)
        self._add(self.licence, "dcterms:type", "http://purl.org/adms/licencetype/Attribution")
        self._add(self.licence, "skos:exactMatch", self.of.licence)
        self._add(self.licence, "dcterms:title", _LICENCE)  # CKAN knows licences by their titles

    def _places(self) -> None:
        """Where the places of the EU lie."""
        for iri in self.graph_index.iris(DATA_SET, "dcterms:spatial"):
            city, (west, south, east, north) = PLACES[iri.removeprefix(AUTHORITY)]
            ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
            self._add(iri, "dcat:bbox", _wkt(f"POLYGON(({', '.join(' '.join(point) for point in ring)}))"))
            credit = Literal("The bounding box: © OpenStreetMap contributors, ODbL 1.0", language=DEFAULT_LANGUAGE)
            self._add(iri, "rdfs:comment", credit)
            self._add(iri, "rdfs:seeAlso", "https://www.openstreetmap.org/copyright")
            if found := position(*(self.graph_index.text(expand(city), name) for name in ("geo:long", "geo:lat"))):
                self._add(iri, "dcat:centroid", _wkt(f"POINT({found[0]:f} {found[1]:f})"))

    def _terms(self) -> list[Triple]:
        """The terms of others that are named, and the lists that they are of."""
        found: dict[Triple, None] = {}
        waiting = {triple.object.value for triple in self.triples if isinstance(triple.object, NamedNode)}
        while waiting:
            more = [triple for iri in sorted(waiting) for triple in authorities.described(iri)]
            more = [triple for triple in more if triple not in found]
            found |= dict.fromkeys(more)
            waiting = {triple.object.value for triple in more if isinstance(triple.object, NamedNode)}
        return list(found)

    def _common(self, node: str) -> None:
        """What the data set and its catalogue share."""
        self._add(node, "dcterms:publisher", f"{CATALOG}#publisher")
        self._add(node, "dcterms:license", self.licence)
        self._dates(node)
        self._languages(node)

    def _dates(self, node: str) -> None:
        """When it first appeared, and when it changed last: with the release."""
        first = self.graph_index.objects(DATA_SET, "dcterms:available")
        self._add(node, "dcterms:issued", *(date for date in first if isinstance(date, Literal)))
        self._add(node, "dcterms:modified", typed(self.of.issued, "date"))

    def _languages(self, node: str) -> None:
        known = (authorities.language(tag) for tag in self.of.languages)
        self._add(node, "dcterms:language", *(iri for iri in known if iri is not None))

    def _page(self, node: str, name: str) -> None:
        self._add(node, name, self.address)
        self._add(self.address, "rdf:type", "foaf:Document")

    def _copy(self, name: str, node: str = DATA_SET) -> None:
        """Copy a property of the data set, to its description or to another node."""
        values = self.graph_index.objects(DATA_SET, name)
        self._add(node, name, *(value for value in values if not isinstance(value, BlankNode)))

    def _add(self, node: str, name: str, *values: Value) -> None:
        spoken = (value.only(self.of.languages) if isinstance(value, Text) else value for value in values)
        self.triples |= dict.fromkeys(make_triples(node, name, *spoken))


def _node(distribution: Distribution) -> str:
    return f"{CATALOG}#{distribution.path.replace('/', '-').replace('.', '-')}"


def _wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(expand("geosparql:wktLiteral")))
