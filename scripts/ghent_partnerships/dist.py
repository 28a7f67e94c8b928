"""What ``publish`` promises and a server relies on: the media types of the files, the headers of every answer, and a
file that says what else the server and the scripts of the pages need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SITE = "site.json"  # what ``Site`` says, as JSON
CHECKSUMS = "SHA256SUMS"  # the list of the files, each with its digest
TYPES = {  # by the ending of a file; those that are text are in UTF-8
    "atom": "application/atom+xml",
    "css": "text/css",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "png": "image/png",
    "rdf": "application/rdf+xml",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "ttl": "text/turtle",
    "wasm": "application/wasm",
    "xml": "application/xml",
}
API, DESCRIPTION = "api", "openapi.json"  # what the paths of the API begin with, and what describes them
YEAR = "year"  # the format, in that description, of a number that is a year of four digits
PAGE = 1_000  # rows of an answer, or fewer, are a page of it
RECONCILE = "reconcile"  # where a server matches names, below the address of the site,
RECONCILIATION = "reconciliation.json"  # with what is in this file, where a project has what can be matched
EMBEDDED = "embed"  # the page, without an ending, that pages of others may show within them,
PREVIEWS = "preview"  # and the folder of those that they may; no other may they
PREVIEW_SIZE = 420, 260  # the width and height in pixels of the frame that a preview is made for
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
HEADERS = {  # of every answer
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": f"{_POLICY}'none'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
HEADERS_EMBEDDED = {"Content-Security-Policy": f"{_POLICY}*"}  # in the place of the others of that name


def is_embeddable(path: str) -> bool:
    """Whether pages of others may show a page, given by its path without an ending.

    >>> [is_embeddable(path) for path in ("embed", "preview/city/ghent", "doc/city/ghent")]
    [True, True, False]
    """
    return path == EMBEDDED or path.startswith(f"{PREVIEWS}/")


class Site(NamedTuple):
    """What the file says of the site, each part under its name.

    ``base`` is what the IRIs of the descriptions start with, ``dataset`` the IRI of the data set, and ``endpoint`` the
    IRI that stands for whatever address queries are asked at. What the IRI of a resource has behind one of the
    ``bases`` is what its document has behind ``doc/``; ``documents`` are the paths of others, without an ending, by
    their IRIs. ``vocabulary`` is the IRI of the ontology where its page is a part of the site, else empty. ``stem``
    begins the names of the files of the whole graph. ``prefixes`` are namespaces by name, ``languages`` those of the
    pages, the one first whose files have no language in their names, ``title`` and ``licence`` those of the data set,
    and ``issued`` its day. ``retired`` are the documents of IRIs that are out of use, with the IRI that took the place
    of each or null, and ``versions`` the documents by the paths below the base that the IRIs of their versions have,
    and in a plain project those of its resources.
    """

    base: str
    dataset: str
    endpoint: str
    bases: tuple[str, ...]
    documents: Mapping[str, str]
    vocabulary: str
    stem: str
    prefixes: Mapping[str, str]
    languages: tuple[str, ...]
    title: Mapping[str, str]
    licence: str
    issued: str
    retired: Mapping[str, str | None]
    versions: Mapping[str, str]
