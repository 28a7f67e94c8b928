"""Whether what is known of an entity agrees with a condition. A value stands for what it can be compared by: a year,
the id of an entity, or the plain letters of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .forms import folded, sorted_words
from .index import Entity, Index, Property
from .queries import Condition, Value

_YEAR = re.compile(r"-?[0-9]{4}(?![0-9])")
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]{0,20})?)"
_PAIR = re.compile(rf" ?{_DEGREES} ?[,; ] ?{_DEGREES} ?")
_NEAR = 0.2  # degrees: within a city
_CODES = "schema:identifier"
Agreement = Callable[[Entity], bool | None]


def agreement(index: Index, condition: Condition) -> Agreement | None:
    """What tells whether an entity is as a condition says, and None where nothing is known of it; None where the
    condition says nothing: the property is unknown, or no value is given."""
    property_ = index.properties.get(condition.property)
    given = [value for value in condition.values if value.id or value.text.strip()]
    if property_ is None or not given:
        return None
    if property_.kind == "place":
        places = [value.text for value in given]
        return _quantified(
            condition, lambda known: [any(_near(each, text) for each in known) for text in places], index
        )
    meant = [_meant(index, property_, value) for value in given]
    return _quantified(condition, lambda known: [not each.isdisjoint(known) for each in meant], index)


def _quantified(condition: Condition, tried: Callable[[frozenset[object]], list[bool]], index: Index) -> Agreement:
    def agrees(entity: Entity) -> bool | None:
        known = _known(index, entity, condition.property)
        if not known:
            return None
        found = tried(known)
        if condition.quantifier == "all":
            return all(found)
        return any(found) != (condition.quantifier == "none")

    return agrees


def _meant(index: Index, property_: Property, value: Value) -> frozenset[object]:
    if property_.kind == "year":
        year = _YEAR.match(value.text.strip())
        return frozenset([int(year[0])] if year else [])
    entity = index.entity(value.id or value.text) if value.id or property_.kind == "entity" else None
    if entity is not None and property_.kind == "entity":
        return frozenset([f"id {entity.id}"])
    return frozenset(filter(None, [sorted_words(folded(value.text or value.id))]))


def _known(index: Index, entity: Entity, name: str) -> frozenset[object]:
    """What the values of an entity can be compared by, remembered once it was asked for."""
    key = entity.id, name
    if (found := index.compared.get(key)) is None:
        values = entity.clues.get(name) or entity.values.get(name) or ()
        found = index.compared[key] = frozenset(_compared(index, index.properties[name], values))
    return found


def _compared(index: Index, property_: Property, values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if property_.kind in ("year", "place"):
            yield value
        elif isinstance(value, dict):
            yield from (sorted_words(folded(text)) for text in value.values())
        elif property_.kind == "entity" and (entity := index.entities.get(str(value))) is not None:
            yield f"id {entity.id}"
            texts = [text for of in entity.names.values() for text in of]
            yield from (sorted_words(folded(text)) for text in (*texts, *map(str, entity.values.get(_CODES, ()))))
        else:
            yield sorted_words(folded(str(value)))


def _near(place: object, text: str) -> bool:
    first, second = (_PAIR.fullmatch(" ".join(each[:100].split())) for each in (str(place), text))
    if first is None or second is None:
        return False
    pairs = zip(first.groups(), second.groups(), strict=True)
    return all(abs(float(mine) - float(other)) <= _NEAR for mine, other in pairs)
