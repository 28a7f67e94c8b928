"""A table of a thousand pairs of cities becomes a site whose pages stay small, and whose work grows as the table does.

The pairs are the first of ``../shared/data/twin_cities_raw.csv``; ``tests/bench/cities.py`` takes all 26,114 of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from cProfile import Profile
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

import needs
from ghent_partnerships.cli.main import main
from ghent_partnerships.project.evidence import MOST, Evidences
from ghent_partnerships.publishing import publish
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import expand

ROWS = 1_000
SIZES = (10, 50, 100, 200)  # the first fills what is kept for the next
OPTIONS = ["--base", "https://example.org/twins/", "--language", "en", "--publisher", "Nobody"]
LARGEST = 250_000  # bytes of a page, but for those of the vocabulary, which are the same for any data
OF_VOCABULARY = {"ontology.html", "shapes.html"}
GROWTH = 1.1  # the most that a resource may take more where there are twice as many


def table(folder: Path, rows: int) -> Path:
    """A file with the first rows of the table."""
    with needs.shared("data/twin_cities_raw.csv").open(encoding="utf-8") as lines:
        head = [next(lines) for _row in range(rows + 1)]
    file = folder / f"pairs{rows}.csv"
    file.write_text("".join(head), encoding="utf-8")
    return file


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines that a command prints that ends well."""
    assert main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def texts(page: bytes, element: str) -> list[str]:
    """What stands in the elements of a name."""
    found = re.findall(rf"<{element}[ >].*?</{element}>", page.decode(), re.DOTALL)
    return [" ".join(unescape(re.sub("<[^>]*>", "", text)).split()).strip("> ") for text in found]


class InMemory:
    """Takes the place of the directory that ``publish`` writes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def __call__(self, _directory: Path, files: Iterable[tuple[str, bytes]], _written: object) -> int:
        self.files = dict(files)
        return len(self.files)


def test_a_thousand_rows_are_read_checked_and_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = table(tmp_path, ROWS)
    lines = command(capsys, "init", str(tmp_path / "twins"), "--from", str(file), *OPTIONS)
    assert f"{file}: 1,000 partnerships, 1,200 cities" in lines
    monkeypatch.chdir(tmp_path / "twins")
    assert re.fullmatch(r"\d+ files, [\d,]+ triples: 1 info", command(capsys, "validate")[-1])
    monkeypatch.setattr(publish, "replace_directory", memory := InMemory())
    (last,) = command(capsys, "publish")
    files = memory.files
    assert last.startswith(f"dist: {len(files):,} files, ")
    for folder, count in {"city": 1_200, "partnership": ROWS, "fragment": ROWS + 1, "source": 1}.items():
        for ending in ("html", "html.gz", "ttl", "jsonld", "nt", "rdf"):
            paths = [path for path in files if re.fullmatch(rf"doc/{folder}/[^/.]+\.{re.escape(ending)}", path)]
            assert len(paths) == count, (folder, ending)
    assert len(files["partnerships.csv"].splitlines()) == ROWS + 1
    _the_pages_tell(files)
    pages = {path: len(content) for path, content in files.items() if path.endswith(".html")}
    assert {path for path, size in pages.items() if size > LARGEST} <= OF_VOCABULARY


def _the_pages_tell(files: Mapping[str, bytes]) -> None:
    """What stands on the pages, and of which there is too much for one."""
    city = files["doc/city/berat-albania.html"]  # there is one in France
    assert texts(city, "h1") == ["Berat"]
    partners = [text for text in texts(city, "li") if text.startswith("Partner of ")]
    assert partners[:3] == [f"Partner of {name} partnership" for name in ("Amasya", "Bağcılar", "Bérat")]

    overview = files["index.html"]
    assert [text for text in texts(overview, "li") if text[0].isdigit()] == [
        "1000 partnerships",
        "1200 cities",
        "98 countries",
    ]
    rows = len(texts(overview, "tr")) - 1
    assert f"{rows}. {ROWS - rows} others have a page each, and stand in the spreadsheet." in overview.decode()

    listed = files["resources.html"]
    assert b"resources/city-1.html" in listed
    assert b"doc/city/" not in listed
    parts = [files[f"resources/city-{number}.html"] for number in (1, 2)]
    links = [re.findall(rb'<li><a href="\.\./doc/city/([^"]*)\.html">', part) for part in parts]
    assert [len(found) for found in links] == [1_000, 200]
    assert len({*links[0], *links[1]}) == 1_200
    assert "resources/city-3.html" not in files
    assert b"https://example.org/twins/resources/city-2.html" in files["sitemap.xml"]

    source = files["doc/source/pairs1000.html"]
    assert len(re.findall(rb'<div class="sentence [a-z]+" id="', source)) == MOST
    assert "and 501 more" in texts(source, "p")
    assert len(texts(files["doc/query/partnerships.html"], "tr")) == 200 + 1
    assert "and 800 more" in texts(files["doc/query/partnerships.html"], "p")


def test_a_row_beyond_those_on_the_page_of_its_source_leads_to_its_own() -> None:
    evidences = Evidences(GraphIndex(_source(MOST + 2)))
    last, first = _fragment(MOST + 2), _fragment(1)
    for fragment, shown in ((first, True), (last, False)):
        (passage,) = evidences.passages([fragment])
        assert [part.shown for run in passage.runs for part in run if part.marked] == [shown]
    whole = evidences.whole(_SOURCE)
    assert whole is not None
    assert len(whole.runs[0]) == MOST
    assert evidences.unshown(_SOURCE) == 2


class Counted(list[str]):
    """A list that counts how many of its items are read one after another."""

    read = 0

    def __iter__(self) -> Iterator[str]:
        for item in super().__iter__():
            Counted.read += 1
            yield item


def test_the_text_of_a_source_is_not_read_for_each_of_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 300
    evidences = Evidences(GraphIndex(_source(count)))
    text = Counted(evidences.text(_SOURCE))
    monkeypatch.setattr(evidences, "text", lambda _source: text)
    monkeypatch.setattr(Counted, "read", 0)
    for number in range(1, count + 1):
        (passage,) = evidences.passages([_fragment(number)])
        assert _fragment(number) in [part.iri for run in passage.runs for part in run]
    assert Counted.read == count


_SOURCE = "https://example.org/id/source/table"


def _fragment(number: int) -> str:
    return f"https://example.org/id/fragment/row-{number}"


def _source(count: int) -> Iterator[Triple]:
    """A source of so many rows."""
    for number in range(1, count + 1):
        row = NamedNode(_fragment(number))
        yield Triple(row, NamedNode(expand("rdf:type")), NamedNode(expand("oa:TextQuoteSelector")))
        yield Triple(row, NamedNode(expand("oa:exact")), Literal(f"row {number}"))
        yield Triple(row, NamedNode(expand("dcterms:isPartOf")), NamedNode(_SOURCE))
        yield Triple(row, NamedNode(expand("schema:position")), Literal(number))


@dataclass(frozen=True)
class Cost:
    """What a table took: resources, calls of functions, files, and their bytes."""

    resources: int
    calls: int
    files: int
    size: int


def _cost(folder: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> Cost:
    home = folder / str(rows)
    assert main(["init", str(home), "--from", str(table(folder, rows)), *OPTIONS]) == 0
    monkeypatch.setattr(publish, "replace_directory", memory := InMemory())
    profile = Profile()
    done = profile.runcall(publish.publish, home / "dist", home)
    calls = sum(entry.callcount for entry in profile.getstats())
    return Cost(done.resources, calls, len(memory.files), sum(map(len, memory.files.values())))


def test_a_resource_costs_the_same_however_many_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _warming, *costs = [_cost(tmp_path, rows, monkeypatch) for rows in SIZES]
    for what in ("calls", "files", "size"):
        few, many = (
            (getattr(after, what) - getattr(before, what)) / (after.resources - before.resources)
            for before, after in pairwise(costs)
        )
        assert many <= GROWTH * few, f"{what} for each resource: {few:,.1f}, then {many:,.1f}"
