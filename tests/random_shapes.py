"""Random shapes of every core component, and random data for them; the same seed gives the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence

PREFIXES = """PREFIX ex: <http://example.org/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
NODES = (*(f"ex:n{number}" for number in range(6)), "_:b0", "_:b1")
CLASSES = ("ex:C0", "ex:C1", "ex:C2")
PREDICATES = ("ex:p", "ex:q", "ex:r")
LITERALS = (
    *('"a"', '"b"', '"abc"', '""', '"a"@en', '"b"@en', '"c"@en-GB', '"d"@nl', '"5"'),
    *("1", "2", "5", "1.0", "2.5", "1e0", '"2"^^xsd:byte'),
)
AWKWARD = (  # what pySHACL reads or compares otherwise
    *("true", "false", '"2024-01-01"^^xsd:date', '"2024-06-01"^^xsd:date', '"2024-01-01T00:00:00Z"^^xsd:dateTime'),
    *('"2015-08-05"^^xsd:dateTime', '"1e3"^^xsd:decimal', '"24"^^xsd:gYear', '" 1"^^xsd:integer', '"x"^^ex:type'),
)
NUMBERS = ("0", "1", "2", "2.5", "3e0")
SHAPES = 6


class Chance(random.Random):
    """Chance, for shapes and data."""

    def path(self, depth: int = 2) -> str:
        if not depth or self.random() < 0.6:
            return self.choice(PREDICATES)
        inner = [self.path(depth - 1) for _ in range(2)]
        step = self.choice(("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))
        return self.choice(
            (
                f"[ sh:{step} {inner[0]} ]",
                f"( {' '.join(inner)} )",
                f"[ sh:alternativePath ( {' '.join(inner)} ) ]",
            )
        )


def target(chance: Chance) -> str:
    """A target of a shape."""
    return chance.choice(
        (
            f"sh:targetClass {chance.choice(CLASSES)}",
            f"sh:targetNode {chance.choice(NODES[:6] + LITERALS)}",
            f"sh:targetSubjectsOf {chance.choice(PREDICATES)}",
            f"sh:targetObjectsOf {chance.choice(PREDICATES)}",
        )
    )


Constraint = Callable[[Chance, Callable[[], str]], str]
ANYWHERE: dict[str, Constraint] = {
    "class": lambda chance, _shape: f"sh:class {chance.choice(CLASSES)}",
    "datatype": lambda chance, _shape: f"sh:datatype xsd:{chance.choice(('string', 'integer', 'date', 'boolean'))}",
    "nodeKind": lambda chance, _shape: (
        "sh:nodeKind sh:"
        + chance.choice(("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"))
    ),
    **{
        name: lambda chance, _shape, name=name: f"sh:{name} {chance.choice(NUMBERS)}"  # type: ignore[misc]
        for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
    },
    "minLength": lambda chance, _shape: f"sh:minLength {chance.randrange(1, 4)}",
    "maxLength": lambda chance, _shape: f"sh:maxLength {chance.randrange(4)}",
    "pattern": lambda chance, _shape: "sh:pattern " + chance.choice(('"^a"', '"B" ; sh:flags "i"', '"^.$"', '"[0-9]"')),
    "languageIn": lambda chance, _shape: "sh:languageIn " + chance.choice(('( "en" )', '( "nl" "en-GB" )')),
    "equals": lambda chance, _shape: f"sh:equals {chance.choice(PREDICATES)}",
    "disjoint": lambda chance, _shape: f"sh:disjoint {chance.choice(PREDICATES)}",
    "hasValue": lambda chance, _shape: f"sh:hasValue {chance.choice(NODES[:6] + LITERALS)}",
    "in": lambda chance, _shape: f"sh:in ( {' '.join(chance.sample(NODES[:6] + LITERALS, 6))} )",
    "node": lambda _chance, shape: f"sh:node {shape()}",
    "not": lambda _chance, shape: f"sh:not {shape()}",
    "and": lambda _chance, shape: f"sh:and ( {shape()} {shape()} )",
    "or": lambda _chance, shape: f"sh:or ( {shape()} {shape()} )",
    "xone": lambda _chance, shape: f"sh:xone ( {shape()} {shape()} )",
    "property": lambda _chance, shape: f"sh:property {shape()}p",
    "closed": lambda chance, _shape: (
        f"sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path {chance.choice(PREDICATES)} ]"
    ),
}
OF_PATHS: dict[str, Constraint] = {
    "minCount": lambda chance, _shape: f"sh:minCount {chance.randrange(4)}",
    "maxCount": lambda chance, _shape: f"sh:maxCount {chance.randrange(4)}",
    "uniqueLang": lambda _chance, _shape: "sh:uniqueLang true",
    "lessThan": lambda chance, _shape: f"sh:lessThan {chance.choice(PREDICATES)}",
    "lessThanOrEquals": lambda chance, _shape: f"sh:lessThanOrEquals {chance.choice(PREDICATES)}",
    "qualified": lambda chance, shape: (
        f"sh:qualifiedValueShape {shape()} ; sh:qualifiedMinCount {chance.randrange(3)} ; "
        f"sh:qualifiedMaxCount {chance.randrange(3)} ; "
        f"sh:qualifiedValueShapesDisjoint {chance.choice(('true', 'false'))}"
    ),
}


def shapes(seed: int, without: Collection[str] = ()) -> str:
    """Six node shapes and as many property shapes, of which each refers to later ones only; ``without`` are parameters
    that none has."""
    chance, blocks = Chance(seed), []
    for number in range(SHAPES):
        later = range(number + 1, SHAPES + 1)

        def other(later: range = later) -> str:
            return f"ex:S{chance.choice(later)}"

        node, of_path = (
            [known[name](chance, other) for name in chance.sample(sorted(known.keys() - without), 2)]
            for known in (ANYWHERE, ANYWHERE | OF_PATHS)
        )
        targets = [target(chance)] if number < SHAPES // 2 else []
        blocks.append(" ; ".join([f"ex:S{number} a sh:NodeShape", *targets, *node]))
        blocks.append(" ; ".join([f"ex:S{number}p a sh:PropertyShape ; sh:path {chance.path()}", *targets, *of_path]))
    blocks.append(f"ex:S{SHAPES} a sh:NodeShape ; sh:nodeKind sh:IRI")
    blocks.append(f"ex:S{SHAPES}p a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1")
    return PREFIXES + "".join(f"{block} .\n" for block in blocks)


def data(seed: int, literals: Sequence[str] = LITERALS) -> str:
    """Statements about eight nodes, which are of three classes."""
    chance, terms = Chance(seed), [*NODES, *literals]
    lines = [f"{chance.choice(NODES)} {chance.choice(PREDICATES)} {chance.choice(terms)} ." for _ in range(25)]
    lines += [f"{node} a {chance.choice(CLASSES)} ." for node in chance.sample(NODES, 6)]
    return "\n".join([PREFIXES, "ex:C1 rdfs:subClassOf ex:C0 .", *lines, ""])
