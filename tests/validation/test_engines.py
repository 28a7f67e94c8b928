"""The fast engine and pySHACL find the same: on what breaks each constraint, and on a thousand random mutations."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.check import validate
from ghent_partnerships.validation.documents import described, project_documents
from ghent_partnerships.validation.engines import fast, pyshacl
from ghent_partnerships.validation.results import Result
from ghent_partnerships.validation.shapes import Shapes

TESTS = Path(__file__).parents[1]
BATCH = 12
GRAPHS, MUTATIONS = 20, 50  # 1,000 in all; pySHACL takes seconds for each graph


def batches() -> list[tuple[Path, ...]]:
    """Every breaking example, twelve together; those with blank nodes alone."""
    batches: list[tuple[Path, ...]] = []
    for suite in ("shapes", "style"):
        files = sorted(TESTS.glob(f"{suite}/*/invalid.*.ttl"))
        alone = [file for file in files if re.search(r"[\[(]", re.sub(r'"[^"]*"|<[^>]*>', "", file.read_text("utf-8")))]
        rest = [file for file in files if file not in alone]
        batches += [*((file,) for file in alone), *(tuple(rest[at : at + BATCH]) for at in range(0, len(rest), BATCH))]
    return batches


BATCHES = batches()


project = cache(project_documents)


@cache
def shapes(suite: str = "shapes") -> Shapes:
    project_shapes = Shapes((project().shapes if suite == "shapes" else project().style).triples)
    assert fast.knows(project_shapes), "the fast engine is not installed, or does not know all of the project's shapes"
    return project_shapes


@cache
def graph(suite: str = "shapes") -> tuple[Triple, ...]:
    documents = project().graph if suite == "shapes" else described(project())
    return tuple(dict.fromkeys(chain.from_iterable(document.triples for document in documents)))


def keys(results: Iterable[Result]) -> set[tuple[str, ...]]:
    return {
        (
            str(result.focus),
            result.path,
            str(result.value),
            str(result.shape),
            str(result.constraint),
            result.component,
            result.severity,
        )
        for result in results
    }


def compared(triples: list[Triple], suite: str = "shapes") -> set[tuple[str, ...]]:
    fast_keys = keys(fast.results(triples, shapes(suite)))
    assert fast_keys == keys(pyshacl.results(triples, shapes(suite)))
    return fast_keys


@pytest.mark.slow
@pytest.mark.parametrize("batch", BATCHES, ids=lambda files: f"{files[0].parent.name}-{len(files)}")
def test_both_find_what_breaks_each_constraint(batch: tuple[Path, ...]) -> None:
    suite = batch[0].parents[1].name
    added = chain.from_iterable(parse(file).triples for file in batch)
    try:
        results = compared(list(dict.fromkeys([*graph(suite), *added])), suite)
    except fast.UnsureError:  # a blank node: then it is pySHACL that is asked
        assert len(batch) == 1, "so that it decides for no other"
        return
    assert len(results) >= len(batch) / 2


def mutated(triples: list[Triple], chance: random.Random) -> list[Triple]:
    """The graph with one statement gone, come from elsewhere, or with another subject, predicate or value."""
    number = chance.randrange(len(triples))
    triple, donor = triples[number], chance.choice(triples)
    rest = triples[:number] + triples[number + 1 :]
    instead = {
        "gone": [],
        "twice": [triple, Triple(donor.subject, triple.predicate, triple.object)],
        "predicate": [Triple(triple.subject, donor.predicate, triple.object)],
        "value": [Triple(triple.subject, triple.predicate, donor.object)],
        "literal": [Triple(triple.subject, triple.predicate, chance.choice(LITERALS))],
        "more": [triple, Triple(triple.subject, triple.predicate, chance.choice([*LITERALS, donor.object]))],
    }
    return rest + instead[chance.choice(sorted(instead))]


LITERALS = (  # no boolean among them: Python takes it for a number, which pySHACL then finds within a range
    Literal("01", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
    Literal("1.50", datatype=NamedNode(PREFIXES["xsd"] + "decimal")),
    Literal("1971", datatype=NamedNode(PREFIXES["xsd"] + "gYear")),
    Literal("71", datatype=NamedNode(PREFIXES["xsd"] + "gYear")),
    Literal("2026-11-24", datatype=NamedNode(PREFIXES["xsd"] + "date")),
    Literal("a word", language="en-GB"),
    Literal("een woord", language="nl"),
    Literal(""),
    NamedNode("http://www.wikidata.org/wiki/Q1296"),
)


@pytest.mark.slow
def test_most_mutated_graphs_are_decided_by_the_fast_engine() -> None:
    unsure = 0
    for seed in range(GRAPHS):
        chance, triples = random.Random(seed), list(graph())
        for _ in range(MUTATIONS):
            triples = mutated(triples, chance)
        try:
            assert [*fast.results(list(dict.fromkeys(triples)), shapes())]
        except fast.UnsureError:
            unsure += 1
    assert unsure < GRAPHS / 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(GRAPHS))
def test_both_find_the_same_in_a_mutated_graph(seed: int) -> None:
    chance = random.Random(seed)
    triples = list(graph())
    for _ in range(MUTATIONS):
        triples = mutated(triples, chance)
    triples = list(dict.fromkeys(triples))
    try:
        assert compared(triples)
    except fast.UnsureError:  # a date where a number should be: then it is pySHACL that is asked
        assert keys(pyshacl.results(triples, shapes()))


ODD_SHAPES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:shape a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; %s ] .
"""


@pytest.mark.parametrize(
    ("constraint", "value"),
    [
        ("sh:maxInclusive 100", "true"),
        ("sh:maxInclusive 100", '"5"^^xsd:byte'),
        ("sh:maxInclusive 100", '" 5 "^^xsd:integer'),
        ("sh:maxInclusive 100", '"x"'),
        ("sh:maxInclusive 2000", '"1971"^^xsd:gYear'),
        ('sh:minInclusive "-1"^^xsd:nonNegativeInteger', '"1"^^xsd:float'),
        ('sh:pattern "[[:alpha:]]"', '"b"'),
        ('sh:pattern "^[a-z&&b]$"', '"c"'),
        (r'sh:pattern "^\\p{Lu}"', '"x"'),
        (r'sh:pattern "\\<a"', '"a"'),
        ("sh:node [ sh:path ex:q ]", "1"),
        ("sh:datatype xsd:integer", '" 1 "^^xsd:integer'),
        ("sh:datatype xsd:dateTime", '"2026-01-01T24:00:00"^^xsd:dateTime'),
        ('sh:minInclusive "2026-01-01"^^xsd:date', '"2027"^^xsd:gYear'),
        ('sh:pattern "^(?!0)[0-9]+$"', '"12"'),
        ('sh:pattern "^[0-9]+$"', r'"12\n"'),
        ('sh:pattern "^a.b$" ; sh:flags "s"', r'"a\nb"'),
        ("sh:lessThan ex:q", "ex:x ; ex:q ex:y"),
        ("sh:lessThanOrEquals ex:q", '1, "x" ; ex:q 2, "y", ex:z'),
    ],
)
def test_what_the_two_read_differently_is_left_to_pyshacl(constraint: str, value: str, tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(ODD_SHAPES % constraint, encoding="utf-8")
    prefixes = ODD_SHAPES.partition("ex:shape")[0]
    data.write_text(f'{prefixes}ex:a ex:p {value} .\nex:b ex:p "a value that breaks it" .\n', encoding="utf-8")
    quick, slow = (validate(data, shapes=shapes, thorough=pyshacl) for pyshacl in (False, True))
    assert quick.findings == slow.findings


def test_a_value_that_is_not_the_focus_node_s_is_as_it_is_written(tmp_path: Path) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    path = "<http://example.org/part>/<http://example.org/n>"
    query = f"SELECT $this ?value WHERE {{ $this {path} ?value FILTER (?value < 5) }}"
    prefixes = ODD_SHAPES.partition("ex:shape")[0]
    shape = f'ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:part ; sh:sparql [ sh:message "x" ; sh:select "{query}" ] .'
    shapes.write_text(prefixes + shape, encoding="utf-8")
    for values, count in (('02, 1.50, "x"', 2), ('02, 2, "3"^^xsd:int', 3)):
        data.write_text(f"{prefixes}ex:a ex:part ex:b .\nex:b ex:n {values} .\n", encoding="utf-8")
        quick, slow = (validate(data, shapes=shapes, thorough=pyshacl) for pyshacl in (False, True))
        assert quick.findings == slow.findings
        assert len(quick.findings) == count


CONSTRAINT = """PREFIX e: <http://e/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:message "x" ; sh:prefixes e: ; sh:select "%s" ] .
e: sh:declare [ sh:prefix "service" ; sh:namespace "%s" ] .
"""


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("query", "namespace", "message"),
    [
        ("SELECT $this { $this a <Thing> }", "http://e/", "a query has the relative IRI <Thing>, and no BASE"),
        ("SELECT $this { $this a <> }", "http://e/", "a query has the relative IRI <>, and no BASE"),
        ("SELECT $this { $this a <//e/Thing> }", "http://e/", "a query has the relative IRI <//e/Thing>, and no BASE"),
        ("BASE <e/> SELECT $this { $this a <Thing> }", "http://e/", "a query has the relative IRI <e/>, and no BASE"),
        ("SELECT $this { $this a service:Thing }", "e/", "a query has the relative IRI <e/>, and no BASE"),
        ("BASE <http://e/> SELECT $this { $this a <Thing> }", "http://e/", ""),
        ("SELECT $this { $this a <urn:x>, <x:> }", "http://e/", ""),
        ("SELECT $this { $this a service:Thing . ?s a service:Thing {$this a ?c} }", "http://e/", ""),
        ("SELECT $this { FILTER EXISTS { ?s a service:Thing{$this a service:Thing} } }", "http://e/", ""),
        ("SELECT $this { $this a ?c . service:x {?s ?p ?o} }", "http://e/", "the query has a SERVICE clause"),
        ("SELECT $this { $this a undeclared:x . undeclaredservice:x {?s ?p ?o} }", "http://e/", "the query has a SERV"),
    ],
)
def test_both_take_and_refuse_the_same_queries(
    query: str, namespace: str, message: str, exact: bool, tmp_path: Path
) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(CONSTRAINT % (query, namespace), encoding="utf-8")
    data.write_text("PREFIX e: <http://e/>\ne:a a e:Thing, <urn:x>, <x:> .\n", encoding="utf-8")
    assert fast.knows(Shapes(parse(shapes).triples))
    (finding,) = validate(data, shapes=shapes, thorough=exact).findings
    if message:
        assert finding.code == "GP005"
        assert str(finding.message).startswith(f"The shapes cannot be used: {message}")
    else:
        assert (str(finding.message), finding.result.focus) == ("x", "<http://e/a>")


HEAD = """PREFIX e: <http://e/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def both(shapes: str, tmp_path: Path) -> list[tuple[str, str]]:
    """The messages and the focus nodes that both engines find, which are the same."""
    (tmp_path / "shapes.ttl").write_text(HEAD + shapes, encoding="utf-8")
    (tmp_path / "data.ttl").write_text(f"{HEAD}e:a a e:Thing, <http://e/x#C> .\n", encoding="utf-8")
    findings = [
        [
            (str(finding.message), finding.result.focus)
            for finding in validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl", thorough=exact).findings
        ]
        for exact in (False, True)
    ]
    assert findings[0] == findings[1]
    return findings[0]


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("SELECT $this { $this a a:Thing, b:Thing }", "a http://e/ b http://e/"),
        ("SELECT $this { $this a b:Thing . FILTER EXISTS { $this a a:Thing } }", "a http://e/ b http://e/"),
        ("PREFIX c: <http://e/> SELECT $this { $this a a:Thing, c:Thing }", "a http://e/"),
        ("PREFIX : <http://e/> SELECT $this { $this a :Thing, a:Thing, <http://e/Thing> }", "a http://e/"),
        ("SELECT $this { $this a a:C, b:C FILTER (STR($this) != 'a:b:') }", "a http://e/x# b http://e/x#"),
        ("SELECT $this { $this a a:Thing }", "a http://e/ a http://e/"),
    ],
)
def test_two_prefixes_may_stand_for_the_same_namespace(query: str, declared: str, tmp_path: Path) -> None:
    names = declared.split()
    declarations = ", ".join(
        f'[ sh:prefix "{prefix}" ; sh:namespace "{namespace}"^^xsd:anyURI ]'
        for prefix, namespace in zip(names[::2], names[1::2], strict=True)
    )
    shapes = f"""e:S a sh:NodeShape ; sh:targetClass e:Thing ;
      sh:sparql [ sh:message "x" ; sh:prefixes e: ; sh:select "{query}" ] .
    e: sh:declare {declarations} ."""
    assert both(shapes, tmp_path) == [("x", "<http://e/a>")]


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        (
            '[ sh:prefix "a" ; sh:namespace "http://e/" ], [ sh:prefix "a" ; sh:namespace "http://f/" ]',
            "the prefix a: ",
        ),
        ('[ sh:prefix "a", "b" ; sh:namespace "http://e/" ]', "a sh:declare has not exactly one sh:prefix and "),
        ('[ sh:prefix "a" ; sh:namespace e: ]', "a sh:declare has not exactly one sh:prefix and "),
        ('[ sh:prefix "a" ]', "a sh:declare has not exactly one sh:prefix and "),
    ],
)
def test_prefixes_that_are_declared_wrongly_are_refused(declaration: str, message: str, tmp_path: Path) -> None:
    constraint = '[ sh:message "x" ; sh:prefixes e: ; sh:select "SELECT $this { $this a ?c }" ]'
    shapes = f"e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql {constraint} .\ne: sh:declare {declaration} ."
    ((refusal, focus),) = both(shapes, tmp_path)
    assert refusal.startswith(f"The shapes cannot be used: {message}")
    assert focus == ""


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { SERVICE <http://f/> { ?s ?p ?o } }",
        "SELECT $this { $this a <Thing> }",
        "SELECT $this { $this a undeclared:Thing }",
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT $this { $this a ?c } VALUES ?c { 1 }",
        "no query at all",
    ],
)
@pytest.mark.parametrize("of", ["shape", "constraint"])
@pytest.mark.parametrize("more", ["", "sh:lessThan e:q"])  # the latter makes pySHACL do all
def test_a_query_that_is_deactivated_is_never_read(query: str, of: str, more: str, tmp_path: Path) -> None:
    off = "sh:deactivated true ;"
    shapes = f"""e:S a sh:NodeShape ; sh:targetClass e:Thing ; {off * (of == "shape")}
      sh:sparql [ {off * (of == "constraint")} sh:message "x" ; sh:select "{query}" ] .
    e:T a sh:NodeShape ; sh:targetClass e:Thing ; sh:class e:Other ; sh:message "y" .
    e:U a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p ; {more} ] ."""
    assert both(shapes, tmp_path) == [("y", "<http://e/a>")]


def test_a_query_is_read_where_another_shape_that_is_active_has_it(tmp_path: Path) -> None:
    shapes = """e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:deactivated true ; sh:sparql e:C .
    e:T a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql e:C .
    e:C sh:message "x" ; sh:select "SELECT $this { $this a ?c }" ."""
    assert set(both(shapes, tmp_path)) == {("x", "<http://e/a>")}


@pytest.mark.parametrize("value", ['"false"', '"true"', "true, false", "e:x"])
def test_what_is_no_boolean_deactivates_a_shape_in_neither_engine_or_in_both(value: str, tmp_path: Path) -> None:
    both(f"e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:class e:O ; sh:deactivated {value} .", tmp_path)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_wrong_with_a_query_crosses_the_wall_in_every_language(language: str, tmp_path: Path) -> None:
    """The engine can open no catalogue of texts any more, in a process that has read none so far."""
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    query = "SELECT $this WHERE { $this <http://e/p> ?x FLTER (?x) }"
    shapes.write_text(
        f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n<http://e/s> a sh:NodeShape ; sh:targetNode <http://e/a> ; "
        f'sh:sparql <http://e/q> .\n<http://e/q> sh:select "{query}" .\n',
        encoding="utf-8",
    )
    data.write_text("<http://e/a> <http://e/p> 1 .\n", encoding="utf-8")
    command = [sys.executable, "-m", "ghent_partnerships", "validate", "--lang", language, "--shapes", shapes, data]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    reason = {
        "en": "violation GP005: The shapes cannot be used: a query cannot be read: "
        "This is not SPARQL: FLTER does not fit here.",
        "nl": "schending GP005: De shapes zijn niet bruikbaar: een query is niet leesbaar: "
        "dit is geen SPARQL: FLTER past hier niet.",
    }
    assert (done.stdout.splitlines()[0], done.stderr) == (f"{shapes}:3:1: {reason[language]}", "")
