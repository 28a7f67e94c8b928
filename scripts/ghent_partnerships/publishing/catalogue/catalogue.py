"""The catalogue that portals harvest: the data set, its files and its endpoint in DCAT-AP 3.0.1.

What people write stands in ``data/dataset.ttl`` and ``data/release.ttl``; the rest follows from the graph and from the
files that were written. https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...dist import RECONCILE, TYPES
from ...project.coordinates import position
from ...rdf import jsonld, serialize
from ...rdf.build import Value, make_triples, typed
from ...rdf.index import GraphIndex
from ...rdf.namespaces import ONTOLOGY, expand
from ...rdf.serialize import File
from ...rdf.turtle import by_subject
from ...text import Text, in_each
from ...translation import message as _
from ..publication import Publication
from . import authorities
from .authorities import AUTHORITY, LICENCES, MEDIA_TYPES
from .distributions import Distribution, distributions, sample
from .void import SPARQL

_YEAR = 4  # digits
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
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_RECONCILING = "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"
_Service = tuple[str, Text, Text, str]  # its path, what it is called and does, and the standard that it follows
_SPARQL: _Service = SPARQL, _("SPARQL endpoint"), _("Answers queries on the whole graph."), _PROTOCOL
_RECONCILIATION: _Service = (
    RECONCILE,
    _("Reconciliation service"),
    _("Matches names with cities, partnerships and countries, and says what is known of them."),
    _RECONCILING,
)
_STANDARDS: dict[str, str] = {
    "http://www.w3.org/ns/csvw": "CSV on the Web",
    "https://tools.ietf.org/html/rfc7946": "GeoJSON (RFC 7946)",
    "https://w3id.org/ldes/specification": "Linked Data Event Streams",
    _PROTOCOL: "SPARQL 1.1 Protocol",
    _RECONCILING: "Reconciliation Service API 0.2",
    "https://www.w3.org/TR/vocab-org/": "The Organization Ontology",
    "https://schema.org/": "Schema.org",
    ONTOLOGY: "Ghent Partnerships",  # what the vocabulary is called
    _PROFILE: "DCAT-AP 3.0.1",
}


@dataclass(frozen=True)
class Written:
    """A file that was written: its length in bytes, and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def files(graph_index: GraphIndex, publication: Publication, written: Mapping[str, Written]) -> Iterator[File]:
    """``catalog`` in each format of RDF, as DCAT-AP 3.0.1 has it. ``written`` are the files by their paths."""
    statements = _Catalogue(graph_index, publication, written).statements()
    addresses = publication.addresses
    context = jsonld.Context(by_subject(statements), publication.prefixes, addresses.bases)
    return serialize.graph("catalog", statements, context)


def coverage(graph_index: GraphIndex) -> tuple[str, str] | None:
    """The first and the last year in which a partnership began, as four digits; None where no year is stated."""
    begun = (
        graph_index.text(partnership, "gp:startYear") or graph_index.text(partnership, "schema:startDate")
        for partnership in graph_index.instances("gp:Partnership")
    )
    years = sorted(year[:_YEAR] for year in begun if year)
    return (years[0], years[-1]) if years else None


def sampled(graph_index: GraphIndex, publication: Publication) -> Distribution | None:
    """The document of the first example, as a sample; None where there is none."""
    for iri in publication.examples(graph_index):
        if (path := publication.addresses.document(iri)) is not None:
            return sample(path, graph_index.label(iri))
    return None


class _Catalogue:
    """Collects the statements of the catalogue."""

    def __init__(self, graph_index: GraphIndex, publication: Publication, written: Mapping[str, Written]) -> None:
        self.graph_index, self.publication, self.written = graph_index, publication, written
        self.of, self.address = publication.of, publication.address
        matched = not publication.project.is_plain and bool(graph_index.instances("gp:City"))
        self.services = [_SPARQL, *[_RECONCILIATION] * matched] if publication.sparql else []
        self.node, self.data_set = publication.catalogue, publication.data_set
        named = LICENCES.get(self.of.licence)
        self.licence = AUTHORITY + named if named else self.of.licence
        self.sample = sampled(graph_index, publication)
        self.triples: dict[Triple, None] = {}

    def statements(self) -> list[Triple]:
        every = distributions(self.publication.whole, plain=self.publication.project.is_plain)
        offered = [distribution for distribution in every if distribution.path in self.written]
        for distribution in (*offered, *([self.sample] if self.sample else [])):
            self._distribution(distribution)
        self._data_set(offered)
        for service in self.services:
            self._service(*service)
        self._catalog()
        self._people()
        self._rights()
        self._places()
        for iri, title in _STANDARDS.items():
            if any(triple.object == NamedNode(iri) for triple in self.triples):
                self._add(iri, "rdf:type", "dcterms:Standard")
                self._add(iri, "dcterms:title", Literal(title))
        return list(dict.fromkeys([*self.triples, *self._terms()]))

    def _catalog(self) -> None:
        node, record = f"{self.node}#catalog", f"{self.node}#record"
        titles = self.of.title
        self._add(node, "rdf:type", "dcat:Catalog")
        self._add(node, "dcterms:title", _("Catalogue: {title}", title=titles))
        self._add(node, "dcterms:description", self.of.description)
        self._add(node, "dcat:dataset", self.data_set)
        self._add(node, "dcat:record", record)
        self._add(node, "dcat:service", *(self.address + path for path, *_rest in self.services))
        self._add(node, "dcat:themeTaxonomy", AUTHORITY + "data-theme")
        self._add(node, "dcterms:spatial", *self._spatial())
        self._common(node)
        self._page(node, "foaf:homepage")
        self._add(record, "rdf:type", "dcat:CatalogRecord")
        self._add(record, "foaf:primaryTopic", self.data_set)
        self._add(record, "dcterms:title", titles)
        self._add(record, "dcterms:conformsTo", _PROFILE)
        self._dates(record)
        prior = self.graph_index.iris(ONTOLOGY, "owl:priorVersion")
        self._add(record, "adms:status", f"http://purl.org/adms/changetype/{'updated' if prior else 'created'}")

    def _data_set(self, offered: list[Distribution]) -> None:
        graph_index, data_set = self.graph_index, self.data_set
        self._add(data_set, "rdf:type", "dcat:Dataset", "dcat:Resource")
        self._add(data_set, "dcterms:title", self.of.title)
        self._add(data_set, "dcterms:description", self.of.description)
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights", "dcterms:accrualPeriodicity"):
            self._copy(name)
        for name in ("dcterms:conformsTo", "dcat:version"):
            self._copy(name)
        self._add(data_set, "dcterms:spatial", *self._spatial())
        self._common(self.data_set)
        self._page(data_set, "dcat:landingPage")
        self._add(data_set, "dcterms:identifier", Literal(data_set))
        self._add(data_set, "dcat:contactPoint", f"{self.node}#contact")
        self._add(data_set, "dcterms:rights", f"{self.node}#rights")
        self._add(data_set, "dcat:distribution", *map(self._of, offered))
        if self.sample:
            self._add(data_set, "adms:sample", self._of(self.sample))
        for prior in graph_index.iris(ONTOLOGY, "owl:priorVersion"):
            self._add(data_set, "dcat:previousVersion", f"{self.publication.base}feed/{prior.rpartition('/')[2]}")
        sources = graph_index.iris(data_set, "dcterms:source")
        self._add(data_set, "prov:wasDerivedFrom", *sources)
        provenance = f"{self.node}#provenance"
        self._add(data_set, "dcterms:provenance", provenance)
        self._add(provenance, "rdf:type", "dcterms:ProvenanceStatement")
        names = [graph_index.label(source) for source in sources]
        listed = in_each(self.of.languages, lambda language: ", ".join(name.localized(language) for name in names))
        self._add(
            provenance,
            "rdfs:label",
            _("Each statement rests on a sentence of a source, or on a named one: {listed}.", listed=listed),
        )
        if (years := coverage(graph_index)) is not None:
            period = f"{self.node}#period"
            self._add(data_set, "dcterms:temporal", period)
            self._add(period, "rdf:type", "dcterms:PeriodOfTime")
            self._add(period, "dcat:startDate", typed(years[0], "gYear"))
            self._add(period, "dcat:endDate", typed(years[1], "gYear"))

    def _distribution(self, distribution: Distribution) -> None:
        node, written, ending = (
            self._of(distribution),
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
        self._add(node, "dcterms:rights", f"{self.node}#rights")
        self._dates(node)
        self._licence(node)
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

    def _service(self, path: str, title: Text, description: Text, standard: str) -> None:
        node = self.address + path
        self._add(node, "rdf:type", "dcat:DataService")
        self._add(node, "dcterms:title", title)
        self._add(node, "dcterms:description", description)
        self._add(node, "dcat:endpointURL", node)
        self._add(node, "dcat:endpointDescription", node)
        self._add(node, "dcat:servesDataset", self.data_set)
        self._add(node, "dcat:contactPoint", f"{self.node}#contact")
        self._add(node, "dcterms:conformsTo", standard)
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights"):
            self._copy(name, node)
        self._add(node, "dcterms:publisher", f"{self.node}#publisher")
        self._licence(node)
        self._page(node, "dcat:landingPage")

    def _people(self) -> None:
        """Who publishes it, and whom to ask, as the data set says; where it does not, those of the repository."""
        publisher, contact = f"{self.node}#publisher", f"{self.node}#contact"
        publication, stated = self.publication, self.publication.project.data_set
        self._add(publisher, "rdf:type", "foaf:Agent")
        self._add(publisher, "foaf:name", Literal(publication.publisher))
        if page := publication.homepage:
            self._add(publisher, "foaf:homepage", page)
            self._add(page, "rdf:type", "foaf:Document")
        self._add(publisher, "dcterms:type", *stated.values("dcterms:type", stated.publisher))
        asked = stated.value("dcat:contactPoint")
        self._add(contact, "rdf:type", "vcard:Kind", *(stated.values("rdf:type", asked) if asked else ["vcard:Group"]))
        self._add(contact, "vcard:fn", Literal(stated.value("vcard:fn", asked) or publication.publisher))
        for name in ("vcard:hasEmail", "vcard:hasURL"):
            self._add(contact, name, *stated.values(name, asked))
        if not asked and publication.repository:
            self._add(contact, "vcard:hasURL", f"{publication.repository}/issues")

    def _rights(self) -> None:
        rights = f"{self.node}#rights"
        self._add(rights, "rdf:type", "dcterms:RightsStatement")
        self._add(rights, "rdfs:label", self.of.rights)
        if self.licence.startswith(AUTHORITY):
            self._add(self.licence, "dcterms:type", "http://purl.org/adms/licencetype/Attribution")
            self._add(self.licence, "skos:exactMatch", self.of.licence)
            self._add(self.licence, "dcterms:title", _LICENCE)  # CKAN knows licences by their titles
        elif self.licence:
            self._add(self.licence, "rdf:type", "dcterms:LicenseDocument")
            self._add(self.licence, "dcterms:title", self.publication.licence_name)

    def _spatial(self) -> list[str]:
        return self.graph_index.iris(self.data_set, "dcterms:spatial")

    def _places(self) -> None:
        """Where the places of the data set lie, as it says; the middle of a single one is the home city."""
        places = self._spatial()
        for iri in places:
            for name in ("rdf:type", "dcat:bbox", "dcat:centroid", "rdfs:comment", "rdfs:seeAlso"):
                self._copy(name, iri, iri)
        city = self.publication.home_city
        if not city or len(places) != 1 or self.graph_index.objects(places[0], "dcat:centroid"):
            return
        if found := position(*(self.graph_index.text(city, name) for name in ("geo:long", "geo:lat"))):
            self._add(places[0], "dcat:centroid", _wkt(f"POINT({found[0]:f} {found[1]:f})"))

    def _terms(self) -> list[Triple]:
        """The terms of others that are named, and the lists that they are of."""
        found: dict[Triple, None] = {}
        waiting = {triple.object.value for triple in self.triples if isinstance(triple.object, NamedNode)}
        while waiting:
            described = (authorities.described(iri, self.graph_index, self.of.languages) for iri in sorted(waiting))
            more = [triple for triples in described for triple in triples if triple not in found]
            found |= dict.fromkeys(more)
            waiting = {triple.object.value for triple in more if isinstance(triple.object, NamedNode)}
        return list(found)

    def _common(self, node: str) -> None:
        """What the data set and its catalogue share."""
        self._add(node, "dcterms:publisher", f"{self.node}#publisher")
        self._licence(node)
        self._dates(node)
        self._languages(node)

    def _dates(self, node: str) -> None:
        """When it first appeared, and when it changed last: with the release."""
        first = self.graph_index.objects(self.data_set, "dcterms:available")
        self._add(node, "dcterms:issued", *(date for date in first if isinstance(date, Literal)))
        self._add(node, "dcterms:modified", *([typed(self.of.issued, "date")] if self.of.issued else []))

    def _languages(self, node: str) -> None:
        known = (authorities.language(tag) for tag in self.of.languages)
        self._add(node, "dcterms:language", *(iri for iri in known if iri is not None))

    def _page(self, node: str, name: str) -> None:
        self._add(node, name, self.address)
        self._add(self.address, "rdf:type", "foaf:Document")

    def _licence(self, node: str) -> None:
        self._add(node, "dcterms:license", *([self.licence] if self.licence else []))

    def _copy(self, name: str, node: str = "", source: str = "") -> None:
        """Copy a property of a source to a node; both are the data set by default."""
        values = self.graph_index.objects(source or self.data_set, name)
        self._add(node or self.data_set, name, *(value for value in values if not isinstance(value, BlankNode)))

    def _add(self, node: str, name: str, *values: Value) -> None:
        spoken = (value.spoken(self.of.languages) if isinstance(value, Text) else value for value in values)
        self.triples |= dict.fromkeys(make_triples(node, name, *spoken))

    def _of(self, distribution: Distribution) -> str:
        """The node of a distribution."""
        return f"{self.node}#{distribution.path.replace('/', '-').replace('.', '-')}"


def _wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(expand("geosparql:wktLiteral")))
