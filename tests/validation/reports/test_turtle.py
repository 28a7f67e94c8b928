"""The report that SHACL defines, in Turtle."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat
from rdflib.namespace import RDF
from rdflib.namespace import SH as VOCABULARY

from ghent_partnerships.errors import InvalidError
from ghent_partnerships.findings import Report
from ghent_partnerships.rdf.turtle import XSD
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import write
from ghent_partnerships.validation.results import Result
from report_samples import ATTACK, EVIL, NOTHING, SH, SYNTAX, YEAR

RESULT = Result(
    focus=NamedNode("https://example.org/kanazawa"),
    path="<https://example.org/startYear>",
    value=Literal("71", datatype=NamedNode(XSD + "gYear")),
    shape=NamedNode("https://example.org/start-year"),
    component=f"{SH}DatatypeConstraintComponent",
    severity=f"{SH}Violation",
    messages=tuple(Literal(text, language=language) for language, text in YEAR.message.items()),
)
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.test/> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ;
  sh:property [ sh:path ex:m ; sh:minCount 1 ; sh:message "m fehlt"@de, "manca m"@it ] ;
  sh:property [ sh:path ex:k ; sh:minCount 1 ; sh:message "k is needed" ] .
"""
DATA = "@prefix ex: <http://ex.test/> .\nex:a a ex:T .\n"


def report_of(*results: Result) -> Report:
    return Report((SYNTAX, replace(YEAR, results=results)), 2, 2)


def triples(text: str) -> list[pyoxigraph.Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


def objects(text: str, name: str) -> list[object]:
    return [triple.object for triple in triples(text) if triple.predicate == NamedNode(SH + name)]


def checked(folder: Path, shapes: str, data: str, *, thorough: bool = False) -> Report:
    for name, content in (("shapes.ttl", shapes), ("data.ttl", data)):
        (folder / name).write_text(content, encoding="utf-8")
    return validate([folder / "data.ttl"], shapes=folder / "shapes.ttl", thorough=thorough)


def test_the_turtle_is_the_report_of_shacl() -> None:
    """What is found beside SHACL is not in it: it has no focus node."""
    assert (
        write(report_of(RESULT), "turtle")
        == """PREFIX sh: <http://www.w3.org/ns/shacl#>
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
.
"""
    )
    for report in (NOTHING, Report((SYNTAX,), 1, 1)):
        assert "sh:conforms true ;" in write(report, "turtle")


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
        ("(" * 40 + "<a:b>" + "*)" * 40, "[ sh:zeroOrMorePath "),
    ],
)
def test_a_path_is_written_as_shacl_writes_it(path: str, written: str) -> None:
    text = write(report_of(replace(RESULT, path=path)), "turtle")
    assert f"sh:resultPath {written}" in text
    assert triples(text)


@pytest.mark.parametrize(
    "path", ["", "_:b", "<a:b>**", "<a:b", "(<a:b>", "<a:b>)", "!<a:b>", "(" * 10_000, "^" * 10_000]
)
def test_what_is_no_path_is_left_out(path: str) -> None:
    text = write(report_of(replace(RESULT, path=path)), "turtle")
    assert "resultPath" not in text
    assert text.count("\n[") == 1


def test_equal_results_are_as_many_as_they_are_and_blank_nodes_have_no_labels() -> None:
    result = replace(RESULT, focus=BlankNode("b"), value=BlankNode("b"), shape=BlankNode("s"))
    text = write(report_of(result, result), "turtle")
    assert text.count("sh:focusNode [] ;") == text.count("sh:sourceShape [] ; sh:value [] ]") == 2


def test_only_a_query_is_a_source_constraint() -> None:
    sparql = replace(RESULT, component=f"{SH}SPARQLConstraintComponent", constraint=NamedNode("e:query"))
    component = replace(RESULT, component="e:component", constraint=NamedNode("e:validator"))
    assert objects(write(report_of(sparql, component), "turtle"), "sourceConstraint") == [NamedNode("e:query")]


def test_what_fails_inside_is_a_detail() -> None:
    inside = replace(RESULT, focus=NamedNode("e:inside"), details=(RESULT,))
    text = write(report_of(replace(RESULT, details=(inside, RESULT))), "turtle")
    assert len(objects(text, "detail")) == 3
    assert len(objects(text, "result")) == 1


@pytest.mark.parametrize("severity", ["http://my.test/Blocker", "http://my.test/levels#Warning", "urn:acme#INFO"])
def test_a_severity_is_the_iri_that_it_is(severity: str) -> None:
    text = write(report_of(replace(RESULT, severity=severity)), "turtle")
    assert objects(text, "resultSeverity") == [NamedNode(severity)]


def test_turtle_holds_what_is_hostile_as_text() -> None:
    value = Literal("\n::error::owned\n" + EVIL.replace("\x00", ""))
    message = Literal(EVIL.replace("\x00", ""), language="en")
    text = write(
        replace(ATTACK, findings=report_of(replace(RESULT, value=value, messages=(message,))).findings), "turtle"
    )
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert text.replace("\n", "").isprintable()
    assert (objects(text, "value"), objects(text, "resultMessage")) == ([value], [message])


@pytest.mark.parametrize("thorough", [False, True])
def test_other_tools_read_each_result_with_exactly_the_messages_of_the_shape(thorough: bool, tmp_path: Path) -> None:
    """By rdflib, whose vocabulary is the W3C's."""
    graph = rdflib.Graph().parse(data=write(checked(tmp_path, SHAPES, DATA, thorough=thorough), "turtle"))
    for predicate in set(graph.predicates()) - {RDF.type}:
        assert predicate in VOCABULARY
    (report,) = graph.subjects(RDF.type, VOCABULARY.ValidationReport)
    assert graph.value(report, VOCABULARY.conforms) == rdflib.Literal(False)
    results = list(graph.objects(report, VOCABULARY.result))
    for result in results:
        for name in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
            assert len(list(graph.objects(result, VOCABULARY[name]))) == 1
    assert sorted(sorted(map(repr, graph.objects(result, VOCABULARY.resultMessage))) for result in results) == [
        ["rdflib.term.Literal('k is needed')"],
        ["rdflib.term.Literal('m fehlt', lang='de')", "rdflib.term.Literal('manca m', lang='it')"],
    ]


def test_what_is_left_out_does_not_keep_the_data_from_conforming(tmp_path: Path) -> None:
    imports = (
        "<http://ex.test/o> a owl:Ontology ; owl:imports <http://ex.test/elsewhere> .\nex:a a ex:T ; ex:m 1 ; ex:k 1 ."
    )
    data = f"PREFIX ex: <http://ex.test/>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n{imports}\n"
    report = checked(tmp_path, SHAPES, data)
    assert [finding.code for finding in report.findings] == ["GP006"]
    text = write(report, "turtle")
    assert "sh:conforms true ;" in text
    assert "sh:result " not in text


@pytest.mark.parametrize(
    ("shapes", "data", "code"),
    [(SHAPES, f"{DATA}ex:b ex:", "GP001"), (SHAPES.replace("1 ;", '"one" ;'), DATA, "GP005")],
)
def test_where_nobody_knows_whether_the_data_conform_there_is_no_report(
    shapes: str, data: str, code: str, tmp_path: Path
) -> None:
    report = checked(tmp_path, shapes, data)
    with pytest.raises(InvalidError) as raised:
        write(report, "turtle")
    assert {finding.code for finding in raised.value.findings} == {code}
    assert write(report, "text")
