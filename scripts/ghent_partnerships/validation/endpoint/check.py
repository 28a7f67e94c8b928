"""``validate --endpoint``: the report on what a SPARQL store holds, which is that on a file with its statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain

from pyoxigraph import Triple

from ...findings import VIOLATION, Finding, Report
from ...project.source import Source
from ...rdf.parse import Document
from ...text import Text
from .. import messages
from ..check import UNUSABLE, deciding, distinct, left_out, unusable
from ..documents import Documents, ProjectDocuments
from ..engines.sparql import Solved
from ..results import UnusableError, Verdict
from ..shapes import Shapes
from . import engine
from .engine import Focus
from .places import Places, described
from .statements import Statements


def check_endpoint(source: Source, url: str, documents: Documents, progress: Callable[[Text], None]) -> Report:
    """Check what the source at an endpoint holds against the shapes of a project, or against those that were given.

    ``documents`` are those of the project, of which only the shapes count, or of others. ``progress`` is told the
    stages. The report counts the files of the shapes, and the triples of the store.

    Raises:
        UsageError: the endpoint does not answer.
    """
    every_shape = isinstance(documents, ProjectDocuments) and not documents.project.is_plain
    shared: Collection[object] = ()
    if isinstance(documents, ProjectDocuments) and every_shape and not documents.project.is_packaged:
        shared = {triple.subject for triple in documents.shapes[0].triples}
    about = documents.shapes
    findings = [
        replace(finding, code=finding.code or "GP001", severity=VIOLATION)
        for document in about
        for finding in document.findings
    ]
    number = 0
    if about and all(document.readable for document in about):
        try:
            statements = Statements(source)
        except UnusableError as error:
            findings.append(unusable(Places(url, (), about), error))
        else:
            number = statements.count()
            found = _findings(statements, url, about, progress, every_shape=every_shape, shared=shared)
            findings += found
    found_once = distinct(findings)
    failures = {finding for finding in found_once if finding.code in ("GP001", UNUSABLE) and finding.level == VIOLATION}
    texts = {document.name: document.text for document in about}
    return Report(found_once, len(about), number, texts, failures=tuple(sorted(failures)))


def _findings(
    statements: Statements,
    url: str,
    about: Sequence[Document],
    progress: Callable[[Text], None],
    *,
    every_shape: bool,
    shared: Collection[object],
) -> Iterator[Finding]:
    shapes = Shapes(chain.from_iterable(document.triples for document in about))
    places = Places(url, (), about)
    yield from left_out(shapes, places)
    try:
        verdict = engine.verdict(statements, shapes, _confirmed, progress)
        if not verdict.ill_formed:
            targets = engine.found_targets(statements, shapes, absent=not every_shape)
            yield from messages.unused(targets, places, every_shape=every_shape, shared=shared)
            triples = described(statements, verdict.results)
            yield from messages.findings(verdict.results, shapes, Places(url, triples, about))
    except UnusableError as error:
        yield unusable(places, error)
        return
    yield from (unusable(places, error) for error in verdict.ill_formed)


def _confirmed(triples: Collection[Triple], shapes: Shapes, focus: Focus, solved: Solved) -> Verdict:
    """What the engine for files decides, in a process that can open nothing."""
    with ExitStack() as engines:
        return deciding(triples, shapes, engines, focus, solved)()
