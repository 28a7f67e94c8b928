"""A graph is the same in every format, character by character, and its bytes depend on the graph alone."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from random import Random

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
)

from ghent_partnerships.rdf import jsonld, rdf_xml, serialize
from ghent_partnerships.rdf.turtle import FIRST, NIL, REST, XSD, UnwritableError, by_subject
from ghent_partnerships.server.workers import engine

S, P, Q, O = (NamedNode(f"http://e/{name}") for name in "spqo")  # noqa: E741
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}
KINDS = (*(XSD + name for name in ("string", "integer", "decimal", "boolean", "double", "date")), "http://e/kind")
LONGEST = 1 << 24
Node = NamedNode | BlankNode


def iri(text: str) -> NamedNode | None:
    try:
        return NamedNode(f"http://e/{text}")
    except ValueError:
        return None


def tagged(parts: tuple[str, str]) -> Literal | None:
    try:
        return Literal(parts[0], language=parts[1])
    except ValueError:  # not every text of letters and hyphens is a language tag
        return None


def present(found: object) -> bool:
    return found is not None


TEXTS = st.one_of(st.text(), st.text(alphabet="\r\n\t \"'\\<>&;,{}[]()@^#.:01ae\x7f\x85\u2028\ufeff"))
TAGS = st.from_regex(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,2}", fullmatch=True)
IRIS = (
    st.one_of(st.text(max_size=8), st.text(alphabet="%2f#?&'/:.~é\U0001f600a-_", max_size=8)).map(iri).filter(present)
)
AS_WRITTEN = st.one_of(  # also in an answer, where Oxigraph writes a number or a truth value in its own way
    st.builds(Literal, TEXTS),
    st.tuples(TEXTS, TAGS).map(tagged).filter(present),
    st.builds(Literal, TEXTS, datatype=st.just(NamedNode("http://e/kind"))),
)
LITERALS = st.one_of(
    AS_WRITTEN,
    st.tuples(
        st.one_of(TEXTS, st.sampled_from(["1", "+01", "1.0", ".5", "true", "1e0", "-0"])), st.sampled_from(KINDS)
    ).map(lambda parts: Literal(parts[0], datatype=NamedNode(parts[1]))),
)
STATEMENTS = st.builds(Triple, IRIS, IRIS, st.one_of(LITERALS, IRIS))  # type: ignore[arg-type]
RETURNS = [
    Triple(S, P, Literal("\r")),
    Triple(S, P, Literal("a\rb\r\nc\n\r")),
    Triple(S, P, Literal("\r", language="en")),
]


def canonical(triples: Iterable[Triple]) -> set[str]:
    dataset = Dataset(Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def read(content: bytes, suffix: str) -> set[str]:
    return canonical(quad.triple for quad in pyoxigraph.parse(content, FORMATS[suffix], base_iri="x:"))


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(STATEMENTS, max_size=6))
@example(RETURNS)
def test_every_form_has_every_character(triples: list[Triple]) -> None:
    files = dict(forms_until_refused(triples))
    expressible = not any(map(rdf_xml.fault, triples))
    assert set(files) == set(FORMATS) - (set() if expressible else {"rdf"})
    assert [name for name, content in files.items() if read(content, name) != canonical(triples)] == []


def forms_until_refused(triples: Sequence[Triple]) -> Iterable[tuple[str, bytes]]:
    """Each format by its suffix; without RDF/XML, the last, where that has no place for the graph."""
    context = jsonld.Context(by_subject(triples))
    with suppress(UnwritableError):
        for path, content in serialize.dataset("x", triples, context, lambda *_: "http://e/g"):
            yield path.partition(".")[2], content


@pytest.mark.slow
@settings(deadline=None, max_examples=120)
@given(st.lists(st.tuples(AS_WRITTEN, IRIS.filter(lambda name: "," not in name.value)), min_size=1, max_size=4))
@example([(triple.object, S) for triple in RETURNS])  # type: ignore[misc]
def test_results_have_every_character(rows: list[tuple[Literal, NamedNode]]) -> None:
    """In XML those that it cannot have are U+FFFD. CSV is read as RFC 4180 has it, and knows texts alone."""
    values = " ".join(f"({literal} {name})" for literal, name in rows)
    text = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}"
    for media_type, results_format in engine.RESULTS.items():
        kind, *_, content = engine.answer(Store(), engine.Order(text, (), (), media_type, None), LONGEST)
        assert kind == engine.DONE
        if results_format == QueryResultsFormat.CSV:
            assert records(content.decode()) == [["x", "y"], *([literal.value, name.value] for literal, name in rows)]
            continue
        found = [(row["x"], row["y"]) for row in pyoxigraph.parse_query_results(content, results_format)]  # type: ignore[union-attr, index]
        expected = (
            [(in_xml(literal), name) for literal, name in rows] if results_format == QueryResultsFormat.XML else rows
        )
        assert found == expected, media_type
        if results_format == QueryResultsFormat.XML:
            assert texts_by_expat(content) == [literal.value for literal, _ in expected]


def in_xml(literal: Literal) -> Literal:
    text = "".join(
        "\ufffd" if (char < " " and char not in "\t\n\r") or char in "\ufffe\uffff" else char for char in literal.value
    )
    if literal.language is not None:
        return Literal(text, language=literal.language)
    return Literal(text, datatype=literal.datatype)


def texts_by_expat(content: bytes) -> list[str]:
    import xml.etree.ElementTree as ET

    return [element.text or "" for element in ET.fromstring(content).iter() if element.tag.endswith("}literal")]


def records(text: str) -> list[list[str]]:
    """CSV by the grammar of RFC 4180; Python's own reader takes a bare carriage return for the end of a record."""
    found: list[list[str]] = [[]]
    while text:
        if text.startswith('"'):
            end = 1
            while text[end] != '"' or text[end : end + 2] == '""':
                end += 2 if text[end] == '"' else 1
            field, text = text[1:end].replace('""', '"'), text[end + 1 :]
        else:
            end = min(at for mark in (",", "\r\n") if (at := text.find(mark)) >= 0)
            field, text = text[:end], text[end:]
        found[-1].append(field)
        if text.startswith("\r\n"):
            found.append([])
            text = text[2:]
        else:
            assert text.startswith(","), text
            text = text[1:]
    return found[:-1]


def blank(name: str) -> BlankNode:
    return BlankNode(name)


def number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


A, B, C, D = map(blank, "abcd")
FIRST_, REST_, NIL_ = map(NamedNode, (FIRST, REST, NIL))
TREES = {  # Turtle needs no labels
    "an object only": [Triple(S, P, A), Triple(S, Q, Literal("x"))],
    "two objects only": [Triple(S, P, A), Triple(S, P, B), Triple(O, Q, C)],
    "one that says something": [Triple(S, P, A), Triple(A, Q, number(1)), Triple(A, Q, B)],
    "a subject only": [Triple(A, Q, number(1)), Triple(B, Q, number(2))],
    "equal ones": [Triple(S, P, A), Triple(S, P, B), Triple(A, Q, number(1)), Triple(B, Q, number(1))],
    "equal ones, nested": [
        *(Triple(S, P, node) for node in (A, B)),
        *(Triple(A, Q, C), Triple(B, Q, D), Triple(C, Q, number(1)), Triple(D, Q, number(1))),
    ],
    "a collection": [
        *(Triple(S, P, A), Triple(A, FIRST_, B), Triple(A, REST_, C), Triple(C, FIRST_, D), Triple(C, REST_, NIL_)),
        *(Triple(B, Q, number(1)), Triple(D, Q, number(1))),
    ],
}
LABELLED = {  # and here it does
    "shared": [Triple(S, P, A), Triple(O, P, A), Triple(A, Q, number(1))],
    "shared, and an object only": [Triple(S, P, A), Triple(O, P, A)],
    "a cycle": [Triple(A, P, B), Triple(B, P, A), Triple(S, P, A)],
    "of itself": [Triple(A, P, A)],
    "a cycle of equals": [Triple(A, P, B), Triple(B, P, C), Triple(C, P, A)],
    "two cycles": [Triple(A, P, B), Triple(B, P, A), Triple(C, P, D), Triple(D, P, C)],
}


def mixed(triples: Sequence[Triple], seed: int) -> list[Triple]:
    """The same graph in another order and with other labels."""
    choose = Random(seed)
    order = list(triples)
    choose.shuffle(order)
    names: dict[BlankNode, BlankNode] = {}

    def renamed(node: object) -> object:
        if not isinstance(node, BlankNode):
            return node
        return names.setdefault(node, BlankNode(f"{choose.choice('xyzc')}{choose.randrange(10**9)}"))

    return [Triple(renamed(triple.subject), triple.predicate, renamed(triple.object)) for triple in order]  # type: ignore[arg-type]


def four(triples: Sequence[Triple]) -> dict[str, bytes]:
    return dict(serialize.graph("x", triples, jsonld.Context(by_subject(triples))))


@pytest.mark.parametrize("name", [*TREES, *LABELLED])
def test_the_bytes_depend_on_neither_order_nor_labels(name: str) -> None:
    graph = {**TREES, **LABELLED}[name]
    expected = four(graph)
    assert (b"_:" in expected["x.ttl"]) == (name in LABELLED)
    for path, content in expected.items():
        assert read(content, path.partition(".")[2]) == canonical(graph), path
    for seed in range(20):
        assert four(mixed(graph, seed)) == expected


def test_a_node_that_is_an_object_only_has_the_label_of_rdfc() -> None:
    assert b"_:c14n0" in four(TREES["an object only"])["x.nt"]
    assert b'rdf:nodeID="c14n0"' in four(TREES["an object only"])["x.rdf"]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([S, A, B, C, D]), st.sampled_from([P, Q]), st.sampled_from([S, A, B, C, D, number(1)])
        ),
        max_size=7,
    ),
    st.integers(0, 10**6),
)
def test_any_graph_of_few_blank_nodes_has_its_bytes(parts: list[tuple[Node, NamedNode, Node]], seed: int) -> None:
    triples = list(dict.fromkeys(Triple(*part) for part in parts))
    written = four(triples)
    assert written == four(mixed(triples, seed))
    assert read(written["x.nt"], "nt") == read(written["x.rdf"], "rdf") == canonical(triples)


def test_a_graph_that_is_made_to_take_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serialize, "_SECONDS", 0.5)
    clique = [BlankNode(f"b{number}") for number in range(12)]
    poison = [Triple(subject, P, value) for subject in clique for value in clique if subject != value]
    with pytest.raises(UnwritableError, match="too many blank nodes look alike; give some of them IRIs"):
        serialize.labelled(poison)
    deep = [Triple(BlankNode(f"b{number}"), P, BlankNode(f"b{number + 1}")) for number in range(20_000)]
    with pytest.raises(UnwritableError, match="too many blank nodes look alike"):
        serialize.labelled(deep)


def test_blank_nodes_that_differ_need_no_process_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serialize, "isolated", None)
    assert json.loads(four(TREES["one that says something"])["x.jsonld"])
