"""What is retired has one meaning, for the pages, the server and the shapes."""

import re
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import NamedNode

from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.rdf.retired import DEPRECATED, SUCCESSOR, retired
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.shapes import SH, Shapes

HEAD = """PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX : <http://example.org/>
"""


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (":a owl:deprecated true .", {"a": None}),
        (':a owl:deprecated "1"^^xsd:boolean .', {"a": None}),
        (":a owl:deprecated true ; dcterms:isReplacedBy :b .", {"a": "b"}),
        (":a dcterms:isReplacedBy :b ; owl:deprecated true .", {"a": "b"}),
        (":a owl:deprecated false ; dcterms:isReplacedBy :b .", {}),
        (':a owl:deprecated "true" .', {}),
        (":a dcterms:isReplacedBy :b .", {}),
        (':a owl:deprecated true ; dcterms:isReplacedBy "b" .', {"a": None}),
    ],
)
def test_retired_is_what_is_deprecated_and_nothing_else(statements: str, found: dict[str, str | None]) -> None:
    triples = [quad.triple for quad in pyoxigraph.parse(HEAD + statements, format=pyoxigraph.RdfFormat.TURTLE)]
    iris = {f"http://example.org/{name}": to and f"http://example.org/{to}" for name, to in found.items()}
    assert retired(triples) == iris


def test_no_closed_shape_refuses_what_retires_a_resource() -> None:
    shapes = Shapes(parse(packaged().shapes_file()).triples)
    closed = [shape for shape in shapes.about if shapes.objects(shape, f"{SH}closed")]
    assert len(closed) > 10
    for shape in closed:
        (ignored,) = (list(shapes.members(start)) for start in shapes.objects(shape, f"{SH}ignoredProperties"))
        assert {NamedNode(DEPRECATED), NamedNode(SUCCESSOR)} <= set(ignored), shape


@pytest.mark.parametrize("name", ["data/partners/weihai.ttl", "data/policy.ttl", "data/sources.ttl"])
def test_what_was_published_may_be_retired(name: str, tmp_path: Path) -> None:
    """As the rule on what is gone advises: no closed shape refuses it, whatever the resource is."""
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    text = (packaged().root / name).read_text(encoding="utf-8")
    subjects = dict.fromkeys(re.findall(r"^[a-z]+:[a-z0-9-]+$", text, re.MULTILINE))
    replaced = "".join(f"{subject} dcterms:isReplacedBy {subject} ; owl:deprecated true .\n" for subject in subjects)
    prefixes = [line for line in HEAD.splitlines()[:2] if line not in text]
    file.write_text("\n".join([*prefixes, text, replaced]), encoding="utf-8")
    assert len(subjects) > 1
    assert {finding.code for finding in validate(file).findings} == {"GP017"}  # the layout
