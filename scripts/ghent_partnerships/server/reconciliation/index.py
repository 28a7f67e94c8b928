"""The entities that names are matched with, as ``publish`` wrote them, and their names in the forms that are
compared."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from ...rdf.namespaces import PREFIXES
from ...text import Text
from .forms import base, folded, pairs, sorted_words, written

_CANDIDATES = "gp:possibleMatch"
_WIKIDATA = PREFIXES["wd"]
_SHARED = 3  # the part of the pairs of letters that names which are alike share


@dataclass(frozen=True)
class Property:
    """A property: its id, what it is called, what its values are (``entity``, ``year``, ``place`` or ``text``), the
    types of what has it, and the type of its values where these are entities."""

    id: str
    name: Text
    kind: str
    of: tuple[str, ...]
    range: str


@dataclass(frozen=True, eq=False)
class Entity:
    """An entity, with its values by property and what else these may be compared with. ``place`` is its number in the
    order of the file. ``standing`` are the types of what it may be meant by, as a city may that has the name of two."""

    place: int
    id: str
    iri: str
    types: tuple[str, ...]
    names: Mapping[str, Sequence[str]]
    name: Text
    description: Text
    values: Mapping[str, Sequence[object]]
    clues: Mapping[str, Sequence[object]]
    standing: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Name:
    """A name of an entity in a language; ``whole`` unless it is what several share and are told apart by more."""

    text: str
    language: str
    entity: Entity
    whole: bool


class Index:
    """All entities.

    ``forms`` are the folded names, each once, and ``of_form`` whose they are; ``of_written`` has the names as they are
    written.
    """

    def __init__(self, content: bytes) -> None:
        document = orjson.loads(content)
        self.title, self.version = Text(document["name"]), document["version"]
        self.space, self.schema = document["space"], document["schema"]
        self.languages = tuple(document["languages"])
        self.types = {each["id"]: Text(each["name"]) for each in document["types"]}
        self.properties = {each["id"]: _property(each) for each in document["properties"]}
        self.entities = {each["id"]: _entity(place, each) for place, each in enumerate(document["entities"])}
        self._stand()
        self.of_form: dict[str, list[Name]] = {}
        self.of_written: dict[str, list[Name]] = {}
        for entity in self.entities.values():
            for name in _names(entity):
                if form := folded(name.text):
                    self.of_form.setdefault(form, []).append(name)
                self.of_written.setdefault(written(name.text), []).append(name)
        self.forms = sorted(self.of_form)
        self.sorted_forms = [sorted_words(form) for form in self.forms]
        self._of_pair: dict[str, list[int]] = {}
        for place, form in enumerate(self.forms):
            for pair in pairs(form):
                self._of_pair.setdefault(pair, []).append(place)
        self._identified = dict(self._identifiers())
        self.compared: dict[
            tuple[str, str], frozenset[object]
        ] = {}  # what values can be compared by, as it is asked for

    def entity(self, identifier: str) -> Entity | None:
        """The entity of an id, an IRI or a Wikidata item; None where there is none, or several."""
        return self.entities.get(identifier) or self._identified.get(identifier)

    def like(self, form: str) -> list[int]:
        """The places of the forms that share a third of the pairs of letters with one that is given: a typo changes two
        or three of these, so only a few of many names need be compared."""
        asked = pairs(form)
        shared: Counter[int] = Counter()
        for pair in asked:
            shared.update(self._of_pair.get(pair, ()))
        least = len(asked) // _SHARED
        return [place for place, count in shared.items() if count >= least]

    def beginning(self, form: str) -> Iterator[Name]:
        """The names whose folded form begins with one that is given, in their order."""
        for place in range(bisect_left(self.forms, form), len(self.forms)):
            if not self.forms[place].startswith(form):
                return
            yield from self.of_form[self.forms[place]]

    def _stand(self) -> None:
        for entity in self.entities.values():
            for candidate in entity.values.get(_CANDIDATES, ()):
                if isinstance(candidate, str) and candidate in self.entities:
                    self.entities[candidate].standing.update(entity.types)

    def _identifiers(self) -> Iterator[tuple[str, Entity | None]]:
        known: dict[str, Entity | None] = {}
        for entity in self.entities.values():
            items = [item for item in entity.values.get("owl:sameAs", ()) if isinstance(item, str)]
            for identifier in {
                entity.iri,
                entity.id.replace("/", ":", 1),
                *items,
                *(_WIKIDATA + item for item in items),
            }:
                known[identifier] = None if identifier in known else entity
        yield from known.items()


def _property(stated: dict[str, object]) -> Property:
    of = stated["of"]
    assert isinstance(of, list)
    return Property(str(stated["id"]), _text(stated["name"]), str(stated["kind"]), tuple(of), str(stated["range"]))


def _entity(place: int, stated: dict[str, object]) -> Entity:
    names, values, clues, types = stated["names"], stated["values"], stated.get("clues", {}), stated["types"]
    assert isinstance(names, dict)
    assert isinstance(values, dict)
    assert isinstance(clues, dict)
    assert isinstance(types, list)
    name = Text({language: of[0] for language, of in names.items() if language} or next(iter(names.values()))[0])
    description = _text(stated["description"])
    return Entity(place, str(stated["id"]), str(stated["iri"]), tuple(types), names, name, description, values, clues)


def _text(stated: object) -> Text:
    assert isinstance(stated, dict)
    return Text(stated)


def _names(entity: Entity) -> Iterator[Name]:
    for language, of in sorted(entity.names.items(), key=lambda each: (not each[0], each[0])):
        for text in of:
            yield Name(text, language, entity, whole=True)
            if shared := base(text):
                yield Name(shared, language, entity, whole=False)
