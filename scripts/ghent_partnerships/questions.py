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
_VALUES = re.compile(r"\bVALUES\s+\?(\w+)\s*\{([^{}]*)\}")
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(
    r"#[^\r\n]*"
    r"|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|[?$@]\w[\w-]*"
    r"|(?P<prefix>(?:[\w-](?:[\w.-]*[\w-])?)?):(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*(?P<opens>(?:\s|\#[^\r\n]*)*\{)?"
    r"|(?P<word>[A-Za-z]+)",
    re.DOTALL,
)
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
_LEXICAL = {
    "gYear": re.compile(r"-?[0-9]{4,}"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.?[0-9]+"),
    "boolean": re.compile(r"true|false"),
}


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
            parts.append(part(piece, self.offset + start))
            start += len(piece) + len(mark)
        return parts


def part(text: str, offset: int) -> Part:
    """The text at the offset, as a part."""
    return Part(text.strip(), offset + len(text) - len(text.lstrip()))


def header(text: str) -> dict[str, list[Part]]:
    """What the ``#+`` lines of a query say, by key; of a key that stands there twice, both."""
    said: dict[str, list[Part]] = {}
    for match in _HEADER.finditer(text):
        said.setdefault(match[1], []).append(part(match[2], match.start(2)))
    return said


def prefixes(text: str) -> dict[str, Part]:
    """The namespaces that a query declares, by prefix."""
    return {match[1]: Part(match[2], match.start(1)) for match in _PREFIX.finditer(text)}


def defaults(text: str) -> dict[str, tuple[NamedNode | Literal, int]]:
    """The term in each ``VALUES`` block that can be a parameter's default, by variable, and its offset."""
    known = {name: namespace.text for name, namespace in prefixes(text).items()}
    found = {}
    for match in _VALUES.finditer(text):
        try:
            found[match[1]] = _term(match[2], known), part(match[2], match.start(2)).offset
        except _NO_TERM:
            continue
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
    blocks = declared if said else [match[1] for match in _VALUES.finditer(text)]
    for name in parameters:
        if name not in blocks:
            has = ", ".join(blocks) or "none"
            raise UsageError(f"--param {name}: the query has no such parameter (it has: {has})")
    known = {**PREFIXES, **{name: namespace.text for name, namespace in prefixes(text).items()}}

    def fill(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            return match[0]
        given = parameters[match[1]]
        try:
            default = _term(match[2], known)
        except _NO_TERM as error:
            message = f"--param {match[1]}: its default in the query, {match[2].strip()}, is not an IRI or a literal"
            raise UsageError(message) from error
        terms = [_like(default, value, known, match[1]) for value in ([given] if isinstance(given, str) else given)]
        return f"VALUES ?{match[1]} {{ {' '.join(map(str, terms))} }}"

    return _VALUES.sub(fill, text)


def demand_reading(text: str, *, allow_service: bool) -> str:
    """Refuse a query that does more than read, or, unless allowed, asks another endpoint; return its form.

    Raises:
        UsageError: the query is an update, or has a SERVICE clause.
    """
    first, before, service = "", "", False
    for match in _WORD.finditer(text):
        word = (match["word"] or "").upper()
        if not first and word not in ("", "PREFIX", "BASE"):
            first = word
        # Oxigraph wants no space after SERVICE: SERVICESILENT<…> and SERVICE:x{…} are clauses, GRAPH service:x{…} not.
        opening = match["opens"] and before != "GRAPH" and "SERVICE" in match["prefix"].upper()
        service = service or "SERVICE" in word or bool(opening)
        before = word
    if not first.startswith(_READS):
        found = first or "nothing"
        raise UsageError(f"not a query that reads: found {found}, expected SELECT, ASK, CONSTRUCT or DESCRIBE")
    if service and not allow_service:
        raise UsageError("the query has a SERVICE clause, which asks another endpoint; allow it with --allow-network")
    return next(form for form in _READS if first.startswith(form))


def not_sparql(name: str, error: SyntaxError) -> Finding:
    """The finding for a query, called ``name``, that Oxigraph does not take for SPARQL."""
    match = _SPARQL_PLACE.match(str(error))
    line, column, message = (int(match[1]), int(match[2]), match[3]) if match else (1, 1, str(error))
    if "Prefix not found" in message:
        return Finding(name, line, column, "The prefix here is not declared.", "Add at the top: PREFIX name: <…>")
    return Finding(name, line, column, f"This is not SPARQL: {message}.")


def _question(file: Path) -> Question:
    name = shown(file)
    text, findings = decode(name, read(file))
    said, values = header(text), defaults(text)
    for key, like in _DEMANDED.items():
        if key not in said:
            findings.append(Finding(name, 1, 1, f"The header has no line for its {key}.", f"Add: #+ {key}: {like}"))
    parameters = []
    for line, (variable, meaning, meaning_nl) in _lines(said, "param", name, text, findings):
        if variable in values:
            parameters.append(Parameter(variable, meaning, meaning_nl, values[variable][0]))
        else:
            message = f"The parameter {variable} has no default that is an IRI or a literal."
            mend = f"Write it into the query: VALUES ?{variable} {{ … }}"
            findings.append(Finding(name, *place(text, line.offset), message, mend))
    columns = [Column(*parts) for _, parts in _lines(said, "column", name, text, findings)]
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


def _lines(
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


def _term(turtle: str, prefixes: Mapping[str, str]) -> NamedNode | Literal:
    """The first term of a VALUES block."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    quads = pyoxigraph.parse(f"{head}<x:s> <x:p> {', '.join(turtle.split())} .", format=pyoxigraph.RdfFormat.TURTLE)
    value = next(iter(quads)).object
    assert isinstance(value, NamedNode | Literal)
    return value


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
