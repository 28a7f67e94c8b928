"""The command in a process of its own, what every run of it must keep, and the files that it meets."""

import contextlib
import ctypes
import io
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ghent_partnerships.cli import main
from loaded import PREFIXES
from pseudo_terminal import on_pseudo_terminal

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "e": "http://e/"}.items())
LINE = HEAD.count("\n") + 1  # the number of the first line after HEAD
SHAPES = f"""{HEAD}
e:Shape a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:property .
e:property a sh:PropertyShape ; sh:path e:p ; sh:datatype xsd:integer ; sh:message "A number, please."@en .
"""
GOOD = HEAD + "e:good a e:Thing ; e:p 1 .\n"
BAD = HEAD + 'e:a a e:Thing ; e:p "x" .\n'
PROJECT = ["--project", "ghent"]  # the one that the checkout carries, wherever the command is run
CHECK = ["validate", "--shapes", "../shapes.ttl"]

# What a terminal acts on, what cannot be seen, and what would look like a finding if its newline came through.
EVIL = "\x1b[31m\x9b31m\r\x08\u202e\u2066\x07\n/etc/passwd:1:1: forged"
EVIL_NAME = EVIL.replace("/", "-")
SHOWN = r"\x1b[31m\x9b31m\r\x08\u202e\u2066\x07\n/etc/passwd:1:1: forged"
SHOWN_NAME = SHOWN.replace("/", "-")
IN_TURTLE = r"\u001B[31m\u009B31m\r\b\u202E\u2066\u0007\n/etc/passwd:1:1: forged"

Run = Callable[..., tuple[str, str]]
Process = subprocess.Popen[bytes]


def start(
    *arguments: object, checkout: Path, cwd: Path, env: dict[str, str] | None = None, shell: str = "", **options: object
) -> Process:
    """Start the command, through a line of shell if there is one, where "$@" stands for it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    added = {"PYTHONPATH": str(checkout / "scripts"), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    command = [
        sys.executable,
        "-m",
        "ghent_partnerships",
        *PROJECT,
        *(a if isinstance(a, bytes) else str(a) for a in arguments),
    ]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(
        [*(["sh", "-c", shell, "sh"] if shell else []), *command],
        cwd=cwd,
        env={**kept, **added, **(env or {})},
        **{**pipes, **options},
    )


def ended(code: int, process: Process, *, typed: bytes = b"", raw: bool = False) -> tuple[str, str]:
    """Wait for the end of a run and return its output and errors as text."""
    try:
        out, err = process.communicate(typed, timeout=60)
    finally:
        process.kill()
    return judged(code, process.returncode, process.args, out or b"", err or b"", raw=raw)


def run(code: int, *arguments: object, typed: bytes = b"", raw: bool = False, **how: object) -> tuple[str, str]:
    """Run the command with what is typed and return its output and errors as text."""
    return ended(code, start(*arguments, **how), typed=typed, raw=raw)


def run_within(code: int, *arguments: object, raw: bool = False) -> tuple[str, str]:
    """Run the command within this process, and return its output and errors as text: for what starts nothing."""
    handler = signal.getsignal(signal.SIGTERM)
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            returned = main.main([*PROJECT, *(os.fsdecode(a) if isinstance(a, bytes) else str(a) for a in arguments)])
    finally:
        signal.signal(signal.SIGTERM, handler)
    return judged(code, returned, arguments, out.getvalue().encode(), err.getvalue().encode(), raw=raw)


def judged(
    code: int, returned: int, arguments: object, output: bytes, errors: bytes, *, raw: bool = False, lines: bool = True
) -> tuple[str, str]:
    """Hold a run to what every run must keep: it says what is wrong in one place, and wrong use in one line.

    ``raw`` says that the output is data, which may hold any character when it does not go to a terminal; without
    ``lines``, lines and tabs may be the data's.
    """
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
    if code == 0:
        assert err in ("", "no rows\n"), seen
    elif code == 1:
        assert not (out and err), seen
    elif code == 2:
        assert not out, seen
        assert re.fullmatch(r"ghent-partnerships: .+\n", err), seen
    return out, err


def on_terminal(code: int, *arguments: object, lines: bool = True, **how: object) -> str:
    """Run the command with its output and errors on a pseudo-terminal and return what the terminal receives."""
    process, received = on_pseudo_terminal(lambda terminal: start(*arguments, stdout=terminal, stderr=terminal, **how))
    process.communicate(timeout=60)
    seen = received.replace(b"\r\n", b"\n")
    plain = seen.replace(b"\x1b[31mviolation\x1b[0m", b"violation")  # the command's colour and bold
    plain = plain.replace(b"\x1b[1m", b"").replace(b"\x1b[0m", b"")
    judged(code, process.returncode, arguments, plain, b"", lines=lines)
    return seen.decode("utf-8")


def bound_by_permissions() -> None:
    """In the child, before the command: permission bits bind it, even where it runs as root."""
    if sys.platform == "linux":
        for capability in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def with_small_files() -> None:
    """In the child, before the command: a file cannot outgrow 16 bytes, as if the disk were full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def snapshot(directory: Path) -> dict[str, bytes]:
    """Everything below a directory by its path, with the content of the files."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in directory.rglob("*")
    }


def listing(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def checksum(content: bytes, name: str) -> str:
    return f"{sha256(content).hexdigest()}  {name}\n"


def published_before(directory: Path) -> dict[str, bytes]:
    """What an earlier publish may have written, so that it may be replaced; returns its snapshot."""
    names = ("doc/city/old.ttl", "site.json")
    for name in names:
        written(directory / name, "old\n")
    written(directory / "SHA256SUMS", "".join(checksum(b"old\n", name) for name in names))
    return snapshot(directory)


def assert_published(directory: Path) -> None:
    """The directory holds what its checksums say, nothing of what was there before, and has nothing left beside it."""
    files = {name: content for name, content in snapshot(directory).items() if (directory / name).is_file()}
    listed = files.pop("SHA256SUMS").decode()
    assert "".join(checksum(files[name], name) for name in sorted(files)) == listed, listed
    assert "doc/city/ghent.ttl" in files, listed
    assert "doc/city/old.ttl" not in files, listed
    assert_nothing_beside(directory)


def assert_nothing_beside(directory: Path) -> None:
    left = [name for name in listing(directory.parent) if "publishing" in name or name.startswith(".")]
    assert left == [], f"publish left {left} beside {directory}"
