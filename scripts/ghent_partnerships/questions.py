"""The questions in ``queries/``: header, parameters, and how a parameter is bound.

A query stands on its own: it holds a default for each parameter in a ``VALUES`` block, so that it can be pasted into
any endpoint. Binding parses the value as an RDF term of the default's kind and puts the term, serialised, into that
block: nothing that a person types is ever read as SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from .errors import UsageError
from .files import query_files
from .names import PREFIXES
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
class Question:
    """One file of ``queries/``."""

    name: str
    summary: str
    summary_nl: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str


def questions() -> dict[str, Question]:
    """Return all questions by name, in order of their names."""
    return {file.stem: _question(file.stem, file.read_text(encoding="utf-8")) for file in query_files()}


def question(name: str) -> Question:
    """Return one question.

    Raises:
        UsageError: there is none of that name; the nearest names are offered.
    """
    for file in query_files():
        if file.stem == name:
            return _question(name, file.read_text(encoding="utf-8"))
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
    header = _HEADER.findall(text)
    declared = [value.partition("|")[0].strip() for key, value in header if key == "param"]
    blocks = declared if header else [match[1] for match in _VALUES.finditer(text)]
    for name in parameters:
        if name not in blocks:
            known = ", ".join(blocks) or "none"
            raise UsageError(f"--param {name}: the query has no such parameter (it has: {known})")
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}

    def fill(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            return match[0]
        given = parameters[match[1]]
        try:
            default = _term(match[2], prefixes)
        except (SyntaxError, AssertionError, StopIteration) as error:
            message = f"--param {match[1]}: its default in the query, {match[2].strip()}, is not an IRI or a literal"
            raise UsageError(message) from error
        terms = [_like(default, value, prefixes, match[1]) for value in ([given] if isinstance(given, str) else given)]
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


def _question(name: str, text: str) -> Question:
    header: dict[str, list[str]] = {}
    for key, value in _HEADER.findall(text):
        header.setdefault(key, []).append(value.strip())
    defaults = {match[1]: match[2] for match in _VALUES.finditer(text)}
    prefixes = dict(_PREFIX.findall(text))
    parameters = []
    for line in header.get("param", []):
        parameter, meaning, meaning_nl = (part.strip() for part in line.split("|"))
        parameters.append(Parameter(parameter, meaning, meaning_nl, _term(defaults[parameter], prefixes)))
    return Question(
        name,
        header["summary"][0],
        header["summary-nl"][0],
        tuple(tag.strip() for tag in header["tags"][0].split(",")),
        tuple(parameters),
        text,
    )


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
