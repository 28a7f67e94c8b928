"""The questions, tables and views in ``queries/``: header, parameters, and how a parameter is bound.

A query stands on its own: it holds a default for each parameter in a ``VALUES`` block, so that it can be pasted into
any endpoint. Binding parses the value as an RDF term of the default's kind and puts the term, serialised, into that
block: nothing that a person types is ever read as SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from .errors import InvalidError, UsageError
from .files import query_files, read, root, shown
from .findings import Finding
from .names import PREFIXES
from .reading import decode, place
from .turtle import XSD

_HEADER = re.compile(r"^#\+ ([a-z-]+): (.+)$", re.MULTILINE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_STRING = (
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
)
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_CLOSED = rf"#[^\r\n]*|{_STRING}|{_IRI}"  # in which no word of SPARQL stands
_VALUES = re.compile(
    rf"{_CLOSED}|\b(?i:VALUES)\s*[?$](?P<name>\w+)\s*\{{(?P<terms>(?:{_CLOSED}|\\.|[^{{}}\"'#<\\])*+)\}}", re.DOTALL
)
_DATUM = re.compile(
    rf"#[^\r\n]*|(?P<term>(?:{_STRING})(?:\s*@[\w-]+|\s*\^\^\s*(?:{_IRI}|[^\s\"'<#]+))?"
    rf"|{_IRI}|(?:\\.|[^\s\"'<#\\])+)",
    re.DOTALL,
)
_WORD = re.compile(
    rf"{_CLOSED}"
    r"|[?$@]\w[\w-]*"
    r"|(?P<prefix>(?:[\w-](?:[\w.-]*[\w-])?)?):(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*(?P<opens>(?:\s|\#[^\r\n]*)*\{)?"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<mark>[(){}*])",
    re.DOTALL,
)
_CLASS = re.compile(r",?\s*\['.*?'\](?=,|\Z)", re.DOTALL)  # of characters, as long as the ranges of Unicode
_SPARQL_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
_NO_TERM = (SyntaxError, AssertionError, StopIteration)
_DEMANDED = {
    "summary": "a question in English, ending in ?",
    "summary-nl": "the same question in Dutch, ending in ?",
    "tags": "a tag, another tag",
}
_PARTS = 3
_LINES = {"param": "name | its meaning | its meaning in Dutch", "column": "variable | its title | its title in Dutch"}
_READS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_VARYING = ("NOW", "RAND", "UUID")
_LEXICAL = {
    "gYear": re.compile(r"-?[0-9]{4,}"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.?[0-9]+"),
    "boolean": re.compile(r"true|false"),
}


@dataclass(frozen=True)
class Features:
    """Of a query: its first word after the prefixes, in capitals; whether it asks another endpoint; and whether its
    answer may differ each time."""

    first: str
    service: bool
    varies: bool


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: its name, what it means in both languages, and the term that it has by default."""

    name: str
    meaning: str
    meaning_nl: str
    default: NamedNode | Literal


@dataclass(frozen=True)
class Column:
    """A column of a table: the variable that holds it, and its title in both languages."""

    name: str
    title: str
    title_nl: str


@dataclass(frozen=True)
class Question:
    """One file of ``queries/``; ``folder`` is empty for a question, else ``tables`` or ``views``."""

    name: str
    summary: str
    summary_nl: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    columns: tuple[Column, ...] = ()
    folder: str = ""


@dataclass(frozen=True)
class Part:
    """A part of a query's text, without the white space around it, and the offset where it starts."""

    text: str
    offset: int

    def split(self, mark: str) -> list[Part]:
        """The parts between the marks."""
        parts, start = [], 0
        for piece in self.text.split(mark):
            parts.append(_stripped(piece, self.offset + start))
            start += len(piece) + len(mark)
        return parts


def _stripped(text: str, offset: int) -> Part:
    """The text at the offset, without the white space around it."""
    return Part(text.strip(), offset + len(text) - len(text.lstrip()))


def header(text: str) -> dict[str, list[Part]]:
    """What the ``#+`` lines of a query say, by key; of a key that stands there twice, both."""
    said: dict[str, list[Part]] = {}
    for match in _HEADER.finditer(text):
        said.setdefault(match[1], []).append(_stripped(match[2], match.start(2)))
    return said


def prefixes(text: str) -> dict[str, Part]:
    """The namespaces that a query declares, by prefix."""
    return {match[1]: Part(match[2], match.start(1)) for match in _PREFIX.finditer(text)}


def defaults(text: str) -> dict[str, list[tuple[NamedNode | Literal, int]]]:
    """The terms, each with its offset, in each ``VALUES`` block of one variable that holds IRIs and literals only."""
    known = {name: namespace.text for name, namespace in prefixes(text).items()}
    found = {}
    for match in _blocks(text):
        try:
            found[match["name"]] = _terms(match["terms"], match.start("terms"), known)
        except _NO_TERM:
            continue
    return {name: terms for name, terms in found.items() if terms}


def _blocks(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _VALUES.finditer(text) if match["name"])


def variables(text: str) -> list[Part]:
    """The variables that a SELECT query answers with, and their offsets; none where it selects everything."""
    found: list[Part] = []
    last: Part | None = None
    depth, selecting = 0, False
    for match in _WORD.finditer(text):
        word, mark = (match["word"] or "").upper(), match["mark"]
        if not selecting:
            selecting = word.startswith("SELECT")
        elif mark in ("(", ")"):
            depth += 1 if mark == "(" else -1
            if not depth and last is not None:  # (an expression AS ?variable)
                found.append(last)
        elif not depth and (mark == "{" or word.startswith(("WHERE", "FROM"))):
            break
        elif match[0].startswith(("?", "$")):
            last = Part(match[0][1:], match.start())
            if not depth:
                found.append(last)
    return found


def questions() -> dict[str, Question]:
    """Return all questions by name, in order of their names, and after them the tables and the views.

    Raises:
        InvalidError: a header lacks something, or a file is not UTF-8.
    """
    return {file.stem: _question(file) for file in query_files()}


def question(name: str) -> Question:
    """Return one question.

    Raises:
        UsageError: there is none of that name; the nearest names are offered.
        InvalidError: its header lacks something, or its file is not UTF-8.
    """
    for file in query_files():
        if file.stem == name:
            return _question(file)
    from difflib import get_close_matches

    names = [file.stem for file in query_files()]
    near = get_close_matches(name, names, n=3, cutoff=0.4)
    offer = f"did you mean {' or '.join(near)}?" if near else "query --list shows the names"
    raise UsageError(f"{name}: no question of this name; {offer}")


def bind(text: str, parameters: Mapping[str, str | Iterable[str]]) -> str:
    """Return the query with the parameters bound: a name to one value, or to several that are tried in turn.

    Raises:
        UsageError: the query has no such parameter, or the value is not of the kind of its default.
    """
    said = header(text)
    declared = [line.split("|")[0].text for line in said.get("param", [])]
    blocks = declared if said else [match["name"] for match in _blocks(text)]
    for name in parameters:
        if name not in blocks:
            has = ", ".join(blocks) or "none"
            raise UsageError(f"--param {name}: the query has no such parameter (it has: {has})")
    known = {**PREFIXES, **{name: namespace.text for name, namespace in prefixes(text).items()}}

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in parameters:
            return match[0]
        given = parameters[name]
        try:
            default, _ = _terms(match["terms"], 0, known)[0]
        except (*_NO_TERM, IndexError) as error:
            message = f"--param {name}: its default in the query, {match['terms'].strip()}, is not an IRI or a literal"
            raise UsageError(message) from error
        terms = [_like(default, value, known, name) for value in ([given] if isinstance(given, str) else given)]
        return f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}"

    return _VALUES.sub(fill, text)


def features(text: str) -> Features:
    """Return what the words of a query say of it; those in strings, comments, IRIs and names do not count."""
    first, before, service, varies = "", "", False, False
    for match in _WORD.finditer(text):
        word = (match["word"] or "").upper()
        if not first and word not in ("", "PREFIX", "BASE"):
            first = word
        # Oxigraph wants no space after SERVICE: SERVICESILENT<…> and SERVICE:x{…} are clauses, GRAPH service:x{…} not.
        opening = match["opens"] and before != "GRAPH" and "SERVICE" in match["prefix"].upper()
        service = service or "SERVICE" in word or bool(opening)
        varies = varies or word.endswith(_VARYING)
        before = word
    return Features(first, service, varies)


def demand_reading(text: str, *, allow_service: bool) -> str:
    """Refuse a query that does more than read, or, unless allowed, asks another endpoint; return its form.

    Raises:
        UsageError: the query is an update, or has a SERVICE clause.
    """
    found = features(text)
    if not found.first.startswith(_READS):
        first = found.first or "nothing"
        raise UsageError(f"not a query that reads: found {first}, expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    if found.service and not allow_service:
        raise UsageError("the query has a SERVICE clause, which asks another endpoint; allow it with --allow-network")
    return next(form for form in _READS if found.first.startswith(form))


def not_sparql(name: str, error: SyntaxError) -> Finding:
    """The finding for a query, called ``name``, that Oxigraph does not take for SPARQL."""
    match = _SPARQL_PLACE.match(str(error))
    line, column, message = (int(match[1]), int(match[2]), match[3]) if match else (1, 1, str(error))
    if "Prefix not found" in message:
        return Finding(name, line, column, "The prefix here is not declared.", "Add at the top: PREFIX name: <…>")
    return Finding(name, line, column, f"This is not SPARQL: {_CLASS.sub('', message)}.")


def _question(file: Path) -> Question:
    name = shown(file)
    text, findings = decode(name, read(file))
    said, values = header(text), defaults(text)
    for key, like in _DEMANDED.items():
        if key not in said:
            findings.append(Finding(name, 1, 1, f"The header has no line for its {key}.", f"Add: #+ {key}: {like}"))
    parameters = []
    for line, (variable, meaning, meaning_nl) in lines(said, "param", name, text, findings):
        if variable in values:
            parameters.append(Parameter(variable, meaning, meaning_nl, values[variable][0][0]))
        else:
            message = f"The parameter {variable} has no default that is an IRI or a literal."
            mend = f"Write it into the query: VALUES ?{variable} {{ … }}"
            findings.append(Finding(name, *place(text, line.offset), message, mend))
    columns = [Column(*parts) for _, parts in lines(said, "column", name, text, findings)]
    if findings:
        raise InvalidError(findings)
    return Question(
        file.stem,
        said["summary"][0].text,
        said["summary-nl"][0].text,
        tuple(tag.text for tag in said["tags"][0].split(",")),
        tuple(parameters),
        text,
        tuple(columns),
        folder="" if file.parent == root() / "queries" else file.parent.name,
    )


def lines(
    said: Mapping[str, Sequence[Part]], key: str, name: str, text: str, findings: list[Finding]
) -> Iterator[tuple[Part, list[str]]]:
    """The lines of a key that have three parts, with these; for any other a finding is added."""
    for line in said.get(key, []):
        parts = [one.text for one in line.split("|")]
        if len(parts) == _PARTS and all(parts):
            yield line, parts
        else:
            message = f"A {key} line has three parts: its name, in English, in Dutch."
            findings.append(Finding(name, *place(text, line.offset), message, f"Write: #+ {key}: {_LINES[key]}"))


def _terms(written: str, offset: int, prefixes: Mapping[str, str]) -> list[tuple[NamedNode | Literal, int]]:
    """The terms of a VALUES block that starts at the offset, each with its own."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    terms = []
    for match in _DATUM.finditer(written):
        if match["term"]:
            quads = pyoxigraph.parse(f"{head}<x:s> <x:p> {match['term']} .", format=pyoxigraph.RdfFormat.TURTLE)
            value = next(iter(quads)).object
            assert isinstance(value, NamedNode | Literal)
            terms.append((value, offset + match.start()))
    return terms


def _like(default: NamedNode | Literal, value: str, prefixes: Mapping[str, str], name: str) -> NamedNode | Literal:
    """The value as a term of the same kind as the default."""
    if not value.isprintable() and any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(f"--param {name}={value}: not UTF-8")
    if isinstance(default, Literal):
        kind = default.datatype.value.removeprefix(XSD)
        expected = _LEXICAL.get(kind)
        if expected is not None and not expected.fullmatch(value):
            raise UsageError(f"--param {name}={value}: not an xsd:{kind} (expected one like {default.value})")
        if default.language is not None:
            return Literal(value, language=default.language)
        return Literal(value, datatype=default.datatype)
    prefix, colon, local = value.partition(":")
    if colon and prefix not in prefixes and prefix not in ("http", "https", "urn") and not value.startswith("<"):
        from difflib import get_close_matches

        near = get_close_matches(prefix, prefixes, n=1)
        offer = f"; did you mean {near[0]}:{local}?" if near else " (write a full IRI in <…>)"
        raise UsageError(f"--param {name}={value}: the prefix {prefix}: is not known{offer}")
    iri = prefixes[prefix] + local if colon and prefix in prefixes else value.removeprefix("<").removesuffix(">")
    try:
        return NamedNode(iri)
    except ValueError as error:
        message = f"--param {name}={value}: not an IRI or a prefixed name (expected one like {default.value})"
        raise UsageError(message) from error
