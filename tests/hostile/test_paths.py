"""Paths that cannot be read: missing, devices, FIFOs, directories, links, and those without permission."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from command import CHECK, GOOD, Run, listing, snapshot, written

USES = {
    "validate": ["validate"],
    "shapes": ["validate", "../good.ttl", "--shapes"],
    "query": ["query"],
    "fmt": ["fmt"],
}
PATHS = {
    "./missing.ttl": "No such file or directory",
    "./hollow": "no file under this directory ends in ",
    "./fifo.ttl": "not a regular file",
    "/dev/zero": "not a regular file",
    "./loop.ttl": "Too many levels of symbolic links",
    "./dangling.ttl": "No such file or directory",
    f"./{'x' * 300}.ttl": "“File name too long”",
    "../good.ttl/x.ttl": "Not a directory",
}


def odd_paths(work: Path) -> None:
    (work / "hollow").mkdir()
    os.mkfifo(work / "fifo.ttl")
    (work / "loop.ttl").symlink_to("loop.ttl")
    (work / "dangling.ttl").symlink_to("nowhere.ttl")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:20])
@pytest.mark.parametrize("use", USES)
def test_a_path_that_cannot_be_read_is_wrong_use(run_within: Run, work: Path, use: str, path: str) -> None:
    odd_paths(work)
    before = listing(work)
    _, err = run_within(2, *USES[use], path)
    reason = "not a regular file" if (use, path) == ("query", "./hollow") else PATHS[path]
    assert err.startswith(f"ghent-partnerships: {path.removeprefix('./')}: {reason}"), err
    assert listing(work) == before


@pytest.mark.parametrize("name", ["data.txt", "data", "data.TTL"])
def test_a_file_of_another_kind_is_wrong_use(run_within: Run, work: Path, name: str) -> None:
    written(work / name, GOOD)
    for use in ("validate", "shapes", "fmt"):
        _, err = run_within(2, *USES[use], name)
        assert err.startswith(f"ghent-partnerships: {name}: "), use
        assert ".ttl" in err, use
    assert snapshot(work) == {name: GOOD.encode()}


def test_a_directory_stands_for_its_regular_files_only(run: Run, work: Path) -> None:
    odd_paths(work)
    (work / "up").symlink_to("..")
    (work / "directory.ttl").mkdir()
    written(work / "x.ttl", GOOD)
    assert run(0, *CHECK, ".") == ("2 files, 2 triples: no findings\n", "")


def test_a_file_without_permission_is_wrong_use(run: Run, work: Path, permissions: Callable[[], None]) -> None:
    for use, name in (("validate", "x.ttl"), ("fmt", "x.ttl"), ("query", "x.rq")):
        written(work / name, GOOD).chmod(0)
        _, err = run(2, use, name, preexec_fn=permissions)
        assert err == f"ghent-partnerships: {name}: cannot be read: Permission denied\n"


def test_a_directory_without_permission_is_wrong_use(run: Run, work: Path, permissions: Callable[[], None]) -> None:
    written(work / "locked/x.ttl", GOOD)
    (work / "locked").chmod(0o444)  # its names can be listed, its files cannot be reached
    try:
        for use in ("validate", "fmt"):
            _, err = run(2, use, "locked", preexec_fn=permissions)
            assert err.startswith("ghent-partnerships: locked"), use
    finally:
        (work / "locked").chmod(0o755)


def test_the_current_directory_may_be_gone(run: Run, work: Path) -> None:
    for use in (["publish"], ["validate", "x.ttl"], ["fmt", "x.ttl"], ["query", "./x.rq"]):
        (work / "gone").mkdir()
        _, err = run(2, *use, cwd=work / "gone", shell='rmdir "$PWD"; exec "$@"')
        assert "No such file or directory" in err
