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
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from ..rdf.namespaces import GP, PREFIXES
from ..rdf.turtle import XSD
from ..sparql.library import Column
from ..sparql.views import DataSet, Table, spoken
from ..text import DEFAULT_LANGUAGE, Text
from ..translation import message as _

METADATA = "csv-metadata.json"
NOT_STATED = "not stated (niet vermeld)"
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_NUMERIC = {XSD + name for name in ("gYear", "integer", "decimal")}
_RUNS = tuple("=+-@\t\r\n＝＋－＠")  # what makes a spreadsheet read a formula: https://owasp.org/, CSV injection
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
            "The partnerships, by start year. The home city is Ghent or, where Ghent is no party, "
            "Sint-Denijs-Westrem; the sentences include those on the outcome."
        ),
    ),
}
_KEYS = {"agreements": "agreement", "cities": "city", "partnerships": "partnership"}
_IRIS = {*_KEYS.values(), "counterpartCity", "geonames", "homeCity", "wikidata"}
_DATATYPES = {"concluded": "gYear", "end": "gYear", "latitude": "decimal", "longitude": "decimal", "start": "gYear"}
_LANGUAGES = {"nameAsStated": "und"}
_MAY_BE_NOT_STATED = {"concluded", "end", "wikidata"}
_LINKS = {
    "agreements": {"partnership": ("partnerships", "partnership")},
    "cities": {},
    "partnerships": {"homeCity": ("cities", "city"), "counterpartCity": ("cities", "city")},
}
_SAYS = {  # what a cell says by itself: of which column's resource, and with which property
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


def tables(rows: Iterable[Table], of: DataSet) -> Iterator[tuple[str, bytes]]:
    """The CSV file of each table, and the metadata of all of the data set, each a path and its bytes."""
    known = list(rows)
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
    return f"'{term.value}" if term.value.startswith(_RUNS) and not number else term.value


def _group(known: Iterable[Table], of: DataSet) -> dict[str, object]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": DEFAULT_LANGUAGE}],
        "@type": "TableGroup",
        "dc:title": _titles(of.title, of),
        "dc:description": _titles(_DESCRIPTION, of),
        "dc:license": {"@id": of.licence},
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
                {"columnReference": own, "reference": {"resource": f"{other}.csv", "columnReference": key}}
                for own, (other, key) in _LINKS[table.name].items()
            ],
        },
    }


def _column(table: str, column: Column, of: DataSet) -> dict[str, object]:
    name, language = spoken(column.name)
    said = _SAYS[table].get(name)
    described: dict[str, object] = {"name": column.name, "titles": str(column.title)}
    described["dc:title"] = _titles(column.title, of)
    described["datatype"] = _DATATYPES.get(column.name, "anyURI" if column.name in _IRIS else "string")
    if described["datatype"] == "string":
        described["lang"] = _LANGUAGES.get(name, language)
    if column.name in _MAY_BE_NOT_STATED:
        described["null"] = ["", NOT_STATED]
    if column.name == _KEYS[table] or column.name in _LINKS[table]:
        described["required"] = True
    if said is None:  # the cell alone says nothing: its subject is not in the row
        return {**described, "suppressOutput": True}
    described |= {"aboutUrl": f"{{+{said[0]}}}", "propertyUrl": said[1]}
    return {**described, "valueUrl": f"{{+{column.name}}}"} if column.name in _IRIS else described


def _titles(text: Text, of: DataSet) -> list[dict[str, str]]:
    return [{"@value": text.localized(language), "@language": language} for language in of.languages]
