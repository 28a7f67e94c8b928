"""Where the stores that people run have their query, update and graph addresses, and how to tell which one it is.

Those of Virtuoso and Oxigraph are tested against them; those of Fuseki and GraphDB are as their documentation has it:
https://jena.apache.org/documentation/fuseki2/fuseki-server-protocol.html
https://graphdb.ontotext.com/documentation/10.8/graphdb-rest-api.html
"""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urljoin

from ...errors import UsageError
from ...text import quoted
from ...translation import either
from ...translation import message as _
from ..http import Access, RefusedError, checked, origin, request

_HIDING = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}  # what a store is


class Addresses(NamedTuple):
    """The URLs of a store: of the SPARQL 1.1 Protocol for queries and for updates, and of the Graph Store Protocol; the
    first two are empty where the store has no such."""

    query: str
    update: str
    graphs: str


class _Profile(NamedTuple):
    """A kind of store: what the header ``Server`` begins with, or else a header that only it has; and its paths, from
    the root of the host where they begin with a slash, else behind the URL that was given."""

    server: str
    header: str
    paths: Addresses


VIRTUOSO, OXIGRAPH, FUSEKI, GRAPHDB, GRAPHS = "virtuoso", "oxigraph", "fuseki", "graphdb", "graphs"
_PROFILES = {
    VIRTUOSO: _Profile("virtuoso", "", Addresses("/sparql", "/sparql-auth", "/sparql-graph-crud-auth")),
    OXIGRAPH: _Profile("oxigraph", "", Addresses("query", "update", "store?no_transaction")),  # five times as fast
    FUSEKI: _Profile("apache jena fuseki", "Fuseki-Request-Id", Addresses("query", "update", "data")),
    GRAPHDB: _Profile("graphdb", "", Addresses("", "statements", "rdf-graphs/service")),
    GRAPHS: _Profile("", "", Addresses("", "", "")),  # the Graph Store Protocol alone
}
PROFILES = tuple(_PROFILES)


def addresses(url: str, access: Access, *, profile: str = "", given: Mapping[str, str] | None = None) -> Addresses:
    """The addresses of the store at a URL, by its profile, which the store is asked for where it is not named; those
    ``given``, by the names of the fields, count before it.

    Raises:
        UsageError: no profile fits, or a URL that is given cannot be used, or leads to another host than the first, to
            which the credentials would not go.
    """
    given = {name: checked(value) for name, value in (given or {}).items() if value}
    for other in given.values():
        if origin(other) != origin(url):
            problem = _("{url}: at another host than {store}, whose credentials are not for it", url=other, store=url)
            raise UsageError(problem)
    if not profile and given.keys() == set(Addresses._fields):
        return Addresses(**given)
    profile = profile or _asked(checked(url), access)
    if profile == GRAPHS:
        return Addresses("", "", url)._replace(**given)
    base = f"{url.rstrip('/')}/"
    known = _PROFILES[profile].paths
    for name in ("query", "update", "store", "data", "sparql"):  # of which one may have been given as the URL
        if base.endswith(f"/{name}/") and name in ("sparql", *(path.partition("?")[0] for path in known)):
            base = base.removesuffix(f"{name}/")
    return Addresses(*(urljoin(base, path).rstrip("/") for path in known))._replace(**given)


def _asked(url: str, access: Access) -> str:
    """Which profile a store has, by the headers of its answers.

    Raises:
        UsageError: it cannot be reached, or refuses, or none that is known.
    """
    try:
        headers: Message = request("GET", url, headers={"Accept": "*/*"}, access=access, most=1 << 24).headers
        refused: RefusedError | None = None
    except RefusedError as error:
        refused, headers = error, error.headers
    server = headers.get("Server", "")
    for name, (begins, header, _paths) in _PROFILES.items():
        if (begins and server.lower().startswith(begins)) or (header and header in headers):
            return name
    if refused and (refused.status in _HIDING or refused.status >= HTTPStatus.INTERNAL_SERVER_ERROR):
        raise refused
    problem = _(
        "{url}: not a store that is known (its Server header is {server}); name its --profile, which is {profiles}, or "
        "its --query-url, --update-url and --graphs-url",
        url=url,
        server=quoted(server),
        profiles=either(PROFILES),
    )
    raise UsageError(problem)
