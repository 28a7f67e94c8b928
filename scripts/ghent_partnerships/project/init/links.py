"""The files of a new project that begins with a table of pairs of cities: each row is a quotation, and what it says of
cities and their partnerships cites it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import NamedTuple

from pyoxigraph import Literal, Triple

from ...rdf.build import Value, typed
from ...text import DEFAULT_LANGUAGE, Text
from .dataset import About, described, home_file
from .network import UNSTATED, City, Network, Partnership, network
from .repository import around
from .slugs import slug
from .start import Start, Writing, identified, kinds, statements
from .table import Row, Table, Unread

_NO_LANGUAGE = "und"  # BCP 47 for a text whose language is not known: it has names from many
_ROWS = 1_000  # of a file
_MOST = 1_000  # cities and partnerships of a file by country; a country with more has a file for each letter
_UNREAD = "unread.csv"
_YEAR = 4  # characters


class Begun(NamedTuple):
    """What a project begins with that has a table: its files by their paths, and what the rows are about."""

    files: Mapping[str, bytes]
    network: Network


def begun(start: Start, path: str, content: bytes, table: Table) -> Begun:
    """Return what a project begins with that has a table, of which this is the path and the content, as its source.

    Raises:
        UsageError: the base is no base, there are no words in a language, or the home city is not in the table.
    """
    writing = Writing(start)
    found = network(table.rows, table.unread, start.city, start.wikidata)
    return Begun(dict(_Links(writing, PurePath(path).name, table, found).files(content)), found)


class _Links:
    """Writes the rows of a table, and what they are about."""

    def __init__(self, writing: Writing, name: str, table: Table, found: Network) -> None:
        self.writing, self.name, self.table, self.found = writing, name, table, found
        self.stem = slug(PurePath(name).stem) or "table"
        self.source = writing.iri("source", self.stem)
        self.head = writing.iri("fragment", f"{self.stem}-head")

    def files(self, content: bytes) -> Iterator[tuple[str, bytes]]:
        """Every file, with its path."""
        writing, found, home = self.writing, self.found, self.found.home
        about = self._about()
        data = {
            **described(writing, about),
            "data/kinds.ttl": writing.turtle(kinds(writing, self._kinds(), self.source)),
            "data/sources.ttl": writing.turtle(self._source(content)),
            **{f"data/rows/{name}.ttl": writing.turtle(triples) for name, triples in self._rows()},
            **{f"data/partners/{name}.ttl": writing.turtle(triples) for name, triples in self._groups()},
        }
        held = {
            "data/partners": "the cities and their partnerships, by country or by letter",
            "data/rows": f"the rows of {self.name}, quoted",
            "data/sources.ttl": f"the source, {self.name}",
        }
        if found.countries:
            data["data/countries.ttl"] = writing.turtle(self._countries())
            held["data/countries.ttl"] = "the countries"
        if home:
            data[home_file(home.slug)] = writing.turtle(self._city(home))
            held[home_file(home.slug)] = "the city that all is about"
        if found.unread:
            data[_UNREAD] = _listed(found.unread, self.table.rows)
            held[_UNREAD] = f"what could not be read of {self.name}, and why"
        added = f"{len(found.partnerships):,} partnerships of {len(found.cities):,} cities, from {self.name}."
        yield from around(writing.start, about.title, about.description, held, added).items()
        yield from data.items()

    def _about(self) -> About:
        writing, found, first = self.writing, self.found, self.found.partnerships[0]
        examples = [self._iri(first.parties[0]), writing.iri("partnership", first.slug), self._row(first.lines[0])]
        if found.home is None:
            return About(
                name="city-partnerships",
                title=writing.text("network"),
                description=writing.text("network_description", table=self.name),
                place=writing.text("world"),
                home="",
                sources=[self.source],
                examples=examples,
            )
        name = self._label(found.home)
        return About(
            name=f"{found.home.slug}-partnerships",
            title=writing.text("title", city=name),
            description=writing.text("description", city=name),
            place=name,
            home=self._iri(found.home),
            sources=[self.source],
            examples=examples,
        )

    def _iri(self, city: City) -> str:
        return self.writing.iri("city", city.slug)

    def _row(self, line: int) -> str:
        return self.writing.iri("fragment", f"{self.stem}-{line}")

    def _label(self, city: City) -> Text:
        stated = self.writing.start.city if city is self.found.home else Text()
        return self.writing.everywhere(stated or city.name)

    def _source(self, content: bytes) -> Iterator[Triple]:
        """The table, and its first line, without which no row can be read."""
        writing = self.writing
        # As every source has it: of the quotations in their order, without white space and bullets.
        bare = "".join("".join(text.split()) for text in (self.table.head, *(row.text for row in self.table.rows)))
        yield from statements(
            self.source,
            ("rdf:type", "schema:CreativeWork"),
            ("rdfs:label", writing.text("table", table=self.name)),
            ("schema:url", typed(writing.start.source or writing.start.base, "anyURI")),
            ("schema:sha256", Literal(sha256(bare.replace("•", "").encode()).hexdigest())),
            ("skos:note", writing.text("checksum", checksum=sha256(content).hexdigest())),
        )
        yield from statements(
            self.head,
            ("rdf:type", "oa:TextQuoteSelector", "doco:Title"),
            ("rdfs:label", writing.text("head", table=self.name)),
            ("oa:exact", Literal(self.table.head, language=_NO_LANGUAGE)),
            ("schema:position", typed("1", "integer")),
            ("dcterms:isPartOf", self.source),
        )

    def _rows(self) -> Iterator[tuple[str, Iterator[Triple]]]:
        """The rows, so many in each file, by the number of its first line."""
        files: dict[int, list[Row]] = {}
        for row in self.table.rows:
            files.setdefault(row.line // _ROWS * _ROWS, []).append(row)
        for number, rows in files.items():
            yield f"{number:06}", (triple for row in rows for triple in self._quoted(row))

    def _quoted(self, row: Row) -> Iterator[Triple]:
        return statements(
            self._row(row.line),
            ("rdf:type", "oa:TextQuoteSelector"),
            ("rdfs:label", self.writing.text("row", table=self.name, number=row.line)),
            ("oa:exact", Literal(row.text, language=_NO_LANGUAGE)),
            ("schema:position", typed(str(row.line), "integer")),
            ("dcterms:isPartOf", self.source),
            ("dcterms:requires", self.head),
        )

    def _kinds(self) -> Iterator[tuple[str, Text, Text]]:
        writing = self.writing
        for name, stated in self.found.kinds.items():
            iri = writing.iri("kind", name)
            if stated:
                definition = writing.text("stated_definition", table=self.name, kind=stated)
                yield iri, writing.everywhere(stated), definition
            else:
                yield iri, writing.text(UNSTATED), writing.text(f"{UNSTATED}_definition")

    def _countries(self) -> Iterator[Triple]:
        lines: dict[str, int] = {}
        for city in self.found.cities:
            for place, line in city.places.items():
                lines.setdefault(place.country, line)
        for name, found in self.found.countries.items():
            yield from statements(
                self.writing.iri("country", found),
                ("rdf:type", "schema:Country"),
                ("rdfs:label", self.writing.everywhere(name)),
                ("dcterms:source", self._row(lines[name])),
            )

    def _groups(self) -> Iterator[tuple[str, Iterator[Triple]]]:
        """The cities and partnerships that are a file together: those of a country, or of a letter of it."""
        groups: dict[str, list[tuple[str, City | Partnership]]] = {}
        for city in self.found.cities:
            if city is not self.found.home:
                groups.setdefault(city.country, []).append((city.slug, city))
        for partnership in self.found.partnerships:
            placed = partnership.parties[partnership.parties[0] is self.found.home]
            groups.setdefault(placed.country, []).append((placed.slug, partnership))
        for country, members in groups.items():
            name = self.found.countries.get(country, "")
            files: dict[str, list[City | Partnership]] = {}
            for member_slug, member in members:
                letter = member_slug[0] if not name or len(members) > _MOST else ""
                files.setdefault("-".join(filter(None, (name, letter))), []).append(member)
            for file, of_file in files.items():
                yield file, (triple for member in of_file for triple in self._member(member))

    def _member(self, member: City | Partnership) -> Iterator[Triple]:
        return self._city(member) if isinstance(member, City) else self._partnership(member)

    def _city(self, city: City) -> Iterator[Triple]:
        about: list[tuple[str | Value, ...]] = [
            ("rdf:type", "gp:City"),
            ("rdfs:label", self._label(city)),
            ("gp:nameAsStated", *(Literal(name) for name in dict.fromkeys(place.stated for place in city.places))),
            ("dcterms:source", *(self._row(line) for line in dict.fromkeys(city.places.values()))),
            *identified(city.item),
        ]
        if city.country:
            about.append(("gp:country", self.writing.iri("country", self.found.countries[city.country])))
        return statements(self._iri(city), *about)

    def _partnership(self, of: Partnership) -> Iterator[Triple]:
        first, second = map(self._label, of.parties)
        about: list[tuple[str | Value, ...]] = [
            ("rdf:type", "gp:Partnership"),
            ("rdfs:label", self.writing.text("pair", first=first, second=second)),
            ("gp:party", *map(self._iri, of.parties)),
            ("gp:kind", self.writing.iri("kind", of.kind)),
            ("dcterms:source", *map(self._row, of.lines)),
        ]
        for time, year, day in (
            (of.start, "gp:startYear", "schema:startDate"),
            (of.end, "gp:endYear", "schema:endDate"),
        ):
            if time:
                about.append((year, typed(time, "gYear")) if len(time) == _YEAR else (day, typed(time, "date")))
        return statements(self.writing.iri("partnership", of.slug), *about)


def _listed(unread: Sequence[Unread], rows: Iterable[Row]) -> bytes:
    """What could not be read as a table of its own."""
    texts = {row.line: row.text for row in rows}
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(("line", "left out", "reason", "row"))
    for line, reason, whole in unread:
        writer.writerow((line, "row" if whole else "cell", reason.localized(DEFAULT_LANGUAGE), texts[line]))
    return output.getvalue().encode()
