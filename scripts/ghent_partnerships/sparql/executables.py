"""The queries as data: each an executable of https://www.w3.org/TR/shacl-af/, so that query editors list them and
shapes can check them.

Reading is tolerant: where a header lacks something there are fewer triples, and the shapes of ``ontology/style.ttl``
report that. What no triple can express is a finding here: that a text is no query, or that its header does not fit it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from ..errors import InvalidError, UsageError
from ..files import read, shown
from ..findings import Finding, Location, Related
from ..project.project import FEDERATED, Project
from ..rdf.build import literals
from ..rdf.decoding import decode, place
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import Document
from ..rdf.positions import Positions
from ..rdf.turtle import RDF, XSD
from ..text import Text
from ..translation import message as _
from .library import defaults, folder, lines, summaries, wrong_line
from .syntax_errors import not_sparql
from .text import HEADER_LINE, Part, demand_reading, header, prefixes, tokens, variables

_RDFS, _SH = PREFIXES["rdfs"], PREFIXES["sh"]
_KEYWORDS, _TARGET = PREFIXES["schema"] + "keywords", PREFIXES["schema"] + "target"
_LABEL = _("The queries and their prefixes")
_SLUG = re.compile(r"[\w.-]+")
_VARIABLE = re.compile(r"\w+")
_QUERY_FORMS = {"tables": "SELECT", "views": "CONSTRUCT"}
_SERVICE = re.compile(r"\bSERVICE(?:\s+SILENT)?(?=\s*<)", re.IGNORECASE)
_LONGEST, _DEEPEST = 10_000, 100


def executables(
    project: Project, files: Iterable[Path] | None = None, contents: Mapping[Path, bytes] | None = None
) -> list[Document]:
    """Return each query as data, by default all of the project's: a document has the place of each triple in the file
    of the query; what is wrong with a query is among its findings.

    ``contents`` are those of the files, by their absolute paths, where they are not to be read from the disk.

    Raises:
        UsageError: a file is missing or unreadable.
    """
    documents: dict[str, Document] = {}
    read_so_far = []
    for file in project.query_files() if files is None else files:
        document = _document(project, file, None if contents is None else contents[file.resolve()])
        if (first := documents.setdefault(file.stem, document)) is not document:
            document.findings.append(
                Finding(
                    message=_("Another query has the same name: {file}.", file=first.name),
                    help=_("Give one of the two another name."),
                    location=Location(document.name),
                    related=(Related(Location(first.name), _("the other query")),),
                )
            )
        read_so_far.append(document)
    return read_so_far


def _document(project: Project, file: Path, data: bytes | None) -> Document:
    name = shown(file)
    try:
        text, findings = decode(name, read(file) if data is None else data)
        query_form = _query_form(name, text, federated=folder(file) == FEDERATED)
        if not _SLUG.fullmatch(file.stem):
            message = _("The name of the file cannot end an IRI; expected words and hyphens.")
            raise InvalidError([Finding(message=message, location=Location(name))])
    except InvalidError as error:
        return Document(file, name, findings=[*error.findings], readable=False)
    document = Document(file, name, text, findings=findings, positions=Positions())
    languages = project.header_languages(file)
    findings += _misfits(document, query_form, languages, project.prefixes)
    if project.base:
        _TripleWriter(document, project, languages).query(NamedNode(project.id + "query/" + file.stem), query_form)
    return document


def _misfits(
    document: Document, query_form: str, languages: Sequence[str], known: Mapping[str, str]
) -> Iterator[Finding]:
    """Where the header does not fit the query, or the query its folder."""
    kind = folder(document.path.absolute())
    yield from _of_keys(document, languages)
    yield from _of_parameters(document, languages)
    yield from _of_prefixes(document, known)
    wanted = _QUERY_FORMS.get(kind, query_form)
    if query_form != wanted:
        a_table = _("A table is a SELECT query: found {form}.", form=query_form)
        a_view = _("A view is a CONSTRUCT query: found {form}.", form=query_form)
        message = a_table if kind == "tables" else a_view
        help_ = _("Write it with {wanted}, or move the file out of {folder}.", wanted=wanted, folder=f"queries/{kind}")
        yield _at(document, _body(document.text), message, help_)
    else:
        yield from _of_columns(document, languages, table=kind == "tables")


def _of_keys(document: Document, languages: Sequence[str]) -> Iterator[Finding]:
    """The lines of the header that nothing reads, such as a summary in a language that the data set does not have."""
    known = (*summaries(languages).values(), "tags", "param", "column")
    for line in HEADER_LINE.finditer(document.text):
        if not header(line[0]).keys() & known:
            message = _("Unknown line in the header: {key}.", key=line[0].partition(":")[0].strip())
            help_ = _(
                "Write one of: {keys}. The languages are those that data/dataset.ttl states with dcterms:language.",
                keys=", ".join(f"#+ {key}" for key in known),
            )
            yield _at(document, line.start(), message, help_)


def _of_parameters(document: Document, languages: Sequence[str]) -> Iterator[Finding]:
    for line in header(document.text).get("param", []):
        name, *meanings = line.split("|")
        if not _VARIABLE.fullmatch(name.text):
            expected = _(
                "A parameter has the name of a variable, of letters, digits and _: found {name}.", name=name.text
            )
            none = _("A parameter has the name of a variable, of letters, digits and _: found none.")
            help_ = _("Name it like the variable of its VALUES block, without the ?.")
            yield _at(document, name.offset, expected if name.text else none, help_)
        elif len(meanings) > len(languages):
            yield _at(document, meanings[len(languages)].offset, *wrong_line("param", languages, name.text))


def _of_columns(document: Document, languages: Sequence[str], *, table: bool) -> Iterator[Finding]:
    text, wrong = document.text, list[Finding]()
    found = lines(header(text), "column", document.name, text, wrong, languages)
    columns = [(line, name) for line, (name, *_) in found]
    yield from wrong
    if not table or wrong:
        return
    selected = variables(text)
    given, expected = [name for _, name in columns], [variable.text for variable in selected]
    for number, (column, variable) in enumerate(zip_longest(given, expected)):
        if column != variable:
            at = columns[number][0] if number < len(columns) else selected[number]
            message = _("The column lines are not those of the variables that the query selects, in their order.")
            help_ = _("Write one #+ column line for each of: {variables}.", variables=", ".join(expected))
            if not expected:
                help_ = _("Write the variables in the place of *, and one #+ column line for each of them.")
            yield _at(document, at.offset, message, help_)
            return


def _of_prefixes(document: Document, known: Mapping[str, str]) -> Iterator[Finding]:
    names = {namespace: prefix for prefix, namespace in known.items()}
    for prefix, namespace in prefixes(document.text).items():
        canonical, name = known.get(prefix, namespace.text), names.get(namespace.text, prefix)
        if canonical != namespace.text:
            message = _(
                "The prefix {prefix}: stands for <{expected}> in all queries: found <{found}>.",
                prefix=prefix,
                expected=canonical,
                found=namespace.text,
            )
            declaration = f"PREFIX {prefix}: <{canonical}>"
            help_ = _("Write {declaration}, or give the prefix another name.", declaration=declaration)
            yield _at(document, namespace.offset, message, help_)
        elif name != prefix:
            message = _(
                "The namespace <{namespace}> has the prefix {expected}: in all queries: found {found}:.",
                namespace=namespace.text,
                expected=name,
                found=prefix,
            )
            help_ = _(
                "Write {declaration}, and {expected}: wherever {found}: stands.",
                declaration=f"PREFIX {name}: <{namespace.text}>",
                expected=name,
                found=prefix,
            )
            yield _at(document, namespace.offset, message, help_)


def _at(document: Document, offset: int, message: Text, help_: Text) -> Finding:
    return Finding(message=message, help=help_, location=Location(document.name, *place(document.text, offset)))


def _body(text: str) -> int:
    """Where the query starts, below its header."""
    return max((match.end() for match in HEADER_LINE.finditer(text)), default=0)


def _query_form(name: str, text: str, *, federated: bool) -> str:
    """The query form of a text, in capitals; of a text that is no query, Oxigraph finds where it is wrong. Only what is
    ``federated`` may have a SERVICE clause, which is read as a named graph, so that nothing is asked."""
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:  # deep nesting overflows the stack of the parser
        message = _(
            "The query is longer than {longest:,} characters, or nested more than {deepest} deep.",
            longest=_LONGEST,
            deepest=_DEEPEST,
        )
        raise InvalidError([Finding(message=message, help=_("Ask for less in one query."), location=Location(name))])
    try:
        query_form = demand_reading(text, allow_service=federated)
        text = _SERVICE.sub(lambda clause: "GRAPH".ljust(len(clause[0])), text) if federated else text
        with suppress(ValueError):  # two default graphs are refused, after the query was read and before it is asked
            Store().query(text, base_iri="file:", use_default_graph_as_union=True, default_graph=DefaultGraph())
    except UsageError as error:
        raise InvalidError([Finding(message=error.text.map(_as_sentence), location=Location(name))]) from error
    except SyntaxError as error:
        raise InvalidError([not_sparql(name, text)]) from error
    return query_form


def _as_sentence(problem: str) -> str:
    """A problem of a call as the message of a finding: without the option that would help, which no file can have."""
    reason = problem.partition(";")[0]
    return f"{reason[0].upper()}{reason[1:]}."


def _depth(text: str) -> int:
    depth = deepest = 0
    for token in tokens(text):
        if token.kind in ("mark", "call"):
            depth += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
            deepest = max(deepest, depth)
    return deepest


class _TripleWriter:
    """Writes statements into a document, each with its place in the text."""

    def __init__(self, document: Document, project: Project, languages: Sequence[str]) -> None:
        self.document, self.project, self.languages = document, project, languages
        assert document.positions is not None
        assert isinstance(document.triples, list)
        self.triples = document.triples
        self.positions = document.positions

    def query(self, query: NamedNode, query_form: str) -> None:
        text = self.document.text
        keys = header(text)
        start = _body(text)
        for kind in ("SPARQLExecutable", f"SPARQL{query_form.title()}Executable"):
            self.add(query, RDF + "type", NamedNode(_SH + kind), 0)
        for language, key in summaries(self.languages).items():
            for summary in keys.get(key, []) if language in self.project.languages else ():
                self.add(query, _RDFS + "comment", Literal(summary.text, language=language), summary.offset)
        for line in keys.get("tags", []):
            for tag in filter(lambda part: part.text, line.split(",")):
                self.add(query, _KEYWORDS, Literal(tag.text), tag.offset)
        self.add(query, _TARGET, NamedNode(self.project.sparql_endpoint), 0)
        self.add(query, _SH + "prefixes", NamedNode(self.project.queries), start)
        self.add(query, _SH + query_form.lower(), Literal(HEADER_LINE.sub("", text).strip()), start)
        values = defaults(text)
        declared = [line.split("|") for line in keys.get("param", [])]
        for name, *meanings in declared:
            if _VARIABLE.fullmatch(name.text):
                self.parameter(query, name, meanings, values.pop(name.text, []))
        for variable, terms in values.items():
            if len(terms) == 1:  # as good as a parameter, but for what it means
                self.parameter(query, Part(variable, terms[0][1]), [], terms)
        self.shared(query)

    def parameter(
        self, query: NamedNode, name: Part, meanings: Iterable[Part], values: Iterable[tuple[NamedNode | Literal, int]]
    ) -> None:
        parameter = NamedNode(f"{query.value}#{name.text}")
        self.add(query, _SH + "parameter", parameter, name.offset)
        self.add(parameter, RDF + "type", NamedNode(_SH + "Parameter"), name.offset)
        self.add(parameter, _SH + "path", parameter, name.offset)
        self.add(parameter, _SH + "name", Literal(name.text), name.offset)
        for language, meaning in zip(self.languages, meanings, strict=False):
            if meaning.text and language in self.project.languages:
                self.add(parameter, _SH + "description", Literal(meaning.text, language=language), meaning.offset)
        for default, offset in values:
            if isinstance(default, NamedNode):
                self.add(parameter, _SH + "nodeKind", NamedNode(_SH + "IRI"), offset)
            else:
                self.add(parameter, _SH + "datatype", default.datatype, offset)
            self.add(parameter, _SH + "defaultValue", default, offset)

    def shared(self, query: NamedNode) -> None:
        """The ontology that all queries share: the prefixes that any of them declares."""
        shared, known = NamedNode(self.project.queries), self.project.prefixes
        self.add(shared, RDF + "type", NamedNode(PREFIXES["owl"] + "Ontology"), 0)
        for label in literals(_LABEL.only(self.project.languages)):
            self.add(shared, _RDFS + "label", label, 0)
        self.add(shared, PREFIXES["dcterms"] + "hasPart", query, 0)
        for prefix, namespace in prefixes(self.document.text).items():
            if known.get(prefix) != namespace.text and (prefix in known or namespace.text in known.values()):
                continue  # a finding in this file: shared, it could be one in another
            declaration = NamedNode(f"{shared.value}#{prefix}")
            value = Literal(namespace.text, datatype=NamedNode(XSD + "anyURI"))
            self.add(shared, _SH + "declare", declaration, namespace.offset)
            self.add(declaration, RDF + "type", NamedNode(_SH + "PrefixDeclaration"), namespace.offset)
            self.add(declaration, _SH + "prefix", Literal(prefix), namespace.offset)
            self.add(declaration, _SH + "namespace", value, namespace.offset)

    def add(self, subject: NamedNode, predicate: str, value: NamedNode | Literal, offset: int) -> None:
        triple = Triple(subject, NamedNode(predicate), value)
        self.positions.subjects.setdefault(subject, offset)
        if (key := (triple.subject, triple.predicate, value)) not in self.positions.objects:
            self.positions.objects[key] = offset
            self.triples.append(triple)
