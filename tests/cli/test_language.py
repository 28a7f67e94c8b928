"""The command speaks the language of the locale, and of a language that has a catalogue it speaks no other."""

import ast
import pickle
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal

from ghent_partnerships.cli import messages
from ghent_partnerships.cli.main import main
from ghent_partnerships.cli.parser import COMMANDS
from ghent_partnerships.cli.progress import progress
from ghent_partnerships.errors import UsageError
from ghent_partnerships.process import isolated
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.parse import parse
from ghent_partnerships.sparql.library import federated, question, questions
from ghent_partnerships.translation import message

Printed = Callable[..., tuple[str, str]]
LOCALE = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
BAD = "PREFIX gp: <https://w3id.org/ghent-partnerships/ontology#>\n<#a> a gp:City .\n"

# What a help text, a report or an error holds that is the same in every language.
SYNTAX = {
    *("ghent-partnerships", "URL", "IRI", "VAR", "MIB", "h", "help"),
    *("refresh", "check", "compare", "contribute"),  # what wikidata does
    "spark",  # an engine of validate
    *COMMANDS,
    *("shell", "bash", "fish", "zsh"),  # what completion takes
    *("en", "nl", "qps"),  # what --lang takes
}
OPTION = re.compile(r"--[a-z-]+")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_][\w-]*")


@pytest.fixture
def in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_BE.UTF-8")


@pytest.fixture
def printed(made_up: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Run the command in the language that is made up; what it prints, on the output and as errors."""
    monkeypatch.setenv("LC_ALL", made_up)

    def run(code: int, *arguments: str) -> tuple[str, str]:
        assert main(arguments) == code
        return capsys.readouterr()

    return run


def left(text: str, *data: str) -> set[str]:
    """The words of a text that stand outside the marks and are neither syntax nor data."""
    while text != (text := MARKED.sub("", text)):
        pass
    for known in sorted(data, key=len, reverse=True):
        text = text.replace(known, "")
    return {word for word in WORD.findall(OPTION.sub("", text)) if word not in SYNTAX}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "nl_BE.UTF-8"}, "nl"),
        ({"LANG": "nl"}, "nl"),
        ({"LANG": "nl_BE@euro"}, "nl"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "fr_BE.UTF-8", "LANGUAGE": "fr:nl:en"}, "nl"),
        ({"LANG": "nl_BE.UTF-8", "LANGUAGE": "en_GB:nl"}, "en"),
        ({"LANG": "nl_BE.UTF-8", "LANGUAGE": "fr"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "nl"}, "en"),
        ({"LC_ALL": "POSIX", "LANGUAGE": "nl"}, "en"),
        ({"LC_ALL": "", "LANG": "nl_BE"}, "nl"),
    ],
    ids=str,
)
def test_the_language_is_the_first_of_the_locale_that_has_a_catalogue(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert messages.language() == expected


@pytest.mark.usefixtures("in_dutch")
def test_the_help_is_in_dutch_under_a_dutch_locale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "--help"]) == 0
    assert capsys.readouterr().out == (
        "gebruik: ghent-partnerships cite [-h] [--format VORM] [--project MAP]\n\n"
        "Toon de bronvermelding van de dataset in haar huidige versie: één regel, BibTeX,\n"
        "RIS of de inhoud van CITATION.cff.\n\n"
        "opties:\n"
        "  -h, --help     toon deze hulp en stop\n"
        "  --format VORM  plain, bibtex, ris, cff; standaard: plain\n"
        "  --project MAP  het project in deze map, of ghent voor de graaf die het pakket\n"
        "                 meebrengt; standaard: de dichtstbijzijnde map hierboven met een\n"
        "                 pyproject.toml dat de tabel [tool.ghent-partnerships] heeft\n\n"
        "voorbeeld:\n"
        "  ghent-partnerships cite --format bibtex\n"
    )


@pytest.mark.usefixtures("in_dutch")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--tidy"], "onbekende argumenten: --tidy; zie ghent-partnerships --help"),
        (["cite", "--format"], "argument --format: verwacht: één argument; zie ghent-partnerships cite --help"),
        (
            ["cite", "--format", "apa"],
            "argument --format: ongeldige keuze: 'apa' (kies uit 'plain', 'bibtex', 'ris', 'cff'); "
            "zie ghent-partnerships cite --help",
        ),
        (["completion"], "deze argumenten zijn verplicht: shell; zie ghent-partnerships completion --help"),
        (["query", "xyz"], "xyz: geen vraag met deze naam; query --list toont de namen"),
        (["validate", "no.ttl"], "no.ttl: bestand of map bestaat niet"),
        (["query", "twin-cities", "--param", "year=1"], "--param year: de query heeft die parameter niet (wel: lang)"),
    ],
    ids=str,
)
def test_an_error_is_in_dutch_under_a_dutch_locale(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"ghent-partnerships: {problem}\n"


def test_a_chosen_language_is_that_of_all_that_the_command_says_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "GP999", "--lang", "nl"]) == 2
    assert capsys.readouterr().err.endswith(": geen regel heeft deze code; explain zonder code toont de lijst\n")
    assert main(["explain", "--lang", "nl"]) == 0
    assert re.match(r"code +regel\n", capsys.readouterr().out)
    assert main(["explain", "GP999"]) == 2
    assert capsys.readouterr().err.endswith(": no rule has this code; explain without a code lists them\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ["validate", "--lang", "nl", "--bogus"],
            "onbekende argumenten: --bogus; zie ghent-partnerships validate --help",
        ),
        (["explain", "--bogus", "--lang=nl"], "onbekende argumenten: --bogus; zie ghent-partnerships explain --help"),
        (
            ["diff", "--lang", "en", "--lang", "nl"],
            "deze argumenten zijn verplicht: OUD; zie ghent-partnerships diff --help",
        ),
        (
            ["validate", "--lang", "xx"],
            "argument --lang: invalid choice: 'xx' (choose from 'en', 'nl'); see ghent-partnerships validate --help",
        ),
        (["validate", "--lang"], "argument --lang: expected one argument; see ghent-partnerships validate --help"),
        (
            ["explain", "--bogus", "--", "--lang=nl"],
            "unrecognized arguments: --bogus; see ghent-partnerships explain --help",
        ),
    ],
    ids=" ".join,
)
def test_a_chosen_language_is_that_of_the_errors_of_the_parser(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"ghent-partnerships: {problem}\n"


@pytest.mark.parametrize("chosen", [["--lang", "nl"], ["--lang=nl"]], ids=" ".join)
def test_a_chosen_language_is_that_of_the_help(chosen: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", *chosen, "--help"]) == 0
    before = capsys.readouterr().out
    assert main(["validate", "--help", *chosen]) == 0
    assert capsys.readouterr().out == before
    assert before.startswith("gebruik: ghent-partnerships validate [-h] [--shapes BESTAND]")
    assert "toon deze hulp en stop" in before


def test_an_error_is_english_as_a_string_and_has_its_text_in_each_language() -> None:
    with pytest.raises(UsageError, match=r"^xyz: no question of this name; query --list shows the names$") as raised:
        question("xyz", packaged())
    assert dict(raised.value.text) == {
        "en": "xyz: no question of this name; query --list shows the names",
        "nl": "xyz: geen vraag met deze naam; query --list toont de namen",
    }
    assert dict(UsageError("a text").text) == {"": "a text"}


def test_an_error_crosses_the_wall_with_all_its_languages() -> None:
    def work() -> None:
        raise UsageError(message("{path}: not a regular file", path=Path("a")))

    with pytest.raises(UsageError) as raised:
        isolated(work)
    assert raised.value.text["nl"] == "a: geen gewoon bestand"
    assert pickle.loads(pickle.dumps(raised.value)).text == raised.value.text


@pytest.mark.usefixtures("in_dutch")
def test_what_takes_long_is_shown_in_the_language_of_the_locale() -> None:
    lines: list[str] = []
    with progress("", lines.append) as report:
        report(message("writing the graph: {number:,} files", number=1234))
        while not lines:
            time.sleep(0.05)
    assert "de graaf schrijven: 1.234 bestanden" in lines[0]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_word_of_the_help_stays_english_in_another_language(command: str, printed: Printed) -> None:
    text, errors = printed(0, *command.split(), "--help")
    assert errors == ""
    assert text.startswith("⟦usage: ⟧ghent-partnerships ")
    help_text, heading, after = re.split(r"^(⟦example.*⟧)$", text, maxsplit=1, flags=re.MULTILINE)
    tried = [line for line in after.splitlines() if line.startswith("  ")]  # command lines, as they are typed
    assert left(help_text) == set()
    assert left(after, *tried) == set(), heading


@pytest.mark.parametrize(
    "arguments",
    [
        ["--tidy"],
        ["no-command"],
        ["query"],
        ["query", "no-question"],
        ["query", "no.rq"],
        ["query", "twin-cities", "--param", "year"],
        ["query", "twin-cities", "--param", "year=1969"],
        ["query", "twin-cities", "--format", "turtle"],
        ["query", "--list", "--format", "csv"],
        ["cite", "--format"],
        ["cite", "--help=1"],
        ["cite", "--format=--"],
        ["completion"],
        ["serve", "--port", "x"],
        ["serve", "--seconds", "x"],
        ["serve", "--seconds", "x", "no-directory"],
        ["validate", "no.ttl"],
        ["validate", ""],
        ["validate", "--dry-run"],
        ["validate", "--shapes", "no.ttl"],
        ["validate", "--output", "text"],
        ["validate", "--since", "no-revision"],
        ["diff", "no-revision"],
        ["explain", "GP999"],
        ["fmt", "no.rdf"],
        ["publish", "--site", "no-site"],
    ],
    ids=" ".join,
)
def test_no_word_of_an_error_stays_english_in_another_language(arguments: list[str], printed: Printed) -> None:
    text, errors = printed(2, *arguments)
    assert text == ""
    assert "⟦" in errors
    assert left(errors, *arguments) == set()


def test_no_word_of_a_list_or_a_summary_stays_english_in_another_language(printed: Printed, tmp_path: Path) -> None:
    data = [
        text
        for question in [*questions(packaged()).values(), *federated(packaged()).values()]
        for text in (question.name, str(question.summary))
    ]
    listed, _ = printed(0, "query", "--list")
    assert listed.startswith("⟦name⟧ ")
    assert left(listed, *data) == set()
    (tmp_path / "a.ttl").write_text("<http://example.org/a> a <http://example.org/A> .\n", encoding="utf-8")
    (tmp_path / "none.rq").write_text("SELECT ?a { ?a a <http://example.org/A> }", encoding="utf-8")
    assert printed(0, "query", str(tmp_path / "none.rq"))[1] == "⟦no rows⟧\n"
    checked, _ = printed(1, "fmt", "--check", str(tmp_path))
    assert checked.splitlines()[-1] == "⟦1 files⟧: ⟦1 not in the canonical layout⟧"


def test_no_word_of_a_report_stays_english_in_another_language(printed: Printed, tmp_path: Path) -> None:
    """What rules say is data, which falls back to English; beside it there are only places, codes and the source."""
    file = tmp_path / "bad.ttl"
    file.write_text(BAD, encoding="utf-8")
    stating = [packaged().shapes_file(), packaged().rules_file(), *packaged().shape_files()]
    triples = [triple for path in stating for triple in parse(path).triples]
    stated = {triple.object.value for triple in triples if isinstance(triple.object, Literal)}
    gap = re.compile(r"\\\{\\\?\w+\\\}")  # {?term}, as re.escape writes it
    words = re.compile("|".join(gap.sub(".+", re.escape(text)) for text in stated))
    report, _ = printed(1, "validate", str(file))
    *lines, counts = report.splitlines()
    counted = re.fullmatch(r"⟦(\d+) files⟧, ⟦[^a-z]+ triples⟧: ⟦(\d+) violations⟧, ⟦(\d+) warnings⟧", counts)
    assert counted, counts
    found = [sum(f": ⟦{severity}⟧ GP" in line for line in lines) for severity in ("violation", "warning")]
    assert [int(count) for count in counted.groups()] == [len(packaged().files()) + 1, *found]
    assert len(lines) > 30
    for line in lines:
        headline = re.fullmatch(rf"{re.escape(str(file))}:2:\d: ⟦\w+⟧ GP\d+: (.+)", line)
        help_ = re.fullmatch(r"  ⟦help⟧:  (.+)", line)
        note = re.fullmatch(r"  ⟦note⟧:  \S+:\d+:\d+: (.+)", line)
        if match := headline or help_ or note:
            assert words.fullmatch(match[1]) or (note and re.fullmatch("⟦.+⟧", match[1])), line
        else:
            assert re.match(r" +\d+ \| | +\| +\^~+$|  ⟦found⟧: <file:", line), line


def test_no_sentence_of_the_command_is_out_of_the_reach_of_translators() -> None:
    """Every text with two words in a row that are no syntax is a docstring or goes through a function for messages."""
    outside = []
    for file in Path(messages.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        known = {
            id(node)
            for call in ast.walk(tree)
            if (isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext", "examples"))
            or (isinstance(call, ast.Expr) and isinstance(call.value, ast.Constant))  # a docstring
            for node in ast.walk(call)
        }
        for node in ast.walk(tree):
            text = getattr(node, "value", None)
            if isinstance(text, str) and id(node) not in known and len(left(text)) > 1:
                outside.append(f"{file.name}: {text}")
    assert outside == []


def test_babel_finds_every_message_of_the_command() -> None:
    """It reads calls of ``_`` and ``ngettext`` with texts in them, and none inside an f-string."""
    hidden = []
    for file in Path(messages.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        within = {id(node) for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for node in ast.walk(text)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                texts = node.args[: 1 if node.func.id == "_" else 2]
                literal = all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts)
                if id(node) in within or not literal:
                    hidden.append(f"{file.name}:{node.lineno}")
    assert hidden == []
