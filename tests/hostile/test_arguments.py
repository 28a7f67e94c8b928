"""What a person types: wrong options, and values for parameters that would be something else."""

from pathlib import Path

import pytest
from command import EVIL, EVIL_NAME, SHOWN, Run, listing, written

from ghent_partnerships.rdf.namespaces import ID


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tidy"], "unrecognized arguments: --tidy; see ghent-partnerships --help"),
        (["tidy"], "invalid choice: 'tidy'"),
        ([EVIL], "invalid choice"),
        (["validate", "--format", "xml"], "invalid choice: 'xml' (choose from"),
        (["validate", "--shapes", "x.ttl"], "validate --shapes: give the files to check"),
        (["validate", f"--{EVIL}"], r"\x1b[31m"),
        (["query"], "query: name a question (query --list shows them), a file, or - for standard input"),
        (["query", "names-of-citties"], "no question of this name; did you mean names-of-cities or cities?"),
        (["query", EVIL_NAME], "no question of this name; query --list shows the names"),
        (["query", ""], "no question of this name"),
        (["query", "names-of-cities", "--param", "lang"], "--param lang: expected NAME=VALUE"),
        (
            ["query", "names-of-cities", "--param", "town=x"],
            "--param town: the query has no such parameter (it has: city, lang, year)",
        ),
        (["query", "names-of-cities", "--param", "=x"], "the query has no such parameter"),
        (["query", "names-of-cities", "--format", "turtle"], "no graph; use table, csv, tsv, json or markdown"),
        (["publish", "one", "two"], "unrecognized arguments: two"),
        (["fmt", "--diff"], "unrecognized arguments: --diff"),
        (["fmt", ""], "argument FILE: expected a path; . is the current directory"),
        (["publish", ""], "argument DIR: expected a path"),
        (["validate", "--shapes=", "x.ttl"], "argument --shapes: expected a path"),
        (["query", "names-of-cities", "--endpoint", " "], " : not an address that can be asked"),
        (["diff", "x" * 5000], "neither a file nor a folder is there, and as a revision: "),
    ],
)
def test_wrong_options_are_wrong_use(run: Run, work: Path, arguments: list[str], message: str) -> None:
    _, err = run(2, *arguments)
    assert message in err
    assert listing(work) == []


@pytest.mark.parametrize("command", ["validate", "query", "fmt", "diff", "explain", "publish", "cite", "completion"])
def test_a_message_can_be_read_however_long_the_argument(run_within: Run, command: str) -> None:
    if command == "publish":
        _, err = run_within(2, command, "--site", "x" * 100_000)
    else:
        _, err = run_within(2, command, "--format" if command == "cite" else "--", "x" * 100_000)
    assert len(err) < 2100


@pytest.mark.parametrize("name", ["--check.ttl", "--check", "-x.ttl"])
def test_what_is_like_an_option_and_the_name_of_a_file_is_refused(run: Run, work: Path, name: str) -> None:
    content = "not Turtle"
    written(work / name, content)
    for arguments in (["fmt", name], ["fmt", "--check", name], ["validate", name]):
        _, err = run(2, *arguments)
        assert err.startswith(("ghent-partnerships: --check", f"ghent-partnerships: {name}"))
        assert "write -- before names of files" in err
    if name.endswith(".ttl"):
        out, _ = run(1, "fmt", "--", name)
        assert out.startswith(f"{name}:1:")
    assert (work / name).read_text() == content


ODD = ("inf", "nan", "-1", "1e309", "1" * 5000, "\u0661", "0x1", "1_0", "--", "", " ", "x\n::error::y", b"\xff")


@pytest.mark.parametrize("option", ["--port", "--seconds", "--memory", "--cache"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:12])
def test_a_number_of_the_server_is_one(run_within: Run, option: str, value: str | bytes) -> None:
    typed = value if isinstance(value, bytes) else value.encode()
    _, err = run_within(2, "serve", option.encode() + b"=" + typed)
    assert option in err
    assert "expected" in err


def test_what_the_server_cannot_have_is_refused(run_within: Run) -> None:
    for option, value in (("--port", 65_536), ("--seconds", 0), ("--seconds", 86_401), ("--memory", 0)):
        _, err = run_within(2, "serve", option, value)
        assert f"argument {option}: '{value}': expected" in err
    for option in ("--memory", "--cache"):
        _, err = run_within(2, "serve", option, 1 << 29)
        assert f"argument {option}: '{1 << 29}': expected" in err


HOSTS = ("[x", "[::1", "[v1.x]", "u@x", "u:p@x", "x y", "é.be", "", "x\\y", "x:99999", "x:0", "x:y", 'x"', "-x", "a..b")
PATHS = ("#f", "?q", "%zz", "../y", "a/./b", "<", "\n", "\u202e", " ")


WHOLE = ("", "--", "x", "//x/", "ftp://x/", "javascript:alert(1)", "file:///etc/passwd", "http:x")
SITES = (*WHOLE, *(f"http://{host}/" for host in HOSTS), *(f"http://x/{path}" for path in PATHS))


@pytest.mark.parametrize("site", SITES)
def test_an_address_that_is_none_of_a_site_is_refused(run_within: Run, work: Path, site: str) -> None:
    _, err = run_within(2, "publish", f"--site={site}")
    assert "--site" in err
    assert "expected" in err
    assert listing(work) == []


OPTIONS = {
    "validate": ("--shapes", "--since", "--format", "--output", "--lang", "--fail-on"),
    "query": ("--param", "--format", "--endpoint"),
    "explain": ("--lang",),
    "cite": ("--format",),
    "diff": ("--format", "--lang"),
    "publish": ("--site",),
    "serve": ("--host",),
}


@pytest.mark.parametrize(
    ("command", "option"), [(name, option) for name, several in OPTIONS.items() for option in several]
)
def test_two_hyphens_are_no_value_of_an_option(run_within: Run, command: str, option: str) -> None:
    _, err = run_within(2, command, f"{option}=--")
    assert option in err


NO_YEAR = "not an xsd:gYear (expected one like 1970)"
NO_CITY = f"not an IRI or a prefixed name (expected one like {ID}city/ghent)"


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ('year=1970" } DROP ALL #', NO_YEAR),
        ("year=1970\n", NO_YEAR),
        ("year=١٩٧٠", NO_YEAR),
        ("city=x> } INSERT", NO_CITY),
        ("city=city:x> } INSERT", NO_CITY),
        ("city=", NO_CITY),
        (f"city={EVIL}", f"the prefix {SHOWN.partition(':')[0]}: is not known; write a full IRI in <…>"),
        (f"city=<{EVIL}>", NO_CITY),
        (b"city=\xff", "not "),
        (b"lang=\xff", "not "),
    ],
)
def test_a_value_of_the_wrong_kind_is_wrong_use(run_within: Run, parameter: object, message: str) -> None:
    _, err = run_within(2, "query", "names-of-cities", "--param", parameter)
    assert err.startswith("ghent-partnerships: --param ")
    assert message in err


@pytest.mark.parametrize("value", ['en" . } #', r"en\" } DROP ALL #", "en\n} DROP ALL", r"\u0022", "?x", EVIL])
def test_what_a_person_types_is_never_read_as_a_query(run: Run, value: str) -> None:
    answer = run(0, "query", "names-of-cities", "--param", f"lang={value}")
    assert answer == ("city  name\n────  ────\n", "no rows\n")
