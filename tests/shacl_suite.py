"""The W3C SHACL test suite: its cases, and the results of a report as they can be compared.

Results are a multiset: focus node, path, value, component, severity and shape. Messages are not compared, and one blank
node is like another, as the suite wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as read

import needs
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.rdf.turtle import TYPE
from ghent_partnerships.validation.shapes import Shapes

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SH = PREFIXES["sh"]
CASES = 120
Keys = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """What to check against what; and what is to be found, or None where the shapes are to be refused."""

    data: Path
    shapes: Path
    expected: Keys | None


@cache
def cases() -> dict[str, Case]:
    """The cases of the suite, by their names: the folder and what the manifest calls them."""
    suite = needs.shared("conformance/shacl")
    return dict(_cases(suite, suite / "manifest.ttl"))


def _cases(suite: Path, manifest: Path) -> Iterator[tuple[str, Case]]:
    graph = graph_of(parse(manifest).triples)
    for about in graph.about.values():
        for included in about.get(MF + "include", ()):
            yield from _cases(suite, _file(included))
        for entries in about.get(MF + "entries", ()):
            for entry in graph.members(entries):
                (action,), (result,) = graph.objects(entry, MF + "action"), graph.objects(entry, MF + "result")
                (data,), (shapes,) = (graph.objects(action, SHT + name) for name in ("dataGraph", "shapesGraph"))
                expected = None if result == NamedNode(SHT + "Failure") else reported(graph, result)
                yield str(_file(entry).relative_to(suite)), Case(_file(data), _file(shapes), expected)


def graph_of(triples: Iterable[Triple]) -> Shapes:
    """A graph in which the path of a result is read as that of a shape is."""
    path, of_result = (NamedNode(SH + name) for name in ("path", "resultPath"))
    return Shapes(
        Triple(subject, path if predicate == of_result else predicate, value) for subject, predicate, value in triples
    )


def _file(node: object) -> Path:
    assert isinstance(node, NamedNode)
    return Path(unquote(urlsplit(node.value).path))


def reported(graph: Shapes, report: object) -> Keys:
    """The results of a validation report, but for their messages and the labels of blank nodes."""
    results = graph.objects(report, SH + "result")
    assert [value.value for value in graph.objects(report, SH + "conforms")] == ["false" if results else "true"]
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")
    return Counter((graph.path(result), *(_term(graph, result, name) for name in names)) for result in results)


def _term(graph: Shapes, node: object, name: str) -> str:
    values = graph.objects(node, SH + name)
    assert len(values) <= 1
    return "".join("_:" if isinstance(value, BlankNode) else str(value) for value in values)


def read_report(text: str) -> Keys:
    """The results of a report in Turtle."""
    graph = graph_of(quad.triple for quad in read(text, format=RdfFormat.TURTLE))
    (report,) = (node for node in graph.about if NamedNode(SH + "ValidationReport") in graph.objects(node, TYPE))
    return reported(graph, report)


def names() -> list[str]:
    """The names of the cases; none where the suite is not at hand."""
    try:
        return sorted(cases())
    except pytest.skip.Exception:
        return []
