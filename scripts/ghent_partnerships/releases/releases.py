"""The graph as it was: at a revision of git, in files, and in each release."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from ..errors import UsageError
from ..project.git import files_at, numbers, releases
from ..project.paths import checkout, root
from ..rdf.namespaces import DATA_SET, PREFIXES
from ..translation import message as _

FOLDERS = {"data": ".ttl", "ontology": ".ttl", "queries": ".rq"}
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


def published(revision: str) -> tuple[dict[str, list[Triple]], dict[str, bytes]]:
    """The statements and the queries that were published from a revision, by path.

    Raises:
        UsageError: git knows no such revision, or a file of it is not Turtle.
    """
    statements, queries = {}, {}
    for path, content in files_at(revision, FOLDERS).items():
        if PurePosixPath(path).suffix != FOLDERS[path.partition("/")[0]]:
            continue
        if path.endswith(QUERY):
            queries[path] = content
            continue
        try:
            base = (root() / path).as_uri()
            turtle = pyoxigraph.parse(content, format=RdfFormat.TURTLE, base_iri=base)
            statements[path] = [quad.triple for quad in turtle]
        except SyntaxError as error:
            problem = _(
                "{path}: in {revision} it is not Turtle, so what was published is not known",
                path=path,
                revision=revision,
            )
            raise UsageError(problem) from error
    return statements, queries


def graph_at(revision: str) -> list[Triple]:
    """The graph at a revision.

    Raises:
        UsageError: git knows no such revision, or there was no graph, or none that can be read.
    """
    statements = published(revision)[0]
    graph = [graph_part for path, graph_part in statements.items() if path not in _ABOUT]
    if not graph:
        raise UsageError(_("{revision}: there is no graph in that revision", revision=revision))
    return list(dict.fromkeys(chain.from_iterable(graph)))


def released(now: Iterable[Triple]) -> list[Release]:
    """Each release up to the version that the graph states, the oldest first, as its tag has it. A version that
    has no tag yet is the release that is being made: the graph as it is.

    Raises:
        UsageError: git is missing, or there is no checkout with its whole history, or a release cannot be read.
    """
    statements = list(now)
    version = value_of(statements, VERSION)
    limit = numbers(version) or ()
    tagged = _kept() if checkout() is None else {tag: partial(graph_at, tag) for tag in releases()}
    by_number = {}
    for tag, graph in tagged.items():
        number = numbers(tag.removeprefix("v"))
        if number is not None and number <= limit:
            then = graph()
            by_number[number] = Release(tag.removeprefix("v"), value_of(then, ISSUED), then)
    if limit and limit not in by_number:
        by_number[limit] = Release(version, value_of(statements, ISSUED), statements)
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
    return list(
        dict.fromkeys(quad.triple for content in graphs for quad in pyoxigraph.parse(content, RdfFormat.TURTLE))
    )


def value_of(statements: Iterable[Triple], predicate: NamedNode) -> str:
    """Return the literal that the data set has for a predicate, or an empty text."""
    about = NamedNode(DATA_SET)
    values = (triple.object for triple in statements if (triple.subject, triple.predicate) == (about, predicate))
    return next((value.value for value in values if isinstance(value, Literal)), "")
