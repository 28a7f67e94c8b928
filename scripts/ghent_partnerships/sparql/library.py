"""The questions, tables and views of a project: header, parameters, and how a parameter is bound.

A query stands on its own: it holds a default for each parameter in a ``VALUES`` block, so that it can be pasted into
any endpoint. Binding parses the value as an RDF term of the default's kind and puts the term, serialised, into that
block: nothing that a person types is ever read as SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from ..errors import InvalidError, UsageError
from ..files import read, shown
from ..project.project import FEDERATED, Project
from ..rdf.decoding import decode, place
from ..rdf.turtle import XSD
from ..text import Text
from ..translation import either
from ..translation import message as _
from .text import Block, Part, blocks, header, prefixes

if TYPE_CHECKING:
    from ..findings import Finding

_NO_TERM = (SyntaxError, AssertionError, StopIteration)
_LINES = {"param": ("name", "its meaning"), "column": ("variable", "its title")}
_LEXICAL = {
    "gYear": re.compile(r"-?[0-9]{4,}"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.?[0-9]+"),
    "boolean": re.compile(r"true|false"),
}


class Parameter(NamedTuple):
    """A parameter of a question: its name, what it means, and the term that it has by default."""

    name: str
    meaning: Text
    default: NamedNode | Literal


class Column(NamedTuple):
    """A column of a table: the variable that holds it, and its title."""

    name: str
    title: Text


class Question(NamedTuple):
    """One query of a project; ``folder`` is empty for a question, else its kind: see ``folder``."""

    name: str
    summary: Text
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    columns: tuple[Column, ...] = ()
    folder: str = ""


def defaults(text: str) -> dict[str, list[tuple[NamedNode | Literal, int]]]:
    """The terms, each with its offset in the text of the query, by the variable of their ``VALUES`` block; of blocks
    that have a single variable and hold IRIs and literals only."""
    known = {name: namespace.text for name, namespace in prefixes(text).items()}
    found = {}
    for block in blocks(text):
        try:
            found[block.name] = _terms(text, block, known)
        except _NO_TERM:
            continue
    return {name: terms for name, terms in found.items() if terms}


def questions(project: Project) -> dict[str, Question]:
    """Return all questions of a project by name, those that come with the package first, and after them the tables and
    the views.

    Raises:
        InvalidError: a header lacks something, or a file is not UTF-8.
    """
    return {file.stem: _question(file, project) for file in project.query_files()}


def federated(project: Project) -> dict[str, Question]:
    """Return the questions that ask Wikidata as well, by name: they need the network, and are in no ``questions``.

    Raises:
        InvalidError: a header lacks something, or a file is not UTF-8.
    """
    return {file.stem: _question(file, project) for file in project.federated_files()}


def paths(project: Project) -> dict[str, Path]:
    """The queries by their paths in the project or in what comes with the package, its own where both have one; those
    that ask Wikidata last."""
    found = {}
    for file in (*project.query_files(), *project.federated_files()):
        root = project.root if file.is_relative_to(project.root) else project.carried
        found[file.relative_to(root).as_posix()] = file
    return found


def question(name: str, project: Project) -> Question:
    """Return the question, table or view of a project by its name, like ``names-of-cities``; or one that asks Wikidata.

    Raises:
        UsageError: there is none of that name; the nearest names are offered.
        InvalidError: its header lacks something, or its file is not UTF-8.
    """
    files = [*project.query_files(), *project.federated_files()]
    for file in files:
        if file.stem == name:
            return _question(file, project)
    from difflib import get_close_matches

    names = [file.stem for file in files]
    near = get_close_matches(name, names, n=3, cutoff=0.4)
    offer = _("did you mean {names}?", names=either(near)) if near else _("query --list shows the names")
    raise UsageError(_("{name}: no question of this name; {offer}", name=name, offer=offer))


def bind(text: str, parameters: Mapping[str, str | Iterable[str]], known: Mapping[str, str]) -> str:
    """Return the text of a query with the parameters bound: a name to one value, or to several that are alternatives.

    ``known`` are namespaces by the prefixes that values may have beside those of the query.

    Raises:
        UsageError: the query has no such parameter, or the value is not of the kind of its default.
    """
    keys, found = header(text), list(blocks(text))
    names = [line.split("|")[0].text for line in keys.get("param", [])] if keys else [block.name for block in found]
    for name in parameters:
        if name not in names:
            problem = _(
                "{option}: the query has no such parameter (it has: {names})",
                option="--param " + name,
                names=", ".join(names) or _("none"),
            )
            raise UsageError(problem)
    known = {**known, **{name: namespace.text for name, namespace in prefixes(text).items()}}
    written, end = [], 0
    for block in found:
        if block.name in parameters:
            given = parameters[block.name]
            terms = _bound(text, block, [given] if isinstance(given, str) else given, known)
            written += [text[end : block.start], f"VALUES ?{block.name} {{ {' '.join(map(str, terms))} }}"]
            end = block.end
    return "".join([*written, text[end:]])


def with_items(text: str, items: Sequence[str]) -> str:
    """The text of a question that asks Wikidata, with the numbers of the items that it is about in the place of the
    ``UNDEF`` in its ``VALUES ?item { UNDEF }``: a SERVICE clause may be asked by itself, and of everything."""
    known = " ".join(f"<http://www.wikidata.org/entity/{number}>" for number in items)
    for block in blocks(text):
        if items and block.name == "item" and [token.keyword for token in block.terms] == ["UNDEF"]:
            return f"{text[: block.start]}VALUES ?item {{ {known} }}{text[block.end :]}"
    return text


def _bound(text: str, block: Block, values: Iterable[str], known: Mapping[str, str]) -> list[NamedNode | Literal]:
    """The values as terms of the kind of the one that the block holds."""
    try:
        default = _terms(text, block, known)[0][0]
    except (*_NO_TERM, IndexError) as error:
        written = text[block.terms[0].start : block.terms[-1].end] if block.terms else ""
        problem = _(
            "{option}: its default in the query, {written}, is not an IRI or a literal",
            option="--param " + block.name,
            written=written,
        )
        raise UsageError(problem) from error
    return [_like(default, value, known, block.name) for value in values]


def _question(file: Path, project: Project) -> Question:
    name = shown(file)
    text, findings = decode(name, read(file))
    described = described_question(
        file, text, project.header_languages(file), findings, name=name, demanding=not project.is_plain
    )
    if findings:
        raise InvalidError(findings)
    return described


def described_question(
    file: PurePath,
    text: str,
    languages: Sequence[str],
    findings: list[Finding],
    *,
    name: str = "",
    demanding: bool = False,
) -> Question:
    """The question in a file of this text, whose header is in these languages; what is wrong with that is added to the
    ``findings``, which call the file by the ``name``. ``demanding`` is whether the header may lack nothing."""
    keys, values = header(text), defaults(text)
    for key, like in _demanded(languages).items():
        if key not in keys and demanding:
            message = _("The header has no line for its {key}.", key=key)
            help_ = _("Add: {line}", line=f"#+ {key}: {like}")
            findings.append(_finding(message, help_, name))
    parameters = []
    for line, (variable, *meanings) in lines(keys, "param", name, text, findings, languages):
        if variable in values:
            parameters.append(Parameter(variable, _text(languages, meanings), values[variable][0][0]))
        else:
            message = _("The parameter {variable} has no default that is an IRI or a literal.", variable=variable)
            help_ = _("Write it into the query: {block}", block=f"VALUES ?{variable} {{ … }}")
            findings.append(_finding(message, help_, name, *place(text, line.offset)))
    columns = [
        Column(variable, _text(languages, titles))
        for _line, (variable, *titles) in lines(keys, "column", name, text, findings, languages)
    ]
    return Question(
        file.stem,
        Text({language: keys[key][0].text for language, key in summaries(languages).items() if key in keys})
        or Text(file.stem),
        tuple(tag.text for line in keys.get("tags", [])[:1] for tag in line.split(",")),
        tuple(parameters),
        text,
        tuple(columns),
        folder=folder(file),
    )


def folder(file: PurePath) -> str:
    """Which kind of query a file has: ``tables``, ``views`` or ``wikidata``, as its folder is called, or empty for a
    question."""
    return file.parent.name if file.parent.name in ("tables", "views", FEDERATED) else ""


def summaries(languages: Sequence[str]) -> dict[str, str]:
    """The keys of a header for the question in each of the languages, by their tags."""
    return {language: "summary" if language == languages[0] else f"summary-{language}" for language in languages}


def _demanded(languages: Sequence[str]) -> dict[str, str]:
    """The keys that each header has, with what stands behind them."""
    asked = {key: f"a question ({language}), ending in ?" for language, key in summaries(languages).items()}
    return {**asked, "tags": "a tag, another tag"}


def _text(languages: Sequence[str], parts: Iterable[str]) -> Text:
    return Text(dict(zip(languages, parts, strict=True)))


def lines(
    keys: Mapping[str, Sequence[Part]],
    key: str,
    name: str,
    text: str,
    findings: list[Finding],
    languages: Sequence[str],
) -> Iterator[tuple[Part, list[str]]]:
    """The lines of a key that have all their parts, each with these; for any other, one is added to ``findings``.

    ``keys`` is the ``header`` of the query whose ``text`` it is; ``name`` is what findings call its file.
    """
    for line in keys.get(key, []):
        parts = [part.text for part in line.split("|")]
        if len(parts) == 1 + len(languages) and all(parts):
            yield line, parts
        else:
            message, help_ = wrong_line(key, languages)
            findings.append(_finding(message, help_, name, *place(text, line.offset)))


def _finding(message: Text, help_: Text, name: str, line: int = 1, column: int = 1) -> Finding:
    from ..findings import Finding, Location  # where a header is wrong: a question is asked at once

    return Finding(message=message, help=help_, location=Location(name, line, column))


def wrong_line(key: str, languages: Sequence[str], name: str = "") -> tuple[Text, Text]:
    """The message, and how to fix it, for a line of a header without the parts that lines of its key (``param`` or
    ``column``) have."""
    message = _(
        "A {key} line has {count} parts: its name, and a text in each language ({languages}).",
        key=key,
        count=1 + len(languages),
        languages=", ".join(languages),
    )
    return message, _("Write: {line}", line=header_line(key, languages, name))


def header_line(key: str, languages: Sequence[str], name: str = "") -> str:
    """A line of a header as it is to be written, like ``#+ param: city | its meaning (en)``, with each language."""
    placeholder, what = _LINES[key]
    return f"#+ {key}: " + " | ".join([name or placeholder, *(f"{what} ({language})" for language in languages)])


def _terms(text: str, block: Block, prefixes: Mapping[str, str]) -> list[tuple[NamedNode | Literal, int]]:
    """The terms of a VALUES block, each with its offset."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
    spans: list[tuple[int, int]] = []
    before = ""
    for token in block.terms:  # a language, a datatype, a number after its sign belong to what stands before
        if spans and (token.kind == "tag" or "^^" in (token.text, before) or before in ("+", "-")):
            spans[-1] = spans[-1][0], token.end
        else:
            spans.append((token.start, token.end))
        before = token.text
    terms = []
    for start, end in spans:
        quads = pyoxigraph.parse(f"{head}<x:s> <x:p> {text[start:end]} .", format=pyoxigraph.RdfFormat.TURTLE)
        value = next(iter(quads)).object
        assert isinstance(value, NamedNode | Literal)
        terms.append((value, start))
    return terms


def _like(default: NamedNode | Literal, value: str, prefixes: Mapping[str, str], name: str) -> NamedNode | Literal:
    """The value as a term of the same kind as the default."""
    option = f"--param {name}={value}"
    if not value.isprintable() and any("\ud800" <= char <= "\udfff" for char in value):
        raise UsageError(_("{option}: not UTF-8", option=option))
    if isinstance(default, Literal):
        kind = default.datatype.value.removeprefix(XSD)
        expected = _LEXICAL.get(kind)
        if expected is not None and not expected.fullmatch(value):
            raise UsageError(
                _(
                    "{option}: not an xsd:{kind} (expected one like {like})",
                    option=option,
                    kind=kind,
                    like=default.value,
                )
            )
        if default.language is not None:
            return Literal(value, language=default.language)
        return Literal(value, datatype=default.datatype)
    prefix, colon, local = value.partition(":")
    if colon and prefix not in prefixes and prefix not in ("http", "https", "urn") and not value.startswith("<"):
        from difflib import get_close_matches

        near = get_close_matches(prefix, prefixes, n=1)
        offer = _("did you mean {names}?", names=near[0] + colon + local) if near else _("write a full IRI in <…>")
        problem = _("{option}: the prefix {prefix}: is not known; {offer}", option=option, prefix=prefix, offer=offer)
        raise UsageError(problem)
    iri = prefixes[prefix] + local if colon and prefix in prefixes else value.removeprefix("<").removesuffix(">")
    try:
        return NamedNode(iri)
    except ValueError as error:
        problem = _(
            "{option}: not an IRI or a prefixed name (expected one like {like})", option=option, like=default.value
        )
        raise UsageError(problem) from error
