"""The changes from release to release: a Linked Data Event Stream, a page for each release, and an Atom feed.

A member is a version of a resource: ``dcterms:isVersionOf`` says of which, and all else is what the graph then stated
of it. Who takes the last version of each resource, and none of those that are deleted, has the graph.
https://w3id.org/ldes/specification, https://w3id.org/tree/specification, RFC 4287.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, NamedNode, Triple

from ..rdf.build import make_triples, typed
from ..rdf.serialize import File, in_order
from ..rdf.turtle import Node, Statements, by_subject, published
from ..releases.diff import REMOVED, Differences, differences
from ..releases.diff_reports import html
from ..releases.releases import Release
from ..text import Text, ending
from ..translation import message as _
from .catalogue.distributions import FEED
from .publication import Publication
from .site.page_path import visible

_VERSION_OF, _TIME = "dcterms:isVersionOf", "prov:generatedAtTime"
_DELETE = "https://www.w3.org/ns/activitystreams#Delete"
_HERE = "http://here.invalid/"  # stands for where the first page is; its links are relative


@dataclass(frozen=True)
class Step:
    """A release, what differs from the one before, and when it came."""

    release: Release
    found: Differences
    time: str


def steps(releases: Iterable[Release], prefixes: Mapping[str, str]) -> list[Step]:
    """The releases, the oldest first; ``prefixes`` (name to namespace) show what has no label. A release has a day and
    no hour, so it comes at midnight; one of the same day as another comes a second later, since a stream goes by its
    times.

    Raises:
        UnwritableError: too many blank nodes of a release look alike.
    """
    made: list[Step] = []
    before: list[Triple] = []
    days: Counter[str] = Counter()
    for each in releases:
        release = replace(each, triples=in_order(each.triples))
        time = f"{release.issued}T00:{days[release.issued] // 60:02}:{days[release.issued] % 60:02}Z"
        days[release.issued] += 1
        made.append(Step(release, differences(before, release.triples, prefixes), time))
        before = release.triples
    return made


def files(steps: Sequence[Step], publication: Publication) -> Iterator[File]:
    """The stream's first page, and a page for each release, the oldest first; and the Atom feed in each language.

    A page never changes once its release is published.
    """
    first = _page(_first(steps, publication), publication).replace(f"<{_HERE}{FEED}>", "<>").replace(f"<{_HERE}", "<")
    yield FEED, first.encode()
    for step in steps:
        yield f"feed/{step.release.version}.ttl", _page(list(_members(step, publication)), publication).encode()
    languages = publication.languages
    for language in languages:
        yield f"feed{ending(language, languages)}.atom", _atom(steps, publication, language).encode()


def _stream(publication: Publication) -> str:
    """The IRI of the stream."""
    return f"{publication.base}feed"


def _first(steps: Sequence[Step], publication: Publication) -> list[Triple]:
    """What the stream is, and a relation to each page by the time of its release."""
    here, stream, of = f"{_HERE}{FEED}", _stream(publication), publication.of
    statements = [
        *make_triples(stream, "rdf:type", "ldes:EventStream"),
        *make_triples(stream, "ldes:timestampPath", _TIME),
        *make_triples(stream, "ldes:versionOfPath", _VERSION_OF),
        *make_triples(stream, "ldes:versionDeletePath", "rdf:type"),
        *make_triples(stream, "ldes:versionDeleteObject", _DELETE),
        *make_triples(stream, "tree:view", here),
        *make_triples(stream, "dcterms:license", *([of.licence] if of.licence else [])),
        *make_triples(stream, "dcterms:title", _changes(publication).spoken(of.languages)),
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


def _members(step: Step, publication: Publication) -> Iterator[Triple]:
    """The versions that a release made: all statements of one that is there; of one that is gone, only that. A blank
    node that is below no resource is none's."""
    about, base, stream = by_subject(step.release.triples), publication.base, _stream(publication)
    for resource in step.found.resources:
        if not resource.iri:
            continue
        version = f"{base}feed/{step.release.version}#{quote(resource.iri.removeprefix(base), safe='/:')}"
        yield from make_triples(stream, "tree:member", version)
        yield from make_triples(version, _VERSION_OF, resource.iri)
        yield from make_triples(version, _TIME, typed(step.time, "dateTime"))
        if resource.how == REMOVED:
            yield from make_triples(version, "rdf:type", _DELETE)
            continue
        yield from _stated(version, NamedNode(resource.iri), about)


def _stated(version: str, resource: NamedNode, about: Statements) -> Iterator[Triple]:
    """What is said of a resource, as said of its version, and of the blank nodes below it."""
    below: dict[Node, Node] = {resource: NamedNode(version)}
    left: list[Node] = [resource]
    while left:
        node = left.pop()
        for predicate, values in about.get(node, {}).items():
            for value in values:
                if isinstance(value, BlankNode) and value not in below:
                    below[value] = BlankNode(f"{value.value}v{len(below)}-{sha256(version.encode()).hexdigest()[:16]}")
                    left.append(value)
                term = below[value] if isinstance(value, BlankNode) else value
                yield from make_triples(below[node], predicate, term)


def _page(statements: Sequence[Triple], publication: Publication) -> str:
    return published(by_subject(statements), {**publication.prefixes, "as": _DELETE.removesuffix("Delete")})


def _changes(publication: Publication) -> Text:
    return _("Changes: {title}", title=publication.of.title)


def _atom(steps: Sequence[Step], publication: Publication, language: str) -> str:
    """An entry for each release, the newest first."""
    base, address, languages = publication.base, publication.address, publication.languages
    version = _("Version").localized(language)
    entries = "".join(
        f"""  <entry>
    <id>{base}feed/{step.release.version}#{language}</id>
    <title>{escape(version)} {escape(step.release.version)}</title>
    <updated>{step.time}</updated>
    <link rel="alternate" type="text/turtle" href="{escape(address)}feed/{step.release.version}.ttl"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{html(step.found, language)}</div></content>
  </entry>
"""
        for step in reversed(steps)
    )
    page = visible("feed", language, languages)
    name = f"feed{ending(language, languages)}.atom"
    where = f"<uri>{escape(publication.repository)}</uri>" if publication.repository else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
  <id>{_stream(publication)}#{language}</id>
  <title>{escape(_changes(publication).localized(language))}</title>
  <updated>{steps[-1].time}</updated>
  <author><name>{escape(publication.publisher)}</name>{where}</author>
  <link rel="self" type="application/atom+xml" href="{escape(address)}{name}"/>
  <link rel="alternate" type="text/html" href="{escape(address)}{page}"/>
{entries}</feed>
"""
