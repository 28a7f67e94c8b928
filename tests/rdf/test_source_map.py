"""Every finding has its place: exact where pyoxigraph's triples can be followed, at the subject elsewhere."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ghent_partnerships.rdf import parse, source_map
from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.rdf.source_map import Whereabouts, locate, token_end
from ghent_partnerships.rdf.turtle import FIRST, NIL, REST, TYPE, XSD

E = "http://e/"
MARK = "\N{LEFTWARDS ARROW}"  # in a text of these tests: the place that is meant is behind it
Term = NamedNode | BlankNode | Literal
Read = Callable[..., Document]


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """By another way than the code's."""
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(name: str, text: str, *, bom: bool = False) -> Document:
        file = tmp_path / name
        file.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
        document = parse.parse(file)
        assert document.readable, document.findings
        return document

    return read


def number(value: object) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


S, P, Q, O = map(iri, "spqo")  # noqa: E741
NONE = iri("none")
HEAD = "PREFIX e: <http://e/>\n"

# A file, with the mark before its place; what is asked for: focus, path, value.
STATEMENTS = {
    "one line": ("x.ttl", HEAD + f"e:s e:p {MARK}e:o .", (S, P, O)),
    "an IRI in full": ("x.ttl", f"<http://e/s> <http://e/p> {MARK}<http://e/o> .", (S, P, O)),
    "several lines": ("x.ttl", HEAD + f"e:s\n  e:p\n\n    {MARK}1\n.", (S, P, number(1))),
    "a second predicate": ("x.ttl", HEAD + f"e:s e:p 1 ;\n  e:q {MARK}2 .", (S, Q, number(2))),
    "semicolons in a row": ("x.ttl", HEAD + f"e:s e:p 1 ;;\n; e:q {MARK}2 ; .", (S, Q, number(2))),
    "a second object": ("x.ttl", HEAD + f"e:s e:p 1 , {MARK}2 .", (S, P, number(2))),
    "the first of two": ("x.ttl", HEAD + f"e:s e:p {MARK}1 .\ne:s e:p 1 .", (S, P, number(1))),
    "a": ("x.ttl", HEAD + f"e:s a {MARK}e:o .", (S, NamedNode(TYPE), O)),
    "a as a path that is unknown": ("x.ttl", HEAD + f"e:s a {MARK}e:o .", (S, None, O)),
    "a complex path": ("x.ttl", HEAD + f"e:s e:p {MARK}e:o .", (S, BlankNode(), O)),
    "a value further on": ("x.ttl", HEAD + f"e:x e:p 1 . {MARK}e:s e:p e:m . e:m e:q e:o .", (S, BlankNode(), O)),
    "another path": ("x.ttl", HEAD + f"e:x e:p 1 . {MARK}e:s e:p e:o .", (S, Q, O)),
    "the node itself": ("x.ttl", HEAD + f"e:x e:p 1 .\n{MARK}e:s e:p e:s .", (S, None, S)),
    "a missing value": ("x.ttl", HEAD + f"e:x e:p 1 .\n\t{MARK}e:s e:p 1 .", (S, Q, None)),
    "a class": ("x.ttl", HEAD + f"e:s a {MARK}e:o .", (O, P, None)),
    "only an object": ("x.ttl", HEAD + f"e:s e:p 1 , {MARK}e:o .", (O, P, None)),
    "not there": ("x.ttl", MARK + HEAD + "e:s e:p 1 .", (NONE, P, None)),
    "not there, and another begins with it": ("x.ttl", MARK + HEAD + "<http://e/nonesuch> e:p 1 .", (NONE, P, None)),
    "@base": ("x.ttl", f"@base <http://e/> .\n<s> <p> {MARK}<o> .", (S, P, O)),
    "@base, twice": ("x.ttl", f"@base <http://x/> .\n<s> <p> <o> . BASE <http://e/> <s> <p> {MARK}<o> .", (S, P, O)),
    "@prefix, twice": (
        "x.ttl",
        f"@prefix e: <http://x/> . e:s e:p e:o . @prefix e: <http://e/> . e:s e:p {MARK}e:o .",
        (S, P, O),
    ),
    "CRLF": ("x.ttl", f"PREFIX e: <http://e/>\r\ne:s e:p 1 ;\r\n e:q {MARK}2 .\r\n", (S, Q, number(2))),
    "CR": ("x.ttl", f"PREFIX e: <http://e/>\re:s e:p 1 ;\r e:q {MARK}2 .", (S, Q, number(2))),
    "tabs": ("x.ttl", HEAD + f"e:s\te:p\t\t{MARK}1\t.", (S, P, number(1))),
    "astral": ("x.ttl", HEAD + f'e:s e:p "\U0001f600\U0001f600", {MARK}"x" .', (S, P, Literal("x"))),
    "other line ends in a string": ("x.ttl", HEAD + f'e:s e:p "\u2028\x85\x0b\x0c", {MARK}1 .', (S, P, number(1))),
    "a long string": ("x.ttl", HEAD + f'e:s e:p """a\n"b\' e:q 1 # \n""" ; e:q {MARK}1 .', (S, Q, number(1))),
    "the long string": ("x.ttl", HEAD + f"e:s e:p {MARK}'''a\n''b''' .", (S, P, Literal("a\n''b"))),
    "escapes": ("x.ttl", HEAD + f'e:s e:p {MARK}"\\u00e9\\U0001F600\\n\\"" .', (S, P, Literal('é\U0001f600\n"'))),
    "a language": ("x.ttl", HEAD + f'e:s e:p "x" , {MARK}"x"@nl-BE .', (S, P, Literal("x", language="nl-BE"))),
    "a datatype": ("x.ttl", HEAD + f'e:s e:p "x", {MARK}"x"^^e:d .', (S, P, Literal("x", datatype=iri("d")))),
    "a comment": ("x.ttl", HEAD + f"e:s # e:p 1 .\n e:p {MARK}1 # 2\n.", (S, P, number(1))),
    "a name with odd letters": ("x.ttl", HEAD + f"e:s e:p 1.0,{MARK}e:o\\~.é .", (S, P, iri("o~.é"))),
    "a name straight behind a dot": ("x.ttl", HEAD + f"e:o e:p e:.e:s e:p {MARK}e:o .", (S, P, O)),
    "another behind a string": ("x.ttl", HEAD + f"e:o e:p 'x'.e:s e:p {MARK}2 .", (S, P, number(2))),
    "a local name with colons": ("x.ttl", HEAD + f"e:s e:p 1, {MARK}e::.0:o .", (S, P, iri(":.0:o"))),
    "a collection": ("x.ttl", HEAD + f"e:s e:q 1 ; e:p {MARK}() .", (S, P, NamedNode(NIL))),
    "triples": ("x.nt", f"<http://e/s> <http://e/p> {MARK}<http://e/o> .", (S, P, O)),
    "quads": (
        "x.nq",
        f'<http://e/s> <http://e/p> "1" <http://e/g> .\n<http://e/s> <http://e/p> {MARK}<http://e/o> <http://e/o> .',
        (S, P, O),
    ),
    "quads, a missing value": (
        "x.nq",
        f'<http://e/o> <http://e/p> "1" <http://e/s> .\n{MARK}<http://e/s> <http://e/p> "1" <http://e/g> .',
        (S, Q, None),
    ),
    "a graph": ("x.trig", HEAD + f"e:s {{ e:o e:p 1 }} e:g {{\n{MARK}e:s e:p 1\n}}", (S, Q, None)),
    "GRAPH": ("x.trig", HEAD + f"GRAPH e:s {{ e:s e:p 1 . e:s e:p {MARK}e:o . }}", (S, P, O)),
    "graph": ("x.trig", HEAD + f"graph e:s{{e:s e:p 1}}e:g{{e:s e:p {MARK}2}}", (S, P, number(2))),
    "a bare graph": ("x.trig", HEAD + f"{{ e:s e:p 'x' }} {{}} {{ e:o e:p 1 . {MARK}e:x e:p 1 }}", (iri("x"), Q, None)),
    "blank graphs": ("x.trig", HEAD + f"[] {{ e:s e:p 1 }} _:g {{ e:s e:p {MARK}2 }}", (S, P, number(2))),
    "no graph, in TriG": ("x.trig", HEAD + f"e:g {{ e:s e:p 1 }} e:s e:p {MARK}2 .", (S, P, number(2))),
}  # fmt: skip


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize("case", STATEMENTS)
def test_a_statement_has_its_place(case: str, bom: bool, read: Read) -> None:
    name, marked, asked = STATEMENTS[case]
    document = read(name, marked.replace(MARK, ""), bom=bom)
    assert Whereabouts([document], []).of(*asked) == (document.name, *line_and_column(marked, marked.index(MARK)))


def test_lines_and_columns_as_numbers(read: Read) -> None:
    document = read("x.ttl", 'PREFIX e: <http://e/>\r\n\te:s e:p "\U0001f600", "x" ;\r\n e:q 2 .', bom=True)
    where = Whereabouts([document], [])
    found = [where.of(*one)[1:] for one in ((S, NONE, None), (S, P, Literal("x")), (S, Q, number(2)))]
    assert found == [(2, 2), (2, 15), (3, 6)]


# Blank nodes: a Turtle text with a mark, and the object of the statement at the mark, or the node that starts there.
NODES = {
    "a property list": f"e:s e:p {MARK}[ e:q 7 ] .",
    "nested": f"e:s e:p [ e:q 1 ; e:p {MARK}[ e:q 7 ] , 3 ] , ( 1 ) .",
    "a label": f"e:s e:p _:y . {MARK}_:x e:q 7 .",
    "a label, the first time as an object": f"e:s e:p _:x . {MARK}_:x e:q 7 .",
    "a list of properties as a subject": f"e:s e:p 1 . {MARK}[ e:q 7 ] e:p 2 .",
    "and alone": f"e:s e:p 1 . {MARK}[ e:q 7 ] .",
    "and empty": f"e:s e:p 1 . {MARK}[] e:q 7 .",
    "after strings": f"e:s e:p [ e:p 'x' ], ('y' 'z'@en 'u') , {MARK}[ e:q 7 ; e:p 'x' ] , 'x' .",
    "in a collection": f"e:s e:p ( 1 'a' {MARK}[ e:q 7 ] ( 2 () ) 'b'^^e:d 'c' ) .",
    "in a subject": f"( 1 'a' ( {MARK}[ e:q 7 ] ) 'b' ) e:p 1 .",
    "between equals": f"e:s e:p [ e:p 1 ] . [ e:p 1 ] . {MARK}[ e:p 1 ; e:q 7 ] . [ e:p 1 ] .",
    "with doubles": f"e:s e:p _:x, _:x, 1 . e:s e:p 1, _:x . {MARK}_:x e:q 7 . _:x e:q 7 .",
    "a collection": f"e:s e:p (1), {MARK}( [] ) ; e:q 1 .",
    "a cell of one": f"e:s e:p (1), (2 {MARK}[] ) ; e:q 1 .",
}


@pytest.mark.parametrize("case", NODES)
@pytest.mark.parametrize("name", ["x.ttl", "x.trig", "in graphs"])
def test_a_blank_node_has_its_place(case: str, name: str, read: Read) -> None:
    body = f"e:g {{ {NODES[case]} }}" if name == "in graphs" else NODES[case]
    marked = f"{HEAD}e:g {{ [] e:p [ e:p 3 ] }}\n{body}" if name == "in graphs" else HEAD + body
    document = read("x.trig" if name == "in graphs" else name, marked.replace(MARK, ""))
    there = line_and_column(marked, marked.index(MARK))
    where = Whereabouts([document], [])
    seven = [t.subject for t in document.triples if t.object == number(7)]
    if seven:
        assert where.of(seven[0], NONE, None)[1:] == there
        assert where.of(seven[0], Q, number(7))[1:] == line_and_column(marked.replace(MARK, ""), marked.index("7") - 1)
    else:  # a cell that holds an empty node
        (first,) = [t for t in document.triples if t.predicate.value == FIRST and isinstance(t.object, BlankNode)]
        assert where.of(first.subject, NONE, None)[1:] == there


def test_what_links_to_a_blank_node_has_its_place(read: Read) -> None:
    text = HEAD + "e:s e:p [ e:q 1 ] , ( 2 [ e:q 3 ] ) , _:x , [] .\n"
    document = read("x.ttl", text)
    where = Whereabouts([document], [])
    found = [where.of(*t)[1:] for t in document.triples if t.subject == S]
    assert sorted(found) == [line_and_column(text, text.index(mark)) for mark in ("[ e:q 1", "( 2", "_:x", "[]")]
    links = {where.of(*t)[1:] for t in document.triples if t.predicate.value == REST}
    assert links == {line_and_column(text, text.index(mark)) for mark in ("[ e:q 3", ") , _:x")}


def test_the_triples_of_a_text_are_followed_or_only_named_nodes_have_places() -> None:
    text = HEAD + "e:s e:p [ e:q 1 ] , e:o ."
    node = BlankNode()
    right = [Triple(node, Q, number(1)), Triple(S, P, node), Triple(S, P, O)]
    assert set(locate(text, E, right).objects) == {tuple(t) for t in right}
    other = BlankNode()
    for wrong in (
        right[:2],
        [right[1], right[0], right[2]],
        [*right, Triple(S, P, S)],
        [right[0], Triple(S, P, other), right[2]],
        [right[0], Triple(S, Q, node), right[2]],
        [right[0], right[1], Triple(S, P, node)],
        [right[0], Triple(S, P, O), right[2]],
        [],
    ):
        found = locate(text, E, wrong)
        assert set(found.objects) == {(S, P, O)}
        assert set(found.subjects) == {S}
    two = HEAD + "e:s e:p [] , [] ."
    assert not locate(two, E, [Triple(S, P, node), Triple(S, P, node)]).objects  # two nodes cannot be one


def test_a_node_in_two_files_stands_where_its_type_is(read: Read) -> None:
    one, two = read("1.ttl", HEAD + "e:s e:p 1 ."), read("2.ttl", HEAD + "\ne:s a e:T ; e:p 1, 2 .")
    three = read("3.ttl", HEAD + "e:s a e:T ; e:p 3 . e:o e:p 3 .")
    where = Whereabouts([one, two, three], [])
    assert where.of(S, Q, None) == (two.name, 3, 1)
    assert where.of(S, P, number(1)) == (one.name, 2, 9)
    assert where.of(S, P, number(2)) == (two.name, 3, 20)
    assert where.of(S, P, number(3)) == (three.name, 2, 17)
    assert where.of(O, Q, None) == (three.name, 2, 21)
    assert Whereabouts([three, two, one], []).of(S, Q, None) == (three.name, 2, 1)
    assert Whereabouts([one], []).of(S, Q, None) == (one.name, 2, 1)


def test_what_is_no_node_has_a_place(read: Read) -> None:
    document = read("x.ttl", HEAD + "e:s e:p 1, 2 .")
    where = Whereabouts([document], [])
    assert where.of(number(2), None, number(2)) == (document.name, 2, 12)
    assert where.of(None, None, None) == (document.name, 1, 1)
    assert where.of(S, S, number(3)) == (document.name, 2, 1)


def test_a_shape_has_its_place_in_any_file_of_shapes(read: Read) -> None:
    one, two = read("1.ttl", HEAD + "e:x e:p 1 ."), read("2.ttl", HEAD + "\n e:s e:p 1 . [ e:q 7 ] .")
    where = Whereabouts([], [one, two])
    node = next(t.subject for t in two.triples if t.object == number(7))
    found = [where.in_rules("GP005", "No.", shape=shape) for shape in (None, S, node, NONE)]
    assert [(f.file, f.line, f.column) for f in found] == [
        (one.name, 1, 1),
        (two.name, 3, 2),
        (two.name, 3, 14),
        (one.name, 1, 1),
    ]


def test_a_file_that_is_data_and_shapes_is_two_documents(read: Read) -> None:
    text = HEAD + "e:s e:p 1 .\n [ e:q 7 ] ."
    data, rules = read("x.ttl", text), read("x.ttl", text)
    where = Whereabouts([data], [rules])
    in_data, in_rules = (next(t.subject for t in d.triples if t.object == number(7)) for d in (data, rules))
    found = where.in_rules("GP005", "No.", shape=in_rules)
    assert (found.line, found.column) == where.of(in_data, Q, None)[1:] == (3, 2)


def test_only_the_places_of_files_with_findings_are_looked_for(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def looking(text: str, base: str, triples: list[Triple]) -> parse.Places:
        looked.append(base)
        return locate(text, base, triples)

    monkeypatch.setattr(source_map, "locate", looking)
    documents = [read(f"{n}.ttl", HEAD + f"e:s{n} e:p {n} .") for n in range(3)]
    where = Whereabouts(documents, [])
    assert looked == []
    for _ in range(2):
        where.of(iri("s1"), P, number(1))
        where.of(iri("s1"), Q, None)
    assert looked == [documents[1].path.resolve().as_uri()]


@pytest.mark.parametrize("opening", ["[ e:p ", "( "])
def test_depth_costs_no_recursion(opening: str, read: Read) -> None:
    depth = 90_000
    text = HEAD + "e:s e:p " + opening * depth + "7" + (" ]" if opening[0] == "[" else " )") * depth + " ."
    document = read("x.ttl", text)
    (leaf,) = [t for t in document.triples if t.object == number(7)]
    assert Whereabouts([document], []).of(*leaf)[1:] == (2, 9 + len(opening) * depth)


def test_many_findings_take_seconds(read: Read) -> None:
    document = read("x.ttl", HEAD + "".join(f"e:s{n} e:p [ e:q {n} ] .\n" for n in range(25_000)))
    where = Whereabouts([document], [])
    start = time.perf_counter()
    for triple in document.triples:
        where.of(triple.subject, triple.predicate, triple.object)
        where.of(triple.subject, NONE, None)
    assert time.perf_counter() - start < 20


# JSON-LD and RDF/XML: a text with a mark before the name of the focus node.
JSON = {
    "full": '{"@id": ←"http://e/s", "http://e/p": 1}',
    "compact": '{"@context": {"e": "http://e/"}, "e:p": 1, "@id": ←"e:s"}',
    "compact, by a definition": '{"@context": {"e": {"@id": "http://e/", "@prefix": true}}, "e:p": 1, "@id": ←"e:s"}',
    "compact, by another": (
        '{"@context": {"x": "http:", "e": {"@id": "x://e/", "@prefix": true}}, "@id": ←"http://e/s", "e:p": '
        '1}'
    ),
    "of two prefixes": '{"@context": {"h": "http://e/", "e": "h:d/"}, "@id": "e:s", "h:q": {"@id": ←"h:s", "h:p": 1}}',
    "@base": '{"@context": {"@base": "http://e/"}, "http://e/p": 1, "@id": ←"s"}',
    "an alias": '{"@context": {"id": "@id", "n": "http://e/p"},\r\n "n": {"id": ←"http://e/s", "n": 1}}',
    "an alias, by a definition": (
        '{"@context": {"id": {"@id": "@id"}, "n": "http://e/p"},\n"n": 2, "id": ←"http://e/s"}'
    ),
    "after a reference": (
        '{"@id": "http://e/x", "http://e/p": [{"@id": "http://e/s"}, {"@id": ←"http://e/s", "http://e/p": '
        '1}]}'
    ),
    "only a reference": '{"@id": "http://e/x", "http://e/s-no": 2, "http://e/p": [2, {"@id": ←"http://e/s"}]}',
    "a string": '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/x", "p": ←"http://e/s"}',
    "a context inside": (
        '{"@id": "http://e/x", "http://e/p": {"@context": {"e": "http://e/"}, "@id": ←"e:s", "e:p": 1}}'
    ),
    "a context for others": (
        '{"@context": {"e": "http://e/"}, "@graph": [{"@context": {"e": "http://x/"}, "@id": "e:s", "e:p": '
        '1}, {"@id": ←"e:s", "e:p": 1}]}'
    ),
    "a list of contexts": '{"@context": [{"e": "http://x/"}, {"e": "http://e/"}], "@id": ←"e:s", "e:p": 1}',
    "the name of a graph": (
        '[{"@id": "http://e/s", "@graph": [{"@id": "http://e/x", "http://e/p": 1}]}, {"@id": ←"http://e/s", '
        '"http://e/p": 1}]'
    ),
    "a literal": (
        '{"@id": "http://e/x", "http://e/p": [{"@value": "http://e/s"}, {"@id": ←"http://e/s", "http://e/p": '
        '1}]}'
    ),
    "a literal, a string after it": (
        '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/x", '
        '"http://e/q": {"@value": "http://e/s"}, "p": ←"http://e/s"}'
    ),
    "a relative @base": (
        '{"@context": {"@base": "http://e/d/x"}, "@id": "s", "http://e/p": '
        '{"@context": {"@base": "../"}, "@id": ←"s", "http://e/p": 1}}'
    ),
    "a term that is no prefix": (
        '{"@context": {"e": "http://e"}, "@graph": [{"@id": "e:/s", "http://e/p": 1}, '
        '{"@id": ←"http://e/s", "http://e/p": 1}]}'
    ),
    "an astral name": '{"@id": ←"http://e/\\ud83d\\ude00", "http://e/q": 7}',
    "escapes": '{"http://e/p": "\\ud83d\\ude00\U0001f600", "@id": ←"http:\\/\\/e\\/\\u0073"}',
    "tabs": '{\r\n\t\t"@id":\t←"http://e/s",\r\n"http://e/p": 1}',
    "a context of a term": (
        '{"@context": {"@version": 1.1, "p": {"@id": "http://e/p", "@context": {"e": "http://e/"}}}, "@id": '
        '"http://e/x", "p": {"@id": ←"e:s", "http://e/p": 1}}'
    ),
    "a label": '{"@id": "http://e/x", "http://e/p": {"@id": ←"_:b", "http://e/q": 7}}',
    "no name: what it belongs to": '{"@id": ←"http://e/x", "http://e/p": {"http://e/q": 7}}',
}  # fmt: skip
XML_HEAD = (
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>\r\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\r\n'
)
XML = {
    "about": '←<rdf:Description rdf:about="http://e/s"><e:p>1</e:p></rdf:Description>',
    "a typed node": '<!-- \U0001f600 -->\t←<e:T\n rdf:about="http://e/s"/>',
    "an entity": '←<e:T rdf:about="&e;s"/>',
    "a base": '<e:T rdf:about="http://e/x" xml:base="http://e/d/"><e:p>←<e:U rdf:about="../s"/></e:p></e:T>',
    "a base for others": (
        '<e:T rdf:about="s" xml:base="http://x/"/><e:T xml:base="http://e/" rdf:about="o"/>←<e:T '
        'rdf:about="s" xml:base="http://e/"/>'
    ),
    "an ID": '←<e:T rdf:ID="s" xml:base="http://e/d"/>',
    "a reference before": (
        '<e:T rdf:about="http://e/x">\n<e:p rdf:resource="http://e/s"/></e:T>←<e:T rdf:about="http://e/s"/>'
    ),
    "only a reference": '<e:T rdf:about="http://e/x">←<e:p rdf:resource="http://e/s"/></e:T>',
    "a reference that states": (
        '<e:T rdf:about="http://e/x"><e:p rdf:resource="http://e/s"/>←<e:p rdf:resource="http://e/s" '
        'e:z="1"/></e:T>'
    ),
    "a reified statement": '<e:T rdf:about="http://e/x">←<e:p rdf:ID="s" xml:base="http://e/d">1</e:p></e:T>',
    "not in a literal": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Literal"><e:T rdf:about="http://e/s"/></e:p></e:T>'
        '←<e:T rdf:about="http://e/s"/>'
    ),
    "in a collection": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Collection"><e:T/>←<e:T rdf:about="http://e/s"/>'
        '</e:p></e:T>'
    ),
    "a nodeID": '<e:T rdf:about="http://e/x"><e:p rdf:nodeID="b"/></e:T>←<e:T rdf:nodeID="b"><e:q>7</e:q></e:T>',
    "a nodeID in a resource": (
        '<e:T rdf:about="http://e/x"><e:p rdf:parseType="Resource"><e:p rdf:nodeID="b"/></e:p></e:T>←<e:T '
        'rdf:nodeID="b"><e:q>7</e:q></e:T>'
    ),
    "a class: what is one": '<e:O rdf:about="http://e/x"/>←<e:s rdf:about="http://e/y"/>',
    "no name: what it belongs to": '←<e:T rdf:about="http://e/x"><e:p><e:T><e:q>7</e:q></e:T></e:p></e:T>',
}  # fmt: skip


@pytest.mark.parametrize("bom", [False, True])
@pytest.mark.parametrize(("suffix", "case"), [*(("jsonld", case) for case in JSON), *(("rdf", case) for case in XML)])
def test_a_subject_has_its_place(suffix: str, case: str, bom: bool, read: Read) -> None:
    marked = (JSON[case] if suffix == "jsonld" else f"{XML_HEAD}{XML[case]}\n</rdf:RDF>").replace("←", MARK)
    document = read(f"x.{suffix}", marked.replace(MARK, ""), bom=bom)
    seven = [t.subject for t in document.triples if isinstance(t.object, Literal) and t.object.value == "7"]
    focus = seven[0] if seven else NamedNode(f"{E}d#s") if "ID=" in marked else S
    assert any(focus in (t.subject, t.object) for t in document.triples), document.triples
    where = Whereabouts([document], [])
    assert where.of(focus, NONE, None) == (document.name, *line_and_column(marked, marked.index(MARK)))
    for triple in document.triples:
        if triple.subject == focus:
            assert where.of(*triple)[1:] == line_and_column(marked, marked.index(MARK))


def test_a_relative_name_is_resolved_at_its_file(read: Read) -> None:
    document = read("x.jsonld", '{"http://e/p": 1, "@id": "#s"}')
    assert Whereabouts([document], []).of(document.triples[0].subject, NONE, None)[1:] == (1, 26)
    document = read("x.owl", XML_HEAD + '<e:T rdf:about="#s"/></rdf:RDF>')
    assert Whereabouts([document], []).of(document.triples[0].subject, NONE, None)[1:] == (4, 1)
    document = read("x.trig", "{\n<#s> <p>\n <> }")
    assert Whereabouts([document], []).of(*document.triples[0])[1:] == (3, 2)


TOKENS = {
    "<http://e/>": 11,
    "e:o .": 3,
    "e:o.": 3,
    "1.5 .": 3,
    '"x" .': 3,
    '"x"@nl-BE .': 9,
    "'x'^^e:d .": 8,
    "'x'^^<d> .": 8,
    "'x' e:p": 3,
    '"""a\nb"""': 4,
    "'''a\r\nb'''": 4,
    "[ e:p 1 ]": 1,
    "[]": 1,
    "(1)": 1,
    "_:x.": 3,
    "true.": 4,
    "`x": 1,
    "  x": 1,
    "# x": 1,
    '"@id": "x"': 5,
    '<e:T rdf:about="x">': 19,
    "<e:T\n rdf:about='x'>": 4,
    "": 0,
    "\nx": 0,
    "\r\nx": 0,
}


@pytest.mark.parametrize("text", TOKENS)
@pytest.mark.parametrize("before", ["", "e:s e:p "])
def test_where_a_token_ends(text: str, before: str) -> None:
    assert token_end(before + text, len(before)) == len(before) + TOKENS[text]


PIECES = [  # of literals: what they are, and how they are written
    *((text, text) for text in ("\t", "\u2028", "\U0001f600", "# .;,[](){}<x>")),
    *(("\n", "\\n"), ('"', '\\"'), ("'", "\\'"), ("\\", "\\\\"), ("é", "\\u00e9"), ("\U0001f600", "\\U0001F600")),
]


class Writing:
    """Writes random statements as a person might, and remembers where each of their terms begins."""

    def __init__(self, choose: Random, syntax: str) -> None:
        self.choose, self.syntax = choose, syntax
        self.rich = syntax in ("ttl", "trig")
        self.text = ""
        self.prefixes: dict[str, str] = {}
        self.base: str | None = None
        self.count = 0
        self.line_end = choose.choice(["\n", "\r\n"] if not self.rich else ["\n", "\r\n", "\r"])
        self.subjects: dict[object, int] = {}
        self.statements: dict[tuple[object, NamedNode, object], int] = {}
        self.marks: dict[tuple[NamedNode, object], object] = {}  # which node has this value, to know it again
        self.ends: dict[tuple[object, NamedNode], object] = {}  # which node this one has as its only value

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def put(self, *tokens: str) -> int:
        """Write tokens, and return where the first begins."""
        offset = len(self.text)
        self.text += "".join(tokens)
        return offset

    def space(self, least: str = " ") -> None:
        if not self.rich:
            self.put(self.choose.choice([" ", "\t", " \t "]))
            return
        comment = f" #{self.choose.choice(['', ' <x> ', ' ] ) } . e:s e:p 1', chr(34) * 3])}\U0001f600{self.line_end}"
        self.put(self.choose.choice([least, least, " ", "\t", self.line_end, f"{self.line_end}\t ", comment]))

    def say(self, subject: object, predicate: NamedNode, value: object, offset: int) -> None:
        key = (subject, predicate, value)
        self.statements[key] = min(offset, self.statements.get(key, offset))
        self.marks[predicate, value] = subject

    def about(self, subject: object, offset: int) -> None:
        self.subjects[subject] = min(offset, self.subjects.get(subject, offset))

    def name(self) -> NamedNode:
        return iri(self.choose.choice(["s", "o", "d/x", "d/y.z", "é", "\U00020000", "d/a~b"]))

    def iri(self, node: NamedNode) -> int:
        ways = [f"<{node.value}>", f"<{''.join(f'{chr(92)}u{ord(c):04X}' if c in 'sd' else c for c in node.value)}>"]
        if self.rich:
            for prefix, namespace in self.prefixes.items():
                if node.value.startswith(namespace) and "/" not in (local := node.value[len(namespace) :]):
                    ways += [f"{prefix}:{local}".replace("~", "\\~")] * 3
            if self.base is not None and node.value.startswith(self.base):
                ways += [f"<{node.value[len(self.base) :]}>"] * 3
        return self.put(self.choose.choice(ways))

    def literal(self, unique: bool) -> tuple[Literal, int]:
        number = self.fresh() if unique else self.choose.randrange(3)
        kind = self.choose.randrange(3 if self.rich else 1)
        if kind == 1:
            form, name = self.choose.choice(
                [("{}", "integer"), ("-{}", "integer"), ("{}.5", "decimal"), ("{}e1", "double")]
            )
            text = form.format(number)
            return Literal(text, datatype=NamedNode(XSD + name)), self.put(text)
        if kind == 2 and not unique:
            text = self.choose.choice(["true", "false"])
            return Literal(text, datatype=NamedNode(XSD + "boolean")), self.put(text)
        value, parts = f"{number}", f"{number}"
        for _ in range(self.choose.randrange(4)):
            plain, written = self.choose.choice(PIECES)
            value, parts = value + plain, parts + written
        quotes = '"'
        if self.rich:
            quotes = self.choose.choice(['"', "'", '"""', "'''"])
            if len(quotes) == 3:
                other = "'\"" if quotes[0] == '"' else "\"'"
                value, parts = f"{value}\n{other}x", f"{parts}\n{other}x"
        offset = self.put(quotes, parts, quotes)
        suffix = self.choose.randrange(4)
        if suffix == 0:
            self.put("@nl-BE")
            return Literal(value, language="nl-BE"), offset
        if suffix == 1:
            self.put("^^")
            self.iri(iri("d/t"))
            return Literal(value, datatype=iri("d/t")), offset
        return Literal(value), offset

    def predicate(self) -> NamedNode:
        node = self.choose.choice([NamedNode(TYPE), iri("p"), iri("d/q")])
        if self.rich and node.value == TYPE and self.choose.random() < 0.8:
            self.put("a")
        else:
            self.iri(node)
        return node

    def value(self, subject: object, predicate: NamedNode, depth: int) -> None:
        kind = self.choose.randrange(6 if self.rich and depth < 3 else 3)
        if kind == 0:
            node = self.name()
            self.say(subject, predicate, node, self.iri(node))
        elif kind == 1:
            value, offset = self.literal(unique=False)
            self.say(subject, predicate, value, offset)
        elif kind == 2:
            label = self.choose.choice(["_:a", "_:b.c", "_:1"])
            self.say(subject, predicate, label, self.put(label))
        elif kind in (3, 4):
            node, offset = self.bracketed(depth)
            self.say(subject, predicate, node, offset)
        else:
            node, offset = self.collection(depth)
            self.say(subject, predicate, node, offset)

    def bracketed(self, depth: int) -> tuple[object, int]:
        node = self.fresh()
        offset = self.put("[")
        self.about(node, offset)
        self.space("")
        self.pairs(node, depth + 1, mark=True)
        self.put("]")
        return node, offset

    def collection(self, depth: int, least: int = 0) -> tuple[object, int]:
        start = self.put("(")
        self.space("")
        cell: object = None
        root: object = None
        for _ in range(self.choose.randrange(least, 4)):
            new = self.fresh()
            offset = len(self.text)
            kind = self.choose.randrange(3 if depth < 3 else 1)
            if kind == 0:
                item, _ = self.literal(unique=True)
            elif kind == 1:
                item, _ = self.bracketed(depth)
            else:
                item, _ = self.collection(depth + 1, least=1)
            self.say(new, NamedNode(FIRST), item, offset)
            self.about(new, start if root is None else offset)
            if root is None:
                root = new
            else:
                self.say(cell, NamedNode(REST), new, offset)
            cell = new
            self.space()
        end = self.put(")")
        if root is None:
            return NamedNode(NIL), start
        self.say(cell, NamedNode(REST), NamedNode(NIL), end)
        return root, start

    def pairs(self, subject: object, depth: int, mark: bool) -> None:
        """Predicates and objects of a subject, among them its mark."""
        count = self.choose.randrange(0 if mark else 1, 3)
        for number in range(count):
            if number:
                self.put(self.choose.choice([";", ";", ";;"]))
                self.space("")
            predicate = self.predicate()
            self.space()
            self.value(subject, predicate, depth)
            while self.choose.random() < 0.3:
                self.space("")
                self.put(",")
                self.space("")
                self.value(subject, predicate, depth)
            self.space()
        if mark:
            if count:
                self.put(";")
                self.space("")
            self.mark(subject)

    def mark(self, subject: object) -> None:
        predicate, value = iri("mark"), Literal(f"node {subject}")
        self.put("<http://e/mark>")
        self.space()
        self.say(subject, predicate, value, self.put(f'"{value.value}"'))
        self.space("")

    def statement(self) -> None:
        kind = self.choose.randrange(5 if self.rich else 2)
        if kind in (0, 2):
            subject: object = self.name()
            offset = self.iri(subject)
        elif kind == 1:
            subject = self.choose.choice(["_:a", "_:b.c", "_:1"])
            offset = self.put(subject)
        elif kind == 3:
            subject, offset = self.bracketed(0)
            if self.choose.random() < 0.5:
                return
        else:
            subject, offset = self.collection(0)
        self.about(subject, offset)
        self.space()
        if self.rich:
            self.pairs(subject, 0, mark=False)
            return
        predicate = self.predicate()
        self.space()
        self.value(subject, predicate, 0)
        self.space()

    def directive(self) -> None:
        namespace = self.choose.choice([E, E + "d/", "http://other/"])
        if self.choose.random() < 0.4:
            self.base = namespace
            words = self.choose.choice([("@base ", " ."), ("BASE", ""), ("base ", "")])
            self.put(words[0], f"<{namespace}>", words[1])
        else:
            prefix = self.choose.choice(["", "e", "é", "a.b"])
            self.prefixes[prefix] = namespace
            words = self.choose.choice([("@prefix", "."), ("PREFIX", ""), ("prefix\t", "")])
            self.put(words[0], f" {prefix}: ", f"<{namespace}>", words[1])
        self.space()

    def document(self) -> str:
        for label in ("_:a", "_:b.c", "_:1"):  # marks: which blank node is which
            self.about(label, self.put(label))
            self.put(" ")
            self.mark(label)
            self.put(" .", self.line_end)
        for _ in range(self.choose.randrange(1, 6)):
            while self.rich and self.choose.random() < 0.5:
                self.directive()
            graph = self.syntax == "trig" and self.choose.random() < 0.6
            if not graph:
                self.statement()
                if self.syntax == "nq" and self.choose.random() < 0.6:
                    self.put(self.choose.choice(["<http://e/s>", "_:a", "<http://e/g>"]), " ")
                self.put(".", "" if self.rich and self.choose.random() < 0.3 else self.line_end)
                continue
            self.put(
                self.choose.choice(["", "GRAPH <http://e/s>", "graph _:a ", "<http://e/s> ", "_:a", "[]", "[ ] "]), "{"
            )
            self.space("")
            for number in range(self.choose.randrange(3)):
                if number:
                    self.put(".")
                    self.space("")
                self.statement()
            self.put(self.choose.choice(["", "."]) if self.text[-1:] not in "{" and self.ended() else "", "}")
            self.space("")
        return self.text

    def ended(self) -> bool:
        """Whether a statement was just written, so that a dot may end it."""
        return not re.search(r"\{[\s]*(#[^\r\n]*[\s]*)*$", self.text)


def named(writing: Writing, document: Document) -> dict[object, object]:
    """The document's own terms for the nodes of a writing: by their marks, and the cells by what they hold."""
    found: dict[object, object] = {}
    by_value = {(t.predicate, t.object): t.subject for t in document.triples}
    left = {node: keys for node, keys in _keys(writing).items() if isinstance(node, str | int)}
    while left:
        before = len(left)
        for node, (predicate, value) in list(left.items()):
            known = found.get(value) if isinstance(value, str | int) else value
            if known is not None and (predicate, known) in by_value:
                found[node] = by_value[predicate, known]
                del left[node]
        assert len(left) < before, (left, writing.text)
    return found


def _keys(writing: Writing) -> dict[object, tuple[NamedNode, object]]:
    """A statement about each blank node that nothing else can say."""
    keys: dict[object, tuple[NamedNode, object]] = {}
    for subject, predicate, value in writing.statements:
        if predicate in (iri("mark"), NamedNode(FIRST)):
            keys[subject] = predicate, value
    return keys


@pytest.mark.parametrize("syntax", ["ttl", "trig", "nt", "nq"])
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), bom=st.booleans())
@example(seed=0, bom=True)
def test_whatever_is_written_has_its_place(
    syntax: str, seed: int, bom: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    writing = Writing(Random(seed), syntax)
    text = writing.document()
    file = tmp_path_factory.getbasetemp() / f"any.{syntax}"
    file.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    document = parse.parse(file)
    assert document.readable, (document.findings, text)
    terms = named(writing, document)
    where = Whereabouts([document], [])

    def term(node: object) -> object:
        return terms[node] if isinstance(node, str | int) else node

    assert len(document.triples) == len(writing.statements), text
    for (subject, predicate, value), offset in writing.statements.items():
        found = where.of(term(subject), predicate, term(value))
        assert found == (document.name, *line_and_column(text, offset)), (subject, predicate, value, text)
    for subject, offset in writing.subjects.items():
        found = where.of(term(subject), NONE, None)
        assert found == (document.name, *line_and_column(text, offset)), (subject, text)


def test_the_places_of_paths_take_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        lines = "".join(
            f'<urn:s{one}> <urn:p> <urn:m{one}> . <urn:m{one}> <urn:q> "{one}" .\n' for one in range(number)
        )
        document = parse.parse(Path("x.ttl"), lines.encode())
        where = Whereabouts([document], [])
        steps = [NamedNode("urn:p"), NamedNode("urn:q")]
        start = time.process_time()
        source_map = [
            where.of(NamedNode(f"urn:s{one}"), None, Literal(str(one)), steps) for one in reversed(range(number))
        ]
        assert source_map[0][1] == number
        assert source_map[-1][1] == 1
        return time.process_time() - start

    assert min(seconds(8000) for _ in range(3)) < 3 * min(seconds(4000) for _ in range(3))
