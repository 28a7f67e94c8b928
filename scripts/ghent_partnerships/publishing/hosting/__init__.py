"""What hosts and crawlers read: the rules that serve and negotiate the files, the sitemap, and who may read what.

Apache negotiates as RFC 9110 says. nginx and the rules for w3id.org, which negotiate before any host is asked, know no
weights: a form of RDF goes to who names it before HTML, or does not name HTML. Netlify and Cloudflare cannot negotiate
by ``Accept`` at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import escape

from ...dist import HEADERS, TYPES
from ...rdf.namespaces import BASE
from ...rdf.serialize import File
from ..site.templating import visible

_NEGOTIATED = (  # beside HTML, the first first: the media type and the ending of a form; last, what others call it
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
_VERSION = r"[0-9]+\.[0-9]+\.[0-9]+"
_DOCUMENT = r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*"
REPOSITORY = "https://github.com/ghent-partnerships/ghent-partnerships"
MOST = 50_000  # addresses in a sitemap: https://www.sitemaps.org/protocol.html


def files(address: str, paths: Sequence[str], languages: Sequence[str]) -> Iterator[File]:
    """The files for a site that is served at an address, which ends in a slash, with pages at the paths in each of the
    languages, the first of which has no ending."""
    yield ".htaccess", _apache(urlsplit(address).path, languages).encode()
    yield "hosting/nginx.conf", _nginx(urlsplit(address).hostname or "_", languages[1:]).encode()
    yield "_headers", _headers().encode()
    yield "_redirects", b"/id/* /doc/:splat 303\n/ontology/:version /ontology 303\n"
    if not address.startswith(BASE):  # where w3id.org itself is the address there is nowhere to lead to
        yield "hosting/w3id.htaccess", _w3id(address, languages[1:]).encode()
    yield from _sitemaps(address, paths, languages)
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n".encode()


def _apache(folder: str, languages: Sequence[str]) -> str:
    first, *others = languages
    types = "\n".join(f"  AddType {type_} .{ending}" for ending, type_ in TYPES.items())
    texts = " ".join(f".{ending}" for ending, type_ in TYPES.items() if type_.startswith("text/"))
    headers = "\n".join(f'  Header always set {name} "{value}"' for name, value in HEADERS.items())
    endings = "|".join(TYPES)
    added = "".join(f"  AddLanguage {one} .{one}\n" for one in others)
    pages = "|".join(("html", *(f"{one}\\.html" for one in others)))
    answers = "[a-z-]+" + (f"(?:\\.{_any(others)})?" if others else "")
    feeds = "".join(
        f"  RewriteCond %{{HTTP:Accept-Language}} ^{one} [NC]\n  RewriteRule ^feed$ feed.{one}.html [L]\n"
        for one in others
    )
    return f"""# Apache 2.4: needs AllowOverride All and mod_negotiation; mod_alias, mod_headers, mod_mime, mod_rewrite.
Options +MultiViews -Indexes
ErrorDocument 404 {folder}404.html
LanguagePriority {" ".join(languages)}
ForceLanguagePriority Prefer Fallback
<Files ".ht*">
  Require all denied
</Files>
<IfModule mod_mime.c>
{types}
  AddCharset utf-8 {texts}
  AddEncoding gzip .gz
  RemoveType .gz
{added}  <FilesMatch "\\.html(?:\\.gz)?$">
    DefaultLanguage {first}
  </FilesMatch>
  <Files "void">
    ForceType "text/turtle; charset=utf-8"
  </Files>
  <FilesMatch "^{answers}\\.json(?:\\.gz)?$">
    <If "%{{REQUEST_URI}} =~ m#/answers/#">
      ForceType application/sparql-results+json
    </If>
  </FilesMatch>
</IfModule>
<IfModule mod_alias.c>
  RedirectMatch 303 ^(.*)/id/({_DOCUMENT})$ $1/doc/$2
</IfModule>
<IfModule mod_rewrite.c>
  RewriteEngine On
  # A folder of the same name stands beside the files of the feed, so nothing negotiates for it.
  RewriteOptions AllowNoSlash
  <If "%{{REQUEST_URI}} =~ m#/feed$#">
    DirectorySlash Off
  </If>
  RewriteCond %{{HTTP_ACCEPT}} !text/html [OR]
  RewriteCond %{{HTTP_ACCEPT}} {_BEFORE_HTML}text/turtle [NC]
  RewriteRule ^feed$ feed.ttl [L]
{feeds}  RewriteRule ^feed$ feed.html [L]
  # By now a form was negotiated, so the request says what was asked for.
  RewriteCond %{{THE_REQUEST}} "^[A-Z]+ [^ ?]*/ontology/{_VERSION}[ ?]"
  RewriteRule ^ontology\\b {folder}ontology [R=303,L]
  # Who expects one graph would find nothing in the default graph of several; Turtle is TriG, and N-Triples N-Quads.
  RewriteCond %{{THE_REQUEST}} "^[A-Z]+ [^ ?]*/ghent-partnerships[ ?]"
  RewriteRule ^ghent-partnerships\\.trig$ ghent-partnerships.ttl
  RewriteCond %{{THE_REQUEST}} "^[A-Z]+ [^ ?]*/ghent-partnerships[ ?]"
  RewriteRule ^ghent-partnerships\\.nq$ ghent-partnerships.nt
  RewriteCond %{{HTTP:Accept-Encoding}} \\bgzip\\b
  RewriteCond %{{REQUEST_FILENAME}}.gz -f
  RewriteRule ^(.+\\.(?:{endings}))$ $1.gz [L]
</IfModule>
<IfModule mod_headers.c>
{headers}
  <FilesMatch "^feed\\.(?:ttl|{pages})(?:\\.gz)?$">
    Header merge Vary Accept
    Header merge Vary Accept-Language
  </FilesMatch>
  <FilesMatch "\\.(?:{endings})(?:\\.gz)?$">
    Header merge Vary Accept-Encoding
  </FilesMatch>
</IfModule>
"""


def _any(languages: Sequence[str]) -> str:
    """The languages as a part of a regular expression."""
    return languages[0] if len(languages) == 1 else f"(?:{'|'.join(languages)})"


def _nginx(host: str, others: Sequence[str]) -> str:
    """``others`` are the languages whose pages have an ending."""
    types = "\n".join(f"    {type_} {ending};" for ending, type_ in TYPES.items())
    headers = "\n".join(f'  add_header {name} "{value}" always;' for name, value in HEADERS.items())
    nested = headers.replace("  add", "    add")  # a location that adds a header has none of those outside it
    texts = " ".join(sorted({type_ for type_ in TYPES.values() if type_.startswith("text/")} - {"text/html"}))
    pages = "".join(f'  "~*^{one}" .{one}.html;\n' for one in others)
    forms = "\n".join(f'  "~*{_BEFORE_HTML}{types}" .{ending};' for types, ending in _NEGOTIATED)
    return f"""# nginx, for /etc/nginx/conf.d/: a site at the root of its host; root is the folder that publish wrote.
# There are no weights here: the first form below that is named before text/html, or without it, else HTML.
map $http_accept_language $partnerships_html {{
  default .html;
{pages}}}
map $http_accept $partnerships_form {{
  default $partnerships_html;
{forms}
}}
map $http_accept $partnerships_feed {{
  default .ttl;
  "~*{_BEFORE_HTML}text/turtle" .ttl;
  "~*text/html" $partnerships_html;
}}
server {{
  listen 80;
  server_name {host};
  root /var/www/ghent-partnerships;
  charset utf-8;
  charset_types {texts};
  gzip_static on;
  gzip_vary on;
  error_page 404 /404.html;
  types {{
{types}
    text/plain txt md;
  }}
  default_type application/octet-stream;
{headers}
  location ~ "^/id/({_DOCUMENT})$" {{
    return 303 $scheme://$http_host/doc/$1;
  }}
  location ~ "^/ontology/{_VERSION}$" {{
    return 303 $scheme://$http_host/ontology;
  }}
  location ~ "^/(?:doc/{_DOCUMENT}|{"|".join(_PARTS)})$" {{
    add_header Vary "Accept, Accept-Language";
{nested}
    try_files $uri$partnerships_form =404;
  }}
  location ~ "^/(?:query|resources)$" {{
    add_header Vary Accept-Language;
{nested}
    try_files $uri$partnerships_html =404;
  }}
  location /answers/ {{
    types {{ application/sparql-results+json json; }}
  }}
  location = /.well-known/void {{
    types {{ }}
    default_type "text/turtle; charset=utf-8";
  }}
  location = /feed {{
    add_header Vary "Accept, Accept-Language";
{nested}
    try_files $uri$partnerships_feed =404;
  }}
  location ~ "/[._]" {{
    return 404;
  }}
}}
"""


def _headers() -> str:
    """For Netlify and Cloudflare Pages, whose rules are of one syntax."""
    every = "\n".join(f"  {name}: {value}" for name, value in HEADERS.items())
    blocks = [f"/*\n{every}\n"]
    for ending, type_ in TYPES.items():
        charset = "; charset=utf-8" if type_.startswith("text/") else ""
        blocks.append(f"/*.{ending}\n  Content-Type: {type_}{charset}\n")
    blocks.append("/.well-known/void\n  Content-Type: text/turtle; charset=utf-8\n")
    return "\n".join(blocks)


def _w3id(address: str, others: Sequence[str]) -> str:
    what = f"(doc/{_DOCUMENT}|{'|'.join(_PARTS)})"
    rules = [
        f"RewriteCond %{{HTTP_ACCEPT}} {_BEFORE_HTML}{types} [NC]\n"
        f"RewriteRule ^{what}$ {address}$1.{ending} [R=303,L]\n"
        for types, ending in _NEGOTIATED
    ]
    asked = {one: f"RewriteCond %{{HTTP:Accept-Language}} ^{one} [NC]\n" for one in others}
    pages = "".join(f"{asked[one]}RewriteRule ^{what}$ {address}$1.{one}.html [R=303,L]\n" for one in others)
    feeds = "".join(f"{asked[one]}RewriteRule ^feed$ {address}feed.{one}.html [R=303,L]\n" for one in others)
    return f"""# Ghent Partnerships: the international partnerships of the City of Ghent as linked data.
# Maintained at {REPOSITORY}
Options +FollowSymLinks
RewriteEngine on
Header always set Vary "Accept, Accept-Language"
RewriteRule ^id/({_DOCUMENT})$ {BASE}doc/$1 [R=303,L]
RewriteRule ^ontology/{_VERSION}$ ontology [DPI]
{"".join(rules)}RewriteCond %{{HTTP_ACCEPT}} !text/html [NC]
RewriteCond %{{REQUEST_URI}} /ontology/
RewriteRule ^ontology$ {address}ontology.ttl [R=303,L]
{pages}RewriteRule ^{what}$ {address}$1.html [R=303,L]
RewriteCond %{{HTTP_ACCEPT}} !text/html [OR]
RewriteCond %{{HTTP_ACCEPT}} {_BEFORE_HTML}text/turtle [NC]
RewriteRule ^feed$ {address}feed.ttl [R=303,L]
{feeds}RewriteRule ^feed$ {address}feed.html [R=303,L]
RewriteRule ^feed/({_VERSION})$ {address}feed/$1.ttl [R=303,L]
RewriteRule ^(.*)$ {address}$1 [R=302,L]
"""


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
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{one}" href="{at[one]}"/>' for one in languages)
    yield from (f"<url><loc>{at[language]}</loc>{links}</url>\n" for language in languages)


def _sitemap(entries: Iterable[str]) -> bytes:
    head = f'<urlset xmlns="{_SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{"".join(entries)}</urlset>\n'.encode()
