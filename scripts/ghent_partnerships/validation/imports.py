"""What other people's graphs import: ``owl:imports`` of files that are here; of others only where that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from pyoxigraph import NamedNode

from ..errors import UsageError
from ..rdf import parse
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..translation import message as _
from .rules import finding

_IMPORTS = NamedNode(PREFIXES["owl"] + "imports")
_SUFFIXES = {
    "text/turtle": ".ttl",
    "application/trig": ".trig",
    "application/n-triples": ".nt",
    "application/n-quads": ".nq",
    "application/ld+json": ".jsonld",
    "application/rdf+xml": ".rdf",
}
_LARGEST, _SECONDS = 50_000_000, 30


class Imports:
    """What documents import, each address read once.

    ``documents`` are those that are read already, and ``read`` gives the content of another file.
    """

    def __init__(self, documents: Iterable[Document], read: Callable[[Path], bytes], *, allow_network: bool) -> None:
        self._known: dict[str, Document | UsageError] = {document.base: document for document in documents}
        self._read, self._allow_network = read, allow_network

    def followed(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents and all that they import, each once; an import that is left out becomes a finding of the
        document, at its ``owl:imports`` statement."""
        every = list(documents)
        seen = {document.base for document in documents}
        for document in every:
            for statement in [triple for triple in document.triples if triple.predicate == _IMPORTS]:
                wanted = statement.object
                if not isinstance(wanted, NamedNode) or (address := urldefrag(wanted.value)[0]) in seen:
                    continue
                seen.add(address)
                try:
                    imported = self._imported(address, document)
                except UsageError as error:
                    location = SourceMap([document], []).of(*statement)
                    reason = str(error).partition(": ")[2]
                    document.findings.append(finding("GP006", location, term=f"<{address}>", reason=reason))
                    continue
                if imported.base == address or imported.base not in seen:  # else another address led to it
                    seen.add(imported.base)
                    every.append(imported)
        return every

    def _imported(self, address: str, importer: Document) -> Document:
        if address.startswith("file:") and not importer.base.startswith("file:"):
            raise UsageError(_("{address}: a file that is here, which nothing on the web may import", address=address))
        if address not in self._known:
            try:
                document = self._loaded(address)
                self._known[address] = self._known.setdefault(document.base, document)
            except UsageError as error:
                self._known[address] = error
        known = self._known[address]
        if isinstance(known, UsageError):
            raise known
        return known

    def _loaded(self, address: str) -> Document:
        parts = urlsplit(address)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            path = Path(unquote(parts.path))
            return parse.parse(path, self._read(path))
        if parts.scheme not in ("http", "https"):
            raise UsageError(_("{address}: neither a file nor on the web", address=address))
        if not self._allow_network:
            raise UsageError(_("{address}: not fetched without --allow-network", address=address))
        data, media_type, found_at = _fetched(address)
        suffix = _SUFFIXES.get(media_type) or Path(urlsplit(found_at).path).suffix
        return parse.parse(Path(f"imported{suffix}"), data, name=address, base=found_at)


def _fetched(address: str) -> tuple[bytes, str, str]:
    """What is at an address, its media type, and the address that it was found at after redirections, which is what
    its relative IRIs are resolved at (RFC 3986, 5.1.3)."""
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    request = Request(address, headers={"Accept": ", ".join(_SUFFIXES), "User-Agent": "ghent-partnerships"})  # noqa: S310
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # http or https, see above
            data = answer.read(_LARGEST + 1)
            media_type, found_at = answer.headers.get_content_type(), urldefrag(answer.url)[0]
    except (OSError, HTTPException, ValueError) as error:
        raise UsageError(_("{address}: cannot be fetched: {reason}", address=address, reason=str(error))) from error
    if len(data) > _LARGEST:
        raise UsageError(_("{address}: larger than {most:,} bytes", address=address, most=_LARGEST))
    return data, media_type, found_at
