"""The catalogue that portals harvest: the data set, its files and its endpoint in DCAT-AP 3.0.1.

What people write stands in ``data/dataset.ttl`` and ``data/release.ttl``; the rest follows from the graph and from the
files that were written. https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from . import authorities, forms, jsonld
from .authorities import AUTHORITY, LICENCES, MEDIA_TYPES, PLACES
from .findings import Finding
from .forms import File
from .hosting import REPOSITORY, TYPES
from .knowledge import Knowledge, full
from .names import BASE, ID, ONTOLOGY
from .turtle import XSD, by_subject
from .views import Both, DataSet

CATALOG = BASE + "catalog"
DATA_SET = ID + "dataset/ghent-partnerships"
SPARQL = "sparql"  # where the endpoint is, below the address of the site
_PROFILE = "http://data.europa.eu/r5r/"
_WKT = full("geosparql:wktLiteral")
PUBLISHER = "Ghent Partnerships"
_LICENCE: Both = ("Creative Commons Attribution", "Creative Commons Naamsvermelding")
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
_WHOLE: Both = (
    "The whole graph, every statement with what it rests on.",
    "De hele graaf, elke uitspraak met waarop ze berust.",
)
_DIVIDED: Both = (
    "The whole graph in four named graphs: ontology, data, sources and links.",
    "De hele graaf in vier benoemde grafen: ontologie, data, bronnen en links.",
)
_MAP: Both = ("A map, with names in English and Dutch.", "Een kaart, met namen in het Engels en het Nederlands.")
_TABLE: Both = (
    "A table, with names in English and Dutch and the sentence that each row rests on.",
    "Een tabel, met namen in het Engels en het Nederlands en de zin waarop elke rij berust.",
)
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


@dataclass(frozen=True)
class Distribution:
    """A file in which people can have the data set, and the standard that it follows."""

    path: str
    title: Both
    description: Both
    standard: str | None = ONTOLOGY
    texts: bool = True  # whether there are texts in it, which have a language


_SAMPLE = Distribution(
    "doc/city/ghent.ttl",
    ("The document of Ghent, as a sample", "Het document van Gent, als voorbeeld"),
    ("What the graph says of one city.", "Wat de graaf over één stad zegt."),
)
DISTRIBUTIONS = (
    Distribution("ghent-partnerships.ttl", ("The graph as Turtle", "De graaf als Turtle"), _WHOLE),
    Distribution("ghent-partnerships.nt", ("The graph as N-Triples", "De graaf als N-Triples"), _WHOLE),
    Distribution("ghent-partnerships.jsonld", ("The graph as JSON-LD", "De graaf als JSON-LD"), _WHOLE),
    Distribution("ghent-partnerships.rdf", ("The graph as RDF/XML", "De graaf als RDF/XML"), _WHOLE),
    Distribution("ghent-partnerships.trig", ("The named graphs as TriG", "De benoemde grafen als TriG"), _DIVIDED),
    Distribution("ghent-partnerships.nq", ("The named graphs as N-Quads", "De benoemde grafen als N-Quads"), _DIVIDED),
    Distribution(
        "partnerships.csv", ("Partnerships as CSV", "Partnerschappen als CSV"), _TABLE, "http://www.w3.org/ns/csvw"
    ),
    Distribution("cities.csv", ("Cities as CSV", "Steden als CSV"), _TABLE, "http://www.w3.org/ns/csvw"),
    Distribution(
        "agreements.csv", ("Agreements as CSV", "Overeenkomsten als CSV"), _TABLE, "http://www.w3.org/ns/csvw"
    ),
    Distribution(
        "partnerships.geojson",
        ("Partnerships as GeoJSON", "Partnerschappen als GeoJSON"),
        _MAP,
        "https://tools.ietf.org/html/rfc7946",
    ),
    Distribution(
        "cities.geojson", ("Cities as GeoJSON", "Steden als GeoJSON"), _MAP, "https://tools.ietf.org/html/rfc7946"
    ),
    Distribution(
        "flat.ttl",
        ("Bare links between cities as Turtle", "Loutere links tussen steden als Turtle"),
        (
            "Twin towns in the terms of Wikidata and DBpedia, without years.",
            "Zustersteden in de termen van Wikidata en DBpedia, zonder jaren.",
        ),
        None,
        texts=False,
    ),
    Distribution(
        "org.ttl",
        ("Partnerships as organisations, as Turtle", "Partnerschappen als organisaties, als Turtle"),
        (
            "The partnerships in the terms of the W3C and of OSLO for organisations.",
            "De partnerschappen in de termen van het W3C en OSLO voor organisaties.",
        ),
        "https://www.w3.org/TR/vocab-org/",
    ),
    Distribution(
        "schema.jsonld",
        ("The graph in the terms of schema.org, as JSON-LD", "De graaf in de termen van schema.org, als JSON-LD"),
        ("What search engines read.", "Wat zoekmachines lezen."),
        "https://schema.org/",
    ),
    Distribution(
        "feed.ttl",
        ("The changes as a Linked Data Event Stream", "De wijzigingen als Linked Data Event Stream"),
        (
            "What each release added, changed and retired: who follows it has the whole graph.",
            "Wat elke release heeft toegevoegd, gewijzigd en geschrapt: wie ze volgt, heeft de hele graaf.",
        ),
        "https://w3id.org/ldes/specification",
    ),
)

LISTED = {one.path for one in (*DISTRIBUTIONS, _SAMPLE)}


def files(
    knowledge: Knowledge, of: DataSet, written: Mapping[str, Written], address: str, *, sparql: bool
) -> Iterator[File]:
    """``catalog`` in each form. ``written`` are the files by their paths, which are served below the address;
    ``sparql`` says whether an endpoint is, too."""
    statements = _Catalogue(knowledge, of, written, address, sparql=sparql).statements()
    return forms.graph("catalog", statements, jsonld.Context(by_subject(statements)))


def unknown(knowledge: Knowledge, file: str) -> Iterator[Finding]:
    """The terms of the EU that the data set names in a file and that the catalogue cannot describe."""
    for name in ("dcat:theme", "dcterms:accessRights", "dcterms:accrualPeriodicity", "dcterms:spatial"):
        for iri in knowledge.iris(DATA_SET, name):
            if not authorities.known(iri):
                message = f"The catalogue does not know what <{iri}> is called."
                yield Finding(file, 1, 1, message, "Add its names to scripts/ghent_partnerships/authorities.py.")
    licence = knowledge.iris(DATA_SET, "dcterms:license")
    if licence and licence[0] not in LICENCES:
        message = f"The catalogue does not know which licence of the EU's list <{licence[0]}> is."
        yield Finding(file, 1, 1, message, "Add it to scripts/ghent_partnerships/authorities.py.")


class _Catalogue:
    """Collects the statements of the catalogue."""

    def __init__(
        self, knowledge: Knowledge, of: DataSet, written: Mapping[str, Written], address: str, *, sparql: bool
    ) -> None:
        self.knowledge, self.of, self.written, self.address, self.sparql = knowledge, of, written, address, sparql
        self.licence = AUTHORITY + LICENCES[of.licence]
        self.said: dict[Triple, None] = {}

    def statements(self) -> list[Triple]:
        offered = [one for one in DISTRIBUTIONS if one.path in self.written]
        for one in (*offered, _SAMPLE):
            self._distribution(one)
        self._data_set(offered)
        if self.sparql:
            self._service()
        self._catalog()
        self._people()
        self._rights()
        for iri, title in _STANDARDS.items():
            if any(triple.object == NamedNode(iri) for triple in self.said):
                self._say(iri, "rdf:type", "dcterms:Standard")
                self._say(iri, "dcterms:title", Literal(title))
        return [*self.said, *self._terms()]

    def _catalog(self) -> None:
        node, record = f"{CATALOG}#catalog", f"{CATALOG}#record"
        titles = self.of.title
        self._say(node, "rdf:type", "dcat:Catalog")
        self._both(node, "dcterms:title", (f"Catalogue: {titles[0]}", f"Catalogus: {titles[1]}"))
        self._both(node, "dcterms:description", self.of.description)
        self._say(node, "dcat:dataset", DATA_SET)
        self._say(node, "dcat:record", record)
        if self.sparql:
            self._say(node, "dcat:service", self.address + SPARQL)
        self._say(node, "dcat:themeTaxonomy", AUTHORITY + "data-theme")
        self._say(node, "dcterms:spatial", *self.knowledge.iris(DATA_SET, "dcterms:spatial"))
        self._common(node)
        self._page(node, "foaf:homepage")
        self._say(record, "rdf:type", "dcat:CatalogRecord")
        self._say(record, "foaf:primaryTopic", DATA_SET)
        self._both(record, "dcterms:title", titles)
        self._say(record, "dcterms:conformsTo", _PROFILE)
        self._dates(record)
        prior = self.knowledge.iris(ONTOLOGY, "owl:priorVersion")
        self._say(record, "adms:status", f"http://purl.org/adms/changetype/{'updated' if prior else 'created'}")

    def _data_set(self, offered: list[Distribution]) -> None:
        knowledge = self.knowledge
        self._say(DATA_SET, "rdf:type", "dcat:Dataset", "dcat:Resource")
        self._both(DATA_SET, "dcterms:title", self.of.title)
        self._both(DATA_SET, "dcterms:description", self.of.description)
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights", "dcterms:accrualPeriodicity"):
            self._copy(name)
        for name in ("dcterms:conformsTo", "dcterms:spatial", "dcat:version"):
            self._copy(name)
        self._common(DATA_SET)
        self._page(DATA_SET, "dcat:landingPage")
        self._say(DATA_SET, "dcterms:identifier", Literal(DATA_SET))
        self._say(DATA_SET, "dcat:contactPoint", f"{CATALOG}#contact")
        self._say(DATA_SET, "dcterms:rights", f"{CATALOG}#rights")
        self._say(DATA_SET, "dcat:distribution", *(_node(one) for one in offered))
        self._say(DATA_SET, "adms:sample", _node(_SAMPLE))
        for prior in knowledge.iris(ONTOLOGY, "owl:priorVersion"):
            self._say(DATA_SET, "dcat:previousVersion", f"{BASE}feed/{prior.rpartition('/')[2]}")
        sources = knowledge.iris(DATA_SET, "dcterms:source")
        self._say(DATA_SET, "prov:wasDerivedFrom", *sources)
        provenance = f"{CATALOG}#provenance"
        self._say(DATA_SET, "dcterms:provenance", provenance)
        self._say(provenance, "rdf:type", "dcterms:ProvenanceStatement")
        names = [knowledge.label(one) for one in sources]
        self._both(
            provenance,
            "rdfs:label",
            (
                f"Each statement rests on a sentence of a source, or on a named one: {_listed(names, 0)}.",
                f"Elke uitspraak berust op een zin uit een bron, of op een genoemde: {_listed(names, 1)}.",
            ),
        )
        years = sorted(
            year for one in knowledge.instances("gp:Partnership") if (year := knowledge.text(one, "gp:startYear"))
        )
        if years:
            period = f"{CATALOG}#period"
            self._say(DATA_SET, "dcterms:temporal", period)
            self._say(period, "rdf:type", "dcterms:PeriodOfTime")
            self._say(period, "dcat:startDate", _typed(years[0], "gYear"))
            self._say(period, "dcat:endDate", _typed(years[-1], "gYear"))

    def _distribution(self, one: Distribution) -> None:
        node, written, ending = _node(one), self.written[one.path], one.path.rpartition(".")[2]
        self._say(node, "rdf:type", "dcat:Distribution")
        self._both(node, "dcterms:title", one.title)
        self._both(node, "dcterms:description", one.description)
        self._say(node, "dcat:accessURL", self.address + one.path)
        self._say(node, "dcat:downloadURL", self.address + one.path)
        self._say(node, "dcat:mediaType", MEDIA_TYPES + TYPES[ending])
        self._say(node, "dcterms:format", f"{AUTHORITY}file-type/{_FORMATS[ending]}")
        self._say(node, "dcat:byteSize", _typed(str(written.size), "nonNegativeInteger"))
        self._say(node, "dcatap:availability", AUTHORITY + "planned-availability/STABLE")
        self._say(node, "dcterms:rights", f"{CATALOG}#rights")
        self._dates(node)
        self._say(node, "dcterms:license", self.licence)
        if one.texts:
            self._languages(node)
        if one.standard is not None:
            self._say(node, "dcterms:conformsTo", one.standard)
        checksum = f"{node}-sha256"
        self._say(node, "spdx:checksum", checksum)
        self._say(checksum, "rdf:type", "spdx:Checksum")
        self._say(checksum, "spdx:algorithm", "spdx:checksumAlgorithm_sha256")
        self._say(checksum, "spdx:checksumValue", _typed(written.sha256, "hexBinary"))
        self._say(full("spdx:checksumAlgorithm_sha256"), "rdf:type", "spdx:ChecksumAlgorithm")

    def _service(self) -> None:
        node = self.address + SPARQL
        self._say(node, "rdf:type", "dcat:DataService")
        self._both(node, "dcterms:title", ("SPARQL endpoint", "SPARQL-endpoint"))
        self._both(
            node,
            "dcterms:description",
            ("Answers queries on the whole graph.", "Beantwoordt query's op de hele graaf."),
        )
        self._say(node, "dcat:endpointURL", node)
        self._say(node, "dcat:endpointDescription", node)
        self._say(node, "dcat:servesDataset", DATA_SET)
        self._say(node, "dcat:contactPoint", f"{CATALOG}#contact")
        self._say(node, "dcterms:conformsTo", "https://www.w3.org/TR/sparql11-protocol/")
        for name in ("dcat:keyword", "dcat:theme", "dcterms:accessRights"):
            self._copy(name, node)
        self._say(node, "dcterms:publisher", f"{CATALOG}#publisher")
        self._say(node, "dcterms:license", self.licence)
        self._page(node, "dcat:landingPage")

    def _people(self) -> None:
        publisher, contact = f"{CATALOG}#publisher", f"{CATALOG}#contact"
        self._say(publisher, "rdf:type", "foaf:Agent")
        self._say(publisher, "foaf:name", Literal(PUBLISHER))
        self._say(publisher, "foaf:homepage", REPOSITORY)
        self._say(publisher, "dcterms:type", "http://purl.org/adms/publishertype/PrivateIndividual(s)")
        self._say(REPOSITORY, "rdf:type", "foaf:Document")
        self._say(contact, "rdf:type", "vcard:Kind", "vcard:Group")
        self._say(contact, "vcard:fn", Literal(PUBLISHER))
        self._say(contact, "vcard:hasURL", f"{REPOSITORY}/issues")

    def _rights(self) -> None:
        rights = f"{CATALOG}#rights"
        self._say(rights, "rdf:type", "dcterms:RightsStatement")
        self._both(rights, "rdfs:label", self.of.rights)
        self._say(self.licence, "dcterms:type", "http://purl.org/adms/licencetype/Attribution")
        self._say(self.licence, "skos:exactMatch", self.of.licence)
        self._both(self.licence, "dcterms:title", _LICENCE)  # CKAN knows licences by their titles

    def _terms(self) -> list[Triple]:
        """The terms of others that are named, and the lists that they are of; and where the places lie."""
        found: dict[Triple, None] = {}
        waiting = {triple.object.value for triple in self.said if isinstance(triple.object, NamedNode)}
        while waiting:
            more = [triple for iri in sorted(waiting) for triple in authorities.described(iri)]
            more = [triple for triple in more if triple not in found]
            found |= dict.fromkeys(more)
            waiting = {triple.object.value for triple in more if isinstance(triple.object, NamedNode)}
        for iri in self.knowledge.iris(DATA_SET, "dcterms:spatial"):
            city, (west, south, east, north) = PLACES[iri.removeprefix(AUTHORITY)]
            ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
            box = f"POLYGON(({', '.join(' '.join(point) for point in ring)}))"
            found[Triple(NamedNode(iri), NamedNode(full("dcat:bbox")), _wkt(box))] = None
            credit = Literal("The bounding box: © OpenStreetMap contributors, ODbL 1.0", language="en")
            found[Triple(NamedNode(iri), NamedNode(full("rdfs:comment")), credit)] = None
            source = NamedNode("https://www.openstreetmap.org/copyright")
            found[Triple(NamedNode(iri), NamedNode(full("rdfs:seeAlso")), source)] = None
            at = (self.knowledge.text(full(city), name) for name in ("geo:long", "geo:lat"))
            centroid = f"POINT({' '.join(str(one) for one in at)})"
            found[Triple(NamedNode(iri), NamedNode(full("dcat:centroid")), _wkt(centroid))] = None
        return list(found)

    def _common(self, node: str) -> None:
        """What the data set and its catalogue share."""
        self._say(node, "dcterms:publisher", f"{CATALOG}#publisher")
        self._say(node, "dcterms:license", self.licence)
        self._dates(node)
        self._languages(node)

    def _dates(self, node: str) -> None:
        """When it first appeared, and when it changed last: with the release."""
        first = self.knowledge.objects(DATA_SET, "dcterms:available")
        self._say(node, "dcterms:issued", *(one for one in first if isinstance(one, Literal)))
        self._say(node, "dcterms:modified", _typed(self.of.issued, "date"))

    def _languages(self, node: str) -> None:
        self._say(node, "dcterms:language", f"{AUTHORITY}language/ENG", f"{AUTHORITY}language/NLD")

    def _page(self, node: str, name: str) -> None:
        self._say(node, name, self.address)
        self._say(self.address, "rdf:type", "foaf:Document")

    def _copy(self, name: str, node: str = DATA_SET) -> None:
        """What the data set says of itself, said of it or of another node."""
        values = self.knowledge.objects(DATA_SET, name)
        self._say(node, name, *(value for value in values if not isinstance(value, BlankNode)))

    def _both(self, node: str, name: str, texts: Both) -> None:
        self._say(node, name, *(Literal(text, language=tag) for text, tag in zip(texts, ("en", "nl"), strict=True)))

    def _say(self, node: str, name: str, *values: str | NamedNode | Literal) -> None:
        """Say something of a node. A text is an IRI, which may be written with a prefix."""
        for value in values:
            term = NamedNode(full(value)) if isinstance(value, str) else value
            self.said[Triple(NamedNode(node), NamedNode(full(name)), term)] = None


def _node(one: Distribution) -> str:
    return f"{CATALOG}#{one.path.replace('/', '-').replace('.', '-')}"


def _listed(names: list[Both], language: int) -> str:
    return ", ".join(name[language] for name in names)


def _typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def _wkt(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(_WKT))
