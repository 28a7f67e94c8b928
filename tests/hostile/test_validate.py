"""Data and shapes that are made to hang, to crash, to fill the memory or to call home: each is a finding, in time."""

import json
import re
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import CHECK, GOOD, HEAD, LINE, SHAPES, Run, written

from ghent_partnerships.rdf.turtle import RDF

ENGINES = ([], ["--thorough"])
XML = f'<r:RDF xmlns:r="{RDF}" xmlns="http://e/">%s</r:RDF>'
IN_XML = XML % '<r:Description r:about="http://e/a"><p>%s</p></r:Description>'
RESOURCE = '<p r:parseType="Resource">'
DEEP = "This is nested too deep to be read: "
LONG = "A literal or a name is longer than the 16 MB that can be read."
TEN_MB = 10_000_000


def in_two_gigabytes() -> None:
    """In the child, before the command: neither it nor a process that it starts may have more memory."""
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))


def filled(piece: str, size: int = TEN_MB) -> str:
    return piece * (size // len(piece))


def nested(opening: str, middle: str, closing: str, depth: int) -> str:
    return f"{opening * depth}{middle}{closing * depth}"


NESTED = {
    "brackets.ttl": (filled("[ "), "1:199999: "),
    "collections.ttl": (filled("( "), "1:199999: "),
    "inner.ttl": ("<a:a> <a:b> " + filled("[ <a:b> "), "1:800005: "),
    "closed.ttl": (f"<a:a> <a:b> {nested('( ', '1', ' )', TEN_MB // 4)} .", "1:200011: "),
    "braces.trig": (filled("{ "), "1:199999: "),
    "graph.trig": ("<a:g> { <a:a> <a:b> " + filled("[ <a:b> "), "1:"),
    "terms.nt": ("<a:a> <a:b> " + filled("<<( <a:a> <a:b> "), "1:"),
    "reified.ttl": ("<a:a> <a:b> " + filled("<< <a:a> <a:b> "), "1:"),
    "annotated.ttl": ("<a:a> <a:b> <a:c> " + filled("{| <a:b> <a:c> "), "1:"),
    "objects.jsonld": (nested('{"a:b":', "1", "}", 5_000), "1:9892: "),  # which overflows the parser's stack
    "more-objects.jsonld": (nested('{"a:b":', "1", "}", 1_000_000), "1:9892: "),
    "lists.jsonld": (f'{{"a:b": {nested("[", "1", "]", 1_000_000)}}}', "1:"),
    "graphs.jsonld": (nested('{"@graph":', "{}", "}", 5_000), "1:"),
    "broad.jsonld": (nested('{"a:b":', f"[{filled('1,')}1]", "}", 300), "1:"),  # each level keeps all that is in it
    "elements.rdf": (XML % nested("<a><p>", "", "</p></a>", 50_000), "1:"),
    "resources.rdf": (XML % f"<a>{nested(RESOURCE, '', '</p>', 100_000)}</a>", "1:"),
    "broad.rdf": (XML % nested("<a><p>", "<a/>" * 50_000, "</p></a>", 10_000), "1:"),
    "unclosed.rdf": (XML.partition("%")[0] + filled("<a>"), "1:"),
}  # fmt: skip


def test_ten_megabytes_of_nested_brackets_are_findings(run: Run, work: Path) -> None:
    for name, (content, _) in NESTED.items():
        written(work / name, content)
    out, _ = run(1, *CHECK, ".", preexec_fn=in_two_gigabytes)
    for name, (_, place) in NESTED.items():
        assert re.search(rf"^{re.escape(name)}:{place}.*violation GP001: {DEEP}", out, re.MULTILINE), (name, out)
    assert f"{len(NESTED) + 1} files, 0 triples: {len(NESTED)} violations\n" in out


def test_what_is_nested_less_deep_is_checked(run: Run, work: Path) -> None:
    inner = {"@type": "http://e/Thing", "http://e/p": "x"}
    written(work / "objects.jsonld", nested('{"http://e/q":', json.dumps(inner), "}", 1_000))
    written(work / "elements.rdf", XML % nested("<a><q>", "<Thing><p>x</p></Thing>", "</q></a>", 10_000))
    written(work / "property.ttl", f"{HEAD}e:a e:q {nested('[ e:q ', '[ a e:Thing ; e:p 0.1 ]', ' ]', 20_000)} .")
    written(work / "text.ttl", f"{HEAD}e:a a e:Thing ; e:p 1 ; e:q '{'(' * 200_000}' , <http://e/{'(' * 200_000}> .")
    out, _ = run(1, *CHECK, ".", preexec_fn=in_two_gigabytes)
    assert len(re.findall(r"^[a-z.]+:\d+:\d+: violation \w+: A number, please\.$", out, re.MULTILINE)) == 3, out
    assert out.endswith(" triples: 3 violations\n")


ODD = {
    "literal.ttl": (f'{HEAD}e:a a e:Thing ; e:p\n "{"x" * 20_000_000}" .', f"{LINE + 1}:2: ", LONG),
    "lines.ttl": (f'{HEAD}e:a a e:Thing ; e:p """{filled("x x" + chr(10), 20_000_000)}""" .', f"{LINE}:21: ", LONG),
    "quotes.ttl": (f"<a:a> <a:b> '{'x' * 20_000_000}' .", "1:13: ", LONG),
    "name.ttl": (f"<a:a> <a:b> <a:{'x' * 20_000_000}> .", "1:13: ", LONG),
    "literal.nt": (f'<a:a> <a:b> <a:c> .\n<a:a> <a:b> "{"x" * 20_000_000}" .', "2:13: ", LONG),
    "literal.jsonld": (json.dumps({"@id": "a:a", "a:b": "x" * 20_000_000}), "1:23: ", LONG),
    "literal.rdf": (IN_XML % ("x" * 20_000_000), "1:", LONG),
    "spaces.ttl": (f"{HEAD}e:a a e:Thing ;\n  e:p <http://e/a b> .", f"{LINE + 1}:7: ", "Invalid IRI code point ' '."),
    "spaces.rdf": (XML % '\n<Thing r:about="http://e/a b"/>', "2:17: ", "error while parsing IRI 'http://e/a b'"),
    "spaces.jsonld": (json.dumps({"@id": "http://e/a b", "@type": "http://e/T"}), "1:1: ", "The file holds no triple."),
    "nul.ttl": (f"{HEAD}e:a a e:Thing\0 ; e:p 1 .", f"{LINE}:14: ", r"'\x00' is not allowed"),
    "nuls.nt": ("\0" * 1_000_000, "1:1: ", r"'\x00' is not allowed"),
    "nul.jsonld": ('{"@id": "a:\0"}', "1:12: ", r"'\x00' is not allowed in JSON strings."),
    "nul.rdf": (XML % "\n\0", "2:1: ", "This is not XML: “not well-formed (invalid token)”."),
}  # fmt: skip


def test_a_text_without_end_and_odd_characters_are_findings(run: Run, work: Path) -> None:
    for name, (content, _, _) in ODD.items():
        written(work / name, content)
    written(work / "in-quotes.ttl", f'{HEAD}e:a a e:Thing ; e:p "\0" .')  # which Turtle allows
    out, _ = run(1, *CHECK, ".", preexec_fn=in_two_gigabytes)
    for name, (_, place, message) in ODD.items():
        assert re.search(rf"^{re.escape(name)}:{place}.*{re.escape(message)}", out, re.MULTILINE), (name, out)
    assert (
        f'in-quotes.ttl:{LINE}:21: violation datatype: A number, please.\n{LINE:>5} | e:a a e:Thing ; e:p "\\x00" .'
        in out
    )


COUNT = 5_000


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Wrong.", f"… and {COUNT - 20:,} more like this (datatype), the last at bad.ttl:"),
        ("{$this} is wrong.", f"… and {COUNT - 1_000:,} more: json has all of them\n"),
    ],
)
def test_more_violations_than_anyone_reads_are_counted(run: Run, work: Path, message: str, shown: str) -> None:
    written(work / "s.ttl", SHAPES.replace("A number, please.", message))
    written(work / "bad.ttl", HEAD + "".join(f'e:a{number} a e:Thing ; e:p "x" .\n' for number in range(COUNT)))
    out, _ = run(1, "validate", "--shapes", "s.ttl", "bad.ttl")
    assert shown in out
    assert out.endswith(f"2 files, {2 * COUNT:,} triples: {COUNT:,} violations\n")
    assert out.count("\n") < 5_000
    out, _ = run(1, "validate", "--format", "json", "--shapes", "s.ttl", "bad.ttl")
    assert len(json.loads(out)["findings"]) == COUNT


SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:Thing ; "


@pytest.mark.parametrize("more", ENGINES)
@pytest.mark.parametrize(
    "shapes",
    [
        "sh:node e:T . e:T a sh:NodeShape ; sh:node e:U . e:U a sh:NodeShape ; sh:node e:T .",
        "sh:property [ sh:path e:p ; sh:node e:S ] .",
        "sh:not [ sh:or ( [ sh:nodeKind sh:Literal ] e:S ) ] .",
    ],
)
def test_recursive_shapes_are_a_finding(run: Run, work: Path, shapes: str, more: list[str]) -> None:
    written(work / "s.ttl", HEAD + SHAPE + shapes)
    written(work / "loop.ttl", HEAD + "e:a a e:Thing ; e:p e:b . e:b a e:Thing ; e:p e:a .")
    out, _ = run(1, "validate", *more, "--shapes", "s.ttl", "loop.ttl")
    assert re.match(r"s\.ttl:\d+:\d+: violation GP005: The shapes cannot be used: ", out), out


def sparql(query: str) -> str:
    prefixes = "PREFIX e: <http://e/> "
    return f"{HEAD}{SHAPE} sh:sparql [ sh:message 'Bad.' ; sh:select {json.dumps(prefixes + query)} ] ."


@pytest.fixture
def hurried(run: Run, broken: Path) -> Run:
    """Run a command whose engines have two seconds instead of a minute."""
    module = broken / "scripts/ghent_partnerships/validation/check.py"
    text = module.read_text(encoding="utf-8")
    assert text.count("_SECONDS, _FAST, _THOROUGH = 60,") == 1
    module.write_text(text.replace("_THOROUGH = 60,", "_THOROUGH = 2,"), encoding="utf-8")

    def hurry(*arguments: object, **how: object) -> tuple[str, str]:
        return run(*arguments, checkout=broken, preexec_fn=in_two_gigabytes, **how)

    return hurry


ENDLESS = " . ".join(f"?s{number} ?p{number} ?o{number}" for number in range(30))
LENGTH = f"STRLEN(CONCAT({', '.join(f'STR(?o{number})' for number in range(30))}))"
STOPPED = r"s\.ttl:\d+:\d+: violation GP005: The shapes cannot be used: after 2 seconds they were still at it"


@pytest.mark.parametrize("more", ENGINES)
def test_a_constraint_that_never_ends_is_stopped(hurried: Run, work: Path, more: list[str]) -> None:
    written(work / "s.ttl", sparql(f"SELECT $this {{ $this a e:Thing . {ENDLESS} FILTER ({LENGTH} = 1) }}"))
    out, _ = hurried(1, "validate", *more, "--shapes", "s.ttl", "../good.ttl")
    assert re.match(STOPPED, out), out


def test_a_pattern_over_which_others_backtrack_for_ever_is_decided(hurried: Run, work: Path) -> None:
    written(work / "s.ttl", f"{HEAD}{SHAPE} sh:property [ sh:path e:p ; sh:pattern '^(a+)+$' ] .")
    written(work / "a.ttl", f'{HEAD}e:a a e:Thing ; e:p "{"a" * 60}!" .')
    for more in ENGINES:
        out, _ = hurried(1, "validate", *more, "--shapes", "s.ttl", "a.ttl")
        assert re.match(r"a\.ttl:\d+:\d+: violation pattern: does not match `\^\(a\+\)\+\$`", out), out


def test_a_pattern_that_refers_back_and_backtracks_for_ever_is_stopped(hurried: Run, work: Path) -> None:
    written(work / "s.ttl", f"{HEAD}{SHAPE} sh:property [ sh:path e:p ; sh:pattern '^((a+)+)\\\\1$' ] .")
    written(work / "a.ttl", f'{HEAD}e:a a e:Thing ; e:p "{"a" * 61}!" .')
    for more in ENGINES:
        out, _ = hurried(1, "validate", *more, "--shapes", "s.ttl", "a.ttl")
        assert re.match(STOPPED, out), out


DOUBLED = " ".join(f"BIND (CONCAT(?x{number}, ?x{number}) AS ?x{number + 1})" for number in range(40))
GREEDY = {
    "a text": f"SELECT $this (?x40 AS ?value) {{ $this a e:Thing . BIND ('0123456789' AS ?x0) {DOUBLED} }}",
    "an order": f"SELECT $this {{ $this a e:Thing . {ENDLESS} }} ORDER BY ?s0 ?s1",
}


@pytest.mark.skipif(not Path("/proc").exists(), reason="memory is bounded on Linux")
@pytest.mark.parametrize(("kind", "more"), [*((kind, []) for kind in GREEDY), ("a text", ["--thorough"])])
def test_a_constraint_that_fills_the_memory_is_stopped(run: Run, work: Path, kind: str, more: list[str]) -> None:
    written(work / "s.ttl", sparql(GREEDY[kind]))
    out, _ = run(1, "validate", *more, "--shapes", "s.ttl", "../good.ttl", preexec_fn=in_two_gigabytes)
    assert re.match(r"s\.ttl:.* GP005: The shapes cannot be used: with these data they need more memory than", out), out


@pytest.fixture
def address() -> Iterator[str]:
    """An address at which nobody may ask for anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


ASKING = [
    "SELECT $this { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT $this{sErViCeSILENT<%s>{?s ?p ?o}}",
    "SELECT $this { BIND(<%s> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "PREFIX x: <%s> SELECT $this { SERVICEx:x{ ?s ?p ?o } }",
    "SELECT $this { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT $this FROM <%s> { $this ?p ?o }",
    "SELECT $this FROM NAMED <%s> { GRAPH ?g { $this ?p ?o } }",
    "LOAD <%s>",
]


@pytest.mark.parametrize("more", ENGINES)
def test_a_constraint_asks_nobody(run: Run, work: Path, address: str, more: list[str]) -> None:
    for number, query in enumerate(ASKING):
        written(work / f"{number}.ttl", sparql(query % address))
        if more and number % 2:  # pySHACL takes a second to start
            continue
        out, _ = run(1, "validate", *more, "--shapes", f"{number}.ttl", "../good.ttl")
        assert "GP005: The shapes cannot be used: " in out, (query, out)


def test_what_is_imported_is_not_fetched(run: Run, work: Path, address: str) -> None:
    imported = f"e:o a owl:Ontology ; owl:imports <{address}> .\n"
    written(work / "data.ttl", GOOD + imported)
    written(work / "s.ttl", SHAPES + imported)
    for more in ENGINES:
        out, _ = run(0, "validate", *more, "--shapes", "s.ttl", "data.ttl")
        assert len(re.findall(rf"^\w+\.ttl:\d+:\d+: warning GP006: .*{address}", out, re.MULTILINE)) == 2, out


FETCHING = {
    "context.jsonld": '{"@context": "%s", "@id": "a:a", "name": "x"}',
    "several.jsonld": '{"@context": [{}, "%s"], "@id": "a:a", "name": "x"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "%s"}, "@id": "a:a", "name": "x"}',
    "scoped.jsonld": '{"@context": {"b": {"@id": "a:b", "@context": "%s"}}, "@id": "a:a", "b": {"c": 1}}',
    "inner.jsonld": '{"@id": "a:a", "a:b": {"@context": "%s", "a:c": 1}}',
    "entity.rdf": f'<!DOCTYPE r [<!ENTITY x SYSTEM "%s">]>{IN_XML % "&x;"}',
    "parameter.rdf": f'<!DOCTYPE r [<!ENTITY %% x SYSTEM "%s"> %%x;]>{IN_XML % "&y;"}',
    "dtd.rdf": f'<!DOCTYPE r SYSTEM "%s">{IN_XML % "&y;"}',
}
LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{repeated};" * 10}">' for name, repeated in zip("bcdefghijk", "abcdefghij", strict=True)
)


def test_contexts_and_entities_are_neither_fetched_nor_read(run: Run, work: Path, address: str) -> None:
    secret = written(work.parent / "secret" / "secret.txt", '{"@context": {"name": "http://e/secret"}}')
    for place in (address, secret.as_uri(), "../secret/secret.txt"):
        for name, text in FETCHING.items():
            written(work / name, text % place)
        out, _ = run(1, *CHECK, *FETCHING)
        files = set(re.findall(r"^([a-z.]+):\d+:\d+: violation GP001", out, re.MULTILINE))
        assert files == FETCHING.keys(), (place, files ^ FETCHING.keys(), out)
        assert "http://e/secret" not in out


@pytest.mark.parametrize("where", ["<p>%s</p>", '<p r:resource="http://e/%s"/>'])
def test_a_billion_laughs_are_a_finding(run: Run, work: Path, where: str) -> None:
    body = XML % f'<r:Description r:about="http://e/a">{where % "&k;"}</r:Description>'
    written(work / "laughs.rdf", f'<!DOCTYPE r [<!ENTITY a "ha">{LAUGHS}]>\n{body}')
    out, _ = run(1, *CHECK, "laughs.rdf", preexec_fn=in_two_gigabytes)
    assert re.match(r"laughs\.rdf:\d+:\d+: violation GP001: ", out), out


def test_of_a_compressed_file_it_is_said_how_it_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data.nt.gz").write_bytes(b"\x1f\x8b")
    _, err = run(2, "validate", tmp_path / "data.nt.gz")
    assert "data.nt.gz: compressed; unpack it with gunzip" in err
