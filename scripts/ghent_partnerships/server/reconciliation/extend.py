"""Data extension: what is known of entities, as columns for a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...text import Text
from ...translation import message as _
from .index import Index, Property
from .queries import too_many, wrong
from .results import Json, type_of

_PROPERTIES = 50


@dataclass(frozen=True)
class Extension:
    """What is asked for: the ids of entities, and those of properties."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


def extension(stated: object, most: int) -> Extension:
    """A data extension query, as both versions have it.

    Raises:
        Problem: it is not as its schema has it, or asks for more than ``most`` entities.
    """
    ids, properties = (stated.get("ids"), stated.get("properties")) if isinstance(stated, dict) else (None, None)
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise wrong("ids")
    if not isinstance(properties, list):
        raise wrong("properties")
    named = []
    for each in properties:
        if (
            not isinstance(each, dict)
            or not isinstance(name := each.get("id"), str)
            or not isinstance(each.get("settings", {}), dict)
        ):
            raise wrong("properties")
        named.append(name)
    if len(ids) > most or len(named) > _PROPERTIES:
        raise too_many(
            _("At once, {most} entities are extended by {columns} properties.", most=most, columns=_PROPERTIES)
        )
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(named)))


def columns(index: Index, asked: Extension, language: str) -> list[Json]:
    """The properties that are asked for, with their names; an unknown one is called by its id."""
    found = []
    for name in asked.properties:
        property_ = index.properties.get(name)
        column: Json = {"id": name, "name": property_.name.localized(language) if property_ else name}
        if property_ is not None and property_.range:
            column["type"] = type_of(index, property_.range, language)
        found.append(column)
    return found


def rows(index: Index, asked: Extension, language: str) -> Json:
    """The values of each entity by its id, then by property, as 0.2 has them."""
    return {id_: {name: _cells(index, id_, name, language) for name in asked.properties} for id_ in asked.ids}


def draft_rows(index: Index, asked: Extension, language: str) -> list[Json]:
    """The same as the draft of 1.0 has them."""
    return [
        {
            "id": id_,
            "properties": [{"id": name, "values": _cells(index, id_, name, language)} for name in asked.properties],
        }
        for id_ in asked.ids
    ]


def proposed(index: Index, type_: str, limit: int, language: str) -> list[Json]:
    """The properties that entities of a type may have; all, where it is unknown or empty."""
    every = index.properties.values()
    found = [each for each in every if type_ in each.of] if type_ in index.types else list(every)
    return [{"id": each.id, "name": each.name.localized(language)} for each in found[:limit]]


def _cells(index: Index, id_: str, name: str, language: str) -> list[Json]:
    entity, property_ = index.entity(id_), index.properties.get(name)
    if entity is None or property_ is None:
        return []
    return list(_values(index, property_, entity.values.get(name, ()), language))


def _values(index: Index, property_: Property, values: object, language: str) -> Iterator[Json]:
    assert isinstance(values, list | tuple)
    for value in values:
        entity = index.entities.get(value) if property_.kind == "entity" and isinstance(value, str) else None
        if entity is not None:
            yield {"id": entity.id, "name": entity.name.localized(language)}
        elif isinstance(value, int):
            yield {"int": value}
        else:
            yield {"str": Text(value).localized(language)}
