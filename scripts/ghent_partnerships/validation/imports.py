"""What other people's graphs import: ``owl:imports`` of files that are here; of others only where that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def with_imports(
    documents: Sequence[Document], read: Callable[[Path], bytes], *, allow_network: bool
) -> list[Document]:
    """The documents and all that they import, each once; what is left out is a finding, at the statement.

    ``read`` gives the content of a file.
    """
    every = list(documents)
    seen = {document.path.resolve().as_uri() for document in documents}
    for document in every:
        for statement in [triple for triple in document.triples if triple.predicate == _IMPORTS]:
            wanted = statement.object
            if not isinstance(wanted, NamedNode) or (address := urldefrag(wanted.value)[0]) in seen:
                continue
            seen.add(address)
            try:
                imported = _imported(address, document, read, allow_network=allow_network)
            except UsageError as error:
                name, line, column = SourceMap([document], []).of(*statement)
                document.findings.append(
                    finding("GP006", (name, line, column), term=f"<{address}>", reason=str(error).partition(": ")[2])
                )
                continue
            if imported.base == address or imported.base not in seen:  # else another address led to it
                seen.add(imported.base)
                every.append(imported)
    return every


def _imported(address: str, importer: Document, read: Callable[[Path], bytes], *, allow_network: bool) -> Document:
    parts = urlsplit(address)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        if not importer.base.startswith("file:"):
            raise UsageError(f"{address}: a file that is here, which nothing on the web may import")
        path = Path(unquote(parts.path))
        return parse.parse(path, read(path))
    if parts.scheme not in ("http", "https"):
        raise UsageError(_("{address}: neither a file nor on the web", address=address))
    if not allow_network:
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
