"""The terms of others that the catalogue uses, typed and named: portals want them in the file, and fetch nothing.

Those of the EU are of the authority tables at http://publications.europa.eu/resource/authority/.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Triple

from ...rdf.build import say
from ...text import Both

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_TABLES: dict[str, tuple[Both, str | None]] = {  # the name of each table, and the class of its terms beside a concept
    "access-right": (("Access right", "Toegangsrecht"), "dcterms:RightsStatement"),
    "data-theme": (("Data theme", "Datathema"), None),
    "file-type": (("File type", "Bestandstype"), "dcterms:MediaTypeOrExtent"),
    "frequency": (("Frequency", "Frequentie"), "dcterms:Frequency"),
    "language": (("Language", "Taal"), "dcterms:LinguisticSystem"),
    "licence": (("Licence", "Licentie"), "dcterms:LicenseDocument"),
    "place": (("Place", "Plaats"), "dcterms:Location"),
    "planned-availability": (("Planned availability", "Geplande beschikbaarheid"), None),
}
_TERMS: dict[str, Both] = {
    "access-right/PUBLIC": ("public", "openbaar"),
    "data-theme/INTR": ("International issues", "Internationale vraagstukken"),
    "data-theme/REGI": ("Regions and cities", "Regio's en steden"),
    "file-type/CSV": ("CSV", "CSV"),
    "file-type/GEOJSON": ("GeoJSON", "GeoJSON"),
    "file-type/JSON_LD": ("JSON-LD", "JSON-LD"),
    "file-type/RDF_N_QUADS": ("RDF N-Quads", "RDF N-Quads"),
    "file-type/RDF_N_TRIPLES": ("RDF N-Triples", "RDF N-Triples"),
    "file-type/RDF_TRIG": ("RDF TriG", "RDF TriG"),
    "file-type/RDF_TURTLE": ("RDF Turtle", "RDF Turtle"),
    "file-type/RDF_XML": ("RDF/XML", "RDF/XML"),
    "frequency/IRREG": ("irregular", "onregelmatig"),
    "language/ENG": ("English", "Engels"),
    "language/NLD": ("Dutch", "Nederlands"),
    "licence/CC_BY_4_0": (
        "Creative Commons Attribution 4.0 International",
        "Creative Commons Naamsvermelding 4.0 Internationaal",
    ),
    "place/BEL_GNE": ("Ghent", "Gent"),
    "planned-availability/STABLE": ("stable", "stabiel"),
}
PLACES = {  # our name of a place, and where it ends in the west, south, east and north
    "place/BEL_GNE": ("city:ghent", ("3.579762", "50.979542", "3.849325", "51.188886")),  # OpenStreetMap's municipality
}
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "licence/CC_BY_4_0"}
_ADMS: dict[str, tuple[Both, str]] = {  # by IRI: the name, and the list that it is of
    "http://purl.org/adms/changetype/created": (("created", "nieuw"), "http://purl.org/adms/changetype/1.0"),
    "http://purl.org/adms/changetype/updated": (("updated", "gewijzigd"), "http://purl.org/adms/changetype/1.0"),
    "http://purl.org/adms/licencetype/Attribution": (
        ("Attribution", "Naamsvermelding"),
        "http://purl.org/adms/licencetype/1.0",
    ),
    "http://purl.org/adms/publishertype/PrivateIndividual(s)": (
        ("Private individual(s)", "Particulier(en)"),
        "http://purl.org/adms/publishertype/1.0",
    ),
}
_LISTS: dict[str, Both] = {
    "http://purl.org/adms/changetype/1.0": ("ADMS change type", "ADMS-type wijziging"),
    "http://purl.org/adms/licencetype/1.0": ("ADMS licence type", "ADMS-type licentie"),
    "http://purl.org/adms/publishertype/1.0": ("ADMS publisher type", "ADMS-type uitgever"),
    **{AUTHORITY + table: name for table, (name, _) in _TABLES.items()},
}


def described(iri: str) -> Iterator[Triple]:
    """What the term is, and what it is called; nothing of a term that is not known."""
    term = iri.removeprefix(AUTHORITY)
    if iri.startswith(MEDIA_TYPES):
        yield from say(iri, "rdf:type", "dcterms:MediaType")
        yield from say(iri, "skos:prefLabel", Literal(iri.removeprefix(MEDIA_TYPES)))
    elif iri in _LISTS:
        yield from say(iri, "rdf:type", "skos:ConceptScheme")
        yield from say(iri, "dcterms:title", _LISTS[iri])
    elif iri in _ADMS:
        yield from _concept(iri, *_ADMS[iri])
    elif term in _TERMS:
        table = term.partition("/")[0]
        yield from _concept(iri, _TERMS[term], AUTHORITY + table)
        if (class_ := _TABLES[table][1]) is not None:
            yield from say(iri, "rdf:type", class_)


def _concept(iri: str, names: Both, of: str) -> Iterator[Triple]:
    yield from say(iri, "rdf:type", "skos:Concept")
    yield from say(iri, "skos:inScheme", of)
    yield from say(iri, "skos:prefLabel", names)
