"""What hosts and crawlers read: the rules that serve and negotiate the files, the sitemap, and who may read what.

Apache negotiates as RFC 9110 says. nginx and the rules for w3id.org, which negotiate before any host is asked, know no
weights: a format of RDF goes to who names it before HTML, or does not name HTML. Netlify and Cloudflare cannot
negotiate by ``Accept`` at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from ...dist import EMBEDDED, HEADERS, HEADERS_EMBEDDED, PREVIEWS, TYPES
from ...rdf.serialize import File
from ..publication import Publication
from ..site.page_path import visible

_NEGOTIATED = (  # beside HTML, the first first: the media type and the ending of a format; last, other names of these
    ("text/turtle", "ttl"),
    ("application/ld[+]json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf[+]xml", "rdf"),
    ("application/json", "jsonld"),
    ("(?:application|text)/xml", "rdf"),
    ("(?:application/(?:x-)?turtle|(?:application|text)/(?:rdf[+])?n3)", "ttl"),
    ("text/plain", "nt"),
)
_BEFORE_HTML = "^(?:(?!text/html).)*"
_PARTS = ("ontology", "shapes", "style", "catalog")
_W3ID = "https://w3id.org/"
_VERSION = r"[0-9]+\.[0-9]+\.[0-9]+"
_DOCUMENT = r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*"
_PLAIN_DOCUMENT = r"resource/(?!\S*\.[A-Za-z][A-Za-z0-9]*$)[A-Za-z0-9_./-]+"  # in folders; what has an ending is a file
MOST = 50_000  # addresses in a sitemap: https://www.sitemaps.org/protocol.html


def files(publication: Publication, paths: Sequence[str]) -> Iterator[File]:
    """The files for the site, with pages at the paths in each of the languages."""
    address, languages = publication.address, publication.languages
    yield ".htaccess", _rules("apache.htaccess.jinja", publication, folder=urlsplit(address).path)
    yield "hosting/nginx.conf", _rules("nginx.conf.jinja", publication, host=urlsplit(address).hostname or "_")
    yield "_headers", _headers().encode()
    if not publication.project.is_plain:
        yield "_redirects", b"/id/* /doc/:splat 303\n/ontology/:version /ontology 303\n"
    if publication.base.startswith(_W3ID) and not address.startswith(publication.base):  # else it leads to itself
        yield "hosting/w3id.htaccess", _rules("w3id.htaccess.jinja", publication, address=address)
    yield from _sitemaps(address, paths, languages)
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n".encode()


def _rules(template: str, publication: Publication, **more: str) -> bytes:
    """The rules of a template in this folder; ``languages`` are those of the pages, ``others`` but the first,
    and ``resources_here`` says that the IRIs of a plain project are addresses of the site."""
    languages = publication.languages
    _, *others = languages
    plain = publication.project.is_plain
    rendered = (
        _environment()
        .get_template(template)
        .render(
            before_html=_BEFORE_HTML,
            document=_PLAIN_DOCUMENT if plain else _DOCUMENT,
            embedded=EMBEDDED,
            headers=HEADERS,
            headers_embedded=HEADERS_EMBEDDED,
            languages=languages,
            negotiated=_NEGOTIATED,
            others=others,
            parts=_PARTS,
            plain=plain,
            previews=PREVIEWS,
            resources_here=plain and publication.space == publication.address,
            site=publication,
            types=TYPES,
            version=_VERSION,
            **more,
        )
    )
    return rendered.encode()


@cache
def _environment() -> Environment:
    """What these files are is no HTML, so nothing is escaped for it."""
    return Environment(  # noqa: S701
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _headers() -> str:
    """For Netlify and Cloudflare Pages, whose rules are of one syntax."""
    every = "\n".join(f"  {name}: {value}" for name, value in HEADERS.items())
    blocks = [f"/*\n{every}\n"]
    for ending, type_ in TYPES.items():
        charset = "; charset=utf-8" if type_.startswith("text/") else ""
        blocks.append(f"/*.{ending}\n  Content-Type: {type_}{charset}\n")
    other = "\n".join(f"  ! {name}\n  {name}: {value}" for name, value in HEADERS_EMBEDDED.items())
    # "!" takes away what a rule before it gives, else both would hold
    blocks += [f"/{paths}*\n{other}\n" for paths in (EMBEDDED, f"{PREVIEWS}/")]
    blocks.append("/.well-known/void\n  Content-Type: text/turtle; charset=utf-8\n")
    return "\n".join(blocks)


def _sitemaps(address: str, paths: Sequence[str], languages: Sequence[str]) -> Iterator[File]:
    """One sitemap, or an index of several where there are more addresses than one may have."""
    addresses = [entry for path in paths for entry in _entries(address, path, languages)]
    parts = [addresses[start : start + MOST] for start in range(0, len(addresses), MOST)]
    if len(parts) == 1:
        yield "sitemap.xml", _sitemap(parts[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _sitemap(part)
    listed = "".join(f"<sitemap><loc>{escape(address + name)}</loc></sitemap>\n" for name in names)
    index = f'<sitemapindex xmlns="{_SITEMAPS}">\n{listed}</sitemapindex>'
    yield "sitemap.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{index}\n'.encode()


_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _entries(address: str, path: str, languages: Sequence[str]) -> Iterator[str]:
    """The page in each language, with its alternates."""
    at = {language: escape(address + visible(path, language, languages)) for language in languages}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{at[language]}"/>' for language in languages
    )
    yield from (f"<url><loc>{at[language]}</loc>{links}</url>\n" for language in languages)


def _sitemap(entries: Iterable[str]) -> bytes:
    head = f'<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{"".join(entries)}</urlset>\n'.encode()
