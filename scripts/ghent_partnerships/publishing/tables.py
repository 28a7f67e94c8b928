"""The tables as CSV that a spreadsheet opens well, with metadata as CSV on the Web has it.

The files are UTF-8 without a byte order mark, in the form of RFC 4180. A text that a spreadsheet would run as a formula
begins with an apostrophe. ``csv-metadata.json`` gives each column its titles in all languages and its datatype, and
says what it means wherever the cell alone says it: ``propertyUrl`` and ``aboutUrl`` then make statements that are in
the graph. ``titles`` are those of the first line, in English; those in all languages are ``dc:title``, as for the
tables themselves, since readers of CSVW trip over ``titles`` by language. See
https://www.w3.org/TR/tabular-data-primer/.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, Store

from ..project.project import Project
from ..rdf.namespaces import GP, PREFIXES
from ..rdf.turtle import XSD
from ..sparql.library import Column, question
from ..sparql.records import FORMULA_STARTS
from ..sparql.run import ask, read_results
from ..sparql.text import tokens
from ..sparql.views import DataSet
from ..text import DEFAULT_LANGUAGE, Text, ending
from ..translation import languages as interface_languages
from ..translation import message as _
from .catalogue.authorities import language_name

_JSON = QueryResultsFormat.JSON
TABLES = ("partnerships", "cities", "agreements")
METADATA = "csv-metadata.json"
NOT_STATED = "not stated"  # what the queries answer in the place of a value that the source leaves open
_NOT_STATED = _("Not stated by the source")
_LEFT_OPEN = "notStated"  # the column with the titles of the columns whose cells are
_WRITTEN = interface_languages()  # that the queries are in
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_NUMERIC = {XSD + name for name in ("gYear", "integer", "decimal")}
_GEO, _LABEL, _SAME_AS = PREFIXES["geo"], PREFIXES["rdfs"] + "label", PREFIXES["owl"] + "sameAs"
_DESCRIPTION = _(
    "Partnerships, cities and agreements, each row with the sentences that it rests on. A text that a "
    "spreadsheet would run as a formula begins with an apostrophe."
)
_TEXTS = {
    "agreements": (
        _("Agreements"),
        _("The treaties and cooperation agreements, by year of conclusion, those without one last."),
    ),
    "cities": (
        _("Cities"),
        _(
            "The cities that the source names. Coordinates are in degrees; they are missing where it is not "
            "stated which city is meant."
        ),
    ),
    "partnerships": (
        _("Partnerships"),
        _(
            "The partnerships, by start year. The home city is that which the data set is about, where it is a party; "
            "the sentences include those on the outcome."
        ),
    ),
}
_KEYS = {"agreements": "agreement", "cities": "city", "partnerships": "partnership"}
_IRIS = {*_KEYS.values(), "counterpartCity", "geonames", "homeCity", "wikidata"}
DATATYPES = {"concluded": "gYear", "end": "gYear", "latitude": "decimal", "longitude": "decimal", "start": "gYear"}
_LANGUAGES = {"nameAsStated": "und"}
_LINKS = {
    "agreements": {"partnership": ("partnerships", "partnership")},
    "cities": {},
    "partnerships": {"homeCity": ("cities", "city"), "counterpartCity": ("cities", "city")},
}
_STATEMENTS = {  # what a cell says by itself: of which column's resource, and with which property
    "agreements": {
        "agreement": ("partnership", GP + "agreement"),
        "name": ("agreement", _LABEL),
        "concluded": ("agreement", GP + "concludedYear"),
        "end": ("agreement", GP + "endYear"),
    },
    "cities": {
        "name": ("city", _LABEL),
        "nameAsStated": ("city", GP + "nameAsStated"),
        "latitude": ("city", _GEO + "lat"),
        "longitude": ("city", _GEO + "long"),
        "wikidata": ("city", _SAME_AS),
        "geonames": ("city", PREFIXES["schema"] + "sameAs"),
    },
    "partnerships": {
        "name": ("partnership", _LABEL),
        "home": ("homeCity", _LABEL),
        "counterpart": ("counterpartCity", _LABEL),
        "start": ("partnership", GP + "startYear"),
        "end": ("partnership", GP + "endYear"),
        "latitude": ("counterpartCity", _GEO + "lat"),
        "longitude": ("counterpartCity", _GEO + "long"),
        "homeCity": ("partnership", GP + "party"),
        "counterpartCity": ("partnership", GP + "party"),
        "wikidata": ("counterpartCity", _SAME_AS),
    },
}


Row = Mapping[str, NamedNode | Literal]


@dataclass(frozen=True)
class Table:
    """The answer of a query in ``queries/tables/``: its columns, and its rows without the cells that are empty."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def table(store: Store, name: str, project: Project, languages: Sequence[str]) -> Table:
    """Return a table of a project, its rows in the order of its query, each text in a column for each language.

    The query names the languages of the project. It is asked once for each of ``languages``, which takes their place,
    and the answers are joined by the first column, the key of the table. A cell that the source leaves open is empty,
    and the last columns name the columns of such cells.

    Raises:
        UsageError: there is no table of that name.
        InvalidError: the header of its query lacks something, or the query cannot be answered.
    """
    query = question(name, project)
    names = [column.name for column in query.columns]
    asked = {name + ending(language, languages): _asked_in(query.text, language) for language in languages}
    answers = [_rows(results, names) for results in ask(store, asked).values()]
    by_key = {
        language: {row[names[0]]: row for row in answer} for language, answer in zip(languages, answers, strict=True)
    }
    shown = list(_in_languages(query.columns, languages))
    titles = {column.name: column.title for column, *_rest in shown}
    rows = []
    for first in answers[0]:
        row = {language: known.get(first[names[0]], {}) for language, known in by_key.items()}
        row[languages[0]] = first  # which alone has all rows where several share a key
        cells = {column.name: row[language].get(source) for column, source, language in shown}
        open_ = [column for column, cell in cells.items() if cell is not None and cell.value == NOT_STATED]
        stated = {column: cell for column, cell in cells.items() if cell is not None and column not in open_}
        rows.append({**stated, **_left_open([titles[column] for column in open_], languages)})
    return Table(name, (*(column for column, *_rest in shown), *_columns_of_left_open(languages)), tuple(rows))


def _left_open(titles: Sequence[Text], languages: Sequence[str]) -> dict[str, Literal]:
    """The cells that name, in each language, the columns that the source leaves open in a row."""
    if not titles:
        return {}
    named = zip(columns(_LEFT_OPEN, languages), languages, strict=True)
    return {
        column: Literal("; ".join(title.localized(language) for title in titles), language=language)
        for column, language in named
    }


def _columns_of_left_open(languages: Sequence[str]) -> Iterator[Column]:
    first, *others = columns(_LEFT_OPEN, languages)
    yield Column(first, _NOT_STATED)
    for column, language in zip(others, languages[1:], strict=True):
        yield Column(column, _in_language(_NOT_STATED, language))


def described(name: str) -> tuple[Text, Text]:
    """The title of a table, and what is in it."""
    return _TEXTS[name]


def answers(store: Store, project: Project, languages: Sequence[str]) -> list[Table]:
    """Every table of a project of cities.

    Raises:
        UsageError, InvalidError: as for ``table``.
    """
    return [table(store, name, project, languages) for name in TABLES]


def solutions(answer: Table) -> QuerySolutions:
    """Return a table as the results of a query that has its columns, which can be shown as any other answer is."""
    head = {"vars": [column.name for column in answer.columns]}
    bindings = [{name: _as_json(term) for name, term in row.items()} for row in answer.rows]
    results = read_results(json.dumps({"head": head, "results": {"bindings": bindings}}).encode(), _JSON)
    assert isinstance(results, QuerySolutions)
    return results


def _as_json(term: NamedNode | Literal) -> dict[str, str]:
    """The term as results of SPARQL have it: https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    more = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **more}


def columns(name: str, languages: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns of a text, one for each language: ``name`` for the first and ``nameNl`` for Dutch."""
    return (name, *(name + _suffix(language) for language in languages[1:]))


def _suffix(language: str) -> str:
    return "".join(subtag.capitalize() for subtag in language.split("-"))


def _spoken(column: str, languages: Sequence[str]) -> tuple[str, str]:
    """The name of a column without its language, and the language: ``name`` and ``nl`` of ``nameNl``."""
    ends = [language for language in languages[1:] if column.endswith(_suffix(language))]
    if not ends:
        return column, languages[0]
    language = max(ends, key=len)  # a column in fr-BE is none in be
    return column.removesuffix(_suffix(language)), language


def _asked_in(query: str, language: str) -> str:
    """The query with a language in place of each that it is written in."""
    written, end = [], 0
    for token in tokens(query):
        if token.kind == "string" and token.text[1:-1] in _WRITTEN:
            written += [query[end : token.start], str(Literal(language))]
            end = token.end
    return "".join([*written, query[end:]])


def _rows(results: object, names: Sequence[str]) -> list[Row]:
    assert isinstance(results, QuerySolutions)
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in results]


def _in_languages(asked: Sequence[Column], languages: Sequence[str]) -> Iterator[tuple[Column, str, str]]:
    """Each column of a table, the column of its query that holds its cells, and the language to ask the query in."""
    known = {column.name: column for column in asked}
    texts = {name for name in known if any(name + _suffix(language) in known for language in _WRITTEN[1:])}
    for column in asked:
        if _spoken(column.name, _WRITTEN)[0] in texts - {column.name}:
            continue  # it is made of the text's first column below
        yield column, column.name, languages[0]
        for language in languages[1:] if column.name in texts else ():
            name = column.name + _suffix(language)
            yield known.get(name) or Column(name, _in_language(column.title, language)), column.name, language


def _in_language(title: Text, language: str) -> Text:
    """The title of a column with the name of its language behind it, for the readers of each language."""
    called = language_name(language)
    return Text({reader: f"{text} ({called.localized(reader)})" for reader, text in title.items()})


def tables(answers: Iterable[Table], of: DataSet) -> Iterator[tuple[str, bytes]]:
    """The CSV file of each table, and the metadata of all of the data set, each a path and its bytes."""
    known = list(answers)
    for table in known:
        yield f"{table.name}.csv", _csv(table)
    yield METADATA, (json.dumps(_group(known, of), ensure_ascii=False, indent=2) + "\n").encode()


def _csv(table: Table) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # RFC 4180: CRLF, and quotes where they are needed
    writer.writerow(str(column.title) for column in table.columns)
    for row in table.rows:
        writer.writerow(_cell(row.get(column.name)) for column in table.columns)
    return text.getvalue().encode()


def _cell(term: NamedNode | Literal | None) -> str:
    if term is None:
        return ""
    number = isinstance(term, Literal) and term.datatype.value in _NUMERIC and _NUMBER.fullmatch(term.value)
    return f"'{term.value}" if term.value.startswith(FORMULA_STARTS) and not number else term.value


def _group(known: Iterable[Table], of: DataSet) -> dict[str, object]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": DEFAULT_LANGUAGE}],
        "@type": "TableGroup",
        "dc:title": _titles(of.title, of),
        "dc:description": _titles(_DESCRIPTION, of),
        **({"dc:license": {"@id": of.licence}} if of.licence else {}),
        "dc:rights": _titles(of.rights, of),
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tables": [_table(table, of) for table in known],
    }


def _table(table: Table, of: DataSet) -> dict[str, object]:
    title, description = _TEXTS[table.name]
    return {
        "url": f"{table.name}.csv",
        "dc:title": _titles(title, of),
        "dc:description": _titles(description, of),
        "lang": DEFAULT_LANGUAGE,  # of the titles in the file
        "tableSchema": {
            "columns": [_column(table.name, column, of) for column in table.columns],
            "primaryKey": _KEYS[table.name],
            "foreignKeys": [
                {"columnReference": name, "reference": {"resource": f"{target}.csv", "columnReference": key}}
                for name, (target, key) in _LINKS[table.name].items()
            ],
        },
    }


def _column(table: str, column: Column, of: DataSet) -> dict[str, object]:
    name, language = _spoken(column.name, of.languages)
    statement = _STATEMENTS[table].get(name)
    described: dict[str, object] = {"name": column.name, "titles": str(column.title)}
    described["dc:title"] = _titles(column.title, of)
    described["datatype"] = DATATYPES.get(column.name, "anyURI" if column.name in _IRIS else "string")
    if described["datatype"] == "string":
        described["lang"] = _LANGUAGES.get(name, language)
    if column.name == _KEYS[table] or column.name in _LINKS[table]:
        described["required"] = True
    if statement is None:  # the cell alone says nothing: its subject is not in the row
        return {**described, "suppressOutput": True}
    described |= {"aboutUrl": f"{{+{statement[0]}}}", "propertyUrl": statement[1]}
    return {**described, "valueUrl": f"{{+{column.name}}}"} if column.name in _IRIS else described


def _titles(text: Text, of: DataSet) -> list[dict[str, str]]:
    return [{"@value": text.localized(language), "@language": language} for language in of.languages]
