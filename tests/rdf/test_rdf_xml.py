"""RDF/XML is XML whatever the graph, and says the graph; or it is refused, and why is said."""

import io
import logging
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from xml.parsers import expat

import pyoxigraph
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Store, Triple

import manifests
import needs
from ghent_partnerships.rdf import jsonld, parse, rdf_xml, serialize
from ghent_partnerships.rdf.turtle import RDF, TYPE, UnwritableError, by_subject
from ghent_partnerships.server.workers import engine

S, P = NamedNode("http://e/s"), NamedNode("http://e/p")
FOLDER, BASE = "conformance/rdf-syntax/rdf-xml", "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-xml/"
EVALUATED, NEGATIVE = 126, 40
# Oxigraph writes all namespaces in scope into an XML literal, where the suite has those that are used.
DEVIATING = {"xml-canon/test001.rdf", "xml-canon/test002.rdf"}
LONGEST = 1 << 24
NAMES = (  # what RDF's own names are as predicates, and as classes: never another statement
    *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li", "aboutEach"),
    *("aboutEachPrefix", "bagID"),
)
FREE = ("type", "Bag", "Seq", "Alt", "_1", "_27", "_", "value", "subject", "first", "nil", "XMLLiteral", "langString")
SAYABLE = (
    "http://e/name",
    "http://e/a2",
    "http://e/2a",
    "http://e/2014#b-c.d",
    "http://e/a%20b",
    "http://e/a?b=1&c='d",
    "http://e/straße",
    "http://e/日本",
    "http://e/\u0337a",
    "urn:isbn:x",
    "x:a",
    "http://e/#_",
    "http://www.w3.org/XML/1998/namespacelang",
    "http://www.w3.org/XML/1998/namespace",
)
UNSAYABLE = (
    "http://e/2014",
    "http://e/",
    "http://e/a#",
    "http://e/a/",
    "http://e/a?b=1",
    "http://e/a#1-2.3",
    "urn:isbn:123",
    "http://e/%20",
    "http://e/\u0337",
    "http://e/\U0001f600",  # a name to XML since 2008, and to expat and many others not
    "http://www.w3.org/2000/xmlns/a",
)


def canonical(triples: Iterable[Triple]) -> set[str]:
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def parsed(content: bytes) -> set[str]:
    """By Oxigraph; but first expat must take it for XML with namespaces."""
    expat.ParserCreate("utf-8", " ").Parse(content, True)
    return canonical(quad.triple for quad in pyoxigraph.parse(content, RdfFormat.RDF_XML))


def by_rdflib(content: bytes) -> set[str]:
    graph = rdflib.Graph().parse(io.BytesIO(content), format="xml", publicID="x:")
    text = graph.serialize(format="nt", encoding="utf-8")
    return canonical(quad.triple for quad in pyoxigraph.parse(text, RdfFormat.N_TRIPLES))


def published(triples: Iterable[Triple]) -> bytes:
    """As ``publish`` writes it, whatever Turtle can say of it."""
    ordered = sorted(serialize.labelled(list(triples)), key=str)
    return serialize.as_rdf_xml(ordered, by_subject(ordered))


def answered(triples: Iterable[Triple]) -> tuple[int, bytes]:
    """As the endpoint answers it."""
    store = Store()
    quads = pyoxigraph.serialize((Quad(*triple) for triple in triples), format=RdfFormat.N_QUADS)
    assert quads is not None
    store.bulk_load(quads, RdfFormat.N_QUADS)
    order = engine.Order("CONSTRUCT WHERE { ?s ?p ?o }", (), (), None, "application/rdf+xml")
    kind, type_, *_, content = engine.answer(store, order, LONGEST)
    assert kind != engine.DONE or engine.TYPES[type_] == "application/rdf+xml"
    return kind, content


def both(triples: Iterable[Triple]) -> list[bytes]:
    triples = list(triples)
    kind, content = answered(triples)
    assert kind == engine.DONE, content
    return [published(triples), content]


@pytest.fixture
def exact_literals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """rdflib keeps the literals as they are written, and does not log what it thinks of them."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("iri", [*SAYABLE, *(RDF + name for name in FREE)])
@pytest.mark.usefixtures("exact_literals")
def test_a_predicate_that_ends_in_a_name_is_said(iri: str) -> None:
    triples = [Triple(S, NamedNode(iri), Literal("x")), Triple(S, P, NamedNode(iri))]
    assert rdf_xml.fault(triples[0]) is None
    for content in both(triples):
        assert parsed(content) == by_rdflib(content) == canonical(triples)


@pytest.mark.parametrize("iri", [*UNSAYABLE, *(RDF + name for name in NAMES)])
def test_a_predicate_that_no_element_can_stand_for_is_refused_by_its_name(iri: str) -> None:
    triples = [Triple(S, P, Literal("x")), Triple(S, NamedNode(iri), Literal("x"))]
    with pytest.raises(UnwritableError) as raised:
        published(triples)
    kind, content = answered(triples)
    assert kind == engine.NO_GRAPH
    found = rdf_xml.fault(triples[1])
    assert found is not None
    assert str(found[0]).startswith(f"The predicate <{iri}> cannot be written in RDF/XML, since it ")
    assert str(raised.value) == content.decode() == f"{found[0]}: {triples[1]}"


@pytest.mark.parametrize("iri", [*SAYABLE, *UNSAYABLE, *(RDF + name for name in (*NAMES, *FREE))])
@pytest.mark.parametrize("more", [True, False])
@pytest.mark.usefixtures("exact_literals")
def test_every_class_is_said(iri: str, more: bool) -> None:
    triples = [Triple(node, NamedNode(TYPE), NamedNode(iri)) for node in (S, BlankNode("b"))]
    triples += [Triple(S, NamedNode("http://a/first"), Literal("x")), Triple(S, P, Literal("x"))] if more else []
    for content in both(triples):
        assert parsed(content) == by_rdflib(content) == canonical(triples)


def test_a_class_that_is_a_literal_or_a_blank_node_is_said() -> None:
    triples = [Triple(S, NamedNode(TYPE), value) for value in (Literal("http://e/2014"), BlankNode("b"))]
    for content in both(triples):
        assert parsed(content) == canonical(triples)


@pytest.mark.parametrize("number", [*range(0x21), 0x7F, 0x85, 0xA0, 0x2028, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE])
def test_a_character_is_kept_or_refused(number: int) -> None:
    for text in (chr(number), f"a{chr(number)}b", f"{chr(number)}\n"):
        triple = Triple(S, P, Literal(text, language="en"))
        if number in {*range(0x20), 0xFFFE, 0xFFFF} - {9, 10, 13}:
            reason = f"The character U+{number:04X} cannot be written in RDF/XML"
            found = rdf_xml.fault(triple)
            assert found is not None
            assert tuple(map(str, found)) == (reason, "Remove the character.")
            assert answered([triple]) == (engine.NO_GRAPH, reason.encode())
            with pytest.raises(UnwritableError, match=f"U.{number:04X}"):
                published([triple])
        else:
            for content in both([triple]):
                assert parsed(content) == canonical([triple])


@pytest.mark.usefixtures("exact_literals")
def test_what_looks_like_xml_is_text() -> None:
    kind = NamedNode(RDF + "XMLLiteral")
    odd = ("<a>&amp;</a>", "]]>", "<!-- -->", "<rdf:bagID ", "<?xml?>", " \t\n ", "&#13;", "x" * 2_000_000)
    triples = [Triple(S, P, literal) for text in odd for literal in (Literal(text), Literal(text, datatype=kind))]
    for content in both(triples):
        assert parsed(content) == by_rdflib(content) == canonical(triples)


@pytest.mark.slow
@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(st.text(), st.text(max_size=3), st.text(max_size=3), st.booleans()), max_size=5))
@example([("\r\n", "\r", "2", True)])
def test_any_graph_is_said_or_refused(parts: list[tuple[str, str, str, bool]]) -> None:
    triples = []
    for text, predicate, kind, blank in parts:
        try:
            names = NamedNode(f"http://e/{predicate}"), NamedNode(f"http://e/{kind}")
        except ValueError:
            continue
        subject = BlankNode("b") if blank else names[1]
        triples += [Triple(subject, names[0], Literal(text)), Triple(subject, NamedNode(TYPE), names[1])]
        triples += [Triple(names[1], P, BlankNode(f"0{len(triples)}"))]
    if any(map(rdf_xml.fault, triples)):
        assert answered(triples)[0] == engine.NO_GRAPH
        with pytest.raises(UnwritableError):
            published(triples)
    else:
        for content in both(triples):
            assert parsed(content) == canonical(triples)


def test_a_triple_term_is_refused() -> None:
    order = engine.Order("CONSTRUCT { <x:s> <x:p> <<( <x:s> <x:2> 1 )>> } {}", (), (), None, "application/rdf+xml")
    kind, *_, content = engine.answer(Store(), order, LONGEST)
    assert (kind, b"no place for a triple term" in content) == (engine.NO_GRAPH, True)


def test_an_answer_that_escapes_make_too_long_is_too_long() -> None:
    store = Store()
    store.add(Quad(S, P, Literal("\r" * 1000)))
    order = engine.Order("CONSTRUCT WHERE { ?s ?p ?o }", (), (), None, "application/rdf+xml")
    assert engine.answer(store, order, 2000)[0] == engine.TOO_LONG
    assert engine.answer(store, order, 10_000)[0] == engine.DONE


def suite() -> list[manifests.Case]:
    return list(manifests.cases(needs.shared(FOLDER), BASE))


@pytest.mark.usefixtures("exact_literals")
def test_what_each_case_of_the_w3c_says_goes_round() -> None:
    """Read from its N-Triples, written by either serialiser, and read by three parsers."""
    read, otherwise = 0, set()
    for case in suite():
        if case.result is None:
            continue
        triples = [quad.triple for quad in pyoxigraph.parse(path=case.result, format=RdfFormat.N_TRIPLES)]
        as_written = pyoxigraph.parse(path=case.file, format=RdfFormat.RDF_XML, base_iri=case.base)
        if canonical(quad.triple for quad in as_written) != canonical(triples):
            otherwise.add(case.file.relative_to(needs.shared(FOLDER)).as_posix())
        for content in both(triples):
            assert parsed(content) == by_rdflib(content) == canonical(triples), case.file
        read += 1
    assert read == EVALUATED
    assert otherwise == DEVIATING


def test_each_case_that_is_no_rdf_xml_is_refused_at_its_fault() -> None:
    refused = 0
    for case in suite():
        if case.kind != "TestXMLNegativeSyntax":
            continue
        document = parse.parse(case.file)
        (finding,) = document.findings
        assert not document.readable
        assert finding.location.line > 1, case.file
        assert document.text.split("\n")[finding.location.line - 1][finding.location.column - 1] == "<", case.file
        refused += 1
    assert refused == NEGATIVE


HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">\n'


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (HEAD + '<e:a/>\n <!--é--> <rdf:Description rdf:ID="1"/></rdf:RDF>', (3, 11), "1 is not a valid rdf:ID"),
        (HEAD + '<e:a>\r\n<rdf:li/><!-- > -->\r\n<rdf:bagID/></e:a></rdf:RDF>', (4, 1), "bagID"),
        (HEAD + "<e:a e:b='" + "é" * 100_000 + "'/>\n<rdf:li/></rdf:RDF>", (3, 1), "li"),
        (HEAD + '<e:a e:b="x" rdf:about="http://a b/"/></rdf:RDF>', (2, 25), "Invalid IRI"),
        (HEAD + '<e:a><e:b rdf:parseType="Literal">x</e:b><rdf:ID/></e:a></rdf:RDF>', (2, 42), "ID"),
    ],
)  # fmt: skip
def test_a_fault_in_rdf_xml_has_its_place(text: str, place: tuple[int, int], message: str, tmp_path: Path) -> None:
    file = tmp_path / "x.rdf"
    file.write_bytes(text.encode())
    (finding,) = parse.parse(file).findings
    assert (finding.location.line, finding.location.column) == place
    assert message in str(finding.message)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_end_of_xml_is_a_line_feed_and_a_carriage_return_that_is_escaped_is_kept(
    end: str, tmp_path: Path
) -> None:
    file = tmp_path / "x.rdf"
    file.write_bytes(f"{HEAD}<e:a rdf:about='x:s'><e:p>a{end}b&#13;&#10;&#13;</e:p></e:a></rdf:RDF>".encode())
    texts = [triple.object.value for triple in parse.parse(file).triples if isinstance(triple.object, Literal)]
    assert texts == ["a\nb\r\n\r"]


def test_a_json_ld_context_is_not_needed_for_it() -> None:
    """All four forms of one graph that has an odd class."""
    triples = [Triple(S, NamedNode(TYPE), NamedNode("http://e/2014"))]
    written = dict(serialize.graph("x", triples, jsonld.Context(by_subject(triples))))
    assert parsed(written["x.rdf"]) == canonical(triples)


def test_a_blank_node_whose_label_starts_with_a_digit_has_another_and_stays_itself() -> None:
    nodes = [BlankNode(label) for label in ("1", "_1", "__1", "a1", "1.a-\u00b7", "é")]
    triples = [Triple(node, P, Literal(node.value)) for node in nodes]
    triples += [Triple(node, P, other) for node, other in pairwise(nodes)]
    for content in both(triples):
        assert parsed(content) == by_rdflib(content) == canonical(triples)
