"""What the published description says that there is to ask for: all that the server knows of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
FORMS = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json"}
LIMIT, OFFSET, FORM = "limit", "offset", "format"  # parameters that every list has
_ITEM = "/{slug}"
_SUCCESS = "200"


@dataclass(frozen=True)
class Operation:
    """What answers at a path below that of the API.

    ``parameters`` are the schemas of all of them by their names, ``columns`` the names of those of the answer, and
    ``offers`` the media types that it has, the preferred first. ``source`` is the path of the query of a question; a
    table has none. ``items`` is what the IRIs of the rows of a table start with, if they can be had alone.
    """

    path: str
    parameters: Mapping[str, Schema]
    columns: tuple[str, ...]
    offers: tuple[str, ...]
    source: str
    items: str


def operations(description: bytes) -> dict[str, Operation]:
    """The operations by their paths, without those of single rows, which belong to their tables.

    Raises:
        KeyError, TypeError, ValueError: it is no description that ``publish`` wrote.
    """
    document = json.loads(description)
    return {operation.path: operation for operation in _operations(document)}


def _operations(document: Schema) -> Iterator[Operation]:
    paths = document["paths"]
    for path, item in paths.items():
        if path.endswith(_ITEM):
            continue
        described = item["get"]
        content = described["responses"][_SUCCESS]["content"]
        rows = _resolved(document, content[FORMS["json"]]["schema"]["items"])
        parameters = (_resolved(document, parameter) for parameter in described["parameters"])
        alone = paths.get(path + _ITEM, {}).get("get", {})
        yield Operation(
            path,
            {parameter["name"]: parameter["schema"] for parameter in parameters},
            tuple(rows["properties"]),
            tuple(content),
            described.get("x-query", ""),
            alone.get("x-items", ""),
        )


def _resolved(document: Schema, part: Schema) -> Schema:
    """What a part of the description refers to, or the part itself."""
    if (reference := part.get("$ref")) is None:
        return part
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found  # type: ignore[no-any-return]
