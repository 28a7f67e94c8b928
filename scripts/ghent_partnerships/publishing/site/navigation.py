"""Where a page stands among the others: the menu, and the way to a page from the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...text import Text
from ...translation import message as _
from ..publication import Publication

OVERVIEW, CITIES, ASK, DATA, ABOUT = "index", "partner-cities", "query", "data", "about"
EVERYTHING = "resources"
FOLDERS: dict[str, Text] = {  # what the pages of a folder are about, in the order in which people look for them
    "city": _("Cities"),
    "partnership": _("Partnerships"),
    "agreement": _("Agreements"),
    "outcome": _("Outcomes"),
    "country": _("Countries"),
    "period": _("Periods"),
    "activity": _("Activities"),
    "candidate": _("Candidates"),
    "concept": _("Concepts"),
    "scheme": _("Lists of concepts"),
    "group": _("Unnamed groups"),
    "inference": _("Inferences"),
    "source": _("Sources"),
    "fragment": _("Sentences of sources"),
    "dataset": _("Data sets"),
    "query": _("Questions"),
    "shape": _("Rules"),
    "rule": _("Rules beyond SHACL"),
}
BROWSED = ("city", "partnership", "agreement", "outcome", "country", "period", "candidate")  # on the page of the cities
RULES = ("shape", "rule")  # whose pages are below those with the rules in words
_TITLES: dict[str, Text] = {
    OVERVIEW: _("Overview"),
    CITIES: _("Cities"),
    ASK: _("Ask"),
    DATA: _("Data"),
    ABOUT: _("About"),
    EVERYTHING: _("Everything"),
    "shapes": _("What data must look like"),
    "documentation": _("Documentation"),
}
_ABOVE = {  # the page that each is below; a page of the menu, and what is not here, is below the first
    EVERYTHING: DATA,
    "api": DATA,
    "catalog": DATA,
    "feed": DATA,
    "wikidata": DATA,
    "ontology": ABOUT,
    "shapes": ABOUT,
    "style": ABOUT,
}


@dataclass(frozen=True)
class Place:
    """A page on the way to another: its name, its path without an ending, and a fragment."""

    title: Text
    path: str
    fragment: str = ""


class Navigation:
    """The menu of a site, and the way to each of its pages."""

    def __init__(self, publication: Publication) -> None:
        self.is_plain = publication.project.is_plain
        left_out = {*(() if publication.has_scripts else (ASK,)), *((CITIES,) if self.is_plain else ())}
        self.menu = [Place(title, path) for path, title in self._titles() if path not in left_out]
        self._ask = Place(_TITLES[ASK], ASK) if publication.has_scripts else Place(_TITLES[DATA], DATA)

    def _titles(self) -> Iterator[tuple[str, Text]]:
        for path in (OVERVIEW, CITIES, *([EVERYTHING] if self.is_plain else []), ASK, DATA, ABOUT):
            yield path, _TITLES[path]

    def way(self, path: str) -> list[Place]:
        """The pages above a page that is no page of the menu, the first of them one that is; the page itself is not
        among them."""
        if any(place.path == path for place in self.menu):
            return []
        if path.startswith("doc/"):
            return self._way_to_document(path.split("/")[1])
        if path.startswith(f"{EVERYTHING}/"):
            return [*self.way(EVERYTHING), Place(_TITLES[EVERYTHING], EVERYTHING)]
        above = ABOUT if path.startswith("documentation/") else _ABOVE.get(path)
        return [Place(_TITLES[above], above)] if above else []

    def section(self, path: str) -> str:
        """The page of the menu that a page is below, or is; empty where it is below none."""
        if any(place.path == path for place in self.menu):
            return path
        return next((place.path for place in self.way(path)), "")

    def _way_to_document(self, folder: str) -> list[Place]:
        """The way to the page of a resource, by the folder of its document."""
        everything = Place(_TITLES[EVERYTHING], EVERYTHING)
        if self.is_plain:
            return [everything]
        if folder == "query":
            return [self._ask]
        if folder in RULES:
            return [Place(_TITLES[ABOUT], ABOUT), Place(_TITLES["shapes"], "shapes")]
        top = [Place(_TITLES[CITIES], CITIES)] if folder in BROWSED else [Place(_TITLES[DATA], DATA), everything]
        if folder == "city":
            return top
        return [*top, Place(FOLDERS.get(folder, Text(folder)), top[-1].path, folder)]
