"""What the documentation shows is what happens: its commands are run in a copy of the repository."""

import doctest
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import copied

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "scripts/README.md", "CONTRIBUTING.md")  # the last adds to the copy
TRIED: set[str] = set()  # examples, which the help of a command and that of all of them may share
NOT_COPIED = shutil.ignore_patterns(".venv", "dist", ".*_cache", ".hypothesis")


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / document).read_text(encoding="utf-8"), re.M | re.S)


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, continued on lines with ``> ``, each with the output that is shown."""
    commands = re.findall(r"^\$ (.*(?:\n> .*)*)\n((?:(?!\$ ).*\n)*)", block, re.M)
    return [(command.replace("\n> ", "\n"), output) for command, output in commands]


def console(document: str) -> list[tuple[str, str]]:
    """All commands; that of ``make run`` shows commands in its output, so its block is one step."""
    commands = []
    for block in blocks(document, "console"):
        commands += [("make run", block.removeprefix("$ make run\n"))] if block.startswith("$ make") else steps(block)
    return commands


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("documentation") / "repository"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    if (ROOT / ".venv" / "run").exists():
        (copy / ".venv").symlink_to(ROOT / ".venv")
        os.utime(copy / "pyproject.toml", (0, 0))  # else make may install the copy into the environment of the checkout
    return copy


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_does_what_the_document_shows(document: str, copy: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE")
    }  # this may run in `make test`
    environment = {**inherited, "PYTHONPATH": str(copy / "scripts"), "PATH": path, "NO_COLOR": "1"}
    commands = console(document)
    assert len(commands) > 3
    for command, shown in commands:
        if command == "make run":
            assert until_it_serves(copy, environment).strip() == shown.strip()
            continue
        done = subprocess.run(command, shell=True, cwd=copy, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        printed = done.stdout.replace("\r\n", "\n")
        if "…\n" in shown:
            start, end = shown.split("…\n")
            assert printed.startswith(start), f"{command}\n{printed}"
            assert printed.endswith(end), f"{command}\n{printed}"
        elif shown:
            assert printed.strip() == shown.strip(), command


def until_it_serves(copy: Path, environment: dict[str, str]) -> str:
    """What ``make run`` prints, on both streams, until Ctrl-C; the port is another than the document's."""
    everything = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    with subprocess.Popen(["make", "run", "PORT=0"], cwd=copy, env=environment, text=True, **everything) as process:  # type: ignore[call-overload]
        printed = []
        for line in process.stdout:
            printed.append(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", line))
            if "Ctrl-C" in line:
                os.killpg(process.pid, signal.SIGINT)
                break
        rest = process.stdout.read()
    assert "Traceback" not in rest
    return "".join(printed)


@pytest.fixture(scope="module")
def small(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy with fewer shapes: what is published of it takes half the time."""
    folder = tmp_path_factory.mktemp("small") / "repository"
    return copied.shrink(shutil.copytree(copy, folder, symlinks=True, ignore=NOT_COPIED))


@pytest.mark.parametrize("command", ["", "cite", "diff", "fmt", "publish", "query", "release-check", "validate"])
def test_every_example_of_the_help_runs(command: str, small: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(small / "scripts"), "PATH": path}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(line, shell=True, cwd=small, env=environment, capture_output=True, text=True)

    shown = run(f"ghent-partnerships {command} --help").stdout
    examples = re.findall(r"^  (.*ghent-partnerships .*)$", shown.partition("example")[2], re.M)
    assert examples
    for example in examples:
        if "theirs" not in example and example not in TRIED:  # other people's files are not here
            assert run(example).returncode == 0, example
            TRIED.add(example)


def test_the_python_of_the_readme_runs() -> None:
    (code,) = blocks("README.md", "python")
    test = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_readme_begins_with_a_picture_and_how_to_install_and_is_short() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200
    (picture,) = (number for number, line in enumerate(lines) if line.startswith("!["))
    assert picture < 10
    headings = [line for line in lines if line.startswith("## ")]
    assert headings[0] == "## Install"
    assert lines.index("## Install") < next(
        number for number, line in enumerate(lines) if "ghent-partnerships " in line
    )


def test_the_partnership_of_the_readme_is_the_one_in_the_data() -> None:
    (turtle,) = blocks("README.md", "turtle")
    assert turtle in (ROOT / "data" / "partners" / "kanazawa.ttl").read_text(encoding="utf-8")


def test_every_link_of_the_documentation_resolves() -> None:
    documents = [*DOCUMENTS, "CHANGELOG.md", "data/README.md", "ontology/README.md", "queries/README.md"]
    for document in documents:
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (ROOT / document).parent.joinpath(target).exists(), f"{document}: {target}"


def test_the_dictionary_names_every_class_and_property() -> None:
    dictionary = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    terms = re.findall(r"^gp:(\w+)$", (ROOT / "ontology" / "partnership.ttl").read_text(encoding="utf-8"), re.M)
    assert len(terms) == 43
    named_elsewhere = {"startYear", "endYear", "concludedYear", "agreement"}  # in words, with their alternatives
    assert {term for term in terms if f"`gp:{term}`" not in dictionary} <= named_elsewhere
