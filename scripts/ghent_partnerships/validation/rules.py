"""What must hold of the project's graph beyond SHACL: terms are defined, IRIs lead somewhere, nothing is too new.

The words of these rules stand in ``ontology/rules.ttl``, as those of the shapes with the shapes. A code stays with its
rule for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..errors import InvalidError
from ..files import shown
from ..findings import VIOLATION, Finding, Fix, Location, Related, Result
from ..project.graph import triples
from ..project.paths import rules_file
from ..rdf.decoding import place
from ..rdf.encoded import Encoded, mentioning, merged, with_predicate
from ..rdf.format import layout
from ..rdf.namespaces import BASE, GP, ID, PREFIXES
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..rdf.turtle import TYPE, XSD, abbreviate
from ..sparql.text import prefixes, tokens
from ..text import Text
from ..translation import message as _
from .context import Context
from .evidence import contradictions
from .results import filled
from .shapes import SH, Shapes


class Rule(NamedTuple):
    """The words of a rule: what it says, and how to fix what breaks it; ``{?…}`` is a gap in them."""

    message: Text
    help: Text
    severity: str


class Words(NamedTuple):
    """The words of the rules in a file, by the code of the rule."""

    path: str
    rules: Mapping[str, Rule]


@cache
def _of_file(file: Path) -> Words:
    return _words(shown(file), triples([file]))


def _default_words() -> Words:
    """The words in the rules of the project."""
    return _of_file(rules_file())


def _words(path: str, statements: Iterable[Triple]) -> Words:
    """The words of the rules that the file at a path states."""
    shapes = Shapes(statements)
    rules = {}
    for node in shapes.about:
        message, help_ = (Text(shapes.texts(node, name)) for name in ("message", "description"))
        severity = next((str(term.value) for term in shapes.objects(node, f"{SH}severity")), "")
        severity = severity.rpartition("#")[2].lower() or VIOLATION
        rules[shapes.code(node)] = Rule(message, help_, severity)
    return Words(path, rules)


_WIKIDATA = re.compile(  # of pages only those of the entity itself, whichever revision is the last
    r"https?://(?:\w+\.)*wikidata\.org/(?:(?:wiki|entity)/(?:Special:Entity(?:Data|Page)/)?)?"
    r"(?P<entity>[QPqp][1-9][0-9]*)(?:\.\w+)?(?:\?(?!.*oldid)[^#]*)?(?:#.*)?"
)
_PAGES = {PREFIXES["rdfs"] + "seeAlso", PREFIXES["schema"] + "url", "http://xmlns.com/foaf/0.1/page"}  # mean the page
_ONTOLOGY, _ALIGNMENTS = "ontology/partnership.ttl", "ontology/alignments.ttl"  # where terms are described
_VOCABULARIES = tuple(
    PREFIXES[name] for name in ("dcat", "dcterms", "oa", "owl", "prov", "rdf", "rdfs", "schema", "skos")
)
_BUILT_IN = {  # what all of it is written in, which nobody needs to define
    PREFIXES[prefix] + name
    for prefix, names in (
        ("rdf", "type first rest nil"),
        ("rdfs", "label comment seeAlso isDefinedBy subClassOf subPropertyOf"),
        ("owl", "Ontology Class AnnotationProperty DatatypeProperty ObjectProperty disjointWith inverseOf"),
        ("owl", "sameAs versionIRI priorVersion versionInfo imports deprecated equivalentClass equivalentProperty"),
        ("dcterms", "isReplacedBy"),  # beside owl:deprecated
    )
    for name in names.split()
}
_TIMES = {XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime", "dateTimeStamp")}
_IN_FRONT = re.compile(r"[0-9]{4,}")
_BARE = re.compile(r"[\s•]+")
_DEFINED, _TYPE = NamedNode(PREFIXES["rdfs"] + "isDefinedBy"), NamedNode(TYPE)
_POSITION, _PART, _EXACT, _CHECKSUM, _ISSUED = (
    NamedNode(PREFIXES[prefix] + name)
    for prefix, name in (
        ("schema", "position"),
        ("dcterms", "isPartOf"),
        ("oa", "exact"),
        ("schema", "sha256"),
        ("dcterms", "issued"),
    )
)


def findings(
    graph: Sequence[Document], about: Sequence[Document], rules: Document, encoded: Sequence[Encoded] = ()
) -> Iterator[Finding]:
    """What breaks the rules in the documents of the project's graph, and in those ``about`` it: the ontology (a part of
    the graph too), the shapes and the queries; ``rules`` has the words of the rules, and ``encoded`` are both as
    numbers, where these are known.

    Raises:
        InvalidError: a rule that is broken has no words.
    """
    documents = list({id(document): document for document in (*graph, *about)}.values())
    words = _words(rules.name, rules.triples) if rules.triples else _default_words()
    encoded = encoded or [merged([document.triples for document in part]) for part in (graph, about)]
    context = Context(SourceMap(documents, []), words, *encoded)
    if all(document.readable for document in documents):  # else what stands in the others is not to blame
        yield from _terms(documents, graph, context)
        yield from _queried(documents, context)
        yield from _undescribed(documents, context)
        yield from _quotations(graph, context)
        yield from _contradictions(graph, context)
    yield from _addresses(graph, context)
    yield from _years(graph, context)
    yield from _empty(documents, context)
    yield from _layout(documents, context)


def vanished(before: Iterable[Document], after: Sequence[Document]) -> Iterator[Finding]:
    """The project's IRIs that were described before a change, and no more after it."""
    if all(document.readable for document in after):  # else it may stand in a file that cannot be read
        now = {triple.subject for document in after for triple in document.triples}
        gone = {
            triple.subject: document.name
            for document in before
            for triple in document.triples
            if triple.subject not in now and _text(triple.subject).startswith(BASE)
        }
        for node, name in gone.items():
            undescribed = finding("GP014", Location(name), term=_name(node))
            yield replace(undescribed, result=Result(focus=str(node), statement=Text(_name(node))))


def finding(code: str, location: Location, words: Words | None = None, *, near: str = "", **values: str) -> Finding:
    """A finding of a rule, with these values in the gaps of its words, which by default are those of the project;
    ``near`` is what may have been meant.

    Raises:
        InvalidError: the file of the rules has a syntax error, or no rule of this code.
        UsageError: it is missing.
    """
    path, rules = words or _default_words()
    if (rule := rules.get(code)) is None:
        missing = Location(path)
        raise InvalidError([Finding(message=_("No rule has the code {code} here.", code=code), location=missing)])
    message, help_ = (text.map(lambda template: filled(template, values)) for text in (rule.message, rule.help))
    if near:
        otherwise = help_.map(lambda text: text[:1].lower() + text[1:])
        help_ = _("Did you mean {near}? Else {help}", near=near, help=otherwise)
    return Finding(code=code, severity=rule.severity, message=message, help=help_, location=location)


def by_number(code: str) -> tuple[str, int, str]:
    """What codes are sorted by: GP1000 comes after GP999. Other people's may have any number of digits."""
    letters = code.rstrip("0123456789")
    return letters, len(code[len(letters) :].lstrip("0")), code


def _about(
    code: str,
    triple: Triple,
    term: object,
    context: Context,
    *,
    replacement: str = "",
    related: Iterable[Related] = (),
    **gaps: str,
) -> Finding:
    """A finding about a term of a statement: in the place of the object, or of the statement that uses a predicate."""
    location = context.source_map.of(triple.subject, triple.predicate, triple.object)
    statement = " ".join(_name(part) for part in triple if isinstance(part, NamedNode | Literal))
    return replace(
        finding(code, location, context.words, term=_name(term), **gaps),
        fix=Fix(str(triple.object), replacement) if replacement else None,
        related=tuple(related),
        result=Result(
            focus=str(triple.subject),
            path=str(triple.predicate),
            value=str(triple.object),
            statement=Text(statement),
        ),
    )


def _terms(documents: Sequence[Document], graph: Sequence[Document], context: Context) -> Iterator[Finding]:
    """The project's terms that the ontology does not define; and in the data, those of others that it does not reuse,
    or that it has in another namespace."""
    graphs = context.graph, context.about
    known = {part.terms[number] for part in graphs for number in part.column(_DEFINED).nodes}
    spellings = {_comparable(term): term for term in sorted(known, key=str, reverse=True)}
    used = {part.terms.texts[number] for part in graphs for number in part.columns}
    texts = (used | context.objects) - {*map(str, known)}
    terms = {NamedNode(text[1:-1]) for text in texts if text[0] == "<"}
    meant: dict[object, object] = {term: right for term in terms if (right := spellings.get(_comparable(term)))}
    undefined = {term for term in terms if _text(term).startswith(GP)} - meant.keys()
    foreign = {term for term in terms - meant.keys() - undefined if _text(term).startswith(_VOCABULARIES)}
    reused = {term for term in foreign if _text(term) not in _BUILT_IN}
    project_terms = tuple(sorted({*map(_text, known), *_BUILT_IN}))
    data = set(map(id, graph))
    suspects = {*meant, *undefined, *reused}
    for document in documents if suspects else ():
        for triple in mentioning(document.triples, suspects):
            if id(document) in data:
                here = {triple.predicate, *([triple.object] if triple.predicate == _TYPE else ())}
                for term in reused & here:
                    yield _about(
                        "GP011", triple, term, context, near=_nearest(_text(term), project_terms), home=_ALIGNMENTS
                    )
                project_objects = {term for term in (triple.object,) if _text(meant.get(term)).startswith(GP)}
                for wrong in meant.keys() & (here | project_objects):
                    swap = str(meant[wrong]) if wrong == triple.object else ""
                    yield _about("GP012", triple, wrong, context, right=_name(meant[wrong]), replacement=swap)
            for term in undefined & {triple.predicate, triple.object}:  # style.ttl has what a subject must have
                yield _about("GP011", triple, term, context, near=_nearest(_text(term), project_terms), home=_ONTOLOGY)


def _comparable(term: object) -> str:
    """The IRI without what two spellings of its namespace differ in."""
    iri = _text(term).replace("http://purl.org/dc/elements/1.1/", PREFIXES["dcterms"], 1)
    return iri.replace("https:", "http:", 1).replace("//www.", "//", 1).replace("#", "/")


@cache
def _nearest(iri: str, candidates: tuple[str, ...]) -> str:
    """The IRI in the same namespace with the name that is most like it, or nothing."""
    from difflib import get_close_matches

    start = re.match(r".*[/#]", iri)
    names = [candidate for candidate in candidates if start and candidate.startswith(start[0])]
    near = (
        get_close_matches(iri[start.end() :], [candidate[start.end() :] for candidate in names], n=1) if start else []
    )
    return _name(NamedNode(f"{start[0]}{near[0]}")) if start and near else ""


def _queried(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """The project's terms that queries use and nothing defines, and its IRIs that are not described."""
    for document in documents:
        if document.path.suffix != ".rq":
            continue
        namespaces = {prefix: namespace.text for prefix, namespace in prefixes(document.text).items()}
        for token in tokens(document.text):
            local = token.text.partition(":")[2]
            iri = token.text[1:-1] if token.kind == "iri" else namespaces.get(token.prefix, "") + local
            if token.kind not in ("iri", "name"):
                continue
            if not iri.startswith((GP, ID)) or iri in (GP, ID) or f"<{iri}>" in context.described:
                continue
            if iri in namespaces.values():
                continue
            location = Location(document.name, *place(document.text, token.start))
            code, start = ("GP011", GP) if iri.startswith(GP) else ("GP013", ID)
            unknown = finding(
                code,
                location,
                context.words,
                term=_name(NamedNode(iri)),
                near=_nearest(iri, context.names(start)),
                home=_ONTOLOGY,
            )
            yield replace(unknown, result=Result(statement=Text(_name(NamedNode(iri)))))


def _undescribed(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """The project's IRIs that are not described."""
    missing = (text for text in context.objects - context.described if text.startswith(f"<{ID}"))
    suspects = {NamedNode(text[1:-1]) for text in missing}
    for document in documents if suspects else ():
        for triple in mentioning(document.triples, suspects):
            value = triple.object
            if isinstance(value, NamedNode) and value in suspects:
                yield _about("GP013", triple, value, context, near=_nearest(value.value, context.names(ID)))


def _quotations(graph: Sequence[Document], context: Context) -> Iterator[Finding]:
    """A source whose quotations are not its text."""
    from hashlib import sha256

    statements: dict[NamedNode, dict[object, list[Triple]]] = {}
    for predicate in (_POSITION, _PART, _EXACT, _CHECKSUM):
        about = statements[predicate] = {}
        for document in graph:
            for triple in with_predicate(document.triples, predicate):
                about.setdefault(triple.subject, []).append(triple)
    for source, (checksum, *_others) in statements[_CHECKSUM].items():
        quoted = []
        for fragment, parts in statements[_PART].items():
            if any(triple.object == source for triple in parts):
                numbers, words = (statements[name].get(fragment, []) for name in (_POSITION, _EXACT))
                quoted.append([_text(triple.object) for triple in (*numbers[:1], *words[:1])])
        if all(
            len(fragment) == 2 and fragment[0].isdecimal() for fragment in quoted
        ):  # else the shapes report what is missing
            text = "".join(words for _, words in sorted((int(number), words) for number, words in quoted))
            if sha256(_BARE.sub("", text).encode()).hexdigest() != _text(checksum.object):
                yield _about("GP015", checksum, source, context)


def _contradictions(graph: Sequence[Document], context: Context) -> Iterator[Finding]:
    """What the sentences that a resource cites do not bear out."""
    # Files that are given come first, and of two that contradict one another theirs is the one to fix.
    for found in contradictions(merged([document.triples for document in reversed(graph)])):
        related = []
        if found.against is not None:
            label = _("it is held against this statement")
            related.append(Related(context.source_map.of(*found.against), label))
        yield _about(found.code, found.triple, found.term, context, related=related, **found.gaps)


def _text(term: object) -> str:
    """The IRI or the text of a term; a blank node has none."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _addresses(graph: Sequence[Document], context: Context) -> Iterator[Finding]:
    """Pages and other addresses at Wikidata in the place of the entity."""
    entities = f"<{PREFIXES['wd']}", f"<{PREFIXES['wdt']}"
    texts = (text for text in context.objects if "wikidata.org" in text and not text.startswith(entities))
    suspects = {NamedNode(text[1:-1]) for text in texts if text[0] == "<" and _WIKIDATA.fullmatch(text[1:-1])}
    for document in graph if suspects else ():
        for triple in mentioning(document.triples, suspects):
            value = triple.object
            if not isinstance(value, NamedNode) or value not in suspects:
                continue
            if triple.predicate.value not in _PAGES and (match := _WIKIDATA.fullmatch(value.value)):
                entity = match["entity"].upper()
                right = f"<{PREFIXES['wd']}{entity}>"
                yield _about("GP018", triple, value, context, right=f"wd:{entity}", replacement=right)


def _years(graph: Sequence[Document], context: Context) -> Iterator[Finding]:
    """Years and dates later than the year in which the data set was issued."""
    about = [triple for document in graph for triple in with_predicate(document.triples, _ISSUED)]
    sets = [triple for triple in about if _text(triple.subject).startswith(PREFIXES["dataset"])]
    issue = max(sets, key=lambda triple: _text(triple.object), default=None)
    issued = "" if issue is None else _text(issue.object)[:4]
    if issue is None or not issued.isdecimal():
        return
    terms, suspects = context.graph.terms, set()
    for number in context.graph.values:
        if terms.datatype(number) in _TIMES:
            year = _IN_FRONT.match(terms.value(number))
            if year and year[0].zfill(9) > issued.zfill(9):
                suspects.add(terms[number])
    for document in graph if suspects else ():
        for triple in mentioning(document.triples, suspects):
            value = triple.object
            label = _("the data set was issued on {date}", date=_text(issue.object))
            related = [Related(context.source_map.of(issue.subject, issue.predicate, issue.object), label)]
            yield _about("GP016", triple, value, context, related=related, issued=issued)


def _empty(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """Texts in which nothing stands."""
    suspects: set[object] = set()
    for terms, numbers in ((graph.terms, graph.values) for graph in (context.graph, context.about)):
        texts = (number for number in numbers if terms.texts[number][0] == '"' and not terms.datatype(number))
        suspects.update(terms[number] for number in texts if not terms.value(number).strip())
    for document in documents if suspects else ():
        for triple in mentioning(document.triples, suspects):
            if triple.object in suspects:
                yield _about("GP019", triple, triple.predicate, context)


def _layout(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """Turtle that is not in the canonical layout."""
    for document in documents:
        if document.path.suffix == ".ttl" and document.readable and (line := layout(document)):
            yield finding("GP017", Location(document.name, line), context.words, file=document.name)


def _name(term: object) -> str:
    return abbreviate(term, PREFIXES) if isinstance(term, NamedNode | BlankNode | Literal) else ""
