"""What a client offers while somebody writes: entities, properties and types whose names begin so, or are like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...text import Text
from .forms import folded
from .index import Entity, Index
from .matching import candidates
from .queries import Query
from .results import Json, suggested, type_of

PAGE = 20  # suggestions at once
_LIKE = 2  # letters, from which similar names are offered too


def entities(index: Index, prefix: str, type_: str, cursor: int, language: str) -> list[Json]:
    """The entities by a prefix of a name, or by an id; those of the type, where one is given."""
    found: dict[str, Entity] = {}
    for entity in _offered(index, prefix):
        if not type_ or type_ in entity.types or type_ in entity.standing:
            found.setdefault(entity.id, entity)
        if len(found) >= cursor + PAGE:
            break
    return [suggested(index, entity, language) for entity in list(found.values())[cursor:]]


def _offered(index: Index, prefix: str) -> Iterator[Entity]:
    if (entity := index.entity(prefix.strip())) is not None:
        yield entity
    if not prefix.strip():
        yield from index.entities.values()
    elif form := folded(prefix):
        yield from (name.entity for name in index.beginning(form))
        if len(form) > _LIKE:
            yield from (found.entity for found in candidates(index, Query(names=(prefix,), limit=PAGE)))


def properties(index: Index, prefix: str, cursor: int, language: str) -> list[Json]:
    """The properties by a part of a name or id."""
    found = _named(((each.id, each.name) for each in index.properties.values()), prefix)
    return [{"id": id_, "name": name.localized(language)} for id_, name in found[cursor : cursor + PAGE]]


def types(index: Index, prefix: str, cursor: int, language: str) -> list[Json]:
    """The types by a part of a name or id."""
    found = _named(index.types.items(), prefix)
    return [type_of(index, id_, language) for id_, _name in found[cursor : cursor + PAGE]]


def _named(offered: Iterable[tuple[str, Text]], prefix: str) -> list[tuple[str, Text]]:
    asked = folded(prefix)
    return [(id_, name) for id_, name in offered if any(asked in folded(text) for text in (id_, *name.values()))]
