"""Files that are not right: each command names the place of every fault and leaves the files alone."""

import json
import re
from pathlib import Path

import pytest
from command import (
    CHECK,
    GOOD,
    HEAD,
    LINE,
    SHAPES,
    Run,
    assert_nothing_beside,
    published_before,
    snapshot,
    written,
)

from ghent_partnerships.rdf.turtle import RDF

XML = f'<r:RDF xmlns:r="{RDF}" xmlns="http://e/"><r:Description r:about="a:a"><p>%s</p></r:Description></r:RDF>'
LAUGHS = "".join(
    f'<!ENTITY {name} "{f"&{repeated};" * 8}">' for name, repeated in zip("bcdefghijklm", "abcdefghijkl", strict=True)
)
OLD_RDF = "The file is written in RDF 1.2, and is not checked."
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "empty.ttl": ("", "1:1: The file holds no triple."),
    "no-triple.ttl": (HEAD, "1:1: The file holds no triple."),
    "syntax.ttl": ('PREFIX e: <http://e/>\ne:a e:b "é" e:c .\n', "2:13: A dot is expected"),
    "quote.ttl": ("<a:a> <a:b> <a:c> . zz .", "1:21: zz is not a valid subject"),
    "newline.ttl": ('<a:a> <a:b> "x\n/etc/passwd:1:1: forged" .', "1:15: Line jumps are not allowed"),
    "escapes.ttl": ("<a:a> <a:b>\x1b[31m\x9b", r"1:12: '\x1b' is not allowed at the beginning of a prefix name."),
    "prefix.ttl": ("<http://e/a>\n  a my-own.words:Thing .", "2:5: The prefix my-own.words: has not been declared."),
    "unclosed.ttl": ("<a:a> <a:b> " + "[ <a:b> " * 10_000, "1:80013: Unexpected end."),
    "latin1.ttl": (
        b'# caf\xc3\xa9\n<http://e/\xc3\xa9> <http://e/b> "caf\xe9" .',
        "2:31: Byte 0xE9 is not UTF-8 (in Latin-1 it would be 'é'); expected a UTF-8 text.",
    ),
    "bom.ttl": ("\ufeff" + GOOD, "1:1: The file starts with a byte order mark; expected plain UTF-8."),
    "triple-term.ttl": ("<a:a> <a:b>\n  <<( <a:a> <a:b> <a:c> )>> .", f"2:3: {OLD_RDF}"),
    "annotation.ttl": ("<a:a> <a:b> <a:c> {| <a:d> <a:e> |} .", f"1:19: {OLD_RDF}"),
    "direction.ttl": ('<a:a> <a:b> "x"@ar--rtl .', f"1:19: {OLD_RDF}"),
    "broken.nt": ("<a:a> <a:b> <a:c> .\n<a:a> <a:b>\n", "3:1: "),
    "broken.nq": ("<a:a> <a:b> <a:c> <a:d> <a:e> .\n", "1:25: "),
    "broken.trig": ("<a:g> { <a:a> <a:b> <a:c> ", "1:27: "),
    "broken.jsonld": ('{"@id": "a:a",\n "a:b": ]}', "2:9: "),
    "remote.jsonld": ('{"@context": "http://127.0.0.1:1/context", "@id": "a:a", "name": "x"}', "1:"),
    "deep.jsonld": ('{"a:b":' * 10_000, "1:"),
    "broken.rdf": ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<x>", "2:4: "),
    "entity.rdf": ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + XML % "&x;", "1:"),
    "laughs.rdf": (f'<!DOCTYPE r [<!ENTITY a "ha">{LAUGHS}]>\n' + XML % "&m;", "2:"),
    "deep.rdf": (XML.partition("%")[0] + "<a>" * 10_000, "1:"),
}  # fmt: skip
IN_TURTLE = {name: fault for name, fault in FAULTS.items() if name.endswith(".ttl")}


def assert_found(expected: set[str], findings: str) -> None:
    lines = [re.sub(r"(:\d+:\d+): (?:violation|info) \S+: ", r"\1: ", line) for line in findings.splitlines()]
    assert {text for text in expected if not any(line.startswith(text) for line in lines)} == set(), findings


def test_validate_names_every_fault_and_still_checks_the_other_files(run: Run, work: Path) -> None:
    for name, (content, _) in FAULTS.items():
        written(work / name, content)
    written(work / "rule.ttl", HEAD + 'e:a a e:Thing ;\n  e:p "x" .\n')
    out, _ = run(1, *CHECK, ".")
    assert_found({f"{name}:{place}" for name, (_, place) in FAULTS.items()}, out)
    assert_found({f"rule.ttl:{LINE + 1}:7: A number, please."}, out)
    assert f"{len(FAULTS) + 2} files" in out


def test_fmt_names_every_fault_and_leaves_the_files(run: Run, work: Path) -> None:
    others = ("bom.ttl", "empty.ttl", "no-triple.ttl")  # the first it fixes, of the last there is nothing to write
    faults = {name: fault for name, fault in IN_TURTLE.items() if name not in others}
    for name, (content, _) in faults.items():
        written(work / name, content)
    before = snapshot(work)
    written(work / "untidy.ttl", GOOD)
    out, _ = run(1, "fmt", ".")
    assert_found({f"{name}:{place}" for name, (_, place) in faults.items()}, out)
    tidy = f"{HEAD}\ne:good\n    a e:Thing ;\n    e:p 1 ;\n.\n".encode()
    assert snapshot(work) == {**before, "untidy.ttl": tidy}


def test_publish_names_every_fault_and_leaves_the_old_files(run: Run, broken: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    old = published_before(dist)
    for name, (content, _) in IN_TURTLE.items():
        written(broken / "data" / name, content)
    written(broken / "data/blank-node.ttl", HEAD + "e:a e:p [ e:q 1 ] .")
    written(broken / "data/control.ttl", HEAD + r'e:a e:p "\u0001" .')
    written(broken / "data/rule.ttl", HEAD + "\ncity:nameless a gp:City .")
    _, err = run(1, "publish", dist, checkout=broken, cwd=broken)
    assert_found({f"data/{name}:{place}" for name, (_, place) in IN_TURTLE.items()}, err)
    assert_found(
        {
            f"data/blank-node.ttl:{LINE}:9: A blank node cannot be published",
            f"data/control.ttl:{LINE}:9: The character U+0001 cannot be written in RDF/XML",
        },
        err,
    )
    rule = f"data/rule.ttl:{LINE + 1}:1: A city needs a label.\n  found: city:nameless rdfs:label\n  help:  Add one.\n"
    assert rule in err
    assert snapshot(dist) == old
    assert_nothing_beside(dist)


def test_query_names_the_faults_of_the_graph(run: Run, broken: Path) -> None:
    written(broken / "data/broken.ttl", FAULTS["prefix.ttl"][0])
    written(broken / "data/empty.ttl", "")
    _, err = run(1, "query", "names-of-cities", checkout=broken, cwd=broken)
    assert err == (
        "data/broken.ttl:2:5: The prefix my-own.words: has not been declared.\n"
        "  help:  Add at the top: PREFIX my-own.words: <…>\n"
        "data/empty.ttl:1:1: The file holds no triple.\n"
        "  help:  Add statements, or remove the file.\n"
    )


def test_publish_refuses_an_empty_blank_node(run: Run, broken: Path) -> None:
    written(broken / "data/blank-node.ttl", HEAD + "e:a e:p [] .")
    _, err = run(1, "publish", checkout=broken, cwd=broken)
    assert err.startswith(f"data/blank-node.ttl:{LINE}:9: A blank node cannot be published")


@pytest.mark.parametrize(("opening", "closing"), [("[ e:p ", "]"), ("( ", ")")])
def test_ten_thousand_nested_brackets_are_checked_and_not_rewritten(
    run: Run, work: Path, opening: str, closing: str
) -> None:
    deep = f"{HEAD}e:a a e:Thing ; e:p {opening * 10_000}1{closing * 10_000} .\n"
    written(work / "deep.ttl", deep)
    out, _ = run(1, *CHECK, "deep.ttl")
    assert out.startswith(f"deep.ttl:{LINE}:"), out
    assert "A number, please." in out
    out, _ = run(1, "fmt", "deep.ttl")
    assert out.startswith("deep.ttl:48:")
    assert "Brackets are nested more than 100 deep here; the file was left as it is." in out
    assert snapshot(work) == {"deep.ttl": deep.encode()}


SPELLINGS = [
    "<http://e/a> a e:Thing ; e:p 1.E3 .",
    "BASE<http://e/> <a> a e:Thing ; e:p <b> .",
    "@base <http://e/> . @prefix ee: <http://e/#> . <a> a e:Thing ; e:p ee:b .",
    "e:a a e:Thing ; e:p 'x'@base .",
    "e:a a e:Thing ; e:p e:x\u1680y .",
    "e:a a e:Thing ; e:p e:x\\(y , e:%41 , e:a.b , e:a.b.c , e: .",
    "e:a a e:Thing;e:p'x','''y''',\"z\"@en,true,1.0,1e0.",
    "PREFIX a: # a comment\n <http://a/> e:a a e:Thing ; e:p a:b .",
    "[ a e:Thing ; e:p [ e:p 'x' ] ] .",
    "[] a e:Thing ; e:p () , ( 1 ( 2 ) [] ) .",
    "_:a a e:Thing ; e:p _:b.c . _:b.c e:p _:a .",
]


def test_every_spelling_of_turtle_gets_findings_with_places(run: Run, work: Path) -> None:
    for number, statement in enumerate(SPELLINGS):
        written(work / f"{number}.ttl", f"{HEAD}{statement}\n")
    out, _ = run(1, *CHECK, ".", "--format", "json")
    locations = [finding["location"] for finding in json.loads(out)["findings"]]
    paths = {location["path"] for location in locations if location["line"] in (1, LINE, LINE + 1)}
    assert [text for number, text in enumerate(SPELLINGS) if f"{number}.ttl" not in paths] == [], out


def test_blank_nodes_of_two_files_are_two(run: Run, work: Path) -> None:
    written(work / "one.ttl", HEAD + "_:x a e:Thing ; e:p 1 .")
    written(work / "two.ttl", HEAD + "_:x a e:Thing ; e:p 2 .")
    written(work / "s.ttl", SHAPES.replace("sh:datatype xsd:integer", "sh:maxCount 1"))
    out, _ = run(0, "validate", "--shapes", "s.ttl", "one.ttl", "two.ttl")
    assert out == "3 files, 4 triples: no findings\n"


def test_a_literal_that_does_not_fit_its_datatype_leaves_no_log_behind(run: Run, work: Path) -> None:
    kinds = ("xsd:integer", "xsd:date", "xsd:gYear", "xsd:duration", "xsd:hexBinary", "rdf:XMLLiteral")
    values = [f'"{value}"^^{kind}' for value in (r"x\u001B[31m", "1971-13") for kind in kinds]
    written(work / "x.ttl", f"{HEAD}e:a a e:Thing ; e:p {' , '.join(values)} .")
    out, _ = run(1, *CHECK, "x.ttl")
    assert "12 violations" in out
