"""Publish that is ended, meets another, cannot write, or would overwrite what is not its own."""

import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command import (
    HEAD,
    Process,
    Run,
    assert_nothing_beside,
    assert_published,
    checksum,
    ended,
    listing,
    published_before,
    snapshot,
    start,
    with_small_files,
    written,
)


@pytest.fixture
def slow(broken: Path) -> Path:
    """A checkout with so many resources that a signal comes while they are written."""
    cities = "".join(f'city:city-{number} a skos:Concept ; rdfs:label "City"@en .\n' for number in range(100))
    written(broken / "data/many.ttl", HEAD + cities)
    return broken


@pytest.fixture
def dist(work: Path) -> Path:
    """A directory that was published before."""
    published_before(work / "dist")
    return work / "dist"


def until(happened: Callable[[], bool], process: Process) -> None:
    """Wait for something to happen while the process runs."""
    end = time.monotonic() + 30
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.001)


def publishing(slow: Path, dist: Path) -> Process:
    """A publish that is in the middle of its writing."""
    process = start("publish", dist, checkout=slow, cwd=slow)
    until(lambda: any(dist.parent.glob(f".{dist.name}*/doc/city/*.ttl")), process)
    return process


@pytest.mark.parametrize(
    ("name", "sent", "code", "message"),
    [
        ("dist", signal.SIGINT, 130, "ghent-partnerships: interrupted\n"),
        ("new", signal.SIGINT, 130, "ghent-partnerships: interrupted\n"),
        ("dist", signal.SIGTERM, 143, ""),
        ("dist", signal.SIGKILL, -9, ""),
    ],
)
def test_publish_that_is_ended_in_the_middle_changes_nothing(
    run: Run, slow: Path, dist: Path, name: str, sent: signal.Signals, code: int, message: str
) -> None:
    target = dist.with_name(name)
    before = target.exists(), snapshot(target)
    process = publishing(slow, target)
    process.send_signal(sent)
    assert ended(code, process) == ("", message)
    assert (target.exists(), snapshot(target)) == before
    if sent != signal.SIGKILL:
        assert_nothing_beside(target)
    run(0, "publish", target, checkout=slow)
    assert_published(target)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_publish_that_is_ended_at_the_exchange_leaves_nothing_beside(
    checkout: Path, dist: Path, sent: signal.Signals, code: int
) -> None:
    # So much old to remove that the signal comes in the middle of it.
    names = [f"doc/city/old-{number}.ttl" for number in range(3000)]
    for name in names:
        written(dist / name, b"")
    with (dist / "SHA256SUMS").open("a") as sums:
        sums.writelines(checksum(b"", name) for name in names)
    process = start("publish", dist, checkout=checkout, cwd=dist.parent)
    until(lambda: not (dist / "doc/city/old.ttl").exists(), process)
    process.send_signal(sent)
    ended(process.wait(30), process)
    assert process.returncode in (0, code)
    assert_published(dist)


@pytest.mark.parametrize("name", ["doc/city/old.ttl", ".hidden"])
def test_what_comes_while_publish_writes_is_kept(slow: Path, dist: Path, name: str) -> None:
    process = publishing(slow, dist)
    process.send_signal(signal.SIGSTOP)
    written(dist / name, "mine")
    process.send_signal(signal.SIGCONT)
    _, err = ended(2, process)
    kept = dist.with_name("dist.kept")
    assert err.endswith(f"something came into it meanwhile; what was there is kept in {kept}\n")
    assert snapshot(kept)[name] == b"mine"
    assert_published(dist)


def test_what_comes_while_publish_is_killed_is_kept(run: Run, dist: Path) -> None:
    left = dist.with_name(".dist.publishing")
    published_before(left)
    written(left / "mine.txt", "mine")
    run(0, "publish", "dist")
    assert_published(dist)
    assert (dist.with_name("dist.kept") / "mine.txt").read_text() == "mine"


def test_two_publishes_at_once_do_not_meet(run: Run, slow: Path, dist: Path) -> None:
    old = snapshot(dist)
    first = publishing(slow, dist)
    first.send_signal(signal.SIGSTOP)
    try:
        _, err = run(2, "publish", dist, checkout=slow)
        assert err == f"ghent-partnerships: {dist}: another publish is at work beside it; wait for it to end\n"
        assert snapshot(dist) == old
    finally:
        first.send_signal(signal.SIGCONT)
    ended(0, first)
    assert_published(dist)


def test_publish_clears_what_an_earlier_one_left_beside(run: Run, dist: Path) -> None:
    for left in (".dist.publishing", ".dist.publishing.old"):
        published_before(dist.with_name(left))
    run(0, "publish", "dist")
    assert_published(dist)


def test_publish_replaces_what_it_wrote_and_an_empty_directory(run: Run, work: Path) -> None:
    published_before(work / "old")
    (work / "empty").mkdir()
    published_before(work / "elsewhere/real")
    (work / "link").symlink_to("elsewhere/real")
    for name in ("old", "empty", "new/in/new", "link"):
        out, _ = run(0, "publish", name)
        assert out.startswith(f"{name}: ")
        assert_published(work / name)
    assert (work / "link").is_symlink()
    assert_nothing_beside(work / "elsewhere/real")


@pytest.mark.parametrize("mode", [0o2775, 0o555])
def test_the_new_directory_has_the_permissions_and_the_group_of_the_old(
    run: Run, dist: Path, mode: int, permissions: Callable[[], None]
) -> None:
    group = os.getgroups()[-1] if os.geteuid() else 12_345
    os.chown(dist, -1, group)
    dist.chmod(mode)
    run(0, "publish", dist, preexec_fn=permissions)
    status = dist.stat()
    assert (oct(stat.S_IMODE(status.st_mode)), status.st_gid) == (oct(mode), group)
    if mode & stat.S_ISGID:
        assert {path.stat().st_gid for path in dist.rglob("*")} == {group}
    assert_published(dist)
    assert_nothing_beside(dist)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("echo mine > doc/city/mine.txt", "doc/city/mine.txt"),
        ("echo fixed by hand > doc/city/old.ttl", "doc/city/old.ttl"),
        ("mv doc/city/old.ttl ../moved.ttl; ln -s ../../../moved.ttl doc/city/old.ttl", "doc/city/old.ttl"),
        ("ln -s / link", "link"),
        ("rm -r *; mkfifo SHA256SUMS", "SHA256SUMS"),
        # Many projects list their files as publish does: a file that is listed need not be one that publish wrote.
        (f"rm -r *; : > x.iso; printf '{checksum(b'', 'x.iso')}' > SHA256SUMS", "(?:x.iso|SHA256SUMS)"),
        (f"rm -r *; printf '{checksum(b'', 'x.iso')}' > SHA256SUMS", "SHA256SUMS"),
    ],
)
def test_publish_leaves_what_it_did_not_write(run: Run, dist: Path, change: str, named: str) -> None:
    subprocess.run(["sh", "-ec", change], cwd=dist, check=True)
    before = snapshot(dist)
    _, err = run(2, "publish", dist)
    reason = f"holds {named}, which publish did not write, or not as it is now; give another directory"
    assert re.fullmatch(f"ghent-partnerships: {dist}: {reason}\n", err), err
    assert snapshot(dist) == before
    assert_nothing_beside(dist)


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        ("file", "not a directory"),
        ("file/dist", "cannot be written: "),
        ("fifo", "not a directory"),
        ("/dev/full", "not a directory"),
        ("loop/dist", "Too many levels of symbolic links"),
        ("x" * 300, "“File name too long”"),
        ("/proc/dist", "cannot be written: "),
        ("/", "which publish did not write"),
    ],
    ids=lambda text: text[:20],
)
def test_publish_to_what_cannot_be_written_is_wrong_use(run: Run, work: Path, directory: str, message: str) -> None:
    written(work / "file", "mine")
    os.mkfifo(work / "fifo")
    (work / "loop").symlink_to("loop")
    before = listing(work)
    _, err = run(2, "publish", directory)
    assert err.startswith(f"ghent-partnerships: {directory}: ")
    assert message in err
    assert listing(work) == before
    assert (work / "file").read_text() == "mine"


def test_publish_to_a_full_disk_changes_nothing(run: Run, dist: Path) -> None:
    before = snapshot(dist.parent)
    for name in ("dist", "new"):
        _, err = run(2, "publish", name, preexec_fn=with_small_files)
        assert err == f"ghent-partnerships: {name}: cannot be written: “File too large”\n"
    assert snapshot(dist.parent) == before


def test_publish_without_permission_changes_nothing(run: Run, dist: Path, permissions: Callable[[], None]) -> None:
    before = snapshot(dist.parent)
    dist.parent.chmod(0o555)
    try:
        for name in ("dist", "new"):
            _, err = run(2, "publish", name, preexec_fn=permissions)
            assert err == f"ghent-partnerships: {name}: cannot be written: Permission denied\n"
    finally:
        dist.parent.chmod(0o755)
    assert snapshot(dist.parent) == before
