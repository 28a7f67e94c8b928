"""The changes from release to release: a Linked Data Event Stream, a page for each release, and an Atom feed.

A member is a version of a resource: ``dcterms:isVersionOf`` says of which, and all else is what the graph then stated
of it. Who takes the last version of each resource, and none of those that are deleted, has the graph.
https://w3id.org/ldes/specification, https://w3id.org/tree/specification, RFC 4287.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, NamedNode, Triple

from ..rdf.build import make_triples, typed
from ..rdf.namespaces import BASE, PREFIXES, PUBLISHER
from ..rdf.serialize import File
from ..rdf.turtle import by_subject, published
from ..releases.diff import REMOVED, Differences, differences
from ..releases.diff_reports import html
from ..releases.releases import Release
from ..sparql.views import DataSet
from ..text import Text, ending
from ..translation import message as _
from .catalogue.distributions import FEED
from .hosting import REPOSITORY
from .site.templating import visible

STREAM = BASE + "feed"
_VERSION_OF, _TIME = "dcterms:isVersionOf", "prov:generatedAtTime"
_DELETE = "https://www.w3.org/ns/activitystreams#Delete"
_HERE = "http://here.invalid/"  # stands for where the first page is; its links are relative


@dataclass(frozen=True)
class Step:
    """A release, what differs from the one before, and when it came."""

    release: Release
    found: Differences
    time: str


def steps(releases: Iterable[Release]) -> list[Step]:
    """The releases, the oldest first. A release has a day and no hour, so it comes at midnight; one of the same day as
    another comes a second later, since a stream goes by its times."""
    made: list[Step] = []
    before: list[Triple] = []
    days: Counter[str] = Counter()
    for release in releases:
        time = f"{release.issued}T00:{days[release.issued] // 60:02}:{days[release.issued] % 60:02}Z"
        days[release.issued] += 1
        made.append(Step(release, differences(before, release.triples), time))
        before = release.triples
    return made


def files(steps: Sequence[Step], of: DataSet, address: str) -> Iterator[File]:
    """The stream's first page, and a page for each release, the oldest first; and the Atom feed in each language.

    A page never changes once its release is published.
    """
    first = _page(_first(steps, of)).replace(f"<{_HERE}{FEED}>", "<>").replace(f"<{_HERE}", "<")
    yield FEED, first.encode()
    for step in steps:
        yield f"feed/{step.release.version}.ttl", _page(list(_members(step))).encode()
    for language in of.languages:
        yield f"feed{ending(language, of.languages)}.atom", _atom(steps, of, language, address).encode()


def _first(steps: Sequence[Step], of: DataSet) -> list[Triple]:
    """What the stream is, and a relation to each page by the time of its release."""
    here = f"{_HERE}{FEED}"
    statements = [
        *make_triples(STREAM, "rdf:type", "ldes:EventStream"),
        *make_triples(STREAM, "ldes:timestampPath", _TIME),
        *make_triples(STREAM, "ldes:versionOfPath", _VERSION_OF),
        *make_triples(STREAM, "ldes:versionDeletePath", "rdf:type"),
        *make_triples(STREAM, "ldes:versionDeleteObject", _DELETE),
        *make_triples(STREAM, "tree:view", here),
        *make_triples(STREAM, "dcterms:license", of.licence),
        *make_triples(STREAM, "dcterms:title", _changes(of).only(of.languages)),
        *make_triples(here, "rdf:type", "tree:Node"),
    ]
    for step in steps:
        relation = BlankNode(f"from-{step.release.version}")
        statements += make_triples(here, "tree:relation", relation)
        statements += make_triples(relation, "rdf:type", "tree:GreaterThanOrEqualToRelation")
        statements += make_triples(relation, "tree:node", f"{_HERE}feed/{step.release.version}.ttl")
        statements += make_triples(relation, "tree:path", _TIME)
        statements += make_triples(relation, "tree:value", typed(step.time, "dateTime"))
    return statements


def _members(step: Step) -> Iterator[Triple]:
    """The versions that a release made: all statements of one that is there; of one that is gone, only that."""
    about = by_subject(step.release.triples)
    for resource in step.found.resources:
        version = f"{BASE}feed/{step.release.version}#{quote(resource.iri.removeprefix(BASE), safe='/:')}"
        yield from make_triples(STREAM, "tree:member", version)
        yield from make_triples(version, _VERSION_OF, resource.iri)
        yield from make_triples(version, _TIME, typed(step.time, "dateTime"))
        if resource.how == REMOVED:
            yield from make_triples(version, "rdf:type", _DELETE)
            continue
        for predicate, values in about[NamedNode(resource.iri)].items():
            yield from make_triples(version, predicate, *values)


def _page(statements: Sequence[Triple]) -> str:
    return published(by_subject(statements), {**PREFIXES, "as": _DELETE.removesuffix("Delete")})


def _changes(of: DataSet) -> Text:
    return _("Changes: {title}", title=of.title)


def _atom(steps: Sequence[Step], of: DataSet, language: str, address: str) -> str:
    """An entry for each release, the newest first."""
    version = _("Version").localized(language)
    entries = "".join(
        f"""  <entry>
    <id>{BASE}feed/{step.release.version}#{language}</id>
    <title>{escape(version)} {escape(step.release.version)}</title>
    <updated>{step.time}</updated>
    <link rel="alternate" type="text/turtle" href="{escape(address)}feed/{step.release.version}.ttl"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{html(step.found, language)}</div></content>
  </entry>
"""
        for step in reversed(steps)
    )
    page = visible("feed", language, of.languages)
    name = f"feed{ending(language, of.languages)}.atom"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
  <id>{STREAM}#{language}</id>
  <title>{escape(_changes(of).localized(language))}</title>
  <updated>{steps[-1].time}</updated>
  <author><name>{PUBLISHER}</name><uri>{REPOSITORY}</uri></author>
  <link rel="self" type="application/atom+xml" href="{escape(address)}{name}"/>
  <link rel="alternate" type="text/html" href="{escape(address)}{page}"/>
{entries}</feed>
"""
