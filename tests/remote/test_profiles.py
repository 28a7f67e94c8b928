"""Where a store has its addresses: by what it answers, or as it is said to be."""

from collections.abc import Iterator

import pytest

from faults import Fault, Proxy, proxying
from ghent_partnerships.errors import UsageError
from ghent_partnerships.remote import http
from ghent_partnerships.remote.http import Access
from ghent_partnerships.remote.pushing.profiles import Addresses, addresses


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with proxying("http://127.0.0.1:1") as proxy:
        yield proxy


@pytest.mark.parametrize(
    ("headers", "path", "query", "update", "graphs"),
    [
        (("Server", "Virtuoso/07.20 (Linux)"), "", "sparql", "sparql-auth", "sparql-graph-crud-auth"),
        (("Server", "Virtuoso/07.20 (Linux)"), "sparql", "sparql", "sparql-auth", "sparql-graph-crud-auth"),
        (("Server", "Oxigraph/0.5.3"), "", "query", "update", "store?no_transaction"),
        (("Server", "Oxigraph/0.5.3"), "city/query", "city/query", "city/update", "city/store?no_transaction"),
        (("Server", "Apache Jena Fuseki (5.2.0)"), "ds", "ds/query", "ds/update", "ds/data"),
        (("Fuseki-Request-Id", "3"), "ds/sparql", "ds/query", "ds/update", "ds/data"),
        (
            ("Server", "GraphDB/10.8.0 RDF4J/4.3"),
            "repositories/city",
            "repositories/city",
            "repositories/city/statements",
            "repositories/city/rdf-graphs/service",
        ),
    ],
    ids=lambda value: str(value),
)
@pytest.mark.parametrize("status", [200, 401, 404])
def test_a_store_is_known_by_its_headers(
    headers: tuple[str, str], path: str, query: str, update: str, graphs: str, status: int, proxy: Proxy
) -> None:
    proxy.fault = lambda _request: Fault(status, (headers,), b"a page")
    found = addresses(f"{proxy.address}/{path}", Access())
    assert found == Addresses(*(f"{proxy.address}/{each}" for each in (query, update, graphs)))


def test_what_is_given_counts_before_what_is_known(proxy: Proxy) -> None:
    proxy.fault = lambda _request: Fault(200, (("Server", "Oxigraph/0.5.3"),))
    base = proxy.address
    found = addresses(base, Access(), given={"update": f"{base}/write", "query": ""})
    assert found == Addresses(f"{base}/query", f"{base}/write", f"{base}/store?no_transaction")
    asked = len(proxy.requests)
    assert addresses(base, Access(), profile="virtuoso").update == f"{base}/sparql-auth"
    assert addresses(f"{base}/x", Access(), profile="graphs") == Addresses("", "", f"{base}/x")
    every = {name: f"{base}/{name}" for name in Addresses._fields}
    assert addresses(base, Access(), given=every) == Addresses(**every)
    assert len(proxy.requests) == asked, "nobody has to be asked"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "the server asks for credentials; give them in the environment or in netrc: “401 Unauthorized: no"),
        (403, "the server refuses: “403 Forbidden: not now”"),
        (429, "the server refuses: “429 Too Many Requests: not now”"),
        (500, "the server refuses: “500 Internal Server Error: not now”"),
    ],
)
def test_a_store_that_refuses_is_not_one_that_nobody_knows(
    status: int, words: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_FIRST_PAUSE", 0.001)
    proxy.fault = lambda _request: Fault(status, body=b"<html><title>x</title><p>not <b>now</b>")
    with pytest.raises(UsageError, match=words.replace("not now", "not: now")):
        addresses(proxy.address, Access())


def test_a_store_that_nobody_knows_has_to_be_named(proxy: Proxy) -> None:
    proxy.fault = lambda _request: Fault(200, (("Server", "Custom/1"),))
    with pytest.raises(UsageError, match="its Server header is “Custom/1”"):
        addresses(proxy.address, Access())
    with pytest.raises(UsageError, match="at another host than http"):
        addresses(proxy.address, Access(), given={"update": "http://example.org/update"})
