"""What a reconciliation service matches names with: cities, partnerships and countries by all their names, and what
else is known of each, as a file that the server reads and others may.

A value is the id of another entity, a year, or a text by its language, or in none. Of most entities, the IRI is the id
with the ``space`` before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from ...dist import RECONCILIATION
from ...project.coordinates import position
from ...rdf.namespaces import GP, PREFIXES, expand
from ...rdf.serialize import File
from ...text import NO_TEXT, Text, in_each
from ...translation import message as _
from ..names import names
from .context import Context
from .partners import Partner
from .story import capital

MOST = 50_000  # entities of a file, those of the first types first: the server has them in memory
_QUOTED = 3  # sentences of an entity
_LONGEST = 250  # characters of a name
CITY, PARTNERSHIP, CANDIDATE, COUNTRY = "gp:City", "gp:Partnership", "gp:Candidate", "schema:Country"
TYPES = (CITY, PARTNERSHIP, CANDIDATE, COUNTRY)  # the preferred first
_PLACES, _ANY = (CITY, CANDIDATE), TYPES
_ENTITY, _YEAR, _PLACE, _TEXT = "entity", "year", "place", "text"  # what the values of a property are
Given = Callable[[str], Iterable[object]]


@dataclass(frozen=True)
class Property:
    """A property of entities: its id, what it is called, what its values are, the types of what has it, the type of
    what they are where they are entities, and what gives the values of an entity; ``clues`` gives what else a value may
    be compared with."""

    id: str
    name: Text
    kind: str
    of: Sequence[str]
    given: Given
    range: str = ""
    clues: Given | None = None


class Reconciliation:
    """What is known of each entity, by its IRI."""

    def __init__(self, context: Context) -> None:
        self.context, self.index = context, context.graph_index
        self._by_type = {type_: frozenset(self.index.instances(type_)) for type_ in TYPES}
        of_types = [iri for type_ in TYPES for iri in self.index.instances(type_)]
        listed = set(context.listed)
        self.entities = [iri for iri in dict.fromkeys(of_types) if iri in listed and names(self.index.of(iri))][:MOST]
        self._known = set(self.entities)
        self._partners_of: dict[str, list[Partner]] = {}

    def id(self, iri: str) -> str:
        """The id of an entity: what follows ``doc/`` in the path of its document."""
        return self.context.publication.addresses.of(iri).removeprefix("doc/")

    def types(self, iri: str) -> list[str]:
        """The types of an entity."""
        return [type_ for type_ in TYPES if iri in self._instances(type_)]

    def description(self, iri: str) -> Text:
        """What an entity is, in a line: of a city, where it is, and whose partner it is since when."""
        lead = self.context.story.lead(iri) or capital(self.index.label(self.index.type(iri) or ""))
        partners = self._partners(iri)
        home = self.context.publication.home_city
        first = next((each for each in partners if home in each.others), partners[0] if partners else None)
        if first is None:
            return lead
        return in_each(
            self.context.publication.languages,
            lambda language: f"{lead.localized(language)}. {first.text.localized(language)}",
        )

    def sentences(self, iri: str) -> list[str]:
        """The fragments that an entity rests on, or of a city those of its partnerships."""
        found = [
            fragment for each in (iri, *self._partnerships(iri)) for fragment in self.context.story.fragments(each)
        ]
        return list(dict.fromkeys(found))[:_QUOTED]

    def properties(self) -> list[Property]:
        """What is known of entities, the most telling first."""
        label, index = self.index.label, self.index
        return [
            Property(
                "gp:country",
                label(expand("gp:country")),
                _ENTITY,
                (*_PLACES, PARTNERSHIP),
                self._countries,
                COUNTRY,
                self._countries_as_stated,
            ),
            Property(
                "gp:startYear", _("partner since"), _YEAR, (CITY, PARTNERSHIP), self._start_years, "", self._every_year
            ),
            Property("gp:kind", label(expand("gp:kind")), _TEXT, (CITY, PARTNERSHIP), self._kinds),
            Property("gp:party", label(expand("gp:party")), _ENTITY, (PARTNERSHIP,), self._iris("gp:party"), CITY),
            Property("^gp:party", _("partnership"), _ENTITY, (CITY,), self._partnerships_of, PARTNERSHIP),
            Property("geo:lat_long", _("coordinates"), _PLACE, _PLACES, self._position),
            Property("owl:sameAs", _("Wikidata item"), _TEXT, (*_PLACES, COUNTRY), self._items),
            Property("oa:exact", _("sentence of the source"), _TEXT, _ANY, self._sentences),
            Property("rdfs:label", _("name in any language"), _TEXT, _ANY, self._names),
            Property(
                "gp:possibleMatch",
                label(expand("gp:possibleMatch")),
                _ENTITY,
                (CITY,),
                self._iris("gp:possibleMatch"),
                CANDIDATE,
            ),
            Property("^gp:country", _("cities"), _ENTITY, (COUNTRY,), self._cities, CITY),
            Property(
                "schema:identifier",
                label(expand("schema:identifier")),
                _TEXT,
                (COUNTRY,),
                lambda iri: sorted(value.value for value in index.objects(iri, "schema:identifier")),
            ),
            Property("@id", _("IRI"), _TEXT, _ANY, lambda iri: [iri]),
        ]

    def of(self, iri: str, properties: Sequence[Property]) -> dict[str, object]:
        """An entity as it stands in the file."""
        types = self.types(iri)
        known = [each for each in properties if not set(types).isdisjoint(each.of)]
        values = {each.id: found for each in known if (found := list(each.given(iri)))}
        clues = {each.id: found for each in known if each.clues and (found := list(each.clues(iri)))}
        entity: dict[str, object] = {
            "id": self.id(iri),
            "iri": iri,
            "types": types,
            "names": {tag: [name[:_LONGEST] for name in of] for tag, of in names(self.index.of(iri)).items()},
            "description": dict(self.description(iri)),
            "values": values,
        }
        if clues := {name: found for name, found in clues.items() if found != values.get(name)}:
            entity["clues"] = clues
        return entity

    def _instances(self, type_: str) -> frozenset[str]:
        return self._by_type[type_]

    def _partners(self, iri: str) -> list[Partner]:
        """The partners of a city; none of anything else."""
        if iri not in self._instances(CITY):
            return []
        if iri not in self._partners_of:
            self._partners_of[iri] = self.context.partners.of(iri)
        return self._partners_of[iri]

    def _value(self, iri: str) -> object:
        """A resource as a value: its id, or its name where it is no entity."""
        return self.id(iri) if iri in self._known else dict(self.index.label(iri))

    def _iris(self, name: str) -> Given:
        return lambda iri: [self._value(value) for value in self.index.iris(iri, name)]

    def _partnerships(self, iri: str) -> list[str]:
        """The partnerships of a city: with the home city, if there are such, else all; none of anything else."""
        partners = self._partners(iri)
        home = self.context.publication.home_city
        at_home = [each for each in partners if home in each.others]
        return [each.partnership for each in at_home or partners]

    def _partnerships_of(self, iri: str) -> list[object]:
        return [self._value(each.partnership) for each in self._partners(iri)]

    def _parties(self, iri: str) -> list[str]:
        return self.index.iris(iri, "gp:party") if iri in self._instances(PARTNERSHIP) else [iri]

    def _countries(self, iri: str) -> list[object]:
        found = (country for each in self._parties(iri) for country in self.index.iris(each, "gp:country"))
        return [self._value(country) for country in dict.fromkeys(found)]

    def _countries_as_stated(self, iri: str) -> list[object]:
        stated = (each for party in self._parties(iri) for each in self.index.iris(party, "gp:countryAsStated"))
        found = [*self._countries(iri), *(self._value(country) for country in dict.fromkeys(stated))]
        return [value for place, value in enumerate(found) if value not in found[:place]]

    def _years(self, partnerships: Iterable[str]) -> list[int]:
        years = {self.context.story.partnership_start(each).year for each in partnerships}
        return sorted(year for year in years if year is not None)

    def _start_years(self, iri: str) -> list[int]:
        return self._years(self._partnerships(iri) if iri in self._instances(CITY) else [iri])

    def _every_year(self, iri: str) -> list[int]:
        of_city = [each.partnership for each in self._partners(iri)] if iri in self._instances(CITY) else [iri]
        return self._years(of_city)

    def _kinds(self, iri: str) -> list[object]:
        partnerships = self._partnerships(iri) if iri in self._instances(CITY) else [iri]
        kinds = dict.fromkeys(kind for each in partnerships for kind in self.index.iris(each, "gp:kind"))
        return [dict(self.index.label(kind)) for kind in kinds]

    def _position(self, iri: str) -> list[object]:
        place = position(self.index.text(iri, "geo:long"), self.index.text(iri, "geo:lat"))
        return [] if place is None else [f"{place[1]},{place[0]}"]

    def _items(self, iri: str) -> list[object]:
        return [value.removeprefix(PREFIXES["wd"]) for value in self.index.iris(iri, "owl:sameAs")]

    def _sentences(self, iri: str) -> list[object]:
        quoted = (self.context.evidences.quoted(fragment) for fragment in self.sentences(iri))
        return [{each.language: each.text} for each in quoted if each.text]

    def _names(self, iri: str) -> list[object]:
        return [{tag: name} for tag, of in names(self.index.of(iri)).items() for name in of]

    def _cities(self, iri: str) -> list[object]:
        located = self.index.mentions.get(iri, {}).get(expand("gp:country"), ())
        return [self._value(city) for city in sorted({*located} & self._instances(CITY))]


def files(reconciliation: Reconciliation) -> Iterator[File]:
    """The file."""
    publication = reconciliation.context.publication
    properties = reconciliation.properties()
    languages = publication.languages
    document = {
        "name": dict(publication.name.only(languages)),
        "languages": list(languages),
        "version": publication.of.version,
        "space": publication.project.id,
        "schema": GP,
        "types": [
            {"id": type_, "name": _shown(reconciliation.index.label(expand(type_)), languages)}
            for type_ in TYPES
            if any(type_ in reconciliation.types(iri) for iri in reconciliation.entities)
        ],
        "properties": [
            {
                "id": each.id,
                "name": _shown(each.name, languages),
                "kind": each.kind,
                "of": list(each.of),
                "range": each.range,
            }
            for each in properties
        ],
        "entities": [reconciliation.of(iri, properties) for iri in reconciliation.entities],
    }
    yield RECONCILIATION, orjson.dumps(document)


def _shown(text: Text, languages: Sequence[str]) -> dict[str, str]:
    return dict((text or NO_TEXT).only(languages))
