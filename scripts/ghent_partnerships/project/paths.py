"""Where the graph's files live: in the checkout if the package runs from one, else beside the package."""

from __future__ import annotations

from pathlib import Path

from ..errors import UsageError
from ..files import inside
from ..translation import message as _

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
FOLDERS = ("data", "ontology", "queries")


def checkout() -> Path | None:
    """The checkout that the package runs from, or None where it is installed, be it in a folder called scripts.

    The folders stand beside ``scripts`` in a checkout, and beside the package where it is installed.
    """
    if (_CHECKOUT / "scripts" / _PACKAGE.name).resolve() != _PACKAGE or (_PACKAGE / FOLDERS[0]).exists():
        return None
    return _CHECKOUT if all((_CHECKOUT / folder).is_dir() for folder in FOLDERS) else None


def root() -> Path:
    """The folder with ``ontology/``, ``data/`` and ``queries/``."""
    return checkout() or _PACKAGE


def ontology_files() -> list[Path]:
    """The files that make up the ontology."""
    return [inside(root() / "ontology" / name, root()) for name in ("alignments.ttl", "partnership.ttl")]


def data_files() -> list[Path]:
    """The files of the data: the concepts, and all of ``data/``.

    Raises:
        UsageError: there is none in ``data/``.
    """
    found = (
        file for file in (root() / "data").rglob("*.ttl") if not file.name.startswith(".")
    )  # an editor's lock file
    files = [root() / "ontology" / "concepts.ttl", *_some(sorted(found), "data")]
    return [inside(file, root()) for file in files]


def graph_files() -> list[Path]:
    """Every file of the graph: the ontology and the data, without the shapes.

    Raises:
        UsageError: there is none in ``data/``.
    """
    return ontology_files() + data_files()


def shapes_file() -> Path:
    """The file with the graph's shapes."""
    return inside(root() / "ontology" / "shapes.ttl", root())


def style_file() -> Path:
    """The file with the shapes of the ontology, the shapes and the queries themselves."""
    return inside(root() / "ontology" / "style.ttl", root())


def query_files() -> list[Path]:
    """The files of the queries, each folder in order of their names: the questions first, then tables and views.

    Raises:
        UsageError: there is no question.
    """
    folder = root() / "queries"
    files = [
        *_some(sorted(folder.glob("*.rq")), "queries"),
        *sorted(folder.glob("tables/*.rq")),
        *sorted(folder.glob("views/*.rq")),
    ]
    return [inside(file, root()) for file in files]


def examples() -> Path:
    """The folder of the examples of what is right and wrong by each rule: those that the tests check."""
    home = checkout()
    return home / "tests" if home else _PACKAGE / "examples"


def own_file(path: Path) -> Path | None:
    """The file of ours that the path stands for: the same file, or the same path under one of our folders.

    Raises:
        UsageError: files of ours are missing.
    """
    own = {file.resolve(): file for file in (*graph_files(), shapes_file(), style_file(), *query_files())}
    resolved = path.resolve()
    if resolved in own:
        return own[resolved]
    parts = resolved.parts
    start = max((number for number, part in enumerate(parts) if part in FOLDERS), default=None)
    return None if start is None else own.get(root().resolve().joinpath(*parts[start:]))


def _some(files: list[Path], folder: str) -> list[Path]:
    if not files:
        raise UsageError(_("{folder}: no files here; the installation is incomplete", folder=root() / folder))
    return files
