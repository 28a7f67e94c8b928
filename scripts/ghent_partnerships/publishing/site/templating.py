"""Pages from templates, each in English and in Dutch: what they share, and where they stand.

Jinja2 escapes whatever a template is given. A page knows its place, so that its links are relative and the site can be
served from any folder of any host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...rdf.serialize import File
from ...sparql.views import DataSet
from ...text import Both

LANGUAGES = ("en", "nl")
Text = Callable[[str, str], str]
_HOME = "index.html"
_TEMPLATES = Path(__file__).with_name("templates")
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Site:
    """What all pages share: the address where they will be served, ending in a slash; the data set that they show;
    whether there is a bundle of scripts, without which there is neither a query page nor a search; whether there is a
    feed of changes; and whether there is an endpoint at ``sparql`` below the address."""

    address: str
    of: DataSet
    scripted: bool
    fed: bool = False
    sparql: bool = True


def page(path: str, language: str) -> str:
    """The file of a page in a language, from its path without an ending: ``doc/city/ghent`` is ``doc/city/ghent.html``
    in English and ``doc/city/ghent.nl.html`` in Dutch."""
    return f"{path}.html" if language == "en" else f"{path}.{language}.html"


def visible(path: str, language: str) -> str:
    """What the address of a page ends in: of the first page, nothing."""
    file = page(path, language)
    return "" if file == _HOME else file


def chosen(language: str) -> Text:
    """The function that takes a text in English and in Dutch, and returns that of the language."""
    return _english if language == "en" else _dutch


def script_json(value: object) -> Markup:
    """The value as JSON that can stand in a ``<script>`` element: nothing in it ends the element or opens another.

    The rules are those of https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements.
    """
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE))  # noqa: S704


class Pages:
    """Renders the templates in ``templates/``."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self.environment.filters["script_json"] = script_json
        self.environment.globals["site"] = site

    def both(self, template: str, path: str, context: Callable[[str], dict[str, object]]) -> Iterator[File]:
        """A page in each language. ``context`` returns what the template asks for, in a language.

        Every template is also given: ``lang``; ``say(english, dutch)``; ``root``, the way from the page to the root of
        the site; ``here``, the path of the page without an ending; ``link(path)``, the way to a page in its language;
        ``urls``, the addresses of the page by language; and ``site``.
        """
        for language in LANGUAGES:
            yield page(path, language), self.render(template, path, language, context(language))

    def render(self, template: str, path: str, language: str, context: dict[str, object]) -> bytes:
        """A page in a language. Its links begin at ``root`` if the context says what that is, else at its place."""
        root = str(context.get("root", "../" * path.count("/")))
        shared: dict[str, object] = {
            "here": path,
            "lang": language,
            "link": partial(_link, root, language),
            "root": root,
            "say": chosen(language),
            "urls": {one: self.site.address + visible(path, one) for one in LANGUAGES},
        }
        return self.environment.get_template(template).render(shared | context).encode()


def said(texts: Both, language: str) -> str:
    """The text of a pair in the language."""
    return texts[0] if language == "en" else texts[1]


def _english(english: str, _dutch: str) -> str:
    return english


def _dutch(_english: str, dutch: str) -> str:
    return dutch


def _link(root: str, language: str, path: str, fragment: str = "") -> str:
    return root + page(path, language) + (f"#{fragment}" if fragment else "")
