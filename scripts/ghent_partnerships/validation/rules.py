"""What must hold of the project's graph beyond SHACL: terms are defined, IRIs lead somewhere, nothing is too new.

The words of these rules stand in ``ontology/rules.ttl``, as those of the shapes with the shapes. A code stays with its
rule for ever.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..findings import Finding, Fix, Location, Related, Result
from ..project.project import Project
from ..rdf.decoding import place
from ..rdf.format import layout
from ..rdf.namespaces import BASE, GP, PREFIXES
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..rdf.turtle import RDF, TYPE, XSD, abbreviate
from ..sparql.text import prefixes, tokens
from ..text import Text
from ..translation import message as _
from .dataset import departures, starts
from .evidence import contradictions
from .rule_words import Words, default_words, finding, words_of
from .writable import unwritable


@dataclass(frozen=True)
class _Context:
    """The project, where the statements stand, the words of the rules, and what the IRIs of the resources start with
    that the project and the vocabulary describe."""

    project: Project
    source_map: SourceMap
    words: Words
    starts: tuple[str, ...]

    def name(self, term: object) -> str:
        """A term with a prefix of the project where one fits."""
        is_term = isinstance(term, NamedNode | BlankNode | Literal)
        return abbreviate(term, self.project.prefixes) if is_term else ""  # type: ignore[arg-type]


_WIKIDATA = re.compile(  # of pages only those of the entity itself, whichever revision is the last
    r"https?://(?:\w+\.)*wikidata\.org/(?:(?:wiki|entity)/(?:Special:Entity(?:Data|Page)/)?)?"
    r"(?P<entity>[QPqp][1-9][0-9]*)(?:\.\w+)?(?:\?(?!.*oldid)[^#]*)?(?:#.*)?"
)
_PAGES = {PREFIXES["rdfs"] + "seeAlso", PREFIXES["schema"] + "url", "http://xmlns.com/foaf/0.1/page"}  # mean the page
_ONTOLOGY, _ALIGNMENTS = "ontology/partnership.ttl", "ontology/alignments.ttl"  # where terms are described
_VOCABULARIES = tuple(
    PREFIXES[name]
    for name in ("dcat", "dcterms", "foaf", "oa", "owl", "prov", "rdf", "rdfs", "schema", "skos", "vcard", "void")
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
_TEXTS = (XSD + "string", RDF + "langString")
_BARE = re.compile(r"[\s•]+")
_DEFINED, _TYPE = NamedNode(PREFIXES["rdfs"] + "isDefinedBy"), NamedNode(TYPE)
_DATA_SET = NamedNode(PREFIXES["dcat"] + "Dataset")
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
    project: Project, graph: Sequence[Document], about: Sequence[Document], rules: Sequence[Document]
) -> Iterator[Finding]:
    """What breaks the rules in the documents of a project's graph, and in those ``about`` it: the ontology (a part of
    the graph too), the shapes and the queries; ``rules`` have the words of the rules.

    Raises:
        InvalidError: a rule that is broken has no words.
    """
    documents = list({id(document): document for document in (*graph, *about)}.values())
    stated = next((words_of(document.name, document.triples) for document in rules if document.triples), None)
    context = _Context(project, SourceMap(documents, []), stated or default_words(), starts(graph))
    if all(document.readable for document in documents):  # else what stands in the others is not to blame
        yield from _terms(documents, graph, context)
        yield from _queried(documents, context)
        yield from _undescribed(documents, context)
        yield from _quotations(graph, context)
        yield from _contradictions(graph, {id(document) for document in about}, context)
    yield from _addresses(graph, context)
    yield from _years(graph, context)
    changeable = [document for document in documents if not project.is_carried(document.path)]
    yield from unwritable(project, graph, about, context.words)
    yield from _empty(changeable, context)
    yield from _layout(changeable, context)


def vanished(project: Project, before: Iterable[Document], after: Sequence[Document]) -> Iterator[Finding]:
    """The project's IRIs that were described before a change, and no more after it."""
    before = list(before)
    name = _Context(project, SourceMap([], []), default_words(), ()).name
    if all(document.readable for document in after):  # else it may stand in a file that cannot be read
        described = (BASE, *starts(before))
        now = {triple.subject for document in after for triple in document.triples}
        gone = {
            triple.subject: document.name
            for document in before
            for triple in document.triples
            if triple.subject not in now and _text(triple.subject).startswith(described)
        }
        for node, path in gone.items():
            undescribed = finding("GP014", Location(path), term=name(node))
            yield replace(undescribed, result=Result(focus=str(node), statement=Text(name(node))))


def _about(
    code: str,
    triple: Triple,
    term: object,
    context: _Context,
    *,
    replacement: str = "",
    related: Iterable[Related] = (),
    **gaps: str,
) -> Finding:
    """A finding about a term of a statement: in the place of the object, or of the statement that uses a predicate."""
    location = context.source_map.of(triple.subject, triple.predicate, triple.object)
    statement = " ".join(context.name(part) for part in triple if isinstance(part, NamedNode | Literal))
    return replace(
        finding(code, location, context.words, term=context.name(term), **gaps),
        fix=Fix(str(triple.object), replacement) if replacement else None,
        related=tuple(related),
        result=Result(
            focus=str(triple.subject),
            path=str(triple.predicate),
            value=str(triple.object),
            statement=Text(statement),
        ),
    )


def _terms(documents: Sequence[Document], graph: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """The project's terms that the ontology does not define; and in the data, those of others that it does not reuse,
    or that it has in another namespace."""
    known = {triple.subject for document in documents for triple in document.triples if triple.predicate == _DEFINED}
    spellings = {_comparable(term): term for term in sorted(known, key=str, reverse=True)}
    used = {triple.predicate for document in documents for triple in document.triples}
    values = {triple.object for document in documents for triple in document.triples}
    terms = {term for term in (used | values) - known if isinstance(term, NamedNode)}
    meant: dict[object, object] = {term: right for term in terms if (right := spellings.get(_comparable(term)))}
    undefined = {term for term in terms if _text(term).startswith(GP)} - meant.keys()
    foreign = {term for term in terms - meant.keys() - undefined if _text(term).startswith(_VOCABULARIES)}
    reused = {term for term in foreign if _text(term) not in _BUILT_IN}
    project_terms = tuple(sorted({*map(_text, known), *_BUILT_IN}))
    data = set(map(id, graph))
    for document in documents if meant or undefined or reused else ():
        for triple in document.triples:
            if id(document) in data:
                here = {triple.predicate, *([triple.object] if triple.predicate == _TYPE else ())}
                for term in reused & here:
                    yield _about(
                        "GP011",
                        triple,
                        term,
                        context,
                        near=_nearest(_text(term), project_terms, context),
                        home=_ALIGNMENTS,
                    )
                project_objects = {term for term in (triple.object,) if _text(meant.get(term)).startswith(GP)}
                for wrong in meant.keys() & (here | project_objects):
                    swap = str(meant[wrong]) if wrong == triple.object else ""
                    yield _about("GP012", triple, wrong, context, right=context.name(meant[wrong]), replacement=swap)
            for term in undefined & {triple.predicate, triple.object}:  # style.ttl has what a subject must have
                yield _about(
                    "GP011", triple, term, context, near=_nearest(_text(term), project_terms, context), home=_ONTOLOGY
                )


def _comparable(term: object) -> str:
    """The IRI without what two spellings of its namespace differ in."""
    iri = _text(term).replace("http://purl.org/dc/elements/1.1/", PREFIXES["dcterms"], 1)
    return iri.replace("https:", "http:", 1).replace("//www.", "//", 1).replace("#", "/")


def _nearest(iri: str, candidates: tuple[str, ...], context: _Context) -> str:
    """The name of the IRI in the same namespace with the name that is most like it, or nothing."""
    near = _nearest_iri(iri, candidates)
    return context.name(NamedNode(near)) if near else ""


@cache
def _nearest_iri(iri: str, candidates: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    start = re.match(r".*[/#]", iri)
    names = [candidate for candidate in candidates if start and candidate.startswith(start[0])]
    near = (
        get_close_matches(iri[start.end() :], [candidate[start.end() :] for candidate in names], n=1) if start else []
    )
    return f"{start[0]}{near[0]}" if start and near else ""


def _queried(documents: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """The project's terms that queries use and nothing defines, and its IRIs that are not described."""
    known = {_text(triple.subject) for document in documents for triple in document.triples}
    known_starts = (GP, *context.starts)
    project_terms, names = (
        tuple(sorted(iri for iri in known if iri.startswith(start))) for start in (GP, context.starts)
    )
    for document in documents:
        if document.path.suffix != ".rq":
            continue
        namespaces = {prefix: namespace.text for prefix, namespace in prefixes(document.text).items()}
        for token in tokens(document.text):
            local = token.text.partition(":")[2]
            iri = token.text[1:-1] if token.kind == "iri" else namespaces.get(token.prefix, "") + local
            if token.kind not in ("iri", "name"):
                continue
            if iri in known or iri in known_starts or iri in namespaces.values() or not iri.startswith(known_starts):
                continue
            location = Location(document.name, *place(document.text, token.start))
            code, candidates = ("GP011", project_terms) if iri.startswith(GP) else ("GP013", names)
            unknown = finding(
                code,
                location,
                context.words,
                term=context.name(NamedNode(iri)),
                near=_nearest(iri, candidates, context),
                home=_ONTOLOGY,
            )
            yield replace(unknown, result=Result(statement=Text(context.name(NamedNode(iri)))))


def _undescribed(documents: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """The project's IRIs that are not described."""
    described = {triple.subject for document in documents for triple in document.triples}
    names = tuple(sorted(_text(node) for node in described if _text(node).startswith(context.starts)))
    for document in documents:
        for triple in document.triples:
            value = triple.object
            if isinstance(value, NamedNode) and value.value.startswith(context.starts) and value not in described:
                yield _about("GP013", triple, value, context, near=_nearest(value.value, names, context))


def _quotations(graph: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """A source whose quotations are not its text."""
    from hashlib import sha256

    statements: dict[NamedNode, dict[object, list[Triple]]] = {
        predicate: {} for predicate in (_POSITION, _PART, _EXACT, _CHECKSUM)
    }
    for document in graph:
        for triple in document.triples:
            if triple.predicate in statements:
                statements[triple.predicate].setdefault(triple.subject, []).append(triple)
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


def _contradictions(graph: Sequence[Document], ontology: Collection[int], context: _Context) -> Iterator[Finding]:
    """What the sentences that a resource cites do not bear out, and what the data set says otherwise; ``ontology`` are
    the identities of the documents that are no data."""
    # Files that are given come first, and of two that contradict one another theirs is the one to fix.
    statements = dict.fromkeys(triple for document in reversed(graph) for triple in document.triples)
    data = [triple for document in graph if id(document) not in ontology for triple in document.triples]
    for found in chain(contradictions([*statements]), departures(data)):
        related = []
        if found.against is not None:
            label = _("it is held against this statement")
            related.append(Related(context.source_map.of(*found.against), label))
        yield _about(found.code, found.triple, found.term, context, related=related, **found.gaps)


def _text(term: object) -> str:
    """The IRI or the text of a term; a blank node has none."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _addresses(graph: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """Pages and other addresses at Wikidata in the place of the entity."""
    for document in graph:
        for triple in document.triples:
            value = triple.object
            if not isinstance(value, NamedNode) or value.value.startswith((PREFIXES["wd"], PREFIXES["wdt"])):
                continue
            if triple.predicate.value not in _PAGES and (match := _WIKIDATA.fullmatch(value.value)):
                entity = match["entity"].upper()
                right = f"<{PREFIXES['wd']}{entity}>"
                yield _about("GP018", triple, value, context, right=f"wd:{entity}", replacement=right)


def _years(graph: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """Years and dates later than the year in which the data set was issued."""
    statements = [triple for document in graph for triple in document.triples]
    about = [triple for triple in statements if triple.predicate == _ISSUED]
    described = {triple.subject for triple in statements if triple.object == _DATA_SET}
    sets = [triple for triple in about if triple.subject in described]
    issue = max(sets, key=lambda triple: _text(triple.object), default=None)
    issued = "" if issue is None else _text(issue.object)[:4]
    if issue is None or not issued.isdecimal():
        return
    for triple in statements:
        value = triple.object
        if not isinstance(value, Literal) or value.datatype.value not in _TIMES:
            continue
        year = _IN_FRONT.match(value.value)
        if year and year[0].zfill(9) > issued.zfill(9):
            label = _("the data set was issued on {date}", date=_text(issue.object))
            related = [Related(context.source_map.of(issue.subject, issue.predicate, issue.object), label)]
            yield _about("GP016", triple, value, context, related=related, issued=issued)


def _empty(documents: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """Texts in which nothing stands."""
    for document in documents:
        for triple in document.triples:
            value = triple.object
            if isinstance(value, Literal) and not value.value.strip() and value.datatype.value in _TEXTS:
                yield _about("GP019", triple, triple.predicate, context)


def _layout(documents: Sequence[Document], context: _Context) -> Iterator[Finding]:
    """Turtle that is not in the canonical layout."""
    for document in documents:
        if document.path.suffix == ".ttl" and document.readable and (line := layout(document)):
            yield finding("GP017", Location(document.name, line), context.words, file=document.name)
