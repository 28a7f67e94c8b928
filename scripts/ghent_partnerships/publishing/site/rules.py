"""The pages with the rules in words."""

from __future__ import annotations

from collections.abc import Iterator

from ...rdf.serialize import File
from ...text import Text
from ...translation import message as _
from .context import Context

PAGES: dict[str, tuple[Text, Text]] = {
    "shapes": (
        _("What data must look like"),
        _("Every rule that data is checked by, with the code that its findings bear."),
    ),
    "style": (
        _("What terms must look like"),
        _("Every rule that the ontology, the shapes and the queries are checked by."),
    ),
}


def files(context: Context) -> Iterator[File]:
    """The rules in words, each with what is wrong and what is right by it."""
    for path, (title, about) in PAGES.items():
        (sibling,) = ((other, PAGES[other][0]) for other in PAGES if other != path)
        given = {
            **context.shared,
            "about": about,
            "rules": [rule for rule in context.rules if rule.page == path],
            "sibling": sibling,
            "title": title,
        }
        yield from context.pages.every("rules.html", path, lambda _, given=given: given)  # type: ignore[misc]
