"""Fmt rewrites a file whole or not at all, and keeps what it says."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from command import GOOD, Run, listing, snapshot, with_small_files, written
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat

UNTIDY = (
    "@prefix x: <http://x/y#> .\r\n@base <http://b/c/> .\r\n"
    "@prefix y: <http://e/\u202e/> . y:a y:b y:c .\r\n"
    '<d> x:p \'a\\u001Bb\' , """c\r\nd"""@EN-us , [ x:q ( 1 2.50 1e3 true <../e> [] ( ) ) ; a x:T ]  , "5"^^x:int .\r\n'
    "[] x:p [ x:p [ x:p '\\\\\"' ] ] . [ x:z 'x' ] a x:T . x: x:a.b x:c\\,d , <http://x/y#%41> , <urn:x:y> .\r\n"
)


def test_fmt_is_idempotent_and_keeps_the_graph(run: Run, work: Path) -> None:
    path = written(work / "x.ttl", UNTIDY)
    assert run(0, "fmt", "x.ttl") == ("1 file: 1 rewritten\n", "")
    text = path.read_bytes()
    assert [char for char in text.decode() if not char.isprintable() and char != "\n"] == []
    graphs = [Dataset(pyoxigraph.parse(turtle, format=RdfFormat.TURTLE)) for turtle in (UNTIDY, text)]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert graphs[0] == graphs[1]
    assert run(0, "fmt", "--check", "x.ttl") == ("1 file: 0 not in the canonical layout\n", "")
    assert run(0, "fmt", "x.ttl") == ("1 file: 0 rewritten\n", "")
    assert path.read_bytes() == text


def test_fmt_turns_crlf_and_a_byte_order_mark_into_plain_text(run: Run, work: Path) -> None:
    tidy = b"PREFIX e: <http://e/>\n\ne:a\n    e:b e:c ;\n.\n"
    untidy = {
        "crlf.ttl": tidy.replace(b"\n", b"\r\n"),
        "cr.ttl": tidy.replace(b"\n", b"\r"),
        "bom.ttl": b"\xef\xbb\xbf" + tidy,
    }
    for name, content in untidy.items():
        written(work / name, content)
    out, _ = run(1, "fmt", "--check", ".")
    assert out.count("The file is not in the canonical layout.") == 3
    assert snapshot(work) == untidy
    assert run(0, "fmt", ".") == ("3 files: 3 rewritten\n", "")
    assert snapshot(work) == dict.fromkeys(untidy, tidy)


NESTED = "Brackets are nested more than 100 deep here; the file was left as it is."
REFUSED = {
    "deep.ttl": ("<a:a> <a:b> " + "(" * 101 + ")" * 101 + " .", f"1:113: {NESTED}"),
    "newer.ttl": ("<a:a> <a:b> <<( <a:a> <a:b> 1 )>> .", "1:13: The file is written in RDF 1.2"),
    "wrong.ttl": ("<a:a> <a:b> .", "1:13: "),
}


def test_fmt_leaves_a_file_that_it_cannot_lay_out(run: Run, work: Path) -> None:
    for name, (text, _) in REFUSED.items():
        written(work / name, text)
    before = snapshot(work)
    out, _ = run(1, "fmt", ".")
    missing = [name for name, (_, place) in REFUSED.items() if f"\n{name}:{place}" not in f"\n{out}"]
    assert missing == [], out
    assert out.endswith("3 files: 0 rewritten\n")
    assert snapshot(work) == before


def test_fmt_keeps_labels_of_blank_nodes(run: Run, work: Path) -> None:
    written(work / "x.ttl", "_:x <a:b> _:y . _:y <a:b> _:x . <a:a> <a:b> _:x . <a:c> <a:b> _:x .")
    assert run(0, "fmt", "x.ttl") == ("1 file: 1 rewritten\n", "")
    blocks = ("<a:a>\n    <a:b> _:x", "<a:c>\n    <a:b> _:x", "_:x\n    <a:b> _:y", "_:y\n    <a:b> _:x")
    assert (work / "x.ttl").read_text() == "\n".join(f"{block} ;\n.\n" for block in blocks)


def test_fmt_takes_nothing_else_for_a_comment(run: Run, work: Path) -> None:
    written(work / "x.ttl", "<http://e/#a> <http://e/b#c>\n  \"# no\" , '''#\n# no''' , \"\\\"#\" , <http://e/#> .\n")
    assert run(0, "fmt", ".") == ("1 file: 1 rewritten\n", "")


def test_fmt_keeps_links_and_modes(run: Run, work: Path) -> None:
    real = written(work / "real/x.ttl", GOOD)
    real.chmod(0o640)
    (work / "link.ttl").symlink_to("real/x.ttl")
    read_only = written(work / f"{'x' * 251}.ttl", GOOD)  # the longest name: there is none longer to prepare it under
    read_only.chmod(0o444)
    assert run(0, "fmt", "link.ttl", read_only.name) == ("2 files: 2 rewritten\n", "")
    assert (work / "link.ttl").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert read_only.stat().st_mode & 0o777 == 0o444
    assert real.read_text() == read_only.read_text() != GOOD
    assert listing(work / "real") == ["x.ttl"]
    assert listing(work) == sorted(["link.ttl", "real", read_only.name])


def test_fmt_that_cannot_write_leaves_the_file(run: Run, work: Path, permissions: Callable[[], None]) -> None:
    written(work / "closed/x.ttl", GOOD)
    written(work / "y.ttl", GOOD)
    (work / "closed").chmod(0o555)
    before = snapshot(work)
    try:
        for name, how, reason in (
            ("closed/x.ttl", permissions, "Permission denied"),
            ("y.ttl", with_small_files, "“File too large”"),
        ):
            _, err = run(2, "fmt", name, preexec_fn=how)
            assert err == f"ghent-partnerships: {name}: cannot be written: {reason}\n"
    finally:
        (work / "closed").chmod(0o755)
    assert snapshot(work) == before
