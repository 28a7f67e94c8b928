"""The links between a scheme of concepts and those at its top, which follow from what is stated."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from pyoxigraph import NamedNode, Triple

from .namespaces import PREFIXES

_HAS_TOP, _TOP_OF = (NamedNode(PREFIXES["skos"] + name) for name in ("hasTopConcept", "topConceptOf"))


def top_concepts(triples: Iterable[Triple]) -> list[Triple]:
    """The triples that link each scheme to its top concepts, in both directions: the tools for SKOS begin at
    these. They follow from what is stated, so they are derived when that is published."""
    found = list(triples)
    below: set[object] = {triple.subject for triple in found if triple.predicate.value == PREFIXES["skos"] + "broader"}
    below |= {triple.object for triple in found if triple.predicate.value == PREFIXES["skos"] + "narrower"}
    top = [
        triple
        for triple in found
        if triple.predicate.value == PREFIXES["skos"] + "inScheme" and triple.subject not in below
    ]
    known = set(found)
    derived = chain.from_iterable(
        (Triple(scheme, _HAS_TOP, concept), Triple(concept, _TOP_OF, scheme)) for concept, _, scheme in top
    )
    return [triple for triple in dict.fromkeys(derived) if triple not in known]


def without_top_concepts(triples: Iterable[Triple], stated: Collection[Triple] = ()) -> list[Triple]:
    """The triples without those that ``top_concepts`` derives from the others, but for those that are ``stated``."""
    found = list(triples)
    others = [triple for triple in found if triple.predicate not in (_HAS_TOP, _TOP_OF)]
    derived = set(top_concepts(others)).difference(stated)
    return [triple for triple in found if triple not in derived]
