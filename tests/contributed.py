"""A partnership that somebody adds, as CONTRIBUTING.md has it: a document with its sentences, a new file, a country."""

from pathlib import Path

SENTENCE = "In 2024 the City of Ghent concluded an agreement on cooperation with Aarhus (Denmark)."
_FRAGMENT = """
fragment:n1
    a oa:TextQuoteSelector ;
    dcterms:isPartOf source:harbour-gazette ;
    oa:exact "%s"@en ;
    rdfs:label "N1: sentence 1"@en ;
    rdfs:label "N1: zin 1"@nl ;
    schema:position 1 ;
.
"""
_SOURCE = """
source:harbour-gazette
    a schema:CreativeWork ;
    dcterms:language "en" ;
    dcterms:source source:harbour-gazette ;
    dcterms:title "The Harbour Gazette"@en ;
    gp:notStated dcterms:date ;
    gp:notStated dcterms:license ;
    gp:supplies dcterms:language ;
    gp:supplies dcterms:title ;
    gp:supplies schema:url ;
    rdfs:label "De havengazet"@nl ;
    rdfs:label "The Harbour Gazette"@en ;
    schema:about city:ghent ;
    schema:url "https://gazette.example.org/2024/aarhus"^^xsd:anyURI ;
.
"""
_COUNTRY = """
country:denmark
    a schema:Country ;
    dcterms:source source:cldr ;
    dcterms:source source:country-coder ;
    dcterms:source source:geonames ;
    dcterms:source source:iso-3166 ;
    owl:sameAs wd:Q35 ;
    rdfs:label "Danemark"@fr ;
    rdfs:label "Danmark"@da ;
    rdfs:label "Denemarken"@nl ;
    rdfs:label "Denmark"@en ;
    rdfs:label "Dänemark"@de ;
    schema:identifier "DK" ;
    schema:identifier "DNK" ;
    schema:sameAs <https://sws.geonames.org/2623032/> ;
    schema:sameAs wd:Q35 ;
.
"""
_PERIOD = "    dcterms:hasPart partnership:ghent-burgas ;\n"
_RENAMED = {
    "burgas": "aarhus",
    "bulgaria": "denmark",
    "Q6509": "Q25319",
    "732770": "2624652",
    "42.50651": "56.15674",
    "27.46886": "10.21076",
    "2009": "2024",
    '"Bourgas"@fr': '"Aarhus"@fr',
    '"Бургас"@bg': '"Aarhus"@da',
    "Burgas": "Aarhus",
    "fragment:b8": "fragment:n1",
    "    dcterms:source fragment:s11 ;\n    dcterms:source fragment:s12 ;\n": "",
    "    dcterms:source source:wikidata-links-2016 ;\n": "",
}


def add(home: Path) -> Path:
    """Add the partnership to a copy of the repository, and return its file."""
    data = home / "data"
    for name, added in (("sources", _FRAGMENT % SENTENCE + _SOURCE), ("countries", _COUNTRY)):
        with (data / f"{name}.ttl").open("a", encoding="utf-8") as file:
            file.write(added)
    policy = data / "policy.ttl"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace(_PERIOD, f"{_PERIOD.replace('burgas', 'aarhus')}{_PERIOD}"), encoding="utf-8")
    text = (data / "partners" / "burgas.ttl").read_text(encoding="utf-8")
    for was, now in _RENAMED.items():
        text = text.replace(was, now)
    (data / "partners" / "aarhus.ttl").write_text(text, encoding="utf-8")
    return data / "partners" / "aarhus.ttl"
