"""The page of the API: every address with its parameters, to read, and to try where there are scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson

from ...dist import API, DESCRIPTION
from ...rdf.serialize import File
from ...text import ending
from ..rest.operations import Operation
from .context import Context

_EXAMPLES = 1  # rows


def paths(operations: Sequence[Operation]) -> list[str]:
    """The path of the page, without an ending; none where there is nothing to ask for."""
    return [API] if operations else []


def files(context: Context, operations: Sequence[Operation]) -> Iterator[File]:
    """The page in each language; none where there is nothing to ask for."""
    if not operations:
        return
    languages = context.publication.languages
    stem, _dot, last = DESCRIPTION.rpartition(".")

    def given(language: str) -> dict[str, object]:
        return {
            **context.shared,
            "api": API,
            "description": f"{stem}{ending(language, languages)}.{last}",
            "example": _example,
            "tables": [operation for operation in operations if operation.key],
            "queries": [operation for operation in operations if not operation.key],
        }

    yield from context.pages.every("api.html", API, given)


def _example(operation: Operation) -> str:
    """The first row of an answer."""
    return "\n".join(orjson.dumps(row, option=orjson.OPT_INDENT_2).decode() for row in operation.rows[:_EXAMPLES])
