"""The IRIs of the vocabulary that comes with the package, and the prefixes that everybody knows."""

BASE = "https://w3id.org/ghent-partnerships/"
ID = BASE + "id/"
ONTOLOGY = BASE + "ontology"
GP = ONTOLOGY + "#"

TYPES = (  # of resources, each with a prefix of its name in a project about a city
    "activity",
    "agreement",
    "candidate",
    "city",
    "concept",
    "country",
    "dataset",
    "fragment",
    "group",
    "inference",
    "outcome",
    "partnership",
    "period",
    "query",
    "rule",
    "scheme",
    "shape",
    "source",
)

VOCABULARY_TYPES = ("concept", "rule", "scheme", "shape")  # those of resources that come with the package
PREFIXES = {
    **{name: f"{ID}{name}/" for name in VOCABULARY_TYPES},
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dbo": "http://dbpedia.org/ontology/",
    "dcterms": "http://purl.org/dc/terms/",
    "doco": "http://purl.org/spar/doco/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "gp": GP,
    "ldes": "https://w3id.org/ldes#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "tree": "https://w3id.org/tree#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def expand(name: str) -> str:
    """The IRI of a name with a prefix of ``PREFIXES``, like ``gp:City``; an IRI is returned as it is."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def canonical_prefixes(declared: dict[str, str]) -> dict[str, str]:
    """The known prefixes (name to namespace), and those that a file declares for other namespaces: a city of another
    base calls its own as others call theirs."""
    known = set(PREFIXES.values())
    others = {name: iri for name, iri in declared.items() if iri not in known}
    return {**{name: iri for name, iri in PREFIXES.items() if name not in others}, **others}
