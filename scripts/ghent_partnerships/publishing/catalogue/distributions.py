"""The files in which people can have the data set, with what catalogues say of them."""

from __future__ import annotations

from dataclasses import dataclass

from ...rdf.namespaces import ONTOLOGY
from ...text import Text
from ...translation import message as _

FEED = "feed.ttl"
REIFIED = "-reified.trig"  # behind the name of the whole graph
_CSVW, _GEOJSON = "http://www.w3.org/ns/csvw", "https://tools.ietf.org/html/rfc7946"
_WHOLE = _("The whole graph, every statement with what it rests on.")
_DIVIDED = _("The whole graph in four named graphs: ontology, data, sources and links.")
_REIFYING = _("The whole graph in RDF 1.2: each statement that rests on something has a reifier that names it.")
_PLAIN = _("The whole graph.")
_MAP = _("A map, with names in each language of the data set.")
_TABLE = _("A table, with names in each language of the data set and the sentence that each row rests on.")


@dataclass(frozen=True)
class Distribution:
    """A file in which people can have the data set, and the standard that it follows."""

    path: str
    title: Text
    description: Text
    standard: str | None = ONTOLOGY
    texts: bool = True  # whether there are texts in it, which have a language


_FORMS = (  # of the whole graph
    ("ttl", _("The graph as Turtle"), _WHOLE),
    ("nt", _("The graph as N-Triples"), _WHOLE),
    ("jsonld", _("The graph as JSON-LD"), _WHOLE),
    ("rdf", _("The graph as RDF/XML"), _WHOLE),
    ("trig", _("The named graphs as TriG"), _DIVIDED),
    ("nq", _("The named graphs as N-Quads"), _DIVIDED),
)
_DERIVED = (
    Distribution("partnerships.csv", _("Partnerships as CSV"), _TABLE, _CSVW),
    Distribution("cities.csv", _("Cities as CSV"), _TABLE, _CSVW),
    Distribution("agreements.csv", _("Agreements as CSV"), _TABLE, _CSVW),
    Distribution("partnerships.geojson", _("Partnerships as GeoJSON"), _MAP, _GEOJSON),
    Distribution("cities.geojson", _("Cities as GeoJSON"), _MAP, _GEOJSON),
    Distribution(
        "flat.ttl",
        _("Bare links between cities as Turtle"),
        _("Twin towns in the terms of Wikidata and DBpedia, without years."),
        None,
        texts=False,
    ),
    Distribution(
        "org.ttl",
        _("Partnerships as organisations, as Turtle"),
        _("The partnerships in the terms of the W3C and of OSLO for organisations."),
        "https://www.w3.org/TR/vocab-org/",
    ),
    Distribution(
        "schema.jsonld",
        _("The graph in the terms of schema.org, as JSON-LD"),
        _("What search engines read."),
        "https://schema.org/",
    ),
    Distribution(
        FEED,
        _("The changes as a Linked Data Event Stream"),
        _("What each release added, changed and retired: who follows it has the whole graph."),
        "https://w3id.org/ldes/specification",
    ),
)


def distributions(whole: str, *, plain: bool = False) -> tuple[Distribution, ...]:
    """The files in which people can have the data set, those of the whole graph first, which are called ``whole``; of
    a plain project only these, as it has no named graphs, tables and maps."""
    if plain:
        return tuple(
            Distribution(f"{whole}.{form}", title, _PLAIN, None) for form, title, about in _FORMS if about is _WHOLE
        )
    with_sources = Distribution(f"{whole}{REIFIED}", _("The statements with what they rest on, as TriG"), _REIFYING)
    return (*(Distribution(f"{whole}.{form}", title, about) for form, title, about in _FORMS), with_sources, *_DERIVED)


def dumps(whole: str) -> tuple[str, ...]:
    """The files of the whole graph."""
    return tuple(f"{whole}.{form}" for form, *_about in _FORMS)


def sample(path: str, label: Text) -> Distribution:
    """The document of a resource, as a sample of the data set; ``path`` is without an ending."""
    return Distribution(
        f"{path}.ttl",
        _("The document of {resource}, as a sample", resource=label),
        _("What the graph says of one city.") if path.startswith("doc/city/") else _("What the graph says of it."),
    )
