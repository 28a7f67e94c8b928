"""What ``publish`` writes is the same graph to parsers of three families: rdflib, Oxigraph, and those of npm.

Graphs are compared triple by triple after RDF Dataset Canonicalization: literals as they are written.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat

import needs
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.concepts import top_concepts
from ghent_partnerships.rdf.namespaces import ID

PROJECT = packaged()

HERE = Path(__file__).parents[1] / "parsers"
FORMATS = {
    ".ttl": (RdfFormat.TURTLE, "turtle"),
    ".nt": (RdfFormat.N_TRIPLES, "nt"),
    ".jsonld": (RdfFormat.JSON_LD, "json-ld"),
    ".rdf": (RdfFormat.RDF_XML, "xml"),
    ".trig": (RdfFormat.TRIG, "trig"),
    ".nq": (RdfFormat.N_QUADS, "nquads"),
}
FOUR = {".ttl", ".nt", ".jsonld", ".rdf"}
WHOLE = {
    *(
        f"{name}{suffix}"
        for name in ("ghent-partnerships", "ontology", "shapes", "style", "queries")
        for suffix in FOUR
    ),
    "ghent-partnerships.trig",
    "ghent-partnerships.nq",
    "flat.ttl",
    "org.ttl",
    "schema.jsonld",
    *(f"catalog{suffix}" for suffix in FOUR),
}
CONTEXT = "context.jsonld"  # what the other JSON-LD means, and no graph itself
REIFIED = "ghent-partnerships-reified.trig"  # of RDF 1.2, which rdflib does not read: tests/rdf/test_reified.py
GRAPHS = {f"{ID}dataset/{name}" for name in ("ontology", "data", "sources", "links")}


@pytest.fixture(scope="module")
def whole(dist: Published) -> list[Path]:
    """Every file of RDF beside the documents, found by its name: a form that comes later is read here too. That of the
    feed has relative IRIs, and test_feed.py reads it."""
    return sorted(
        path
        for path in dist.directory.iterdir()
        if path.suffix in FORMATS and path.name not in (CONTEXT, "feed.ttl", REIFIED)
    )


@pytest.fixture(scope="module")
def documents(dist: Published) -> list[Path]:
    return sorted(path for path in (dist.directory / "doc").rglob("*") if path.suffix in FORMATS)


@pytest.fixture(scope="module")
def modules() -> tuple[str, Path]:
    """Node, and a folder of .venv with the parsers as package-lock.json pins them."""
    return needs.modules(HERE)


def canonical(quads: Iterable[Quad]) -> set[str]:
    """The triples, whatever graph they are in, with blank nodes labelled by their place."""
    dataset = Dataset(Quad(*quad.triple) for quad in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def graph_names(quads: Iterable[Quad]) -> set[str]:
    return {getattr(quad.graph_name, "value", "") for quad in quads}


def source(files: Iterable[Path]) -> set[str]:
    return canonical(Quad(*triple) for file in files for triple in parse.parse(file).triples)


def derived() -> set[str]:
    """What is published beside what is stated."""
    stated = (triple for file in PROJECT.graph_files() for triple in parse.parse(file).triples)
    return canonical(Quad(*triple) for triple in top_concepts(stated))


def by_oxigraph(path: Path) -> list[Quad]:
    return list(pyoxigraph.parse(path=path, format=FORMATS[path.suffix][0]))


def by_rdflib(path: Path) -> list[Quad]:
    read = rdflib.Dataset()
    read.parse(path, format=FORMATS[path.suffix][1], publicID="")
    text = read.serialize(format="nquads", encoding="utf-8")
    return list(pyoxigraph.parse(text, format=RdfFormat.N_QUADS))


def by_npm(modules: tuple[str, Path], paths: Iterable[Path]) -> dict[Path, list[Quad]]:
    """What n3, jsonld and rdfxml-streaming-parser read. None of them may ask the network for anything."""
    node, folder = modules
    command = [node, str(HERE / "quads.mjs"), str(folder)]
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run(command, input=names, capture_output=True, text=True, encoding="utf-8", check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(name, error) for name, _, error in lines if error is not None] == []
    return {Path(name): list(pyoxigraph.parse(text, format=RdfFormat.N_QUADS)) for name, text, _ in lines}


@pytest.fixture(scope="module")
def exact_literals() -> Iterable[None]:
    """rdflib keeps the literals as they are written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield


def right(path: Path) -> set[str]:
    """What a file must hold: its source, or for what is derived the first of its forms as Oxigraph reads it."""
    sources = {
        "ghent-partnerships": PROJECT.graph_files(),
        "shapes": [PROJECT.shapes_file(), *PROJECT.shape_files(), PROJECT.rules_file()],
        "style": [PROJECT.style_file()],
    }
    if path.stem in sources and path.parent.parent.name != "doc":
        stated = source(sources[path.stem])
        return stated | (derived() if path.stem == "ghent-partnerships" else set())
    plain = path.with_suffix(".nt")
    return canonical(by_oxigraph(plain if plain.exists() else path))


def test_the_parsers_are_pinned_by_their_content() -> None:
    """Whatever registry they come from: the lock names none, so that npm asks the one that it is set up with."""
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = packages.pop("")["dependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}
    assert set(wanted) == {"jsonld", "n3", "rdfxml-streaming-parser"}
    assert [name for name, package in packages.items() if not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_form_of_the_whole_graph_is_there(whole: list[Path]) -> None:
    assert WHOLE - {path.name for path in whole} == set()


@pytest.mark.usefixtures("exact_literals")
def test_three_families_of_parsers_read_every_whole_file_as_its_source(
    whole: list[Path], modules: tuple[str, Path]
) -> None:
    read_by_npm = by_npm(modules, whole)
    assert set(read_by_npm) == set(whole)
    differing = []
    for path in whole:
        expected = right(path)
        assert expected, path.name
        readings = {"Oxigraph": by_oxigraph(path), "rdflib": by_rdflib(path), "npm": read_by_npm[path]}
        differing += [(path.name, parser) for parser, quads in readings.items() if canonical(quads) != expected]
    assert differing == []


@pytest.mark.usefixtures("exact_literals")
def test_three_families_of_parsers_find_one_named_graph_for_each_kind(
    dist: Published, modules: tuple[str, Path]
) -> None:
    paths = [dist.directory / "ghent-partnerships.trig", dist.directory / "ghent-partnerships.nq"]
    read_by_npm = by_npm(modules, paths)
    for path in paths:
        for quads in (by_oxigraph(path), by_rdflib(path), read_by_npm[path]):
            assert graph_names(quads) == GRAPHS
            assert len(quads) == len(canonical(quads)), f"{path.name}: a statement stands in two graphs"


def test_what_is_no_dataset_has_no_named_graph(whole: list[Path], modules: tuple[str, Path]) -> None:
    for path, quads in by_npm(modules, whole).items():
        if path.suffix not in (".trig", ".nq"):
            assert graph_names(quads) == {""}, path.name


def test_every_document_is_the_same_in_its_forms_for_oxigraph_and_npm(
    documents: list[Path], modules: tuple[str, Path]
) -> None:
    assert len(documents) == 4 * len({path.with_suffix("") for path in documents}) > 1200
    expected = {path.with_suffix(""): right(path) for path in documents if path.suffix == ".nt"}
    assert all(expected.values())
    read_by_npm = by_npm(modules, documents)
    assert set(read_by_npm) == set(documents)
    differing = [
        (path.name, parser)
        for path in documents
        for parser, quads in {"Oxigraph": by_oxigraph(path), "npm": read_by_npm[path]}.items()
        if canonical(quads) != expected[path.with_suffix("")]
    ]
    assert differing == []


@pytest.mark.usefixtures("exact_literals")
def test_a_document_of_each_type_is_the_same_in_its_forms_for_rdflib(documents: list[Path]) -> None:
    first = {path.parent.name: path.with_suffix("") for path in reversed(documents)}
    assert {"city", "fragment", "partnership", "shape"} < set(first)
    sample = [path for path in documents if path.with_suffix("") in first.values()]
    assert len(sample) == 4 * len(first)
    assert [path.name for path in sample if canonical(by_rdflib(path)) != right(path)] == []


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("remote.jsonld", '{"@context": "https://schema.org/", "name": "Gent"}', "asks the network for https://schema"),
        ("unknown.jsonld", '{"@context": {}, "@id": "https://example.org/", "name": "Gent"}', "Safe mode"),
        ("half.ttl", "<https://example.org/> <https://example.org/", "Unexpected"),
        ("half.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf>', "nexpected close tag"),
    ],
)
def test_the_parsers_of_npm_refuse_what_is_not_right(
    name: str, text: str, error: str, modules: tuple[str, Path], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match=error):
        by_npm(modules, [tmp_path / name])
