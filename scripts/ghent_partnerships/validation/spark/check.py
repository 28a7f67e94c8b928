"""``validate --engine spark``: the report on files that no machine holds, which is that of the default mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode

from ...findings import VIOLATION, Finding, Report
from ...rdf.parse import Document
from ...rdf.source_map import SourceMap
from ...rdf.turtle import Node
from ...text import Text
from ...translation import message as _
from .. import messages
from ..check import UNUSABLE, distinct, left_out, unusable
from ..documents import OtherFiles, resolve
from ..engines import core
from ..results import UnusableError
from ..shapes import Shapes, Term
from ..syntax import ill_formed
from . import job
from .files import Source, named
from .neighbourhood import Neighbourhood, neighbourhood
from .parts import Outcome, Plan
from .places import Lines, kept, moved
from .session import session
from .unread import UNREADABLE, Texts, unread


class Rules(NamedTuple):
    """Shapes that are ready for Spark: their documents, the shapes, how far they look, and why they cannot be used."""

    documents: Sequence[Document]
    shapes: Shapes
    neighbourhood: Neighbourhood | None
    findings: Sequence[Finding]


def rules(files: Sequence[Path]) -> Rules:
    """Read shapes.

    Raises:
        UsageError: a path is missing or no RDF, or the shapes look further than Spark can follow.
    """
    resolved = resolve(None, (), files)
    assert isinstance(resolved, OtherFiles)
    documents = resolved.load(allow_network=False).shapes
    findings = [
        replace(finding, code=finding.code or UNREADABLE, severity=VIOLATION)
        for document in documents
        for finding in document.findings
    ]
    shapes = Shapes(chain.from_iterable(document.triples for document in documents))
    if not all(document.readable for document in documents):
        return Rules(documents, shapes, None, findings)
    try:
        with core.deep_calls():
            errors = [*ill_formed(shapes)] or core.Validation((), shapes).queries.errors()
            if not errors:
                return Rules(documents, shapes, neighbourhood(shapes), findings)
    except UnusableError as error:
        errors = [error]
    except RecursionError:
        errors = [UnusableError(core.TOO_DEEP)]
    source_map = SourceMap((), documents)
    findings += [*left_out(shapes, source_map), *(unusable(source_map, error) for error in errors)]
    return Rules(documents, shapes, None, findings)


def validate(files: Sequence[Source], of: Rules, master: str, report: Callable[[Text], None]) -> Report:
    """Check files against shapes by a session of Spark; ``report`` is called with each further stage.

    Raises:
        ModuleNotFoundError: PySpark is not installed.
        UsageError: a file is missing or unreadable, or Spark cannot be started or fails.
    """
    number = len(files) + len(of.documents)
    if of.neighbourhood is None:
        return _reported(of.findings, number, 0, of, {})
    report(_("starting Spark"))
    with session(master) as context, named(files):
        report(_("reading"))
        lines = [(source.name, job.lines_of(context, source.address)) for source in files]
        plan = Plan(job.number_of_parts(context, lines), of.shapes.triples, of.neighbourhood)
        divided = job.divide(context, lines, plan)
        found, texts = unread(divided, files, lines)
        report(_("checking"))
        informed = replace(plan, predicates=divided.predicates, subclasses=divided.subclasses)
        outcomes = job.validate(context, divided.parts, informed)
        results = [result for outcome in outcomes for result in outcome.results]
        report(_("finding the places"))
        unreadable = {line.file for line in divided.wrong}
        by_number = kept(context, lines, unreadable, results) if results else [{} for _file in files]
    about = [
        Lines(source.path, source.name, place, kept_lines)
        for place, (source, kept_lines) in enumerate(zip(files, by_number, strict=True))
    ]
    source_map = SourceMap([lines.document for lines in about], of.documents)
    by_name = {lines.name: lines for lines in about}
    found += (moved(finding, by_name) for finding in _of_outcomes(outcomes, of, source_map, complete=not unreadable))
    for lines_of_file in about:
        texts[lines_of_file.name] = {**texts.get(lines_of_file.name, {}), **lines_of_file.by_number}
    triples = sum(outcome.statements for outcome in outcomes)
    return _reported([*of.findings, *found], number, triples, of, texts)


def _of_outcomes(outcomes: Sequence[Outcome], of: Rules, source_map: SourceMap, *, complete: bool) -> Iterator[Finding]:
    """What the parts found; where a file could not be read, what refers to the resources in it is not to blame."""
    yield from left_out(of.shapes, source_map)
    if (error := next((outcome.error for outcome in outcomes if outcome.error is not None), None)) is not None:
        yield unusable(source_map, error)
        return
    results = [result for outcome in outcomes for result in outcome.results]
    if complete:
        hit = frozenset[int]().union(*(outcome.targets for outcome in outcomes))
        targets: dict[Node, dict[tuple[str, Term], bool]] = {}
        for place, (shape, kind, target) in enumerate(of.shapes.targets()):
            targets.setdefault(shape, {})[kind, target] = place in hit
        yield from messages.unused(targets, source_map, every_shape=False)
    else:
        results = [
            result
            for result in results
            if not isinstance(result.value, NamedNode) or source_map.describes(result.value)
        ]
    yield from messages.findings(results, of.shapes, source_map)


def _reported(findings: Iterable[Finding], files: int, triples: int, of: Rules, texts: Texts) -> Report:
    found = distinct(findings)
    failures = {finding for finding in found if finding.code in (UNREADABLE, UNUSABLE) and finding.level == VIOLATION}
    of_shapes = {document.name: document.text for document in of.documents}
    return Report(found, files, triples, {**texts, **of_shapes}, failures=tuple(sorted(failures)))
