"""Show answers as text: tables, CSV, TSV, JSON, Markdown, Turtle; and the list of the questions as Markdown."""

from __future__ import annotations

import io
import re
import unicodedata  # noqa: F401  # by which cells are measured: behind the wall nothing can be imported any more
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

from ..errors import UsageError
from ..project.project import FEDERATED, Project
from ..rdf.turtle import UnwritableError, abbreviate, by_subject, serialize
from ..terminal import printable, width, wrap
from ..translation import message as _
from . import csv_results
from .library import federated, questions
from .run import Results

_GAP = "  "  # between the columns of a table
_RESULTS_FORMATS = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
}


def render(
    results: Results, output_format: str | None, known: Mapping[str, str], columns: int | None = None
) -> tuple[str, bool]:
    """Return the answer as text in the format (by default a table, or Turtle for a graph), and whether it is empty.

    ``output_format`` is one of table, csv, tsv, json, markdown and turtle; ``known`` are namespaces by the prefixes
    that IRIs are abbreviated with. A table is fitted to so many columns of a
    terminal, if they are given.

    Raises:
        UsageError: the format does not fit the answer.
    """
    if isinstance(results, list):
        if output_format not in (None, "turtle"):
            raise UsageError(_("--format {name}: the answer is a graph; use turtle", name=output_format))
        try:
            return serialize(by_subject(results), known), not results
        except UnwritableError:  # shared blank nodes, RDF 1.2: as Oxigraph writes them
            data = pyoxigraph.serialize(results, format=RdfFormat.TURTLE, prefixes=dict(known))
            assert data is not None
            return data.decode("utf-8"), False
    if output_format == "turtle":
        raise UsageError(_("--format turtle: the answer is no graph; use table, csv, tsv, json or markdown"))
    if output_format in _RESULTS_FORMATS:
        text = _serialized(results, output_format)
        text += "" if text.endswith("\n") else "\n"
        return text, _is_empty(text, output_format, results)
    if isinstance(results, QueryBoolean):
        return f"{'yes' if results else 'no'}\n", False
    head = [variable.value for variable in results.variables]
    rows = [[_cell(term, known) for term in solution] for solution in results]
    return (markdown(head, rows) if output_format == "markdown" else table(head, rows, columns)), not rows


def _serialized(results: QuerySolutions | QueryBoolean, output_format: str) -> str:
    if output_format == "csv" and isinstance(results, QuerySolutions):
        output = io.BytesIO()
        csv_results.write(results, output)
        return output.getvalue().decode("utf-8")
    data = results.serialize(format=_RESULTS_FORMATS[output_format])
    assert data is not None
    return data.decode("utf-8")


def _is_empty(text: str, output_format: str, results: Results) -> bool:
    if isinstance(results, QueryBoolean):
        return False
    return '"bindings":[]' in text if output_format == "json" else text.count("\n") == 1


def table(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int | None = None) -> str:
    """Return an aligned table; columns of numbers are set flush right.

    Where it is wider than so many columns of a terminal, the text in its widest cells goes on below.
    """
    cells = [[printable(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    room = sum(widths) if columns is None else columns - len(_GAP) * (len(widths) - 1)
    fitted = widths if sum(widths) <= room else _fitting(widths, room)
    right = [
        bool(column[1:]) and all(cell.lstrip("-").isdecimal() for cell in column[1:])
        for column in zip(*cells, strict=True)
    ]
    rule = ["─" * size for size in fitted]
    return "".join(
        _GAP.join(
            _padding(part, size) + part if flush else part + _padding(part, size)
            for part, size, flush in zip(line, fitted, right, strict=True)
        ).rstrip()
        + "\n"
        for row in (cells[0], rule, *cells[1:])
        for line in ([row] if fitted is widths else zip_longest(*map(wrap, row, fitted), fillvalue=""))
    )


def _fitting(widths: Sequence[int], room: int) -> list[int]:
    """The widths, the widest made as narrow as it takes for all to have room; two columns for each if that is too much.

    >>> _fitting([4, 50, 30], 44)
    [4, 20, 20]
    """
    fitted = list(widths)
    for done, (size, number) in enumerate(sorted((size, number) for number, size in enumerate(widths))):
        fitted[number] = min(size, max(room // (len(widths) - done), 2))
        room -= fitted[number]
    return fitted


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of GitHub Flavored Markdown in which every text stands for itself."""
    return _markdown([_as_markdown(cell) for cell in head], ([_as_markdown(cell) for cell in row] for row in rows))


def index(project: Project) -> str:
    """Return the page about the questions, the tables and the views of a project, as it stands in
    ``queries/README.md``. A question that comes with the package has no link there."""
    folders: dict[str, list[list[str]]] = {}
    place = project.root / "queries"
    files = [*project.query_files(), *project.federated_files()]
    paths = {file.stem: file.relative_to(place) for file in files if file.is_relative_to(place)}
    for question in (*questions(project).values(), *federated(project).values()):
        name = question.name
        cells = [f"[{name}]({paths[name].as_posix()})" if name in paths else name]
        for language in project.languages:
            meanings = ((each.name, _as_markdown(each.meaning.localized(language))) for each in question.parameters)
            parameters = "; ".join(f"`{name}`: {meaning}" for name, meaning in meanings)
            cells += [_as_markdown(question.summary.localized(language)), parameters]
        folders.setdefault(question.folder, []).append(cells)
    words = (_("question"), _("its parameters"))
    head = ("query", *(word.localized(language) for language in project.languages for word in words))
    sections = (
        f"## {title}\n\n{about}\n\n{_markdown(head, folders[folder])}"
        for folder, (title, about) in _SECTIONS.items()
        if folder in folders
    )
    return "\n".join((_INDEX, *sections))


_INDEX = """# The queries

One question a file, which can be pasted into any SPARQL endpoint. `ghent-partnerships query NAME` asks it of the graph
at hand, and `--param` binds a parameter. This page is made from the headers of the files:
`ghent-partnerships query --list --format markdown > queries/README.md`.
"""
_SECTIONS = {
    "": ("Questions", "What people ask of the graph; `tests/ghent/answers` in a checkout has the answers."),
    "tables": (
        "Tables",
        "What `publish` writes as CSV, and on the map as GeoJSON; a `column` line titles each column.",
    ),
    "views": ("Views", "The graph in other vocabularies, derived by `publish`; they are no part of the graph."),
    FEDERATED: (
        "Questions that ask Wikidata too",
        "With a `SERVICE` clause, so that they need the network: `ghent-partnerships query NAME --allow-network`.",
    ),
}


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))


def _as_markdown(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", printable(text))


_MARKS = re.compile(r"[\\`*_\[\]<>|~&#]")


def _cell(term: object, known: Mapping[str, str]) -> str:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        return abbreviate(term, known)
    return "" if term is None else str(term)


def _padding(text: str, size: int) -> str:
    return " " * (size - width(text))
