"""The graph in RDF 1.2: each statement has a reifier that names what it rests on, to Oxigraph and to N3.js alike."""

import json
import subprocess
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

import needs
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf.reified import reified
from ghent_partnerships.rdf.turtle import by_subject

PARSERS = Path(__file__).resolve().parents[1] / "parsers"
BASE = "https://w3id.org/ghent-partnerships/"
REIFIES = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
SOURCE = NamedNode("http://purl.org/dc/terms/source")
FILE = "ghent-partnerships-reified.trig"


@pytest.fixture(scope="module")
def quads(dist: Published) -> list[Quad]:
    return list(pyoxigraph.parse(path=dist.directory / FILE, format=RdfFormat.TRIG))


def resting(quads: list[Quad]) -> dict[Triple, set[str]]:
    """What each statement rests on, by its reifiers."""
    sources: dict[object, set[str]] = {}
    for quad in quads:
        if quad.predicate == SOURCE and isinstance(quad.object, NamedNode):
            sources.setdefault(quad.subject, set()).add(quad.object.value)
    return {quad.object: sources[quad.subject] for quad in quads if quad.predicate == REIFIES}


def test_its_statements_are_those_of_the_graph(dist: Published, quads: list[Quad]) -> None:
    plain = set(pyoxigraph.parse(path=dist.directory / "ghent-partnerships.nt", format=RdfFormat.N_TRIPLES))
    about = {quad.subject for quad in quads if quad.predicate == REIFIES}
    assert {quad for quad in quads if quad.subject not in about} == plain
    assert {Quad(*triple) for triple in resting(quads)} <= plain, "none is quoted that is not stated"


def test_a_statement_rests_on_its_fragment_and_on_what_supplies_it(quads: list[Quad]) -> None:
    rests = resting(quads)

    def of(subject: str, predicate: str, value: NamedNode | Literal) -> set[str]:
        found = rests[Triple(NamedNode(f"{BASE}id/{subject}"), NamedNode(predicate), value)]
        return {iri.removeprefix(f"{BASE}id/") for iri in found}

    year = "http://www.w3.org/2001/XMLSchema#gYear"
    start = f"{BASE}ontology#startYear"
    assert of("partnership/ghent-kanazawa", start, Literal("1971", datatype=NamedNode(year))) == {"fragment/b3"}
    inferred = {"inference/cooperation-begins-with-its-agreement"}
    assert of("partnership/ghent-liege", start, Literal("2011", datatype=NamedNode(year))) == inferred
    country = NamedNode(f"{BASE}id/country/belgium")
    assert of("city/liege", f"{BASE}ontology#countryAsStated", country) == {"fragment/b10"}
    assert of("city/liege", f"{BASE}ontology#country", country) == {"source/geonames"}


def test_every_statement_of_a_resource_with_a_source_has_a_reifier(quads: list[Quad]) -> None:
    reifiers = {quad.subject for quad in quads if quad.predicate == REIFIES}
    sourced = {quad.subject for quad in quads if quad.predicate == SOURCE} - reifiers
    rests = resting(quads)
    others = [quad for quad in quads if quad.subject in sourced and quad.predicate != SOURCE]
    assert [quad for quad in others if quad.triple not in rests] == []


def test_n3_reads_the_same_reifiers(dist: Published, quads: list[Quad]) -> None:
    node, folder = needs.modules(PARSERS)
    program = (
        "const { Parser } = require('n3'); const { readFileSync } = require('fs');"
        "const found = new Parser({ format: 'application/trig' }).parse(readFileSync(process.argv[1], 'utf8'));"
        "const reified = found.filter((quad) => quad.predicate.value.endsWith('#reifies'));"
        "console.log(JSON.stringify([found.length,"
        " reified.map((quad) => [quad.object.subject.value, quad.object.predicate.value, quad.object.object.value])]))"
    )
    command = [node, "-e", program, str(dist.directory / FILE)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    count, triples = json.loads(done.stdout)
    assert count == len(quads)
    terms = [quad.object for quad in quads if quad.predicate == REIFIES]
    expected = [[term.subject.value, term.predicate.value, term.object.value] for term in terms]
    assert sorted(triples) == sorted(expected)


def test_its_bytes_are_sorted_and_do_not_depend_on_the_order_of_the_statements() -> None:
    triples = [
        Triple(NamedNode("a:s"), NamedNode("a:p"), Literal('x"\n', language="en")),
        Triple(NamedNode("a:s"), NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode("a:c")),
        Triple(NamedNode("a:r"), NamedNode("a:p"), Literal("1")),
    ]

    def sources(iri: str, predicate: str) -> list[str]:
        return ["a:f2", "a:f1"] if (iri, predicate) == ("a:s", "a:p") else []

    texts = {reified(by_subject(order), {"a": "a:"}, SOURCE.value, sources) for order in (triples, triples[::-1])}
    assert texts == {
        '@version "1.2" .\n'
        '<a:r>\n    <a:p> "1" ;\n.\n\n'
        '<a:s>\n    a <a:c> ;\n    <a:p> """x\\"\n"""@en {| <http://purl.org/dc/terms/source> <a:f2> ; '
        "<http://purl.org/dc/terms/source> <a:f1> |} ;\n.\n"
    }
