"""The READMEs of the folders of a project as pages: they are written once, for the repository and for the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from ...project.project import Project
from ...rdf.serialize import File
from ...text import Text
from .context import Context

_README = "README.md"
_CODE = "scripts"  # the folder of the code, which is none of the data's
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Readme:
    """A README: its folder, which is empty for the root, the path of its page, its heading, and its tokens without
    that."""

    folder: str
    path: str
    title: str
    tokens: tuple[Token, ...]


def readmes(project: Project) -> list[Readme]:
    """The READMEs of the root and of the folders that hold the project's files, in this order."""
    found = []
    for folder in dict.fromkeys(("", *project.folders, _CODE)):
        file = project.root / folder / _README
        if (not folder or _SAFE.fullmatch(folder)) and file.is_file():
            found.append(parsed(file, folder))
    return found


def files(context: Context, every: Sequence[Readme]) -> Iterator[File]:
    """The page of each README."""
    pages, repository = {readme.folder: readme.path for readme in every}, context.publication.repository
    for readme in every:

        def given(language: str, readme: Readme = readme) -> dict[str, object]:
            text = rendered(readme, pages, lambda path: context.pages.file(path, language), repository)
            return {
                **context.shared,
                "text": text,
                "title": Text(readme.title),
                "written": context.publication.languages[0],
            }

        yield from context.pages.every("documentation.html", readme.path, given)


def parsed(file: Path, folder: str) -> Readme:
    """The README in a file, which is in this folder of the project."""
    tokens = _markdown().parse(file.read_text(encoding="utf-8"))
    title = folder or _README.removesuffix(".md")
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = _text(tokens[1])
        tokens = tokens[3:]
    return Readme(folder, f"documentation/{folder or 'readme'}", title, tuple(tokens))


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def rendered(readme: Readme, pages: Mapping[str, str], file: Callable[[str], str], repository: str) -> Markup:
    """The text as HTML, but for its title; what is HTML in it is shown as text. ``pages`` are the paths of the pages of
    all READMEs by their folders, ``file`` what the file of a page is called, and ``repository`` is the address that the
    other files of the project are below, or empty."""
    markdown = _markdown()
    tokens = list(readme.tokens)

    def target(address: str) -> str | None:
        return _target(address, readme.folder, pages, file, repository)

    known: dict[str, int] = {}
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            level = max(2, int(token.tag[1:]))
            tokens[number] = token.copy(tag=f"h{level}", attrs={"id": _anchor(_text(tokens[number + 1]), known)})
        elif token.type == "heading_close":
            tokens[number] = token.copy(tag=f"h{max(2, int(token.tag[1:]))}")
        elif token.type == "inline":
            tokens[number] = token.copy(children=list(_inline(token.children or (), target)))
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return Markup(html)  # noqa: S704 (of the renderer, which escapes)


def _inline(tokens: Sequence[Token], target: Callable[[str], str | None]) -> Iterator[Token]:
    """The parts of a line with their links as they are on the site; of what has no ``target`` there the text stays."""
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "image":
            yield Token("text", "", 0, content=token.content)
        elif token.type == "link_open":
            address = target(str(token.attrGet("href") or ""))
            open_links.append(address is not None)
            if address is not None:
                yield token.copy(attrs={"href": address})
        elif token.type == "link_close":
            if open_links.pop():
                yield token
        else:
            yield token


def _target(
    address: str, folder: str, pages: Mapping[str, str], file: Callable[[str], str], repository: str
) -> str | None:
    """Where a link leads from a page: to the page of another README, elsewhere on the web, or to the file in the
    repository, if there is one."""
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no address of a host
        return None
    if parts.scheme:
        return address if parts.scheme in ("https", "http") else None
    if not parts.path:
        return address
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if path.startswith(("../", "/")):
        return None
    page = pages.get("" if path in (".", _README) else path.removesuffix(f"/{_README}"))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if page is not None:
        return f"../{file(page)}{fragment}"
    return f"{repository.rstrip('/')}/blob/HEAD/{path}{fragment}" if repository else None


def _text(token: Token) -> str:
    """What a line says, without its marks."""
    return "".join(part.content for part in token.children or () if part.type in ("text", "code_inline"))


def _anchor(heading: str, known: dict[str, int]) -> str:
    """What a heading is called in an address, as GitHub does it."""
    slug = _NO_SLUG.sub("", heading.lower()).replace(" ", "-") or "section"
    known[slug] = known.get(slug, -1) + 1
    return f"{slug}-{known[slug]}" if known[slug] else slug
