"""What to check: first the files, then the documents that are read from them, each once.

The files are those of the project, with given ones in their place or added; or files of others, with their shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from ..errors import UsageError
from ..files import STANDARD_INPUT, expand, read, shown, standard_input
from ..project.location import found
from ..project.project import SUFFIXES, Project
from ..rdf import parse
from ..rdf.parse import Document
from ..sparql.executables import executables
from ..translation import message as _
from .collection import uncollected
from .imports import Imports

QUERY = ".rq"
_FIXABLE = (".ttl", ".trig", ".nt", ".nq")  # what has the place of every statement
Contents = Mapping[Path, bytes]  # of files, by their absolute paths


@dataclass(frozen=True)
class ProjectDocuments:
    """The documents of a project: the graph, of which the ontology is a part, the shapes, the words of the rules beyond
    them, their style, the queries, and those that ask Wikidata too. A plain project has neither ontology nor rules nor
    style."""

    project: Project
    graph: list[Document]
    ontology: list[Document]
    shapes: list[Document]
    rules: list[Document]
    style: list[Document]
    queries: list[Document]
    federated: list[Document] = field(default_factory=list)
    contents: Contents = field(default_factory=dict, repr=False)

    @property
    def fixable(self) -> Collection[Path]:
        """The absolute paths of the files that may be fixed."""
        return self.contents.keys()

    def with_contents(self, contents: Contents) -> ProjectDocuments:
        """The documents with other contents of some files of RDF; only these are parsed."""
        every = (*self.graph, *self.shapes, *self.rules, *self.style)
        renewed = {id(was): now for was, now in zip(every, _renewed(every, contents), strict=True)}
        return replace(
            self,
            graph=[renewed[id(document)] for document in self.graph],
            ontology=[renewed[id(document)] for document in self.ontology],
            shapes=[renewed[id(document)] for document in self.shapes],
            rules=[renewed[id(document)] for document in self.rules],
            style=[renewed[id(document)] for document in self.style],
            contents={**self.contents, **contents},
        )


@dataclass(frozen=True)
class Others:
    """The documents of others, and those of their shapes, each with what they import.

    ``fixable`` are the absolute paths of the files that may be fixed: those of Turtle and its kin that were named, and
    not what they import.
    """

    data: list[Document]
    shapes: list[Document]
    fixable: Collection[Path]
    contents: Contents = field(default_factory=dict, repr=False)

    def with_contents(self, contents: Contents) -> Others:
        """The documents with other contents of some files; only these are parsed."""
        return replace(
            self,
            data=_renewed(self.data, contents),
            shapes=_renewed(self.shapes, contents),
            contents={**self.contents, **contents},
        )


@dataclass(frozen=True)
class ProjectFiles:
    """The files of a project to check, the ``given`` ones in the place of those that they stand for, or added."""

    project: Project
    given: Sequence[Path]
    graph: Sequence[Path]
    ontology: Sequence[Path]
    shapes: Sequence[Path]
    rules: Sequence[Path]
    style: Sequence[Path]
    queries: Sequence[Path]
    federated: Sequence[Path] = ()

    @property
    def paths(self) -> list[Path]:
        """The files that are checked, and those that others take the place of."""
        return [*self.given, *self.project.files()]

    def load(self, contents: Contents | None = None) -> ProjectDocuments:
        """Return the documents, of these contents; by default the files are read.

        Raises:
            UsageError: a file is missing, unreadable, no regular file, or neither RDF nor a query.
        """
        if contents is None:
            contents = _contents((*self.graph, *self.shapes, *self.rules, *self.style, *self.queries, *self.federated))
        graph = {file: _document(file, contents) for file in self.graph}
        return ProjectDocuments(
            self.project,
            [*graph.values()],
            [graph[file] for file in self.ontology],
            [_document(file, contents) for file in self.shapes],
            [_rules(file, contents) for file in self.rules],
            [_document(file, contents) for file in self.style],
            executables(self.project, self.queries, contents),
            executables(self.project, self.federated, contents),
            contents,
        )


@dataclass(frozen=True)
class OtherFiles:
    """Files of others to check and files of shapes, and the paths, of directories too, that were given for them."""

    given: Sequence[Path]
    given_shapes: Sequence[Path]
    data: Sequence[Path]
    shapes: Sequence[Path]

    @property
    def paths(self) -> list[Path]:
        """The files that are checked."""
        return [*self.data, *self.shapes]

    def load(
        self, *, allow_network: bool, contents: Contents | None = None, reader: Callable[[Path], bytes] = read
    ) -> Others:
        """Return the documents, of these contents, with what they import, which ``reader`` reads; by default the files
        are read.

        Raises:
            UsageError: a file is missing, unreadable, no regular file, or no RDF.
        """
        known = dict(_contents(self.paths) if contents is None else contents)

        def remembered(path: Path) -> bytes:
            if (absolute := path.resolve()) not in known:
                known[absolute] = reader(path)
            return known[absolute]

        folders = [path for path in (*self.given, *self.given_shapes) if path.is_dir()]
        imports = Imports(remembered, allow_network=allow_network, folders=folders)
        documents: dict[Path, Document] = {}
        for file in self.paths:
            if (path := file.resolve()) not in documents:
                documents[path] = imports.document(file) if path in known else _document(file, known)
        data, shapes = (
            imports.followed([documents[file.resolve()] for file in files]) for files in (self.data, self.shapes)
        )
        fixable = {path for path in map(Path.resolve, self.data) if documents[path].path.suffix in _FIXABLE}
        return Others(data, shapes, fixable, known)


Files = ProjectFiles | OtherFiles
Documents = ProjectDocuments | Others


def resolve(project: Project | None, files: Sequence[Path], shapes: Sequence[Path] = ()) -> Files:
    """Return the files to check: those of the project with the given ones; or with shapes or without a project, only
    those that are given.

    Raises:
        UsageError: a path is missing or is neither a regular file nor a directory, a directory holds nothing to check,
            or two files stand for the same one of the project.
    """
    if shapes or (project is None and files):
        return OtherFiles(
            files, shapes, expand(files, parse.SUFFIXES), expand(shapes, parse.SUFFIXES) if shapes else []
        )
    project = project or found()
    apart = None if project.is_plain else project.snapshot_file.resolve()  # checked only where it is named itself
    expanded = expand(files, parse.SUFFIXES | {QUERY})
    return project_files(project, [file for file in expanded if file in files or file.resolve() != apart])


def load(files: Files, *, allow_network: bool = False) -> Documents:
    """Return the documents of the files, each of which is read once.

    Raises:
        UsageError: a file is unreadable or is neither RDF nor, in a project, a query.
    """
    with uncollected():
        return files.load() if isinstance(files, ProjectFiles) else files.load(allow_network=allow_network)


def project_files(project: Project, given: Sequence[Path] = (), then: Collection[Path] | None = None) -> ProjectFiles:
    """Return the files of the project, with the given files in the place of those that they stand for, or added.

    ``then`` are the absolute paths of all files at another time: what is not among them was not.

    Raises:
        UsageError: two files stand for the same one, or files of the project are missing.
    """
    given = [file for file in given if then is None or file.resolve() in then]
    stands_for = project.stands_for(given)
    instead: dict[Path, Path] = {}
    for file, project_file in stands_for.items():
        if (earlier := instead.setdefault(project_file, file)) is not file:
            problem = _(
                "{file}: stands for {project_file}, as {earlier} does; give one of the two",
                file=file,
                project_file=shown(project_file),
                earlier=earlier,
            )
            raise UsageError(problem)
    added = [file for file in given if file not in stands_for]

    def current(files: Iterable[Path]) -> list[Path]:
        now = [instead.get(file, file) for file in files]
        return now if then is None else [file for file in now if file.resolve() in then]

    apart = project.snapshot_file.resolve()

    def removed(folder: str, suffix: str) -> list[Path]:
        above = project.root.resolve() / folder
        return sorted(
            path
            for path in then or ()
            if path.suffix == suffix and above in path.parents and not path.exists() and path != apart
        )

    gone = [path for folder in project.data_paths for suffix in SUFFIXES for path in removed(folder, suffix)]
    graph = current([*project.graph_files(), *gone])
    about = [] if project.is_plain else [project.shapes_file(), project.rules_file(), project.style_file()]
    first = [file for file in given if file in graph or (file in added and file.suffix != QUERY)]  # the likely culprits
    return ProjectFiles(
        project,
        given,
        list(dict.fromkeys([*first, *graph])),
        current(project.ontology_files()),
        [instead.get(file, file) for file in (*about[:1], *project.shape_files())],
        [instead.get(file, file) for file in about[1:2]],
        [instead.get(file, file) for file in about[2:]],
        [
            *current(
                [
                    *(file for file in project.query_files() if not project.is_carried(file)),
                    *(path for folder in project.query_folders for path in removed(folder, QUERY)),
                ]
            ),
            *(file for file in added if file.suffix == QUERY),
        ],
        current([file for file in project.federated_files() if not project.is_carried(file)]),
    )


def project_documents(project: Project) -> ProjectDocuments:
    """Return the documents of a project.

    Raises:
        UsageError: a file is missing or unreadable.
    """
    return project_files(project).load()


def everything(documents: ProjectDocuments) -> list[Document]:
    """All the documents; those of the ontology twice, as they are part of the graph and described."""
    return [*documents.graph, *described(documents)]


def described(documents: ProjectDocuments) -> list[Document]:
    """The documents that ``ontology/style.ttl`` is about, itself among them."""
    about = (documents.ontology, documents.shapes, documents.rules, documents.style)
    return [*chain.from_iterable(about), *documents.queries, *documents.federated]


def _contents(files: Iterable[Path]) -> dict[Path, bytes]:
    """What the files hold now."""
    once = {file.resolve(): file for file in files}
    return {path: standard_input() if file == STANDARD_INPUT else read(file) for path, file in once.items()}


def _document(file: Path, contents: Contents) -> Document:
    """The document of a file of RDF; of one without contents, one that cannot be read."""
    if (content := contents.get(file.resolve())) is None:
        return Document(file, shown(file), readable=False)
    return parse.standard_input(content) if file == STANDARD_INPUT else parse.parse(file, content)


def _rules(file: Path, contents: Contents) -> Document:
    """The document of the words of the rules. A revision may have none: once they stood beside the checks, in the
    code, so that nothing is unread without it."""
    document = _document(file, contents)
    return document if file.resolve() in contents else replace(document, readable=True)


def _renewed(documents: Iterable[Document], contents: Contents) -> list[Document]:
    """The documents, of which those are read again whose files have other contents."""
    changed = {path.as_uri(): content for path, content in contents.items()}
    return [
        parse.parse(document.path, changed[document.base], name=document.name, base=document.base)
        if document.base in changed
        else document
        for document in documents
    ]
