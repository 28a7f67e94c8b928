"""The IRIs of Wikidata, as its RDF has them.

Source: https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format
"""

from __future__ import annotations

import re

from ..rdf.namespaces import PREFIXES as VOCABULARIES

_PROPERTIES = "http://www.wikidata.org/prop/"
_KNOWN = ("dcat", "dcterms", "geosparql", "owl", "prov", "rdf", "rdfs", "schema", "skos", "wd", "wdt", "xsd")
PREFIXES = {
    **{name: VOCABULARIES[name] for name in _KNOWN},
    "p": _PROPERTIES,
    "pq": f"{_PROPERTIES}qualifier/",
    "pqv": f"{_PROPERTIES}qualifier/value/",
    "pr": f"{_PROPERTIES}reference/",
    "ps": f"{_PROPERTIES}statement/",
    "wdref": "http://www.wikidata.org/reference/",
    "wds": "http://www.wikidata.org/entity/statement/",
    "wdv": "http://www.wikidata.org/value/",
    "wikibase": "http://wikiba.se/ontology#",
}
TWINNED, START, END, MOMENT = "P190", "P580", "P582", "P585"
URL, RETRIEVED, STATED_IN = "P854", "P813", "P248"
TYPE, COUNTRY, PLACE, GEONAMES, MAYOR, IMAGE, POPULATION = "P31", "P17", "P625", "P1566", "P6", "P18", "P1082"
SETTLEMENTS = ("Q486972", "Q56061")  # human settlement, administrative territorial entity
COUNTRIES = ("Q6256", "Q3624078", "Q56061")  # country, sovereign state
UNKNOWN = "http://www.wikidata.org/.well-known/genid/"  # what the IRI of a value begins with that nobody knows
MULTILINGUAL = "mul"  # https://www.wikidata.org/wiki/Help:Default_values_for_labels_and_aliases
SNAPSHOT = "wikidata"  # the last part of the IRI of a snapshot, as of the data set that it is
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"  # https://www.wikidata.org/wiki/Wikidata:Licensing
_ITEM = re.compile(r"Q[1-9][0-9]*")


def iri(name: str) -> str:
    """The IRI of a name with a prefix, like ``ps:P190``."""
    prefix, _colon, local = name.partition(":")
    return PREFIXES[prefix] + local


def item(entity: str) -> str:
    """The number of an item, like ``Q1296``, by its IRI; empty where the IRI is of none."""
    number = entity.removeprefix(PREFIXES["wd"])
    return number if number != entity and _ITEM.fullmatch(number) else ""
