"""The snapshot of Wikidata is fetched from a real store; the old one stays until the new one is whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import wikidata_like as like
from faults import CUT, HALF, SLOW, Fault, Proxy, proxying
from ghent_partnerships.cli.main import main
from ghent_partnerships.errors import UsageError
from ghent_partnerships.project.location import at
from ghent_partnerships.project.project import Project
from ghent_partnerships.publishing.directory import replace_file
from ghent_partnerships.rdf.format import canonical
from ghent_partnerships.remote import http
from ghent_partnerships.remote.http import Access
from ghent_partnerships.remote.wikidata import Refreshed, agent, refresh
from ghent_partnerships.wikidata import terms
from ghent_partnerships.wikidata.snapshot import Population, Reference, Twinning, read_snapshot
from ghent_partnerships.wikidata.ties import graph_of
from loading import load
from second_city import FOLDER, second_city
from stores import Oxigraph, Store, running
from wikidata_like import Item, Twin

HOME, AIX, ANN_ARBOR, PERUGIA, ELSEWHERE = "Q3806", "Q47465", "Q485172", "Q3437", "Q999001"
READ = ("https://example.org/read", "2020-02-03")
TWINS = {
    HOME: [
        Twin(AIX, "1960-01-01", references=(READ,)),
        Twin(ANN_ARBOR),
        Twin(ELSEWHERE),
        Twin("Q999002", rank="Deprecated"),
    ],
    AIX: [Twin(HOME, "1960-10-20", references=(READ,)), Twin("Q999003")],
}


def items() -> dict[str, Item]:
    """What Wikidata would say of the second city: three twinnings, of which two stand on one side only."""
    found = like.with_twins(like.of_project(second_city()), TWINS)
    mayor, there = Item("Q999010", {"en": "A Mayor"}, types=["Q5"]), Item(ELSEWHERE, {"mul": "Elsewhere"})
    home = replace(found[HOME], population=(91_877, "2021-12-31"), mayor=mayor.number, image="T%C3%BCbingen%20view.jpg")
    return {**found, HOME: home, mayor.number: mayor, ELSEWHERE: there}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(Oxigraph(tmp_path_factory.mktemp("store"))) as started:
        load(started, like.n_triples(items().values()))
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(FOLDER, tmp_path / "city")
    return at(tmp_path / "city")


@pytest.fixture
def proxy(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(http, "_FIRST_PAUSE", 0.001)
    with proxying(store.address) as found:
        yield found


def fetched(project: Project, endpoint: str, **options: object) -> Refreshed:
    return refresh(project, graph_of(project), replace_file, endpoint, **options)  # type: ignore[arg-type]


def test_the_snapshot_has_what_is_asked_for_and_nothing_else(project: Project, store: Store) -> None:
    done = fetched(project, store.query)
    assert (done.items, done.missing, done.changed) == (4, 0, True)
    snapshot = read_snapshot(project)
    assert (snapshot.retrieved, snapshot.source) == (done.day, store.query)
    assert snapshot.asked == {HOME, AIX, ANN_ARBOR, PERUGIA}
    assert snapshot.population(HOME) == Population(91_877, "2021-12-31")
    assert snapshot.image_page(HOME) == "https://commons.wikimedia.org/wiki/File:T%C3%BCbingen_view.jpg"
    assert snapshot.label("Q999010") == {"en": "A Mayor"}
    assert snapshot.label(ELSEWHERE).localized("de") == "Elsewhere"
    assert snapshot.items(HOME, terms.MAYOR) == ["Q999010"]
    assert snapshot.classes(AIX) == {like.CITY, like.SETTLEMENT}
    (aix, *_others) = [each for each in snapshot.twinnings if each.subject == HOME]
    node = terms.iri(like.statement(HOME, terms.TWINNED, AIX))
    reference = Reference((READ[0],), (READ[1],))
    assert aix == Twinning(HOME, AIX, node, ("1960",), (), (reference,))
    pairs = {(each.subject, each.value) for each in snapshot.twinnings}
    assert pairs == {(HOME, AIX), (HOME, ANN_ARBOR), (HOME, ELSEWHERE), (HOME, "Q999002"), (AIX, HOME)}
    assert {each.value for each in snapshot.twinnings if each.deprecated} == {"Q999002"}


def test_the_snapshot_is_canonical_and_is_no_part_of_the_graph(project: Project, store: Store) -> None:
    before = project.graph_files()
    fetched(project, store.query)
    assert canonical(project.snapshot_file) == project.snapshot_file.read_text("utf-8")
    assert project.graph_files() == before
    assert main(["--project", str(project.root), "validate", str(project.root / "data")]) == 0
    assert [path.name for path in project.snapshot_file.parent.iterdir() if path.name.startswith(".")] == []


def test_of_an_item_that_was_merged_the_other_is_known(project: Project, store: Store) -> None:
    now = items()
    now |= {AIX: Item(AIX, merged_with="Q999004"), "Q999004": replace(now[AIX], number="Q999004")}
    now[HOME] = replace(now[HOME], twins=[replace(twin, value="Q999004") for twin in now[HOME].twins[:1]])
    load(store, like.n_triples(now.values()))
    try:
        assert fetched(project, store.query).missing == 0
    finally:
        load(store, like.n_triples(items().values()))
    snapshot = read_snapshot(project)
    assert (snapshot.merged_with(AIX), snapshot.label("Q999004").localized("en")) == ("Q999004", "Aix-en-Provence")
    assert {(each.subject, each.value) for each in snapshot.twinnings} == {(HOME, "Q999004"), ("Q999004", HOME)}
    assert "Q999004" not in snapshot.asked


def test_statements_that_name_an_item_of_before_its_merger_are_those_of_today(project: Project, store: Store) -> None:
    """Also of the home city, and of what the graph does not link to; bots take days to mend them."""
    now = items()
    now["Q999005"] = replace(now[HOME], number="Q999005", twins=[Twin(AIX), Twin("Q999006")])
    now |= {HOME: Item(HOME, merged_with="Q999005"), "Q999007": Item("Q999007", merged_with="Q999005")}
    now |= {"Q999006": Item("Q999006", merged_with="Q999008"), "Q999008": Item("Q999008", {"en": "Later"})}
    now[AIX] = replace(now[AIX], twins=[Twin(HOME)])
    now[PERUGIA] = replace(now[PERUGIA], twins=[Twin("Q999007")])
    now["Q999009"] = Item("Q999009", {"en": "Incoming"}, twins=[Twin("Q999007"), Twin(HOME)])
    load(store, like.n_triples(now.values()))
    try:
        assert fetched(project, store.query).missing == 0
    finally:
        load(store, like.n_triples(items().values()))
    snapshot = read_snapshot(project)
    assert {(each.subject, each.value, each.moved) for each in snapshot.twinnings} == {
        ("Q999005", AIX, False),
        ("Q999005", "Q999008", True),
        (AIX, "Q999005", True),
        (PERUGIA, "Q999005", True),
        ("Q999009", "Q999005", True),
    }
    assert snapshot.label("Q999008") == {"en": "Later"}


def test_dates_are_known_as_far_as_they_are_stated(project: Project, store: Store) -> None:
    now = items()
    now[HOME] = replace(now[HOME], twins=[Twin(AIX, "1960-10", "?"), Twin(ANN_ARBOR, "1965", "2001-02-03")])
    data = like.n_triples(now.values()).decode()
    unknown = "<http://www.wikidata.org/.well-known/genid/P582>"
    assert unknown in data
    for text in (data, data.replace(unknown, "_:nobody")):
        load(store, text.encode())
        try:
            fetched(project, store.query)
        finally:
            load(store, like.n_triples(items().values()))
        found = {
            each.value: (each.starts, each.ends) for each in read_snapshot(project).twinnings if each.subject == HOME
        }
        assert found == {AIX: (("1960-10",), ("?",)), ANN_ARBOR: (("1965",), ("2001-02-03",))}


def test_an_item_without_a_name_in_our_languages_is_there_all_the_same(project: Project, store: Store) -> None:
    now = {**items(), PERUGIA: Item(PERUGIA, types=())}
    del now[ANN_ARBOR]
    load(store, like.n_triples(now.values()))
    try:
        assert fetched(project, store.query).missing == 1
    finally:
        load(store, like.n_triples(items().values()))
    snapshot = read_snapshot(project)
    assert [snapshot.knows(number) for number in (PERUGIA, ANN_ARBOR)] == [True, False]


LOSSES = {
    "items": (lambda now: {HOME: now[HOME]}, "3 of 4 items of the old snapshot are gone"),
    "twinnings": (
        lambda now: {number: replace(item, twins=[]) for number, item in now.items()},
        "4 of 4 pairs of twinned cities of the old snapshot are gone",
    ),
}


@pytest.mark.parametrize(("change", "words"), LOSSES.values(), ids=LOSSES.keys())
def test_what_loses_much_is_refused_unless_it_is_accepted(
    project: Project, store: Store, change: Callable[[dict[str, Item]], dict[str, Item]], words: str
) -> None:
    fetched(project, store.query)
    before = project.snapshot_file.read_bytes()
    load(store, like.n_triples(change(items()).values()))
    try:
        with pytest.raises(UsageError, match=words) as caught:
            fetched(project, store.query)
        assert "give --accept-loss" in str(caught.value)
        assert project.snapshot_file.read_bytes() == before
        assert "he snapshot is as it was" in str(caught.value)
        given = ["--project", str(project.root), "wikidata", "refresh", "--endpoint", store.query]
        assert main([*given, "--accept-loss"]) == 0
        assert project.snapshot_file.read_bytes() != before
    finally:
        load(store, like.n_triples(items().values()))


def test_what_loses_half_is_taken(project: Project, store: Store) -> None:
    fetched(project, store.query)
    now = items()
    del now[ANN_ARBOR], now[PERUGIA]
    load(store, like.n_triples(now.values()))
    try:
        assert fetched(project, store.query).missing == 2
    finally:
        load(store, like.n_triples(items().values()))


def test_what_is_being_done_is_reported(project: Project, store: Store) -> None:
    stages: list[str] = []
    fetched(project, store.query, report=lambda stage: stages.append(str(stage)))
    assert stages[0] == "asking Wikidata: query 1 of 1"
    assert stages[-1] == f"asking Wikidata: query {QUERIES} of {QUERIES}"


def test_who_asks_is_named_as_wikimedia_wants_it(project: Project, proxy: Proxy, store: Store) -> None:
    fetched(project, proxy.of(store.query))
    agents = {request.headers["user-agent"] for request in proxy.requests}
    assert agents == {agent(project)}
    assert agent(project).endswith(" (https://example.org/tuebingen/id/dataset/tuebingen; archive@example.org)")
    assert {request.headers["accept"] for request in proxy.requests} == {"application/sparql-results+json"}


def test_without_a_contact_nobody_is_asked(project: Project, proxy: Proxy, store: Store) -> None:
    about = project.root / "data" / "dataset.ttl"
    about.write_text(about.read_text("utf-8").replace("vcard:hasEmail <mailto:archive@example.org> ;", ""), "utf-8")
    with pytest.raises(UsageError, match="give the data set a dcat:contactPoint with vcard:hasEmail or vcard:hasURL"):
        fetched(at(project.root), proxy.of(store.query))
    assert proxy.requests == []


PASSING = {
    "too many requests": Fault(status=429, headers=(("Retry-After", "0"),)),
    "a failure of the server": Fault(status=500),
    "a connection that is cut": Fault(kind=CUT),
    "half an answer": Fault(kind=HALF),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again(project: Project, proxy: Proxy, store: Store, fault: Fault) -> None:
    proxy.fault = lambda request: fault if request.number % 2 == 0 else None
    fetched(project, proxy.of(store.query))
    assert len(proxy.requests) == 2 * QUERIES
    assert len(read_snapshot(project).twinnings) == 5


QUERIES = 7  # about items, populations, between them, from the home city, to it; names of others, classes
ROWS = (("Content-Type", "application/sparql-results+json"),)
ELSE = b"<html><body>Our policy</body></html>"
LASTING = {
    "a refusal": (
        Fault(status=403, body=b"agent"),
        "refuses: “403 Forbidden: agent”; check that the contact of the data set is right, that this address is not "
        "blocked there, and that no proxy in between refuses; the snapshot is as it was",
    ),
    "a page": (
        Fault(status=200, headers=(("Content-Type", "text/html"),), body=ELSE),
        "answered with text/html and not",
    ),
    "what is said to be a page": (
        Fault(status=200, headers=(("Content-Type", "text/html"),), body=b'{"results": {"bindings": []}}'),
        "answered with text/html and",
    ),
    "half of JSON": (
        Fault(status=200, headers=ROWS, body=b'{"results": {"bind'),
        "answered with application/sparql-results+json and not with the results",
    ),
    "other JSON": (Fault(status=200, headers=(("Content-Type", "application/json"),), body=b"[1]"), "try again later"),
    "a redirect": (Fault(status=302, headers=(("Location", "http://example.org/"),)), "leads to http://example.org/"),
    "an hour": (Fault(status=429, headers=(("Retry-After", "3600"),)), "left alone for 3,600 seconds; the snapshot"),
    "no end of failures": (Fault(status=503), "503 Service Unavailable"),
    "silence": (Fault(kind=SLOW, seconds=0.6), "cannot be reached"),
}


@pytest.mark.parametrize(("fault", "words"), LASTING.values(), ids=LASTING.keys())
def test_what_stays_is_said_and_the_old_snapshot_stays(
    project: Project, proxy: Proxy, store: Store, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    monkeypatch.setattr(http, "_ATTEMPTS", 2)
    project.snapshot_file.write_text("# the old one\n", "utf-8")
    proxy.fault = lambda request: fault if request.number >= 2 else None
    with pytest.raises(UsageError) as caught:
        fetched(project, proxy.of(store.query), access=Access(seconds=0.3))
    assert words in str(caught.value)
    assert "he snapshot is as it was" in str(caught.value)
    assert project.snapshot_file.read_text("utf-8") == "# the old one\n"


def test_what_had_come_is_not_asked_for_again_unless_it_is_old(project: Project, proxy: Proxy, store: Store) -> None:
    for age, asked in (("new", QUERIES - 3), ("old", QUERIES)):
        project.snapshot_file.unlink(missing_ok=True)
        start = len(proxy.requests)
        proxy.fault = lambda request, start=start: Fault(status=403) if request.number == start + 3 else None  # type: ignore[misc]
        with pytest.raises(UsageError):
            fetched(project, proxy.of(store.query))
        (part,) = (path for path in project.snapshot_file.parent.iterdir() if path.suffix == ".part")
        if age == "old":
            os.utime(part, (0, 0))
        fetched(project, proxy.of(store.query))
        assert len(proxy.requests) - start == 4 + asked
        assert len(read_snapshot(project).twinnings) == 5


def test_what_is_about_something_else_is_no_answer(project: Project, proxy: Proxy, store: Store) -> None:
    row = (
        '{"s": {"type": "uri", "value": "%s"}, "p": {"type": "uri", "value": "%s"}, "o": {"type": "uri", "value": ""}}'
    )
    for subject, predicate in (
        ("https://example.org/", terms.iri("rdfs:label")),
        (terms.iri("wd:Q1"), "https://example.org/"),
    ):
        body = f'{{"head": {{}}, "results": {{"bindings": [{row % (subject, predicate)}]}}}}'.encode()
        answer = Fault(status=200, headers=ROWS, body=body)
        proxy.fault = lambda _request, answer=answer: answer  # type: ignore[misc]
        with pytest.raises(UsageError, match="not with the results of a query"):
            fetched(project, proxy.of(store.query))
    assert not project.snapshot_file.exists()


def test_an_endpoint_that_knows_none_of_the_items_is_not_believed(project: Project, proxy: Proxy, store: Store) -> None:
    body = b'{"head": {"vars": []}, "results": {"bindings": []}}'
    answer = Fault(status=200, headers=ROWS, body=body)
    proxy.fault = lambda _request: answer
    with pytest.raises(UsageError, match="knows none of the items; is it Wikidata's endpoint"):
        fetched(project, proxy.of(store.query))
    assert [path.name for path in project.snapshot_file.parent.iterdir() if "wikidata" in path.name] == []


def test_many_items_are_asked_for_in_batches(
    project: Project, proxy: Proxy, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ghent_partnerships.remote import wikidata

    fetched(project, store.query)
    whole = project.snapshot_file.read_bytes()
    monkeypatch.setattr(wikidata, "_BATCH", 3)
    fetched(project, proxy.of(store.query))
    assert project.snapshot_file.read_bytes() == whole.replace(store.query.encode(), proxy.of(store.query).encode())
    assert len(proxy.requests) > QUERIES


def test_the_command_says_what_it_did(
    project: Project, store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    assert main(["wikidata", "refresh", "--endpoint", store.query]) == 0
    day = read_snapshot(project).retrieved
    assert capsys.readouterr().out == f"data/wikidata.ttl: 4 items, as of {day}\n"
    older = project.snapshot_file.read_bytes().replace(f'"{day}"'.encode(), b'"2020-01-01"')
    project.snapshot_file.write_bytes(older)
    assert main(["wikidata", "refresh", "--endpoint", store.query]) == 0
    assert project.snapshot_file.read_bytes() == older
    assert capsys.readouterr().out == "data/wikidata.ttl: 4 items, nothing has changed, so it stays as it is\n"
    assert main(["wikidata", "refresh", "--endpoint", "ftp://example.org/"]) == 2
    assert "expected an http: or https: URL" in capsys.readouterr().err


@pytest.mark.network
def test_wikidata_itself_is_read(project: Project) -> None:
    assert main(["--project", str(project.root), "wikidata", "refresh"]) == 0
    snapshot = read_snapshot(project)
    assert {each.subject for each in snapshot.twinnings} >= {HOME}
    assert snapshot.population(HOME) is not None
