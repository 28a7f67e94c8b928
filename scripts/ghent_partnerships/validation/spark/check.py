"""``validate --engine spark``: the report on files that no machine holds, which is that of the default mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import UsageError
from ...files import STANDARD_INPUT, expand, shown
from ...findings import VIOLATION, WARNING, Finding, Location, Report, Result
from ...rdf.parse import Document, empty, parse
from ...rdf.source_map import SourceMap
from ...rdf.turtle import Node
from ...text import Text
from ...translation import either
from ...translation import message as _
from .. import messages
from ..check import UNUSABLE, coded, distinct, needed, of_verdict, texts_of
from ..documents import OtherFiles, resolve
from ..engines import core
from ..results import Verdict
from ..shapes import Shapes, Term
from ..syntax import ill_formed
from . import job
from .job import COMPRESSED, SUFFIXES, Divided
from .neighbourhood import Neighbourhood, neighbourhood
from .parts import Outcome, Plan
from .places import Lines, kept, moved, starts
from .session import session

if TYPE_CHECKING:
    from pyspark import RDD

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_WILD = re.compile(r"([\\,*?\[\]{}])")  # what means something in a list of Hadoop's paths


class Source(NamedTuple):
    """A file: its path, what it is called in the report, and its address for Hadoop."""

    path: Path
    name: str
    address: str


def sources(files: Iterable[str]) -> list[Source]:
    """The files that paths and addresses name, a directory standing for those under it.

    Raises:
        UsageError: a path is missing, or no file of N-Triples or N-Quads.
    """
    found: list[Source] = []
    for file in files:
        if _ADDRESS.match(file):
            found.append(Source(Path(file), file, _WILD.sub(r"\\\1", file)))
            continue
        for path in expand([Path(file)], frozenset({".nt", ".nq", COMPRESSED})):
            address = "file://" + _WILD.sub(r"\\\1", str(path.resolve()))
            found.append(Source(path.resolve(), shown(path), address))
    for source in found:
        if job.format_of(source.name) is None or source.path == STANDARD_INPUT.resolve():
            problem = _(
                "{path}: Spark divides files into lines; expected a name that ends in {suffixes}",
                path=source.name,
                suffixes=either(SUFFIXES),
            )
            raise UsageError(problem)
    return found


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
    findings = [needed(coded(finding, document)) for document in documents for finding in document.findings]
    shapes = Shapes(chain.from_iterable(document.triples for document in documents))
    if not all(document.readable for document in documents):
        return Rules(documents, shapes, None, findings)
    with core.deep_calls():
        errors = [*ill_formed(shapes)] or core.Validation((), shapes).queries.errors()
        if not errors:
            return Rules(documents, shapes, neighbourhood(shapes), findings)
    source_map = SourceMap((), documents)
    findings += of_verdict(lambda: Verdict(ill_formed=errors), shapes, source_map, ())
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
    with session(master) as context:
        report(_("reading"))
        lines = [(source.name, job.lines_of(context, source.address)) for source in files]
        plan = Plan(job.number_of_parts(context, lines), of.shapes.triples, of.neighbourhood)
        divided = job.divide(context, lines, plan)
        found, texts = _unread(divided, files, lines)
        if divided.wrong:
            return _reported([*of.findings, *found], number, 0, of, texts)
        report(_("checking"))
        outcomes = job.validate(context, divided.parts, replace(plan, subclasses=divided.subclasses))
        results = [result for outcome in outcomes for result in outcome.results]
        report(_("finding the places"))
        by_number = kept(context, lines, results) if results else [{} for _file in files]
    about = [
        Lines(source.path, source.name, place, kept_lines)
        for place, (source, kept_lines) in enumerate(zip(files, by_number, strict=True))
    ]
    found += _of_outcomes(outcomes, of, about)
    for lines_of_file in about:
        texts[lines_of_file.name] = {**texts.get(lines_of_file.name, {}), **lines_of_file.by_number}
    triples = sum(outcome.statements for outcome in outcomes)
    return _reported([*of.findings, *found], number, triples, of, texts)


_Texts = dict[str, Mapping[int, str]]


def _of_outcomes(outcomes: Sequence[Outcome], of: Rules, about: Sequence[Lines]) -> Iterator[Finding]:
    """What the parts found."""
    hit = frozenset().union(*(outcome.targets for outcome in outcomes))
    targets: dict[Node, dict[tuple[str, Term], bool]] = {}
    for place, (shape, kind, target) in enumerate(of.shapes.targets()):
        targets.setdefault(shape, {})[kind, target] = place in hit
    source_map = SourceMap([lines.document for lines in about], of.documents)
    idle = messages.unused(targets, source_map, every_shape=False)
    results = [result for outcome in outcomes for result in outcome.results]

    def verdict() -> Verdict:
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
        return Verdict(results)

    files = {lines.name: lines for lines in about}
    for finding in of_verdict(verdict, of.shapes, source_map, idle):
        yield moved(finding, files)


def _unread(
    divided: Divided, files: Sequence[Source], lines: Sequence[tuple[str, RDD[bytes]]]
) -> tuple[list[Finding], _Texts]:
    """The findings about files that have a line which cannot be read, or nothing, and those lines."""
    findings: list[Finding] = []
    texts: _Texts = {}
    for place, file in enumerate(files):
        wrong, replaced = (
            [line for line in known if line.file == place] for known in (divided.wrong, divided.replaced)
        )
        if not divided.statements[place] and not wrong:
            findings.append(coded(empty(file.name), Document(file.path, file.name)))
        before = starts(lines[place][1]) if wrong or replaced else ()
        for first in (sorted(known)[0] for known in (wrong, replaced) if known):
            row = before[first.piece] + first.number + 1
            texts[file.name] = {**texts.get(file.name, {}), row: first.content.decode()}
            if first in wrong:
                document = parse(Path(f"line{_suffix(file.name)}"), first.content, name=file.name)
                findings += [
                    replace(coded(finding, document), location=finding.location._replace(line=row))
                    for finding in document.findings
                ]
            else:
                column = first.content.decode().index("\ufffd") + 1
                message = _("There is a U+FFFD, which may stand in the place of bytes that are not UTF-8.")
                location = Location(file.name, row, column)
                help_ = _("Save the file as UTF-8.")
                findings.append(Finding(code="GP002", severity=WARNING, message=message, help=help_, location=location))
    return findings, texts


def _suffix(name: str) -> str:
    return Path(name.removesuffix(COMPRESSED)).suffix


def _reported(findings: Sequence[Finding], files: int, triples: int, of: Rules, texts: _Texts) -> Report:
    found = distinct(findings)
    failures = [
        finding
        for finding in found
        if finding.level == VIOLATION and (finding.code == UNUSABLE or finding.result == Result())
    ]
    return Report(
        found,
        files,
        triples,
        {**texts, **texts_of(found, of.documents)},
        failures=tuple(sorted(failures)),
    )
