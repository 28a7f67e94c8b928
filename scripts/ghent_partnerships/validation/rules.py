"""What must hold of the project's graph beyond SHACL: terms are defined, IRIs lead somewhere, nothing is too new.

The words of these rules stand in ``ontology/rules.ttl``, as those of the shapes with the shapes. A code stays with its
rule for ever.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from pyoxigraph import Literal, NamedNode, Triple

from ..findings import Finding, Fix, Location, Related, Result
from ..project.project import Project
from ..rdf.decoding import place
from ..rdf.encoded import Encoded, mentioning, merged, with_predicate
from ..rdf.format import layout
from ..rdf.namespaces import BASE, GP, PREFIXES
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..rdf.turtle import TYPE, XSD
from ..sparql.text import prefixes, tokens
from ..text import Text
from ..translation import message as _
from .context import Context, name, text_of
from .dataset import departures, starts
from .evidence import contradictions
from .rule_words import default_words, finding, words_of
from .writable import unwritable

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
    project: Project,
    graph: Sequence[Document],
    about: Sequence[Document],
    rules: Sequence[Document],
    triples: Encoded | None = None,
) -> Iterator[Finding]:
    """What breaks the rules in the documents of a project's graph, and in those ``about`` it: the ontology (a part of
    the graph too), the shapes and the queries; ``rules`` have the words of the rules, and ``triples`` are those of the
    graph, where they are known.

    Raises:
        InvalidError: a rule that is broken has no words.
    """
    documents = list({id(document): document for document in (*graph, *about)}.values())
    stated = next((words_of(document.name, document.triples) for document in rules if document.triples), None)
    context = Context(
        project,
        SourceMap(documents, []),
        stated or default_words(),
        merged([document.triples for document in graph]) if triples is None else triples,
        merged([document.triples for document in about]),
        starts(graph),
    )
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
    if all(document.readable for document in after):  # else it may stand in a file that cannot be read
        described = (BASE, *starts(before))
        now = {triple.subject for document in after for triple in document.triples}
        gone = {
            triple.subject: document.name
            for document in before
            for triple in document.triples
            if triple.subject not in now and text_of(triple.subject).startswith(described)
        }
        for node, path in gone.items():
            undescribed = finding("GP014", Location(path), term=name(node, project))
            yield replace(undescribed, result=Result(focus=str(node), statement=Text(name(node, project))))


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
    undefined = {term for term in terms if text_of(term).startswith(GP)} - meant.keys()
    foreign = {term for term in terms - meant.keys() - undefined if text_of(term).startswith(_VOCABULARIES)}
    reused = {term for term in foreign if text_of(term) not in _BUILT_IN}
    project_terms = tuple(sorted({*map(text_of, known), *_BUILT_IN}))
    data = set(map(id, graph))
    suspects = {*meant, *undefined, *reused}
    for document in documents if suspects else ():
        for triple in mentioning(document.triples, suspects):
            if id(document) in data:
                here = {triple.predicate, *([triple.object] if triple.predicate == _TYPE else ())}
                for term in reused & here:
                    yield _about(
                        "GP011",
                        triple,
                        term,
                        context,
                        near=_nearest(text_of(term), project_terms, context),
                        home=_ALIGNMENTS,
                    )
                project_objects = {term for term in (triple.object,) if text_of(meant.get(term)).startswith(GP)}
                for wrong in meant.keys() & (here | project_objects):
                    swap = str(meant[wrong]) if wrong == triple.object else ""
                    yield _about("GP012", triple, wrong, context, right=context.name(meant[wrong]), replacement=swap)
            for term in undefined & {triple.predicate, triple.object}:  # style.ttl has what a subject must have
                yield _about(
                    "GP011", triple, term, context, near=_nearest(text_of(term), project_terms, context), home=_ONTOLOGY
                )


def _comparable(term: object) -> str:
    """The IRI without what two spellings of its namespace differ in."""
    iri = text_of(term).replace("http://purl.org/dc/elements/1.1/", PREFIXES["dcterms"], 1)
    return iri.replace("https:", "http:", 1).replace("//www.", "//", 1).replace("#", "/")


def _nearest(iri: str, candidates: tuple[str, ...], context: Context) -> str:
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


def _queried(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """The project's terms that queries use and nothing defines, and its IRIs that are not described."""
    known = (GP, *context.starts)
    for document in documents:
        if document.path.suffix != ".rq":
            continue
        namespaces = {prefix: namespace.text for prefix, namespace in prefixes(document.text).items()}
        for token in tokens(document.text):
            local = token.text.partition(":")[2]
            iri = token.text[1:-1] if token.kind == "iri" else namespaces.get(token.prefix, "") + local
            if token.kind not in ("iri", "name"):
                continue
            if (
                not iri.startswith(known)
                or iri in known
                or iri in namespaces.values()
                or f"<{iri}>" in context.described
            ):
                continue
            location = Location(document.name, *place(document.text, token.start))
            code, start = ("GP011", (GP,)) if iri.startswith(GP) else ("GP013", context.starts)
            unknown = finding(
                code,
                location,
                context.words,
                term=context.name(NamedNode(iri)),
                near=_nearest(iri, context.names(start), context),
                home=_ONTOLOGY,
            )
            yield replace(unknown, result=Result(statement=Text(context.name(NamedNode(iri)))))


def _undescribed(documents: Sequence[Document], context: Context) -> Iterator[Finding]:
    """The project's IRIs that are not described."""
    missing = (text for text in context.objects - context.described if text.startswith(context.starts, 1))
    suspects = {NamedNode(text[1:-1]) for text in missing if text[0] == "<"}
    for document in documents if suspects else ():
        for triple in mentioning(document.triples, suspects):
            value = triple.object
            if isinstance(value, NamedNode) and value in suspects:
                near = _nearest(value.value, context.names(context.starts), context)
                yield _about("GP013", triple, value, context, near=near)


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
                quoted.append([text_of(triple.object) for triple in (*numbers[:1], *words[:1])])
        if all(
            len(fragment) == 2 and fragment[0].isdecimal() for fragment in quoted
        ):  # else the shapes report what is missing
            text = "".join(words for _, words in sorted((int(number), words) for number, words in quoted))
            if sha256(_BARE.sub("", text).encode()).hexdigest() != text_of(checksum.object):
                yield _about("GP015", checksum, source, context)


def _contradictions(graph: Sequence[Document], ontology: Collection[int], context: Context) -> Iterator[Finding]:
    """What the sentences that a resource cites do not bear out, and what the data set says otherwise; ``ontology`` are
    the identities of the documents that are no data."""
    # Files that are given come first, and of two that contradict one another theirs is the one to fix.
    statements = merged([document.triples for document in reversed(graph)])
    data = merged([document.triples for document in graph if id(document) not in ontology])
    for found in chain(contradictions(statements), departures(data)):
        related = []
        if found.against is not None:
            label = _("it is held against this statement")
            related.append(Related(context.source_map.of(*found.against), label))
        gaps = {key: gap if isinstance(gap, str) else context.name(gap) for key, gap in found.gaps.items()}
        yield _about(found.code, found.triple, found.term, context, related=related, **gaps)


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
    described = {
        triple.subject
        for document in graph
        for triple in mentioning(document.triples, {_DATA_SET})
        if triple.object == _DATA_SET
    }
    sets = [triple for triple in about if triple.subject in described]
    issue = max(sets, key=lambda triple: text_of(triple.object), default=None)
    issued = "" if issue is None else text_of(issue.object)[:4]
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
            label = _("the data set was issued on {date}", date=text_of(issue.object))
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
