"""Constraints of SHACL with what conforms to them and what does not, and values that stores compare, count and write in
ways of their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pyoxigraph import BlankNode, Triple

from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.results import Result, Verdict

HEAD = """PREFIX ex: <http://example.org/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
Keys = Counter[tuple[str, ...]]
CONSTRAINTS = [  # of the values of a property, of which Oxigraph is sure: with what conforms, and with what does not
    ("sh:class ex:A", "ex:x", "ex:b"),
    ("sh:class ex:Above", "ex:x", "ex:b"),
    ("sh:datatype xsd:integer", "1, -20", "1.5"),
    ("sh:datatype xsd:integer", "1", "'x'^^xsd:integer"),
    ("sh:datatype xsd:date", "'2024-02-28'^^xsd:date, '2023-12-31'^^xsd:date", "'2023-02-29'^^xsd:date"),
    ("sh:datatype xsd:gYear", "'1982'^^xsd:gYear", "'82'^^xsd:gYear"),
    ("sh:datatype xsd:string", "'x', 'é\\n'", "'x'@en"),
    ("sh:datatype rdf:langString", "'x'@en", "'x'"),
    ("sh:datatype ex:dt", "'x'^^ex:dt", "'x'^^ex:other"),
    ("sh:nodeKind sh:IRI", "ex:b", "1"),
    ("sh:nodeKind sh:BlankNodeOrLiteral", "1, []", "ex:b"),
    ("sh:minCount 1", "1", ""),
    ("sh:minCount 3", "1, 1.0, '1'", "'x', 'x'@en"),
    ("sh:maxCount 1", "'x'@en", "1, 1.0"),
    ("sh:maxCount 2", "1, ex:b", "'x'@en, 'x'@nl, 'x'"),
    ("sh:maxCount 0", "", "ex:b"),
    ("sh:minInclusive 3", "3, 3.5, 200", "2.9"),
    ("sh:maxExclusive 3", "2.99, -5", "3.0"),
    ("sh:minInclusive '1950'^^xsd:gYear", "'1950'^^xsd:gYear", "'1949'^^xsd:gYear"),
    ("sh:maxInclusive '1950-01-01'^^xsd:date", "'1949-12-31'^^xsd:date", "'1950-01-02'^^xsd:date"),
    ("sh:minLength 2", "'12345678'", "'x'"),
    ("sh:maxLength 2", "'x', 'xy', 10", "'xyz'"),
    ("sh:pattern '^Q[1-9][0-9]*$'", "'Q1', 'Q20'", "'Q01'"),
    ("sh:pattern '^http://example\\\\.org/[a-z]+$'", "ex:b", "'http://exampleXorg/b'"),
    ("sh:pattern '^q' ; sh:flags 'i'", "'q', 'Q'", "'x'"),
    ("sh:languageIn ( 'en' 'nl' )", "'x'@en, 'x'@nl-BE", "'x'@de"),
    ("sh:uniqueLang true", "'x'@en, 'y'@nl, 'z', 'w'", "'x'@en, 'y'@EN"),
    ("sh:in ( 1 ex:b 'x'@en )", "1, ex:b, 'x'@en", "'x'"),
    ("sh:hasValue ex:b", "1, ex:b", "1"),
    ("sh:hasValue 1", "1", "1.0"),
    ("sh:equals ex:q", "ex:b, ex:x ; ex:q ex:x, ex:b", "ex:b ; ex:q ex:b, ex:x"),
    ("sh:disjoint ex:q", "1 ; ex:q 2", "1, ex:b ; ex:q ex:b"),
    ("sh:lessThan ex:q", "1, 6.9 ; ex:q 7", "7 ; ex:q 7"),
    ("sh:lessThanOrEquals ex:q", "'1999'^^xsd:gYear ; ex:q '2000'^^xsd:gYear", "8 ; ex:q '8'"),
    ("sh:node [ sh:class ex:A ]", "ex:x", "ex:b"),
    ("sh:node [ sh:property [ sh:path ex:r ; sh:minCount 1 ; sh:maxCount 1 ] ]", "ex:x", "ex:b"),
    ("sh:property [ sh:path ex:r ; sh:datatype xsd:integer ; sh:minCount 1 ]", "ex:x", "ex:b"),
    ("sh:not [ sh:class ex:A ]", "ex:b, 1", "ex:x"),
    ("sh:not [ sh:not [ sh:class ex:A ] ]", "ex:x", "ex:b"),
    ("sh:and ( [ sh:class ex:A ] [ sh:nodeKind sh:IRI ] )", "ex:x", "1"),
    ("sh:or ( [ sh:class ex:A ] [ sh:datatype xsd:integer ] )", "ex:x, 1", "ex:b"),
    ("sh:xone ( [ sh:class ex:A ] [ sh:nodeKind sh:Literal ] )", "ex:x, 1", "ex:b"),
    ("sh:xone ( [ sh:class ex:A ] [ sh:nodeKind sh:IRI ] )", "ex:b", "ex:x"),
    ("sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedMinCount 1", "ex:x, ex:b", "ex:b"),
    ("sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedMaxCount 0", "ex:b", "ex:x"),
    ("sh:closed true", "ex:c", "ex:x"),
]
AROUND = "ex:x a ex:A ; ex:r 5 . ex:A rdfs:subClassOf ex:Above . ex:y a ex:B ."
VALUES = (
    *(
        "1",
        "'01'^^xsd:integer",
        "'1'",
        "1.0",
        "1e0",
        "-3",
        "0.1",
        "'1'^^xsd:byte",
        "'300'^^xsd:byte",
        "'x'^^xsd:integer",
    ),
    *("true", "'1'^^xsd:boolean", "'INF'^^xsd:double", "99999999999999999999999999", "'12'^^ex:dt", "'x'^^ex:dt"),
    *("'x'", "'x'@en", "'x'@en-GB", "'x'@nl", "'y'@EN", "''", "'é'", "'éé'", "'😀'", "'Q1'", "'q'", "'Q1\\n'", "'xyz'"),
    *("'2024-02-29'^^xsd:date", "'2023-02-29'^^xsd:date", "'1949-12-31'^^xsd:date"),
    *("'2000'^^xsd:gYear", "'1950Z'^^xsd:gYear", "'20000'^^xsd:gYear", "'82'^^xsd:gYear"),
    *("'2000-01-01T00:00:00'^^xsd:dateTime", "'2000-01-01T24:00:00'^^xsd:dateTime"),
    *("ex:x", "ex:y", "ex:b", "ex:A", "[]", "[ a ex:A ; ex:r 5 ]", "'http://example.org/b'", "'x\"y'"),
)
PATHS = (
    *("[ sh:inversePath ex:p ]", "( ex:p ex:r )", "[ sh:alternativePath ( ex:p ex:q ) ]", "[ sh:zeroOrMorePath ex:p ]"),
    *("[ sh:zeroOrOnePath ex:p ]", "[ sh:oneOrMorePath ex:p ]", "[ sh:inversePath ( ex:p ex:r ) ]"),
    "( [ sh:inversePath ex:p ] [ sh:zeroOrMorePath ex:q ] )",
)
TARGETS = (
    *("sh:targetClass ex:T", "sh:targetSubjectsOf ex:p", "sh:targetObjectsOf ex:p"),
    "sh:targetNode ex:n3, 1, 'x'@en, ex:absent",
)


def graph_of_values() -> str:
    """Each value by itself, and beside another, with another to be compared with."""
    lines = [AROUND, "ex:hub a ex:T ; ex:p ex:n1, ex:m2, ex:hub ; ex:r ex:n3 . ex:b ex:q ex:hub . ex:n4 ex:r ex:hub ."]
    for number, value in enumerate(VALUES):
        other, third = VALUES[(number + 1) % len(VALUES)], VALUES[(number + 7) % len(VALUES)]
        lines.append(f"ex:n{number} a ex:T ; ex:p {value} ; ex:q {third} .")
        lines.append(f"ex:m{number} a ex:T ; ex:p {value}, {other} ; ex:q {value} .")
    return "\n".join(lines)


def triples(text: str) -> list[Triple]:
    """The triples of a text of Turtle after ``HEAD``."""
    document = parse(Path("graph.ttl"), (HEAD + text).encode())
    assert document.findings == []
    return [*document.triples]


def keys(verdict: Verdict) -> Keys | None:
    """The results, one blank node like another, or None where the shapes are ill-formed."""
    return None if verdict.ill_formed else Counter(map(key, verdict.results))


def key(result: Result) -> tuple[str, ...]:
    terms = (result.focus, result.value, result.subject, result.shape, result.constraint)
    details = sorted(" ".join(key(detail)) for detail in result.details)
    return (*map(named, terms), result.path, result.component, result.severity, *details)


def named(term: object) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term)
