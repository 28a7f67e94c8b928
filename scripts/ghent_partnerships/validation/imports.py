"""What other people's graphs import: ``owl:imports`` of files that are here; of others only where that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from pyoxigraph import NamedNode

from ..errors import UsageError
from ..files import STANDARD_INPUT
from ..rdf import parse
from ..rdf.contexts import Load, file_beside, folders_of
from ..rdf.encoded import with_predicate
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..rdf.turtle import TYPE
from ..text import Text, quoted
from ..translation import message as _
from .rule_words import finding

_IMPORTS = NamedNode(PREFIXES["owl"] + "imports")
_ONTOLOGY, _TYPE = NamedNode(PREFIXES["owl"] + "Ontology"), NamedNode(TYPE)
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
    """What documents import and what contexts they refer to, each address read once.

    ``read`` gives the content of a file. The ``folders`` are those that were given: a context in one of them may be
    referred to from another, beside those that every document may refer to.
    """

    def __init__(self, read: Callable[[Path], bytes], *, allow_network: bool, folders: Sequence[Path] = ()) -> None:
        self._known: dict[str, Document | UsageError] = {}
        self._fetched: dict[str, tuple[bytes, str, str] | UsageError] = {}
        self._read, self._allow_network, self._folders = read, allow_network, [folder.resolve() for folder in folders]

    def document(self, file: Path) -> Document:
        """Return the document of a file, which is known from then on."""
        content = self._read(file)
        if file == STANDARD_INPUT:
            document = parse.standard_input(content, self._context("", [Path.cwd()]))
        else:
            document = parse.parse(file, content, load=self._context("file:", folders_of(file)))
        self._known[document.base] = document
        return document

    def followed(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents and all that they import, each once; an import that is left out becomes a finding of the
        document, at its ``owl:imports`` statement."""
        every = list(documents)
        seen = {document.base for document in documents}
        for document in every:
            for statement in with_predicate(document.triples, _IMPORTS):
                wanted = statement.object
                if not isinstance(wanted, NamedNode) or (address := urldefrag(wanted.value)[0]) in seen:
                    continue
                seen.add(address)
                try:
                    imported = self._imported(address, document)
                except UsageError as error:
                    location = SourceMap([document], []).of(*statement)
                    reason = error.text.map(lambda text: text.partition(": ")[2])
                    document.findings.append(finding("GP006", location, term=f"<{address}>", reason=reason))
                    continue
                if imported.base == address or imported.base not in seen:  # else another address led to it
                    seen.add(imported.base)
                    every.append(imported)
        return every

    def _imported(self, address: str, importer: Document) -> Document:
        if address.startswith("file:") and not importer.base.startswith("file:"):
            raise UsageError(_from_the_web(address))
        if address not in self._known and (given := self._ontologies().get(address)) is not None:
            return given
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

    def _ontologies(self) -> dict[str, Document]:
        """The documents by the ontologies that they say they are."""
        documents = [known for known in self._known.values() if isinstance(known, Document)]
        return {
            triple.subject.value: document
            for document in reversed(documents)
            for triple in with_predicate(document.triples, _TYPE)
            if triple.object == _ONTOLOGY and isinstance(triple.subject, NamedNode)
        }

    def _loaded(self, address: str) -> Document:
        parts = urlsplit(address)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            path = Path(unquote(parts.path))
            known = self._known.get(path.resolve().as_uri())
            return known if isinstance(known, Document) else self.document(path)
        data, media_type, found_at = self._found(address)
        suffix = _SUFFIXES.get(media_type) or Path(urlsplit(found_at).path).suffix
        load = self._context(found_at, [])
        return parse.parse(Path(f"imported{suffix}"), data, name=address, base=found_at, load=load)

    def _found(self, address: str) -> tuple[bytes, str, str]:
        """What is on the web at an address, as ``_fetched`` has it."""
        if urlsplit(address).scheme not in ("http", "https"):
            raise UsageError(_("{address}: neither a file nor on the web", address=address))
        if not self._allow_network:
            raise UsageError(_("{address}: not fetched without --allow-network", address=address))
        if address not in self._fetched:
            try:
                self._fetched[address] = _fetched(address)
            except UsageError as error:
                self._fetched[address] = error
        found = self._fetched[address]
        if isinstance(found, UsageError):
            raise found
        return found

    def _context(self, base: str, folders: Sequence[Path]) -> Load:
        """What reads the contexts that a document with a base and in these folders refers to."""

        def load(address: str) -> bytes:
            if not address.startswith("file:"):
                return self._found(address)[0]
            if base.startswith(("http:", "https:")):
                raise UsageError(_from_the_web(address))
            return file_beside(address, [*folders, *self._folders], self._read)

        return load


def _from_the_web(address: str) -> Text:
    return _("{address}: a file that is here, which nothing on the web may import", address=address)


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
        raise UsageError(
            _("{address}: cannot be fetched: {reason}", address=address, reason=quoted(str(error)))
        ) from error
    if len(data) > _LARGEST:
        raise UsageError(_("{address}: larger than {most:,} bytes", address=address, most=_LARGEST))
    return data, media_type, found_at
