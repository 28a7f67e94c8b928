"""The stores that tests ask, and the proxy that breaks what passes."""

import json
import urllib.error
import urllib.parse
import urllib.request
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from faults import CUT, HALF, Fault, proxying
from loading import load
from stores import Comunica, Fuseki, Oxigraph, Store, Virtuoso, running


@pytest.mark.parametrize("kind", [Oxigraph, Virtuoso, Fuseki])
def test_a_store_keeps_what_it_was_given_when_it_is_killed_and_started_again(kind: type[Store], tmp_path: Path) -> None:
    with running(kind(tmp_path / "store")) as store:
        load(store, b"<urn:a> <urn:b> <urn:c> .", "ttl", "urn:g")
        store.kill()
        store.start()
        assert _selected(store.query) == [{"s": "urn:a"}]


def test_comunica_answers_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    with running(Comunica(tmp_path / "store", tmp_path / "data.nt")) as store:
        assert _selected(store.query, "SELECT ?s { ?s <urn:b> ?o }") == [{"s": "urn:a"}]


def test_the_proxy_passes_breaks_and_counts(tmp_path: Path) -> None:
    faults = {1: Fault(429, (("Retry-After", "1"),)), 2: Fault(kind=CUT), 3: Fault(kind=HALF)}
    with running(Oxigraph(tmp_path / "store")) as store, proxying(store.address) as proxy:
        load(store, b"<urn:a> <urn:b> <urn:c> .", "ttl", "urn:g")
        url = proxy.of(store.query)
        proxy.fault = lambda request: faults.get(request.number)
        assert _selected(url) == [{"s": "urn:a"}]
        with pytest.raises(urllib.error.HTTPError) as raised:
            _selected(url)
        with raised.value as refusal:
            assert (refusal.code, refusal.headers["Retry-After"]) == (429, "1")
        with pytest.raises(RemoteDisconnected):
            _selected(url)
        with pytest.raises(IncompleteRead):
            _selected(url)
        assert [request.number for request in proxy.requests] == [0, 1, 2, 3]


def _selected(url: str, query: str = "SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }") -> list[dict[str, str]]:
    asked = urllib.request.Request(f"{url}?{urllib.parse.urlencode({'query': query})}")
    asked.add_header("Accept", "application/sparql-results+json")
    with urllib.request.urlopen(asked, timeout=30) as response:
        rows = json.load(response)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]
