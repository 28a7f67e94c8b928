"""Turtle with no white space where none is needed: the positions are of the same tokens that Oxigraph reads."""

from pathlib import Path
from random import Random

import pyoxigraph
import pytest
from pyoxigraph import Literal, RdfFormat

from ghent_partnerships.rdf import parse
from ghent_partnerships.rdf.lexer import token_end
from ghent_partnerships.rdf.positions.turtle import locate
from ghent_partnerships.rdf.turtle import RDF, XSD
from marked import line_and_column

HEAD = "@prefix :<e:>.PREFIX a:<a:>"
SUBJECTS = [
    "_:a",
    ":s",
    ":a.b",
    ":",
    "a:p-1",
    "<x>",
    "_:1",
    "_:a.b",
    "a:a:b",
    ":%41",
    ":a\\~b",
    "_:é",
    ":é",
    "a:1",
    "_:a-b",
]
PREDICATES = [":p", "a", "<p>", "a:p", "a:1", "::", ":p.q", ":", "a:", ":p-1", "a:%2B", ":\\+1", ":true"]
NUMBERS = ["+1", "-1", "1", "1.", "1.0", "1.e0", "1e0", ".5", "-.5", "+.5e-3", "1E+2", "01"]
STRINGS = ['"s"', "'s'", '"""s"""', "''''''", '""', '"x"@en', "'x'@en-GB", '"x"^^:t', "''^^<t>", '"\\""', "'''a'b'''"]
OBJECTS = [*SUBJECTS, *NUMBERS, *STRINGS, "true", "false", "a:true", ":true.x"]
CASES = {
    "a label and a name": "_:s:p ←1 .",
    "a label with a dot and a name": "_:s.t:p ←1 .",
    "a name and a number": ":s :p←+1 .",
    "a name with a hyphen and a number": ":s :p-1←+1 .",
    "a number and the end": "_:s:p ←1.",
    "an exponent behind a dot": "_:s:p←+1.e0.",
    "a name with a dot": "_:s:p ←a:a.b.",
    "a boolean and the end": "_:s:p ←true.",
    "a string behind a name": '_:s:p←"x"@en.',
    "an IRI behind an IRI": "<s><p>←<o>.",
    "an IRI behind a": "<s>a←<o>.",
    "a directive behind a statement": "<s><p> 2.@base<f:>.<s><p>←3.",
    "a PREFIX behind a statement": "<s><p> 2.PREFIX b:<f:><s>b:p ←3.",
    "a name of a keyword": "<s>:prefix ←:a.",
    "a name behind a language": "<s><p>←'x'@base;:p 2.",
    "a collection": "_:s:p(1←+1).",
}


@pytest.mark.parametrize("name", CASES)
def test_two_tokens_that_touch_are_two(name: str) -> None:
    before, _, after = f"{HEAD}\n{CASES[name]}".partition("←")
    document = parse.parse(Path("some.ttl"), (before + after).encode())
    assert document.findings == []
    places = {line_and_column(document.text, at) for at in locate(document.text, document.base).objects.values()}
    assert line_and_column(document.text, len(before)) in places


def space(choose: Random) -> str:
    return choose.choice(["", "", "", "", " ", "#c\n", "\n", "\t"])


def term(choose: Random, depth: int = 0) -> str:
    chance = choose.random() * (1 if depth < 3 else 0)
    if chance > 0.85:
        inner = choose.choice(PREDICATES) + space(choose) + term(choose, depth + 1) if choose.random() < 0.8 else ""
        return f"[{space(choose)}{inner}]"
    if chance > 0.7:
        return f"({''.join(space(choose) + term(choose, depth + 1) for _ in range(choose.randrange(3)))})"
    return choose.choice(OBJECTS)


def statement(choose: Random) -> str:
    directive = choose.choice(["", "", "", "", "@base<f:>.", "BASE<g:>", "prefix :<d:>", "@prefix a:<c:>."])
    text = directive + choose.choice(SUBJECTS) + space(choose)
    for following in ("", *(";" * choose.randrange(2))):
        text += following + space(choose) + choose.choice(PREDICATES) + space(choose) + term(choose)
        text += "".join(f"{space(choose)},{space(choose)}{term(choose)}" for _ in range(choose.randrange(2)))
    return f"{text}{space(choose)}.{space(choose)}"


def test_the_positions_are_of_the_tokens_that_oxigraph_reads() -> None:
    choose, read = Random(18), 0
    for _ in range(3_000):
        text = HEAD + "".join(statement(choose) for _ in range(choose.randrange(1, 3)))
        try:
            parser = pyoxigraph.parse(text, format=RdfFormat.TURTLE, base_iri="z:")
            triples = list(dict.fromkeys(quad.triple for quad in parser))
        except SyntaxError:  # tokens that are one where they touch
            continue
        read += 1
        positions = locate(text, "z:", triples).objects
        assert positions.keys() == {(triple.subject, triple.predicate, triple.object) for triple in triples}, text
        for (_, _, value), at in positions.items():
            if isinstance(value, Literal) and value.datatype.value.startswith((XSD, RDF)):
                token = text[at : token_end(text, at)]
                (alone,) = pyoxigraph.parse(f"<a:s> <a:p> {token} .", format=RdfFormat.TURTLE)
                assert alone.object == value, text
    assert read > 1_000
