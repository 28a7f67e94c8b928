"""What a release of the version in ``data/release.ttl`` still lacks, beside the last release that git knows.

A release is one version and one date everywhere: in the data, which validate, in ``CHANGELOG.md`` and in
``CITATION.cff``. An IRI that was published may be deprecated, and never vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import filterfalse, takewhile
from pathlib import Path, PurePosixPath

from pyoxigraph import Literal, NamedNode, Triple

from ..errors import InvalidError
from ..files import read, shown
from ..findings import Finding, Location
from ..project.citation import citation, demand
from ..project.git import is_checked_out, numbers, releases, uncommitted
from ..project.project import Project
from ..rdf import parse
from ..rdf.namespaces import ONTOLOGY, PREFIXES
from ..rdf.source_map import SourceMap
from ..rdf.turtle import abbreviate
from ..sparql.library import header_line
from ..sparql.text import header, prefixes
from ..text import Text
from ..translation import message as _
from ..translation import ngettext
from .diff import differences, summary
from .releases import ISSUED, QUERY, VERSION, published

_RELEASE, _CHANGELOG, _CITATION = "data/release.ttl", "CHANGELOG.md", "CITATION.cff"
_PRIOR = NamedNode(PREFIXES["owl"] + "priorVersion")
_HEADING = re.compile(r"## \[([^\]]*)\](?: - (.*))?")
_ENTRY = re.compile(r"[-*] ")


@dataclass(frozen=True)
class _State:
    """The checkout or a release: version, issue date, prior versions, the file of each of the project's IRIs, data."""

    version: str
    issued: str
    prior: frozenset[str]
    iris: dict[str, str]
    data: list[Triple]


@dataclass
class _Section:
    """A section of the changelog: the line and the date of its heading, and the lines of its entries."""

    line: int
    date: str
    entries: list[int] = field(default_factory=list)
    of_data: int = 0  # entries below its heading Data


def missing(project: Project) -> tuple[Finding, ...]:
    """Return what the release of a project still lacks, in order of the places; nothing if it can be tagged.

    Raises:
        InvalidError: a file of the checkout cannot be read, or states the version of no data set.
        UsageError: git or a file is missing, no data set is described, there is no checkout or not its whole history,
            or what the last release published cannot be read.
    """
    from ..validation.check import check_project
    from ..validation.documents import project_documents

    demand(project)
    now = _state(project, *_checked_out(project))
    if not numbers(now.version) or not now.issued:
        message = _("A release needs one version of three numbers and one issue date; here are none.")
        help_ = _("{command} says how to write them.", command="ghent-partnerships validate")
        raise InvalidError([_at(project, _RELEASE, message, help_)])
    changed = uncommitted(project)
    tag = _last_release(project, now, changed)
    findings = [*check_project(project_documents(project)).findings]
    log = _sections(read(project.root / _CHANGELOG).decode("utf-8", "replace"))
    findings += [*_log(project, now, log), *_citation(project), *_prior(project, now, tag), *_changes(project, changed)]
    if tag is not None:
        then = _state(project, *published(tag, project))
        findings += [*_order(project, now, then, tag), *_vanished(project, now, then, tag)]
        findings += _unlogged(project, now, then, tag, log.get(now.version))
    return tuple(sorted(set(findings)))


def _last_release(project: Project, now: _State, changed: list[str]) -> str | None:
    """The release to compare with: the newest, or at the commit of this very release, unchanged, the one before it."""
    tags = releases(project)
    if tags and tags[0] == f"{project.settings.tags}{now.version}" and not changed and is_checked_out(tags[0], project):
        tags = tags[1:]
    return tags[0] if tags else None


def _order(project: Project, now: _State, then: _State, tag: str) -> Iterator[Finding]:
    """The version and the date come after those of the last release, and the version says how much is new."""
    first, last = numbers(now.version), numbers(tag.removeprefix(project.settings.tags))
    assert first is not None
    assert last is not None
    if first <= last:
        message = _("Version {version} is not newer than the last release, {tag}.", version=now.version, tag=tag)
        help_ = _("Write the new version in {file}: dcat:version, and owl:versionIRI with it.", file=_RELEASE)
        yield _finding_about(project, project.data_set.iri, VERSION, Literal(now.version), message, help_)
    elif first[:2] == last[:2] and (added := sorted(now.iris.keys() - then.iris.keys())):
        message = _(
            "IRIs are new since {tag}, like {iri}: version {version} is only a patch of it.",
            tag=tag,
            iri=_name(project, added[0]),
            version=now.version,
        )
        help_ = _(
            "Write at least {version} in {file}: dcat:version, and owl:versionIRI.",
            version=f"{last[0]}.{last[1] + 1}.0",
            file=_RELEASE,
        )
        yield _finding_about(project, project.data_set.iri, VERSION, Literal(now.version), message, help_)
    if now.issued < then.issued:
        message = _(
            "The issue date {date} is before that of the last release, {tag}: {last}.",
            date=now.issued,
            tag=tag,
            last=then.issued,
        )
        help_ = _("Write the date of the new release in {file}, at the data set and at the ontology.", file=_RELEASE)
        yield _finding_about(project, project.data_set.iri, ISSUED, _date(now.issued), message, help_)


def _prior(project: Project, now: _State, tag: str | None) -> Iterator[Finding]:
    """The prior version is that of the last release, and there is none before the first."""
    if tag == f"{project.settings.tags}{now.version}":
        return  # first the version must be a new one: that of the last release is not prior to itself
    right = set() if tag is None else {f"{ONTOLOGY}/{tag.removeprefix('v')}"}
    for wrong in sorted(now.prior - right):
        message = _("The prior version is not that of the last release, which is {tag}.", tag=tag)
        help_ = _("Write {statement}.", statement=f"owl:priorVersion <{min(right, default='')}>")
        if not right:
            message = _("The prior version is not that of the last release, which is still to come.")
            help_ = _("Remove {statement}.", statement="owl:priorVersion")
        yield _finding_about(project, ONTOLOGY, _PRIOR, NamedNode(wrong), message, help_)
    if not now.prior and right:
        message = _("The ontology does not say which version was before it; {tag} was.", tag=tag)
        help_ = _("Write {statement}.", statement=f"owl:priorVersion <{min(right)}>")
        yield _finding_about(project, ONTOLOGY, _PRIOR, None, message, help_)


def _vanished(project: Project, now: _State, then: _State, tag: str) -> Iterator[Finding]:
    """What was published and is gone; of a query that is gone, the parameters are not reported as well."""
    for iri in sorted(then.iris.keys() - now.iris.keys()):
        whole, _hash, part = iri.partition("#")
        path = then.iris[iri]
        message = _("{iri} was published in {tag} and is gone.", iri=_name(project, iri), tag=tag)
        if not path.endswith(QUERY):
            yield _at(
                project, path, message, _("Bring it back; what is no longer to be used says owl:deprecated true.")
            )
        elif not part:
            help_ = _("Bring the file back, or write one of that name that asks the new question.")
            yield _at(project, path, message, help_)
        elif whole == project.queries:
            help_ = _("Declare {prefix} in one of the queries again.", prefix=f"PREFIX {part}:")
            yield _at(project, path, message, help_)
        elif whole in now.iris:
            help_ = _("Bring the parameter back: {line}", line=header_line("param", project.languages, part))
            yield _at(project, now.iris[whole], message, help_)


def _log(project: Project, now: _State, sections: dict[str, _Section]) -> Iterator[Finding]:
    """The changelog has a section for the version, of its date and with entries, and nothing waits any more."""
    heading = f"## [{now.version}] - {now.issued}"
    waiting, section = sections.get("Unreleased"), sections.get(now.version)
    if waiting and waiting.entries:
        message = _("Entries are still under Unreleased.")
        yield _at(project, _CHANGELOG, message, _("Move them under {heading}", heading=heading), waiting.entries[0])
    if section is None:
        line = waiting.line if waiting else 1
        message = _("There is no section for version {version}.", version=now.version)
        yield _at(project, _CHANGELOG, message, _("Write {heading}", heading=heading), line)
        return
    if section.date != now.issued:
        message = _(
            "Version {version} has the date {date} here, and {issued} in {file}.",
            version=now.version,
            date=section.date or _("of no day"),
            issued=now.issued,
            file=_RELEASE,
        )
        help_ = _("Write {heading}, or fix the date in {file}.", heading=heading, file=_RELEASE)
        yield _at(project, _CHANGELOG, message, help_, section.line)
    if not section.entries:
        message = _("The section of version {version} has no entry.", version=now.version)
        yield _at(project, _CHANGELOG, message, _("Say what is new, in lines that start with a hyphen."), section.line)


def _unlogged(project: Project, now: _State, then: _State, tag: str, section: _Section | None) -> Iterator[Finding]:
    """Where the data changed, the changelog says how."""
    before, after = (list(filterfalse(_of_release, state.data)) for state in (then, now))
    changes = differences(before, after)
    if section is not None and not section.of_data and changes.resources:
        counts = ", ".join(f"{count} {how}" for how, count in summary(changes).items())
        message = _(
            "The data changed since {tag} ({counts}), and the section says nothing of it under Data.",
            tag=tag,
            counts=counts,
        )
        command = f"ghent-partnerships diff {tag} --format markdown"
        help_ = _("Say under ### Data what this says: {command}", command=command)
        yield _at(project, _CHANGELOG, message, help_, section.line)


def _of_release(triple: Triple) -> bool:
    """Whether the statement is about the release itself, which changes with each."""
    return triple.predicate in (VERSION, ISSUED) or triple.subject == NamedNode(ONTOLOGY)


def _sections(text: str) -> dict[str, _Section]:
    """The sections of the changelog by their version; of two with the same version, the first."""
    by_version: dict[str, _Section] = {}
    section, part = _Section(1, ""), ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            heading = _HEADING.match(line)
            section, part = _Section(number, (heading[2] or "").strip() if heading else ""), ""
            if heading:
                by_version.setdefault(heading[1], section)
        elif line.startswith("### "):
            part = line.removeprefix("### ").strip()
        elif _ENTRY.match(line):
            section.entries.append(number)
            section.of_data += part == "Data"
    return by_version


def _citation(project: Project) -> Iterator[Finding]:
    file = project.root / _CITATION
    was = read(file).decode("utf-8", "replace") if file.exists() else ""
    if was != (should := citation("cff", project)):
        same = takewhile(lambda pair: pair[0] == pair[1], zip(was.splitlines(), should.splitlines(), strict=False))
        message = _("{file} does not say what the data say.", file=_CITATION)
        if not was:
            message = _("There is no {file}.", file=_CITATION)
        help_ = _("Run: {command}", command=f"ghent-partnerships cite --format cff > {_CITATION}")
        yield _at(project, _CITATION, message, help_, 1 + sum(1 for _line in same))


def _changes(project: Project, paths: list[str]) -> Iterator[Finding]:
    if paths:
        message = ngettext(
            "It is not committed as it is.",
            "It is the first of {number} files that are not committed as they are.",
            len(paths),
        )
        help_ = _("Commit what belongs to the release, or bring it back; {command} names all.", command="git status")
        yield _at(project, paths[0], message, help_)


def _checked_out(project: Project) -> tuple[dict[str, list[Triple]], dict[str, bytes]]:
    """The statements and the queries that IRIs are published from, by path."""
    files = [file for file in project.files() if file.is_relative_to(project.root)]
    by_path = {file.relative_to(project.root).as_posix(): file for file in files}
    queries = {path: read(file) for path, file in sorted(by_path.items()) if path.endswith(QUERY)}
    return {path: _triples(file) for path, file in sorted(by_path.items()) if path not in queries}, queries


def _triples(file: Path) -> list[Triple]:
    document = parse.parse(file)
    if document.findings:
        raise InvalidError(document.findings)
    return [*document.triples]


def _state(project: Project, files: dict[str, list[Triple]], queries: dict[str, bytes]) -> _State:
    statements = [triple for triples in files.values() for triple in triples]
    return _State(
        version=next(iter(_objects(statements, project.data_set.iri, VERSION)), ""),
        issued=next(iter(_objects(statements, project.data_set.iri, ISSUED)), ""),
        prior=frozenset(_objects(statements, ONTOLOGY, _PRIOR)),
        iris={**dict(_iris(project, files)), **dict(_iris_of_queries(project, queries))},
        data=[triple for path, triples in files.items() if not path.startswith("ontology/") for triple in triples],
    )


def _iris(project: Project, files: dict[str, list[Triple]]) -> Iterator[tuple[str, str]]:
    """Each IRI of the project that is the subject of a statement, with its file."""
    for path, triples in files.items():
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(project.base):
                yield triple.subject.value, path


def _iris_of_queries(project: Project, queries: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """The IRI of each query and of each parameter, and what all share, as they are published, with its file."""
    for path, content in queries.items():
        text, query = content.decode("utf-8", "replace"), project.id + "query/" + PurePosixPath(path).stem
        yield query, path
        for line in header(text).get("param", []):
            yield f"{query}#{line.split('|')[0].text}", path
        yield project.queries, path
        for prefix in prefixes(text):
            yield f"{project.queries}#{prefix}", path


def _objects(statements: Iterable[Triple], subject: str, predicate: NamedNode) -> list[str]:
    about = NamedNode(subject)
    return [
        triple.object.value
        for triple in statements
        if (triple.subject, triple.predicate) == (about, predicate) and isinstance(triple.object, NamedNode | Literal)
    ]


def _finding_about(
    project: Project, subject: str, predicate: NamedNode, value: NamedNode | Literal | None, message: Text, help_: Text
) -> Finding:
    """A finding at a statement of ``data/release.ttl``, or at its subject where there is no such statement."""
    source_map = SourceMap([parse.parse(project.root / _RELEASE)], [])
    return Finding(message=message, help=help_, location=source_map.of(NamedNode(subject), predicate, value))


def _at(project: Project, path: str, message: Text, help_: Text, line: int = 1) -> Finding:
    return Finding(message=message, help=help_, location=Location(shown(project.root / path), line))


def _date(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + "date"))


def _name(project: Project, iri: str) -> str:
    return abbreviate(NamedNode(iri), project.prefixes)
