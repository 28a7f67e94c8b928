"""The W3C SHACL test suite: ``validate`` finds what the suite expects, by either engine, but for the cases named here.

What a finding tells is compared: focus node, path, value, component, shape and the name of the severity. Messages are
not, and one blank node is like another, as the suite wants it. What a shape says twice of a node is one finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
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
from ghent_partnerships.validation.shapes import Shapes

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SH = PREFIXES["sh"]
CASES = 120
FAILURE = "The shapes cannot be used: "
PYSHACL = {  # where pySHACL itself deviates, and why
    "core/property/uniqueLang-002": 'it takes "1"^^xsd:boolean for true; SHACL wants the literal true',
    "sparql/pre-binding/shapesGraph-001": "it refuses $shapesGraph, which an engine need not support",
}
DEVIATIONS = {"thorough": PYSHACL, "fast": {name: PYSHACL[name] for name in PYSHACL if name.startswith("sparql/")}}
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
    return _alike(
        (
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


def _alike(keys: Iterable[tuple[str, ...]]) -> Keys:
    """The distinct ones, and how many of them are the same but for the names of blank nodes."""
    return Counter(tuple("_:" if part.startswith("_:") else part for part in key) for key in set(keys))


def found_keys(case: Case, *, thorough: bool) -> Keys | None:
    """The keys of the findings, or None where the shapes are refused."""
    report = validate([case.data], shapes=[case.shapes], thorough=thorough)
    if any(str(finding.message).startswith(FAILURE) for finding in report.findings):
        return None
    results = [finding for finding in report.findings if finding.result.constraint]
    return _alike(
        (
            finding.result.focus,
            finding.result.path,
            finding.result.value,
            finding.result.constraint,
            finding.severity,
            finding.result.shape,
        )
        for finding in results
    )


def names() -> list[str]:
    try:
        return sorted(cases())
    except pytest.skip.Exception:
        return []


def test_the_suite_has_all_its_cases() -> None:
    assert len(cases()) == CASES
    assert DEVIATIONS["thorough"].keys() <= cases().keys()


@pytest.mark.parametrize("engine", DEVIATIONS)
@pytest.mark.parametrize("name", names())
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")  # rdflib, of "none"^^xsd:boolean
def test_the_findings_are_those_that_the_suite_expects(name: str, engine: str) -> None:
    case = cases()[name]
    agrees = found_keys(case, thorough=engine == "thorough") == case.expected
    assert agrees != (name in DEVIATIONS[engine])
