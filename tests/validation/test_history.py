"""``--since``: what git has not seen counts as unchanged, renames are followed, and the merge base is what is meant."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ghent_partnerships.errors import UsageError
from ghent_partnerships.findings import Report
from ghent_partnerships.project.renames import renamed
from ghent_partnerships.validation.check import validate

pytestmark = pytest.mark.usefixtures("git_alone")

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex.test/> .\n"
SHAPES = f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:l ; sh:minCount 1 ] .\n"
BAD, GOOD = f"{PREFIXES}ex:a a ex:T .\n", f"{PREFIXES}ex:a a ex:T ; ex:l 1 .\n"
Git = Callable[..., None]


def git_in(folder: Path) -> Git:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    return git


def committed(git: Git) -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")


def new_repository(folder: Path, files: dict[str, str]) -> Git:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git = git_in(folder)
    git("init", "--quiet", "--initial-branch=main")
    committed(git)
    return git


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository whose one file breaks its shapes, to work in."""
    home = tmp_path / "repository"
    git = new_repository(home, {"shapes.ttl": SHAPES, "data/a.ttl": BAD})
    monkeypatch.chdir(home)
    return git


def places(report: Report) -> tuple[list[str], list[str]]:
    """The files of the findings, and of those that are fixed."""
    return [found.location.path for found in report.findings], [found.location.path for found in report.fixed]


@pytest.mark.usefixtures("git")
def test_shapes_outside_the_repository_are_unchanged() -> None:
    Path("../outside.ttl").write_text(SHAPES, encoding="utf-8")
    assert places(validate("data", shapes="../outside.ttl", since="HEAD")) == ([], [])
    Path("data/b.ttl").write_text(f"{PREFIXES}ex:b a ex:T .\n", encoding="utf-8")
    assert places(validate("data", shapes="../outside.ttl", since="HEAD")) == (["data/b.ttl"], [])


@pytest.mark.parametrize("clone", [False, True])
@pytest.mark.usefixtures("git")
def test_shapes_that_git_ignores_are_unchanged(clone: bool) -> None:
    Path(".gitignore").write_text("fetched\n", encoding="utf-8")
    Path("fetched").mkdir()
    Path("fetched/shapes.ttl").write_text(SHAPES, encoding="utf-8")
    if clone:
        git_in(Path("fetched"))("init", "--quiet")
    assert places(validate("data", shapes="fetched", since="HEAD")) == ([], [])


def test_a_file_that_is_not_ignored_and_was_not_there_is_new(git: Git) -> None:
    Path("data/b.ttl").write_text(f"{PREFIXES}ex:b a ex:T .\n", encoding="utf-8")
    for _ in ("untracked", "staged"):
        assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == (["data/b.ttl"], [])
        git("add", "data/b.ttl")
    Path(".gitignore").write_text("*.ttl\n", encoding="utf-8")
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == (["data/b.ttl"], [])


@pytest.mark.parametrize("name", [":(top)x", ":!x", "*", "[a]", "-x"])
@pytest.mark.usefixtures("git")
def test_a_name_is_no_pattern_when_git_is_asked_what_it_ignores(name: str) -> None:
    Path(".gitignore").write_text("ignored.ttl\n", encoding="utf-8")
    Path(f"data/{name}.ttl").write_text(f"{PREFIXES}ex:b a ex:T .\n", encoding="utf-8")
    Path("data/ignored.ttl").write_text(f"{PREFIXES}ex:c a ex:T .\n", encoding="utf-8")
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == ([f"data/{name}.ttl"], [])


@pytest.mark.parametrize("how", ["committed", "staged", "moved only", "moved and edited", "moved in"])
def test_a_renamed_file_has_its_findings_still(git: Git, how: str) -> None:
    if how == "moved in":
        git("mv", "data/a.ttl", "elsewhere.ttl")
        committed(git)
        git("mv", "elsewhere.ttl", "data/b.ttl")
    elif how in ("committed", "staged"):
        git("mv", "data/a.ttl", "data/b.ttl")
    else:
        Path("data/a.ttl").rename("data/b.ttl")
    if how == "moved and edited":
        Path("data/b.ttl").write_text(f"{BAD}ex:c a ex:T .\n", encoding="utf-8")
    if how == "committed":
        committed(git)
    report = validate("data", shapes="shapes.ttl", since="HEAD~1" if how == "committed" else "HEAD")
    assert [finding.result.focus for finding in report.findings] == ["<http://ex.test/c>"] * (how == "moved and edited")
    assert report.fixed == ()


PATHS = [
    "../data",
    "../data/a.ttl",
    "../data/../data/a.ttl",
    "../linked",
    "../linked/a.ttl",
    "../link.ttl",
    "../../alias/data",
    "../../alias/linked/../data/a.ttl",
    "../../outside",
]


@pytest.mark.parametrize("path", [*PATHS, "absolute"])
@pytest.mark.parametrize("shapes", ["../shapes.ttl", "../../alias/shapes.ttl", "../data/../shapes.ttl"])
def test_by_whatever_name_a_file_is_what_it_was(
    git: Git, path: str, shapes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = Path.cwd()
    (top / "linked").symlink_to("data")
    (top / "link.ttl").symlink_to("data/a.ttl")
    (top.parent / "alias").symlink_to(top)
    (top.parent / "outside").symlink_to(top / "data")
    Path("data/a.ttl").write_text(f"{BAD}<#relative> a ex:T .\n", encoding="utf-8")
    committed(git)
    (top / "sub").mkdir()
    monkeypatch.chdir("sub")
    given = str(top / "data") if path == "absolute" else path
    assert len(validate(given, shapes=shapes).findings) == 2
    assert places(validate(given, shapes=shapes, since="HEAD")) == ([], [])
    with (top / "data/a.ttl").open("a", encoding="utf-8") as file:
        file.write("ex:new a ex:T .\n")
    report = validate(given, shapes=shapes, since="HEAD")
    assert [finding.result.focus for finding in report.findings] == ["<http://ex.test/new>"]
    assert report.fixed == ()


def test_a_link_that_leads_to_another_file_is_that_file(git: Git) -> None:
    Path("data/b.ttl").write_text(BAD.replace("ex:a", "ex:b"), encoding="utf-8")
    Path("link.ttl").symlink_to("data/a.ttl")
    committed(git)
    Path("link.ttl").unlink()
    Path("link.ttl").symlink_to("data/b.ttl")
    assert places(validate("link.ttl", shapes="shapes.ttl", since="HEAD")) == ([], [])


@pytest.mark.parametrize("path", ["data", "data/a.ttl"])
def test_a_file_that_became_a_link_to_where_it_was_moved_has_its_findings_still(git: Git, path: str) -> None:
    git("mv", "data/a.ttl", "data/b.ttl")
    Path("data/a.ttl").symlink_to("b.ttl")
    assert len(validate(path, shapes="shapes.ttl").findings) == 1
    assert places(validate(path, shapes="shapes.ttl", since="HEAD")) == ([], [])


def test_a_moved_folder_has_its_relative_iris_and_imports_still(git: Git) -> None:
    imports = "<> <http://www.w3.org/2002/07/owl#imports> <more.ttl> .\n"
    Path("data/a.ttl").write_text(f"{PREFIXES}<one> a ex:T .\n{imports}", encoding="utf-8")
    Path("data/more.ttl").write_text(f"{PREFIXES}<#two> a ex:T .\n", encoding="utf-8")
    committed(git)
    git("mv", "data", "moved")
    assert len(validate("moved/a.ttl", shapes="shapes.ttl").findings) == 2
    assert places(validate("moved/a.ttl", shapes="shapes.ttl", since="HEAD")) == ([], [])


def test_renamed_shapes_are_the_shapes_still(git: Git) -> None:
    git("mv", "shapes.ttl", "rules.ttl")
    committed(git)
    assert places(validate("data", shapes="rules.ttl", since="HEAD~1")) == ([], [])


def test_a_copy_is_no_rename(git: Git) -> None:
    Path("data/b.ttl").write_text(BAD.replace("ex:a", "[]"), encoding="utf-8")
    committed(git)
    Path("data/c.ttl").write_text(Path("data/b.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == (["data/c.ttl"], [])


def test_a_submodule_is_as_its_pinned_commit_has_it(git: Git, tmp_path: Path) -> None:
    new_repository(tmp_path / "sub", {"s.ttl": f"{PREFIXES}ex:sub a ex:T .\n"})
    git("submodule", "add", "--quiet", "../sub", "data/sub")
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == (["data/sub/s.ttl"], [])
    committed(git)
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == ([], [])
    assert places(validate("data/sub", shapes="shapes.ttl", since="HEAD")) == ([], [])
    Path("data/sub/t.ttl").write_text(f"{PREFIXES}ex:t a ex:T .\n", encoding="utf-8")
    committed(git_in(Path("data/sub")))
    assert places(validate("data", shapes="shapes.ttl", since="HEAD")) == (["data/sub/t.ttl"], [])
    committed(git)
    assert places(validate("data", shapes="shapes.ttl", since="HEAD~1")) == (["data/sub/t.ttl"], [])


@pytest.mark.usefixtures("git")
def test_the_order_of_the_paths_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "v.ttl").write_text(f"{PREFIXES}ex:v a ex:V .\n", encoding="utf-8")
    for folder in (".", "/"):
        paths = [Path("data").absolute(), outside]
        shapes = Path("shapes.ttl").absolute()
        with monkeypatch.context() as context:
            context.chdir(folder)
            for order in (paths, paths[::-1]):
                assert places(validate(order, shapes=shapes, since="HEAD")) == ([], [])


@pytest.mark.usefixtures("git")
def test_files_of_two_repositories_are_refused_and_shapes_of_another_are_unchanged(tmp_path: Path) -> None:
    new_repository(tmp_path / "other", {"o.ttl": GOOD, "shapes.ttl": SHAPES})
    for paths in (["data", "../other/o.ttl"], ["../other/o.ttl", "data"]):
        with pytest.raises(UsageError, match="are two repositories; check the files of each in a run of its own"):
            validate(paths, shapes="shapes.ttl", since="HEAD")
    assert places(validate("data", shapes="../other/shapes.ttl", since="HEAD")) == ([], [])
    assert places(validate("../other/o.ttl", shapes="shapes.ttl", since="HEAD")) == ([], [])


def test_what_others_changed_after_the_branch_began_is_no_part_of_it(git: Git) -> None:
    git("checkout", "-q", "-b", "feature")
    Path("data/n.ttl").write_text(f"{PREFIXES}ex:n a ex:T ; ex:l 1 .\n", encoding="utf-8")
    committed(git)
    git("checkout", "-q", "main")
    Path("data/a.ttl").write_text(GOOD, encoding="utf-8")
    committed(git)
    git("checkout", "-q", "feature")
    assert places(validate("data", shapes="shapes.ttl", since="main")) == ([], [])


def test_histories_without_a_common_commit_are_refused(git: Git) -> None:
    git("checkout", "-q", "--orphan", "other")
    Path("more").touch()
    committed(git)
    with pytest.raises(UsageError, match="main: has no commit in common with what is checked out"):
        validate("data", shapes="shapes.ttl", since="main")


def test_renames_are_the_same_content_first_and_then_half_of_the_bytes() -> None:
    old = {Path("x/a"): b"1\n2\n3\n4\n", Path("x/b"): b"5\n6\n7\n8\n", Path("x/c"): b"9\n"}
    new = {Path("y/b"): b"5\n6\n7\n8\n", Path("y/a"): b"1\n2\n0\n0\n", Path("y/d"): b"0\n9\n0\n"}
    assert renamed(new, old) == {Path("y/b"): Path("x/b"), Path("y/a"): Path("x/a")}
    same = {Path("x/a"): b"s", Path("x/b"): b"s"}
    assert renamed({Path("y/b"): b"s"}, same) == {Path("y/b"): Path("x/b")}
