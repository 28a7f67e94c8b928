"""The files in which people can have the data set, with what catalogues say of them."""

from __future__ import annotations

from dataclasses import dataclass

from ...rdf.namespaces import ONTOLOGY
from ...text import Both

FEED = "feed.ttl"
_CSVW, _GEOJSON = "http://www.w3.org/ns/csvw", "https://tools.ietf.org/html/rfc7946"
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


@dataclass(frozen=True)
class Distribution:
    """A file in which people can have the data set, and the standard that it follows."""

    path: str
    title: Both
    description: Both
    standard: str | None = ONTOLOGY
    texts: bool = True  # whether there are texts in it, which have a language


SAMPLE = Distribution(
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
    Distribution("partnerships.csv", ("Partnerships as CSV", "Partnerschappen als CSV"), _TABLE, _CSVW),
    Distribution("cities.csv", ("Cities as CSV", "Steden als CSV"), _TABLE, _CSVW),
    Distribution("agreements.csv", ("Agreements as CSV", "Overeenkomsten als CSV"), _TABLE, _CSVW),
    Distribution("partnerships.geojson", ("Partnerships as GeoJSON", "Partnerschappen als GeoJSON"), _MAP, _GEOJSON),
    Distribution("cities.geojson", ("Cities as GeoJSON", "Steden als GeoJSON"), _MAP, _GEOJSON),
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
        FEED,
        ("The changes as a Linked Data Event Stream", "De wijzigingen als Linked Data Event Stream"),
        (
            "What each release added, changed and retired: who follows it has the whole graph.",
            "Wat elke release heeft toegevoegd, gewijzigd en geschrapt: wie ze volgt, heeft de hele graaf.",
        ),
        "https://w3id.org/ldes/specification",
    ),
)
DUMPS = tuple(one.path for one in DISTRIBUTIONS if one.standard == ONTOLOGY)  # each is the whole graph
LISTED = {one.path for one in (*DISTRIBUTIONS, SAMPLE)}
