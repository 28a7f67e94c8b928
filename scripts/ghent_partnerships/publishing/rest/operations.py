"""What there is to ask for: the tables of a project and its questions, each with its columns, parameters and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from ...sparql.library import Question, paths, questions
from ...sparql.records import Record, records, value
from ...text import Text
from ..geojson import maps
from ..site import column_titles
from ..site.context import Context
from ..site.question_fields import LANGUAGE, Fields
from ..tables import DATATYPES, Table, described
from . import columns
from .columns import Schema

_TYPES = {"decimal": "number", "gYear": "integer"}
_OF_TABLES: dict[str, Schema] = {name: {"type": [_TYPES[type_], "null"]} for name, type_ in DATATYPES.items()}


@dataclass(frozen=True)
class Column:
    """A column of an answer: its name, its title, and the schema of its cells."""

    name: str
    title: Text
    schema: Schema


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, what it means, and the schema of its values, with the default."""

    name: str
    meaning: Text
    schema: Schema


@dataclass(frozen=True)
class Operation:
    """What answers at one path below that of the API, which begins with a slash.

    ``rows`` are the answer without parameters. A table has a ``key``, the column that names each row, and ``items``,
    what the IRIs start with by whose rest a row is had alone; where it has coordinates, ``features`` is its map. A
    question has ``source``, the path of its query among the published files.
    """

    path: str
    name: str
    title: Text
    summary: Text
    columns: tuple[Column, ...]
    rows: Sequence[Record]
    parameters: tuple[Parameter, ...] = ()
    key: str = ""
    items: str = ""
    features: bytes = b""
    source: str = ""


def operations(context: Context, answers: Sequence[Table]) -> list[Operation]:
    """Every operation of a project, its tables first."""
    of = context.publication.of
    drawn = {path.removesuffix(".geojson"): content for path, content in (maps(answers, of) if answers else ())}
    return [*(_of_table(table, context, drawn.get(table.name, b"")) for table in answers), *_of_questions(context)]


def _of_table(table: Table, context: Context, features: bytes) -> Operation:
    names = [column.name for column in table.columns]
    rows = [{name: value(row.get(name)) for name in names} for row in table.rows]
    key, items = names[0], f"{context.publication.project.id}{names[0]}/"
    schemas = columns.columns(names, rows, fixed=True, known=_OF_TABLES)
    title, summary = described(table.name)
    return Operation(
        f"/{table.name}",
        table.name,
        title,
        summary,
        tuple(Column(column.name, column.title, of) for column, of in zip(table.columns, schemas, strict=True)),
        rows,
        key=key,
        items=items if any(str(row[key]).startswith(items) for row in rows) else "",
        features=features,
    )


def _of_questions(context: Context) -> Iterator[Operation]:
    """The questions whose answers are rows; a view is a graph, and a file of its own."""
    project = context.publication.project
    every = [question for question in questions(project).values() if not question.folder]
    found = context.answers.read({question.name: question.text for question in every})
    sources = {file.stem: path for path, file in paths(project).items()}
    fields = Fields(context.graph_index, context.publication, every)
    for question in every:
        if (answer := found[question.name]) is None:
            continue
        names, rows = records(answer)
        given = tuple(_parameters(question, fields, context))
        known = {parameter.name: _cell(parameter) for parameter in given}
        schemas = columns.columns(names, rows, fixed=not given, known=known)
        yield Operation(
            f"/queries/{question.name}",
            question.name,
            question.summary,
            question.summary,
            tuple(
                Column(name, column_titles.title(name, question), of) for name, of in zip(names, schemas, strict=True)
            ),
            rows,
            given,
            source=sources[question.name],
        )


def _cell(parameter: Parameter) -> Schema:
    """The schema of a column that is a parameter, which is in an answer as an IRI of its own."""
    if "anyOf" in parameter.schema or parameter.schema.get("pattern"):
        return {"type": "string"}
    return {name: of for name, of in parameter.schema.items() if name in ("type", "format", "minimum", "maximum")}


def _parameters(question: Question, fields: Fields, context: Context) -> Iterator[Parameter]:
    for parameter in question.parameters:
        compressed = ""
        if isinstance(parameter.default, NamedNode):
            compressed = context.graph_index.compress(parameter.default.value)
        listed = _listed(parameter.default, parameter.name, fields.field(parameter, ""), fields.values, context)
        schema = columns.parameter(parameter, listed, context.publication.prefixes)
        yield Parameter(
            parameter.name, parameter.meaning, {**schema, "default": columns.default(parameter, compressed)}
        )


def _listed(
    term: NamedNode | Literal,
    name: str,
    field: Mapping[str, str],
    values: Mapping[str, Sequence[str]],
    context: Context,
) -> Sequence[str]:
    """The values that there are to choose from: languages that all has a name in, as rows without one are left out, or
    the resources of a class."""
    if name == LANGUAGE and isinstance(term, Literal):
        return sorted({term.value, *context.publication.languages})
    if isinstance(term, NamedNode) and "choices" in field:
        return sorted(map(context.graph_index.compress, values[field["choices"]]))
    return ()
