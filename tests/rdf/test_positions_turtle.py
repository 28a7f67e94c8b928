"""Every statement in Turtle, TriG, N-Triples and N-Quads has its place."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ghent_partnerships.rdf.lexer import token_end
from ghent_partnerships.rdf.positions.turtle import locate
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.rdf.turtle import FIRST, NIL, REST, TYPE
from marked import HEAD, MARK, NONE, E, O, P, Q, Read, S, iri, line_and_column, number

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
    assert SourceMap([document], []).of(*asked) == (document.name, *line_and_column(marked, marked.index(MARK)))


def test_lines_and_columns_as_numbers(read: Read) -> None:
    document = read("x.ttl", 'PREFIX e: <http://e/>\r\n\te:s e:p "\U0001f600", "x" ;\r\n e:q 2 .', bom=True)
    source_map = SourceMap([document], [])
    found = [source_map.of(*statement)[1:] for statement in ((S, NONE, None), (S, P, Literal("x")), (S, Q, number(2)))]
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
    source_map = SourceMap([document], [])
    seven = [t.subject for t in document.triples if t.object == number(7)]
    if seven:
        assert source_map.of(seven[0], NONE, None)[1:] == there
        assert source_map.of(seven[0], Q, number(7))[1:] == line_and_column(
            marked.replace(MARK, ""), marked.index("7") - 1
        )
    else:  # a cell that holds an empty node
        (first,) = [t for t in document.triples if t.predicate.value == FIRST and isinstance(t.object, BlankNode)]
        assert source_map.of(first.subject, NONE, None)[1:] == there


def test_what_links_to_a_blank_node_has_its_place(read: Read) -> None:
    text = HEAD + "e:s e:p [ e:q 1 ] , ( 2 [ e:q 3 ] ) , _:x , [] .\n"
    document = read("x.ttl", text)
    source_map = SourceMap([document], [])
    found = [source_map.of(*t)[1:] for t in document.triples if t.subject == S]
    assert sorted(found) == [line_and_column(text, text.index(mark)) for mark in ("[ e:q 1", "( 2", "_:x", "[]")]
    links = {source_map.of(*t)[1:] for t in document.triples if t.predicate.value == REST}
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


@pytest.mark.slow
@pytest.mark.parametrize("opening", ["[ e:p ", "( "])
def test_depth_costs_no_recursion(opening: str, read: Read) -> None:
    depth = 90_000
    text = HEAD + "e:s e:p " + opening * depth + "7" + (" ]" if opening[0] == "[" else " )") * depth + " ."
    document = read("x.ttl", text)
    (leaf,) = [t for t in document.triples if t.object == number(7)]
    assert SourceMap([document], []).of(*leaf)[1:] == (2, 9 + len(opening) * depth)


def test_a_relative_name_is_resolved_at_its_file(read: Read) -> None:
    document = read("x.trig", "{\n<#s> <p>\n <> }")
    assert SourceMap([document], []).of(*document.triples[0])[1:] == (3, 2)


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
