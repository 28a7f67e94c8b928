"""Where the project's files live: in the checkout if the package runs from one, else beside the package."""

from __future__ import annotations

from pathlib import Path

from ..rdf.namespaces import BASE, ID, PREFIXES, PUBLISHER
from .project import Project

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]
_FOLDERS = ("data", "ontology", "queries")


def project() -> Project:
    """The project that the package carries."""
    return Project(
        base=BASE,
        prefixes=PREFIXES,
        home_city=f"{ID}city/ghent",
        publisher=PUBLISHER,
        root=root(),
        folders=_FOLDERS,
        repository=checkout(),
    )


def checkout() -> Path | None:
    """The checkout that the package runs from, or None where it is installed, be it in a folder called scripts.

    The folders stand beside ``scripts`` in a checkout, and beside the package where it is installed.
    """
    if (_CHECKOUT / "scripts" / _PACKAGE.name).resolve() != _PACKAGE or (_PACKAGE / _FOLDERS[0]).exists():
        return None
    return _CHECKOUT if all((_CHECKOUT / folder).is_dir() for folder in _FOLDERS) else None


def root() -> Path:
    """The folder with ``ontology/``, ``data/`` and ``queries/``."""
    return checkout() or _PACKAGE


def ontology_files() -> list[Path]:
    """The files that make up the ontology: see ``Project``, as for all of these."""
    return project().ontology_files()


def data_files() -> list[Path]:
    """The files of the data."""
    return project().data_files()


def graph_files() -> list[Path]:
    """Every file of the graph."""
    return project().graph_files()


def shapes_file() -> Path:
    """The file with the graph's shapes."""
    return project().shapes_file()


def rules_file() -> Path:
    """The file with the words of the rules that SHACL cannot state."""
    return project().rules_file()


def style_file() -> Path:
    """The file with the shapes of the ontology, the shapes and the queries themselves."""
    return project().style_file()


def query_files() -> list[Path]:
    """The files of the queries."""
    return project().query_files()


def examples() -> Path:
    """The folder of the examples of what is right and wrong by each rule: those that the tests check."""
    home = checkout()
    return home / "tests" if home else _PACKAGE / "examples"
