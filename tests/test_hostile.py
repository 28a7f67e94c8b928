"""Whatever is wrong with the input, the output or the moment: one message, the right exit code, nothing half-done.

Every test but the last few runs the real command in a process of its own. Most run it from a small checkout of its own,
made here, so that they are quick and can break its data. What holds for every run is asserted in one place, ``run``.
"""

import contextlib
import ctypes
import http.server
import io
import json
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, Quad, RdfFormat, Triple

from ghent_partnerships import cli
from ghent_partnerships.loading import to_rdflib
from ghent_partnerships.names import ID, PREFIXES
from ghent_partnerships.places import locate
from ghent_partnerships.turtle import RDF, XSD, first_comment, serialize

REPOSITORY = Path(__file__).resolve().parents[1]
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "e": "http://e/"}.items())
LINE = HEAD.count("\n") + 1  # the number of the first line after HEAD
# What a terminal acts on, what cannot be seen, and what would look like a finding if its newline came through.
EVIL = "\x1b[31m\x9b31m\r\x08\u202e\u2066\x07\n/etc/passwd:1:1: forged"
SHOWN_EVIL = r"\x1b[31m\x9b31m\r\x08\u202e\u2066\x07\n/etc/passwd:1:1: forged"
PUBLISHABLE = r"\u009B31m\r\u202E\u2066\n/etc/passwd:1:1: forged"  # XML 1.0 can write this much of it
IN_TURTLE = r"\u001B[31m\u009B31m\r\b\u202E\u2066\u0007\n/etc/passwd:1:1: forged"
SHAPES = f"""{HEAD}
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:property .
e:property a sh:PropertyShape ; sh:path e:p ; sh:datatype xsd:integer ; sh:message "A number, please."@en .
"""
GOOD = HEAD + "e:good a e:Thing ; e:p 1 .\n"


# The command and its surroundings


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a small graph; tests that change it copy it first."""
    home = tmp_path_factory.mktemp("checkout")
    shutil.copytree(REPOSITORY / "scripts", home / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    content = {
        "ontology/partnership.ttl": "gp:City a owl:Class .",
        "ontology/alignments.ttl": "gp:City rdfs:subClassOf schema:City .",
        "ontology/concepts.ttl": "concept:twinning a skos:Concept .",
        "ontology/shapes.ttl": "shape:City a sh:NodeShape ; sh:targetClass gp:City ; sh:property shape:label .\n"
        "shape:label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;\n"
        '  sh:message "A city needs a label."@en ; sh:description "Add one."@en .',
        "data/ghent.ttl": 'city:ghent a gp:City ; rdfs:label "Gent"@nl , "Ghent"@en .',
        "data/partners/liege.ttl": f'city:liege a gp:City ; rdfs:label "Liège"@en ; rdfs:comment "{PUBLISHABLE}" .',
    }
    for name, text in content.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"{HEAD}{text}\n", encoding="utf-8")
    (home / "queries").mkdir()
    (home / "queries/names-of-cities.rq").write_text(
        "#+ summary: What are the cities called?\n#+ summary-nl: Hoe heten de steden?\n#+ tags: look-up\n"
        "#+ param: city | a city | een stad\n#+ param: lang | a tag | een taal\n#+ param: year | a year | een jaar\n"
        f'{HEAD}SELECT ?city ?name {{ VALUES ?city {{ city:ghent }} VALUES ?lang {{ "en" }}\n'
        'VALUES ?year { "1970"^^xsd:gYear } ?city rdfs:label ?name FILTER (LANG(?name) = ?lang) }\n',
        encoding="utf-8",
    )
    return home


@pytest.fixture
def own(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the small checkout, to be broken."""
    return shutil.copytree(checkout, tmp_path / "own")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An empty directory to work in, with shapes and a good file beside it to check by."""
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "good.ttl").write_text(GOOD, encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    return work


def environment(checkout: Path, **changes: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(checkout / "scripts"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        **changes,
    }


def command(*arguments: object) -> list[object]:
    return [sys.executable, "-m", "ghent_partnerships", *(a if isinstance(a, bytes) else str(a) for a in arguments)]


def run(
    code: int,
    *arguments: object,
    checkout: Path,
    cwd: Path,
    env: dict[str, str] | None = None,
    shell: str = "",
    raw: bool = False,
    **options: object,
) -> tuple[str, str]:
    """Run the command (through a line of shell, where "$@" stands for it); return its output and errors as text.

    ``raw`` says that the output is data, which may hold any character when it does not go to a terminal.
    """
    line = ["sh", "-c", shell, "sh"] if shell else []
    if not {"input", "stdin"} & options.keys():
        options["stdin"] = subprocess.DEVNULL
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(
        [*line, *command(*arguments)],
        cwd=cwd,
        env=environment(checkout, **env or {}),
        timeout=60,
        check=False,
        **options,
    )  # type: ignore[call-overload]
    return judged(code, done.returncode, arguments, done.stdout or b"", done.stderr or b"", raw=raw)


def judged(
    code: int, returned: int, arguments: object, output: bytes, errors: bytes, *, raw: bool = False, lines: bool = True
) -> tuple[str, str]:
    """Hold a finished run to what every run must keep; without ``lines``, lines and tabs may be the data's."""
    out, err = output.decode("utf-8"), errors.decode("utf-8")
    seen = f"{arguments}\nexit code {returned}\n--- stdout\n{out[:3000]}\n--- stderr\n{err[:3000]}"
    assert "internal error" not in err, seen
    assert "Traceback" not in out + err, seen
    assert returned == code, seen
    kept = "\n" if lines else "\n\t"
    for text in (err,) if raw else (out, err):
        assert not [char for char in text if not char.isprintable() and char not in kept], f"raw characters: {seen!r}"
        assert not (lines and re.search(r"^/etc/passwd", text, re.MULTILINE)), f"a forged line: {seen!r}"
    assert not re.search(r"Warning|Exception|RuntimeError|site-packages", err), seen
    return out, err


def snapshot(directory: Path) -> dict[str, bytes]:
    """Every file below a directory, and every directory."""
    return {
        path.relative_to(directory).as_posix(): b"" if path.is_dir() else path.read_bytes()
        for path in directory.rglob("*")
    }


def listing(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def bound_by_permissions() -> None:
    """In the child, before the command: permission bits bind it, even where it runs as root."""
    if sys.platform == "linux":
        for capability in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def with_small_files() -> None:
    """In the child, before the command: a file cannot outgrow 16 bytes, as if the disk were full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))


@pytest.fixture
def permissions(tmp_path: Path) -> Callable[[], None]:
    """Something to run in the child so that permission bits bind it."""
    probe = tmp_path / "probe"
    probe.mkdir(mode=0o555)
    tried = subprocess.run(
        ["sh", "-c", "echo > probe/x"], cwd=tmp_path, check=False, capture_output=True, preexec_fn=bound_by_permissions
    )
    if tried.returncode == 0:
        pytest.skip("permission bits do not bind this user")
    return bound_by_permissions


# Files that are not right

FAULTS: dict[str, tuple[bytes, str]] = {
    "empty.ttl": (b"", "1:1: The file holds no triple."),
    "blank.ttl": (b" \r\n\t", "1:1: The file holds no triple."),
    "no-triple.ttl": (HEAD.encode(), "1:1: The file holds no triple."),
    "syntax.ttl": (b'PREFIX e: <http://e/>\ne:a e:b "\xc3\xa9" e:c .\n', "2:13: A dot is expected"),
    "latin1.ttl": (
        b'# caf\xc3\xa9\n<http://e/\xc3\xa9> <http://e/b> "caf\xe9" .',
        "2:31: Byte 0xE9 is not UTF-8 (in Latin-1 it would be 'é'); expected a UTF-8 text.",
    ),
    "utf16.ttl": ("<a:a> <a:b> <a:c> .".encode("utf-16"), "1:1: Byte 0xFF is not UTF-8"),
    "bom.ttl": (b"\xef\xbb\xbf" + GOOD.encode(), "1:1: The file starts with a byte order mark; expected plain UTF-8."),
    "prefix.ttl": (b"<http://e/a>\n  a zz:Thing .", "2:5: The prefix zz: has not been declared."),
    "unclosed.ttl": (b"<a:a> <a:b> " + b"[ <a:b> " * 10_000, "1:80013: Unexpected end."),
    "unclosed-list.ttl": (b"<a:a> <a:b> " + b"( " * 10_000, "1:20013: Unexpected end."),
    "nul.ttl": (b"\0\0\0", r"1:1: '\x00' is not allowed at the beginning of a prefix name."),
    "surrogate.ttl": (rb'<a:a> <a:b> "\uD800" .', "1:14: The escape sequence"),
    "escapes.ttl": (b"<a:a> <a:b>\x1b[31m\xc2\x9b", r"1:12: '\x1b' is not allowed at the beginning of a prefix name."),
    "newline.ttl": (b'<a:a> <a:b> "x\n/etc/passwd:1:1: forged" .', "1:15: Line jumps are not allowed"),
    "lang-string.ttl": (f'<a:a> <a:b> "x"^^<{RDF}langString> .'.encode(), "1:18: The datatype of a literal without"),
    "literal-subject.ttl": (b'"x" <a:b> <a:c> .', "1:1: "),
    "broken.nt": (b"<a:a> <a:b> <a:c> .\n<a:a> <a:b>\n", "3:1: "),
    "broken.nq": (b"<a:a> <a:b> <a:c> <a:d> <a:e> .\n", "1:25: "),
    "broken.trig": (b"<a:g> { <a:a> <a:b> <a:c> ", "1:27: "),
    "broken.jsonld": (b'{"@id": "a:a",\n "a:b": ]}', "2:9: "),
    "array.jsonld": (b"[" * 10_000, "1:"),
    "remote.jsonld": (b'{"@context": "http://127.0.0.1:1/context", "@id": "a:a", "name": "x"}', "1:"),
    "deep.jsonld": (b'{"a:b":' * 10_000, "1:"),
    "broken.rdf": (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<x>", "2:4: "),
    "entity.rdf": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
        b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        b'<r:Description r:about="a:a"><e:p>&x;</e:p></r:Description></r:RDF>',
        "1:",
    ),
    "laughs.rdf": (
        b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">' + b"".join(
            b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (c, *[c - 1] * 8) for c in range(ord("c"), ord("n"))
        ) + b']>\n<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        b'<r:Description r:about="a:a"><e:p>&m;</e:p></r:Description></r:RDF>',
        "2:",
    ),
    "deep.rdf": (f"<r:RDF xmlns:r='{RDF}' xmlns='http://e/'>{'<a>' * 10_000}".encode(), "1:"),
    "triple-term.ttl": (b"<a:a> <a:b>\n  <<( <a:a> <a:b> <a:c> )>> .", "2:3: "),
    "annotation.ttl": (b"<a:a> <a:b> <a:c> {| <a:d> <a:e> |} .", "1:"),
    "direction.ttl": (b'<a:a> <a:b> "x"@ar--rtl .', "1:"),
}  # fmt: skip


def test_validate_names_the_place_of_every_fault_and_still_checks_the_other_files(checkout: Path, work: Path) -> None:
    for name, (content, _) in FAULTS.items():
        written(work / name, content)
    written(work / "rule.ttl", HEAD + 'e:a a e:Thing ;\n  e:p "x" .\n')
    out, err = run(1, "validate", "--shapes", "../shapes.ttl", ".", checkout=checkout, cwd=work)
    expected = {f"{name}:{place}" for name, (_, place) in FAULTS.items()}
    expected.add(f"rule.ttl:{LINE + 1}:7: A number, please.")
    missing = {text for text in expected if not any(line.startswith(text) for line in out.splitlines())}
    assert not missing, out
    assert err == ""
    assert f"{len(FAULTS) + 2} files" in out


@pytest.mark.parametrize("name", ["triple-term.ttl", "annotation.ttl", "direction.ttl"])
def test_rdf_1_2_is_a_finding(checkout: Path, work: Path, name: str) -> None:
    written(work / name, FAULTS[name][0])
    out, _ = run(1, "validate", "--shapes", "../shapes.ttl", name, "../good.ttl", checkout=checkout, cwd=work)
    assert re.search(rf"^{name}:\d+:\d+: .*RDF 1\.2", out, re.MULTILINE), out


def test_fmt_names_the_place_of_every_fault_and_leaves_the_files(checkout: Path, work: Path) -> None:
    faults = {name: fault for name, fault in FAULTS.items() if name.endswith(".ttl") and name != "bom.ttl"}
    for name, (content, _) in faults.items():
        written(work / name, content)
    before = snapshot(work)
    written(work / "untidy.ttl", GOOD)
    out, err = run(1, "fmt", ".", checkout=checkout, cwd=work)
    missing = {name for name, (_, place) in faults.items() if f"\n{name}:{place}" not in f"\n{out}"}
    assert not missing, out
    assert err == ""
    assert (work / "untidy.ttl").read_text() == "PREFIX e: <http://e/>\n\ne:good\n    a e:Thing ;\n    e:p 1 ;\n.\n"
    (work / "untidy.ttl").unlink()
    assert snapshot(work) == before


def test_publish_names_the_place_of_every_fault_and_leaves_the_old_files(own: Path, tmp_path: Path) -> None:
    old = published_before(tmp_path / "dist")
    for name, (content, _) in FAULTS.items():
        if name.endswith(".ttl"):
            written(own / "data" / name, content)
    written(own / "data/blank-node.ttl", HEAD + "e:a e:p [] .")
    written(own / "data/control.ttl", HEAD + r'e:a e:p "\u0001" .')
    written(own / "data/rule.ttl", HEAD + "\ncity:nameless a gp:City .")
    out, err = run(1, "publish", tmp_path / "dist", checkout=own, cwd=own)
    expected = {f"data/{name}:{place}" for name, (_, place) in FAULTS.items() if name.endswith(".ttl")}
    expected |= {
        "data/blank-node.ttl:1:1: A blank node cannot be published",
        "data/control.ttl:1:1: The character U+0001 cannot be written in RDF/XML",
        f"data/rule.ttl:{LINE + 1}:1: A city needs a label.",
    }
    missing = {text for text in expected if not any(line.startswith(text) for line in err.splitlines())}
    assert not missing, err
    assert out == ""
    assert snapshot(tmp_path / "dist") == old
    assert beside(tmp_path / "dist") == []


def test_query_names_the_faults_of_the_graph(own: Path) -> None:
    written(own / "data/broken.ttl", FAULTS["prefix.ttl"][0])
    written(own / "data/empty.ttl", b"")
    out, err = run(1, "query", "names-of-cities", checkout=own, cwd=own)
    assert out == ""
    assert err == (
        "data/broken.ttl:2:5: The prefix zz: has not been declared.\n  mend:  Add at the top: PREFIX zz: <…>\n"
        "data/empty.ttl:1:1: The file holds no triple.\n  mend:  Add statements, or remove the file.\n"
    )


def test_a_record_that_breaks_a_rule_is_named_with_its_place_and_its_mend(tmp_path: Path) -> None:
    text = (REPOSITORY / "data/partners/kanazawa.ttl").read_text(encoding="utf-8")
    broken = text.replace('gp:startYear "1971"^^xsd:gYear', 'gp:startYear "1971-13"^^xsd:gYear')
    assert broken != text
    written(tmp_path / "data/partners/kanazawa.ttl", broken)
    before, _, _ = broken.partition('"1971-13"')
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    out, err = run(1, "validate", "data/partners/kanazawa.ttl", checkout=REPOSITORY, cwd=tmp_path)
    assert re.match(rf"data/partners/kanazawa\.ttl:{line}:{column}: .+\n  found: .*\"1971-13\".*\n  mend:  ", out), out
    assert err == ""


def test_a_prefix_with_other_characters_gets_its_mend(checkout: Path, work: Path) -> None:
    written(work / "x.ttl", "<http://e/a> a my-own.words:T .")
    out, _ = run(1, "fmt", "x.ttl", checkout=checkout, cwd=work)
    assert (
        "x.ttl:1:16: The prefix my-own.words: has not been declared.\n  mend:  Add at the top: PREFIX my-own.words: <…>"
        in out
    )


def test_a_message_quotes_the_text_as_it_stands(checkout: Path, work: Path) -> None:
    written(work / "x.ttl", "<a:a> <a:b> <a:c> . zz .")
    out, _ = run(1, "fmt", "x.ttl", checkout=checkout, cwd=work)
    assert out.startswith("x.ttl:1:21: ")
    assert "Zz" not in out


@pytest.mark.parametrize(("opening", "closing"), [("[ e:p ", "]"), ("( ", ")")])
def test_ten_thousand_nested_brackets_are_checked_and_not_rewritten(
    checkout: Path, work: Path, opening: str, closing: str
) -> None:
    deep = f"{HEAD}e:a a e:Thing ; e:p {opening * 10_000}1{closing * 10_000} .\n"
    written(work / "deep.ttl", deep)
    out, err = run(1, "validate", "--shapes", "../shapes.ttl", "deep.ttl", checkout=checkout, cwd=work)
    assert out.startswith(f"deep.ttl:{LINE}:"), out
    assert "A number, please." in out
    assert err == ""
    out, err = run(1, "fmt", "deep.ttl", checkout=checkout, cwd=work)
    assert out.startswith("deep.ttl:1:1: The file cannot be written in canonical Turtle: blank nodes are nested more")
    assert err == ""
    assert snapshot(work) == {"deep.ttl": deep.encode()}


STATEMENTS = [
    "<http://e/a> a e:Thing ; e:p 1.E3 .",
    "<http://e/a> a e:Thing ; e:p <http://e\u2100x/> .",
    "BASE<http://e/> <a> a e:Thing ; e:p <b> .",
    "@base <http://e/> . @prefix ee: <http://e/#> . <a> a e:Thing ; e:p ee:b .",
    "e:a a e:Thing ; e:p 'x'@base .",
    "e:a a e:Thing ; e:p 'x'@prefix .",
    "e:a a e:Thing ; e:p e:x\u1680y .",
    "e:a a e:Thing ; e:p e:x\\(y , e:%41 , e:a.b , e:a.b.c , e: .",
    "VERSION '1.1' e:a a e:Thing ; e:p false .",
    "@version '1.1' . e:a a e:Thing ; e:p -.5 .",
    "e:a a e:Thing;e:p'x','''y''',\"z\"@en,true,1.0,1e0.",
    "e:a a e:Thing ; e:p 'x'^^ # a comment\n e:d .",
    "PREFIX a: # a comment\n <http://a/> e:a a e:Thing ; e:p a:b .",
    "[ a e:Thing ; e:p [ e:p 'x' ] ] .",
    "[] a e:Thing ; e:p () , ( 1 ( 2 ) [] ) .",
    "_:a a e:Thing ; e:p _:b.c . _:b.c e:p _:a .",
]


def test_every_spelling_of_turtle_gets_findings_with_places(checkout: Path, work: Path) -> None:
    for number, statement in enumerate(STATEMENTS):
        written(work / f"{number}.ttl", f"{HEAD}{statement}\n")
    out, err = run(1, "validate", "--shapes", "../shapes.ttl", ".", checkout=checkout, cwd=work)
    found = set(re.findall(rf"^([0-9]+)\.ttl:(?:1|{LINE}|{LINE + 1}):[0-9]+: A number, please\.$", out, re.MULTILINE))
    assert [text for number, text in enumerate(STATEMENTS) if str(number) not in found] == [], out
    assert err == ""


def test_blank_nodes_of_two_files_are_two(checkout: Path, work: Path) -> None:
    written(work / "one.ttl", HEAD + "_:x a e:Thing ; e:p 1 .")
    written(work / "two.ttl", HEAD + "_:x a e:Thing ; e:p 2 .")
    written(work / "s.ttl", SHAPES.replace("sh:datatype xsd:integer", "sh:maxCount 1"))
    out, err = run(0, "validate", "--shapes", "s.ttl", "one.ttl", "two.ttl", checkout=checkout, cwd=work)
    assert (out, err) == ("3 files, 4 triples: no findings\n", "")


def test_a_literal_that_does_not_fit_its_datatype_leaves_no_log_behind(checkout: Path, work: Path) -> None:
    values = " , ".join(
        f'"{value}"^^{datatype}'
        for value in ("x\\u001B[31m", "1971-13")
        for datatype in ("xsd:integer", "xsd:date", "xsd:gYear", "xsd:duration", "xsd:hexBinary", "rdf:XMLLiteral")
    )
    written(work / "x.ttl", f"{HEAD}e:a a e:Thing ; e:p {values} .")
    out, err = run(1, "validate", "--shapes", "../shapes.ttl", "x.ttl", checkout=checkout, cwd=work)
    assert err == ""
    assert "12 findings" in out


@pytest.mark.parametrize(
    "shapes",
    [
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path "x" ; sh:minCount 1 ] .',
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p , e:q ; sh:minCount 1 ] .",
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:minCount 1 ] .",
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:node e:S .",
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p ; sh:pattern "(" ] .',
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:select "SELECT $this { nonsense" ] .',
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:select "SELECT $this { $this z:z ?x }" ] .',
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:select e:x ] .",
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p ; sh:minCount "x"^^xsd:integer ] .',
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p ; sh:minInclusive e:x ] .",
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:property [ sh:path e:p ; sh:in e:l ] . "
        "e:l rdf:first 1 ; rdf:rest e:l .",
        'e:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "nonsense" ] ; sh:nodeKind sh:Literal .',
        'e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:select """SELECT $this {'
        ' SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }""" ] .',
    ],
)
def test_malformed_shapes_are_a_finding_in_their_file(checkout: Path, work: Path, shapes: str) -> None:
    written(work / "s.ttl", HEAD + shapes)
    out, err = run(1, "validate", "--shapes", "s.ttl", "../good.ttl", checkout=checkout, cwd=work)
    assert re.match(r"s\.ttl:\d+:\d+: The shapes cannot be used: .+\n2 files, 2 triples: 1 finding\n", out), out
    assert err == ""


@pytest.mark.parametrize(
    "value", ["IRI('no iri')", "IRI('\\u001B[31m')", "STRLANG('x', 'no tag')", "BNODE()", "<<($this e:p 1)>>"]
)
def test_a_finding_may_hold_any_value_that_a_constraint_makes(checkout: Path, work: Path, value: str) -> None:
    query = f"PREFIX e: <http://e/> SELECT $this ?value {{ BIND ({value} AS ?value) }}"
    shape = "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql [ sh:message 'Bad.' ; sh:select "
    written(work / "s.ttl", f"{HEAD}{shape} {json.dumps(query)} ] .")
    out, err = run(1, "validate", "--shapes", "s.ttl", "../good.ttl", checkout=checkout, cwd=work)
    assert re.search(r"Bad\.|The shapes cannot be used", out), out
    assert err == ""


def test_shapes_that_apply_to_nothing_are_a_finding(checkout: Path, work: Path) -> None:
    written(work / "s.ttl", f"{HEAD}e:S a sh:NodeShape ; sh:targetClass e:Thinh ; sh:nodeKind sh:IRI .")
    out, err = run(1, "validate", "--shapes", "s.ttl", "../good.ttl", checkout=checkout, cwd=work)
    assert out.startswith("s.ttl:1:1: None of the shapes applies to any node: nothing was checked.\n  mend:  Check")
    assert err == ""


# Paths that cannot be read


def path_of_kind(kind: str, work: Path) -> str:
    match kind:
        case "missing":
            return "./missing.ttl"
        case "empty directory":
            (work / "hollow").mkdir()
            return "./hollow"
        case "FIFO":
            os.mkfifo(work / "fifo.ttl")
            return "./fifo.ttl"
        case "loop":
            (work / "loop.ttl").symlink_to("loop.ttl")
            return "./loop.ttl"
        case "dangling link":
            (work / "dangling.ttl").symlink_to("nowhere.ttl")
            return "./dangling.ttl"
        case "long name":
            return f"./{'x' * 5000}.ttl"
        case "long component":
            return f"./{'x' * 300}.ttl"
        case "file as directory":
            return "../good.ttl/x.ttl"
    return kind


PATHS = {
    "missing": "No such file or directory",
    "empty directory": None,
    "FIFO": "not a regular file",
    "/dev/zero": "not a regular file",
    "/dev/null": "not a regular file",
    "loop": "Too many levels of symbolic links",
    "dangling link": "No such file or directory",
    "long name": "File name too long",
    "long component": "File name too long",
    "file as directory": "Not a directory",
}


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("use", ["validate", "validate --shapes", "query", "fmt"])
def test_a_path_that_cannot_be_read_is_wrong_use(checkout: Path, work: Path, use: str, kind: str) -> None:
    path = path_of_kind(kind, work)
    before = listing(work)
    more = ["../good.ttl"] if use == "validate --shapes" else []
    out, err = run(2, *use.split(), path, *more, checkout=checkout, cwd=work)
    reason = PATHS[kind] or ("not a regular file" if use == "query" else "no file under this directory ends in")
    assert re.match(rf"ghent-partnerships: {re.escape(path.removeprefix('./'))}|", err), err
    assert reason in err
    assert err.count("\n") == 1
    assert out == ""
    assert listing(work) == before


@pytest.mark.parametrize("use", ["validate", "validate --shapes", "fmt"])
@pytest.mark.parametrize("name", ["data.txt", "data", "data.TTL", "data.ttl~"])
def test_a_file_of_another_kind_is_wrong_use(checkout: Path, work: Path, use: str, name: str) -> None:
    written(work / name, GOOD)
    more = ["../good.ttl"] if use == "validate --shapes" else []
    out, err = run(2, *use.split(), name, *more, checkout=checkout, cwd=work)
    assert err.startswith(f"ghent-partnerships: {name}: ")
    assert ".ttl" in err
    assert out == ""
    assert snapshot(work) == {name: GOOD.encode()}


def test_a_file_without_permission_is_wrong_use(checkout: Path, work: Path, permissions: Callable[[], None]) -> None:
    for name in ("x.ttl", "x.rq"):
        written(work / name, GOOD).chmod(0)
    for use, name in (("validate", "x.ttl"), ("fmt", "x.ttl"), ("query", "x.rq")):
        _, err = run(2, use, name, checkout=checkout, cwd=work, preexec_fn=permissions)
        assert err == f"ghent-partnerships: {name}: cannot be read: Permission denied\n"


def test_a_directory_without_permission_is_wrong_use(
    checkout: Path, work: Path, permissions: Callable[[], None]
) -> None:
    written(work / "locked/x.ttl", GOOD)
    (work / "locked").chmod(0o444)  # its names can be listed, its files cannot be reached
    try:
        for use in ("validate", "fmt"):
            _, err = run(2, use, "locked", checkout=checkout, cwd=work, preexec_fn=permissions)
            assert err.startswith("ghent-partnerships: locked")
            assert err.count("\n") == 1
    finally:
        (work / "locked").chmod(0o755)


def test_a_directory_stands_for_its_regular_files_only(checkout: Path, work: Path) -> None:
    os.mkfifo(work / "fifo.ttl")
    (work / "loop.ttl").symlink_to("loop.ttl")
    (work / "up").symlink_to("..")
    (work / "directory.ttl").mkdir()
    written(work / "x.ttl", GOOD)
    out, err = run(0, "validate", "--shapes", "../shapes.ttl", ".", checkout=checkout, cwd=work)
    assert out == "2 files, 2 triples: no findings\n"
    assert err == ""


def test_the_current_directory_may_be_gone(checkout: Path, work: Path) -> None:
    for use in (["publish"], ["validate", "x.ttl"], ["fmt", "x.ttl"], ["query", "./x.rq"]):
        (work / "gone").mkdir()
        _, err = run(2, *use, checkout=checkout, cwd=work / "gone", shell='rmdir "$PWD"; exec "$@"')
        assert "No such file or directory" in err


def test_wrong_options_are_wrong_use(checkout: Path, work: Path) -> None:
    for arguments, message in {
        (): "the following arguments are required: COMMAND; see ghent-partnerships --help",
        ("tidy",): "invalid choice: 'tidy'",
        (EVIL,): "invalid choice",
        ("validate", "--format", "xml"): "invalid choice: 'xml' (choose from",
        ("validate", "--shapes", "x.ttl"): "validate --shapes: give the files to check",
        ("validate", f"--{EVIL}"): r"\x1b[31m",
        ("query",): "query: name a question (query --list shows them), a file, or - for standard input",
        ("query", "names-of-citties"): "names-of-citties: no question of this name; did you mean names-of-cities?",
        ("query", "zzzz"): "zzzz: no question of this name; query --list shows the names",
        ("query", EVIL.replace("/", "-")): "no question of this name",
        ("query", ""): "no question of this name",
        ("query", "names-of-cities", "--param", "lang"): "--param lang: expected NAME=VALUE",
        ("query", "names-of-cities", "--param", "city"): "--param city: expected NAME=VALUE",
        ("query", "names-of-cities", "--param", "town=x"): (
            "--param town: the query has no such parameter (it has: city, lang, year)"
        ),
        ("query", "names-of-cities", "--param", "=x"): "the query has no such parameter",
        ("query", "names-of-cities", "--format", "turtle"): "the answer is no graph; use table, csv, tsv or json",
        ("publish", "one", "two"): "unrecognized arguments: two",
        ("fmt", "--diff"): "unrecognized arguments: --diff",
    }.items():
        out, err = run(2, *arguments, checkout=checkout, cwd=work)
        assert out == "", arguments
        assert err.startswith("ghent-partnerships: "), arguments
        assert message in err, arguments
        assert err.count("\n") == 1, arguments
    assert list(work.iterdir()) == []


# Output that cannot be written


def usual(work: Path) -> dict[str, tuple[int, list[str]]]:
    """A run of each command with the exit code that it has."""
    written(work / "bad.ttl", HEAD + 'e:a a e:Thing ; e:p "x" .\n')
    return {
        "validate": (1, ["validate", "--shapes", "../shapes.ttl", "bad.ttl"]),
        "validate --format json": (1, ["validate", "--shapes", "../shapes.ttl", "bad.ttl", "--format", "json"]),
        "query": (0, ["query", "names-of-cities"]),
        "query --list": (0, ["query", "--list"]),
        "fmt": (1, ["fmt", "--check", "bad.ttl"]),
        "publish": (0, ["publish", "dist"]),
        "--help": (0, ["--help"]),
    }


USES = ["validate", "validate --format json", "query", "query --list", "fmt", "publish", "--help"]


@pytest.mark.parametrize("use", USES)
def test_a_full_disk_behind_the_output_is_said(checkout: Path, work: Path, use: str) -> None:
    _, arguments = usual(work)[use]
    with Path("/dev/full").open("wb") as full:
        _, err = run(2, *arguments, checkout=checkout, cwd=work, stdout=full)
    assert err == "ghent-partnerships: standard output: cannot be written: No space left on device\n"
    if use == "publish":
        assert_published(work / "dist")


@pytest.mark.parametrize("use", USES)
def test_a_closed_pipe_is_no_error(checkout: Path, work: Path, use: str) -> None:
    code, arguments = usual(work)[use]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        _, err = run(code, *arguments, checkout=checkout, cwd=work, stdout=pipe)
    assert err == ""


def test_head_takes_the_first_line_of_a_long_answer(checkout: Path, work: Path) -> None:
    written(work / "x.rq", f"SELECT ?a ('{'x' * 1000}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}")
    shell = '{ "$@"; echo "code $?" >&3; } 3>code | head -1'
    for form in ("csv", "table", "json"):
        out, err = run(0, "query", "./x.rq", "--format", form, checkout=checkout, cwd=work, shell=shell, raw=True)
        assert out.count("\n") == 1
        assert err == ""
        assert (work / "code").read_text() == "code 0\n"


@pytest.mark.parametrize("use", USES)
def test_a_closed_standard_output_is_no_internal_error(checkout: Path, work: Path, use: str) -> None:
    _, arguments = usual(work)[use]
    _, err = run(2, *arguments, checkout=checkout, cwd=work, shell='exec "$@" >&-')
    assert err == "ghent-partnerships: standard output: cannot be written: Bad file descriptor\n"


def test_a_standard_error_that_cannot_be_written_does_not_change_the_exit_code(checkout: Path, work: Path) -> None:
    for shell in ('exec "$@" 2>&-', 'exec "$@" 2>/dev/full'):
        run(2, "validate", "missing.ttl", checkout=checkout, cwd=work, shell=shell)
        run(0, "query", "names-of-cities", "--param", "lang=fr", checkout=checkout, cwd=work, shell=shell)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        run(2, "validate", "missing.ttl", checkout=checkout, cwd=work, stderr=pipe)


def test_a_standard_input_that_cannot_be_read_is_wrong_use(checkout: Path, work: Path) -> None:
    _, err = run(2, "query", "-", checkout=checkout, cwd=work, shell='exec "$@" <&-')
    assert err.startswith("ghent-partnerships: ")
    assert "standard input" in err
    run(0, "query", "names-of-cities", checkout=checkout, cwd=work, shell='exec "$@" <&-')


def test_standard_input_is_held_to_the_same_rules(checkout: Path, work: Path) -> None:
    for text, code, message in (
        (b"", 2, "not a query that reads: found nothing, expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
        (b'SELECT * {\n  ?s ?p "caf\xe9" }', 1, "-:2:13: Byte 0xE9 is not UTF-8"),
        (b"SELECT * {", 1, "-:1:11: This is not SPARQL: "),
        (b"SELECT *\n{ ?s zz:p ?o }", 1, "-:2:"),
        ("SELECT * { ?é ?p 'é' zz }".encode(), 1, "-:1:2"),
    ):
        out, err = run(code, "query", "-", checkout=checkout, cwd=work, input=text)
        assert message in err, text
        assert out == ""


def test_a_byte_order_mark_before_a_query_is_harmless(checkout: Path, work: Path) -> None:
    out, err = run(0, "query", "-", checkout=checkout, cwd=work, input=b"\xef\xbb\xbfASK {}")
    assert (out, err) == ("yes\n", "")


# Answers


def test_one_row_without_a_value_is_a_row(checkout: Path, work: Path) -> None:
    for form, expected in (("table", "x\n─\n\n"), ("csv", "x\n\n"), ("tsv", "?x\n\n")):
        out, err = run(0, "query", "-", "--format", form, checkout=checkout, cwd=work, input=b"SELECT ?x {}", raw=True)
        assert out.replace("\r\n", "\n") == expected, form
        assert err == "", form


@pytest.mark.parametrize(
    "template", ["<a:a> <a:b> _:x . <a:c> <a:d> _:x", "_:x <a:b> _:x", "<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>>"]
)
def test_any_graph_that_a_query_makes_is_written(checkout: Path, work: Path, template: str) -> None:
    asked = f"CONSTRUCT {{ {template} }} {{}}".encode()
    out, err = run(0, "query", "-", checkout=checkout, cwd=work, input=asked)
    assert len(list(pyoxigraph.parse(out, format=RdfFormat.TURTLE))) == template.count(" . ") + 1
    assert err == ""


def test_a_function_that_is_unknown_is_a_finding_in_the_query(checkout: Path, work: Path) -> None:
    out, err = run(1, "query", "-", checkout=checkout, cwd=work, input=b"SELECT (<a:f>(1) AS ?x) {}")
    assert re.match(r"-:1:\d+: .*<a:f>", err), err
    assert out == ""


@pytest.mark.parametrize("default", ["UNDEF", "", "zz:undeclared", "<<( <a:a> <a:b> <a:c> )>>", '"a b"', "'x' 'y'"])
def test_a_default_of_any_kind_makes_no_internal_error(checkout: Path, work: Path, default: str) -> None:
    written(work / "x.rq", f"SELECT ?x {{ VALUES ?x {{ {default} }} }}")
    code = 0 if default[:1] in ('"', "'") else 2
    _, err = run(code, "query", "./x.rq", "--param", "x=1", checkout=checkout, cwd=work)
    assert code == 0 or err.startswith("ghent-partnerships: --param x"), err


DEEP_QUERIES = {
    "groups": "SELECT * { " + "{" * 10_000 + "}" * 10_000 + " }",
    "parentheses": "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
    "lists": "SELECT * { ?s ?p " + "(" * 10_000 + "1" + ")" * 10_000 + " }",
    "negations": "SELECT * { FILTER(" + "!" * 10_000 + "1) }",
    "paths": "SELECT * { ?s <a:a>" + "/<a:a>" * 10_000 + " ?o }",
    "sums": "SELECT * { FILTER(1" + "+1" * 10_000 + ">2) }",
    "unions": "SELECT * { {}" + " UNION {}" * 10_000 + " }",
    "optionals": "SELECT * { " + "OPTIONAL {" * 5_000 + "}" * 5_000 + " }",
}


@pytest.mark.parametrize("kind", DEEP_QUERIES)
def test_ten_thousand_nested_brackets_in_a_query_are_a_finding(checkout: Path, work: Path, kind: str) -> None:
    written(work / "deep.rq", DEEP_QUERIES[kind])
    out, err = run(1, "query", "./deep.rq", checkout=checkout, cwd=work)
    assert re.match(r"(\./)?deep\.rq:1:\d+: .+\n", err), err
    assert err.count("\n") == 1
    assert out == ""


# Queries that do more than read the graph at hand

SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT*{SERVICESILENT<http://127.0.0.1:1/>{?s ?p ?o}}",
    "SELECT * { SERVICE#\n<http://127.0.0.1:1/>{?s ?p ?o} }",
    "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICE x: {?s ?p ?o} }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICESILENT:x # {\n { ?s ?p ?o } }",
    "PREFIX x: <http://127.0.0.1:1/> SELECT * { SERVICEx:x{ ?s ?p ?o } }",
    "SELECT * { BIND(<http://127.0.0.1:1/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "SELECT * { SERVICE?x{ ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o } FILTER(2>1) }",
    "PREFIX a: <http://e/> SELECT * { ?s ?p a:b\\' . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } # '\n}",
    "PREFIX a: <http://e/> SELECT * { ?s ?p a:b\\# . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p """a\\"""" . SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } #"""\n}',
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
]
HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://127.0.0.1:1/> {' }",
    'SELECT * { ?s ?p """SERVICE <http://127.0.0.1:1/> { " """ } # SERVICE <http://127.0.0.1:1/> {',
    "# SERVICE <http://127.0.0.1:1/> {\nSELECT * { <http://127.0.0.1:1/SERVICE> ?p ?o }",
    "PREFIX service: <http://e/> SELECT * { service:x service:y ?service , $service . ?SERVICE ?p ?o }",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:x{ ?s ?p ?o } }",
    "PREFIX x: <http://e/> SELECT * { x:service ?p ?o . _:service ?q 'x'@service }",
    "BASE <http://e/> SELECT * { <service> ?p ?o }",
]
UPDATES = {
    "INSERT DATA { <a:a> <a:b> <a:c> }": "INSERT",
    "insert data { <a:a> <a:b> <a:c> }": "INSERT",
    "LOAD <file:///etc/passwd>": "LOAD",
    "DROP ALL": "DROP",
    "CLEAR DEFAULT": "CLEAR",
    "# SELECT\nPREFIX SELECT: <http://e/>\nBASE <http://SELECT/>\n# ASK\nDELETE WHERE { ?s ?p ?o }": "DELETE",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "WITH",
    "": "nothing",
    "# SELECT": "nothing",
}


@pytest.mark.parametrize("text", SERVICES)
def test_a_query_asks_no_other_endpoint(checkout: Path, work: Path, text: str) -> None:
    out, err = run(2, "query", "-", checkout=checkout, cwd=work, input=text.encode())
    assert err == (
        "ghent-partnerships: the query has a SERVICE clause, which asks another endpoint; "
        "allow it with --allow-network\n"
    )
    assert out == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_service_elsewhere_is_allowed(checkout: Path, work: Path, text: str) -> None:
    _, err = run(0, "query", "-", checkout=checkout, cwd=work, input=text.encode())
    assert err in ("", "no rows\n")


@pytest.mark.parametrize("text", UPDATES)
def test_a_query_only_reads(checkout: Path, work: Path, text: str) -> None:
    found = f"found {UPDATES[text]}, expected SELECT, ASK, CONSTRUCT or DESCRIBE"
    for more in ([], ["--endpoint", "http://127.0.0.1:1/"]):
        out, err = run(2, "query", "-", *more, checkout=checkout, cwd=work, input=text.encode())
        assert err == f"ghent-partnerships: not a query that reads: {found}\n"
        assert out == ""


def test_an_endpoint_in_the_query_that_does_not_answer_is_wrong_use(checkout: Path, work: Path) -> None:
    for port in ("1", "9"):
        asked = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}".encode()
        out, err = run(2, "query", "-", "--allow-network", checkout=checkout, cwd=work, input=asked)
        assert err.startswith("ghent-partnerships: -: the endpoint that it asks did not answer"), err
        assert err.count("\n") == 1
        assert out == ""


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ('year=1970" } DROP ALL #', "not an xsd:gYear (expected one like 1970)"),
        ("year=1970\n", "not an xsd:gYear (expected one like 1970)"),
        ("year=١٩٧٠", "not an xsd:gYear (expected one like 1970)"),
        ("city=x> } INSERT", f"not an IRI or a prefixed name (expected one like {ID}city/ghent)"),
        ("city=city:x> } INSERT", f"not an IRI or a prefixed name (expected one like {ID}city/ghent)"),
        ("city=", f"not an IRI or a prefixed name (expected one like {ID}city/ghent)"),
        (f"city={EVIL}", f"not an IRI or a prefixed name (expected one like {ID}city/ghent)"),
        (b"city=\xff", "not "),
        (b"lang=\xff", "not "),
    ],
)
def test_a_value_of_the_wrong_kind_is_wrong_use(checkout: Path, work: Path, parameter: object, message: str) -> None:
    out, err = run(2, "query", "names-of-cities", "--param", parameter, checkout=checkout, cwd=work)
    assert err.startswith("ghent-partnerships: --param ")
    assert message in err
    assert out == ""


@pytest.mark.parametrize(
    "value", ['en" . } #', 'en\\" } DROP ALL #', "en\n} DROP ALL", "\\u0022", "}", "?x", EVIL, "{"]
)
def test_what_a_person_types_is_never_read_as_a_query(checkout: Path, work: Path, value: str) -> None:
    out, err = run(0, "query", "names-of-cities", "--param", f"lang={value}", checkout=checkout, cwd=work)
    assert (out, err) == ("city  name\n────  ────\n", "no rows\n")


# Endpoints

JSON = "application/sparql-results+json"
NESTED = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":' + b'{"type":"triple","value":{"subject":' * 50_000
ANSWERS: dict[str, tuple[int, str, bytes]] = {
    "page": (200, "text/html", b"<html>"),
    "failure": (500, "text/html", f"<html>{EVIL}".encode()),
    "empty-failure": (500, "text/html", b""),
    "refusal": (400, "text/plain", b"bad query"),
    "busy": (503, "text/plain", b"later"),
    "garbage": (200, JSON, b"\xff\xfe{{{"),
    "truncated": (200, JSON, b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":""}},{"'),
    "nothing": (200, JSON, b""),
    "no-iri": (
        200,
        JSON,
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"not \\u001b"}}]}}',
    ),
    "nested": (200, JSON, NESTED),
    "evil-type": (200, "\x1b[31m/\x9b", b"{}"),
    "redirection": (302, "file:///etc/passwd", b""),
    "good": (200, JSON, json.dumps({
        "head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": EVIL}}]}
    }).encode()),
}  # fmt: skip


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers at each path as it says in ANSWERS."""

    def do_GET(self) -> None:
        status, kind, body = ANSWERS[self.path.partition("?")[0].strip("/")]
        self.send_response(status)
        self.send_header("Location" if status == 302 else "Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.send_error(405, "only read")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("page", "the endpoint did not answer with SPARQL results but with text/html"),
        ("failure", "the endpoint refused the query: <html>"),
        ("empty-failure", "the endpoint refused the query: "),
        ("refusal", "the endpoint refused the query: bad query\n"),
        ("busy", "Service Unavailable"),
        ("garbage", f"the endpoint did not answer with SPARQL results but with {JSON}"),
        ("truncated", f"the endpoint did not answer with SPARQL results but with {JSON}"),
        ("nothing", f"the endpoint did not answer with SPARQL results but with {JSON}"),
        ("no-iri", f"the endpoint did not answer with SPARQL results but with {JSON}"),
        ("nested", "the endpoint did not answer with SPARQL results"),
        ("evil-type", r"the endpoint did not answer with SPARQL results but with \x1b[31m/"),
        ("redirection", "the endpoint cannot be reached: "),
    ],
)
def test_an_endpoint_that_answers_something_else_is_wrong_use(
    checkout: Path, work: Path, endpoint: str, answer: str, message: str
) -> None:
    arguments = ["query", "names-of-cities", "--endpoint", endpoint + answer]
    out, err = run(2, *arguments, checkout=checkout, cwd=work)
    assert err.startswith(f"ghent-partnerships: {endpoint}{answer}: ")
    assert message in err
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("file:///etc/passwd", "not an endpoint (expected an http: or https: URL)"),
        ("/etc/passwd", "not an endpoint (expected an http: or https: URL)"),
        ("ftp://127.0.0.1/", "not an endpoint (expected an http: or https: URL)"),
        ("http://127.0.0.1:1/", "the endpoint cannot be reached: "),
        ("http://", "the endpoint cannot be reached: "),
        ("http://[", "the endpoint cannot be reached: "),
        (f"http://127.0.0.1:1/{EVIL}", "the endpoint cannot be reached: "),
        (b"http://127.0.0.1:1/\xff", "the endpoint cannot be reached: "),
    ],
)
def test_an_endpoint_out_of_reach_is_wrong_use(checkout: Path, work: Path, url: object, message: str) -> None:
    out, err = run(2, "query", "names-of-cities", "--endpoint", url, checkout=checkout, cwd=work)
    assert err.startswith("ghent-partnerships: ")
    assert message in err
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x {}",
        "# first\n# drop everything\nSELECT ?x {}",
        "PREFIX a: <http://e/> # insert what you like\nSELECT ?x {}",
        "#+ summary: x\n#+ param: address\nSELECT ?x {}",
        "SELECT ?x { ?s ?p 'INSERT DATA' }",
    ],
)
def test_a_query_is_sent_to_an_endpoint_as_a_query(checkout: Path, work: Path, endpoint: str, text: str) -> None:
    out, err = run(0, "query", "-", "--endpoint", endpoint + "good", checkout=checkout, cwd=work, input=text.encode())
    assert out.splitlines()[2] == SHOWN_EVIL
    assert err == ""


# Text that would steer a terminal


def on_terminal(code: int, *arguments: object, checkout: Path, cwd: Path, lines: bool = True, **changes: str) -> str:
    """Run the command with its output and errors on a pseudo-terminal and return what the terminal receives."""
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        env=environment(checkout, **changes),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )  # type: ignore[call-overload]
    os.close(theirs)
    received = b""
    with contextlib.suppress(OSError):  # Linux tells the end of a terminal so
        while chunk := os.read(mine, 65536):
            received += chunk
    os.close(mine)
    seen = received.decode("utf-8").replace("\r\n", "\n")
    judged(
        code, process.wait(60), arguments, b"", seen.replace("\x1b[1m", "").replace("\x1b[0m", "").encode(), lines=lines
    )
    return seen


def test_no_character_of_the_data_reaches_a_terminal_raw(own: Path) -> None:
    text = f'{HEAD}city:evil rdfs:label "{IN_TURTLE}"@en ; rdfs:seeAlso <http://e/\u202e> .'
    written(own / "data/evil.ttl", text)
    asked = f"{HEAD}SELECT ?label ?see ('{IN_TURTLE}' AS ?mine) {{ city:evil rdfs:label ?label ; rdfs:seeAlso ?see }}"
    written(own / "evil.rq", asked)
    written(own / "graph.rq", f"{HEAD}CONSTRUCT WHERE {{ city:evil ?p ?o }}")
    out, _ = run(0, "query", "./evil.rq", checkout=own, cwd=own)
    assert out.count(SHOWN_EVIL) == 2
    for form in ("table", "csv", "tsv", "json"):
        lines = form in ("table", "json")  # CSV, like Turtle, keeps a line break between quotes
        seen = on_terminal(0, "query", "./evil.rq", "--format", form, checkout=own, cwd=own, lines=lines)
        assert "forged" in seen, form
    assert "forged" in on_terminal(0, "query", "./graph.rq", checkout=own, cwd=own, lines=False)


def test_no_character_of_a_finding_reaches_a_terminal_raw(checkout: Path, work: Path) -> None:
    name = f"{EVIL.replace('/', '-')}.ttl"
    written(work / name, f'{HEAD}<http://e/\u202e> a e:Thing ; e:p "{IN_TURTLE}" .')
    message = SHAPES.replace("A number, please.", IN_TURTLE + "{$value}")
    written(work / "s.ttl", message)
    out, err = run(1, "validate", "--shapes", "s.ttl", name, checkout=checkout, cwd=work)
    assert out.startswith(SHOWN_EVIL.replace("/", "-") + f".ttl:{LINE}:")
    assert err == ""
    for form in ("text", "json"):
        seen = on_terminal(1, "validate", "--shapes", "s.ttl", name, "--format", form, checkout=checkout, cwd=work)
        assert "forged" in seen, form
    for arguments in (["validate", f"missing{name}"], ["fmt", f"missing{name}"], ["query", f"./missing{name}"]):
        run(2, *arguments, checkout=checkout, cwd=work)
    run(1, "fmt", "--check", name, checkout=checkout, cwd=work)
    written(work / name, "\x1b[31m")
    run(1, "fmt", "--check", name, checkout=checkout, cwd=work)


def test_no_character_of_a_directory_name_reaches_a_terminal_raw(checkout: Path, work: Path) -> None:
    name = EVIL.replace("/", "-")
    out, err = run(0, "publish", name, checkout=checkout, cwd=work)
    assert out.startswith(SHOWN_EVIL.replace("/", "-") + ": ")
    assert err == ""
    written(work / name / EVIL.replace("/", "-"), "mine")
    _, err = run(2, "publish", name, checkout=checkout, cwd=work)
    assert "which publish did not write" in err


def test_places_are_bold_on_a_terminal_that_has_colours(checkout: Path, work: Path) -> None:
    written(work / "x.ttl", HEAD + 'e:a a e:Thing ; e:p "x" .')
    arguments = ["validate", "--shapes", "../shapes.ttl", "x.ttl"]
    place = f"x.ttl:{LINE}:21"
    assert on_terminal(1, *arguments, checkout=checkout, cwd=work).startswith(
        f"\x1b[1m{place}\x1b[0m: A number, please.\n"
    )
    assert on_terminal(1, *arguments, checkout=checkout, cwd=work, NO_COLOR="").startswith("\x1b[1m")
    for change in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        seen = on_terminal(1, *arguments, checkout=checkout, cwd=work, **change)
        assert seen.startswith(f"{place}: A number, please.\n"), change


ASCII = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


def test_the_output_is_utf_8_whatever_the_locale(checkout: Path, work: Path) -> None:
    written(work / "é.ttl", HEAD + 'e:a a e:Thing ; e:p "é" .')
    out, err = run(0, "query", "names-of-cities", "--param", "city=city:liege", checkout=checkout, cwd=work, env=ASCII)
    assert "Liège" in out
    assert err == ""
    for form in ("text", "json"):
        out, err = run(
            1,
            "validate",
            "--shapes",
            "../shapes.ttl",
            "é.ttl",
            "--format",
            form,
            checkout=checkout,
            cwd=work,
            env=ASCII,
        )
        assert '"é' in out
        assert err == ""
    _, err = run(2, "fmt", "missing-é.ttl", checkout=checkout, cwd=work, env=ASCII)
    assert "No such file or directory" in err
    run(2, "query", "é", checkout=checkout, cwd=work, env=ASCII)


def test_a_file_name_need_not_be_text(checkout: Path, work: Path) -> None:
    name = b"\xff\x1b.ttl"
    try:
        (work / os.fsdecode(name)).write_text(HEAD + 'e:a a e:Thing ; e:p "x" .', encoding="utf-8")
    except OSError:
        pytest.skip("file names are text here")
    for form in ("text", "json"):
        arguments = ["validate", "--shapes", "../shapes.ttl", name, "--format", form]
        out, err = run(1, *arguments, checkout=checkout, cwd=work)
        assert "A number, please." in out
        assert err == ""
    run(1, "fmt", "--check", name, checkout=checkout, cwd=work)
    run(0, "publish", b"dist\xff", checkout=checkout, cwd=work)


# Publish


def published_before(directory: Path) -> dict[str, bytes]:
    """What an earlier publish may have written, so that it may be replaced; returns its snapshot."""
    names = ("doc/city/old.ttl", "ghent-partnerships.ttl")
    for name in names:
        written(directory / name, "old\n")
    written(
        directory / "SHA256SUMS", "".join(f"{sha256(b'old' + bytes([10])).hexdigest()}  {name}\n" for name in names)
    )
    return snapshot(directory)


def assert_published(directory: Path) -> None:
    """The directory holds what its checksums say, no more and no less, and nothing of what was there before."""
    listed = dict(reversed(line.split("  ", 1)) for line in (directory / "SHA256SUMS").read_text().splitlines())
    files = {name: content for name, content in snapshot(directory).items() if (directory / name).is_file()}
    del files["SHA256SUMS"]
    assert {name: sha256(content).hexdigest() for name, content in files.items()} == listed
    assert "doc/city/ghent.ttl" in files
    assert "doc/city/old.ttl" not in files


def beside(directory: Path) -> list[str]:
    """What publish may have left beside the directory."""
    return [path.name for path in directory.parent.iterdir() if "publishing" in path.name or path.name.startswith(".")]


@pytest.fixture
def slow(own: Path) -> Path:
    """A checkout with so many resources that writing them takes half a second."""
    cities = "".join(f'city:city-{number} a gp:Place ; rdfs:label "City"@en .\n' for number in range(500))
    written(own / "data/many.ttl", HEAD + cities)
    return own


def start_publish(checkout: Path, directory: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command("publish", directory), cwd=checkout, env=environment(checkout), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # type: ignore[call-overload]  # fmt: skip


def until(happened: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Wait for something to happen while the process runs."""
    end = time.monotonic() + 30
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.001)


def is_writing(directory: Path) -> Callable[[], bool]:
    return lambda: any(directory.parent.glob(f".{directory.name}*/doc/city/*.ttl"))


@pytest.mark.parametrize(
    ("sent", "code", "message", "before"),
    [
        (signal.SIGINT, 130, "ghent-partnerships: interrupted\n", True),
        (signal.SIGINT, 130, "ghent-partnerships: interrupted\n", False),
        (signal.SIGTERM, 143, "", True),
        (signal.SIGKILL, -9, "", True),
    ],
)
def test_publish_that_is_ended_in_the_middle_changes_nothing(
    slow: Path, tmp_path: Path, sent: signal.Signals, code: int, message: str, before: bool
) -> None:
    dist = tmp_path / "site/dist"
    dist.parent.mkdir()
    old = published_before(dist) if before else {}
    process = start_publish(slow, dist)
    until(is_writing(dist), process)
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)
    assert judged(code, process.returncode, sent, out, err) == ("", message)
    assert dist.exists() == before
    assert snapshot(dist) == old
    if sent != signal.SIGKILL:
        assert beside(dist) == []
    out, _ = run(0, "publish", dist, checkout=slow, cwd=slow)
    assert_published(dist)
    assert beside(dist) == []


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_publish_that_is_ended_at_the_exchange_leaves_nothing_beside(
    slow: Path, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    dist = tmp_path / "site/dist"
    published_before(dist)
    # So much old to remove that the signal comes in the middle of it.
    lines = (dist / "SHA256SUMS").read_text()
    for number in range(3000):
        written(dist / f"doc/city/old-{number}.ttl", b"")
        lines += f"{sha256(b'').hexdigest()}  doc/city/old-{number}.ttl\n"
    written(dist / "SHA256SUMS", lines)
    process = start_publish(slow, dist)
    until(lambda: not (dist / "doc/city/old.ttl").exists(), process)
    process.send_signal(sent)
    out, err = process.communicate(timeout=30)
    judged(process.returncode, process.returncode, sent, out, err)
    assert process.returncode in (0, code)
    assert_published(dist)
    assert beside(dist) == []


def test_two_publishes_at_once_do_not_meet(slow: Path, tmp_path: Path) -> None:
    dist = tmp_path / "site/dist"
    old = published_before(dist)
    first = start_publish(slow, dist)
    until(is_writing(dist), first)
    first.send_signal(signal.SIGSTOP)
    try:
        _, err = run(2, "publish", dist, checkout=slow, cwd=slow)
        assert err == f"ghent-partnerships: {dist}: another publish is at work beside it; wait for it to end\n"
        assert snapshot(dist) == old
    finally:
        first.send_signal(signal.SIGCONT)
    out, err = first.communicate(timeout=30)
    judged(0, first.returncode, "publish", out, err)
    assert_published(dist)
    assert beside(dist) == []


def test_publish_replaces_what_it_wrote_and_an_empty_directory(checkout: Path, tmp_path: Path) -> None:
    published_before(tmp_path / "old")
    (tmp_path / "empty").mkdir()
    published_before(tmp_path / "elsewhere/real")
    (tmp_path / "link").symlink_to("elsewhere/real")
    for name in ("old", "empty", "new/in/new", "link"):
        out, err = run(0, "publish", name, checkout=checkout, cwd=tmp_path)
        assert out.startswith(f"{name}: ")
        assert err == ""
        assert_published(tmp_path / name)
    assert (tmp_path / "link").is_symlink()
    assert beside(tmp_path / "old") == beside(tmp_path / "elsewhere/real") == []


def a_foreign_file(dist: Path) -> str:
    written(dist / "doc/city/mine.txt", "mine")
    return "doc/city/mine.txt"


def a_modified_file(dist: Path) -> str:
    written(dist / "doc/city/old.ttl", "mended by hand")
    return "doc/city/old.ttl"


def a_symbolic_link(dist: Path) -> str:
    (dist / "doc/city/old.ttl").rename(dist.parent / "moved.ttl")
    (dist / "doc/city/old.ttl").symlink_to("../../../moved.ttl")
    return "doc/city/old.ttl"


def a_link_to_a_directory(dist: Path) -> str:
    (dist / "link").symlink_to("/")
    return "link"


def a_fifo(dist: Path) -> str:
    os.mkfifo(dist / "fifo")
    return "fifo"


def a_fifo_for_checksums(dist: Path) -> str:
    shutil.rmtree(dist)
    dist.mkdir()
    os.mkfifo(dist / "SHA256SUMS")
    return "SHA256SUMS"


def checksums_alone(dist: Path) -> str:
    shutil.rmtree(dist)
    written(dist / "SHA256SUMS", f"{sha256(b'x').hexdigest()}  some-other-file.iso\n")
    return "SHA256SUMS"


def checksums_of_others(dist: Path) -> str:
    """Many projects list their files as publish does: that a file is listed does not make it ours."""
    shutil.rmtree(dist)
    written(dist / "release.iso", "precious")
    written(dist / "SHA256SUMS", f"{sha256(b'precious').hexdigest()}  release.iso\n")
    return "(?:release.iso|SHA256SUMS)"


@pytest.mark.parametrize(
    "change",
    [
        a_foreign_file,
        a_modified_file,
        a_symbolic_link,
        a_link_to_a_directory,
        a_fifo,
        a_fifo_for_checksums,
        checksums_alone,
        checksums_of_others,
    ],
)
def test_publish_leaves_what_it_did_not_write(checkout: Path, tmp_path: Path, change: Callable[[Path], str]) -> None:
    dist = tmp_path / "site/dist"
    published_before(dist)
    named = change(dist)
    before = sorted(path for path in dist.rglob("*"))
    out, err = run(2, "publish", dist, checkout=checkout, cwd=tmp_path)
    assert re.fullmatch(f"ghent-partnerships: {dist}: holds {named}, which publish did not write; .*\n", err), err
    assert out == ""
    assert sorted(path for path in dist.rglob("*")) == before
    assert beside(dist) == []


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        ("file", "not a directory"),
        ("file/dist", "cannot be written: "),
        ("fifo", "not a directory"),
        ("/dev/full", "not a directory"),
        ("/dev/null", "not a directory"),
        ("loop", "Too many levels of symbolic links"),
        ("loop/dist", "Too many levels of symbolic links"),
        ("x" * 300, "File name too long"),
        ("/proc/dist", "cannot be written: "),
        ("/sys/dist/dist", "cannot be written: "),
        ("/", "which publish did not write"),
    ],
)
def test_publish_to_what_cannot_be_written_is_wrong_use(
    checkout: Path, tmp_path: Path, directory: str, message: str
) -> None:
    written(tmp_path / "file", "mine")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    before = listing(tmp_path)
    out, err = run(2, "publish", directory, checkout=checkout, cwd=tmp_path)
    assert err.startswith(f"ghent-partnerships: {directory}: ")
    assert message in err
    assert err.count("\n") == 1
    assert out == ""
    assert listing(tmp_path) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_publish_to_a_full_disk_changes_nothing(checkout: Path, tmp_path: Path) -> None:
    old = published_before(tmp_path / "dist")
    for name in ("dist", "new"):
        out, err = run(2, "publish", name, checkout=checkout, cwd=tmp_path, preexec_fn=with_small_files)
        assert err == f"ghent-partnerships: {name}: cannot be written: File too large\n"
        assert out == ""
    assert listing(tmp_path) == ["dist"]
    assert snapshot(tmp_path / "dist") == old


def test_publish_without_permission_changes_nothing(
    checkout: Path, tmp_path: Path, permissions: Callable[[], None]
) -> None:
    old = published_before(tmp_path / "site/dist")
    (tmp_path / "site").chmod(0o555)
    try:
        for name in ("dist", "new"):
            out, err = run(2, "publish", name, checkout=checkout, cwd=tmp_path / "site", preexec_fn=permissions)
            assert err == f"ghent-partnerships: {name}: cannot be written: Permission denied\n"
            assert out == ""
    finally:
        (tmp_path / "site").chmod(0o755)
    assert listing(tmp_path / "site") == ["dist"]
    assert snapshot(tmp_path / "site/dist") == old


def test_publish_clears_what_an_earlier_one_left_beside(checkout: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    published_before(dist)
    run(0, "publish", "dist", checkout=checkout, cwd=tmp_path)
    for left in (".dist.publishing", ".dist.publishing.old"):
        published_before(tmp_path / left)
    run(0, "publish", "dist", checkout=checkout, cwd=tmp_path)
    assert_published(dist)
    assert beside(dist) == []


# Interrupted questions


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_query_without_end_can_be_ended(
    checkout: Path, work: Path, form: str, sent: signal.Signals, code: int
) -> None:
    endless = " . ".join(f"?s{number} ?p{number} ?o{number}" for number in range(12))
    written(work / "endless.rq", f"SELECT (COUNT(*) AS ?count) {{ {endless} }}")
    process = subprocess.Popen(
        command("query", "./endless.rq", "--format", form), cwd=work, env=environment(checkout),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # type: ignore[call-overload]  # fmt: skip
    time.sleep(1)
    assert process.poll() is None, process.communicate()
    process.send_signal(sent)
    began = time.monotonic()
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 2
    message = "ghent-partnerships: interrupted\n" if sent == signal.SIGINT else ""
    assert judged(code, process.returncode, sent, out, err) == ("", message)


# Fmt


def test_fmt_leaves_a_file_with_a_comment(checkout: Path, work: Path) -> None:
    text = GOOD + "  # é: a comment\n"
    written(work / "x.ttl", text)
    written(
        work / "no-comment.ttl",
        "<http://e/#a> <http://e/b#c>\n  \"# no\" , '''#\n# no''' , \"\\\"#\" , <http://e/#> .\n",
    )
    out, err = run(1, "fmt", ".", checkout=checkout, cwd=work)
    assert out.startswith(
        f"x.ttl:{LINE + 1}:3: The file has a comment, which the canonical layout would lose; it was left as it is.\n"
    )
    assert out.endswith("2 files: 1 rewritten\n")
    assert err == ""
    assert (work / "x.ttl").read_text(encoding="utf-8") == text


def test_fmt_leaves_a_file_with_a_shared_blank_node(checkout: Path, work: Path) -> None:
    texts = {
        "shared.ttl": ("<a:a> <a:b> _:x . <a:c> <a:b> _:x .", "a blank node is used twice"),
        "cycle.ttl": ("_:x <a:b> _:y . _:y <a:b> _:x .", "blank nodes form a cycle"),
        "self.ttl": ("_:x <a:b> _:x .", "blank nodes form a cycle"),
        "list.ttl": (f"<a:a> <a:b> _:x . _:x <{RDF}first> 1 ; <{RDF}rest> _:x .", "a blank node is used twice"),
        "tail.ttl": (f"<a:a> <a:b> ( 1 2 ) , _:x . _:x <{RDF}first> 1 ; <{RDF}rest> _:y . <a:c> <a:d> _:y .", "twice"),
    }
    for name, (text, _) in texts.items():
        written(work / name, text)
    before = snapshot(work)
    out, err = run(1, "fmt", ".", checkout=checkout, cwd=work)
    for name, (_, message) in texts.items():
        assert re.search(
            rf"^{name}:1:1: The file cannot be written in canonical Turtle: .*{message}", out, re.MULTILINE
        ), out
    assert err == ""
    assert snapshot(work) == before


UNTIDY = (
    "@prefix x: <http://x/y#> .\r\n@base <http://b/c/> .\r\n"
    '<d> x:p \'a\\u001Bb\' , """c\r\nd"""@EN-us , [ x:q ( 1 2.50 1e3 true <../e> [] ( ) ) ; a x:T ]  , "5"^^x:int .\r\n'
    "[] x:p [ x:p [ x:p '\\\\\"' ] ] . [ x:z 'x' ] a x:T . x: x:a.b x:c\\,d , <http://x/y#%41> , <urn:x:y> .\r\n"
)


def test_fmt_is_idempotent_and_keeps_the_graph(checkout: Path, work: Path) -> None:
    path = written(work / "x.ttl", UNTIDY)
    before = isomorphic(pyoxigraph.parse(UNTIDY, format=RdfFormat.TURTLE))
    out, err = run(0, "fmt", "x.ttl", checkout=checkout, cwd=work)
    assert (out, err) == ("1 file: 1 rewritten\n", "")
    text = path.read_bytes()
    assert b"\r" not in text
    assert b"\x1b" not in text
    assert isomorphic(pyoxigraph.parse(text, format=RdfFormat.TURTLE)) == before
    assert (
        run(0, "fmt", "--check", "x.ttl", checkout=checkout, cwd=work)[0] == "1 file: 0 not in the canonical layout\n"
    )
    assert run(0, "fmt", "x.ttl", checkout=checkout, cwd=work)[0] == "1 file: 0 rewritten\n"
    assert path.read_bytes() == text


def test_fmt_turns_crlf_and_a_byte_order_mark_into_plain_text(checkout: Path, work: Path) -> None:
    tidy = b"PREFIX e: <http://e/>\n\ne:a\n    e:b e:c ;\n.\n"
    written(work / "crlf.ttl", tidy.replace(b"\n", b"\r\n"))
    written(work / "cr.ttl", tidy.replace(b"\n", b"\r"))
    written(work / "bom.ttl", b"\xef\xbb\xbf" + tidy)
    out, err = run(1, "fmt", "--check", ".", checkout=checkout, cwd=work)
    assert out.count("The file is not in the canonical layout.") == 3
    out, err = run(0, "fmt", ".", checkout=checkout, cwd=work)
    assert (out, err) == ("3 files: 3 rewritten\n", "")
    assert snapshot(work) == dict.fromkeys(("crlf.ttl", "cr.ttl", "bom.ttl"), tidy)


def test_fmt_says_where_an_iri_is_relative(checkout: Path, work: Path) -> None:
    written(work / "x.ttl", HEAD + "e:a e:p e:b ;\n  e:q <there> .\n")
    out, _ = run(1, "fmt", "x.ttl", checkout=checkout, cwd=work)
    assert out.startswith(f"x.ttl:{LINE + 1}:7: "), out


def test_fmt_writes_no_invisible_character_in_a_prefix(checkout: Path, work: Path) -> None:
    path = written(work / "x.ttl", "@prefix x: <http://e/\u202e/> . x:a x:b x:c .")
    run(0, "fmt", "x.ttl", checkout=checkout, cwd=work)
    assert "\u202e" not in path.read_text(encoding="utf-8")


def test_fmt_keeps_links_and_modes(checkout: Path, work: Path) -> None:
    real = written(work / "real/x.ttl", GOOD)
    real.chmod(0o640)
    (work / "link.ttl").symlink_to("real/x.ttl")
    closed = written(work / "read-only.ttl", GOOD)
    closed.chmod(0o444)
    out, err = run(0, "fmt", "link.ttl", "read-only.ttl", checkout=checkout, cwd=work)
    assert (out, err) == ("2 files: 2 rewritten\n", "")
    assert (work / "link.ttl").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert closed.stat().st_mode & 0o777 == 0o444
    assert real.read_text() == closed.read_text() != GOOD
    assert listing(work / "real") == ["x.ttl"]


def test_fmt_that_cannot_write_leaves_the_file(checkout: Path, work: Path, permissions: Callable[[], None]) -> None:
    written(work / "closed/x.ttl", GOOD)
    written(work / "y.ttl", GOOD)
    (work / "closed").chmod(0o555)
    before = snapshot(work)
    try:
        for name, how, reason in (
            ("closed/x.ttl", permissions, "Permission denied"),
            ("y.ttl", with_small_files, "File too large"),
        ):
            out, err = run(2, "fmt", name, checkout=checkout, cwd=work, preexec_fn=how)
            assert err == f"ghent-partnerships: {name}: cannot be written: {reason}\n"
            assert out == ""
    finally:
        (work / "closed").chmod(0o755)
    assert snapshot(work) == before


def test_fmt_rewrites_a_file_with_the_longest_name(checkout: Path, work: Path) -> None:
    name = f"{'x' * 251}.ttl"
    written(work / name, GOOD)
    run(0, "fmt", name, checkout=checkout, cwd=work)
    assert (work / name).read_text() != GOOD
    assert listing(work) == [name]


# Properties


def isomorphic(quads: object) -> set[str]:
    """The triples with canonical labels: equal for graphs that are isomorphic."""
    dataset = pyoxigraph.Dataset(quads)  # type: ignore[arg-type]
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


LOCALS = st.text(st.sampled_from("abz019_-.%~:/#?é\u00b7\u202e\u1680\u2100語'()!$&*+,;=@"), max_size=6)
NAMESPACES = st.sampled_from([*PREFIXES.values(), "http://e/", "http://e/#", "urn:x:", "http://e\u2100x/", "tag:e,1:"])


def iri(text: str) -> NamedNode | None:
    """The IRI, or None where the text is none."""
    try:
        return next(pyoxigraph.parse(f"<a:s> <a:p> <{text}> .", format=RdfFormat.TURTLE)).object
    except SyntaxError:
        return None


IRIS = st.builds(lambda *parts: iri("".join(parts)), NAMESPACES, LOCALS).filter(lambda node: node is not None)
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("\"'\\\n\r\t#<>@^.;\x1b\x9b\u202e"))
)
PLAIN = st.builds(Literal, TEXTS)
TAGGED = st.builds(
    lambda text, tag: Literal(text, language=tag),
    TEXTS,
    st.sampled_from(["en", "nl-BE", "x-a", "zh-Hant-TW", "base", "prefix"]),
)
DATATYPES = st.sampled_from(
    [NamedNode(XSD + name) for name in ("integer", "decimal", "double", "boolean", "gYear", "string")]
)
TYPED = st.builds(
    lambda text, kind: Literal(text, datatype=kind),
    st.one_of(
        TEXTS, st.sampled_from(["1", "+1", "-0", "1.", ".5", "1.50", "1e3", "1.E3", "true", "1\n", "1 ", "\u0661"])
    ),
    st.one_of(DATATYPES, IRIS.filter(lambda node: node.value not in (RDF + "langString", RDF + "dirLangString"))),
)
LEAVES = st.one_of(IRIS, PLAIN, TAGGED, TYPED)
# A tree: a leaf, a list of trees, or the predicates and trees of a blank node.
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(tuple), st.lists(st.tuples(IRIS, inner), max_size=3)),
    max_leaves=6,
)


def grow(tree: object, triples: list[Triple]) -> object:
    """The term of a tree, after its triples were added."""
    if isinstance(tree, list):
        node = BlankNode()
        triples.extend([Triple(node, predicate, grow(value, triples)) for predicate, value in tree])
        return node
    if isinstance(tree, tuple):
        rest: object = NamedNode(RDF + "nil")
        for item in reversed(tree):
            cell = BlankNode()
            triples.append(Triple(cell, NamedNode(RDF + "first"), grow(item, triples)))
            triples.append(Triple(cell, NamedNode(RDF + "rest"), rest))
            rest = cell
        return rest
    return tree


@st.composite
def graphs(draw: st.DrawFn) -> list[Triple]:
    triples: list[Triple] = []
    for _ in range(draw(st.integers(1, 4))):
        subject = draw(st.one_of(IRIS, st.builds(BlankNode)))
        triples.append(Triple(subject, draw(IRIS), grow(draw(TREES), triples)))
    return list(dict.fromkeys(triples))


GROUND = st.lists(st.builds(Triple, IRIS, IRIS, LEAVES), min_size=1, max_size=6)
unhurried = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(graphs())
def test_the_canonical_layout_keeps_any_graph_and_is_stable(triples: list[Triple]) -> None:
    text = serialize(triples, PREFIXES)
    again = list(pyoxigraph.parse(text, format=RdfFormat.TURTLE))
    assert isomorphic(again) == isomorphic(Quad(*triple) for triple in triples), text
    assert serialize([quad.triple for quad in again], PREFIXES) == text
    assert first_comment(text) is None, text
    assert all(char.isprintable() or char == "\n" for char in text), text


def with_oxigraph(triples: list[Triple]) -> str:
    return pyoxigraph.serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES).decode()


def with_rdflib(triples: list[Triple]) -> str:
    return to_rdflib(triples).serialize(format="turtle")


@pytest.mark.parametrize("written_by", [with_oxigraph, with_rdflib, lambda triples: serialize(triples, PREFIXES)])
@pytest.mark.parametrize("base", ["file:///x/y.ttl", "http://e/x/y.ttl"])
@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # rdflib, which writes it all the same
@unhurried
@given(triples=GROUND)
def test_every_triple_has_its_place(
    written_by: Callable[[list[Triple]], str], base: str, triples: list[Triple]
) -> None:
    text = written_by(triples)
    try:  # what another serialiser writes need not be Turtle, nor the same graph
        parsed = [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE, base_iri=base)]
    except SyntaxError:
        return
    places = locate(text, base)
    for triple in parsed:
        offset = places.objects.get(tuple(triple))
        assert offset is not None, f"{triple} has no place in:\n{text}"
        start = text[offset:]
        assert starts_with(start, triple.object), f"{triple.object} does not start at: {start[:60]!r}"


def starts_with(text: str, term: object) -> bool:
    """Whether a Turtle text starts as the term would."""
    if isinstance(term, NamedNode):
        return text[0] == "<" or bool(re.match(r"[\w.-]*:", text))
    assert isinstance(term, Literal)
    return text[0] in "\"'" or text.startswith(term.value)


TOKENS = """a b: e:a e:b <a:a> <b> <http://e/#> <http://e\u2100/> _:x [ ] ( ) , ; . # \\ ~ - ^^ <<( )>> {| |} 1 1.5 1.
    1.E3 .5e-3 true 'x' "y" '''z''' '1.1' @en @en--ltr @base @prefix @version PREFIX BASE VERSION \x1b \u202e"""
PIECES = st.sampled_from([*TOKENS.split(), "e:\u1680"])
LAYOUTS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\r\n"])), max_size=12)
DOCUMENTS = st.one_of(
    st.binary(max_size=60),
    LAYOUTS.map(lambda pieces: (HEAD + "".join(map("".join, pieces))).encode()),
    LAYOUTS.map(lambda pieces: (f"{HEAD}e:a a e:Thing ; e:p {''.join(map(''.join, pieces))} .").encode()),
)


@settings(unhurried, max_examples=300)
@given(content=DOCUMENTS)
def test_no_bytes_make_an_internal_error(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, shapes = written(folder / "any.ttl", content), written(folder / "any-shapes.ttl", SHAPES)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        for arguments in (["fmt", "--check", str(path)], ["validate", "--shapes", str(shapes), str(path)]):
            out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = cli.main(arguments)
            judged(code, code, (arguments, content), out.buffer.getvalue(), err.buffer.getvalue())
            assert code in (0, 1), (arguments, content)
    finally:
        signal.signal(signal.SIGTERM, handler)
