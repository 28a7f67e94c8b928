"""One project: what is true of all that it publishes, and where its files live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ..errors import UsageError
from ..files import inside
from ..rdf.namespaces import DATA_SET
from ..text import ordered
from ..translation import languages
from ..translation import message as _


class _Settings(NamedTuple):
    base: str
    prefixes: Mapping[str, str]
    home_city: str
    publisher: str
    root: Path
    folders: tuple[str, ...]
    repository: Path | None


class Project(_Settings):
    """The settings of a project, and its files.

    ``base`` is the IRI that the project's IRIs start with; ``prefixes`` are the namespaces by their prefixes;
    ``home_city`` the IRI of the city that all is about; ``publisher`` a name; ``root`` the directory with ``folders``;
    and ``repository`` the directory of the checkout, or None where the project is installed.
    """

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that the project's texts are in, the one to fall back to first.

        They are each ``dcterms:language`` of the data set in ``data/dataset.ttl``; where that file states none or
        cannot be read, which is a finding of the validation, those of the interface.
        """
        from pyoxigraph import Literal, NamedNode, RdfFormat, parse

        data_set, language = NamedNode(DATA_SET), NamedNode(self.prefixes["dcterms"] + "language")
        try:
            stated = [
                quad.object.value
                for quad in parse(path=self.root / "data" / "dataset.ttl", format=RdfFormat.TURTLE)
                if (quad.subject, quad.predicate) == (data_set, language) and isinstance(quad.object, Literal)
            ]
        except (OSError, SyntaxError):
            stated = []
        return ordered(stated) or languages()

    def ontology_files(self) -> list[Path]:
        """The files that make up the ontology."""
        return [inside(self.root / "ontology" / name, self.root) for name in ("alignments.ttl", "partnership.ttl")]

    def data_files(self) -> list[Path]:
        """The files of the data: the concepts, and all of ``data/``.

        Raises:
            UsageError: there is none in ``data/``.
        """
        files = sorted((self.root / "data").rglob("*.ttl"))
        files = [file for file in files if not file.name.startswith(".")]  # an editor's lock file
        files = [self.root / "ontology" / "concepts.ttl", *self._demanded(files, "data")]
        return [inside(file, self.root) for file in files]

    def graph_files(self) -> list[Path]:
        """Every file of the graph: the ontology and the data, without the shapes.

        Raises:
            UsageError: there is none in ``data/``.
        """
        return self.ontology_files() + self.data_files()

    def shapes_file(self) -> Path:
        """The file with the graph's shapes."""
        return inside(self.root / "ontology" / "shapes.ttl", self.root)

    def rules_file(self) -> Path:
        """The file with the words of the rules that SHACL cannot state."""
        return inside(self.root / "ontology" / "rules.ttl", self.root)

    def style_file(self) -> Path:
        """The file with the shapes of the ontology, the shapes and the queries themselves."""
        return inside(self.root / "ontology" / "style.ttl", self.root)

    def query_files(self) -> list[Path]:
        """The files of the queries, each folder in order of their names: the questions first, then tables and views.

        Raises:
            UsageError: there is no question.
        """
        folder = self.root / "queries"
        files = [
            *self._demanded(sorted(folder.glob("*.rq")), "queries"),
            *sorted(folder.glob("tables/*.rq")),
            *sorted(folder.glob("views/*.rq")),
        ]
        return [inside(file, self.root) for file in files]

    def files(self) -> list[Path]:
        """All files of the project: the graph, the shapes, the other rules, their style and the queries.

        Raises:
            UsageError: there are no data or no questions.
        """
        about = (self.shapes_file(), self.rules_file(), self.style_file())
        return [*self.graph_files(), *about, *self.query_files()]

    def stands_for(self, paths: Iterable[Path]) -> dict[Path, Path]:
        """The file of the project that each path stands for: the same file, or the same path under one of the folders.
        A path that stands for none is not in it.

        Raises:
            UsageError: there are no data or no questions.
        """
        files = {file.resolve(): file for file in self.files()}
        root = self.root.resolve()
        stood_for = {}
        for path in paths:
            resolved = path.resolve()
            parts = resolved.parts
            start = max((number for number, part in enumerate(parts) if part in self.folders), default=len(parts))
            if file := files.get(resolved) or files.get(root.joinpath(*parts[start:])):
                stood_for[path] = file
        return stood_for

    def _demanded(self, files: list[Path], folder: str) -> list[Path]:
        if not files:
            raise UsageError(_("{folder}: no files here; the installation is incomplete", folder=self.root / folder))
        return files
