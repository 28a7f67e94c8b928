"""Put a graph into a store of the tests."""

import urllib.parse
import urllib.request

from stores import PASSWORD, USER, Store

TYPES = {
    "nt": "text/plain",
    "nq": "application/n-quads",
    "ttl": "text/turtle",
}  # Virtuoso takes N-Triples as plain text


def load(store: Store, content: bytes, kind: str = "nt", graph: str = "") -> None:
    """Put the content into a named graph, in the place of what is there; without a name into the default graph, or of
    N-Quads into the graphs that they name."""
    known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, store.address, USER, PASSWORD)
    opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(known))
    named = f"graph{'-uri' if store.authenticated else ''}={urllib.parse.quote(graph, safe='')}"
    url = store.graphs if kind == "nq" else f"{store.graphs}?{named if graph else 'default'}"
    media_type = "application/n-triples" if kind == "nt" and not store.authenticated else TYPES[kind]
    method = "POST" if kind == "nq" else "PUT"
    request = urllib.request.Request(url, content, {"Content-Type": media_type}, method=method)
    with opener.open(request, timeout=60) as answer:
        assert answer.status < 300, answer.read()
