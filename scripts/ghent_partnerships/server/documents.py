"""The published files, in memory as they were compressed, and which of them stand for an address.

The list of checksums is the release: every file is checked against it once, when it is read, and its digest is the
entity tag.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pyoxigraph
from cachetools import LRUCache
from pyoxigraph import NamedNode, RdfFormat

from ..dist import CHECKSUMS, SITE, TYPES, Site
from ..errors import UsageError
from ..files import reason
from ..rdf.namespaces import PREFIXES
from ..text import ending
from ..translation import message as _
from . import negotiation

FORMATS = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")
_QUADS = ("application/trig", "application/n-quads")
_BY_NAME = {
    CHECKSUMS: "text/plain",
    ".well-known/void": "text/turtle",
    "csv-metadata.json": "application/csvm+json",
}
_MORE_TYPES = {"md": "text/markdown", "txt": "text/plain", "gz": "application/gzip"}
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_MISSING = "404"
_KEPT, _LONGEST_KEPT = 64 << 20, 8 << 20  # bytes of decompressed files
_GZIP = 31  # zlib's number for its format


@dataclass(frozen=True)
class File:
    """A published file: its content compressed by gzip, the length and the digest of what that decompresses to."""

    path: str
    compressed: bytes
    size: int
    digest: str

    @cached_property
    def media_type(self) -> str:
        """The media type of the file, without a charset."""
        if self.path.startswith("answers/"):
            return "application/sparql-results+json"
        if self.path in _BY_NAME:
            return _BY_NAME[self.path]
        last = self.path.rpartition(".")[2]
        return TYPES.get(last) or _MORE_TYPES.get(last, "application/octet-stream")


@dataclass(frozen=True)
class Variants:
    """The files that stand for an address without an ending: pages by language, and other formats by media type."""

    stem: str
    pages: Mapping[str, File]
    formats: Mapping[str, File]

    def page(self, accept_language: str | None) -> File:
        """The page in the language that the client reads best, by its header Accept-Language."""
        return self.pages[negotiation.language(accept_language, tuple(self.pages))]

    @cached_property
    def offers(self) -> tuple[str, ...]:
        """The media types that are negotiated, the preferred first. Formats of several graphs are not among them, but
        have addresses with an ending: a client that expects one graph takes the default graph, which is empty in
        them."""
        return (
            *(("text/html",) if self.pages else ()),
            *(media_type for media_type in self.formats if media_type not in _QUADS),
        )


class Documents:
    """The files of a directory that ``publish`` wrote, by their paths, and ``site``, what it says of them.

    Raises:
        UsageError: it is not such a directory, or a file in it was changed since.
    """

    def __init__(self, directory: Path) -> None:
        try:
            listed = (directory / CHECKSUMS).read_bytes()
            self.files = {file.path: file for file in _read(directory, listed)}
        except (FileNotFoundError, NotADirectoryError) as error:
            problem = _(
                "{path}: not a directory that publish wrote, there is no {name} in it; "
                "ghent-partnerships publish {path} writes one",
                path=directory,
                name=Path(str(error.filename)).name,
            )
            raise UsageError(problem) from error
        except OSError as error:
            raise UsageError(_("{path}: cannot be read: {reason}", path=directory, reason=reason(error))) from error
        self._plain: LRUCache[str, bytes] = LRUCache(_KEPT, getsizeof=len)
        self.release = sha256(listed).hexdigest()[:16]
        self.site = self._site(directory)
        if f"{self.site.stem}.nt" not in self.files:
            problem = _("{path}: there is no graph in it; ghent-partnerships publish writes one", path=directory)
            raise UsageError(problem)
        self.licence, self.languages, self.retired = self.site.licence, self.site.languages, self.site.retired
        self.issued = _midnight(self.site.issued)
        self.variants = {variants.stem: variants for variants in self._variants()}
        self.missing = self.variants.pop(_MISSING, None)  # what is shown where there is nothing
        self.versions = {
            path: to
            for path, to in self.site.versions.items()
            if to in self.variants and path not in self.variants and path not in self.files
        }
        self._by_document = {path: iri for iri, path in self.site.documents.items()}

    def _site(self, directory: Path) -> Site:
        """What the file of the site says; what has no file, or another, is of another version of the package."""
        try:
            known = json.loads(self.plain(self.files[SITE]))
            return Site(**{**known, "bases": tuple(known["bases"]), "languages": tuple(known["languages"])})
        except (KeyError, TypeError, ValueError) as error:
            problem = _("{path}: another version of the package published it; publish again", path=directory)
            raise UsageError(problem) from error

    def plain(self, file: File) -> bytes:
        """The content of the file, decompressed."""
        if (content := self._plain.get(file.path)) is None:
            content = zlib.decompress(file.compressed, wbits=_GZIP)
            if len(content) <= _LONGEST_KEPT:
                self._plain[file.path] = content
        return content

    @property
    def graph(self) -> bytes:
        """The graph as N-Quads: each statement in the default graph, and in its named graph."""
        paths = (f"{self.site.stem}.{extension}" for extension in ("nt", "nq"))  # a plain project has no named graphs
        return b"".join(self.plain(self.files[path]) for path in paths if path in self.files)

    def about(self, stem: str) -> tuple[str, list[str]]:
        """The IRI of the resource that a document, such as ``doc/city/ghent``, is about, and those of its classes; the
        first is empty where it is about none."""
        below = [base + stem.removeprefix("doc/") for base in self.site.bases] if stem.startswith("doc/") else []
        candidates = [self._by_document[stem]] if stem in self._by_document else below
        if not candidates or (file := self.files.get(f"{stem}.nt")) is None:
            return "", []
        types: dict[str, list[str]] = {}
        for quad in pyoxigraph.parse(self.plain(file), RdfFormat.N_TRIPLES):
            if isinstance(quad.subject, NamedNode):
                found = types.setdefault(quad.subject.value, [])
                if quad.predicate == _TYPE and isinstance(quad.object, NamedNode):
                    found.append(quad.object.value)
        iri = next((iri for iri in candidates if iri in types), candidates[0])
        return iri, types.get(iri, [])

    def divided(self, path: str) -> tuple[str, str]:
        """A path without its ending, and the ending, which has the language before it if that is not the first: the
        ending of the second page in a folder may be ``fr.html``."""
        stem, _, last = path.rpartition(".")
        for language in self.languages:
            if (before := ending(language, self.languages)) and stem.endswith(before):
                return stem.removesuffix(before), f"{language}.{last}"
        return stem, last

    def language(self, file: File) -> str | None:
        """The language of a page; None where the file is no page."""
        return self._pages.get(self.divided(file.path)[1])

    @cached_property
    def _pages(self) -> dict[str, str]:
        """The languages by the endings of their pages."""
        return {f"{ending(language, self.languages)}.html".removeprefix("."): language for language in self.languages}

    def _variants(self) -> Iterator[Variants]:
        stems: dict[str, dict[str, File]] = {}
        for path, file in self.files.items():
            stem, last = self.divided(path)
            if last in (*self._pages, *FORMATS):
                stems.setdefault(stem, {})[last] = file
        for stem, by_ending in stems.items():
            pages = {language: by_ending[last] for last, language in self._pages.items() if last in by_ending}
            yield Variants(
                stem, pages, {TYPES[extension]: by_ending[extension] for extension in FORMATS if extension in by_ending}
            )


def _read(directory: Path, listed: bytes) -> Iterator[File]:
    """Each file that has a compressed copy, read from that and checked; what a host reads itself has none."""
    lines = (line.partition("  ") for line in listed.decode().splitlines())
    digests = {path: digest for digest, _, path in lines}
    for path, digest in digests.items():
        if path.endswith(".gz") or f"{path}.gz" not in digests or path.startswith("hosting/"):
            continue
        compressed = (directory / f"{path}.gz").read_bytes()
        if sha256(compressed).hexdigest() != digests[f"{path}.gz"]:
            raise UsageError(_("{path}: not as publish wrote it; publish again", path=directory / (path + ".gz")))
        content = zlib.decompress(compressed, wbits=_GZIP)
        if sha256(content).hexdigest() != digest:
            raise UsageError(_("{path}: not as publish wrote it; publish again", path=directory / (path + ".gz")))
        yield File(path, compressed, len(content), digest)
    yield File(CHECKSUMS, gzip.compress(listed, mtime=0), len(listed), sha256(listed).hexdigest())


def _midnight(date: str) -> datetime | None:
    """The beginning of a day in Greenwich; None where the text is no date."""
    try:
        return datetime.fromisoformat(date[:10]).replace(tzinfo=UTC)
    except ValueError:
        return None
