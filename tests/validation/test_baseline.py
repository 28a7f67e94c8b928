"""A baseline: what is accepted does not count, the reasons stay, and what no longer occurs is said."""

import json
from pathlib import Path

import pytest

from copied import git
from ghent_partnerships.cli.main import main

pytestmark = pytest.mark.usefixtures("git_alone")

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.test/> .\n"
SHAPES = f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:l ; sh:minCount 1 ] .\n"
CHECK = ["validate", "--lang", "en", "--shapes", "shapes.ttl", "data"]
FILE = Path("baseline.jsonl")
Output = pytest.CaptureFixture[str]


def nodes(*names: str) -> str:
    return PREFIXES + "".join(f"{name} a ex:T .\n" for name in names)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data with two findings, which a baseline accepts."""
    home = tmp_path / "repository"
    (home / "data").mkdir(parents=True)
    monkeypatch.chdir(home)
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    Path("data/a.ttl").write_text(nodes("ex:a", "<#b>"), encoding="utf-8")
    assert main([*CHECK, "--write-baseline", str(FILE)]) == 0
    return home


def run(capfd: Output, *arguments: str) -> tuple[int, str]:
    capfd.readouterr()
    code = main([*CHECK, "--baseline", str(FILE), *arguments])
    captured = capfd.readouterr()
    return code, captured.out + captured.err


def entries() -> list[dict[str, str]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_what_is_accepted_does_not_count_and_what_is_new_does(capfd: Output) -> None:
    assert run(capfd) == (0, "2 files, 2 triples: no findings; 2 more that the baseline accepts\n")
    Path("data/a.ttl").write_text(nodes("ex:c", "ex:a", "<#b>"), encoding="utf-8")
    code, out = run(capfd)
    assert code == 1
    assert out.startswith("data/a.ttl:2:1: violation min-count: ")
    assert out.endswith("2 files, 3 triples: 1 violation; 2 more that the baseline accepts\n")


def test_the_file_is_a_sorted_line_for_each_finding() -> None:
    found = entries()
    assert [list(entry) for entry in found] == [["file", "code", "message", "fingerprint"]] * 2
    assert {(entry["file"], entry["code"]) for entry in found} == {("data/a.ttl", "min-count")}
    keys = [(entry["file"], entry["code"], entry["message"], entry["fingerprint"]) for entry in found]
    assert keys == sorted(keys)
    before = FILE.read_bytes()
    assert main([*CHECK[:1], "--lang", "nl", *CHECK[3:], "--write-baseline", str(FILE)]) == 0
    assert FILE.read_bytes() == before


def test_it_holds_wherever_the_repository_lies_and_one_stands(
    work: Path, monkeypatch: pytest.MonkeyPatch, capfd: Output
) -> None:
    moved = work.rename(work.parent / "moved")
    monkeypatch.chdir(moved / "data")
    shapes, baseline = ["--shapes", "../shapes.ttl"], ["--baseline", f"../{FILE}"]
    assert main(["validate", *shapes, "a.ttl", *baseline]) == 0
    assert "no longer" not in capfd.readouterr().out


def test_a_file_that_is_renamed_keeps_what_is_accepted_of_named_nodes(capfd: Output) -> None:
    Path("data/a.ttl").write_text(nodes("ex:a"), encoding="utf-8")
    Path("data/a.ttl").rename("data/b.ttl")
    assert run(capfd)[0] == 0


def test_the_same_finding_twice_is_accepted_twice(capfd: Output) -> None:
    for accepted, there, code in ((2, 2, 0), (2, 3, 1), (1, 2, 1)):
        Path("data/a.ttl").write_text(nodes(*["[]"] * accepted), encoding="utf-8")
        main([*CHECK, "--write-baseline", str(FILE)])
        assert len(entries()) == accepted
        Path("data/a.ttl").write_text(nodes(*["[]"] * there), encoding="utf-8")
        assert run(capfd)[0] == code


def test_a_reason_is_kept_and_is_the_justification_of_sarif(capfd: Output) -> None:
    first, second = entries()
    FILE.write_text(f"{json.dumps(second)}\n\n{json.dumps({'reason': 'é, agreed', **first})}\n", encoding="utf-8")
    assert main([*CHECK, "--write-baseline", str(FILE)]) == 0
    assert [entry.get("reason") for entry in entries()] == ["é, agreed", None]
    Path("data/a.ttl").write_text(nodes("ex:a", "<#b>", "ex:c"), encoding="utf-8")
    results = json.loads(run(capfd, "--format", "sarif")[1])["runs"][0]["results"]
    justified = {"kind": "external", "status": "accepted", "justification": "é, agreed"}
    assert sorted(map(str, (result["suppressions"] for result in results))) == sorted(
        map(str, ([], [{"kind": "external", "status": "accepted"}], [justified]))
    )
    content = json.loads(run(capfd, "--format", "json")[1])
    assert [len(content[name]) for name in ("findings", "accepted")] == [1, 2]
    assert "é, agreed" in {finding["reason"] for finding in content["accepted"]}


def test_a_finding_in_other_words_is_the_same(capfd: Output) -> None:
    Path("shapes.ttl").write_text(SHAPES.replace("minCount 1", 'minCount 1 ; sh:message "None."@en'), encoding="utf-8")
    assert run(capfd)[0] == 0


def test_accepted_results_stay_in_the_report_of_shacl_which_does_not_conform(capfd: Output) -> None:
    code, out = run(capfd, "--format", "turtle")
    assert code == 0
    assert "sh:conforms false ;" in out
    assert out.count("a sh:ValidationResult") == 2


def test_results_of_before_a_change_stay_in_the_report_of_shacl(capfd: Output) -> None:
    git(Path(), "init", "--quiet")
    git(Path(), "add", "--all")
    git(Path(), "commit", "--quiet", "--message", "x")
    capfd.readouterr()
    for added, count in (("", 2), ("ex:c a ex:T .\n", 3)):
        Path("data/a.ttl").write_text(nodes("ex:a", "<#b>") + added, encoding="utf-8")
        assert main([*CHECK, "--since", "HEAD", "--format", "turtle"]) == bool(added)
        out = capfd.readouterr().out
        assert "sh:conforms false ;" in out
        assert out.count("a sh:ValidationResult") == count


@pytest.mark.parametrize("output_format", ["github", "junit"])
def test_other_formats_have_only_what_counts(output_format: str, capfd: Output) -> None:
    code, out = run(capfd, "--format", output_format)
    assert code == 0
    assert "min-count" not in out
    assert "2 more that the baseline accepts" in out


def test_what_no_longer_occurs_is_said_and_removed_on_demand(capfd: Output) -> None:
    first, second = entries()
    FILE.write_text("".join(f"{json.dumps(entry)}\n" for entry in (first, second, second)), encoding="utf-8")
    Path("data/a.ttl").write_text(nodes("ex:a", "<#b>", "ex:c"), encoding="utf-8")
    code, out = run(capfd)
    assert code == 1
    assert "; 1 entry of the baseline no longer occurs (--prune-baseline removes it)\n" in out
    assert len(entries()) == 3
    code, out = run(capfd, "--prune-baseline")
    assert code == 1
    assert "no longer" not in out
    assert entries() == [first, second]


def test_with_since_what_is_accepted_counts_over_all_findings(capfd: Output) -> None:
    git(Path(), "init", "--quiet")
    Path("data/a.ttl").write_text(nodes("[]"), encoding="utf-8")
    main([*CHECK, "--write-baseline", str(FILE)])
    git(Path(), "add", "--all")
    git(Path(), "commit", "--quiet", "--message", "x")
    Path("data/a.ttl").write_text(nodes("[]", "[]"), encoding="utf-8")
    code, out = run(capfd, "--since", "HEAD")
    assert (code, "no longer" in out) == (1, False)


def test_what_is_accepted_is_not_fixed(capfd: Output) -> None:
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    Path("shapes.ttl").write_text(SHAPES.replace("sh:minCount 1", f"sh:datatype {integer}"), encoding="utf-8")
    Path("data/a.ttl").write_text(f'{PREFIXES}ex:a a ex:T ; ex:l "1" .\n', encoding="utf-8")
    main([*CHECK, "--write-baseline", str(FILE)])
    Path("data/a.ttl").write_text(f'{PREFIXES}ex:a a ex:T ; ex:l "1" .\nex:b a ex:T ; ex:l "2" .\n', encoding="utf-8")
    assert run(capfd, "--fix")[0] == 0
    assert Path("data/a.ttl").read_text(encoding="utf-8") == (
        f'{PREFIXES}ex:a a ex:T ; ex:l "1" .\nex:b a ex:T ; ex:l 2 .\n'
    )


FINGERPRINT = "0" * 32


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (b'{"file": "a"', "2:13: Expecting ',' delimiter"),
        (b"<<<<<<< HEAD", "2:1: Expecting value"),
        (b"[]", "2:1: this is no object"),
        (b'{"file": "\xff"}', "2:11: this is not UTF-8"),
        (b'{"file": "a", "line": 1}', "2:15: 'line' is no key"),
        (b'{"file": "a"}', "2:1: 'code' is missing"),
        (
            b'{"file": "a", "code": "b", "message": 1, "fingerprint": "' + FINGERPRINT.encode() + b'"}',
            "2:28: 'message' is no text",
        ),
        (
            b'{"file": "a", "code": "b", "message": "c", "fingerprint": "x"}',
            "2:44: 'fingerprint' has not 32 hexadecimal digits",
        ),
        (b"[" * 100_000, "2:1: this cannot be read"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_at_its_place(line: bytes, place: str, capfd: Output) -> None:
    FILE.write_bytes(FILE.read_bytes().splitlines(keepends=True)[0] + line + b"\n")
    before = FILE.read_bytes()
    for option in ("--baseline", "--write-baseline"):
        capfd.readouterr()
        assert main([*CHECK, option, str(FILE)]) == 2
        err = capfd.readouterr().err
        assert f"{FILE}:{place}; expected an entry of a baseline: a JSON object in one line, with file, code" in err
    assert FILE.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--write-baseline", "new", "--baseline", str(FILE)],
        ["--write-baseline", "new", "--since", "HEAD"],
        ["--prune-baseline"],
        ["--write-baseline", "new", "--fix", "--dry-run"],
        ["--baseline", str(FILE), "--prune-baseline", "--fix", "--dry-run"],
        ["--write-baseline", "data/a.ttl"],
        ["--write-baseline", "new", "--output", "sarif=new"],
        ["--baseline", "missing"],
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    assert main([*CHECK, *arguments]) == 2
    assert not Path("new").exists()
