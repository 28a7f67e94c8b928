"""The canonical layout."""

import re
from collections import Counter
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import needs
from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.format import canonical, layout
from ghent_partnerships.rdf.layout import arranged
from ghent_partnerships.rdf.tokens import COMMENT, IRIREF, STRING

PROJECT = packaged()

TempPaths = pytest.TempPathFactory

STRICT = "[tool.ghent-partnerships.fmt]\nstrict = true\n"
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
PREFIX p: <https://w3id.org/ghent-partnerships/id/partnership/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<http://example.org/a%20bd>
    ex:iri <http://example.org/not/a/name> ;
    ex:n "quote \\" and \\\\" ;
.

p:a
    ex:list ( 2 [ ex:of ex:it ] "x" ) ;
    ex:n 1.50 ;
    ex:n 3 ;
    ex:n true ;
    gp:startYear "1971"^^xsd:gYear ;
.

p:b
    a gp:Partnership ;
    gp:party ex:one ;
    gp:party ex:two ;
    rdfs:label """Zwei
Zeilen"""@de ;
    rdfs:label "one"@en ;
.
'''


def test_the_layout_of_a_strict_project_is_that_of_its_graph(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    file = tmp_path / "below" / "messy.ttl"
    file.parent.mkdir()
    file.write_text(MESSY, encoding="utf-8")
    assert canonical(file) == CANONICAL
    triples = set(map(str, parse.parse(file).triples))
    file.write_text(CANONICAL, encoding="utf-8")
    assert canonical(file) == CANONICAL
    ground = {triple for triple in triples if "_:" not in triple}
    assert ground <= set(map(str, parse.parse(file).triples))
    assert len(triples) == len(parse.parse(file).triples)


def test_every_turtle_file_of_the_repository_is_canonical() -> None:
    files = [
        *PROJECT.graph_files(),
        PROJECT.shapes_file(),
        PROJECT.rules_file(),
        *(PROJECT.root / "tests" / "shapes").rglob("*.ttl"),
    ]
    assert len(files) > 100
    assert [file.name for file in files if canonical(file) != file.read_text(encoding="utf-8")] == []


def test_the_prefixes_of_a_file_are_a_head_for_a_query() -> None:
    head = (PROJECT.root / "data" / "ghent.ttl").read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("PREFIX ")
    assert pyoxigraph.Store().query(f"{head} ASK {{ city:ghent a gp:City }}") is not None
    assert PROJECT.query_files()


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("<http://x/s> <http://x/p> 1 . # why\n", 1, 31, "comment"),
        ('<http://x/s> <http://x/p> "# no" , <http://x/#no> .\n  # yes\n', 2, 3, "comment"),
        ("_:a <http://x/p> _:b . <http://x/s> <http://x/p> _:b .\n", 1, 1, "used twice"),
        ("_:a <http://x/p> _:b . _:b <http://x/p> _:a .\n", 1, 1, "cycle"),
        ("<http://x/s> <http://x/p> " + "[ <http://x/p> " * 101 + "1" + "]" * 101 + " .\n", 1, 1, "more than 100"),
        ("@prefix : <http://x/> .\n:a :p <#b> .\n", 2, 7, "The IRI <#b> is relative"),
        ("@prefix : <#> . :a <http://x/p> 1 .\n", 1, 11, "The IRI <#> is relative"),
        ("@prefix : <http://x/> .\n", 1, 1, "no triple"),
    ],
)
def test_a_strict_project_refuses_what_its_layout_has_no_place_for(
    text: str, line: int, column: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    assert refused(tmp_path / "a.ttl", text, message) == (line, column)


def test_what_cannot_be_laid_out_safely_is_refused_at_its_place(tmp_path: Path) -> None:
    deep = "<s> <p>\n" + "[ <p> " * 101 + "1" + "]" * 101 + " .\n"
    assert refused(tmp_path / "a.ttl", deep, "nested more than 100 deep") == (2, 601)
    assert layout(parse.parse(tmp_path / "a.ttl")) == 2


def refused(file: Path, text: str, message: str) -> tuple[int, int]:
    """Where a text is refused."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidError, match=message) as raised:
        canonical(file)
    (finding,) = raised.value.findings
    return finding.location.line, finding.location.column


@pytest.mark.parametrize("setting", ["", "[tool.ghent-partnerships]\nfmt = 1\n", STRICT.replace("true", "false")])
def test_the_nearest_pyproject_decides(setting: str, tmp_path: Path) -> None:
    file = tmp_path / "project" / "a.ttl"
    file.parent.mkdir()
    (tmp_path / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    (tmp_path / "project" / "pyproject.toml").write_text(setting, encoding="utf-8")
    file.write_text("# why\n<s> <p> 1 .\n", encoding="utf-8")
    assert canonical(file) == "# why\n<s>\n    <p> 1 ;\n.\n"


def test_a_pyproject_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool", encoding="utf-8")
    (tmp_path / "a.ttl").write_text("<s> <p> 1 .\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"pyproject\.toml: this is not TOML"):
        canonical(tmp_path / "a.ttl")


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
BASES = """@base <http://b.test/x/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .

<>
    a owl:Ontology ;
.

<term>
    a owl:Class ;
.

@base <../> .

<y>
    <p> <http://b.test/z> ;
.
"""
THEIRS = """@prefix schema: <https://schema.org/> .
@prefix city: <http://my.test/city#> .
@prefix acme: <http://www.w3.org/2004/02/skos/core#> .
@prefix unused: <http://my.test/> .

city:a
    acme:prefLabel "p"@EN-us ;
    schema:about <http://my.test/city#x> ;
    schema:about _:b1 ;
.

_:b1
    schema:knows _:b1 ;
.
"""


@pytest.mark.parametrize("text", [RELATIVE, BASES, THEIRS], ids=["relative", "base", "prefixes"])
def test_everybody_keeps_prefixes_bases_labels_and_relative_iris(text: str, tmp_path: Path) -> None:
    file = tmp_path / "theirs.ttl"
    file.write_text(re.sub(r"\s+", " ", text), encoding="utf-8")
    assert canonical(file) == text
    file.write_text(text, encoding="utf-8")
    assert layout(parse.parse(file)) == 0
    file.write_text(text.replace(" ;\n.", " ."), encoding="utf-8")
    assert layout(parse.parse(file)) == text[: text.index(" ;\n.")].count("\n") + 1


def test_the_first_directive_says_how_all_are_spelled(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("base <http://b/> @prefix a: <a#> .\n", encoding="utf-8")
    assert canonical(file) == "BASE <http://b/>\nPREFIX a: <a#>\n"


COMMENTED = """# License

@prefix ex: <http://e/> . # behind ex
# of unused
@prefix unused: <http://u/> .
# about b
ex:b a ex:T ; # why T
  # before q
  ex:q 'two' , "one" # behind one
  , [ ex:r 1 # in brackets
      ; a ex:X
      # last in brackets
    ] ; # behind brackets
  # last of b
. # behind the full stop
ex:a ex:list ( # opened
   1 # first
   # before the second
   2 ) . # in one line
ex:b # again
  ex:z ex:y .

# A section

ex:aa ex:p # of both
  2, 1 .
# the end"""
ARRANGED = """# License

@prefix ex: <http://e/> . # behind ex
# of unused
@prefix unused: <http://u/> .

ex:a
    ex:list ( # opened
        1 # first
        # before the second
        2
    ) ; # in one line
.

# about b
ex:b
    a ex:T ; # why T
    # before q
    ex:q "one" ; # behind one
    ex:q "two" ;
    ex:q [
        a ex:X ;
        ex:r 1 ; # in brackets
        # last in brackets
    ] ; # behind brackets
    # again
    ex:z ex:y ;
    # last of b
. # behind the full stop

# A section

ex:aa
    # of both
    ex:p 1 ;
    ex:p 2 ;
.

# the end
"""


def test_a_comment_stays_with_what_it_stands_before_or_behind() -> None:
    assert arranged(COMMENTED) == ARRANGED
    assert arranged(ARRANGED) == ARRANGED


def assert_nothing_is_lost(text: str) -> None:
    """A text in the layout has its triples and comments, and stays as it is."""
    written = arranged(text)
    assert comments(written) == comments(text)
    assert dataset(written) == dataset(text)
    assert arranged(written) == written


def comments(text: str) -> Counter[str]:
    found = re.finditer(rf"{STRING}|{IRIREF}|\\.|({COMMENT})", text, re.DOTALL)
    return Counter(match[1] for match in found if match[1] is not None)


def dataset(text: str) -> pyoxigraph.Dataset:
    graph = pyoxigraph.Dataset(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE, base_iri="http://b.test/x/y"))
    graph.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return graph


@pytest.mark.parametrize(
    ("folder", "least"),
    [("data/ga-vocabs", 40), ("conformance/rdf-syntax/rdf-turtle", 200), ("conformance/cube-link", 40)],
)
def test_no_triple_and_no_comment_of_other_people_is_lost(folder: str, least: int) -> None:
    texts = []
    for file in sorted(needs.shared(folder).rglob("*.ttl")):
        with suppress(ValueError, SyntaxError):  # the suite has files that are no Turtle
            dataset(text := file.read_text(encoding="utf-8"))
            texts.append(text)
    assert len(texts) >= least
    for text in texts:
        assert_nothing_is_lost(text)


GAPS = st.sampled_from([" ", "\n", "\n\n", " # c\n", "\n# d\n", "\n# e\n\n# f\n", " #\r\n#\r", "\t##  \u2028x\n \n"])
IRIS = st.sampled_from(["ex:a", "ex:b", "<c>", "<http://e/a>", ":", ":d\\,"])
LITERALS = st.sampled_from(["1", "2.5", "true", "'x'", '"# x"@En-GB', '"""a\n#b"""', '"5"\0^^\0ex:a', "'\\u0041'^^<t>"])


def _brackets(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = _pairs(inner)
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "\0".join(["(", *items, ")"])),
        pairs.map(lambda text: f"[\0{text}\0]"),
        st.just("[\0]"),
    )


def _pairs(objects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(objects, min_size=1, max_size=3).map("\0,\0".join)
    pair = st.tuples(st.one_of(st.just("a"), IRIS), listed).map("\0".join)
    listed = st.lists(pair, min_size=1, max_size=3).map("\0;\0".join)
    return st.tuples(listed, st.sampled_from(["", "\0;", "\0;\0;"])).map("".join)


LABELS = st.sampled_from(["_:x", "_:y1.z"])
OBJECTS = st.recursive(st.one_of(IRIS, LITERALS, LABELS), _brackets, max_leaves=5)
SUBJECTS = st.one_of(IRIS, LABELS, st.sampled_from(["[\0]", "(\0ex:a\0)", "[\0a\0ex:b\0]"]))
DIRECTIVES = ["@prefix\0ex:\0<http://f/>\0.", "PREFIX\0:\0<#>", "@base\0<../>\0.", "base\0<http://b/c>"]
STATEMENTS = st.one_of(
    st.tuples(SUBJECTS, _pairs(OBJECTS)).map(lambda parts: "\0".join([*parts, "."])), st.sampled_from(DIRECTIVES)
)


@settings(deadline=None, max_examples=100)
@given(statements=st.lists(STATEMENTS, max_size=5), gaps=st.lists(GAPS, min_size=1, max_size=40))
def test_no_triple_and_no_comment_of_any_turtle_is_lost(statements: list[str], gaps: list[str]) -> None:
    pieces = "\0".join(["@prefix\0ex:\0<http://e/>\0.\0prefix\0:\0<http://e/n#>", *statements, ""]).split("\0")
    assert_nothing_is_lost("".join(map("".join, zip(pieces, cycle(gaps), strict=False))))


PIECES = st.lists(
    st.sampled_from(["a", "b", "..", ".", "", "/", "//", "?", "#", ":", "%20", "é", "x:", ";"]), max_size=7
)


@settings(deadline=None, max_examples=200)
@given(references=st.lists(PIECES.map("".join), min_size=1, max_size=4))
def test_whatever_is_relative_means_the_same_at_any_base(references: list[str], tmp_path_factory: TempPaths) -> None:
    text = "".join(f"<http://e/s> <http://e/p> <{reference}> .\n" for reference in references)

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
