"""The engine finds what pySHACL finds, on what breaks each constraint, on random mutations and on random shapes; and
nothing that is unrelated changes what it finds.

Where pySHACL deviates from the specification, which the tests of ``core``, ``literals`` and ``patterns`` hold us to:

- it takes booleans for numbers, and some times that cannot be compared with a number as if they were equal to it;
- it compares IRIs and texts with a language for sh:lessThan, and gives up on blank nodes;
- it reads literals with Python, not by XML Schema: "2015-08-05" is a dateTime, and "1e3" a decimal;
- sh:minLength 0 takes a blank node;
- of sh:closed in a property shape it gives the path of the shape, not the predicate.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

import random_shapes
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.validation.documents import ProjectDocuments, described, project_documents
from ghent_partnerships.validation.engines import core, pyshacl
from ghent_partnerships.validation.results import Result
from ghent_partnerships.validation.shapes import Shapes

TESTS = Path(__file__).parents[1]
CLOSED = f"{PREFIXES['sh']}ClosedConstraintComponent"
SUITES = ("shapes", "style")
MUTATIONS = 50
Key = tuple[str, ...]


@cache
def documents() -> ProjectDocuments:
    return project_documents(packaged())


@cache
def shapes(suite: str = "shapes") -> Shapes:
    found = documents().shapes if suite == "shapes" else documents().style
    return Shapes(triple for document in found for triple in document.triples)


@cache
def graph(suite: str = "shapes") -> tuple[Triple, ...]:
    of_suite = documents().graph if suite == "shapes" else described(documents())
    return tuple(dict.fromkeys(chain.from_iterable(document.triples for document in of_suite)))


def key(result: Result) -> Key:
    """What both must agree in."""
    path = "" if result.component == CLOSED else result.path
    terms = map(str, (result.focus, result.value, result.shape, result.constraint))
    return (*terms, path, result.component, result.severity)


def results(triples: Iterable[Triple], of_shapes: Shapes) -> Sequence[Result]:
    verdict = core.verdict(triples, of_shapes)
    assert [str(error.message) for error in verdict.ill_formed] == []
    return verdict.results


def compared(triples: Sequence[Triple], of_shapes: Shapes) -> set[Key]:
    """What the engine finds, which is what pySHACL finds."""
    found = {key(result) for result in results(triples, of_shapes)}
    assert found == {key(result) for result in pyshacl.results(triples, of_shapes)}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("suite", SUITES)
def test_both_find_what_breaks_each_constraint(suite: str) -> None:
    files = sorted(TESTS.glob(f"{suite}/*/invalid.*.ttl"))
    added = chain.from_iterable(parse(file).triples for file in files)
    assert len(compared(list(dict.fromkeys([*graph(suite), *added])), shapes(suite))) >= len(files) / 2


def mutated(triples: list[Triple], chance: random.Random) -> list[Triple]:
    """The graph with one statement gone, come from elsewhere, or with another subject, predicate or value."""
    number = chance.randrange(len(triples))
    triple, other = triples[number], chance.choice(triples)
    rest = triples[:number] + triples[number + 1 :]
    instead = {
        "gone": [],
        "twice": [triple, Triple(other.subject, triple.predicate, triple.object)],
        "predicate": [Triple(triple.subject, other.predicate, triple.object)],
        "value": [Triple(triple.subject, triple.predicate, other.object)],
        "literal": [Triple(triple.subject, triple.predicate, chance.choice(LITERALS))],
        "more": [triple, Triple(triple.subject, triple.predicate, chance.choice([*LITERALS, other.object]))],
    }
    return rest + instead[chance.choice(sorted(instead))]


LITERALS = (
    Literal("01", datatype=NamedNode(PREFIXES["xsd"] + "integer")),
    Literal("1.50", datatype=NamedNode(PREFIXES["xsd"] + "decimal")),
    Literal("1971", datatype=NamedNode(PREFIXES["xsd"] + "gYear")),
    Literal("a word", language="en-GB"),
    Literal("een woord", language="nl"),
    Literal(""),
    NamedNode("http://www.wikidata.org/wiki/Q1296"),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_both_find_the_same_in_a_mutated_graph(seed: int) -> None:
    chance, triples = random.Random(seed), list(graph())
    for _ in range(MUTATIONS):
        triples = mutated(triples, chance)
    assert compared(list(dict.fromkeys(triples)), shapes())


def read(text: str) -> list[Triple]:
    return parse(Path("random.ttl"), text.encode()).triples


@pytest.mark.parametrize("batch", range(4))
def test_both_find_the_same_by_random_shapes(batch: int) -> None:
    found = set[Key]()
    for seed in range(batch * 12, batch * 12 + 12):
        of_shapes = Shapes(read(random_shapes.shapes(seed, {"lessThan", "lessThanOrEquals"})))
        found |= compared(read(random_shapes.data(seed)), of_shapes)
    assert len({component for *_, component, _ in found}) >= 20


def test_both_compare_numbers_by_less_than() -> None:
    text = random_shapes.PREFIXES + "".join(
        f"ex:{name} a sh:PropertyShape ; sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:{name} ex:q .\n"
        for name in ("lessThan", "lessThanOrEquals")
    )
    numbers = ("1", "1.0", "2", "2.5", "1e0", "3e0")
    statements = "".join(
        f"ex:n{number} ex:{predicate} {value} .\n"
        for number, predicate, value in random_shapes.Chance(1).sample(
            [(number, predicate, value) for number in range(9) for predicate in "pq" for value in numbers], 60
        )
    )
    assert len(compared(read(random_shapes.PREFIXES + statements), Shapes(read(text)))) > 40


def unrelated(chance: random.Random) -> list[Triple]:
    """Statements about others, with other predicates and classes, of which some are ill-typed or about blank nodes."""
    nodes = [*(NamedNode(f"urn:other:{number}") for number in range(5)), BlankNode(), BlankNode()]
    literals = [triple.object for triple in read(AWKWARD_DATA)]
    kind = NamedNode(PREFIXES["rdf"] + "type")
    return [
        Triple(
            chance.choice(nodes),
            chance.choice([kind, *(NamedNode(f"urn:other:p{number}") for number in range(3))]),
            chance.choice([*nodes, *literals]),
        )
        for _ in range(20)
    ]


AWKWARD_DATA = random_shapes.PREFIXES + "".join(f"ex:x ex:y {literal} .\n" for literal in random_shapes.AWKWARD)
UNRELATED_SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX o: <urn:other:>
o:S a sh:NodeShape ; sh:targetClass o:0 ; sh:targetNode o:1 ; sh:targetSubjectsOf o:p1 ; sh:closed true ;
  sh:property [ sh:path o:p0 ; sh:lessThan o:p1 ; sh:pattern "^\\\\p{L}+$" ; sh:flags "i" ; sh:message "x" ] ;
  sh:sparql [ sh:select "SELECT $this ?value { $this ?path ?value }" ; sh:message "y" ] .
"""


@pytest.mark.parametrize("batch", range(3))
def test_nothing_unrelated_changes_what_is_found(batch: int) -> None:
    """Neither other statements, blank nodes and shapes, nor the order in which files and statements are read."""
    number = 0
    for seed in range(batch * 25, batch * 25 + 25):
        chance = random.Random(seed)
        triples = read(random_shapes.data(seed, random_shapes.LITERALS + random_shapes.AWKWARD))
        rules = read(random_shapes.shapes(seed))
        before = Counter(map(key, results(triples, Shapes(rules))))
        more, more_rules = [*triples, *unrelated(chance)], [*rules, *read(UNRELATED_SHAPES)]
        chance.shuffle(more)
        chance.shuffle(more_rules)
        found = results(more, Shapes(more_rules))
        after = Counter(key(result) for result in found if "urn:other:" not in str(result.focus))
        others = {str(triple.subject) for triple in set(more) - set(triples)}
        assert Counter({found: times for found, times in after.items() if found[0] not in others}) == before
        number += len(found) > len(before)
    assert number
