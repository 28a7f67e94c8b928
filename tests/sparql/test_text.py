"""The text of a query: what its tokens say, in Python and in the query page alike; and where a mistake stands."""

import json
import os
import random
import re
import resource
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

import ghent_partnerships
import needs
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf import lexer
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.tokens import Lexer
from ghent_partnerships.sparql.library import bind, defaults
from ghent_partnerships.sparql.syntax_errors import described
from ghent_partnerships.sparql.text import demand_reading, features, prefixes, tokens
from ghent_partnerships.translation import web_words

FOLDER = Path(__file__).parents[1] / "sparql"
WEB = Path(ghent_partnerships.__file__).parent / "publishing" / "site" / "web"
CASES = json.loads((FOLDER / "text.json").read_text(encoding="utf-8"))
TEXTS, MISTAKES, TERMINALS = (CASES[kind] for kind in ("features", "mistakes", "terminals"))
DECLARED = "PREFIX : <http://d/> PREFIX service: <http://s/> PREFIX e: <http://e/> "
DECLARATIONS = (
    *(
        "PREFIX : <http://d/> ",
        "PREFIX service: <http://s/> ",
        "PREFIX SERVICE: <http://s/>",
        "PREFIX h: <http://h/#> ",
    ),
    *(
        "PREFIX e:<http://e:80> ",
        "BASE <http://e:80>",
        "PREFIX trueSERVICE: <http://e/>",
        "PREFIX FILTERe: <http://q/>",
    ),
)
PIECES = (
    *("?s ?p ?o", "?s a service:Foo . ", "?s ?p ?o ; ?q service:x { ?a ?b ?c } ", "SERVICE <http://x/> {?a ?b ?c}"),
    *("SERVICE:x{?a ?b ?c}", "SERVICE?x{}", "SERVICESILENT<http://x/>{} ", "FILTER(?s<?b#c> ", '#"""\n', '"""\n', ") "),
    *("GRAPH service:x {?a ?b ?c}", "FILTER(?s = 1 && EXISTS {?a ?b ?c}) ", "VALUES (?x ?y) { (<a#b> 1) } "),
    *("(1 <b#c>) ?p ?o . ", "?s (<a#>|e:x)/^e:x service:x {?a ?b ?c}", "?s ?p 'x'^^service:dt {?a ?b ?c}"),
    *("FILTER e:f(?s<?b#c> ", "?s a:b SERVICE:x {?a ?b ?c}", "{ SELECT ?s { ?s ?p ?o } } ", "[ ?p ?o ] "),
    *("?s ?p e:SERVICE:x {?a ?b ?c}", "'''a' #\\uD800'''\n", "<<(?s ?p ?o)>> ", "FILTER(?s IN (<a#b>, <c'd>)) "),
    *(
        "SERVICE",
        "service:x",
        "GRAPH",
        "FILTER",
        "OPTIONAL",
        "VALUES",
        "a ",
        "true",
        "trueSERVICE:x",
        "?service ",
        "e:x ",
    ),
    *(
        "<http://e/#x>",
        "<http://e/a'b>",
        "<http://e/\\u0041#x>",
        "h:x",
        "_:b",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ".",
        ";",
        ",",
    ),
    *(
        "<",
        ">",
        "|",
        "^^",
        "@en-service",
        "1",
        '"x"',
        "'''",
        '"',
        "'",
        "\\u0022",
        "e:a\\#b",
        "# c\n",
        "\r",
        "UNDEF",
        "EXISTS",
    ),
)

CHARACTERS = (*PIECES, *"aeE.:-_0+%#?$@^&|!=>\\\n", "\\u00e9", "%41", "\u00b7", "\u00d7", "\u2028", "\U0001f600", '"""')


def takes(text: str) -> bool:
    """Whether Oxigraph takes the text for SPARQL; where it asks another endpoint, it has no descriptor to ask with."""
    try:
        pyoxigraph.Store().query(text, base_iri="http://b/")
    except SyntaxError:
        return False
    except (ValueError, RuntimeError, OSError):
        return True
    return True


def compared(seed: int) -> None:
    """Say which queries, of many that are made of pieces, have a clause that is not seen."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    chance, clauses = random.Random(seed), 0
    for _ in range(12_000):
        head = DECLARED if chance.random() < 0.7 else ""
        head += "".join(chance.sample(DECLARATIONS, chance.randint(0, 2)))
        text = f"{head}SELECT * {{{''.join(chance.choices(PIECES, k=chance.randint(1, 5)))}}}"
        # A clause, and nothing else, is no SPARQL with another word in its place.
        if takes(text) and not takes(re.sub("(?i)s(?=ervice)", "z", text)):
            clauses += 1
            if not features(text).service:
                sys.stdout.write(f"{text!r}\n")
    sys.stdout.write(f"{clauses > 100}\n")


@pytest.mark.parametrize("seed", range(4))
def test_no_clause_that_oxigraph_asks_passes(seed: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parent)}
    command = [sys.executable, __file__, str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=environment)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("case", TEXTS, ids=[repr(case["text"])[:60] for case in TEXTS])
def test_a_query_is_what_its_tokens_say(case: dict[str, object]) -> None:
    found = features(str(case["text"]))
    declared = {prefix: namespace.text for prefix, namespace in prefixes(str(case["text"])).items()}
    assert (found.first, found.service, declared) == (case["first"], case["service"], case["prefixes"])


@pytest.mark.parametrize("case", MISTAKES, ids=[repr(case["text"])[:60] for case in MISTAKES])
def test_a_mistake_stands_where_it_was_made(case: dict[str, object]) -> None:
    line, column, text = described(str(case["text"]))
    assert (line, column) == (case["line"], case["column"])
    expected = {"en": f"This is not SPARQL: {case['english']}", "nl": f"Dit is geen SPARQL: {case['dutch']}"}
    assert dict(text) == expected


def test_the_query_page_reads_the_same(tmp_path: Path) -> None:
    node, modules = needs.modules(WEB)
    cases = tmp_path / "cases.json"
    texts = ["".join(random.Random(seed).choices(CHARACTERS, k=12)) for seed in range(3_000)]
    given = {**CASES, "prefixes": PREFIXES, "words": web_words("nl"), "texts": texts}
    cases.write_text(json.dumps(given), encoding="utf-8")
    command = [node, str(FOLDER / "text.mjs"), str(WEB), str(modules), str(cases)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)
    for kind, expected in CASES.items():
        for result, case in zip(found[kind], expected, strict=True):
            assert result == case
    for text, written in zip(texts, found["tokens"], strict=True):
        assert written == [[token.kind, token.text] for token in tokens(text)], text


@pytest.mark.parametrize("case", TERMINALS, ids=[repr(case["text"]) for case in TERMINALS])
def test_a_terminal_ends_where_the_grammars_end_it(case: dict[str, str]) -> None:
    assert next(tokens(case["text"])).text == case["token"]
    if not case["text"].startswith("\N{NO-BREAK SPACE}"):  # is no token of Turtle
        assert next(lexer.tokens(case["text"]))[1] == case["token"]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_letter_in_a_line_of_comment_changes_no_token(end: str) -> None:
    found = [token.text for token in tokens(f"#+ é{end}ASK {{ ?é é:é 'é' }}{end}#é:é{end}")]
    assert found == ["ASK", "{", "?é", "é:é", "'é'", "}"]
    string = f'"""é{end}#é é:"""'
    found = [token.text for token in tokens(f"#+ é{end}ASK {{ ?e e:e {string} }}{end}# é")]
    assert found == ["ASK", "{", "?e", "e:e", string, "}"]


def test_an_accent_in_the_header_of_a_question_compiles_no_pattern_for_names_with_accents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [file.read_text(encoding="utf-8") for file in packaged().query_files() if file.parent.name == "queries"]
    assert not all(map(str.isascii, texts))
    monkeypatch.setattr(Lexer, "of_any", property(lambda _: pytest.fail("which takes as long as the answer")))
    assert {next(tokens(text)).text for text in texts} == {"PREFIX"}


def test_less_than_starts_no_iri_behind_an_operand() -> None:
    written = [token.text for token in tokens("SELECT * { ?s <a> ?o FILTER(?s<?o && ?o IN (<b>, 1) && ?o>?s) }")]
    assert "<a>" in written
    assert "<b>" in written
    assert "<" in written
    assert not any(token.startswith("<?") for token in written)


def test_a_prefix_in_a_comment_or_a_string_is_none() -> None:
    assert prefixes(
        "# \nPREFIX a: <http://a/> # PREFIX b: <http://b/>\nASK { ?s ?p '''\nPREFIX c: <http://c/>''' }"
    ).keys() == {"a"}


def test_code_points_are_read_before_the_iri() -> None:
    assert prefixes("PREFIX e: <http://e/\\u00E9\\U0001F600> ASK {}")["e"].text == "http://e/é😀"


def test_a_value_is_bound_where_the_block_is_not_where_it_is_quoted() -> None:
    text = "SELECT * { # VALUES ?x { 1 }\n ?s ?p 'VALUES ?x { 2 }' VALUES ?x { +3 'a'@en '1'^^<http://d> } }"
    assert [str(term) for term, _ in defaults(text)["x"]] == [
        '"+3"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"a"@en',
        '"1"^^<http://d>',
    ]
    assert bind(text, {"x": "7"}, packaged().prefixes).endswith(
        "'VALUES ?x { 2 }' VALUES ?x { \"7\"^^<http://www.w3.org/2001/XMLSchema#integer> } }"
    )


def test_a_query_that_only_reads_is_let_through() -> None:
    assert demand_reading('VERSION "1.2" PREFIX service: <http://s/> SELECT * {}', allow_service=False) == "SELECT"


if __name__ == "__main__":
    compared(int(sys.argv[1]))
