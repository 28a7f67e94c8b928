"""A graph in every RDF format: Turtle, N-Triples, JSON-LD, RDF/XML; and named graphs as TriG and N-Quads.

The bytes depend on the triples alone: everything is sorted, and blank nodes are named by RDF Dataset Canonicalization
(https://www.w3.org/TR/rdf-canon/).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

import pyoxigraph
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, RdfFormat, Triple

from ..process import CrashedError, isolated
from ..translation import message as _
from . import jsonld, rdf_xml
from .namespaces import PREFIXES
from .turtle import OLDER, TYPE, About, Node, Statements, UnwritableError, Writer, by_subject, published

File = tuple[str, bytes]
_SECONDS = 10  # to label blank nodes that look alike; the project's graph takes milliseconds
_is_name = lru_cache(1_000)(rdf_xml.is_name)  # the project's graph has a few hundred
Part = Callable[[str, str], str]  # the named graph of a statement, all by their IRIs: of its subject, its predicate


def graph(path: str, triples: Sequence[Triple], context: jsonld.Context, about: str | None = None) -> Iterator[File]:
    """The triples as Turtle, N-Triples, JSON-LD and RDF/XML, each with its path (``path`` and an ending) and its bytes.

    The JSON-LD is a document about the resource whose IRI is ``about``, if it is given; the prefixes are those of the
    context.

    Raises:
        UnwritableError: a format has no place for a triple, or too many blank nodes look alike.
    """
    ordered = sorted(labelled(triples), key=str)
    statements = by_subject(ordered)
    yield f"{path}.ttl", published(statements, context.prefixes).encode()
    yield f"{path}.nt", in_format(ordered, RdfFormat.N_TRIPLES)
    yield f"{path}.jsonld", jsonld.write(statements, context, about)
    yield f"{path}.rdf", as_rdf_xml(ordered, statements, context.prefixes)


def dataset(path: str, triples: Iterable[Triple], context: jsonld.Context, part: Part) -> Iterator[File]:
    """Triples without blank nodes in the four formats of a graph, and, in the named graphs that ``part`` puts them in,
    as TriG and N-Quads.

    Raises:
        UnwritableError: a format has no place for a triple.
    """
    ordered = sorted(triples, key=str)
    statements = by_subject(ordered)
    writer = Writer(statements, context.prefixes, directive=OLDER)
    yield f"{path}.ttl", writer.turtle().encode()
    names = [part(subject.value, predicate) for subject, about in statements.items() for predicate in about]
    yield f"{path}.trig", writer.trig(_divided(statements, names)).encode()
    lines = in_format(ordered, RdfFormat.N_TRIPLES)
    yield f"{path}.nt", lines
    yield f"{path}.nq", _n_quads(lines, statements, names)
    yield f"{path}.jsonld", jsonld.write(statements, context)
    yield f"{path}.rdf", as_rdf_xml(ordered, statements, context.prefixes)


def documents(
    about: Mapping[str, Sequence[Triple]], context: jsonld.Context, document: Callable[[str], str]
) -> Iterator[File]:
    """The document of each of the ``resources`` in four formats: the statements about it and about its parts. The
    ``document`` of an IRI is the path of that, without an ending.

    Raises:
        UnwritableError: as for ``graph``.
    """
    for iri, statements in about.items():
        yield from graph(document(iri), statements, context, iri)


def resources(triples: Iterable[Triple], bases: tuple[str, ...]) -> dict[str, list[Triple]]:
    """The statements about each resource whose IRI starts with one of the bases, by this IRI, in order: also those
    about the blank nodes below it, and about what is named by a fragment of the IRI."""
    about: dict[str, list[Triple]] = {}
    for triple in triples:
        subject = triple.subject
        key = str(subject) if isinstance(subject, BlankNode) else subject.value.partition("#")[0]  # type: ignore[union-attr]
        about.setdefault(key, []).append(triple)
    found = {}
    for iri in sorted(key for key in about if key.startswith(bases) and not key.startswith("_:")):
        statements: list[Triple] = []
        reached, known = [iri], {iri}
        for key in reached:
            for triple in about.get(key, ()):
                statements.append(triple)
                if isinstance(triple.object, BlankNode) and (below := str(triple.object)) not in known:
                    known.add(below)
                    reached.append(below)
        found[iri] = statements
    return found


def _divided(statements: Statements, names: Iterable[str]) -> dict[str, dict[Node, About]]:
    """The statements by their named graphs; the names are of each subject's predicates in turn."""
    graphs: dict[str, dict[Node, About]] = {}
    in_turn = iter(names)
    for subject, about in statements.items():
        parts: dict[str, dict[str, Sequence[Node | Literal]]] = {}
        for predicate, values in about.items():
            parts.setdefault(next(in_turn), {})[predicate] = values
        for name, part in parts.items():
            graphs.setdefault(name, {})[subject] = part if len(parts) > 1 else about
    return graphs


def _n_quads(lines: bytes, statements: Statements, names: Sequence[str]) -> bytes:
    """The N-Triples, whose order is that of the statements, each with its named graph before the full stop."""
    end = {name: f"<{name}> .\n".encode() for name in set(names)}
    several = (values for about in statements.values() for values in about.values())
    ends = chain.from_iterable([end[name]] * len(values) for name, values in zip(names, several, strict=True))
    return b"".join(chain.from_iterable(zip(lines.split(b".\n"), ends, strict=False)))


def as_rdf_xml(ordered: Sequence[Triple], statements: Statements, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The statements, which are also the triples in order, as RDF/XML, in UTF-8, with those of the prefixes that it
    uses.

    Raises:
        UnwritableError: RDF/XML has no place for one of them.
    """
    predicates = {predicate for about in statements.values() for predicate in about}
    classes = {kind.value for about in statements.values() for kind in about.get(TYPE, ())}
    used = {name: iri for name, iri in prefixes.items() if any(predicate.startswith(iri) for predicate in predicates)}
    named = all(map(_is_name, predicates | classes))
    return rdf_xml.serialize(ordered if named else rdf_xml.expressible(ordered), used)


def in_format(
    triples: Iterable[Triple],
    rdf_format: RdfFormat,
    output: io.BytesIO | None = None,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return the triples in a format, in their order, as UTF-8.

    ``output`` is where Oxigraph writes, for a caller that bounds it; ``prefixes`` (name to namespace) are for Turtle.

    Raises:
        UnwritableError: RDF/XML has no place for one of them.
    """
    if rdf_format == RdfFormat.RDF_XML:
        return rdf_xml.serialize(rdf_xml.expressible(triples), output=output)
    written = io.BytesIO() if output is None else output
    pyoxigraph.serialize(
        triples, written, rdf_format, prefixes=dict(prefixes) if rdf_format == RdfFormat.TURTLE else None
    )
    return written.getvalue()


def labelled(triples: Sequence[Triple]) -> Sequence[Triple]:
    """The triples, their blank nodes labelled by RDFC-1.0, and then in another order; as they are without blank nodes.

    Raises:
        UnwritableError: too many of them look alike. Telling these apart can take exponential time.
    """
    if not has_blank_nodes(triples):
        return triples
    if not _alike(triples):
        return canonical(triples)
    try:
        return isolated(lambda: canonical(triples), _SECONDS)
    except (TimeoutError, CrashedError) as error:
        raise UnwritableError(_("too many blank nodes look alike; give some of them IRIs")) from error


def in_order(triples: list[Triple]) -> list[Triple]:
    """The triples as they are; with blank nodes, which parsers label at random, in an order and with labels that follow
    from the graph.

    Raises:
        UnwritableError: as for ``labelled``.
    """
    return sorted(labelled(triples), key=str) if has_blank_nodes(triples) else triples


def _alike(triples: Sequence[Triple]) -> bool:
    """Whether any two blank nodes have the same statements, but for the blank nodes in these."""
    statements: dict[BlankNode, list[tuple[str, ...]]] = {}
    for triple in triples:
        for node in {triple.subject, triple.object}:
            if isinstance(node, BlankNode):
                terms = (
                    "self" if term == node else "_" if isinstance(term, BlankNode) else str(term) for term in triple
                )
                statements.setdefault(node, []).append(tuple(terms))
    return len({tuple(sorted(about)) for about in statements.values()}) < len(statements)


def has_blank_nodes(triples: Iterable[Triple]) -> bool:
    """Whether a blank node is the subject or the object of a triple."""
    return any(isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode) for triple in triples)


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples, in any order, their blank nodes labelled by RDFC-1.0, which can take exponential time."""
    quads = pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in triples)
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in quads]
