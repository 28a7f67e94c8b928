"""What each statement rests on: sentences in their place in the source, conclusions of the project, or other sources.

Of a resource's sources, those that supply a property are what its values rest on; where none does, the quoted sentences
are, and where there are none, all sources. ``queries/ghent/which-sentence-says-so.rq`` says the same in SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from ..rdf.index import GraphIndex, elsewhere
from ..rdf.namespaces import PREFIXES, expand
from ..rdf.turtle import TYPE
from ..text import Text

MOST = 500  # of the fragments of a source, so many stand on its page
_FRAGMENT = NamedNode(PREFIXES["oa"] + "TextQuoteSelector")
_HEADING = NamedNode(expand("doco:Title"))
_INFERENCE = NamedNode(expand("gp:Inference"))
_MAKERS = ("dcterms:creator", "schema:author", "dcterms:publisher", "schema:publisher")


@dataclass(frozen=True)
class Quoted:
    """A fragment of a source in its place: a heading, a sentence or an item of a list (``sort``); ``marked`` if it is
    what is meant, and not only what stands around it; ``shown`` if the page of the source has it."""

    iri: str
    text: str
    language: str
    sort: str
    marked: bool
    shown: bool = True


@dataclass(frozen=True)
class Passage:
    """Runs of fragments of one source, each without a gap, in the order of the source."""

    source: str
    runs: tuple[tuple[Quoted, ...], ...]


@dataclass(frozen=True)
class Attribution:
    """Whose words a quotation is: those who published or made its source, by their IRIs or as text, the languages that
    it is in, and the address that it stands at."""

    by: tuple[str, ...]
    names: tuple[Text, ...]
    languages: tuple[str, ...]
    address: str | None


@dataclass(frozen=True)
class Conclusion:
    """A conclusion that the project draws, and the passages that it rests on."""

    inference: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Evidence:
    """What statements rest on: passages, conclusions of the project, and sources that are not quoted."""

    passages: tuple[Passage, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    others: tuple[str, ...] = ()


class Evidences:
    """Finds the evidence of statements."""

    def __init__(self, graph_index: GraphIndex) -> None:
        self.graph_index = graph_index
        self._texts: dict[str, list[str]] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._attributions: dict[str, Attribution] = {}

    def of(self, iri: str, predicate: str) -> tuple[str, ...]:
        """The sources that the values of a property of a resource rest on, in order."""
        sources = self.graph_index.iris(iri, "dcterms:source")
        supplying = [source for source in sources if predicate in self.graph_index.iris(source, "gp:supplies")]
        quoted = [source for source in sources if self._is(source, _FRAGMENT)]
        return tuple(supplying or quoted or sources)

    def is_read(self, source: str) -> bool:
        """Whether a source is one that pages quote: a fragment, or a conclusion of the project."""
        return self._is(source, _FRAGMENT) or self._is(source, _INFERENCE)

    def shown(self, sources: Iterable[str]) -> Evidence:
        """The sources as evidence, with the sentences in their place."""
        fragments, conclusions, others = [], [], []
        for source in sources:
            if self._is(source, _FRAGMENT):
                fragments.append(source)
            elif self._is(source, _INFERENCE):
                below = [
                    fragment
                    for fragment in self.graph_index.iris(source, "dcterms:source")
                    if self._is(fragment, _FRAGMENT)
                ]
                conclusions.append(Conclusion(source, tuple(self.passages(below))))
            else:
                others.append(source)
        return Evidence(tuple(self.passages(fragments)), tuple(conclusions), tuple(others))

    def attribution(self, source: str) -> Attribution:
        """Whose words the quotations from a source are, as far as the graph says so."""
        if (known := self._attributions.get(source)) is None:
            named = [value for name in _MAKERS for value in self.graph_index.objects(source, name)]
            addresses = [self.graph_index.text(source, name) for name in ("schema:url", "foaf:page")]
            known = self._attributions[source] = Attribution(
                tuple(dict.fromkeys(value.value for value in named if isinstance(value, NamedNode))),
                tuple(dict.fromkeys(Text(value.value) for value in named if isinstance(value, Literal))),
                self._languages(source),
                next((found for address in addresses if address and (found := elsewhere(address))), None),
            )
        return known

    def _languages(self, source: str) -> tuple[str, ...]:
        """The languages of a source: those that are stated, or else those of its sentences."""
        stated = [
            value.value for value in self.graph_index.objects(source, "dcterms:language") if isinstance(value, Literal)
        ]
        return tuple(sorted(stated or {self.quoted(fragment).language for fragment in self.text(source)} - {""}))

    def passages(self, fragments: Iterable[str]) -> Iterator[Passage]:
        """The fragments marked, each beside its neighbours and what it is read with."""
        by_source: dict[str, set[str]] = {}
        for fragment in fragments:
            for source in self.graph_index.iris(fragment, "dcterms:isPartOf"):
                by_source.setdefault(source, set()).add(fragment)
        for source, marked in sorted(by_source.items()):
            text = self.text(source)
            places = self._places_in(source)
            kept: set[int] = set()
            for fragment in marked:  # not all of the source, which may be long
                if (place := places.get(fragment)) is None:
                    continue
                kept.add(place)
                kept |= {neighbour for neighbour in (place - 1, place + 1) if self._beside(text, place, neighbour)}
                kept |= {
                    places[fragment]
                    for fragment in self.graph_index.iris(fragment, "dcterms:requires")
                    if fragment in places
                }
            yield Passage(source, tuple(self._runs(text, sorted(kept), marked)))

    def whole(self, source: str, marked: Iterable[str] = ()) -> Passage | None:
        """The text of a source from its beginning, as much as its page shows, or None if none of it is quoted."""
        text = self.text(source)[:MOST]
        return Passage(source, tuple(self._runs(text, range(len(text)), set(marked)))) if text else None

    def unshown(self, source: str) -> int:
        """How many fragments of a source its page does not show."""
        return max(0, len(self.text(source)) - MOST)

    def text(self, source: str) -> list[str]:
        """The fragments of a source in their order."""
        if (known := self._texts.get(source)) is None:
            parts = self.graph_index.mentions.get(source, {}).get(expand("dcterms:isPartOf"), ())
            found = [fragment for fragment in parts if self._is(fragment, _FRAGMENT)]
            known = sorted(
                found, key=lambda fragment: (self.graph_index.year(fragment, "schema:position") or 0, fragment)
            )
            self._texts[source] = known
        return known

    def _places_in(self, source: str) -> dict[str, int]:
        """Where each fragment stands in a source, counted once: a table is the source of all its rows."""
        if (known := self._places.get(source)) is None:
            known = self._places[source] = {fragment: place for place, fragment in enumerate(self.text(source))}
        return known

    def quoted(self, fragment: str, *, marked: bool = False, shown: bool = True) -> Quoted:
        """A fragment as it is shown."""
        (value, *_) = self.graph_index.objects(fragment, "oa:exact") or (None,)
        text, language = getattr(value, "value", ""), getattr(value, "language", None) or ""
        if self.graph_index.objects(fragment, "dcterms:requires"):
            sort = "item"
        else:
            sort = "heading" if self._is(fragment, _HEADING) else "sentence"
        return Quoted(fragment, text, language, sort, marked, shown)

    def _beside(self, text: list[str], place: int, neighbour: int) -> bool:
        """Whether a neighbour helps to read: in the same list, or in the same part of the text."""
        if not 0 <= neighbour < len(text):
            return False
        sorts = {self.quoted(text[place]).sort, self.quoted(text[neighbour]).sort}
        return len(sorts) == 1 or (sorts == {"heading", "sentence"} and neighbour > place)

    def _runs(self, text: list[str], places: Iterable[int], marked: set[str]) -> Iterator[tuple[Quoted, ...]]:
        run: list[Quoted] = []
        last = -1
        for place in places:
            if run and place != last + 1:
                yield tuple(run)
                run = []
            run.append(self.quoted(text[place], marked=text[place] in marked, shown=place < MOST))
            last = place
        if run:
            yield tuple(run)

    def _is(self, iri: str, kind: NamedNode) -> bool:
        return kind in self.graph_index.of(iri).get(TYPE, ())
