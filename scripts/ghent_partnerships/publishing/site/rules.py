"""The pages with the rules in words."""

from __future__ import annotations

from collections.abc import Iterator

from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from ..publication import Publication
from .context import Context

_STYLE = "style"
PAGES: dict[str, tuple[Text, Text]] = {
    "shapes": (
        _("What data must look like"),
        _("Every rule that data is checked by, with the code that its findings bear."),
    ),
    _STYLE: (
        _("What terms must look like"),
        _("Every rule that the ontology, the shapes and the queries are checked by."),
    ),
}


def paths(publication: Publication) -> list[str]:
    """The pages: what the vocabulary must look like itself is with the vocabulary alone."""
    return [path for path in PAGES if path != _STYLE or publication.project.is_packaged]


def files(context: Context) -> Iterator[File]:
    """The rules in words, each with what is wrong and what is right by it."""
    every = paths(context.publication)
    for path in every:
        title, about = PAGES[path]
        sibling = next(((other, PAGES[other][0]) for other in every if other != path), None)
        given = {
            **context.shared,
            "about": about,
            "rules": [rule for rule in context.rules if rule.page == path],
            "sibling": sibling,
            "title": title,
        }
        yield from context.pages.every("rules.html", path, lambda _, given=given: given)  # type: ignore[misc]
