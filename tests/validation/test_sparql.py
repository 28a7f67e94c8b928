"""Queries in shapes: variables are bound before they are asked, and what SHACL refuses is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation import check
from ghent_partnerships.validation.engines import core, queries, sparql
from ghent_partnerships.validation.results import Verdict, shown
from ghent_partnerships.validation.shapes import Shapes

HEAD = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] .
"""
DATA = 'ex:a a ex:T ; ex:p 1, 2 . ex:b a ex:T ; ex:p 2 ; ex:q ex:a . ex:c a ex:T ; ex:n "02"^^xsd:integer, "x"@en .'


def verdict(shapes: str, data: str = DATA) -> Verdict:
    graphs = [parse(Path("graph.ttl"), (HEAD + text).encode()).triples for text in (shapes, data)]
    return core.verdict(graphs[1], Shapes(graphs[0]))


def found(shapes: str, data: str = DATA) -> list[tuple[str, str]]:
    """The focus node and the value of each result, sorted."""
    answer = verdict(shapes, data)
    assert [str(error.message) for error in answer.ill_formed] == []
    return sorted(
        (shown(result.focus)[1:-1].rpartition("/")[2], shown(result.value).replace("http://example.org/", ""))
        for result in answer.results
    )


def constraint(query: str, more: str = "sh:targetClass ex:T") -> str:
    return f'ex:S {more} ; sh:sparql [ sh:message "x" ; sh:prefixes ex: ; sh:select """{query}""" ] .'


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("SELECT $this { FILTER (BOUND($this)) }", "abc"),
        ("SELECT $this { FILTER (!BOUND($this)) }", ""),
        ("SELECT $this { FILTER (BOUND(?this) && EXISTS { ?this ex:p 1 }) }", "a"),
        ("SELECT $this ?value { BIND ($this AS ?value) FILTER EXISTS { ?value ex:q ?x } }", "b"),
        ("SELECT $this { { FILTER ($this = ex:a) } UNION { $this ex:q ?x } }", "ab"),
        ("SELECT $this { { { $this ex:p ?x } FILTER (?x = 1) } }", "a"),
        ("SELECT $this { FILTER NOT EXISTS { { $this ex:p ?x } UNION { ?y ex:q $this } } }", "c"),
        ("SELECT $this { { SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x } GROUP BY $this } FILTER (?n > 1) }", "a"),
        ("SELECT $this { OPTIONAL { $this ex:p ?x } FILTER (!BOUND(?x)) }", "c"),
        ("SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x } GROUP BY $this HAVING (COUNT(?x) = 1)", "b"),
        ("SELECT DISTINCT $this { $this ex:p ?x }", "ab"),
        ("SELECT $this { $this ex:p ?x } ORDER BY ?x LIMIT 1", "ab"),
        ("SELECT ?x { $this ex:q ?x }", "b"),  # which does not select $this
        ("SELECT (STR($this) AS ?text) { $this ex:q ?x }", "b"),
        ("SELECT $this { $currentShape ex:own ?x }", ""),
        ("SELECT $this { GRAPH $shapesGraph { $currentShape ex:own ?x } }", "abc"),
        ("SELECT $this { $this ?p 1 }", "a"),
        ("SELECT $this { [] ?p $this }", "a"),
        ("SELECT $this { _:x ?p $this }", "a"),
        ("SELECT $this { $this ex:q/ex:p 1 }", "b"),
        ("SELECT $this { $this !(ex:p|a) ?x FILTER (isIRI(?x)) }", "b"),
        ("SELECT $this { $this ex:q* ex:a }", "ab"),
        ("SELECT $this { $this ^ex:q ?x }", "a"),
    ],
)
def test_a_query_is_asked_with_each_focus_node(query: str, nodes: str) -> None:
    for focus in ("ex:own 1 ; sh:targetClass ex:T", "ex:own 1 ; sh:targetNode ex:a, ex:b, ex:c"):
        assert "".join(dict.fromkeys(node for node, _ in found(constraint(query, focus)))) == nodes


def test_path_stands_for_that_of_the_property_shape() -> None:
    shape = "sh:targetClass ex:T ; sh:path [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ]"
    shapes = constraint("SELECT $this ?value { $this $PATH ?value }", shape)
    assert found(shapes) == [("a", "1"), ("a", "2"), ("a", "<b>"), ("b", "2")]


def test_blank_nodes_are_focus_nodes() -> None:
    shapes = constraint("SELECT $this ?value { $this ex:p ?value FILTER EXISTS { $this ex:q 1 } }")
    answer = verdict(shapes, "[] a ex:T ; ex:p 1 ; ex:q 1 . [] a ex:T ; ex:p 2 ; ex:q 2 .")
    assert [shown(result.value) for result in answer.results] == ["1"]


def test_a_value_is_as_the_data_write_it() -> None:
    shapes = constraint("SELECT $this ?value { $this ex:n ?value }")
    assert found(shapes) == [("c", '"x"@en'), ("c", "02")]
    both = 'ex:c a ex:T ; ex:n 2, 02, 1.50 . ex:z ex:n "002"^^xsd:integer .'
    assert found(shapes, both) == [("c", "02"), ("c", "1.50"), ("c", "2")]


def test_a_value_further_on_is_as_the_data_write_it() -> None:
    shapes = constraint("SELECT $this ?value { $this ex:part/ex:n ?value }")
    data = "ex:a a ex:T ; ex:part ex:b . ex:b ex:n 02 . ex:z ex:n 002, 2 ."
    assert found(shapes, data) == [("a", "02")]


COMPONENT = """ex:Component a sh:ConstraintComponent ;
  sh:parameter [ sh:path ex:least ], [ sh:path ex:most ; sh:optional true ] ; %s .
"""
ASK = 'sh:validator [ sh:ask "ASK { FILTER ($value >= $least && (!BOUND($most) || $value <= $most)) }" ]'


def test_a_parameter_may_be_optional() -> None:
    of_paths = "sh:targetClass ex:T ; sh:path ex:p"
    shapes = COMPONENT % ASK + f"ex:S {of_paths} ; ex:least 2 . ex:U {of_paths} ; ex:least 0 ; ex:most 1 ."
    assert found(shapes) == [("a", "1"), ("a", "2"), ("b", "2")]
    assert found(COMPONENT % ASK + f"ex:S {of_paths} ; ex:most 1 .") == []


def test_the_validator_for_the_kind_of_shape_comes_before_any() -> None:
    select = 'sh:select "SELECT $this ?value { $this $PATH ?value FILTER (?value < $least) }"'
    shapes = COMPONENT % f'sh:propertyValidator [ {select} ] ; sh:validator [ sh:ask "ASK {{}}" ]'
    shapes += "ex:S sh:targetClass ex:T ; sh:path ex:p ; ex:least 2 . ex:U sh:targetClass ex:T ; ex:least 2 ."
    assert found(shapes) == [("a", "1")]


@pytest.mark.parametrize(
    "validator", ["sh:nodeValidator [ sh:ask 'ASK {}' ]", "sh:validator [ sh:jsLibrary ex:l ]", ""]
)
def test_a_component_without_a_query_for_the_kind_of_shape_is_refused(validator: str) -> None:
    shapes = COMPONENT % (validator or "sh:deactivated false")
    answer = verdict(shapes + "ex:S sh:targetClass ex:T ; sh:path ex:p ; ex:least 2 .")
    assert [str(error.message) for error in answer.ill_formed] == [
        "a constraint component has no validator with a query for this kind of shape"
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this { SERVICE <http://example.org/> { $this ?p ?o } }", "the query has a SERVICE clause"),
        ("SELECT $this FROM <file:///etc/passwd> { $this ?p ?o }", "a query asks another endpoint, or for what is in"),
        ("SELECT $this FROM NAMED ex:g { $this ?p ?o }", "a query asks another endpoint, or for what is in a file"),
        ("SELECT $this { $this ?p ?o MINUS { $this ex:p 1 } }", "a query has MINUS, which SHACL does not allow"),
        ("SELECT $this { VALUES ?o { 1 } $this ?p ?o }", "a query has VALUES, which SHACL does not allow"),
        ("SELECT $this { BIND (1 AS $this) }", "a query assigns to $this, which is bound before it is asked"),
        ("SELECT $this { { SELECT ?o { $this ?p ?o } } }", "a subquery does not select $this, which SHACL demands"),
        ("SELECT $this { { SELECT (STR($this) AS ?o) {} } }", "a subquery does not select $this, which SHACL demands"),
        ("SELECT $this { $this ?p ?o FILTER (ex:function(?o)) }", "a query cannot be answered: "),
        ("SELECT $this { $this ?p ?o FLTER (?o) }", "a query cannot be read: "),
        ("ASK { $this ?p ?o }", ""),
        ("CONSTRUCT { $this a ex:T } { $this ?p ?o }", "a query is no SELECT but CONSTRUCT"),
        ("DELETE WHERE { ?s ?p ?o }", ""),
    ],
)
@pytest.mark.parametrize("data", [DATA, "ex:x ex:y 1 ."])
def test_a_query_that_shacl_refuses_is_refused_whatever_the_data_are(query: str, reason: str, data: str) -> None:
    if query.startswith("ASK"):
        assert verdict(constraint(query), data).ill_formed == ()  # it is answered as if it selected $this
        return
    (error,) = verdict(constraint(query), data).ill_formed
    assert str(error.message).startswith(reason)


def test_a_query_may_answer_that_it_failed() -> None:
    with pytest.raises(core.UnusableError, match="failed"):
        verdict(constraint("SELECT $this ?failure { BIND (true AS ?failure) }"))


QUERIES = (
    "SELECT $this ?value { $this ex:p ?value }",
    "SELECT $this ?value { $this ex:p ?value . FILTER (STR($this) < STR(?value)) }",
    "SELECT $this (STR(?value) AS ?text) ?value { $this ex:p ?x ; ex:q ?value . ?other ex:p ?value . }",
    "SELECT $this ?value { ?value ex:p ?x . $this ex:q ?x . FILTER (?value != $this) }",
    "SELECT $this ?path ?value { $this ?path ?value . FILTER (isIRI(?value)) }",
    "SELECT DISTINCT $this { $this ex:p ?x }",
    "SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x } GROUP BY $this",
    "SELECT $this ?value { $this ex:p ?value } LIMIT 1",
    "SELECT $this ?value { $this ex:p ?x . OPTIONAL { $this ex:q ?value } }",
    "SELECT $this ?value { $this ex:p* ?value }",
    "SELECT $this { $this ex:p ?x . FILTER NOT EXISTS { $this ex:q ?x } }",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asked_once_for_all_finds_what_it_finds_for_each(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so it does of a store that holds only what its answer depends on."""
    for seed in range(6):
        chance = random.Random(seed)
        nodes = [NamedNode(f"http://example.org/n{number}") for number in range(30)]
        names = [NamedNode(f"http://example.org/{name}") for name in "pqr"]
        triples = [Triple(chance.choice(nodes), chance.choice(names), chance.choice(nodes)) for _ in range(120)]
        shapes = Shapes(
            parse(Path("graph.ttl"), (HEAD + constraint(query, "sh:targetSubjectsOf ex:p, ex:r")).encode()).triples
        )
        answers = []
        for many, whole in ((1, False), (1_000_000, False), (1_000_000, True)):
            monkeypatch.setattr(sparql, "_MANY", many)
            if whole:
                monkeypatch.setattr(queries, "_predicates", lambda _text: None)
            found = core.verdict(triples, shapes).results
            answers.append(sorted((str(result.focus), result.path, str(result.value)) for result in found))
            monkeypatch.undo()
        assert answers[0] == answers[1] == answers[2] != []


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("names", [("ex", "ey"), ("ey", "ex")])
def test_two_names_for_a_namespace_are_both_known_in_a_query(
    names: tuple[str, str], thorough: bool, tmp_path: Path
) -> None:
    """rdflib forgets the first of them."""
    declared = ", ".join(f'[ sh:prefix "{name}" ; sh:namespace "http://example.org/" ]' for name in names)
    query = "SELECT $this { $this ex:p 1 ; ey:p 2 FILTER (STRSTARTS(STR($this), 'http://example.org/ey:')) }"
    query = query.replace("STRSTARTS", "!STRSTARTS")  # a name in a text is none
    (tmp_path / "shapes.ttl").write_text(
        f"{HEAD}ex:P sh:declare {declared} .\n{constraint(query).replace('sh:prefixes ex:', 'sh:prefixes ex:P')}",
        encoding="utf-8",
    )
    (tmp_path / "data.ttl").write_text(HEAD + DATA, encoding="utf-8")
    findings = check.validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl", thorough=thorough).findings
    assert [(finding.code, finding.result.focus) for finding in findings] == [("", "<http://example.org/a>")]


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    ("shape", "query", "nodes"),
    [
        ("", "", ["a", "b", "c"]),
        ("", "sh:deactivated false ; ", ["a", "b", "c"]),
        ("", "sh:deactivated true ; ", []),
        ("sh:deactivated true ; ", "", []),
    ],
)
def test_a_query_that_is_deactivated_is_not_asked(
    shape: str, query: str, nodes: list[str], thorough: bool, tmp_path: Path
) -> None:
    asked = constraint("SELECT $this { }", f"{shape}sh:targetClass ex:T").replace(
        "sh:sparql [ ", f"sh:sparql [ {query}"
    )
    (tmp_path / "shapes.ttl").write_text(f"{HEAD}{asked}", encoding="utf-8")
    (tmp_path / "data.ttl").write_text(HEAD + DATA, encoding="utf-8")
    findings = check.validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl", thorough=thorough).findings
    assert sorted(finding.result.focus for finding in findings) == [f"<http://example.org/{name}>" for name in nodes]


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("query", ["SELECT $this { FLTER }", "SELECT $this { SERVICE ex:s { ?s ?p ?o } }"])
def test_a_query_that_is_deactivated_need_not_be_usable(query: str, thorough: bool, tmp_path: Path) -> None:
    idle = constraint(query).replace("sh:sparql [ ", "sh:nodeKind sh:IRI ; sh:sparql [ sh:deactivated true ; ")
    (tmp_path / "shapes.ttl").write_text(f"{HEAD}{idle}", encoding="utf-8")
    (tmp_path / "data.ttl").write_text(HEAD + DATA, encoding="utf-8")
    assert check.validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl", thorough=thorough).findings == ()


ENDLESS = "SELECT $this { ?a ex:y ?b . ?c ex:y ?d . ?e ex:y ?f . ?g ex:y ?h . FILTER (?b = ?g) }"
LARGE = "SELECT $this ?a ?b ?c ?d { ?a ex:y ?b . ?c ex:y ?d } ORDER BY ?b ?d"


@pytest.mark.parametrize(
    ("query", "bound", "value", "reason"),
    [
        (ENDLESS, "_SECONDS", 1, "seconds they were still at it, and were stopped"),
        (LARGE, "MEMORY", 200_000_000, "need more memory than"),
    ],
)
def test_a_query_that_needs_too_much_is_stopped(
    query: str, bound: str, value: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "_BYTES_EACH", 1)
    monkeypatch.setattr(check, bound, value)
    (tmp_path / "shapes.ttl").write_text(HEAD + constraint(query), encoding="utf-8")
    statements = "".join(f"ex:x{number} ex:y ex:z{number} .\n" for number in range(3_000))
    (tmp_path / "data.ttl").write_text(HEAD + DATA + statements, encoding="utf-8")
    (finding,) = check.validate(tmp_path / "data.ttl", shapes=tmp_path / "shapes.ttl").findings
    assert finding.code == "GP005"
    assert reason in str(finding.message)
