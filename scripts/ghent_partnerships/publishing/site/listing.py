"""The pages to browse by: the cities with their partnerships, and everything that has a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...rdf.serialize import File
from ...text import Text
from . import navigation
from .context import Context
from .facts import Value
from .navigation import BROWSED, FOLDERS, RULES

MOST = 1_000  # of the resources of a kind, so many are listed on one page


@dataclass(frozen=True)
class Part:
    """A part of a long list: the path of its page without an ending, and the resources in it."""

    path: str
    resources: tuple[Value, ...]


@dataclass(frozen=True)
class Section:
    """The resources of a kind, and their IRIs in the same order. Where there are too many for the page of all,
    ``parts`` are the pages that list them."""

    folder: str
    title: Text
    resources: tuple[Value, ...]
    iris: tuple[str, ...]

    @cached_property  # each of its parts asks for it
    def parts(self) -> tuple[Part, ...]:
        """The pages with the resources in parts; none where one page lists all."""
        if len(self.resources) <= MOST:
            return ()
        starts = enumerate(range(0, len(self.resources), MOST), 1)
        return tuple(
            Part(f"resources/{self.folder}-{number}", self.resources[start : start + MOST]) for number, start in starts
        )

    @property
    def named(self) -> list[tuple[str, Value]]:
        """Each IRI with the link to it."""
        return list(zip(self.iris, self.resources, strict=True))


def section(folder: str, title: Text, found: Sequence[tuple[str, Value]]) -> Section:
    """The resources of a kind, each IRI with the link to it, in the order of their names."""
    ordered = sorted(found, key=lambda pair: (str(pair[1].text).casefold(), pair[1].title))
    return Section(folder, title, tuple(value for _, value in ordered), tuple(iri for iri, _ in ordered))


def sections(context: Context) -> list[Section]:
    """All resources that are listed, by what they are, but for the rules, which have pages of their own."""
    by_folder: dict[str, list[str]] = {}
    for iri in context.listed:
        by_folder.setdefault(context.publication.addresses.folder(iri), []).append(iri)
    order = {folder: number for number, folder in enumerate(FOLDERS)}
    return [
        section(
            folder,
            FOLDERS.get(folder, Text(folder)),
            [(iri, context.resource_facts.reference(iri)) for iri in by_folder[folder]],
        )
        for folder in sorted(by_folder.keys() - set(RULES), key=lambda name: (order.get(name, len(order)), name))
    ]


def files(context: Context, listed: Sequence[Section]) -> Iterator[File]:
    """The page of the cities, and that of everything."""
    browsed = [section for section in listed if section.folder in BROWSED]
    given = {
        **context.shared,
        "partners": context.partners.of,
        "sections": browsed,
        "start": context.story.partnership_start,
    }
    yield from context.pages.every("cities.html", navigation.CITIES, lambda _language: given)
    yield from everything(context, listed)


def everything(context: Context, listed: Sequence[Section]) -> Iterator[File]:
    """The list of all resources, by what they are, and the pages of those kinds that have too many for it."""
    given = {**context.shared, "sections": listed}
    yield from context.pages.every("resources.html", navigation.EVERYTHING, lambda _language: given)
    for each in listed:
        for part in each.parts:
            yield from _part(context, each, part)


def _part(context: Context, whole: Section, part: Part) -> Iterator[File]:
    """The page of a part of a long list, with the way to the others."""
    given = {**context.shared, "part": part, "whole": whole}
    yield from context.pages.every("resources_part.html", part.path, lambda _language: given)
