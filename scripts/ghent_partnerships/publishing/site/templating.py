"""Pages from templates, each in every language of the data set: what they share, and where they stand.

Jinja2 escapes whatever a template is given. A page knows its place, so that its links are relative and the site can be
served from any folder of any host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import CodeType, MappingProxyType

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from ...rdf.serialize import File
from ...text import Text, ending
from ...translation import pgettext, translations, web_words
from ..publication import Publication
from . import schema_org
from .cite import cited
from .navigation import Navigation
from .page_path import page, picture, visible

_FIRST = "index"
_TEMPLATES, WEB = (Path(__file__).with_name(folder) for folder in ("templates", "web"))
BUNDLE = WEB / "bundle"  # what ``make web`` writes
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def endonym(language: str) -> str:
    """What a language calls itself, as its catalogue says; its tag where it has no catalogue."""
    name = pgettext("the name of this language in this language", "English")
    return name.get(language, language)


def script_json(value: object) -> Markup:
    """The value as JSON that can stand in a ``<script>`` element: nothing in it ends the element or opens another.

    The rules are those of https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements.
    """
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE))  # noqa: S704


class Pages:
    """Renders the templates in ``templates/``. ``previews`` says what the picture of each page that has its own shows,
    by the path of the page without an ending."""

    def __init__(self, publication: Publication, previews: Mapping[str, Text] = MappingProxyType({})) -> None:
        self.publication, self.previews = publication, previews
        self.navigation = Navigation(publication)
        self.environments = {language: _environment(publication, language) for language in publication.languages}

    def every(self, template: str, path: str, context: Callable[[str], dict[str, object]]) -> Iterator[File]:
        """A page in each language. ``context`` returns what the template asks for, in a language.

        Every template is also given: ``lang``; ``languages``, the first of which has no ending; ``ending``, that of
        this language; ``endonym(language)``; ``root``, the way from the page to the root of the site; ``here``, the
        path of the page without an ending; ``link(path)``, the way to a page in its language; ``urls``, the addresses
        of the page by language; ``menu``, the pages of the menu; ``section``, the path of that which this page is
        below; ``way``, the pages above this; and ``site``, the publication.
        """
        languages = self.publication.languages
        for language in languages:
            yield page(path, language, languages), self.render(template, path, language, context(language))

    def link(self, path: str, language: str) -> Callable[..., str]:
        """What leads from a page, given by its path without an ending, to others in its language."""
        return partial(_link, "../" * path.count("/"), ending(language, self.publication.languages))

    def render(self, template: str, path: str, language: str, context: dict[str, object]) -> bytes:
        """A page in a language. Its links begin at ``root`` if the context says what that is, else at its place."""
        languages = self.publication.languages
        root = str(context.get("root", "../" * path.count("/")))
        way = self.navigation.way(path)
        shared: dict[str, object] = {
            "above": [
                (place.title.localized(language), self._address(place.path, language, place.fragment)) for place in way
            ],
            "here": path,
            "link": partial(_link, root, ending(language, languages)),
            "preview": self._preview(path, language),
            "menu": self.navigation.menu,
            "root": root,
            "section": self.navigation.section(path),
            "way": way,
            "structured": None,
            "urls": {tag: self._address(path, tag) for tag in languages},
        }
        return self.environments[language].get_template(template).render(shared | context).encode()

    def _preview(self, path: str, language: str) -> dict[str, object] | None:
        """The picture that other sites show of a page, and what it shows in words: its own, or that of the first."""
        pictured = path if path in self.previews else _FIRST
        if pictured not in self.previews:
            return None
        return {"path": picture(pictured, language, self.publication.languages), "alt": self.previews[pictured]}

    def file(self, path: str, language: str) -> str:
        """The file of a page in a language."""
        return page(path, language, self.publication.languages)

    def _address(self, path: str, language: str, fragment: str = "") -> str:
        """The address of a page in a language."""
        address = self.publication.address + visible(path, language, self.publication.languages)
        return f"{address}#{fragment}" if fragment else address


class _Compiled(BytecodeCache):
    """Compiles a template once for all languages, which differ in what it calls and not in its code."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _environment(publication: Publication, language: str) -> Environment:
    """Templates in a language: ``_("…")`` is the word for a text, ``text | localized`` what a text is in it."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    words = translations(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        lambda text: escape(words.gettext(text)),  # Jinja takes translations for markup; nobody's are here
        lambda singular, plural, number: escape(words.ngettext(singular, plural, number)),
        newstyle=True,
    )
    made.filters["localized"] = partial(_localized, language)
    made.filters["script_json"] = script_json
    made.globals |= {
        "cited": partial(cited, publication, language),
        "endonym": endonym,
        "ending": ending(language, publication.languages),
        "ending_of": partial(ending, languages=publication.languages),
        "lang": language,
        "languages": publication.languages,
        "page_about": partial(schema_org.page, publication, language),
        "site": publication,
        "words": publication.has_scripts and bool(web_words(language)),
    }
    return made


def _localized(language: str, text: Text) -> str:
    return text.localized(language)


def _link(root: str, before: str, path: str, fragment: str = "") -> str:
    return f"{root}{path}{before}.html" + (f"#{fragment}" if fragment else "")
