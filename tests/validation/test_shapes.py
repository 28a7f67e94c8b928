"""Every constraint of the shapes bites: for each, an example that conforms and one that breaks it by one statement.

``shapes/<node-shape>/valid.ttl`` conforms; ``invalid.<component>.ttl`` beside it breaks a constraint of the node shape
itself, ``invalid.<property shape or SPARQL constraint>.<component>.ttl`` one that it refers to. A file is checked as
an addition to the whole graph, as ``ghent-partnerships validate FILE`` does. ``style/`` does the same for the shapes
of ``ontology/style.ttl``; its files are checked as an addition to the ontology, the shapes and the queries.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, Triple
from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

import ghent_partnerships
from ghent_partnerships.project.graph import to_rdflib, triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.namespaces import ID
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.check import check
from ghent_partnerships.validation.documents import described, project_documents
from ghent_partnerships.validation.engines import core
from ghent_partnerships.validation.shapes import Shapes

TESTS = Path(__file__).parents[1]
SUITES = {  # the folders of the examples, with the files of the shapes that they break
    "shapes": (packaged().shapes_file(), *packaged().shape_files()),  # those of any city, and those of Ghent alone
    "style": (packaged().style_file(),),
}
VALID = sorted(file for suite in SUITES for file in TESTS.glob(f"{suite}/*/valid.ttl"))
INVALID = sorted(file for suite in SUITES for file in TESTS.glob(f"{suite}/*/invalid.*.ttl"))

TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
# What a shape says that cannot fail by itself; whatever else it says is a constraint and needs a breaking example.
HARMLESS = {*TARGETS, SH.description, SH.message, SH.severity, SH.path, SH.property}
HARMLESS |= {SH.ignoredProperties, SH.flags, SH.qualifiedValueShape}  # go with closed, pattern, qualifiedMinCount


class Constraint(NamedTuple):
    """What a result names: a shape or SPARQL constraint by its local name, and the component, ``min-count``."""

    source: str
    component: str


def name(node: Node | None) -> str:
    return str(node).removeprefix(ID + "shape/")


def kebab(term: Node | str | None) -> str:
    """``sh:minCount`` and ``sh:MinCountConstraintComponent`` are both "min-count"."""
    local = str(term).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local).lower()


def label(file: Path) -> str:
    return file.relative_to(TESTS).as_posix()


def suite_of(file: Path) -> str:
    return file.relative_to(TESTS).parts[0]


@cache
def shapes_of(suite: str) -> Graph:
    return to_rdflib(triples(SUITES[suite]))


@cache
def engine_shapes(suite: str) -> Shapes:
    return Shapes(triples(SUITES[suite]))


@cache
def statements_of(suite: str) -> tuple[Triple, ...]:
    """What the shapes of a suite look at."""
    if suite == "shapes":
        return tuple(triples(packaged().graph_files()))
    return tuple(chain.from_iterable(document.triples for document in described(project_documents(packaged()))))


@cache
def graph_of(suite: str) -> Graph:
    return to_rdflib(statements_of(suite))


def broken_by(file: Path) -> Constraint:
    """The constraint that a file breaks, by its name."""
    *source, component = file.name.removeprefix("invalid.").removesuffix(".ttl").split(".")
    return Constraint(".".join(source) or file.parent.name, component)


def targeted(shapes: Graph) -> set[Node]:
    return {shape for target in TARGETS for shape in shapes.subjects(target)}


def constraints(suite: str) -> dict[Constraint, set[str]]:
    """Each constraint that can report, with the files that may break it: one in the folder of any node shape that uses
    it. What only ``sh:or``, ``sh:xone`` or ``sh:qualifiedValueShape`` refers to reports nothing of its own."""
    examples: dict[Constraint, set[str]] = defaultdict(set)
    shapes = shapes_of(suite)
    for node in targeted(shapes):
        for shape in shapes.transitive_objects(node, SH.property):
            for predicate, value in shapes.predicate_objects(shape):
                if str(predicate).startswith(str(SH)) and predicate not in HARMLESS:
                    source = value if predicate == SH.sparql else shape
                    constraint = Constraint(name(source), kebab(predicate))
                    prefix = "" if source == node else f"{constraint.source}."
                    examples[constraint].add(f"{suite}/{name(node)}/invalid.{prefix}{constraint.component}.ttl")
    return examples


def focus_nodes(graph: Graph, kind: Node, target: Node) -> Iterator[Node]:
    if kind == SH.targetNode:
        yield from {target for _ in graph.predicate_objects(target)}
    elif kind == SH.targetObjectsOf:
        yield from graph.objects(None, target)
    elif kind == SH.targetSubjectsOf:
        yield from graph.subjects(target, None)
    else:
        for subclass in graph.transitive_subjects(RDFS.subClassOf, target):
            yield from graph.subjects(RDF.type, subclass)


def results(file: Path) -> list[Constraint]:
    """The constraints that the graph breaks with the file added, each once: two kinds that share a mark both break it.

    The engine checks the whole graph in half the time that pySHACL takes for a few nodes; ``test_engines.py`` has both
    find the same in all examples together.
    """
    suite, added = suite_of(file), parse(file).triples
    assert looked_at(suite, URIRef(f"{ID}shape/{file.parent.name}"), set(to_rdflib(added))), (
        "the shape that the folder is named after looks at nothing here"
    )
    verdict = core.verdict(dict.fromkeys([*statements_of(suite), *added]), engine_shapes(suite))
    assert [str(error.message) for error in verdict.ill_formed] == []
    broken = [Constraint(local(found.constraint or found.shape), kebab(found.component)) for found in verdict.results]
    return list(dict.fromkeys(broken))


def local(term: object) -> str:
    assert isinstance(term, NamedNode)
    return name(URIRef(term.value))


def looked_at(suite: str, shape: URIRef, added: set[tuple[Node, Node, Node]]) -> bool:
    """Whether a shape looks at anything that statements mention, or that refers to what they describe."""
    graph, shapes = graph_of(suite), shapes_of(suite)
    new = {triple for triple in added if triple not in graph}
    described = {subject for subject, _, _ in new}
    nodes = described | {value for _, _, value in new} | set(shapes.objects(None, SH.targetNode))
    nodes |= {subject for node in described for subject in graph.subjects(None, node)}
    for triple in new:
        graph.add(triple)
    try:
        targets = [(kind, target) for kind in TARGETS for target in shapes.objects(shape, kind)]
        return any(not nodes.isdisjoint(focus_nodes(graph, kind, target)) for kind, target in targets)
    finally:
        for triple in new:
            graph.remove(triple)


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shapes(suite: str) -> Graph:
    return shapes_of(suite)


def test_every_constraint_has_one_breaking_example_and_every_example_breaks_a_constraint(suite: str) -> None:
    expected, files = constraints(suite), {label(file) for file in INVALID if suite_of(file) == suite}
    assert expected
    counts = {constraint: len(may & files) for constraint, may in expected.items()}
    assert [" or ".join(sorted(expected[constraint])) for constraint, count in counts.items() if count == 0] == [], (
        "missing"
    )
    assert [sorted(expected[constraint] & files) for constraint, count in counts.items() if count > 1] == [], (
        "one is enough"
    )
    assert sorted(files.difference(*expected.values())) == [], "no such constraint"


def test_there_is_nothing_but_examples(suite: str) -> None:
    files = {label(file) for file in (TESTS / suite).rglob("*") if file.is_file()}
    assert files == {label(file) for file in VALID + INVALID if suite_of(file) == suite} != set()


@pytest.mark.parametrize("file", VALID, ids=label)
def test_a_valid_example_conforms(file: Path) -> None:
    assert results(file) == []


@pytest.mark.parametrize("file", INVALID, ids=label)
def test_a_breaking_example_breaks_the_constraint_of_its_name_and_nothing_else(file: Path) -> None:
    assert results(file) == [broken_by(file)]


@pytest.mark.parametrize("file", INVALID, ids=label)
def test_a_breaking_example_differs_from_its_valid_one_by_one_statement(file: Path) -> None:
    invalid, valid = set(parse(file).triples), set(parse(file.with_name("valid.ttl")).triples)
    more, less = invalid - valid, valid - invalid
    assert more or less, "it says the same"
    assert len(more) <= 1, more
    assert len(less) <= 1, less
    assert len({triple.subject for triple in more | less}) == 1, "one statement is gone and an unrelated one is there"


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("city/invalid.possible-match.class.ttl", "gp:possibleMatch city:example-town ;"),
        ("partnership-of-ghent/invalid.has-start-year.min-count.ttl", "partnership:ghent-example-town"),
        ("partnership/invalid.kind.class.ttl", "gp:kind concept:sister-city ;"),
        ("period/invalid.stated-count-holds.sparql.ttl", "gp:statedCount 3 ;"),
    ],
)
def test_a_finding_stands_where_the_fault_is(file: str, line: str) -> None:
    """Through the validator itself, on the whole graph.

    Examples cite a sentence of the source that does not have their years, which the rules of the evidence find.
    """
    findings = ghent_partnerships.validate([TESTS / "shapes" / file]).findings
    (finding,) = (finding for finding in findings if finding.result.constraint)
    assert Path(finding.location.path).resolve() == TESTS / "shapes" / file
    assert (TESTS / "shapes" / file).read_text(encoding="utf-8").splitlines()[finding.location.line - 1].strip() == line


def test_every_target_of_every_shape_has_a_focus_node(suite: str, shapes: Graph) -> None:
    targets = [(shape, kind, target) for kind in TARGETS for shape, target in shapes.subject_objects(kind)]
    assert targets
    assert not [
        f"{name(shape)}: {target}"
        for shape, kind, target in targets
        if next(focus_nodes(graph_of(suite), kind, target), None) is None
    ]
    others = {kind for kind in (SH.target,) if (None, kind, None) in shapes}
    assert others == set(), "this test does not know such targets"
    classes = {shape for kind in (RDFS.Class, OWL.Class) for shape in shapes.subjects(RDF.type, kind)}
    assert classes == set(), "this test does not know implicit targets"


def test_every_shape_that_is_not_targeted_serves_one_that_is(shapes: Graph) -> None:
    served, waiting = set(), targeted(shapes)
    while waiting:
        served |= waiting
        values = {value for node in waiting for value in shapes.objects(node)}
        waiting = values.union(*(Collection(shapes, node) for node in values if (node, RDF.first, None) in shapes))
        waiting -= served
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    everything = {shape for kind in kinds for shape in shapes.subjects(RDF.type, kind)}
    assert everything
    assert sorted(map(name, everything - served)) == []


@pytest.mark.parametrize(
    ("target", "misspelt", "shape"),
    [
        ("sh:targetClass gp:Outcome ;", "sh:targetClass gp:Outcomes ;", "outcome"),
        ("sh:targetNode concept:maintained ;", "sh:targetNode concept:mantained ;", "maintained-only-one"),
    ],
)
def test_a_misspelt_target_is_a_finding(target: str, misspelt: str, shape: str, tmp_path: Path) -> None:
    (source,) = (path for path in SUITES["shapes"] if f"\nshape:{shape}\n" in path.read_text(encoding="utf-8"))
    before, start, block = source.read_text(encoding="utf-8").partition(f"\nshape:{shape}\n")
    assert target in block, f"shape:{shape} has no {target}"
    file = tmp_path / "shapes.ttl"
    file.write_text(before + start + block.replace(target, misspelt, 1), encoding="utf-8")
    others = [parse(path) for path in SUITES["shapes"] if path != source]
    (finding,) = check(
        [parse(path) for path in packaged().graph_files()], [parse(file), *others], every_shape=True
    ).findings
    assert finding.result.shape == f"{ID}shape/{shape}"
    assert str(finding.message).startswith(f"The shape shape:{shape} finds no node at its target ")
