"""Shell completion in real shells: bash and zsh at a terminal, where somebody types and presses Tab, and fish."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import needs
from ghent_partnerships.project.location import at

BIN = Path(sys.executable).parent
READY, DUMP, TAB, EVERY = "READY>", "\x18\x04", "\t", "\x18\x01"  # EVERY puts all completions on the line
BASH = f"""
PS1='{READY}'
eval "$(ghent-partnerships completion bash)"
show() {{ printf %s "$READLINE_LINE" > line.part && mv line.part line; }}
bind -x '"\\C-x\\C-d": show'
bind '"\\C-x\\C-a": insert-completions'
"""
ZSH = f"""
PS1='{READY}'
autoload -U compinit && compinit -u -d "$ZSH_DUMP"
source <(ghent-partnerships completion zsh)
show() {{ print -rn -- "$BUFFER" > line.part && mv line.part line }}
every() {{ _main_complete; compstate[insert]=all }}
zle -N show && bindkey '^X^D' show
zle -C every complete-word every && bindkey '^X^A' every
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home with some files, the working directory of the shells."""
    for name in (
        "m\v.ttl",
        "mine.ttl",
        "more.nt",
        "mine.rq",
        "notes.txt",
        ".hidden.ttl",
        "a word.ttl",
        "data/city.ttl",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    table = '[tool.ghent-partnerships]\nprofile = "partnerships"\n'  # with the questions that come with the package
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    dump = str(home.parent / "zsh.dump")  # what zsh knows to complete, which it takes long to gather
    path = f"{BIN}:{os.environ['PATH']}"
    return {"HOME": str(home), "PATH": path, "TERM": "vt100", "LC_ALL": "C.UTF-8", "ZSH_DUMP": dump}


def typed(shell: str, keys: str, home: Path) -> str:
    """What stands on the command line of a shell at a terminal after the keys."""
    (home / "bash.rc").write_text(BASH, encoding="utf-8")
    (home / ".zshrc").write_text(ZSH, encoding="utf-8")
    path, line = needs.program(shell), home / "line"
    line.unlink(missing_ok=True)
    command = {"bash": [path, "--noprofile", "--rcfile", "bash.rc", "-i"], "zsh": [path, "-d", "-i"]}[shell]
    master, slave = pty.openpty()
    options = {"stdin": slave, "stdout": slave, "stderr": slave, "cwd": home, "env": environment(home)}
    with subprocess.Popen(command, start_new_session=True, **options) as process:  # type: ignore[call-overload]
        os.close(slave)
        screen, sent, patience = b"", False, time.monotonic() + 60
        while not line.exists() and time.monotonic() < patience:
            if select.select([master], [], [], 0.02)[0]:
                try:
                    screen += os.read(master, 4096)
                except OSError:  # the shell has ended
                    break
            if not sent and READY.encode() in screen:
                sent = True
                os.write(master, f"ghent-partnerships {keys}{DUMP}".encode())
        process.kill()
    os.close(master)
    assert line.exists(), f"{shell} did not answer; its screen:\n{screen.decode(errors='replace')}"
    return line.read_text(encoding="utf-8").removeprefix("ghent-partnerships ")


def offered(shell: str, start: str, home: Path) -> list[str]:
    """The completions of the last word of the command line."""
    if shell == "fish":
        fish = 'ghent-partnerships completion fish | source; complete -C "ghent-partnerships $argv[1]"'
        command = [needs.program("fish"), "--no-config", "-c", fish, start]
        done = subprocess.run(
            command, cwd=home, env=environment(home), capture_output=True, text=True, encoding="utf-8", check=True
        )
        return [line.partition("\t")[0] for line in done.stdout.splitlines()]
    before = start.rpartition(" ")[0]
    return typed(shell, start + EVERY, home).removeprefix(before).split()


EACH_SHELL = pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
AT_A_TERMINAL = pytest.mark.parametrize("shell", ["bash", "zsh"])


@EACH_SHELL
@pytest.mark.parametrize(
    ("start", "completions"),
    [
        (
            "query --",
            {
                *("--allow-network", "--data", "--endpoint", "--format", "--graph", "--help", "--list", "--param"),
                *("--auth", "--ca", "--password-variable", "--timeout", "--token-variable", "--user-variable"),
                "--project",
            },
        ),
        ("validate --output ", {"github=", "json=", "junit=", "sarif=", "text=", "turtle="}),
        ("validate --output json=da", {"json=data/"}),
        ("query --format ", {"table", "csv", "tsv", "json", "markdown", "turtle"}),
        ("query partnerships-begun-in-year --param ", {"year=", "lang="}),
        ("query counterparts-by-year --param ", {"lang="}),
        ("query mi", {"mine.rq"}),
        ("publish ", {"data/"}),
        ("push --profile ", {"fuseki", "graphdb", "graphs", "oxigraph", "virtuoso"}),
        ("push m", {"mine.ttl", "more.nt"}),
        ("validate m", {"mine.rq", "mine.ttl", "more.nt"}),
        ("validate --shapes mine.ttl m", {"mine.ttl", "more.nt"}),
        ("validate --shapes m", {"mine.ttl", "more.nt"}),
        ("validate --fail-on ", {"violation", "warning", "info"}),
        ("query --list --format ", {"table", "markdown"}),
        ("validate --shapes data/", {"data/city.ttl"}),
        ("fmt m", {"mine.ttl"}),
        ("completion ", {"bash", "fish", "zsh"}),
    ],
)
def test_a_shell_offers_what_may_stand_there(shell: str, start: str, completions: set[str], home: Path) -> None:
    assert sorted(offered(shell, start, home)) == sorted(completions)


@EACH_SHELL
def test_a_shell_offers_the_commands_that_the_help_shows(shell: str, home: Path) -> None:
    help_text = subprocess.run(
        [BIN / "ghent-partnerships", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = re.findall(r"^    ([a-z-]+)(?: |$)", help_text, re.MULTILINE)
    assert {"completion", "publish", "query", "validate"} < set(commands)
    assert sorted(offered(shell, "", home)) == sorted(commands)


@EACH_SHELL
def test_a_shell_offers_the_questions(shell: str, home: Path) -> None:
    names = [file.stem for file in at(home).query_files()]
    assert sorted(offered(shell, "query ", home)) == sorted(names)
    assert sorted(offered(shell, "query pa", home)) == sorted(name for name in names if name.startswith("pa"))


@AT_A_TERMINAL
@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("que", "query "),
        ("query counterparts-b", "query counterparts-by-year "),
        ("query partnerships-begun-in-year --param y", "query partnerships-begun-in-year --param year="),
        ("query counterparts-by-year --param l", "query counterparts-by-year --param lang="),
        ("query --format=cs", "query --format=csv "),
        ("publish d", "publish data/"),
        ("validate a", r"validate a\ word.ttl "),
        ("validate .h", "validate .hidden.ttl "),
        ("validate no", "validate no"),
        ("query no-such-thing", "query no-such-thing"),
    ],
)
def test_tab_completes_the_word(shell: str, keys: str, line: str, home: Path) -> None:
    assert typed(shell, keys + TAB, home) == line


@pytest.mark.parametrize(("shell", "line"), [("bash", "validate ~/more.nt "), ("zsh", "validate ~/mo")])
def test_tab_completes_below_the_home_or_leaves_the_word(shell: str, line: str, home: Path) -> None:
    """zsh would write an escaped tilde, which names no home."""
    assert typed(shell, f"validate ~/mo{TAB}", home) == line


def test_fish_shows_what_a_question_asks(home: Path) -> None:
    fish = 'ghent-partnerships completion fish | source; complete -C "ghent-partnerships query counterparts-b"'
    command = [needs.program("fish"), "--no-config", "-c", fish]
    done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True, check=True)
    summary = "Which counterpart cities are there, in order of the year in which the partnership began?"
    assert done.stdout == f"counterparts-by-year\t{summary}\n"


@EACH_SHELL
def test_a_completion_script_is_printed(shell: str) -> None:
    command = [sys.executable, "-m", "ghent_partnerships", "completion", shell]
    script = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "ghent-partnerships" in script
    checked = subprocess.run([needs.program(shell), "-n", "-c", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
