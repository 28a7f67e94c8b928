"""Publish the graph: whole, in parts, as tables, maps and views, and a document for each resource.

The files depend on the graph alone: everything is sorted, and no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from os import PathLike
from pathlib import Path

import deflate
from pyoxigraph import Literal, NamedNode, Store, Triple

from ..dist import CHECKSUMS, SITE
from ..errors import InvalidError, UsageError
from ..project import location
from ..project.project import Project
from ..rdf import jsonld, serialize
from ..rdf.concepts import top_concepts
from ..rdf.index import GraphIndex
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import Document
from ..rdf.serialize import File
from ..rdf.turtle import UnwritableError, by_subject, published
from ..releases import releases as history
from ..sparql import library
from ..sparql.executables import executables
from ..sparql.views import VIEWS, DataSet, stored, view
from ..text import NO_TEXT, Text
from ..translation import message as _
from ..validation.check import check_project
from ..validation.collection import uncollected
from ..validation.documents import ProjectDocuments, project_documents
from . import addresses, croissant, feed, geojson, plain, readme, site_file, tables, with_sources
from . import documents as documents_about
from .catalogue import catalogue, void
from .catalogue.authorities import licence_name
from .catalogue.catalogue import Written, sampled
from .catalogue.distributions import distributions, dumps
from .directory import replace_directory
from .feed import Step
from .publication import Publication
from .site import previews, query_page, site
from .site_address import site_address

Progress = Callable[[Text], None]  # is called with what is being done

_COMPRESSED = ".gz"
_LEVEL = 6
_TABLE, _BOM = ".csv", b"\xef\xbb\xbf"  # by which Excel knows UTF-8, and which readers of CSVW take for a title's
_ONTOLOGY = "ontology"
_LINKING = (PREFIXES["owl"] + "sameAs", PREFIXES["schema"] + "sameAs")


@dataclass(frozen=True)
class Published:
    """What was published: where, how many files, resources and triples, and whether the site can be queried and
    searched, for which it needs the bundle that ``make web`` makes, as do the pictures that other sites show of pages.
    ``feed_problem`` is why there is no feed of changes, or which changes it lacks."""

    directory: Path
    files: int
    resources: int
    triples: int
    has_scripts: bool
    feed_problem: Text | None
    has_previews: bool = False


def publish(
    directory: str | PathLike[str] = "dist",
    project: Project | str | PathLike[str] | None = None,
    *,
    address: str | None = None,
    sparql: bool = True,
    report: Progress = lambda _stage: None,
) -> Published:
    """Validate the graph of a project, by default the one around the working directory, and write it to a directory,
    whole or not at all, with a site to read it.

    The files are prepared beside the directory and take its place in one step. A directory that holds anything that
    ``publish`` did not write is left alone. ``address`` is where the site will be served: addresses that must be
    absolute, such as canonical links, begin with it; by default it is that of the settings, or else what the IRIs of
    the project start with. ``sparql`` says whether there will be an endpoint at ``sparql`` below it, which the
    catalogue then lists. ``report`` is called with what is being done.

    Raises:
        InvalidError: the graph does not validate.
        UsageError: there is no project; the directory cannot be written, or holds other files; or the address is not
            one of a site.
    """
    project = location.chosen(project)
    address = address if address is not None else project.settings.site or project.base or None
    address = None if address is None else site_address(address)
    report(_("checking the graph"))
    documents, target = _checked(project), Path(directory)
    with _refusing():
        stated = serialize.in_order(_triples(documents.graph))
    triples, rules = [*stated, *top_concepts(stated)], _rules(project, documents)
    with uncollected():
        others = list(chain.from_iterable(rules.values()))
        at = addresses.of(project, [*stated, *others])
        address = address or site_address(plain.address(at))
        resources, shown = (serialize.resources([*part, *others], at.roots) for part in (triples, stated))
        store = stored(stated)
        graph_index, of = GraphIndex([*stated, *others], project.prefixes), plain.data_set(store, project)
        steps, feed_problem = _steps(stated, project, of.version)
        answers = [] if project.is_plain else tables.answers(store, project, of.languages)
        publication = _publication(project, of, at, address, graph_index, fed=bool(steps), sparql=sparql)
        context = _context([*triples, *others], resources, publication)
        written, metadata, listed = dict[str, Written](), dict[str, bytes](), _listed(publication, graph_index)
        data = chain(
            _graphs(triples, rules, _defined(documents), context, publication),
            with_sources.files(triples, graph_index, publication),
            serialize.documents(documents_about.linked(resources, triples, publication), context, at.of),
            _kept(derived(store, publication, answers), tables.METADATA, metadata),
        )
        files = chain(
            _copies(project),
            _noted(data, listed, written, publication.sizes),
            (plain.site if project.is_plain else site.files)(graph_index, shown, store, publication, steps, answers),
            _noted(feed.files(steps, publication) if steps else (), listed, written, publication.sizes),
            _described(triples, graph_index, publication, written, metadata),
            [(SITE, site_file.content(triples, resources, publication))],
        )
        with _refusing():
            count = replace_directory(target, _reported(with_checksums(with_compressed(files)), report), _written)
    counts, has_previews = (count, len(resources), len(triples)), publication.has_previews or project.is_plain
    return Published(target, *counts, publication.has_scripts, feed_problem, has_previews)


def _publication(
    project: Project,
    of: DataSet,
    at: addresses.Addresses,
    address: str,
    graph_index: GraphIndex,
    *,
    fed: bool,
    sparql: bool,
) -> Publication:
    """The project as it is published, with the parts of the site that what is at hand can make."""
    named = licence_name(of.licence, graph_index) if of.licence else NO_TEXT
    has_previews = not project.is_plain and previews.drawable()
    return Publication(project, of, at, address, named, query_page.bundled(), fed, sparql, has_previews)


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise a UsageError for what no format has a place for."""
    try:
        yield
    except UnwritableError as error:
        raise UsageError(_("the graph cannot be published: {problem}", problem=error.text)) from error


def _context(triples: Iterable[Triple], resources: Iterable[str], publication: Publication) -> jsonld.Context:
    """The keys of the JSON-LD of the triples and of what documents say of themselves, which is alike for all."""
    of_document = [triple for iri in islice(resources, 1) for triple in documents_about.described(iri, publication)]
    every = by_subject([*triples, *of_document])
    return jsonld.Context(every, publication.prefixes, publication.addresses.bases)


def _checked(project: Project) -> ProjectDocuments:
    """The documents of a project, which are right."""
    documents = project_documents(project)
    unread = {document.name for document in documents.graph if not document.readable}  # such as one of RDF 1.2
    findings = check_project(documents).findings
    if found := [each for each in findings if each.level == "violation" or each.location.path in unread]:
        raise InvalidError(found)
    return documents


def _rules(project: Project, documents: ProjectDocuments) -> dict[str, list[Triple]]:
    """What is published about the graph, by the name of its files: the style is of the vocabulary alone."""
    carried = [file for file in project.query_files() if project.is_carried(file)]
    return {
        "shapes": _triples([*documents.shapes, *documents.rules]),
        **({"style": _triples(documents.style)} if project.is_packaged else {}),
        "queries": _triples([*documents.queries, *executables(project, carried)]),
    }


def _listed(publication: Publication, graph_index: GraphIndex) -> set[str]:
    """The paths of the files that the catalogue lists."""
    sample = sampled(graph_index, publication)
    return {
        distribution.path
        for distribution in (
            *distributions(publication.whole, plain=publication.project.is_plain),
            *([sample] if sample else []),
        )
    }


def _graphs(
    triples: Sequence[Triple],
    rules: Mapping[str, Sequence[Triple]],
    defined: Container[str],
    context: jsonld.Context,
    publication: Publication,
) -> Iterator[File]:
    if publication.project.is_plain:
        yield "context.jsonld", context.document()
        yield from serialize.graph(publication.whole, triples, context)
        for name, statements in rules.items():
            if statements:
                yield from serialize.graph(name, statements, context)
        return
    terms = [triple for triple in triples if triple.subject.value in defined]  # type: ignore[union-attr]
    yield "context.jsonld", context.document()
    yield from serialize.dataset(publication.whole, triples, context, parts(publication.project, defined))
    for name, statements in {_ONTOLOGY: terms, **rules}.items():
        yield from serialize.graph(name, statements, context)


def _kept(files: Iterable[File], wanted: str, kept: dict[str, bytes]) -> Iterator[File]:
    """The files, and in ``kept`` the content of one."""
    for path, content in files:
        if path == wanted:
            kept[path] = content
        yield path, content


def parts(project: Project, defined: Container[str]) -> serialize.Part:
    """What gives the named graph of a statement by its kind: the ontology, whose subjects are ``defined``, the sources,
    the links to others, or the data."""
    ontology, quoted, links, data = project.graph_names
    sources = tuple(f"{project.id}{name}/" for name in ("source", "fragment"))

    def part(subject: str, predicate: str) -> str:
        if subject in defined:
            return ontology
        if subject.startswith(sources):
            return quoted
        return links if predicate in _LINKING else data

    return part


def _spoken(triples: Iterable[Triple], store: Store, languages: Collection[str]) -> Iterator[Triple]:
    """The triples of a view without its own texts in other languages than those of the data set."""
    for triple in triples:
        value = triple.object
        is_foreign = isinstance(value, Literal) and value.language and value.language not in languages
        if not is_foreign or any(store.quads_for_pattern(None, None, value)):
            yield triple


def derived(store: Store, publication: Publication, answers: Sequence[tables.Table] | None = None) -> Iterator[File]:
    """The views of the graph, its tables and maps, and what it is; ``answers`` are the tables, if they are known."""
    if publication.project.is_plain:
        yield "README.md", readme.content(publication)
        return
    for name in VIEWS:
        statements = by_subject(_spoken(view(store, name, publication.project), store, publication.languages))
        if name == "schema":  # search engines read JSON-LD
            yield f"{name}.jsonld", jsonld.write(statements, jsonld.SchemaContext())
        else:
            yield f"{name}.ttl", published(statements, publication.prefixes).encode()
    of = publication.of
    answers = tables.answers(store, publication.project, of.languages) if answers is None else answers
    for path, content in tables.tables(answers, of):
        yield path, content
        if path.endswith(_TABLE):
            yield f"{path.removesuffix(_TABLE)}.excel{_TABLE}", _BOM + content
    yield from geojson.maps(answers, of)
    yield "README.md", readme.content(publication)


def _copies(project: Project) -> Iterator[File]:
    """The queries by their paths."""
    for path, file in library.paths(project).items():
        yield path, file.read_bytes()


def _defined(documents: ProjectDocuments) -> set[str]:
    """What the ontology says something of."""
    return {triple.subject.value for triple in _triples(documents.ontology) if isinstance(triple.subject, NamedNode)}


def _triples(documents: Iterable[Document]) -> list[Triple]:
    return list(dict.fromkeys(triple for document in documents for triple in document.triples))


def _noted(
    files: Iterable[File], listed: Collection[str], written: dict[str, Written], sizes: dict[str, int]
) -> Iterator[File]:
    """The files, in ``written`` what the catalogue says of those that it has ``listed``, and in ``sizes`` how large
    they are, which the pages say that are written later."""
    for path, content in files:
        sizes[path] = len(content)
        if path in listed:
            written[path] = Written(len(content), sha256(content).hexdigest())
        yield path, content


def _steps(triples: Sequence[Triple], project: Project, version: str) -> tuple[list[Step], Text | None]:
    """The releases of the data set up to what is published now, and what is not in the feed of them, if something is
    not."""
    if not version:
        return [], None  # the graph does not describe the project's data set
    try:
        with _refusing():
            steps = feed.steps(history.released(triples, project), project.prefixes)
    except UsageError as error:
        return [], _("there is none: {problem}", problem=error.text)
    last = steps[-1].release
    feed_problem = None
    if set(last.triples) != set(triples):
        feed_problem = _("it ends with {version}, and the graph has changed since", version=last.version)
    return steps, feed_problem


def _described(
    triples: Sequence[Triple],
    graph_index: GraphIndex,
    publication: Publication,
    written: Mapping[str, Written],
    metadata: Mapping[str, bytes],
) -> Iterator[File]:
    """What portals read of all the files that were written before; ``metadata`` are those of the tables, by path."""
    yield from catalogue.files(graph_index, publication, written)
    for content in metadata.values():
        yield croissant.PATH, croissant.content(graph_index, publication, content, written)
    paths = [publication.address + path for path in dumps(publication.whole) if path in written]
    yield void.WELL_KNOWN, void.document(triples, graph_index, publication, paths)


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
    if SITE not in listed:  # other people list their files in the same way
        return
    for file in directory.rglob("*"):
        path = file.relative_to(directory).as_posix()
        plain = path in listed and file.is_file() and not file.is_symlink()
        if plain and sha256(file.read_bytes()).hexdigest() == listed[path]:
            yield path
    yield CHECKSUMS
