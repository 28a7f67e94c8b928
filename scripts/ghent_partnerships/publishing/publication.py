"""What all that is published shares: the project, its data set, and where it will stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..project.project import Project
from ..rdf.index import GraphIndex
from ..sparql.views import DataSet
from ..text import NO_TEXT, Text
from .addresses import Addresses, common

_UNITS = ((2, "MB"), (1, "kB"), (0, "B"))


@dataclass(frozen=True)
class Publication:
    """One project, as it is published.

    ``of`` is what its graph says of the data set, and ``addresses`` where the documents are. ``address`` is where all
    will be served, ending in a slash. ``licence_name`` is what the licence is called in short. ``has_scripts`` says
    whether there is a bundle of scripts, without which there is neither a query page nor a search, ``fed`` whether
    there is a feed of changes, ``sparql`` whether there is an endpoint at ``sparql`` below the address, and
    ``has_previews`` whether there are pictures for other sites to show of pages. ``sizes`` are the bytes of the files
    of data that were written before the pages, by their paths."""

    project: Project
    of: DataSet
    addresses: Addresses
    address: str
    licence_name: Text = NO_TEXT
    has_scripts: bool = False
    fed: bool = False
    sparql: bool = True
    has_previews: bool = False
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The namespaces by their prefixes."""
        return self.project.prefixes

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages of the pages, the one first whose files have no language in their names."""
        return self.of.languages

    @property
    def base(self) -> str:
        """What the IRIs of what is published about the data start with: by default the address."""
        return self.project.base or self.address

    @property
    def data_set(self) -> str:
        """The IRI of the data set."""
        return self.project.data_set.iri or f"{self.base}#dataset"

    @property
    def catalogue(self) -> str:
        """The IRI of the document with the catalogue."""
        return f"{self.base}catalog"

    @property
    def repository(self) -> str:
        """The address of the repository; empty where the settings have none."""
        return self.project.settings.repository

    @property
    def homepage(self) -> str:
        """The page of the publisher: by default the repository, if there is one."""
        of = self.project.data_set
        return of.value("foaf:homepage", of.publisher) or self.repository

    @property
    def home_city(self) -> str:
        """The IRI of the city that all is about; empty where the data set names none."""
        return self.project.data_set.home_city

    @property
    def name(self) -> Text:
        """What the site is called in short: the other title of the data set, or its title."""
        return self.project.data_set.text("dcterms:alternative") or self.of.title

    @property
    def publisher(self) -> str:
        """What the publisher is called: by default as the data set is."""
        return self.project.data_set.publisher_name or str(self.of.title)

    @cached_property  # the links of a large graph ask for it one by one
    def space(self) -> str:
        """What the IRIs of the resources start with."""
        return self.project.id if self.addresses.bases else self.project.base or common(self.addresses.documents)

    def size(self, path: str) -> str:
        """How large a file is, as people say it: empty where that is not known.

        >>> from types import SimpleNamespace
        >>> [Publication.size(SimpleNamespace(sizes={"a": size}), "a") for size in (0, 999, 1_500, 2_400_000)]
        ['0\\xa0B', '999\\xa0B', '2\\xa0kB', '2\\xa0MB']
        """
        size = self.sizes.get(path)
        if size is None:
            return ""
        amount, unit = next((size / 1000**power, unit) for power, unit in _UNITS if size >= 1000**power or not power)
        return f"{amount:.0f}\u00a0{unit}"

    def examples(self, graph_index: GraphIndex) -> list[str]:
        """The resources that the data set names as examples, or else the home city, or the first city, and the first
        partnership."""
        stated = [value.value for value in self.project.data_set.values("void:exampleResource")]
        cities = [self.home_city] if self.home_city else graph_index.instances("gp:City")[:1]
        others = list(self.addresses.documents)[:1] if self.project.is_plain else []
        inferred = [*cities, *graph_index.instances("gp:Partnership")[:1], *others]
        return [iri for iri in stated or inferred if graph_index.of(iri)]

    @property
    def whole(self) -> str:
        """The path of the files of the whole graph, without an ending."""
        return self.project.stem
