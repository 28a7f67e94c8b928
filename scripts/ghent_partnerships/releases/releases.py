"""The graph as it was: at a revision of git, in files, and in each release."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from ..errors import UsageError
from ..project.git import files_at, numbers, releases
from ..project.graph import LOADED
from ..project.project import SNAPSHOT, SUFFIXES, Project
from ..rdf.namespaces import PREFIXES
from ..translation import message as _

QUERY = ".rq"
_KEPT = Path(__file__).with_name("kept")  # the build hook writes it
_ABOUT = (
    "data/shapes.ttl",
    "ontology/rules.ttl",
    "ontology/shapes.ttl",
    "ontology/style.ttl",
)  # rules, and no part of the graph
VERSION, ISSUED = NamedNode(PREFIXES["dcat"] + "version"), NamedNode(PREFIXES["dcterms"] + "issued")


@dataclass(frozen=True)
class Release:
    """A release: its version, its issue date, and the statements of the graph."""

    version: str
    issued: str
    triples: list[Triple]


def published(revision: str, project: Project) -> tuple[dict[str, list[Triple]], dict[str, bytes]]:
    """The statements and the queries that were published from a revision, by path.

    Raises:
        UsageError: git knows no such revision, or a file of it is not RDF.
    """
    from ..rdf.parse import parse

    statements, queries = {}, {}
    for path, content in files_at(revision, {*project.data_paths, *project.folders}, project).items():
        suffix = PurePosixPath(path).suffix
        if suffix == QUERY:
            queries[path] = content
        if suffix not in SUFFIXES or (path == SNAPSHOT and not project.is_plain):
            continue
        document = parse(project.root / path, content, name=path)
        if not document.readable:
            problem = _(
                "{path}: in {revision} it cannot be read, so what was published is not known",
                path=path,
                revision=revision,
            )
            raise UsageError(problem)
        statements[path] = [*document.triples]
    return statements, queries


def graph_at(revision: str, project: Project) -> list[Triple]:
    """The graph of a project at a revision.

    Raises:
        UsageError: git knows no such revision, or there was no graph, or none that can be read.
    """
    shapes = {*_ABOUT, *project.settings.shapes}
    graph = [
        graph_part
        for path, graph_part in published(revision, project)[0].items()
        if path not in shapes and (not project.is_plain or project.has_data_at(PurePosixPath(path)))
    ]
    if not graph:
        raise UsageError(_("{revision}: there is no graph in that revision", revision=revision))
    return list(dict.fromkeys(chain.from_iterable(graph)))


def released(now: Iterable[Triple], project: Project) -> list[Release]:
    """Each release of a project up to the version that the graph states, the oldest first, as its tag has it. A version
    that has no tag yet is the release that is being made: the graph as it is. A tag of another data set is none.

    Raises:
        UsageError: git is missing, or there is no checkout with its whole history, or a release cannot be read.
    """
    statements = list(now)
    about, start = NamedNode(project.data_set.iri or project.base), project.settings.tags
    version = value_of(statements, about, VERSION)
    limit = numbers(version) or ()
    if project.checkout is None:
        tagged = _kept()
    else:
        tagged = {tag: partial(graph_at, tag, project) for tag in releases(project)}
    by_number = {}
    for tag, graph in tagged.items():
        number = numbers(tag.removeprefix(start))
        if number is not None and number <= limit:
            then = graph()
            if value_of(then, about, VERSION):  # else it was another data set's
                by_number[number] = Release(tag.removeprefix(start), value_of(then, about, ISSUED), then)
    if limit and limit not in by_number:
        by_number[limit] = Release(version, value_of(statements, about, ISSUED), statements)
    return [by_number[number] for number in sorted(by_number)]


def _kept() -> dict[str, Callable[[], list[Triple]]]:
    """What gives the graph of each release that the package carries, by tag."""
    if not (_KEPT / "releases.txt").is_file():
        raise UsageError(_("the package was built without the history of its repository"))
    tags = (_KEPT / "releases.txt").read_text(encoding="utf-8").split()
    return {tag: partial(_kept_graph, _KEPT / f"{tag}.tar") for tag in tags}


def _kept_graph(file: Path) -> list[Triple]:
    with tarfile.open(file) as archive:
        members = sorted(member.name for member in archive if member.isfile() and member.name.endswith(".ttl"))
        graphs = [archive.extractfile(name).read() for name in members if name not in _ABOUT]  # type: ignore[union-attr]
    return list(dict.fromkeys(quad.triple for content in graphs for quad in pyoxigraph.parse(content, LOADED[".ttl"])))


def value_of(statements: Iterable[Triple], about: NamedNode, predicate: NamedNode) -> str:
    """Return the literal that the data set of this IRI has for a predicate, or an empty text."""
    values = (triple.object for triple in statements if (triple.subject, triple.predicate) == (about, predicate))
    return next((value.value for value in values if isinstance(value, Literal)), "")
