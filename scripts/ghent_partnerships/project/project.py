"""One project: what is true of all that it publishes, and where its files live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from ..errors import UsageError
from ..files import inside, shown
from ..rdf.namespaces import PREFIXES, TYPES, VOCABULARY_TYPES
from ..text import DEFAULT_LANGUAGE
from ..translation import languages
from ..translation import message as _
from . import prefixes
from .dataset import DataSet
from .init.slugs import slug
from .settings import PARTNERSHIPS, Settings

SUFFIXES = (".ttl", ".nt", ".trig", ".nq", ".jsonld", ".rdf")
SNAPSHOT = "data/wikidata.ttl"  # of what Wikidata says: fetched, and no part of the graph
FEDERATED = "wikidata"  # the folder of the queries that ask Wikidata as well
_DERIVED = frozenset({"dist", "node_modules", "__pycache__"})  # folders that programs write
_KINDS = ("tables", "views")  # of queries that are no questions, each in a folder of its name
_PLAIN_SHAPES = ("shapes", "shapes.ttl")  # where people keep them


_GRAPHS = ("ontology", "sources", "links", "data")


class _Fetched(NamedTuple):
    """The names of the files that a graph from elsewhere is divided into."""

    ontology: str = "ontology.nt"
    concepts: str = "concepts.nt"
    data: str = "data.nt"
    data_set: str = "dataset.ttl"


FETCHED = _Fetched()


class _Fields(NamedTuple):
    root: Path
    settings: Settings
    carried: Path
    checkout: Path | None
    fetched: Path | None = None


class Project(_Fields):
    """The settings of a project, and its files.

    ``root`` is its folder, ``settings`` those of its table, ``carried`` the folder that the package carries, with the
    ontology, the shapes and the questions for any city, and ``checkout`` the folder that git may know, or None where
    the project is installed. ``fetched`` is a folder with the files of ``FETCHED``, which are its graph in the place of
    its files, or None.
    """

    @property
    def is_packaged(self) -> bool:
        """Whether it is the one that the package carries."""
        return self.root == self.carried

    @property
    def is_plain(self) -> bool:
        """Whether it has no cities: it goes by its own shapes alone."""
        return self.settings.profile != PARTNERSHIPS

    def is_carried(self, file: Path) -> bool:
        """Whether a file is one of those that come with the package, which were checked with the packaged project."""
        if self.fetched is not None and file.parent == self.fetched:
            return not self.is_packaged and file.name in (FETCHED.ontology, FETCHED.concepts)
        return not self.is_packaged and file.is_relative_to(self.carried) and not file.is_relative_to(self.root)

    @cached_property
    def data_set(self) -> DataSet:
        """What the project says about its data."""
        return DataSet(self.root / "data" / "dataset.ttl" if self.fetched is None else self.fetched / FETCHED.data_set)

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that the project's texts are in, the one to fall back to first: those of the data
        set; where it states none, that of the interface, and for a city every language of the interface."""
        return self.data_set.languages or ((DEFAULT_LANGUAGE,) if self.is_plain else languages())

    def header_languages(self, file: Path) -> tuple[str, ...]:
        """The tags of the languages that the header of a query is written in, which is in this file: those of the
        project, or those of the package where it comes with the package."""
        return self._carried_languages if self.is_carried(file) else self.languages

    @cached_property
    def _carried_languages(self) -> tuple[str, ...]:
        return DataSet(self.carried / "data" / "dataset.ttl").languages

    @cached_property
    def base(self) -> str:
        """What the IRIs of the project start with; empty where its data set does not say."""
        return self.data_set.base

    @cached_property
    def id(self) -> str:
        """What the IRIs of its resources start with."""
        return f"{self.base}id/"

    @property
    def graph_names(self) -> tuple[str, ...]:
        """The IRIs of the named graphs that its statements are published in: the ontology, the sources, the links to
        others and the data; of a plain project that of its data set, if it has one."""
        if self.is_plain:
            return (self.data_set.iri,) if self.data_set.iri else ()
        return tuple(f"{self.id}dataset/{name}" for name in _GRAPHS)

    @property
    def sparql_endpoint(self) -> str:
        """The IRI that stands for whatever address it is asked at; relative IRIs of its queries start here."""
        return f"{self.base}sparql"

    @property
    def queries(self) -> str:
        """The IRI of what all its queries share: after a # each prefix that one of them declares."""
        return f"{self.base}queries"

    @property
    def stem(self) -> str:
        """What the names of the files of the whole graph begin with: by default the last part of the data set's IRI, or
        the name of the folder."""
        last = self.data_set.iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
        return self.settings.stem or slug(last) or slug(self.root.name) or "graph"

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The namespaces by their prefixes: those of the vocabularies, one for each type of a city's resources, and
        those of the settings; in a plain project those of the settings, then those that its files declare."""
        if self.is_plain:
            sources = self.settings.prefixes, prefixes.declared(self._plain_files()), PREFIXES
            return prefixes.joined(pair for source in sources for pair in source.items())
        types = {} if not self.base else {name: f"{self.id}{name}/" for name in TYPES}
        types = {name: iri for name, iri in types.items() if name not in VOCABULARY_TYPES}
        return {**PREFIXES, **types, **self.settings.prefixes}

    def _plain_files(self) -> list[Path]:
        """The files of the data in the folder; none where there are none."""
        try:
            return self._replace(fetched=None).data_files()
        except UsageError:
            return []

    def expand(self, name: str) -> str:
        """The IRI of a name with one of its prefixes, like ``city:ghent``; an IRI is returned as it is."""
        prefix, colon, local = name.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else name

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The names of the folders that hold its files, by which the same path elsewhere is known."""
        folders = (Path(path).parts[0] for path in (*self.data_paths, *self.query_folders) if Path(path).parts)
        return tuple(dict.fromkeys((*folders, *(("ontology",) if self.is_packaged else ()))))

    @property
    def data_paths(self) -> tuple[str, ...]:
        """The paths of its graph from the root: those of the settings, or ``data`` where it is there, or all."""
        return self.settings.data or (("data",) if (self.root / "data").is_dir() else (".",))

    @property
    def query_folders(self) -> tuple[str, ...]:
        """The folders of its own queries, from the root."""
        return self.settings.queries or ("queries",)

    def ontology_files(self) -> list[Path]:
        """The files that make up the ontology; a plain project has none."""
        if self.is_plain:
            return []
        if self.fetched is not None:
            return _there(self.fetched / FETCHED.ontology)
        return [self._of_vocabulary(name) for name in ("alignments.ttl", "partnership.ttl")]

    def concept_files(self) -> list[Path]:
        """The file of the concepts of the vocabulary; a plain project has none."""
        if self.is_plain:
            return []
        if self.fetched is not None:
            return _there(self.fetched / FETCHED.concepts)
        return [self._of_vocabulary("concepts.ttl")]

    def data_files(self) -> list[Path]:
        """The files of the data, with the concepts of the vocabulary for a city.

        Raises:
            UsageError: there is none.
        """
        if self.fetched is not None:
            return [*self.concept_files(), *_there(self.fetched / FETCHED.data)]
        shapes = {path.resolve() for path in self.shape_files()}
        apart = shapes if self.is_plain else shapes | {self.snapshot_file.resolve()}
        files = [file for path in self.data_paths for file in self._under(path) if file.resolve() not in apart]
        return [*self.concept_files(), *self._demanded(list(dict.fromkeys(files)), " ".join(self.data_paths))]

    @property
    def snapshot_file(self) -> Path:
        """Where the snapshot of Wikidata is, once it has been fetched."""
        return self.root / SNAPSHOT

    @property
    def declined_file(self) -> Path:
        """Where people write what is not to be given to Wikidata."""
        return self.root / "data" / "wikidata-declined.csv"

    def graph_files(self) -> list[Path]:
        """Every file of the graph: the ontology and the data, without the shapes.

        Raises:
            UsageError: there is none of the data.
        """
        return self.ontology_files() + self.data_files()

    def shape_files(self) -> list[Path]:
        """The files of its own shapes, beside those of the vocabulary: those of the settings, or for a plain project
        ``shapes/`` or ``shapes.ttl`` where they are there.

        Raises:
            UsageError: a path of the settings is not there.
        """
        named = self.settings.shapes
        if not named and self.is_plain:
            named = tuple(name for name in _PLAIN_SHAPES if (self.root / name).exists())
        return [file for path in named for file in self._demanded(self._under(path), path)]

    def shapes_file(self) -> Path:
        """The file with the shapes of the vocabulary."""
        return self._of_vocabulary("shapes.ttl")

    def rules_file(self) -> Path:
        """The file with the words of the rules that SHACL cannot state."""
        return self._of_vocabulary("rules.ttl")

    def style_file(self) -> Path:
        """The file with the shapes of the ontology, the shapes and the queries themselves."""
        return self._of_vocabulary("style.ttl")

    def query_files(self) -> list[Path]:
        """The files of the queries, in order of their paths: for a city the questions that come with the package, but
        not those of Ghent alone, and those that it has itself; then tables and views."""
        files = [] if self.is_plain or self.is_packaged else [*(self.carried / "queries").glob("*.rq")]
        if files:
            files += [file for kind in _KINDS for file in (self.carried / "queries" / kind).glob("*.rq")]
        here = [file for file in self._queries() if not _asks_elsewhere(file)]
        places = [(self.carried, sorted(files)), (self.root, here)]
        ordered = sorted(
            ((_kind(file), file, top) for top, below in places for file in below), key=lambda query: query[0]
        )
        return [inside(file, top) for _number, file, top in ordered]

    def federated_files(self) -> list[Path]:
        """The files of the queries that ask Wikidata as well, each in a folder of that name: for a city those that come
        with the package, then its own."""
        carried = self.carried / "queries" / FEDERATED
        files = [] if self.is_plain or self.is_packaged else sorted(carried.glob("*.rq"))
        here = [inside(file, self.root) for file in self._queries() if _asks_elsewhere(file)]
        return [*(inside(file, self.carried) for file in files), *here]

    def _queries(self) -> list[Path]:
        """The files of all its own queries."""
        found = (sorted((self.root / name).rglob("*.rq")) for name in self.query_folders)
        return [file for files in found for file in files if not file.name.startswith(".")]

    def files(self) -> list[Path]:
        """All files of the project: the graph, the shapes, the other rules, their style and the queries.

        Raises:
            UsageError: there are no data.
        """
        about = () if self.is_plain else (self.shapes_file(), self.rules_file(), self.style_file())
        return [*self.graph_files(), *about, *self.shape_files(), *self.query_files(), *self.federated_files()]

    def stands_for(self, paths: Iterable[Path]) -> dict[Path, Path]:
        """The file of the project that each path stands for: the same file, or the same path under one of the folders.
        A path that stands for none is not in it.

        Raises:
            UsageError: there are no data.
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

    def _of_vocabulary(self, name: str) -> Path:
        folder = self.carried / "ontology"
        return inside(folder / name, folder)

    def _under(self, path: str) -> list[Path]:
        """The files of RDF at a path from the root, without what is hidden or derived."""
        place = self.root / path
        found = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.suffix in SUFFIXES)
        kept = [file for file in found if not _is_derived(file.relative_to(self.root))]
        return [inside(file, self.root) for file in kept if file.is_file()]

    def has_data_at(self, path: PurePosixPath) -> bool:
        """Whether a file at a path from the root is one of the data of a plain project, now or at a revision."""
        shapes = map(PurePosixPath, self.settings.shapes or _PLAIN_SHAPES)
        data = map(PurePosixPath, self.data_paths)
        return (
            not _is_derived(path) and any(map(path.is_relative_to, data)) and not any(map(path.is_relative_to, shapes))
        )

    def _demanded(self, files: list[Path], path: str) -> list[Path]:
        if not files and path == ".":
            problem = _(
                "{folder}: no files of RDF here, neither in {data} nor elsewhere; their names end in {endings}",
                folder=self.root,
                data="data/",
                endings=", ".join(SUFFIXES),
            )
            raise UsageError(problem)
        if not files:
            raise UsageError(_("{folder}: no files of RDF here", folder=shown(self.root / path)))
        return files


def _there(file: Path) -> list[Path]:
    return [file] if file.is_file() else []


def _is_derived(path: PurePath) -> bool:
    """Whether a path from the root is hidden, or in a folder that programs write."""
    return any(part[0] == "." or part in _DERIVED for part in path.parts)


def _kind(query: Path) -> int:
    """Where the file of a query comes: a question first, then tables, then views."""
    return _KINDS.index(query.parent.name) + 1 if query.parent.name in _KINDS else 0


def _asks_elsewhere(query: Path) -> bool:
    """Whether a query is one of those that ask Wikidata as well, by its folder."""
    return query.parent.name == FEDERATED
