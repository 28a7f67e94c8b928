"""The test manifests of the W3C: what is to be done with which file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

_ENTRIES = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?type ?action ?result {
    ?manifest mf:entries/rdf:rest*/rdf:first ?case . ?case rdf:type ?type ; mf:action ?action .
    OPTIONAL { ?case mf:result ?result }
}"""


@dataclass(frozen=True)
class Case:
    """One case: the kind that the manifest gives it, its file, the address of that, and the file of its result."""

    kind: str
    file: Path
    base: str
    result: Path | None


def cases(folder: Path, base: str) -> Iterator[Case]:
    """The cases of a folder, whose files have the base as their address."""
    store = Store()
    store.load(path=folder / "manifest.ttl", format=RdfFormat.TURTLE, base_iri=base)
    for row in store.query(_ENTRIES):  # type: ignore[union-attr]
        kind, action, result = row["type"], row["action"], row["result"]  # type: ignore[index]
        expected = folder / result.value.removeprefix(base) if isinstance(result, NamedNode) else None
        yield Case(kind.value.partition("#")[2], folder / action.value.removeprefix(base), action.value, expected)
