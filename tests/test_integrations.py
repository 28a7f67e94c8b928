"""Where people already are: the GitHub action and the hooks of pre-commit, run as they run there."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from copied import git

pytestmark = pytest.mark.usefixtures("git_alone")

ROOT = Path(__file__).resolve().parents[1]
SHAPES = """PREFIX ex: <https://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
ex:shape a sh:NodeShape ; sh:targetClass ex:Town ; sh:property ex:one-name .
ex:shape sh:property ex:country .
ex:country sh:path ex:part ; sh:class ex:Country .
ex:one-name sh:path ex:name ; sh:minCount 1 ; sh:message "A town needs a name."@en .
"""
NAMELESS = 'PREFIX ex: <https://example.org/>\nex:ghent a ex:Town ; ex:note "</pre>```::error::" .\n'
HEAD = "PREFIX ex: <https://example.org/>\n"
VOCABULARY = HEAD + "ex:belgium a ex:Country .\n"
NAMED = 'PREFIX ex: <https://example.org/>\nex:ghent a ex:Town ; ex:name "Gent" .\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Somebody else's repository, with shapes and a file that breaks them."""
    home = tmp_path / "project"
    home.mkdir()
    (home / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    (home / "data file.ttl").write_text(NAMELESS, encoding="utf-8")
    git(home, "init", "--quiet")
    git(home, "add", ".")
    git(home, "commit", "--quiet", "-m", "x")
    return home


def action(project: Path, **inputs: str) -> tuple[int, str, str]:
    """Run the last step of the action as a runner does; returns its exit code, its output and the summary."""
    described = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(inputs) <= set(described["inputs"])
    step = described["runs"]["steps"][-1]
    temporary = project.parent / "runner"
    (temporary / "ghent-partnerships" / "bin").mkdir(parents=True, exist_ok=True)
    command = temporary / "ghent-partnerships" / "bin" / "ghent-partnerships"
    if not command.exists():
        command.symlink_to(Path(sys.executable).parent / "ghent-partnerships")
    summary = temporary / "summary.md"
    summary.write_text("", encoding="utf-8")
    given = {name: inputs.get(name, about["default"]) for name, about in described["inputs"].items()}
    environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()
    }
    assert "${{" not in step["run"], "what somebody gives must not become a part of the script"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env={
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(temporary),
            "GITHUB_STEP_SUMMARY": str(summary),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, summary.read_text(encoding="utf-8")


def test_the_action_annotates_and_summarises(project: Path) -> None:
    code, out, summary = action(project, paths="data file.ttl\n", shapes="shapes.ttl\n")
    assert code == 1
    assert out.startswith("::error file=data file.ttl,line=2,col=1,endColumn=9,title=min-count::A town needs a name.\n")
    assert summary.startswith("<pre>\ndata file.ttl:2:1: violation min-count: A town needs a name.\n")
    assert summary.endswith(": 1 violation\n</pre>\n")
    assert summary.count("</pre>") == 1


def test_the_action_reports_what_is_new(project: Path) -> None:
    code, out, summary = action(project, paths=".", shapes="shapes.ttl", since="HEAD")
    assert (code, summary) == (0, "<pre>\n2 files, 11 triples: no findings\n</pre>\n")
    assert out == "2 files, 11 triples: no findings\n"


def test_the_action_says_when_it_is_used_wrongly(project: Path) -> None:
    code, out, summary = action(project, paths="no such file.ttl", shapes="shapes.ttl")
    assert (code, summary) == (2, "")
    assert "no such file.ttl" in out
    assert action(project, paths="data file.ttl", shapes="shapes.ttl", **{"fail-on": "$(id)"})[0] == 2


@pytest.mark.parametrize("name", ["--shapes=x.ttl", "-o.ttl", "--help=.ttl"])
def test_a_name_of_a_file_is_no_option_of_a_hook(name: str, project: Path) -> None:
    (project / name).write_text("not Turtle", encoding="utf-8")
    command = str(Path(sys.executable).parent / "ghent-partnerships")
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        if not hook.get("pass_filenames", True):
            continue
        arguments = [command, *hook["entry"].split()[1:], *hook["args"], name]
        done = subprocess.run(arguments, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert f"{name}:1:" in done.stdout
        done = subprocess.run([*arguments[:-2], name], cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "write -- before names of files" in done.stderr
    code, out, _ = action(project, paths=f"{name}\n", shapes="shapes.ttl")
    assert code == 1
    assert f"::error file={name},line=1," in out


def test_no_module_of_the_checkout_is_imported_while_the_action_installs(tmp_path: Path) -> None:
    step = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][0]
    (tmp_path / "venv.py").write_text("open('ran', 'w')", encoding="utf-8")
    (tmp_path / "runner").mkdir()
    script = (
        step["run"]
        .replace('"$RUNNER_TEMP/ghent-partnerships/bin/pip"', "true")
        .replace(" -m venv ", " -m venv --without-pip ")
    )
    assert "--without-pip" in script
    environment = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path / "runner"), "ACTION": "x"}
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=environment, check=True)
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "runner" / "ran").exists()


def at_hand() -> dict[str, str]:
    """What makes pip build and install the package alone, with what is in this environment; test_packaging.py installs
    what it depends on."""
    return {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": sysconfig.get_path("purelib")}


def test_the_hooks_run_in_pre_commit(project: Path, tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "dist")
    shutil.copytree(ROOT, tool, ignore=ignored)
    git(tool, "init", "--quiet")
    git(tool, "add", "--force", ".")  # also the bundle, which a build makes where it is not there
    git(tool, "commit", "--quiet", "-m", "x")
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tool, capture_output=True, text=True, check=True).stdout
    (project / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump(
            {
                "repos": [
                    {
                        "repo": str(tool),
                        "rev": revision.strip(),
                        "hooks": [
                            {
                                "id": "ghent-partnerships-validate",
                                "args": ["--shapes", "shapes.ttl", "--", "data file.ttl", "towns"],
                            },
                            {"id": "ghent-partnerships-fmt", "files": "^data"},
                        ],
                    }
                ]
            }
        ),
        encoding="utf-8",
    )
    (project / "towns").mkdir()
    (project / "towns" / "vocabulary.ttl").write_text(VOCABULARY, encoding="utf-8")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), **at_hand()}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "data file.ttl:2:1: violation min-count: A town needs a name." in done.stdout
    assert "files were modified by this hook" in done.stdout
    (project / "data file.ttl").write_text(NAMED, encoding="utf-8")
    git(project, "add", ".")
    subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)  # brings it into the layout
    git(project, "add", ".")
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2
    commits_see_the_whole_graph(project, {**environment, "SKIP": "ghent-partnerships-fmt"})


def commits_see_the_whole_graph(project: Path, environment: dict[str, str]) -> None:
    """Commits of one file each: the others are a part of the graph that the hook checks."""

    def commit() -> tuple[int, str]:
        git(project, "add", "--all")
        done = subprocess.run(
            ["git", "commit", "-m", "x"], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=project, env=environment, check=True)
    assert commit()[0] == 0
    vocabulary = project / "towns" / "vocabulary.ttl"
    for file, text in (
        (project / "data file.ttl", NAMED + "ex:ghent ex:part ex:belgium .\n"),
        (vocabulary, VOCABULARY + "ex:france a ex:Country .\n"),
    ):
        file.write_text(text, encoding="utf-8")
        assert commit()[0] == 0
    vocabulary.write_text(VOCABULARY.replace("ex:Country", "ex:Region"), encoding="utf-8")
    code, out = commit()
    assert code == 1
    assert "data file.ttl:3:" in out
    vocabulary.unlink()
    (project / "towns" / "other.ttl").write_text(HEAD, encoding="utf-8")
    code, out = commit()
    assert code == 1
    assert "violation class" in out


def test_of_what_a_hook_hands_over_gp004_is_no_violation(project: Path) -> None:
    (project / "vocabulary.ttl").write_text(VOCABULARY, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "ghent-partnerships"), "validate", "--shapes", "shapes.ttl"]
    for variables, code in (({"PRE_COMMIT": "1"}, 0), ({}, 1)):
        environment = {name: value for name, value in os.environ.items() if name != "PRE_COMMIT"} | variables
        for more in ([], ["--format", "github"]):
            arguments = [*command, *more, "vocabulary.ttl"]
            done = subprocess.run(arguments, cwd=project, env=environment, capture_output=True, text=True, check=False)
            assert (done.returncode, "GP004" in done.stdout) == (code, True), done.stdout


def test_the_action_says_what_is_checked_without_shapes() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert inputs["shapes"]["description"] == (
        "Files and folders of SHACL shapes, one on a line. Without, the files are checked as a part of the nearest "
        "project of ghent-partnerships, or for their syntax where there is none."
    )
