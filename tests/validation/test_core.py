"""What the specification has shapes find, where others deviate from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.engines import core
from ghent_partnerships.validation.results import Result, shown
from ghent_partnerships.validation.shapes import Shapes

HEAD = """PREFIX ex: <http://example.org/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
Row = tuple[str, str, str, str]


def results(shapes: str, data: str) -> list[Result]:
    graphs = [parse(Path("graph.ttl"), (HEAD + text).encode()).triples for text in (shapes, data)]
    verdict = core.verdict(graphs[1], Shapes(graphs[0]))
    assert [str(error.message) for error in verdict.ill_formed] == []
    return [*verdict.results]


def short(text: str) -> str:
    return text.replace("http://example.org/", "").replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:")


def rows(shapes: str, data: str) -> list[Row]:
    """The focus node, path, value and component of each result, sorted."""
    return sorted(
        (
            short(shown(result.focus)),
            short(result.path),
            short(shown(result.value)),
            result.component.rpartition("#")[2].removesuffix("ConstraintComponent"),
        )
        for result in results(shapes, data)
    )


@pytest.mark.parametrize("more", ["", 'ex:z ex:note "x y"^^ex:markdown .', "ex:z ex:p [ ex:d 1 ] ."])
@pytest.mark.parametrize("more_shapes", ["", "ex:U a sh:PropertyShape ; sh:path ex:p ; sh:lessThan ex:q ."])
def test_an_ill_typed_literal_is_found_whatever_stands_beside_it(more: str, more_shapes: str) -> None:
    shapes = "ex:S sh:targetSubjectsOf ex:d ; sh:property [ sh:path ex:d ; sh:datatype xsd:dateTime ] . "
    data = 'ex:a ex:d "2015-08-05"^^xsd:dateTime, "2015-08-05T24:00:00"^^xsd:dateTime . '
    found = [row for row in rows(shapes + more_shapes, data + more) if row[0] == "<a>"]
    assert found == [("<a>", "<d>", '"2015-08-05"^^xsd:dateTime', "Datatype")]


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:Kind rdfs:subClassOf rdfs:Class, sh:NodeShape . ex:C a ex:Kind ; %s .",
        "ex:Kind rdfs:subClassOf ex:Above . ex:Above rdfs:subClassOf rdfs:Class . ex:C a ex:Kind, sh:NodeShape ; %s .",
        "ex:C a rdfs:Class ; %s .",
        "ex:C a rdfs:Class, sh:NodeShape ; %s .",
    ],
)
def test_a_shape_that_is_a_class_is_about_its_instances(shapes: str) -> None:
    shapes %= "sh:property [ sh:path ex:p ; sh:minCount 2 ]"
    data = "ex:x a ex:C ; ex:p 1 . ex:y a ex:D . ex:D rdfs:subClassOf ex:C . ex:z a ex:E ."
    assert rows(shapes, data) == [("<x>", "<p>", "", "MinCount"), ("<y>", "<p>", "", "MinCount")]


def test_a_property_shape_that_is_a_class_is_about_its_instances() -> None:
    shapes = "ex:C a rdfs:Class, sh:PropertyShape ; sh:path ex:p ; sh:minCount 2 ."
    assert rows(shapes, "ex:x a ex:C ; ex:p 1 .") == [("<x>", "<p>", "", "MinCount")]


def test_a_closed_property_shape_is_about_its_values() -> None:
    shapes = """ex:S sh:path ex:p ; sh:targetNode ex:a ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
      sh:property [ sh:path ex:q ] ."""
    data = "ex:a ex:p ex:b, 1 ; ex:r 2 . ex:b a ex:T ; ex:q 3 ; ex:r 4 ."
    assert rows(shapes, data) == [("<a>", "<r>", "4", "Closed")]
    (result,) = results(shapes, data)
    assert shown(result.subject) == "<http://example.org/b>"


@pytest.mark.parametrize(
    ("shape", "data", "values"),
    [
        ("sh:class ex:A, ex:B", "ex:a ex:p ex:b .", ["<b>", "<b>"]),
        ("sh:class ex:A", "ex:a ex:p ex:b, 1 . ex:b a ex:B . ex:B rdfs:subClassOf ex:A .", ["1"]),
        ("sh:lessThan ex:q", "ex:a ex:p 1, 3 ; ex:q 2, 1 .", ["1", "3", "3"]),
        ("sh:lessThan ex:q", "ex:a ex:p 1 ; ex:q 'x', ex:x .", ["1", "1"]),
        ("sh:lessThanOrEquals ex:q", "ex:a ex:p 1 ; ex:q 1.0, '1'^^xsd:byte, 0 .", ["1"]),
        ("sh:uniqueLang true", "ex:a ex:p 'a'@en, 'b'@EN, 'c'@nl, 'd'@nl, 'e' .", ["", ""]),
        ("sh:equals ex:q", "ex:a ex:p 1, 2 ; ex:q 2, 3 .", ["1", "3"]),
        ("sh:disjoint ex:q", "ex:a ex:p 1, 2 ; ex:q 2, 3 .", ["2"]),
        (
            "sh:maxInclusive 3",
            "ex:a ex:p true, 3, 3.5, '2024'^^xsd:gYear, ex:x .",
            ["<x>", *('"2024"^^xsd:gYear', "3.5", "true")],
        ),
        ("sh:minLength 0", "ex:a ex:p [], 'x', ex:b .", ["[]"]),
        ("sh:maxLength 1", "ex:a ex:p 'x', 'xy', 10 .", ['"xy"', "10"]),
        ("sh:pattern '.'", "ex:a ex:p [], '', 'x', ex:b .", ['""', "[]"]),
        ("sh:languageIn ( 'en' '*-x' )", "ex:a ex:p 'a'@en-GB, 'b'@eng, 'c' .", ['"b"@eng', '"c"']),
        ("sh:in ( 1 )", "ex:a ex:p 1, 01, 1.0 .", ["01", "1.0"]),
        ("sh:hasValue 1", "ex:a ex:p 01 .", [""]),
        ("sh:minCount '99999999999999999999999999'^^xsd:integer", "ex:a ex:p 1 .", [""]),
        ("sh:maxCount " + "9" * 5_000, "ex:a ex:p 1 .", []),
        ("sh:not [ sh:nodeKind sh:Literal ]", "ex:a ex:p 1, ex:b .", ["1"]),
        ("sh:node [ sh:nodeKind sh:IRI ; sh:deactivated true ]", "ex:a ex:p 1 .", []),
        ("sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:A ] )", "ex:a ex:p ex:b, ex:c . ex:b a ex:A .", ["<b>"]),
    ],
)
def test_each_violation_is_a_result(shape: str, data: str, values: list[str]) -> None:
    found = rows(f"ex:S sh:targetNode ex:a ; sh:path ex:p ; {shape} .", data)
    assert [value for _, _, value, _ in found] == sorted(values)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("ex:p", ["<b>"]),
        ("[ sh:inversePath ex:p ]", ["<c>"]),
        ("( ex:p ex:p )", ["<c>"]),
        ("[ sh:zeroOrMorePath ex:p ]", ["<a>", "<b>", "<c>"]),
        ("[ sh:oneOrMorePath ex:p ]", ["<a>", "<b>", "<c>"]),
        ("[ sh:zeroOrOnePath ex:p ]", ["<a>", "<b>"]),
        ("[ sh:alternativePath ( ex:p ex:q ) ]", ["1", "<b>"]),
        ("[ sh:inversePath ( ex:p [ sh:inversePath ex:q ] ) ]", []),
        ("[ sh:inversePath [ sh:oneOrMorePath ex:p ] ]", ["<a>", "<b>", "<c>"]),
        ("( [ sh:zeroOrOnePath ex:p ] ex:q )", ["1"]),
    ],
)
def test_a_path_leads_to_each_value_once(path: str, values: list[str]) -> None:
    data = "ex:a ex:p ex:b ; ex:q 1 . ex:b ex:p ex:c . ex:c ex:p ex:a ."  # a circle
    found = rows(f"ex:S sh:targetNode ex:a ; sh:path {path} ; sh:maxLength 0 .", data)
    assert [value for _, _, value, _ in found] == sorted(values)


def test_qualified_shapes_that_are_disjoint_leave_out_the_values_of_their_siblings() -> None:
    shapes = """ex:S sh:targetNode ex:a ; sh:property ex:P, ex:Q .
    ex:P sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:A ] ; sh:qualifiedMinCount 2 ; %s .
    ex:Q sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:B ] ; sh:qualifiedMinCount 1 ."""
    data = "ex:a ex:p ex:b, ex:c . ex:b a ex:A, ex:B . ex:c a ex:A ."
    assert rows(shapes % "sh:qualifiedValueShapesDisjoint false", data) == []
    found = rows(shapes % "sh:qualifiedValueShapesDisjoint true", data)
    assert found == [("<a>", "<p>", "", "QualifiedMinCount")]


def test_what_several_nodes_lead_to_is_found_for_each() -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:property ex:Inner ] .
    ex:Inner sh:path ex:q ; sh:minCount 1 ."""
    data = "ex:a ex:p ex:c . ex:b ex:p ex:c ."
    assert rows(shapes, data) == [("<c>", "<q>", "", "MinCount")] * 2


def test_details_are_those_of_the_shapes_inside() -> None:
    shapes = "ex:S sh:targetNode ex:a ; sh:node [ sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxLength 3 ] ] ."
    (result,) = results(shapes, "ex:a ex:q 1 .")
    assert [(shown(detail.focus), short(detail.path)) for detail in result.details] == [
        ("<http://example.org/a>", "<p>")
    ]


def test_shapes_that_share_others_in_thirty_levels_are_evaluated_once_each() -> None:
    levels = "".join(f"ex:s{level} sh:and ( ex:s{level + 1} [ sh:node ex:s{level + 1} ] ) .\n" for level in range(30))
    shapes = f"ex:S sh:targetNode ex:a ; sh:node ex:s0 .\n{levels} ex:s30 sh:nodeKind sh:Literal ."
    (result,) = results(shapes, "ex:a ex:q 1 .")
    assert len(result.details) == 1
