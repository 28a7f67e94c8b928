"""Texts with a mark before a place, and what the tests of places name in them."""

from collections.abc import Callable

from pyoxigraph import BlankNode, Literal, NamedNode

from ghent_partnerships.rdf.parse import Document
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.rdf.turtle import XSD

E = "http://e/"
MARK = "\N{LEFTWARDS ARROW}"  # the place that is meant is behind it
Term = NamedNode | BlankNode | Literal
Read = Callable[..., Document]


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def number(value: object) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """By another way than the code's."""
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


S, P, Q, O = map(iri, "spqo")  # noqa: E741
NONE = iri("none")
HEAD = "PREFIX e: <http://e/>\n"


def assert_subject_in_place(name: str, marked: str, read: Read, *, bom: bool) -> None:
    """The node that a text is about, which has the value 7 or else a name, stands at the mark, as its statements do."""
    document = read(name, marked.replace(MARK, ""), bom=bom)
    seven = [t.subject for t in document.triples if isinstance(t.object, Literal) and t.object.value == "7"]
    focus = seven[0] if seven else NamedNode(f"{E}d#s") if "ID=" in marked else S
    assert any(focus in (t.subject, t.object) for t in document.triples), document.triples
    source_map = SourceMap([document], [])
    assert source_map.of(focus, NONE, None) == (document.name, *line_and_column(marked, marked.index(MARK)))
    for triple in document.triples:
        if triple.subject == focus:
            assert source_map.of(*triple)[1:] == line_and_column(marked, marked.index(MARK))
