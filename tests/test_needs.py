"""What a test needs: found, installed where that may be, or the test is not run, and in CI has failed."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import needs


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    needs.program.cache_clear()
    yield
    needs.program.cache_clear()


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch, *programs: str, **scripts: str) -> None:
    """A machine with nothing on the path but the programs named and those that the scripts make."""
    for name in programs:
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name, script in scripts.items():
        file = folder / name.replace("_", "-")
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("os.geteuid", lambda: 0)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_program_that_is_not_to_be_had_fails_in_ci_and_skips_elsewhere(
    ci: str, outcome: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch, apt_get="exit 100")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="fish is not installed; to run it: apt-get install fish"):
        needs.program("fish")


def test_a_program_that_is_there_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(tmp_path, monkeypatch, "sh", apt_get='echo "$@" > "${0%/*}/asked"')
    assert needs.program("sh") == str(tmp_path / "sh")
    assert not (tmp_path / "asked").exists()


def test_a_fresh_machine_gets_the_lists_of_packages_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt_get = """cd "${0%/*}"; echo "$@" >> asked
case "$*" in
*" update") echo > lists ;;
*) [ -e lists ] || exit 100; echo "#!/bin/sh" > fish; chmod +x fish ;;
esac"""
    machine(tmp_path, monkeypatch, "chmod", apt_get=apt_get)
    assert needs.program("fish") == str(tmp_path / "fish")
    asked = [line.partition("-qq ")[2] for line in (tmp_path / "asked").read_text(encoding="utf-8").splitlines()]
    install = "install -y --no-install-recommends fish"
    assert asked == [install, "update", install]


def test_nobody_but_root_installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(tmp_path, monkeypatch, apt_get='echo "$@" > "${0%/*}/asked"')
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        needs.program("fish")
    assert not (tmp_path / "asked").exists()


def test_who_has_none_of_the_shared_files_does_without_also_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(needs, "_SHARED", tmp_path / "shared")
    with pytest.raises(pytest.skip.Exception, match=r"not part of the repository: .*seed\.txt"):
        needs.shared("seed.txt")
    (tmp_path / "shared").mkdir()
    assert needs.shared("seed.txt") == tmp_path / "shared" / "seed.txt"
