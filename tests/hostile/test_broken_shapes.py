"""Shapes that cannot be used: malformed, recursive, or about nothing."""

import json
import re
from pathlib import Path

import pytest
from command import HEAD, Run, written

SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:Thing ; "


@pytest.mark.parametrize(
    "shape",
    [
        'sh:property [ sh:path "x" ; sh:minCount 1 ] .',
        "sh:property [ sh:path e:p , e:q ; sh:minCount 1 ] .",
        "sh:property [ sh:minCount 1 ] .",
        'sh:property [ sh:path e:p ; sh:minCount "x"^^xsd:integer ] .',
        "sh:property [ sh:path e:p ; sh:minInclusive e:x ] .",
        'sh:property [ sh:path e:p ; sh:pattern "(" ] .',
        "sh:property [ sh:path e:p ; sh:in e:l ] . e:l rdf:first 1 ; rdf:rest e:l .",
        "sh:node e:S .",
        "sh:sparql [ sh:select e:x ] .",
        'sh:sparql [ sh:select "SELECT $this { nonsense" ] .',
        'sh:sparql [ sh:select "SELECT $this { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }" ] .',
        'sh:target [ a sh:SPARQLTarget ; sh:select "nonsense" ] ; sh:nodeKind sh:Literal .',
    ],
)
def test_malformed_shapes_are_a_finding_in_their_file(run_within: Run, work: Path, shape: str) -> None:
    written(work / "s.ttl", HEAD + SHAPE + shape)
    out, _ = run_within(1, "validate", "--shapes", "s.ttl", "../good.ttl")
    assert re.match(r"s\.ttl:\d+:\d+: violation GP005: The shapes cannot be used: .+\n", out), out
    assert out.endswith("\n2 files, 2 triples: 1 violation\n"), out


@pytest.mark.parametrize("value", [r"IRI('\u001B[31m')", "STRLANG('x', 'no tag')", "BNODE()", "<<($this e:p 1)>>"])
def test_a_finding_may_hold_any_value_that_a_constraint_makes(run_within: Run, work: Path, value: str) -> None:
    query = json.dumps(f"PREFIX e: <http://e/> SELECT $this ?value {{ BIND ({value} AS ?value) }}")
    written(work / "s.ttl", f"{HEAD}{SHAPE} sh:sparql [ sh:message 'Bad.' ; sh:select {query} ] .")
    out, _ = run_within(1, "validate", "--shapes", "s.ttl", "../good.ttl")
    assert re.search(r"Bad\.|The shapes cannot be used", out), out


def test_shapes_that_apply_to_nothing_are_a_finding(run_within: Run, work: Path) -> None:
    written(work / "s.ttl", f"{HEAD}e:S a sh:NodeShape ; sh:targetClass e:Thinh ; sh:nodeKind sh:IRI .")
    out, _ = run_within(1, "validate", "--shapes", "s.ttl", "../good.ttl")
    assert out.startswith("s.ttl:1:1: violation GP004: None of the shapes applies to any node: nothing was checked.\n")
    assert "\n  help:  Check" in out
