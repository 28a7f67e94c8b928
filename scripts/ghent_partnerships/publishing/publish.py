"""Publish the graph: whole, in parts, as tables, maps and views, and a document for each resource.

The files depend on the graph alone: everything is sorted, and no clock is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address
from itertools import chain
from os import PathLike
from pathlib import Path
from urllib.parse import urlsplit

import deflate
from pyoxigraph import BlankNode, NamedNode, Store, Triple

from ..dist import CHECKSUMS
from ..errors import InvalidError, UsageError
from ..findings import Finding
from ..project.paths import query_files, root
from ..rdf import jsonld, rdf_xml, serialize
from ..rdf.index import GraphIndex
from ..rdf.namespaces import BASE, DATA_SET, ID, PREFIXES
from ..rdf.parse import Document
from ..rdf.serialize import File
from ..rdf.source_map import SourceMap
from ..rdf.turtle import UnwritableError, by_subject, published
from ..releases import releases as history
from ..sparql.views import VIEWS, DataSet, data_set, stored, view
from ..text import Text
from ..translation import message as _
from ..validation.check import check_project
from ..validation.collection import uncollected
from ..validation.documents import ProjectDocuments, project_documents
from . import feed, geojson, tables
from .catalogue import catalogue, void
from .catalogue.catalogue import Written
from .catalogue.distributions import DUMPS, LISTED
from .directory import replace_directory
from .feed import Step
from .site import query_page, site

Progress = Callable[[Text], None]  # is called with what is being done

_OURS = "ghent-partnerships.ttl"
_COMPRESSED = ".gz"
_LEVEL = 6
_TABLE, _BOM = ".csv", b"\xef\xbb\xbf"  # by which Excel knows UTF-8, and which readers of CSVW take for a title's
_PATH = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z][\w-]*)?")
# No user, query or fragment, which an address of a page below it could not have; nothing that HTML or XML would read.
_SITE = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?+)(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*+"
)
_DATA, _LINKS, _ONTOLOGY, _QUOTED = (PREFIXES["dataset"] + name for name in ("data", "links", "ontology", "sources"))
_HAS_TOP, _TOP_OF = (NamedNode(PREFIXES["skos"] + name) for name in ("hasTopConcept", "topConceptOf"))
_SOURCES = (PREFIXES["source"], PREFIXES["fragment"])
_LINKING = (PREFIXES["owl"] + "sameAs", PREFIXES["schema"] + "sameAs")


@dataclass(frozen=True)
class Published:
    """What was published: where, how many files, resources and triples, and whether the site can be queried and
    searched, for which it needs the bundle that ``make web`` makes. ``feed_problem`` is why there is no feed of
    changes, or which changes it lacks."""

    directory: Path
    files: int
    resources: int
    triples: int
    has_scripts: bool
    feed_problem: Text | None


def publish(
    directory: str | PathLike[str] = "dist",
    *,
    address: str = BASE,
    sparql: bool = True,
    report: Progress = lambda _stage: None,
) -> Published:
    """Validate the graph and write it to a directory, whole or not at all, with a site to read it.

    The files are prepared beside the directory and take its place in one step. A directory that holds anything that
    ``publish`` did not write is left alone. ``address`` is where the site will be served: addresses that must be
    absolute, such as canonical links, begin with it; ``sparql`` says whether there will be an endpoint at ``sparql``
    below it, which the catalogue then lists. ``report`` is called with what is being done.

    Raises:
        InvalidError: the graph does not validate.
        UsageError: the directory cannot be written, or holds other files; or the address is not one of a site.
    """
    address = _address(address)
    report(_("checking the graph"))
    documents = project_documents()
    found = (finding for finding in check_project(documents).findings if finding.level == "violation")
    findings = [*found, *_unpublishable(documents), *_uncatalogued(documents)]
    if findings:
        raise InvalidError(findings)
    target = Path(directory)
    stated = _triples(documents.graph)
    triples = [*stated, *top_concepts(stated)]
    rules = {
        "shapes": _triples([documents.shapes, documents.rules]),
        "style": _triples([documents.style]),
        "queries": _triples(documents.queries),
    }
    with uncollected():
        others = list(chain.from_iterable(rules.values()))
        resources, shown = serialize.resources([*triples, *others]), serialize.resources([*stated, *others])
        context = jsonld.Context(by_subject([*triples, *others]))
        store = stored(stated)
        graph_index, of = GraphIndex([*stated, *others]), data_set(store)
        written: dict[str, Written] = {}
        steps, feed_problem = _steps(stated, of)
        files = chain(
            _copies(),
            _noted(
                chain(_graphs(triples, rules, context), serialize.documents(resources, context), derived(store)),
                written,
            ),
            site.files(graph_index, shown, store, of, address, steps, sparql=sparql),
            _noted(_feed(steps, of, address), written),
            _described(triples, graph_index, of, written, address, sparql=sparql),
        )
        whole = _reported(with_checksums(with_compressed(files)), report)
        try:
            count = replace_directory(target, whole, _written)
        except UnwritableError as error:
            raise UsageError(_("the graph cannot be published: {problem}", problem=error.text)) from error
    return Published(target, count, len(resources), len(triples), query_page.bundled(), feed_problem)


def _address(given: str) -> str:
    """The address with a slash at its end."""
    if not _SITE.fullmatch(given) or not _is_address(given):
        problem = _(
            "--site {address}: not the address of a site (expected one like {like})",
            address=given,
            like="https://example.org/partnerships/",
        )
        raise UsageError(problem)
    return given if given.endswith("/") else f"{given}/"


def _is_address(given: str) -> bool:
    """Whether the host and the port are such, and no part of the path leads up."""
    try:
        parts = urlsplit(given)
        if parts.port == 0:
            return False
        if "[" in parts.netloc:
            IPv6Address(parts.hostname or "")
    except ValueError:
        return False
    return ".." not in parts.netloc and not {".", ".."} & set(parts.path.split("/"))


def _graphs(
    triples: Sequence[Triple], rules: Mapping[str, Sequence[Triple]], context: jsonld.Context
) -> Iterator[File]:
    terms = [triple for triple in triples if part(triple.subject.value, triple.predicate.value) == _ONTOLOGY]  # type: ignore[union-attr]
    yield "context.jsonld", context.document()
    yield from serialize.dataset("ghent-partnerships", triples, context, part)
    for name, statements in {"ontology": terms, **rules}.items():
        yield from serialize.graph(name, statements, context)


def top_concepts(triples: Iterable[Triple]) -> list[Triple]:
    """The triples that link each scheme to its top concepts, in both directions: the tools for SKOS begin at
    these. They follow from what is stated, so they are derived when that is published."""
    found = list(triples)
    below: set[object] = {triple.subject for triple in found if triple.predicate.value == PREFIXES["skos"] + "broader"}
    below |= {triple.object for triple in found if triple.predicate.value == PREFIXES["skos"] + "narrower"}
    top = [
        triple
        for triple in found
        if triple.predicate.value == PREFIXES["skos"] + "inScheme" and triple.subject not in below
    ]
    known = set(found)
    derived = chain.from_iterable(
        (Triple(scheme, _HAS_TOP, concept), Triple(concept, _TOP_OF, scheme)) for concept, _, scheme in top
    )
    return [triple for triple in dict.fromkeys(derived) if triple not in known]


def part(subject: str, predicate: str) -> str:
    """The named graph of a statement by its kind: the ontology, the sources, the links to others, or the data."""
    if not subject.startswith(ID):
        return _ONTOLOGY
    if subject.startswith(_SOURCES):
        return _QUOTED
    return _LINKS if predicate in _LINKING else _DATA


def derived(store: Store) -> Iterator[File]:
    """The views of the graph, its tables and maps, and what it is."""
    for name in VIEWS:
        statements = by_subject(view(store, name))
        if name == "schema":  # search engines read JSON-LD
            yield f"{name}.jsonld", jsonld.write(statements, jsonld.SchemaContext())
        else:
            yield f"{name}.ttl", published(statements, PREFIXES).encode()
    of = data_set(store)
    answers = [tables.table(store, name, of.languages) for name in tables.TABLES]
    for path, content in tables.tables(answers, of):
        yield path, content
        if path.endswith(_TABLE):
            yield f"{path.removesuffix(_TABLE)}.excel{_TABLE}", _BOM + content
    yield from geojson.maps(answers, of)
    yield "README.md", _readme(of)


def _readme(of: DataSet) -> bytes:
    """What the directory holds, under which licence and whom to name, in each language."""
    version = f"{of.version}, {of.issued}"
    parts = (
        of.title.map(lambda title: f"# {title}"),
        of.description,
        _(
            "Version {version}. Licence: <{licence}>. {rights}",
            version=version,
            licence=of.licence,
            rights=of.rights,
        ),
        _(
            "`ghent-partnerships.ttl` is the whole graph; `csv-metadata.json` says what the columns of the tables "
            "mean; `{checksums}` lists all files.",
            checksums=CHECKSUMS,
        ),
    )
    return ("\n\n".join(part.localized(language) for language in of.languages for part in parts) + "\n").encode()


def _copies() -> Iterator[File]:
    for file in query_files():
        yield file.relative_to(root()).as_posix(), file.read_bytes()


def _triples(documents: Iterable[Document]) -> list[Triple]:
    return list(dict.fromkeys(triple for document in documents for triple in document.triples))


def _unpublishable(documents: ProjectDocuments) -> Iterator[Finding]:
    """What has no document, and what a format cannot hold: odd IRIs, blank nodes in the data, what RDF/XML lacks."""
    for document in (*documents.graph, documents.shapes, documents.rules, documents.style, *documents.queries):
        source_map = SourceMap([document], [])
        for triple in document.triples:
            if BlankNode in (type(triple.subject), type(triple.object)) and document in documents.graph:
                message = _("A blank node cannot be published: {triple}.", triple=triple)
                help_ = _("Give it an IRI of the scheme.")
                yield Finding(message=message, help=help_, location=source_map.of(*triple))
            subject = str(triple.subject)[1:-1]
            if subject.startswith(ID) and not _PATH.fullmatch(subject.removeprefix(ID)):  # it becomes a file's path
                message = _("<{iri}> is not an IRI of the scheme {scheme}.", iri=subject, scheme=f"{ID}<type>/<slug>")
                help_ = _("Write the slug in lower-case ASCII words joined by hyphens.")
                yield Finding(message=message, help=help_, location=source_map.of(*triple))
            if any(isinstance(term, NamedNode) and term.value.startswith("file:") for term in triple):
                message = _(
                    "A relative IRI names a file of this machine, and cannot be published: {triple}.", triple=triple
                )
                yield Finding(message=message, help=_("Write it in full."), location=source_map.of(*triple))
            if (found := rdf_xml.fault(triple)) is not None:
                reason, remedy = found
                message = _("{reason}: {triple}.", reason=reason, triple=triple)
                yield Finding(message=message, help=remedy, location=source_map.of(*triple))


def _uncatalogued(documents: ProjectDocuments) -> Iterator[Finding]:
    """What the data set says of itself and the catalogue cannot."""
    for document in documents.graph:
        if any(triple.subject == NamedNode(DATA_SET) for triple in document.triples):
            yield from catalogue.unknown(GraphIndex(document.triples), document.name)


def _noted(files: Iterable[File], written: dict[str, Written]) -> Iterator[File]:
    """The files, and in ``written`` what the catalogue says of them."""
    for path, content in files:
        if path in LISTED:
            written[path] = Written(len(content), sha256(content).hexdigest())
        yield path, content


def _steps(triples: Sequence[Triple], of: DataSet) -> tuple[list[Step], Text | None]:
    """The releases up to what is published now, and what is not in the feed of them, if something is not."""
    if not of.version or not of.issued:
        return [], None  # the graph does not describe the project's data set
    try:
        releases = history.released(triples)
    except UsageError as error:
        return [], _("there is none: {problem}", problem=error.text)
    last = releases[-1]
    feed_problem = None
    if set(last.triples) != set(triples):
        feed_problem = _("it ends with {version}, and the graph has changed since", version=last.version)
    return feed.steps(releases), feed_problem


def _feed(steps: Sequence[Step], of: DataSet, address: str) -> Iterator[File]:
    if steps:
        yield from feed.files(steps, of, address)


def _described(
    triples: Sequence[Triple],
    graph_index: GraphIndex,
    of: DataSet,
    written: Mapping[str, Written],
    address: str,
    *,
    sparql: bool,
) -> Iterator[File]:
    """What portals read of all the files that were written before; nothing where the graph states no licence."""
    if not of.licence:
        return
    yield from catalogue.files(graph_index, of, written, address, sparql=sparql)
    dumps = [address + path for path in DUMPS if path in written]
    yield (
        void.WELL_KNOWN,
        void.document(triples, graph_index, of.languages, dumps, f"{address}{catalogue.SPARQL}" if sparql else None),
    )


def _reported(files: Iterable[File], report: Progress) -> Iterator[File]:
    for number, file in enumerate(files, 1):
        report(_("writing the graph: {number:,} files", number=number))
        yield file


def with_compressed(files: Iterable[File]) -> Iterator[File]:
    """Each file, and beside it a copy compressed by gzip, without a time stamp and by one library: the same bytes.

    What a host reads itself, such as ``.htaccess`` and ``_headers``, has no copy.
    """
    for path, content in files:
        yield path, content
        if path.rpartition("/")[2][0] not in "._":
            yield f"{path}{_COMPRESSED}", bytes(deflate.gzip_compress(content, _LEVEL))


def with_checksums(files: Iterable[File]) -> Iterator[File]:
    """The files, and a list of their SHA-256 as ``sha256sum --check`` reads it."""
    lines = []
    for path, content in files:
        lines.append(f"{sha256(content).hexdigest()}  {path}\n")
        yield path, content
    yield CHECKSUMS, "".join(sorted(lines, key=lambda line: line[66:])).encode()


def _written(directory: Path) -> Iterator[str]:
    """The files in the directory that ``publish`` wrote and that are as they were written, their list the last."""
    checksums = directory / CHECKSUMS
    if checksums.is_symlink() or not checksums.is_file():
        return
    listed: dict[str, str] = {}
    for line in checksums.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, path = line.partition("  ")
        listed[path] = digest
    if _OURS not in listed:  # other people list their files in the same way
        return
    for file in directory.rglob("*"):
        path = file.relative_to(directory).as_posix()
        plain = path in listed and file.is_file() and not file.is_symlink()
        if plain and sha256(file.read_bytes()).hexdigest() == listed[path]:
            yield path
    yield CHECKSUMS
