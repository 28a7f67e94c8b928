"""The report that SHACL defines, in Turtle."""

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat

from ghent_partnerships.findings import Report
from ghent_partnerships.validation.reports import write
from report_samples import ATTACK, EVIL, HOSTILE, NOTHING, REPORT, SH, YEAR, altered


def triples(text: str) -> list[pyoxigraph.Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


def test_the_turtle_is_the_report_of_shacl() -> None:
    assert (
        write(REPORT, "turtle")
        == """PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

[]
    a sh:ValidationReport ;
    sh:conforms false ;
    sh:result [ a sh:ValidationResult ; sh:focusNode <https://example.org/kanazawa> ; \
sh:resultMessage "A start year is one year of four digits."@en ; \
sh:resultMessage "Een beginjaar is één jaar van vier cijfers."@nl ; \
sh:resultPath <https://example.org/startYear> ; sh:resultSeverity sh:Violation ; \
sh:sourceConstraintComponent sh:DatatypeConstraintComponent ; \
sh:sourceShape <https://example.org/start-year> ; sh:value "71"^^xsd:gYear ] ;
    sh:result [ a sh:ValidationResult ; sh:resultMessage "data/melle.ttl:1:1: Unexpected end." ; \
sh:resultSeverity sh:Warning ; sh:sourceConstraintComponent gp:syntax ] ;
.
"""
    )
    assert "sh:conforms true ;" in write(NOTHING, "turtle")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("^<a:b>", "[ sh:inversePath <a:b> ]"),
        ("<a:b>/<a:c>", "( <a:b> <a:c> )"),
        ("(<a:b>|<a:c>)", "[ sh:alternativePath ( <a:b> <a:c> ) ]"),
        ("<a:b>*", "[ sh:zeroOrMorePath <a:b> ]"),
        ("<a:b>+", "[ sh:oneOrMorePath <a:b> ]"),
        ("<a:b>?", "[ sh:zeroOrOnePath <a:b> ]"),
        ("^<a:b>*", "[ sh:inversePath [ sh:zeroOrMorePath <a:b> ] ]"),
        ("(^<a:b>)*", "[ sh:zeroOrMorePath [ sh:inversePath <a:b> ] ]"),
        ("<a:b> / <a:c> | <a:d>", "[ sh:alternativePath ( ( <a:b> <a:c> ) <a:d> ) ]"),
        ("<a:b>/(<a:c>|<a:d>)", "( <a:b> [ sh:alternativePath ( <a:c> <a:d> ) ] )"),
        ("(" * 20 + "<a:b>" + "*)" * 20, "[ sh:zeroOrMorePath "),
    ],
)
def test_a_path_is_written_as_shacl_writes_it(path: str, written: str) -> None:
    text = write(Report((altered(YEAR, path=path),), 1, 1), "turtle")
    assert f"sh:resultPath {written}" in text
    assert triples(text)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "_:b",
        "<a:b>**",
        "<a:b",
        "(<a:b>",
        "<a:b>)",
        "!<a:b>",
        "<b>",
        "<a:b>/^<b>",
        "<a:b>x",
        "(" * 10_000,
        "^" * 10_000,
    ],
)
def test_what_is_no_path_is_left_out(path: str) -> None:
    text = write(Report((altered(YEAR, path=path),), 1, 1), "turtle")
    assert "resultPath" not in text
    assert text.count("\n[") == 1


def test_blank_nodes_have_no_labels() -> None:
    finding = altered(YEAR, focus="_:b", value="_:b")
    text = write(Report((finding, finding), 1, 1), "turtle")
    assert text.count("sh:focusNode [] ;") == text.count("sh:value [] ]") == 2


def test_turtle_holds_what_is_hostile_as_text() -> None:
    text = write(ATTACK, "turtle")
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    statements = triples(text)
    assert {triple.predicate.value for triple in statements if not triple.predicate.value.startswith(SH)} == {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    }
    for name in ("result", "sourceConstraintComponent"):
        assert len([triple for triple in statements if triple.predicate == NamedNode(SH + name)]) == 2
    assert [str(triple.object) for triple in statements if triple.predicate == NamedNode(SH + "value")] == [
        HOSTILE.result.value
    ] * 2
    focus = {triple.object for triple in statements if triple.predicate == NamedNode(SH + "focusNode")}
    assert focus == {Literal(HOSTILE.result.focus)}
    assert Literal(EVIL, language="en") in {triple.object for triple in statements}


def test_turtle_takes_neither_rdf_1_2_nor_what_is_no_term() -> None:
    text = write(Report((altered(YEAR, value="\udcff"),), 1, 1), "turtle")
    assert Literal(r"\udcff") in {triple.object for triple in triples(text)}
    for value in ("x", "<a:o> .\n<a:s> <a:p> <a:q>", "<<( <a:s> <a:p> <a:o> )>>", '"x"@en--ltr'):
        text = write(Report((altered(YEAR, value=value),), 1, 1), "turtle")
        assert [triple.object for triple in triples(text) if triple.predicate == NamedNode(SH + "value")] == [
            Literal(value)
        ]
