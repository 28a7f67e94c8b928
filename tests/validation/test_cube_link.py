"""The shapes of cube-link, on its own test files: the report in Turtle has the results that its authors approved.

Compared are focus node, path, component and severity, as a multiset; one blank node is like another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as read

import needs
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.reports import write
from ghent_partnerships.validation.shapes import Shapes

SH = PREFIXES["sh"]
IMPORTS = "https://code.described.at/imports"


def cases() -> dict[str, Path]:
    """The files with data, by folder and name, for which there is a profile."""
    try:
        suite = needs.shared("conformance/cube-link")
    except pytest.skip.Exception:
        return {}
    files = sorted((suite / "test").glob("*/*.ttl"))
    profiles = {file.stem for file in (suite / "validation").glob("*.ttl")}
    return {f"{file.parent.name}/{file.name}": file for file in files if file.parent.name in profiles}


def profile(file: Path) -> Iterator[Path]:
    """A file of shapes, and those that it imports by their names."""
    yield file
    for quad in read(path=file, format=RdfFormat.TURTLE, base_iri=file.as_uri()):
        if quad.predicate.value == IMPORTS:
            yield from profile(file.parents[0] / f"{quad.object.value.partition('validation/')[2]}.ttl")


def results(triples: Iterable[Triple]) -> Counter[tuple[str, ...]]:
    graph = Shapes(
        Triple(triple.subject, NamedNode(SH + "path"), triple.object)
        if triple.predicate.value == SH + "resultPath"
        else triple
        for triple in triples
    )
    reports = [node for node in graph.about if graph.objects(node, SH + "conforms")]
    return Counter(
        (
            graph.path(result),
            *(
                "_:" if isinstance(term, BlankNode) else str(term)
                for name in ("focusNode", "sourceConstraintComponent", "resultSeverity")
                for term in graph.objects(result, SH + name)
            ),
        )
        for report in reports
        for result in graph.objects(report, SH + "result")
    )


def test_the_suite_has_all_its_cases() -> None:
    needs.shared("conformance/cube-link")
    assert len(cases()) == 46


@pytest.mark.parametrize("name", cases())
def test_the_report_is_the_one_that_was_approved(name: str) -> None:
    file = cases()[name]
    shapes = profile(file.parents[2] / "validation" / f"{file.parent.name}.ttl")
    report = write(validate([file], shapes=list(dict.fromkeys(shapes))), "turtle")
    approved = file.with_name(f"{file.name}.approved.txt")
    found = results(quad.triple for quad in read(report, format=RdfFormat.TURTLE))
    if not approved.exists():  # it is valid, which one file is with a warning
        assert not any(f"<{SH}Violation>" in result for result in found)
        return
    expected = read(path=approved, format=RdfFormat.TURTLE, base_iri=approved.as_uri())
    assert found == results(quad.triple for quad in expected)
