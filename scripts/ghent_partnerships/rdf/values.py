"""Literals that are written in different ways and have the same value, as they come back from stores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from .namespaces import PREFIXES

WKT = NamedNode(PREFIXES["geosparql"] + "wktLiteral")
VIRTUOSO_WKT = NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")  # what Virtuoso makes of it
_FRACTION = re.compile(r"\.[0-9]++")


def rewritten(stated: Iterable[Triple], found: Iterable[Triple]) -> dict[Triple, Triple]:
    """Of the triples that are only found, those that are stated too, with the same value in another lexical form: each
    with the stated triple.

    >>> subject, predicate = NamedNode("urn:s"), NamedNode("urn:p")
    >>> number = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> first, second = (Triple(subject, predicate, Literal(form, datatype=number)) for form in ("1.50", "1.5"))
    >>> rewritten([first], [second]) == {second: first}
    True
    """
    here, there = set(stated), set(found)
    only_stated = dict(zip(keys(missing := list(here - there)), missing, strict=True))
    only_found = list(there - here)
    pairs = zip(only_found, keys(only_found), strict=True)
    return {triple: only_stated[key] for triple, key in pairs if key in only_stated}


def as_stated(stated: Iterable[Triple], found: Iterable[Triple]) -> list[Triple]:
    """The triples that are found; in the place of one whose value is stated in other forms, those that are stated.

    >>> subject, predicate = NamedNode("urn:s"), NamedNode("urn:p")
    >>> boolean = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    >>> first, second = (Triple(subject, predicate, Literal(form, datatype=boolean)) for form in ("1", "true"))
    >>> as_stated([first, second], [second]) == [second, first]
    True
    """
    here, there = dict.fromkeys(stated), dict.fromkeys(found)
    missing = [triple for triple in here if triple not in there]
    places = {(triple.subject, triple.predicate) for triple in missing}
    near = [triple for triple in there if (triple.subject, triple.predicate) in places]
    wanted, known = keys(missing), keys(near)
    asked, meant = {*wanted}, {*known}
    replaced = {triple for triple, key in zip(near, known, strict=True) if key in asked and triple not in here}
    return [
        *(triple for triple in there if triple not in replaced),
        *(triple for triple, key in zip(missing, wanted, strict=True) if key in meant),
    ]


def keys(triples: Collection[Triple]) -> list[tuple[object, object, object]]:
    """The triples, each with its value in the form in which Oxigraph keeps it, which all that mean the same have."""
    store, places = Store(), [NamedNode(f"urn:{number}") for number in range(len(triples))]
    store.bulk_extend(Quad(place, place, triple.object) for place, triple in zip(places, triples, strict=True))
    kept = {quad.subject: quad.object for quad in store}
    return [
        (triple.subject, triple.predicate, _plain(kept[place])) for place, triple in zip(places, triples, strict=True)
    ]


def _plain(value: object) -> object:
    """The value, of a geometry without spaces and zeros that say nothing."""
    if not isinstance(value, Literal) or value.datatype not in (WKT, VIRTUOSO_WKT):
        return value
    text = _FRACTION.sub(lambda digits: digits[0].rstrip("0").rstrip("."), " ".join(value.value.split()))
    for mark in "(),":
        text = text.replace(f" {mark}", mark).replace(f"{mark} ", mark)
    return Literal(text.upper(), datatype=WKT)
