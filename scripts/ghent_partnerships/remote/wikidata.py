"""Fetch the snapshot of Wikidata, or of a mirror of its query service, through SPARQLWrapper.

The service's rules: https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy and
https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ..errors import InvalidError, UsageError
from ..files import reason, shown
from ..process import CrashedError, isolated
from ..project.citation import version
from ..project.location import packaged
from ..project.project import Project
from ..rdf.values import VIRTUOSO_WKT, WKT
from ..text import Text
from ..translation import message as _
from ..wikidata import queries, terms
from ..wikidata.snapshot import Snapshot, graph_name, read_snapshot, written
from ..wikidata.ties import Graph
from .answers import copy_body, retry_after
from .http import MOST, Access, RefusedError, checked, opener, patiently

ENDPOINT = "https://query.wikidata.org/sparql"
_ROWS = "application/sparql-results+json"
_SECONDS = 900  # for one query, with all pauses in which the service wants to be left alone
_BATCH = 50  # items a query
_FRESH = 86_400  # seconds in which a refresh that was interrupted goes on where it was
_CONTACT = re.compile(r"[!-~]+")  # what a header may hold
Progress = Callable[[Text], None]  # is called with what is being done
Write = Callable[[Path, bytes], None]  # writes a file whole or not at all


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: of how many items, as of which day, how many it did not find, and whether anything has
    changed since the snapshot before, which else stays as it is."""

    file: Path
    items: int
    missing: int
    day: str
    changed: bool


class _Answer(NamedTuple):
    day: str
    triples: list[Triple]


def agent(project: Project) -> str:
    """Who asks, as Wikimedia wants it: the program, its version, and whom to write to about it.

    Raises:
        UsageError: the data set of the project has no contact.
    """
    about = project.data_set
    point = about.value("dcat:contactPoint")
    found = [value.value for name in ("vcard:hasEmail", "vcard:hasURL") for value in about.values(name, point)]
    contacts = [contact.removeprefix("mailto:") for contact in found if point and _CONTACT.fullmatch(contact)]
    if not contacts:
        raise UsageError(
            _(
                "{path}: Wikidata asks whom to write to; give the data set a {contact} with {email} or {url}",
                path=shown(about.path),
                contact="dcat:contactPoint",
                email="vcard:hasEmail",
                url="vcard:hasURL",
            )
        )
    stated = [part for part in (about.iri, contacts[0]) if _CONTACT.fullmatch(part)]
    return f"ghent-partnerships/{version(packaged())} ({'; '.join(stated)})"


def refresh(
    project: Project,
    graph: Graph,
    write: Write,
    endpoint: str = ENDPOINT,
    *,
    access: Access | None = None,
    report: Progress = lambda _stage: None,
    accept_loss: bool = False,
) -> Refreshed:
    """Fetch what Wikidata says of the items that the graph links to, and ``write`` the snapshot of the project, which
    stays as it is until all is there.

    What was fetched when a refresh is interrupted is kept beside the snapshot for a day, and not asked for again.
    ``accept_loss`` takes an answer that lacks more than half of what the old snapshot has.

    Raises:
        UsageError: nothing links to an item, the data set has no contact, or the endpoint is out of reach, refuses,
            answers with something else, or knows none of the items or lacks much of what it had.
    """
    items = sorted({tie.item for tie in graph.ties()})
    if not items:
        raise UsageError(_("nothing in the graph is owl:sameAs an item of Wikidata, so there is nothing to fetch"))
    file = project.snapshot_file
    before = _before(project)
    service = _Service(endpoint, agent(project), access or Access(), _Kept(file), report)
    fetched = _fetched(service, items, graph.home, project.languages)
    known = {triple.subject for triple in fetched}
    missing = [number for number in items if NamedNode(terms.iri(f"wd:{number}")) not in known]
    day = min(service.days)
    content = written(fetched, graph_name(project), endpoint, day, items)
    try:
        if len(missing) == len(items):
            problem = _(
                "{url}: knows none of the items; is it Wikidata's endpoint or a mirror? The snapshot is as it was",
                url=endpoint,
            )
            raise UsageError(problem)
        if before and not accept_loss:
            _hold_against(before, Snapshot(fetched), {*items}, endpoint)
    except UsageError:
        service.kept.remove()  # so that the next refresh asks anew
        raise
    changed = not file.is_file() or _undated(file.read_bytes()) != _undated(content)
    if changed:
        write(file, content)
    service.kept.remove()
    return Refreshed(file, len(items), len(missing), day, changed)


def _before(project: Project) -> Snapshot | None:
    """The old snapshot, if there is one that can be read."""
    with suppress(UsageError, InvalidError):
        return read_snapshot(project)
    return None


def _hold_against(before: Snapshot, now: Snapshot, items: set[str], endpoint: str) -> None:
    """Refuse what lacks more than half of the items or of the twinnings that the old snapshot has of the same items."""
    had = {number for number in before.asked & items if before.knows(number)}
    twinned, still = (
        {frozenset((each.subject, each.value)) for each in snapshot.twinnings} for snapshot in (before, now)
    )
    of_items = {pair for pair in twinned if pair & {before.current(number) for number in items}}
    kept = {frozenset(map(now.current, pair)) for pair in of_items} & still
    for what, lost, all_of_them in (
        (_("items"), len(had) - sum(map(now.knows, had)), len(had)),
        (_("pairs of twinned cities"), len(of_items) - len(kept), len(of_items)),
    ):
        if 2 * lost > all_of_them:
            raise UsageError(
                _(
                    "{url}: {lost} of {number} {what} of the old snapshot are gone, which is more than half; the "
                    "snapshot is as it was. If that is right, give --accept-loss",
                    url=endpoint,
                    lost=lost,
                    number=all_of_them,
                    what=what,
                )
            )


def _undated(content: bytes) -> bytes:
    """A snapshot without its day: what is fetched every week changes now and then."""
    return re.sub(rb"    dcterms:created [^\n]*\n", b"", content)


def _fetched(service: _Service, items: Sequence[str], home: str, languages: Sequence[str]) -> list[Triple]:
    """What is to be known of the items, of those that they were merged with, and what all is called that they name."""
    found = list(chain.from_iterable(service.answers([queries.about(batch, languages) for batch in _batches(items)])))
    others = sorted({*_merged(found).values()} - {*items})
    found += chain.from_iterable(service.answers([queries.about(batch, languages) for batch in _batches(others)]))
    merged = _merged(found)
    every = sorted({*items, *others, *merged})  # the numbers of before the merger may still stand in statements
    asked = [queries.populations(batch) for batch in _batches([*items, *others])]
    asked += [queries.twinnings(batch, every) for batch in _batches(every)]
    if home:
        homes = [number for number in every if merged.get(number, number) == merged.get(home, home)]
        asked += [queries.twinnings(homes, []), queries.twinnings([], homes)]
    found += chain.from_iterable(service.answers(asked))
    referred = _objects(found, {f"wdt:{name}" for name in (terms.TYPE, terms.COUNTRY, terms.MAYOR)})
    ends = {item for triple in found if (item := _partner(triple))}
    asked = [queries.names(batch, languages) for batch in _batches(sorted((referred | ends) - {*every}))]
    asked += [queries.classes(batch) for batch in _batches(sorted(_objects(found, {f"wdt:{terms.TYPE}"})))]
    found += chain.from_iterable(service.answers(asked))
    later = sorted({*_merged(found).values()} - {*every} - referred - ends)
    found += chain.from_iterable(service.answers([queries.names(batch, languages) for batch in _batches(later)]))
    return list(dict.fromkeys(found))


def _merged(triples: Iterable[Triple]) -> dict[str, str]:
    """The item that each item was merged with."""
    return {
        terms.item(triple.subject.value): number  # type: ignore[union-attr]  # what is merged is an item
        for triple in triples
        for number in _objects([triple], {"owl:sameAs"})
    }


def _batches(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _objects(triples: Iterable[Triple], names: Iterable[str]) -> set[str]:
    """The items that are values of these properties."""
    wanted = {terms.iri(name) for name in names}
    values = (triple.object for triple in triples if triple.predicate.value in wanted)
    return {number for value in values if isinstance(value, NamedNode) and (number := terms.item(value.value))}


def _partner(triple: Triple) -> str:
    """The item at either end of a statement of twinning."""
    if triple.predicate.value == terms.iri(f"p:{terms.TWINNED}"):
        return terms.item(getattr(triple.subject, "value", ""))
    return terms.item(triple.object.value) if triple.predicate.value == terms.iri(f"ps:{terms.TWINNED}") else ""  # type: ignore[union-attr]


class _Service:
    """The endpoint as it is asked, and the days on which it answered."""

    def __init__(self, endpoint: str, agent: str, access: Access, kept: _Kept, report: Progress) -> None:
        self.endpoint, self.agent, self.access, self.kept, self.report = checked(endpoint), agent, access, kept, report
        self.days: list[str] = []
        self._number = self._total = 0

    def answers(self, texts: Sequence[str]) -> Iterator[list[Triple]]:
        """What each of the queries finds."""
        import SPARQLWrapper  # noqa: F401  # once, and not in each process

        self._total += len(texts)
        for text in texts:
            self._number += 1
            self.report(_("asking Wikidata: query {number} of {total}", number=self._number, total=self._total))
            key = sha256(f"{self.endpoint}\n{text}".encode()).hexdigest()
            answer = self.kept.known.get(key) or self._ask(text)
            self.kept.keep(key, answer)
            self.days.append(answer.day)
            yield answer.triples

    def _ask(self, text: str) -> _Answer:
        try:
            day, lines = isolated(lambda: _asked(text, self), _SECONDS, network=True)
        except UsageError as error:
            raise _kept_so_far(_advised(error)) from error
        except TimeoutError as error:
            raise _kept_so_far(_("{url}: no whole answer came in time", url=self.endpoint)) from error
        except CrashedError as error:
            raise _kept_so_far(_("{url}: the answer cannot be read", url=self.endpoint)) from error
        return _Answer(day, _read(lines))


def _asked(text: str, service: _Service) -> tuple[str, bytes]:
    """The day on which the service answered a query, and the triples as N-Triples; in a process of its own."""
    from io import BytesIO
    from time import gmtime, strftime
    from urllib.error import HTTPError
    from urllib.request import install_opener

    from SPARQLWrapper import POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    install_opener(opener(service.access))
    wrapper = SPARQLWrapper(service.endpoint, agent=service.agent)
    wrapper.timeout = service.access.seconds  # type: ignore[assignment]  # its method takes whole ones
    wrapper.setQuery(text)
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)  # beside the header it would send the format as three parameters
    wrapper.addCustomHttpHeader("Accept", _ROWS)

    def answered() -> tuple[str, str, bytes]:
        try:
            response = wrapper.query().response
        except SPARQLWrapperException as error:  # which it makes of some statuses
            if isinstance(error.__context__, HTTPError):
                raise error.__context__ from None
            raise OSError(str(error)) from error
        if response.status != HTTPStatus.OK:
            raise OSError(f"{response.status}")
        body = BytesIO()
        copy_body(service.endpoint, response, body, MOST, service.access.seconds)
        day = strftime("%Y-%m-%d", gmtime())
        with suppress(TypeError, ValueError):
            day = f"{parsedate_to_datetime(response.headers['Date']):%Y-%m-%d}"
        return day, response.headers.get_content_type(), body.getvalue()

    day, kind, body = patiently(answered, service.endpoint, service.access)
    try:
        if kind not in (_ROWS, "application/json"):
            raise ValueError(kind)
        return day, _lines(map(_triple, json.loads(body)["results"]["bindings"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = _("{url}: answered with {kind} and not with the results of a query", url=service.endpoint, kind=kind)
        raise UsageError(problem) from error


def _advised(error: UsageError) -> Text:
    """What went wrong, with how long the service wants to be left alone, or what to look at where it lets nobody in."""
    if isinstance(error, RefusedError):
        if seconds := retry_after(error.headers.get("Retry-After", "")):
            wait = f"{seconds:,.0f}"
            return _("{problem}; it wants to be left alone for {seconds} seconds", problem=error.text, seconds=wait)
        if error.status == HTTPStatus.FORBIDDEN:
            return _(
                "{problem}; check that the contact of the data set is right, that this address is not blocked there, "
                "and that no proxy in between refuses",
                problem=error.text,
            )
    return error.text


def _kept_so_far(problem: Text) -> UsageError:
    return UsageError(
        _(
            "{problem}; the snapshot is as it was, and what has come is kept: try again later, or give a mirror with "
            "--endpoint",
            problem=problem,
        )
    )


def _triple(row: Mapping[str, Mapping[str, str]]) -> Triple | None:
    """The triple of a row, or None where Wikidata has no value to name; of a qualifier it has to be said.

    Raises:
        ValueError: it is about something that is not Wikidata's.
    """
    subject, predicate, value = (row[name] for name in ("s", "p", "o"))
    if value["type"] == "bnode" and predicate["value"].startswith(terms.iri("pq:")):
        value = {"type": "uri", "value": f"{terms.UNKNOWN}0"}
    if "bnode" in (subject["type"], value["type"]):
        return None
    if subject["type"] != "uri" or not subject["value"].startswith("http://www.wikidata.org/"):
        raise ValueError(subject)
    if predicate["value"] not in queries.ASKED:
        raise ValueError(predicate)
    if value["type"] == "uri":
        return Triple(NamedNode(subject["value"]), NamedNode(predicate["value"]), NamedNode(value["value"]))
    if language := value.get("xml:lang"):
        literal = Literal(value["value"], language=language)
    else:
        text, datatype = value["value"], value.get("datatype")
        if datatype == VIRTUOSO_WKT.value:
            text, datatype = text.replace("POINT", "Point"), WKT.value
        literal = Literal(text, datatype=NamedNode(datatype) if datatype else None)
    return Triple(NamedNode(subject["value"]), NamedNode(predicate["value"]), literal)


def _lines(triples: Iterable[Triple | None]) -> bytes:
    return serialize((triple for triple in triples if triple), format=RdfFormat.N_TRIPLES) or b""


def _read(lines: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]


class _Kept:
    """The answers that are kept beside the snapshot until all have come, by the digest of what was asked."""

    def __init__(self, file: Path) -> None:
        from time import time

        self._file = file.with_name(f".{file.name}.part")
        self.known: dict[str, _Answer] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, SyntaxError):  # a line may be cut off: up to that
            if time() - self._file.stat().st_mtime < _FRESH:
                for line in self._file.read_text(encoding="utf-8").splitlines():
                    stated = json.loads(line)
                    self.known[stated["asked"]] = _Answer(stated["day"], _read(stated["triples"].encode()))

    def keep(self, key: str, answer: _Answer) -> None:
        """Keep an answer, if it is new."""
        if key in self.known:
            return
        self.known[key] = answer
        row = json.dumps({"asked": key, "day": answer.day, "triples": _lines(answer.triples).decode()})
        try:
            with self._file.open("a" if len(self.known) > 1 else "w", encoding="utf-8") as file:
                file.write(f"{row}\n")
        except OSError as error:
            raise UsageError(_("{path}: {reason}", path=shown(self._file), reason=reason(error))) from error

    def remove(self) -> None:
        """Forget the answers, which are in the snapshot."""
        self._file.unlink(missing_ok=True)
