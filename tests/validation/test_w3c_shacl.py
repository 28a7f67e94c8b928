"""The W3C SHACL test suite: all that it expects is found, as a multiset, and is a finding in both modes.

Focus node, path, value, component, shape and the name of the severity are compared. Messages are not, and a blank node
is like another, as the suite wants it. What a shape states twice of a node is one finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyshacl  # noqa: F401  # loaded once here, for all the processes that validate
import pytest
from pyoxigraph import NamedNode, Triple

import needs
from ghent_partnerships import validate
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.engines import core
from ghent_partnerships.validation.results import UnusableError
from ghent_partnerships.validation.shapes import Shapes

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SH = PREFIXES["sh"]
CASES = 120
FAILURE = "The shapes cannot be used: "
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
    graph = Shapes(
        Triple(subject, NamedNode(SH + "path") if predicate.value == SH + "resultPath" else predicate, value)
        for subject, predicate, value in parse(manifest).triples
    )
    for about in graph.about.values():
        for included in about.get(MF + "include", ()):
            yield from _cases(suite, _file(included))
        for entries in about.get(MF + "entries", ()):
            for entry in graph.members(entries):
                (action,), (result,) = graph.objects(entry, MF + "action"), graph.objects(entry, MF + "result")
                (data,), (shapes,) = (graph.objects(action, SHT + name) for name in ("dataGraph", "shapesGraph"))
                expected = None if result == NamedNode(SHT + "Failure") else _expected(graph, result)
                yield str(_file(entry).relative_to(suite)), Case(_file(data), _file(shapes), expected)


def _file(node: object) -> Path:
    assert isinstance(node, NamedNode)
    return Path(unquote(urlsplit(node.value).path))


def _expected(graph: Shapes, report: object) -> Keys:
    results = graph.objects(report, SH + "result")
    assert [value.value for value in graph.objects(report, SH + "conforms")] == ["false" if results else "true"]
    return Counter(
        _alike(
            _one(graph, result, "focusNode"),
            graph.path(result),
            _one(graph, result, "value"),
            _iri(_one(graph, result, "sourceConstraintComponent")),
            _iri(_one(graph, result, "resultSeverity")).rpartition("#")[2].lower(),
            _iri(_one(graph, result, "sourceShape")),
        )
        for result in results
    )


def _one(graph: Shapes, node: object, name: str) -> str:
    values = graph.objects(node, SH + name)
    assert len(values) <= 1
    return "".join(map(str, values))


def _iri(term: str) -> str:
    return term.strip("<>") if term.startswith("<") else ""


def _alike(*parts: str) -> tuple[str, ...]:
    return tuple("_:" if part.startswith("_:") else part for part in parts)


def found(case: Case, *, thorough: bool) -> set[tuple[str, ...]] | None:
    """The different findings, or None where the shapes are refused."""
    report = validate([case.data], shapes=[case.shapes], thorough=thorough)
    if any(str(finding.message).startswith(FAILURE) for finding in report.findings):
        return None
    return {
        _alike(result.focus, result.path, result.value, result.constraint, finding.severity, result.shape)
        for finding in report.findings
        if (result := finding.result).constraint
    }


def names() -> list[str]:
    try:
        return sorted(cases())
    except pytest.skip.Exception:
        return []


def test_the_suite_has_all_its_cases() -> None:
    assert len(cases()) == CASES


@pytest.mark.parametrize("name", names())
def test_the_results_are_those_that_the_suite_expects(name: str) -> None:
    case = cases()[name]
    try:
        verdict = core.verdict(parse(case.data).triples, Shapes(parse(case.shapes).triples))
    except UnusableError:
        assert case.expected is None
        return
    if case.expected is None:
        assert verdict.ill_formed
        return
    assert not verdict.ill_formed
    assert case.expected == Counter(
        _alike(
            str(result.focus),
            result.path,
            "" if result.value is None else str(result.value),
            result.component,
            result.severity.rpartition("#")[2].lower(),
            result.shape.value if isinstance(result.shape, NamedNode) else "",
        )
        for result in verdict.results
    )


@pytest.mark.parametrize("mode", ["default", "thorough"])
@pytest.mark.parametrize("name", names())
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")  # rdflib, of "none"^^xsd:boolean
def test_each_is_a_finding_in_both_modes(name: str, mode: str) -> None:
    case = cases()[name]
    assert found(case, thorough=mode == "thorough") == (None if case.expected is None else set(case.expected))
