"""Check RDF against SHACL shapes, and report of each finding where it stands and how to fix it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import NamedNode, Triple

from ..files import shown
from ..findings import INFO, VIOLATION, WARNING, Finding, Location, Report
from ..process import MEMORY, CrashedError, ExhaustedError, started
from ..project.location import chosen, nearest
from ..project.project import Project
from ..project.settings import FILE
from ..rdf.encoded import Encoded, merged
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..translation import message as _
from . import messages, rules
from .collection import uncollected
from .compare import changed
from .dataset import unfounded
from .documents import QUERY, Documents, Files, ProjectDocuments, described, everything, load, resolve
from .engines.graph import found_targets
from .history import documents_at
from .results import SecondOpinion, UnusableError, Verdict
from .shapes import Shapes, Term
from .syntax import unevaluated, without_effect
from .writable import unwritable

if TYPE_CHECKING:
    from .engines.sparql import Solved

T = TypeVar("T")
UNUSABLE = "GP005"  # the code of the rule that shapes can be used
Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


def validate(
    files: Paths = (),
    *,
    shapes: Paths = (),
    thorough: bool = False,
    since: str = "",
    allow_network: bool = False,
    project: Project | str | PathLike[str] | None = None,
) -> Report:
    """Check the graph of a project, by default of the nearest, with the files in it; or, given shapes, only the files
    against those; or, where there is no project, only whether the files can be read.

    With the graph are checked its ontology, shapes and queries, against ``ontology/style.ttl``, and what must hold
    beyond SHACL (see ``rules``). A file that stands for one of the project (the same path, or the same path under
    ``data/``, ``ontology/`` or ``queries/``) takes its place, any other is added: RDF to the graph, a query to the
    queries; a directory stands for every such file under it, and ``-`` for standard input. Syntax errors are findings,
    and the other files are still checked. ``thorough`` asks pySHACL for a second opinion, which decides nothing. Given
    a revision of git as ``since``, the findings are those that the change since then caused, and ``fixed`` those that
    it did away with. Other people's files and shapes are read with what they import by ``owl:imports``: files that are
    here, and with ``allow_network`` what is on the web.

    Raises:
        UsageError: a path is missing, unreadable or no regular file, or is neither RDF nor, checked with the project, a
            query; or a directory holds no such file; or two files stand for the same one of the project; or there is
            neither a project nor a file; or git knows no such revision.
    """
    sources = resolve(nearest() if project is None else chosen(project), _listed(files), _listed(shapes))
    documents = load(sources, allow_network=allow_network)
    report = check_documents(documents, thorough=thorough)
    return comparison(sources, documents, since, thorough=thorough, allow_network=allow_network)(documents, report)


def _listed(paths: Paths) -> list[Path]:
    return list(map(Path, [paths] if isinstance(paths, str | PathLike) else paths))


def check_documents(documents: Documents, *, thorough: bool = False) -> Report:
    """Check the documents of a project against its shapes and their style; or those of others against their shapes."""
    with uncollected():
        if isinstance(documents, ProjectDocuments):
            return check_project(documents, thorough=thorough)
        return check(documents.data, documents.shapes, every_shape=False, thorough=thorough)


def comparison(
    files: Files, documents: Documents, since: str, *, thorough: bool, allow_network: bool
) -> Callable[[Documents, Report], Report]:
    """Return what narrows the report on documents to what the change since a revision caused; without a revision, it
    leaves a report as it is.

    ``documents`` are those of the files as they are.

    Raises:
        UsageError: git knows no such revision.
    """
    earlier = documents_at(since, files, documents, allow_network=allow_network) if since else None
    if earlier is None:  # nothing was there, so all is new
        return lambda _documents, report: report
    before = check_documents(earlier, thorough=thorough)

    def narrowed(now: Documents, report: Report) -> Report:
        gone: Iterable[Finding] = ()
        if isinstance(earlier, ProjectDocuments) and isinstance(now, ProjectDocuments):
            gone = rules.vanished(now.project, everything(earlier), everything(now))
        return changed(before, report, gone)

    return narrowed


def check_project(documents: ProjectDocuments, *, thorough: bool = False) -> Report:
    """Check the project's graph against its shapes; and the ontology, the shapes and the queries against their style.

    The triples that are counted are those of the graph; the files are all.
    """
    project = documents.project
    if project.is_plain:
        return _check_plain(documents, thorough=thorough)
    about = described(documents)
    shared = set() if project.is_packaged else {triple.subject for triple in documents.shapes[0].triples}
    with ExitStack() as engines:
        graph = merged([document.triples for document in documents.graph])
        graph_check = _checking(
            documents.graph, documents.shapes, engines, graph, every_shape=True, shared=shared, thorough=thorough
        )
        described_here = [document for document in about if not project.is_carried(document.path)]
        style, triples = documents.style if described_here else [], merged([doc.triples for doc in described_here])
        style_check = _checking(
            described_here, style, engines, triples, every_shape=project.is_packaged, thorough=thorough
        )
        # While the engines are at work:
        rule_findings = {*rules.findings(project, documents.graph, about, documents.rules, graph)}
        rule_findings |= {*unfounded(project, documents.graph)}
        of_graph, of_style = graph_check(), style_check()
    findings = distinct((*of_graph.findings, *of_style.findings, *rule_findings))
    files = {document.path for document in (*documents.graph, *about)}
    texts = _texts(findings, [*documents.graph, *about])
    failures = tuple(sorted({*of_graph.failures, *of_style.failures}))
    return Report(findings, len(files), of_graph.triples, texts, failures=failures)


def _check_plain(documents: ProjectDocuments, *, thorough: bool) -> Report:
    """Check a plain project's graph against its own shapes, and that its queries can be asked."""
    report = check(documents.graph, documents.shapes, every_shape=False, thorough=thorough)
    findings = [*report.findings, *unwritable(documents.project, documents.graph, documents.shapes)]
    queries = [*documents.queries, *documents.federated]
    findings += [_coded(finding, document) for document in queries for finding in document.findings]
    if not documents.shapes:
        message = _("The project has no shapes, so that only the syntax of its files was checked.")
        help_ = _(
            "Write them in {folder}, or name their files in the settings: {setting}.",
            folder="shapes/",
            setting="shapes",
        )
        findings.append(
            Finding(severity=INFO, message=message, help=help_, location=Location(shown(documents.project.root / FILE)))
        )
    texts = {**report.texts, **_texts(findings, queries)}
    return replace(report, findings=distinct(findings), files=report.files + len(queries), texts=texts)


def check(data: Sequence[Document], about: Sequence[Document], *, every_shape: bool, thorough: bool = False) -> Report:
    """Check the documents ``data`` against the shapes in those ``about`` them; with ``every_shape``, each target
    without focus nodes is a finding.

    ``thorough`` asks pySHACL for a second opinion.
    """
    with ExitStack() as engines:
        triples = merged([document.triples for document in data])
        return _checking(data, about, engines, triples, every_shape=every_shape, thorough=thorough)()


def _checking(
    data: Sequence[Document],
    about: Sequence[Document],
    engines: ExitStack,
    triples: Encoded,
    *,
    every_shape: bool,
    shared: Collection[object] = (),
    thorough: bool,
) -> Callable[[], Report]:
    """Start a check of the triples of data, by engines that are ended with the stack, and return what waits for its
    end. ``shared`` shapes are those that many use, so that one without focus nodes is no mistake."""
    documents = [*data, *about]
    shapes = Shapes(chain.from_iterable(document.triples for document in about))
    usable = bool(about) and all(document.readable for document in about)
    wait = _started(triples, shapes, engines, thorough=thorough) if usable else None

    def finish() -> Report:
        findings = [_coded(finding, document) for document in data for finding in document.findings]
        findings += [_needed(_coded(finding, document)) for document in about for finding in document.findings]
        unread = {document.name for document in documents if not document.readable}
        failures = {finding for finding in findings if finding.location.path in unread and finding.level == VIOLATION}
        if wait is not None:
            findings += _of_shapes(data, about, triples, shapes, wait, every_shape=every_shape, shared=shared)
        failures |= {finding for finding in findings if finding.code == UNUSABLE and finding.severity == VIOLATION}
        found = distinct(findings)
        texts = _texts(found, documents)
        number = len({id(document) for document in documents})  # one may be given as data and as shapes
        return Report(found, number, len(triples), texts, failures=tuple(sorted(failures)))

    return finish


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in order, each once, with the results of all that are the same."""
    results: dict[Finding, list[object]] = {}
    for finding in findings:
        results.setdefault(finding, []).extend(finding.results)
    return tuple(
        finding if len(finding.results) == len(results[finding]) else replace(finding, results=tuple(results[finding]))
        for finding in sorted(results)
    )


def _coded(finding: Finding, document: Document) -> Finding:
    """What was found while a file was read, with the code of the rule that it breaks."""
    return replace(finding, code=finding.code or ("GP003" if document.path.suffix == QUERY else "GP001"))


def _needed(finding: Finding) -> Finding:
    """What was found while shapes were read: without them nothing is checked, also where the file is not at fault."""
    return replace(finding, severity=VIOLATION) if finding.severity == INFO else finding


def _texts(findings: Sequence[Finding], documents: Sequence[Document]) -> dict[str, str]:
    """The texts of the files that findings name."""
    paths = {finding.location.path for finding in findings}
    paths |= {related.location.path for finding in findings for related in finding.related}
    return {document.name: document.text for document in documents if document.name in paths}


def _of_shapes(
    data: Sequence[Document],
    about: Sequence[Document],
    triples: Encoded,
    shapes: Shapes,
    wait: Callable[[], Verdict],
    *,
    every_shape: bool,
    shared: Collection[object],
) -> Iterator[Finding]:
    source_map = SourceMap(data, about)
    complete = all(document.readable for document in data)
    idle: list[Finding] = []
    if complete:  # while the engine is at work
        targets = found_targets(shapes, triples, absent=not every_shape)
        idle = [*messages.unused(targets, source_map, every_shape=every_shape, shared=shared)]
    yield from left_out(shapes, source_map)
    try:
        verdict = wait()
    except UnusableError as error:
        yield unusable(source_map, error)
        return
    if verdict.ill_formed:  # which may be why they apply to nothing
        yield from (unusable(source_map, error) for error in verdict.ill_formed)
        return
    yield from idle
    results = verdict.results
    if not complete:  # where a file could not be read, what refers to the resources in it is not to blame
        described, find = triples.described, triples.terms.find
        results = [
            result for result in results if not isinstance(result.value, NamedNode) or find(result.value) in described
        ]
    yield from messages.findings(results, shapes, source_map)
    yield from messages.differences(verdict, source_map)


def left_out(shapes: Shapes, source_map: SourceMap) -> Iterator[Finding]:
    """What of the shapes is not evaluated, or has no effect."""
    for severity, errors in ((INFO, unevaluated(shapes)), (WARNING, without_effect(shapes))):
        for error in errors:
            message = _("{reason}.", reason=error.message)
            yield source_map.in_rules(UNUSABLE, message, shape=error.shape, severity=severity)


def unusable(source_map: SourceMap, error: UnusableError) -> Finding:
    """Why the shapes cannot be used."""
    message = _("The shapes cannot be used: {reason}.", reason=error.message)
    return source_map.in_rules(UNUSABLE, message, shape=error.shape)


def _started(triples: Encoded, shapes: Shapes, engines: ExitStack, *, thorough: bool) -> Callable[[], Verdict]:
    """Start the engines in processes that are killed when they take too long or too much memory (a pattern or a query
    may never end), and that can fetch and open nothing; return what waits for what they find."""
    validating = deciding(triples, shapes, engines)
    doubting = _second_opinion(triples, shapes, engines) if thorough else None

    def wait() -> Verdict:
        verdict = validating()
        return verdict if doubting is None or verdict.ill_formed else replace(verdict, second=doubting())

    return wait


def deciding(
    triples: Collection[Triple],
    shapes: Shapes,
    engines: ExitStack,
    focus: Mapping[Term, Iterable[Term]] | None = None,
    solved: Solved | None = None,
) -> Callable[[], Verdict]:
    """Start the engine that decides, and return what waits for what it finds: at the targets of the shapes, or at those
    nodes of each that are given, of whose queries some were ``solved`` before."""
    from .engines import core

    memory = max(MEMORY, len(triples) * _BYTES_EACH)
    core.prepare(shapes)
    validating = engines.enter_context(started(partial(core.verdict, triples, shapes, focus, solved), memory=memory))
    return lambda: _bounded(validating, _SECONDS + len(triples) / _FAST, memory)


def _second_opinion(triples: Sequence[Triple], shapes: Shapes, engines: ExitStack) -> Callable[[], SecondOpinion]:
    """Start pySHACL, and return what waits for what it finds, or for why it cannot say."""
    from .engines import pyshacl

    memory = max(MEMORY, len(triples) * _BYTES_EACH)
    pyshacl.prepare()
    slow = engines.enter_context(started(lambda: list(pyshacl.results(triples, shapes)), memory=memory))

    def wait() -> SecondOpinion:
        try:
            return SecondOpinion(_bounded(slow, _SECONDS + len(triples) / _THOROUGH, memory))
        except UnusableError as error:
            return SecondOpinion(reason=error.message)

    return wait


def _bounded(wait: Callable[[float], T], seconds: float, memory: int) -> T:
    try:
        return wait(seconds)
    except TimeoutError as error:
        reason = _("after {seconds:,.0f} seconds they were still at it, and were stopped", seconds=seconds)
        raise UnusableError(reason) from error
    except ExhaustedError as error:
        reason = _("with these data they need more memory than {size:.1f} GB, and were stopped", size=memory / 1e9)
        raise UnusableError(reason) from error
    except CrashedError as error:
        raise UnusableError(_("they crashed the engine that was to use them")) from error


_SECONDS, _FAST, _THOROUGH = 60, 5_000, 20  # and triples a second, far fewer than either needs on a slow machine
# Far more than a triple takes: what is found takes more, and more can be wrong where there is more.
_BYTES_EACH = 6_000
