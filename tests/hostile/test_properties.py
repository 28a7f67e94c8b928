"""Whatever the graph, its canonical layout keeps it; whatever the text, its triples have their places."""

import contextlib
import io
import re
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress

import pyoxigraph
import pytest
from command import HEAD, SHAPES, judged, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, Quad, RdfFormat, Triple

from ghent_partnerships.cli import main
from ghent_partnerships.project.graph import to_rdflib
from ghent_partnerships.rdf.jsonld import Context, SchemaContext, write
from ghent_partnerships.rdf.lexer import first_comment
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.positions.turtle import locate
from ghent_partnerships.rdf.serialize import dataset
from ghent_partnerships.rdf.turtle import RDF, XSD, UnwritableError, by_subject, serialize


def iri(text: str) -> NamedNode | None:
    """The IRI, or None where the text is none."""
    try:
        return next(pyoxigraph.parse(f"<a:s> <a:p> <{text}> .", format=RdfFormat.TURTLE)).object
    except SyntaxError:
        return None


NAMESPACES = st.sampled_from([*PREFIXES.values(), "http://e/", "http://e/#", "urn:x:", "http://e\u2100x/", "tag:e,1:"])
LOCALS = st.text(st.sampled_from("abz019_-.%~:/#?é\u00b7\u202e\u1680\u2100語'()!$&*+,;=@"), max_size=6)
IRIS = st.builds(lambda namespace, local: iri(namespace + local), NAMESPACES, LOCALS).filter(bool)
PREDICATES = IRIS | st.sampled_from([NamedNode(RDF + name) for name in ("type", "first", "rest")])
TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\"'\\\n\r\t#<>@^.;\x1b\x9b\u202e"))
NUMBERS = st.sampled_from(["1", "+1", "-0", "1.", ".5", "1.50", "1e3", "1.E3", "true", "1\n", "1 ", "\u0661"])
TAGS = st.sampled_from(["en", "nl-BE", "x-a", "zh-Hant-TW", "base", "prefix"])
KINDS = ("integer", "decimal", "double", "boolean", "gYear", "string")
DATATYPES = st.sampled_from([NamedNode(XSD + name) for name in KINDS])
CUSTOM = IRIS.filter(lambda node: node.value not in (RDF + "langString", RDF + "dirLangString"))
LEAVES = st.one_of(
    IRIS,
    st.builds(Literal, TEXTS),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, TAGS),
    st.builds(lambda text, kind: Literal(text, datatype=kind), TEXTS | NUMBERS, DATATYPES | CUSTOM),
)
# A tree: a leaf, a list of trees, or the predicates and trees of a blank node.
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.lists(st.tuples(PREDICATES, inner), max_size=3),
    max_leaves=6,
)
GROUND = st.lists(st.builds(Triple, IRIS, PREDICATES, LEAVES), min_size=1, max_size=6)


def grow(tree: object, triples: list[Triple]) -> object:
    """The term of a tree, after its triples were added."""
    if isinstance(tree, list):
        node = BlankNode()
        triples.extend([Triple(node, predicate, grow(value, triples)) for predicate, value in tree])
        return node
    if isinstance(tree, tuple):
        rest: object = NamedNode(RDF + "nil")
        for item in reversed(tree):
            cell = BlankNode()
            triples.append(Triple(cell, NamedNode(RDF + "first"), grow(item, triples)))
            triples.append(Triple(cell, NamedNode(RDF + "rest"), rest))
            rest = cell
        return rest
    return tree


@st.composite
def graphs(draw: st.DrawFn) -> list[Triple]:
    triples: list[Triple] = []
    for _ in range(draw(st.integers(1, 4))):
        subject = draw(IRIS | st.builds(BlankNode))
        triples.append(Triple(subject, draw(PREDICATES), grow(draw(TREES), triples)))
    return list(dict.fromkeys(triples))


def isomorphic(quads: Iterable[Quad]) -> set[str]:
    """The triples with canonical labels: equal for graphs that are isomorphic."""
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(graphs())
def test_the_canonical_layout_keeps_any_graph_and_is_stable(triples: list[Triple]) -> None:
    text = serialize(by_subject(triples), PREFIXES)
    again = list(pyoxigraph.parse(text, format=RdfFormat.TURTLE))
    assert isomorphic(again) == isomorphic(Quad(*triple) for triple in triples), text
    assert serialize(by_subject(quad.triple for quad in again), PREFIXES) == text
    assert first_comment(text) is None, text
    assert all(char.isprintable() or char == "\n" for char in text), text


@unhurried
@given(GROUND, st.lists(IRIS, min_size=1, max_size=3, unique=True))
def test_the_canonical_layout_keeps_any_named_graphs(triples: list[Triple], names: list[NamedNode]) -> None:
    def part(subject: str, predicate: str) -> str:
        return names[len(subject + predicate) % len(names)].value

    quads = {Quad(*triple, NamedNode(part(triple.subject.value, triple.predicate.value))) for triple in triples}
    files: dict[str, bytes] = {}
    with suppress(UnwritableError):  # RDF/XML, which comes last: XML lacks some characters
        files.update(dataset("x", {quad.triple for quad in quads}, Context(by_subject(triples)), part))
    for suffix, rdf_format in {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}.items():
        assert set(pyoxigraph.parse(files[f"x.{suffix}"], format=rdf_format)) == quads, files
    for suffix, rdf_format in {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}.items():
        read = {quad.triple for quad in pyoxigraph.parse(files[f"x.{suffix}"], format=rdf_format)}
        assert read == {quad.triple for quad in quads}, files


@unhurried
@given(graphs())
def test_json_ld_keeps_any_graph(triples: list[Triple]) -> None:
    statements = by_subject(triples)
    for context in (Context(statements), SchemaContext()):
        text = write(statements, context)
        again = pyoxigraph.parse(text, format=RdfFormat.JSON_LD)
        assert isomorphic(again) == isomorphic(Quad(*triple) for triple in triples), text.decode()


WRITERS: dict[str, Callable[[list[Triple]], str]] = {
    "package": lambda triples: serialize(by_subject(triples), PREFIXES),
    "oxigraph": lambda triples: pyoxigraph.serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES).decode(),
    "rdflib": lambda triples: to_rdflib(triples).serialize(format="turtle"),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("base", ["file:///x/y.ttl", "http://e/x/y.ttl"])
@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # rdflib, which writes it all the same
@unhurried
@given(triples=GROUND)
def test_every_triple_has_its_place(writer: str, base: str, triples: list[Triple]) -> None:
    text = WRITERS[writer](triples)
    try:  # what another serialiser writes need not be Turtle, nor the same graph
        parsed = [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE, base_iri=base)]
    except SyntaxError:
        assert writer != "package", text
        return
    positions = locate(text, base)
    for triple in parsed:
        offset = positions.objects.get(tuple(triple))
        assert offset is not None, f"{triple} has no place in:\n{text}"
        start = text[offset:]
        assert starts_with(start, triple.object), f"{triple.object} does not start at: {start[:60]!r}"


def starts_with(text: str, term: object) -> bool:
    """Whether a Turtle text starts as the term would."""
    if isinstance(term, NamedNode):
        return text[0] == "<" or bool(re.match(r"[\w.-]*:", text))
    assert isinstance(term, Literal)
    return text[0] in "\"'" or text.startswith(term.value)


TOKENS = """a b: e:a e:b <a:a> <b> <http://e/#> <http://e\u2100/> _:x [ ] ( ) , ; . # \\ ~ - ^^ <<( )>> {| |} 1 1.5 1.
    1.E3 .5e-3 true 'x' "y" '''z''' '1.1' @en @en--ltr @base @prefix @version PREFIX BASE VERSION \x1b \u202e"""
PIECES = st.sampled_from([*TOKENS.split(), "e:\u1680"])
LAYOUTS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\r\n"])).map("".join), max_size=12).map("".join)
DOCUMENTS = st.one_of(
    st.binary(max_size=60),
    LAYOUTS.map(lambda text: (HEAD + text).encode()),
    LAYOUTS.map(lambda text: f"{HEAD}e:a a e:Thing ; e:p {text} .".encode()),
)


@settings(unhurried, max_examples=60)
@given(content=DOCUMENTS)
def test_no_bytes_make_an_internal_error(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, shapes = written(folder / "any.ttl", content), written(folder / "any-shapes.ttl", SHAPES)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        for arguments in (["fmt", "--check", str(path)], ["validate", "--shapes", str(shapes), str(path)]):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main.main(arguments)
            judged(code, code, (arguments, content), out.getvalue().encode(), err.getvalue().encode())
            assert code in (0, 1), (arguments, content)
    finally:
        signal.signal(signal.SIGTERM, handler)
