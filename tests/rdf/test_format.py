"""The canonical layout."""

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghent_partnerships.errors import InvalidError
from ghent_partnerships.project.paths import graph_files, query_files, root, rules_file, shapes_file
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.format import canonical, layout

TempPaths = pytest.TempPathFactory

MESSY = """@prefix gp: <https://w3id.org/ghent-partnerships/ontology#> .
@prefix p: <https://w3id.org/ghent-partnerships/id/partnership/> .
@prefix unused: <http://example.org/unused#> .
@prefix ex: <http://example.org/> .
@prefix label: <http://www.w3.org/2000/01/rdf-schema#> .
p:b gp:party ex:two, ex:one ; a gp:Partnership ; label:label "Zwei\\nZeilen"@de, "one"@en .
p:a gp:startYear "1971"^^<http://www.w3.org/2001/XMLSchema#gYear> ; ex:list ( 2 [ ex:of ex:it ] "x" ) ;
  ex:n 3 , 1.50 , true .
<http://example.org/a%20bd> ex:n "quote \\" and \\\\" ; ex:iri <http://example.org/not/a/name> .
"""

CANONICAL = '''PREFIX ex: <http://example.org/>
PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>
PREFIX partnership: <https://w3id.org/ghent-partnerships/id/partnership/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<http://example.org/a%20bd>
    ex:iri <http://example.org/not/a/name> ;
    ex:n "quote \\" and \\\\" ;
.

partnership:a
    ex:list ( 2 [ ex:of ex:it ] "x" ) ;
    ex:n 1.50 ;
    ex:n 3 ;
    ex:n true ;
    gp:startYear "1971"^^xsd:gYear ;
.

partnership:b
    a gp:Partnership ;
    gp:party ex:one ;
    gp:party ex:two ;
    rdfs:label """Zwei
Zeilen"""@de ;
    rdfs:label "one"@en ;
.
'''


def test_the_layout_is_canonical(tmp_path: Path) -> None:
    file = tmp_path / "messy.ttl"
    file.write_text(MESSY, encoding="utf-8")
    assert canonical(file) == CANONICAL
    triples = set(map(str, parse.parse(file).triples))
    file.write_text(CANONICAL, encoding="utf-8")
    assert canonical(file) == CANONICAL
    ground = {triple for triple in triples if "_:" not in triple}
    assert ground <= set(map(str, parse.parse(file).triples))
    assert len(triples) == len(parse.parse(file).triples)


def test_every_turtle_file_of_the_repository_is_canonical() -> None:
    files = [*graph_files(), shapes_file(), rules_file(), *(root() / "tests" / "shapes").rglob("*.ttl")]
    assert len(files) > 100
    assert [file.name for file in files if canonical(file) != file.read_text(encoding="utf-8")] == []


def test_the_prefixes_of_a_file_are_a_head_for_a_query() -> None:
    head = (root() / "data" / "ghent.ttl").read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("PREFIX ")
    assert pyoxigraph.Store().query(f"{head} ASK {{ city:ghent a gp:City }}") is not None
    assert query_files()


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("<http://x/s> <http://x/p> 1 . # why\n", 1, 31, "comment"),
        ('<http://x/s> <http://x/p> "# no" , <http://x/#no> .\n  # yes\n', 2, 3, "comment"),
        ("_:a <http://x/p> _:b . <http://x/s> <http://x/p> _:b .\n", 1, 1, "used twice"),
        ("_:a <http://x/p> _:b . _:b <http://x/p> _:a .\n", 1, 1, "cycle"),
        (
            "<http://x/s> <http://x/p> " + "[ <http://x/p> " * 101 + "1" + "]" * 101 + " .\n",
            1,
            1,
            "nested more than 100",
        ),
        ("# why\n<s> <p> 123.0 . \n", 1, 1, "comment"),
        ("@prefix : <> . :a <http://x/p> 1 .\n", 1, 1, "a prefix stands for the address of the file itself"),
    ],
)
def test_what_would_be_lost_is_refused(text: str, line: int, column: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidError, match=message) as raised:
        canonical(file)
    (finding,) = raised.value.findings
    assert (finding.location.line, finding.location.column) == (line, column)


RELATIVE = """PREFIX : <#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX up: <../up/>

<>
    a owl:Ontology ;
    owl:imports <../../up/other.ttl> ;
    owl:imports <other.ttl> ;
.

:me
    :part <./a:b> ;
    :part <//host/x> ;
    :part </root> ;
    :part <?query> ;
    :part <x//y?a=../b#../c> ;
    :part up: ;
    :part up:x ;
.

<s>
    <p> "1"^^<kind> ;
    <p> 123.0 ;
.
"""


def test_a_relative_iri_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "relative.ttl"
    file.write_text(RELATIVE, encoding="utf-8")
    assert canonical(file) == RELATIVE
    assert layout(parse.parse(file)) == 0
    file.write_text("@prefix x: <#> .\n<s>  <p> x:o, <#> .\n", encoding="utf-8")
    assert canonical(file) == "PREFIX x: <#>\n\n<s>\n    <p> x: ;\n    <p> x:o ;\n.\n"
    assert layout(parse.parse(file)) == 1


def test_a_base_is_written_out(tmp_path: Path) -> None:
    """As before: a file with one says the same afterwards."""
    file = tmp_path / "base.ttl"
    file.write_text("<a> <p> 1 . @base <http://b/x/> . <> <p> <t> . @base <../> . <y> <p> 1 .", encoding="utf-8")
    assert canonical(file) == (
        "<http://b/x/>\n    <http://b/x/p> <http://b/x/t> ;\n.\n\n<http://b/y>\n    <http://b/p> 1 ;\n.\n\n"
        "<a>\n    <p> 1 ;\n.\n"
    )


PIECES = st.lists(
    st.sampled_from(["a", "b", "..", ".", "", "/", "//", "?", "#", ":", "%20", "é", "x:", ";"]), max_size=7
)


@settings(deadline=None, max_examples=500)
@given(references=st.lists(PIECES.map("".join), min_size=1, max_size=4))
def test_whatever_is_relative_means_the_same_at_any_base(references: list[str], tmp_path_factory: TempPaths) -> None:
    text = "".join(f"<http://e/s> <http://e/p> <{one}> .\n" for one in references)

    def meant(text: str, base: str) -> set[str]:
        return {str(quad) for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE, base_iri=base)}

    bases = ("http://h.test/1/2/3/4/5/6/7/8/9/file.ttl", "file:///home/a.ttl", "https://x.test/")
    try:
        before = [meant(text, base) for base in bases]
    except SyntaxError:
        return
    file = tmp_path_factory.getbasetemp() / "any.ttl"
    file.write_text(text, encoding="utf-8")
    written = canonical(file)
    assert [meant(written, base) for base in bases] == before
    file.write_text(written, encoding="utf-8")
    assert canonical(file) == written
