"""The candidates of queries as JSON, each with the features that say why it is one."""

from __future__ import annotations

from collections.abc import Iterator

from ...text import Text
from ...translation import message as _
from .index import Entity, Index
from .matching import Candidate

SIMILARITY, SAME, IDENTIFIER, SHARED, TYPE = "name_similarity", "name_same", "identifier", "name_shared", "type"
Json = dict[str, object]


def candidate(index: Index, found: Candidate, language: str) -> Json:
    """A candidate, as both versions have it."""
    entity = found.entity
    return {
        "id": entity.id,
        "name": entity.name.localized(language),
        "description": entity.description.localized(language),
        "type": [type_of(index, each, language) for each in entity.types],
        "score": found.score,
        "match": found.match,
        "features": [
            {"id": id_, "name": name.localized(language), "value": value}
            for id_, name, value in _features(index, found)
        ],
    }


def type_of(index: Index, type_: str, language: str) -> Json:
    """A type with its name."""
    return {"id": type_, "name": index.types.get(type_, Text(type_)).localized(language)}


def suggested(index: Index, entity: Entity, language: str) -> Json:
    """An entity as suggestions have it."""
    return {
        "id": entity.id,
        "name": entity.name.localized(language),
        "description": entity.description.localized(language),
        "notable": [type_of(index, each, language) for each in entity.types],
    }


def _features(index: Index, found: Candidate) -> Iterator[tuple[str, Text, bool | float]]:
    how = found.found
    if how.is_identified:
        yield IDENTIFIER, _("The identifier is its own"), True
    if how.name is not None:
        in_language = f"@{how.name.language}" if how.name.language else ""
        yield SIMILARITY, _("Similarity with “{name}”", name=how.name.text), round(how.similarity, 2)
        yield f"label{in_language}", _("Found by “{name}”", name=f"{how.name.text}{in_language}"), True
        yield SAME, _("The name is the same, in plain letters"), how.bears
        yield SHARED, _("Others bear the name too"), found.is_shared
    if found.of_type is not None:
        yield TYPE, _("It is of the type"), found.of_type
    for name, agrees in found.agreements.items():
        property_ = index.properties[name].name
        if agrees is None:
            yield f"unknown:{name}", _("Not known: {property}", property=property_), True
        else:
            yield name, _("Agrees: {property}", property=property_), agrees
