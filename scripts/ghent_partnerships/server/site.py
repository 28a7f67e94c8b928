"""Which published file answers a GET: by its name, or negotiated where the address has no ending."""

from __future__ import annotations

import re
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from posixpath import relpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..dist import is_embeddable
from ..text import DEFAULT_LANGUAGE
from ..translation import message as _
from . import negotiation, requests
from .answers import Answer, content_type, embeddable, fresh, headers, not_modified, part
from .documents import Documents, File, Variants
from .problems import Problem, not_acceptable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MISSING = "404."
_HOME = "index"
_ROOT = re.compile(rb'="(/(?:[^"]*/)?)assets/site\.css"')
_CATALOGUE = "catalog"
_FRESH = "no-cache"  # to be asked about each time, which the entity tag makes cheap
_ALTERNATE = 'rel="alternate"'
_PAGE = "https://schema.org/AboutPage"
_GZIPPED = ".gz"
_KEPT = 4_096  # answers; there are no more than files, codings and addresses of them


class Site:
    """Answers with the published files."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        issued = documents.issued
        self._changed = None if issued is None else format_datetime(issued, usegmt=True)
        self._answer = lru_cache(_KEPT)(self._made)
        self._links = lru_cache(_KEPT)(lambda stem, way: tuple(self._signposts(self.documents.variants[stem], way)))

    def get(self, path: str, asked: Mapping[str, str], root: str) -> Answer:
        """The answer to a GET of a path, which begins with a slash; ``asked`` are the headers by name, ``root`` is the
        path that the site stands at, without a slash at its end.

        Raises:
            Problem: there is nothing, or nothing that the client takes.
        """
        if path[1:] in self.documents.versions:
            return self._see_other(self.documents.versions[path[1:]], path)
        chosen = self._choose(path, asked)
        return self.missing(asked, root) if chosen is None else self._conditional(*chosen, asked)

    def has(self, path: str) -> bool:
        """Whether a GET of the path has an answer, whatever it takes."""
        name, documents = path[1:] or _HOME, self.documents
        return (
            self._file(name) is not None
            or name in documents.versions
            or name.replace("id/", "doc/", 1) in documents.variants
        )

    def identifier(self, path: str, query: bytes, asked: Mapping[str, str], root: str) -> Answer:
        """The answer to a GET of the IRI of a resource, with a query string: where its document is (303), in the format
        that it names.

        Raises:
            Problem: there is nothing, or nothing that the client accepts.
        """
        name = path[1:].replace("id/", "doc/", 1)
        if name in self.documents.retired:
            chosen = self._choose(f"/{name}", asked)
            return self.missing(asked, root) if chosen is None else self._conditional(*chosen[:2], path, asked)
        if name not in self.documents.variants:
            return self.get(path, asked, root)
        return self._see_other(name, path, query)

    @staticmethod
    def _see_other(name: str, path: str, query: bytes = b"") -> Answer:
        location = (
            "../" * path[1:].count("/") + name + (f"?{quote(query, safe=requests.SAFE)}" if b"format=" in query else "")
        )
        return Answer(HTTPStatus.SEE_OTHER, headers([("location", location), ("cache-control", "max-age=3600")]))

    def page(self, name: str, at: str, asked: Mapping[str, str]) -> Answer | None:
        """A page at the address of something else in the same folder."""
        if (variants := self.documents.variants.get(name)) is None or not variants.pages:
            return None
        coding = "gzip" if negotiation.takes_gzip(asked.get("accept-encoding")) else "identity"
        return self._conditional(variants.page(asked.get("accept-language")), coding, at, asked)

    def missing(self, asked: Mapping[str, str], root: str) -> Answer:
        """The answer where there is nothing: a page for a browser.

        Raises:
            Problem: it is no browser.
        """
        offers = ("application/problem+json", "text/html")
        pages = self.documents.missing
        if pages and negotiation.media_type(asked.get("accept"), offers) == "text/html":
            page = pages.page(asked.get("accept-language"))
            pairs = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-cache")]
            pairs += [
                ("vary", "Accept, Accept-Language"),
                ("content-language", self.documents.language(page) or DEFAULT_LANGUAGE),
            ]
            content = self.documents.plain(page)
            if published := _ROOT.search(content):  # its links begin at the root of the address it was published for
                content = content.replace(b'="' + published[1], f'="{quote(root)}/'.encode())
            return Answer(HTTPStatus.NOT_FOUND, headers(pairs), content)
        detail = _("Nothing is at this address.")
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)

    def _choose(self, path: str, asked: Mapping[str, str]) -> tuple[File, str, str | None] | None:
        """The file, its coding, and the address where it was negotiated, if it was; None where there is nothing."""
        name = path[1:] or _HOME
        coding = "gzip" if negotiation.takes_gzip(asked.get("accept-encoding")) else "identity"
        if name in self.documents.variants:
            return self._variant(self.documents.variants[name], asked), coding, path
        file = self._file(name)
        return None if file is None else (file, "gzipped" if file.path != name else coding, None)

    def _file(self, name: str) -> File | None:
        """The file of that name, or the one that it is the compressed copy of."""
        files = self.documents.files
        if name.endswith(_GZIPPED) and name.removesuffix(_GZIPPED) in files:
            return files[name.removesuffix(_GZIPPED)]
        return None if name.startswith(_MISSING) else files.get(name)

    def _variant(self, variants: Variants, asked: Mapping[str, str]) -> File:
        type_ = negotiation.media_type(asked.get("accept"), variants.offers)
        if type_ is None and variants.stem in self.documents.retired:
            type_ = variants.offers[0]  # whoever asks learns that it is gone
        if type_ is None:
            raise not_acceptable(variants.offers)
        return variants.page(asked.get("accept-language")) if type_ == "text/html" else variants.formats[type_]

    def _conditional(self, file: File, coding: str, at: str | None, asked: Mapping[str, str]) -> Answer:
        """The whole file, a part of it, or word that the client has it."""
        ranged = asked.get("range")
        answer = self._answer(file, "identity" if ranged and coding == "gzip" else coding, at)
        tag = _tag(file, "identity" if ranged else coding)
        if fresh(asked, tag, self.documents.issued if answer.status == HTTPStatus.OK else None):
            answer = not_modified(answer)
        elif ranged and answer.status == HTTPStatus.OK and asked.get("if-range", tag) in (tag, self._changed):
            answer = part(answer, ranged)
        return embeddable(answer) if is_embeddable(self.documents.divided(file.path)[0]) else answer

    def _made(self, file: File, coding: str, at: str | None) -> Answer:
        """The answer with a file. ``at`` is where it was asked for, if not by its name."""
        type_ = "application/gzip" if coding == "gzipped" else file.media_type
        vary = "Accept-Encoding" if at is None else "Accept, Accept-Language, Accept-Encoding"
        stem, language = self.documents.divided(file.path)[0], self.documents.language(file)
        status, links = HTTPStatus.OK, []
        pairs = [("content-type", content_type(type_)), ("etag", _tag(file, coding)), ("cache-control", _FRESH)]
        pairs += [("accept-ranges", "bytes")] if coding != "gzipped" else []
        if coding == "gzip":
            pairs.append(("content-encoding", "gzip"))
        if coding != "gzipped":
            pairs.append(("vary", vary))
        if self._changed and stem not in self.documents.retired:
            pairs.append(("last-modified", self._changed))
        if language:
            pairs.append(("content-language", language))
        if at is not None:
            pairs.append(("content-location", relpath(file.path, _folder(at[1:]))))
        if stem in self.documents.variants and coding != "gzipped":
            way = "" if at is None else f"{relpath(_folder(stem), _folder(at[1:]))}/".removeprefix("./")
            links = [link for link in self._links(stem, way) if not link.startswith(f"<{way}{_last(file)}>")]
            if language:
                links.append(f'<{_PAGE}>; rel="type"')
            else:
                links = _with_one_alternate(links, f"{way}{_last(file)}".rpartition(".")[0])
        elif file.path.endswith((".csv", ".geojson")) and coding != "gzipped":
            links = [*self._licence(), f'<{self.documents.site.dataset}>; rel="collection"']
            if f"{stem}.csv" == file.path and not stem.endswith(".excel"):
                links.insert(
                    0, '<csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
                )  # csvw reads this
        if stem in self.documents.retired:
            status = HTTPStatus.GONE
            if successor := self.documents.retired[stem]:
                links.append(f'<{successor}>; rel="successor-version"')
        if links:
            pairs.append(("link", ", ".join(links)))
        body = file.compressed if coding in ("gzip", "gzipped") else self.documents.plain(file)
        return Answer(status, headers(pairs), body)

    def _signposts(self, variants: Variants, way: str) -> Iterator[str]:
        """The links of a document to its other forms, as https://signposting.org/FAIR/ has them at level 1; ``way`` is
        that to the folder of the document."""
        for language, file in variants.pages.items():
            yield f'<{way}{_last(file)}>; {_ALTERNATE}; type="text/html"; hreflang="{language}"'
        for type_, file in variants.formats.items():
            yield f'<{way}{_last(file)}>; rel="describedby"; type="{type_}"'
        yield from self._licence()
        site = self.documents.site
        about, types = self.documents.about(variants.stem)
        if about:
            yield f'<{about}>; rel="cite-as"'
            yield from (f'<{type_}>; rel="type"' for type_ in types)
        elif variants.stem in (site.stem, _HOME):
            yield f'<{site.dataset}>; rel="cite-as"'
            if _CATALOGUE in self.documents.variants and variants.stem == _HOME:
                for type_, file in self.documents.variants[_CATALOGUE].formats.items():
                    yield f'<{way}{_last(file)}>; rel="describedby"; type="{type_}"'
        elif variants.formats:
            yield f'<{site.base}{variants.stem}>; rel="cite-as"'

    def _licence(self) -> Iterator[str]:
        if self.documents.licence:
            yield f'<{self.documents.licence}>; rel="license"'


def _tag(file: File, coding: str) -> str:
    return f'"{file.digest[:32]}{"" if coding == "identity" else f"-{coding}"}"'


def _with_one_alternate(links: list[str], negotiated: str) -> list[str]:
    """The links with one to the pages, whose language is negotiated: PyLD can read no document with several."""
    others = [link for link in links if _ALTERNATE not in link]
    return links if len(others) == len(links) else [f'<{negotiated}>; {_ALTERNATE}; type="text/html"', *others]


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _last(file: File) -> str:
    return file.path.rpartition("/")[2]
