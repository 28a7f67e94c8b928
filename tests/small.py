"""A small plain project in a folder, whose graph has what stores write otherwise: numbers, a boolean, a geometry."""

from pathlib import Path

DATA_SET = "https://example.org/s/set"
_TABLE = '[tool.ghent-partnerships]\nstem = "small"\n'
_DATA = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ex: <https://example.org/s/>
PREFIX geosparql: <http://www.opengis.net/ont/geosparql#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

ex:set a dcat:Dataset ; dcterms:title "A small set"@en , "Een kleine set"@nl ; dcterms:language "en" , "nl" ;
    void:uriSpace "https://example.org/s/" ; dcat:version "1.0.0" ; dcterms:issued "2026-01-01"^^xsd:date .
ex:scheme a skos:ConceptScheme ; skos:prefLabel "Kinds"@en .
ex:kind a skos:Concept ; skos:inScheme ex:scheme ; skos:topConceptOf ex:scheme ; skos:prefLabel "Kind"@en .
ex:other a skos:Concept ; skos:inScheme ex:scheme ; skos:prefLabel "Another"@en .
ex:place ex:size 01 , 2.50 , 1e3 ; ex:open true ; ex:shut "0"^^xsd:boolean ;
    ex:name "caf\\u00E9 \\U0001F600\\n\\t\\"\\\\"@en-GB ;
    ex:begun "1971"^^xsd:gYear ; ex:at "POINT (3.50 51.0)"^^geosparql:wktLiteral ; ex:kind ex:kind .
"""


def project(folder: Path, data: str = "") -> Path:
    """Write the project, with further statements, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(_TABLE, encoding="utf-8")
    (folder / "data" / "dataset.ttl").write_text(_DATA + data, encoding="utf-8")
    return folder
