"""What a client would rather have: media types, languages and codings, by their weights (RFC 9110, section 12).

Headers are read element by element, so that one that cannot be read drops itself and not the header; who sends a header
of which nothing can be read gets what is offered first. What was decided is remembered by the hash of the header, which
Python keys at random: nothing that a stranger wrote is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

_KEPT = 4_096  # decisions
_LONGEST = 32 << 10  # characters: as long as all headers may be
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_PARAMETER = re.compile(rf"(?:(?<![ \t])[ \t]++)?+;[ \t]*+(?:({_TOKEN})[ \t]*+=[ \t]*+({_TOKEN}|{_STRING}))?+")
_ELEMENT = re.compile(rf"[ \t]*+({_TOKEN}(?:/{_TOKEN})?+)((?:{_PARAMETER.pattern})*+)[ \t]*+")
_QUOTING = re.compile(rf'(?:[^,"]++|{_STRING})*+')
_WEIGHT = re.compile(r"0(?:\.[0-9]*+)?+|1(?:\.0*+)?+|\.[0-9]++")  # with Java's ".2"
_ALIASES = {  # what older and generic clients call the media types
    "application/ld+json": ("application/json",),
    "application/n-triples": ("text/plain",),  # its media type until 2014
    "application/problem+json": ("application/json",),
    "application/rdf+xml": ("application/xml", "text/xml"),
    "application/sparql-results+json": ("application/json",),
    "application/sparql-results+xml": ("application/xml", "text/xml"),
    "text/turtle": ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
}
_XML, _TURTLE = "application/sparql-results+xml, application/rdf+xml", "text/turtle"
_FORMATS = {  # the media types that are meant by what clients write for a format in an address
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/sparql-results+json, application/ld+json",
    "json-ld": "application/ld+json",
    "jsonld": "application/ld+json",
    "n-triples": "application/n-triples",
    "n3": _TURTLE,
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "rdf": _XML,
    "rdf+xml": _XML,
    "tsv": "text/tab-separated-values",
    "ttl": _TURTLE,
    "turtle": _TURTLE,
    "xml": _XML,
}
Weights = Mapping[str, tuple[float, int]]  # by what is named: how much it is liked, and how late it is named
Offers = TypeVarTuple("Offers")
Decision = TypeVar("Decision")


def _remembered(decide: Callable[[str | None, *Offers], Decision]) -> Callable[[str | None, *Offers], Decision]:
    known: dict[tuple[object, ...], Decision] = {}

    @wraps(decide)
    def decided(header: str | None, *offers: *Offers) -> Decision:
        key = (hash(header), *offers)
        if key in known:
            return known[key]
        if len(known) >= _KEPT:
            known.clear()
        known[key] = decision = decide(header, *offers)
        return decision

    return decided


@_remembered
def media_type(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that the client prefers (RFC 9110, section 12.5.1), of equals the one that it names first, of those the
    first; None if it accepts none. Parameters other than the weight do not matter: the formats are the same without."""
    weights = {name: weight for name, weight in _weights(accept or "").items() if "/" in name or name == "*"}
    if not weights:
        return offers[0]
    best, liked = None, (0.0, 0)
    for offer, names, ranges in _names(offers):
        if (weight := _of(weights, offer, names, ranges)) is not None and weight[0] > 0 and weight > liked:
            best, liked = offer, weight
    return best


@_remembered
def language(accept: str | None, offers: tuple[str, ...]) -> str:
    """The offer that the client reads best; the first if it reads none, since a text that one can have translated
    beats none."""
    if accept is None or not (weights := _weights(accept)):
        return offers[0]
    rest = weights.get("*", (0.0, -len(weights)))

    def liked(offer: str) -> tuple[float, int]:
        regional = [weight for tag, weight in weights.items() if tag.startswith(f"{offer}-")]
        weight = weights.get(offer) or max(regional, default=rest)
        return weight if weight is rest or weight[0] else (-1.0, 0)  # what is refused comes last

    return max(offers, key=liked)


@_remembered
def takes_gzip(accept: str | None) -> bool:
    """Whether the client likes gzip at least as well as no coding; without a header it gets none."""
    if accept is None or not (weights := _weights(accept)):
        return False
    rest = weights.get("*", (0.0, 0))
    gzip = weights.get("gzip", weights.get("x-gzip", rest))[0]
    return gzip > 0 and gzip >= weights.get("identity", rest)[0]


def preferring(accept: str | None, names: Iterable[str]) -> str | None:
    """The header Accept of a client that names a format in the query string, as ``format=csv``: that before all else.
    An unknown name is ignored."""
    for name in names:
        output_format = name.strip().lower()
        types = _FORMATS.get(output_format)
        if types is None and "/" in output_format:
            types = output_format.replace(" ", "+")  # a plus sign reads as a space
        if types is not None:
            return f"{types}, {'*/*' if accept is None else accept}"
    return accept


def elements(header: str) -> Iterable[str]:
    """The elements of a list in a header (RFC 9110, section 5.6.1). A comma within quotes separates none, unless the
    quotes have no end."""
    if '"' not in header:
        return header.split(",")
    complete: list[str] = []
    at = 0
    while True:
        match = _QUOTING.match(header, at)
        assert match is not None
        if match.end() < len(header) and header[match.end()] == '"':
            return [*complete, *header[at:].split(",")]
        complete.append(match[0])
        if match.end() == len(header):
            return complete
        at = match.end() + 1


def _weights(header: str) -> Weights:
    weights: dict[str, tuple[float, int]] = {}
    if len(header) > _LONGEST:
        return weights
    for number, element in enumerate(elements(header)):
        if (match := _ELEMENT.fullmatch(element)) is None:
            continue
        name, weight = match[1].lower(), 1.0
        if match[2]:
            given = next(
                (parameter[2] for parameter in _PARAMETER.finditer(match[2]) if parameter[1] in ("q", "Q")), "1"
            )
            if not _WEIGHT.fullmatch(given):
                continue
            weight = float(given)
        if name not in weights or weights[name][0] < weight:
            weights[name] = (weight, -number)
    return weights


@lru_cache(64)
def _names(offers: tuple[str, ...]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Each offer, what else it is called unless that is another offer, and the ranges that it is in, the narrowest
    first. A lone asterisk is what Java sends."""
    return [
        (
            offer,
            tuple(name for name in _ALIASES.get(offer, ()) if name not in offers),
            (f"{offer.partition('/')[0]}/*", "*/*", "*"),
        )
        for offer in offers
    ]


def _of(weights: Weights, offer: str, names: tuple[str, ...], ranges: tuple[str, ...]) -> tuple[float, int] | None:
    """The weight of an offer: that of its name or of its aliases, or else of the narrowest range."""
    weight = weights.get(offer)
    if weight is not None and weight[0] == 0:
        return weight
    others = [weights[name] for name in names if name in weights]
    if weight is not None or others:
        return max(others if weight is None else [weight, *others])
    return next((weights[media_range] for media_range in ranges if media_range in weights), None)
