"""What tests of several modules start from, which tests are slow, and how long a run takes."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import needs
from halves import is_thorough, starts_programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ghent_partnerships.publishing.publish import Published
    from ghent_partnerships.rdf.parse import Document
    from marked import Read
    from serving import Served

collect_ignore = ["ckan/parse.py"]  # runs in an environment of its own
os.environ["LC_ALL"] = "C.UTF-8"  # the command speaks English, whatever whoever runs the tests speaks
sys.dont_write_bytecode = False  # what a thousand commands import is compiled once
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))  # with catalogues.py
MADE_UP = "qps"  # no language: ISO 639 leaves it to whoever makes one up
_HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
_BUILDING = {"dist", "served"}  # fixtures that publish and serve the whole graph
_PUBLISHING = "ghent_partnerships"  # the doctest that does, in a folder for whose items no other hook of this file runs
_MEASURED = "ghent-partnerships/seconds"
_begun = time.monotonic()


def pytest_configure() -> None:
    """Hear Ctrl-C also as a background job of a script, which ignores it: whatever the tests start inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collectstart() -> None:
    """Look for no garbage among thousands of tests, which are there to stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave them out of what is looked through for garbage while they run."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file that takes long where only the fast half is run, nor the browsers and clients that it imports."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    return starts_programs(collection_path) or is_thorough(collection_path) or None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark as slow what starts programs or needs the published graph; `make check` leaves it to `make test`.

    One worker runs a slow file, so that what its tests share is built once.
    """
    if starts_programs(item.path) or not _BUILDING.isdisjoint(getattr(item, "fixturenames", ())):
        item.add_marker("slow")
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the slow files, so that no worker is left alone with one at the end; and ask nobody on the Internet
    unless that is asked for, with `-m network`."""
    if "network" not in config.option.markexpr and (
        far := [each for each in items if each.get_closest_marker("network")]
    ):
        config.hook.pytest_deselected(items=far)
        items[:] = [item for item in items if item not in far]
    for item in items:
        if item.name == _PUBLISHING:
            item.add_marker("slow")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """How long the whole suite took here the last time."""
    seconds = config.cache.get(_MEASURED, None) if _whole(config) else None
    return [] if seconds is None else [f"The last time, the whole suite took {seconds / 60:.0f} minutes here."]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how long it took, where everything was run."""
    if _whole(session.config) and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        session.config.cache.set(_MEASURED, round(time.monotonic() - _begun))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out on purpose; what could not be run is listed by `-rs`."""
    if config.option.markexpr == "not slow":
        terminalreporter.write_line("Not run: what starts servers, browsers, builds and commands; to run it: make test")


def _whole(config: pytest.Config) -> bool:
    options = config.option
    return (
        hasattr(config, "cache")
        and config.args == config.getini("testpaths")
        and not (options.markexpr or options.keyword or options.collectonly or hasattr(config, "workerinput"))
    )


@pytest.fixture
def git_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """git, out of reach of whatever the user configured and of a hook that this may run in."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A person")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "person@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-01-01T00:00:00Z")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes a text to a file of that name, and reads it."""
    from ghent_partnerships.rdf import parse

    def read(name: str, text: str, *, bom: bool = False) -> Document:
        file = tmp_path / name
        file.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
        document = parse.parse(file)
        assert document.readable, document.findings
        return document

    return read


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """What ``publish`` writes of the graph at hand, once for all workers; nobody changes it."""
    from ghent_partnerships.publishing.publish import publish

    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)
    made = shared / "published"
    with needs.locked("dist"):
        if not made.exists():
            made.write_bytes(pickle.dumps(publish(shared / "dist")))
    published: Published = pickle.loads(made.read_bytes())
    return published


@pytest.fixture(scope="session")
def served(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server on it, as people start it; nobody ends or wears out its processes."""
    from serving import serving

    with serving(dist.directory, tmp_path_factory.mktemp("served") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A language that is a folder beside the others, in which every word is that of English in brackets."""
    from catalogues import extracted
    from ghent_partnerships import translation

    locales = tmp_path_factory.mktemp("made up") / "locales"
    shutil.copytree(translation.LOCALES, locales)
    folder = locales / MADE_UP / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain, catalogue in extracted().items():
        blocks = [_HEAD.strip()]
        for message in catalogue:
            if message.id:
                singular, *plural = message.id if isinstance(message.id, tuple) else (message.id,)
                lines = [f"msgctxt {_quoted(message.context)}"] if message.context else []
                lines.append(f"msgid {_quoted(singular)}")
                lines += (
                    [f"msgid_plural {_quoted(plural[0])}", f"msgstr[0] {_quoted(f'⟦{plural[0]}⟧')}"] if plural else []
                )
                lines += [] if plural else [f"msgstr {_quoted(f'⟦{singular}⟧')}"]
                blocks.append("\n".join(lines))
        (folder / f"{domain}.po").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translation, "LOCALES", locales)
        _forget()
        yield MADE_UP
    _forget()


def _forget() -> None:
    from ghent_partnerships import translation

    translation.languages.cache_clear()
    translation.translations.cache_clear()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
