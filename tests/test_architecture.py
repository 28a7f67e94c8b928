"""The imports point one way, and one module talks to the world outside."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ghent_partnerships

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(ghent_partnerships.__file__).parent
FILES = {
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in PACKAGE.rglob("*.py")
}


def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def test_the_imports_keep_the_contracts_between_the_rooms() -> None:
    """Which those are stands in pyproject.toml: `lint-imports` says what breaks them."""
    lint = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def imported(module: ast.Module) -> set[str]:
    """The names that a module imports from outside the package, in full: ``from http import client`` is http.client."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def prints(module: ast.Module) -> bool:
    """Whether a module uses the standard streams by one of their names in Python."""
    return any(name.startswith("sys.std") for name in imported(module)) or any(
        (isinstance(node, ast.Name) and node.id in ("print", "input"))
        or (isinstance(node, ast.Attribute) and re.fullmatch(r"sys\.(stdin|stdout|stderr)", ast.unparse(node)))
        for node in ast.walk(module)
    )


def connects(module: ast.Module) -> bool:
    """Whether a module imports what opens connections; ``http`` itself has but the names of methods and statuses."""
    clients = {"SPARQLWrapper", "aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib"}
    return any(
        name.partition(".")[0] in clients and not re.match(r"urllib\.parse\b|http\.HTTP[A-Z]\w+$", name)
        for name in imported(module)
    )


def test_only_the_command_prints() -> None:
    assert {module.partition(".")[0] for module in FILES if prints(tree(module))} == {"cli"}


@pytest.mark.parametrize(
    "code", ["print(1)", "input()", "import sys\nsys.stderr.write('')", "from sys import stdout", "f = print"]
)
def test_a_module_that_prints_is_seen(code: str) -> None:
    assert prints(ast.parse(code))


def test_only_the_query_of_an_endpoint_an_import_and_the_server_connect() -> None:
    connected = {module for module in FILES if connects(tree(module))}
    assert connected == {
        "remote.endpoint",
        "remote.http",
        "server.running",
        "server.workers.engine",
        "server.workers.loader",
        "server.workers.pool",
        "validation.imports",
    }


@pytest.mark.parametrize(
    "code",
    [
        *("import socket", "import urllib.request", "from urllib import request", "import http.client as c"),
        *("from http import client", "from http.client import HTTPConnection", "def f():\n    import httpx"),
    ],
)
def test_a_module_that_connects_is_seen(code: str) -> None:
    assert connects(ast.parse(code))
    assert not connects(ast.parse("from http import HTTPStatus\nfrom urllib.parse import quote\nimport asyncio"))


def test_only_what_runs_behind_the_wall_asks_a_store() -> None:
    asking = {
        module
        for module in FILES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in ("query", "update") and "store" in ast.unparse(node).lower()
        if not module.startswith("remote.")  # which has stores elsewhere in mind
    }
    assert asking == {
        "server.workers.engine",
        "sparql.executables",  # to see if it can be read
        "sparql.run",
        "sparql.syntax_errors",  # likewise
        "validation.engines.queries",
        "validation.engines.sparql",
    }


def test_every_public_name_is_importable() -> None:
    assert {name for name in ghent_partnerships.__all__ if getattr(ghent_partnerships, name).__name__ == name} == set(
        ghent_partnerships.__all__
    )


def test_the_picture_of_the_rooms_shows_the_layers_of_the_contract() -> None:
    """In the picture and in the sentence below it, from the top to the ground."""
    readme = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    layers = [rooms for layer in contracts[0]["layers"] if (rooms := set(layer.split(" | "))) <= packages]
    assert set.union(*layers) == packages
    (arrows,) = re.findall(r"^  (cli --> .*) --> ground$", readme, re.MULTILINE)
    assert [set(layer.split(" & ")) for layer in arrows.split(" --> ")] == layers
    words = readme.partition("In words, from the top: ")[2].partition("; and the modules of the ground")[0]
    assert [packages & set(re.findall(r"\w+", layer)) for layer in words.split(";")] == layers
