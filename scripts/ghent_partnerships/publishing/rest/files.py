"""The files of the API: its description in each language, and the answers that need no parameters, for any host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson

from ...dist import API, DESCRIPTION
from ...rdf.serialize import File
from ...sparql.records import as_csv, as_json
from ...text import ending
from ..publication import Publication
from .openapi import description
from .operations import Operation

_MOST = 10_000  # rows of the answer to a question that is written as a file; the server gives longer ones in parts


def files(operations: Sequence[Operation], publication: Publication) -> Iterator[File]:
    """The files; none where there is nothing to ask for."""
    if not operations:
        return
    stem, _dot, last = DESCRIPTION.rpartition(".")
    for language in publication.languages:
        described = description(operations, publication, language)
        yield (
            f"{stem}{ending(language, publication.languages)}.{last}",
            orjson.dumps(described, option=orjson.OPT_INDENT_2),
        )
    for operation in operations:
        if not operation.key and len(operation.rows) > _MOST:
            continue
        path = API + operation.path
        yield f"{path}.json", as_json(operation.rows)
        yield f"{path}.csv", as_csv([column.name for column in operation.columns], operation.rows)
        if operation.features:
            yield f"{path}.geojson", operation.features
