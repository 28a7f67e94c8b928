"""What the pages of one graph are made from, and what every template is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from markupsafe import Markup
from pyoxigraph import Store, Triple

from ...project.evidence import Evidences
from ...rdf.index import GraphIndex
from ...rdf.retired import retired
from ...text import Text
from ...validation import explain
from ...wikidata.snapshot import Snapshot, read_snapshot
from ..answers import Answers
from ..catalogue.authorities import language_name
from .facts import ResourceFacts
from .maps import Maps
from .partners import Partners
from .status import Statuses
from .story import Story, capital
from .templating import Pages

FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}


@dataclass(frozen=True)
class Rule:
    """A rule, with what is wrong and right by it, and the page that lists it."""

    code: str
    means: Text
    why: Text
    fix: Text
    shape: str
    examples: tuple[tuple[str, ...], ...]
    page: str


class Context:
    """One graph, indexed and described, with the templates that its pages are rendered by."""

    def __init__(
        self, graph_index: GraphIndex, resources: Mapping[str, Sequence[Triple]], store: Store, pages: Pages
    ) -> None:
        self.graph_index, self.about, self.store, self.pages = graph_index, resources, store, pages
        self.publication, self.answers = pages.publication, Answers(store)
        gone = retired(chain.from_iterable(resources.values()))
        self.listed = [iri for iri in resources if iri not in gone]
        self.evidences = Evidences(graph_index)
        self.resource_facts = ResourceFacts(graph_index, self.evidences, self.publication.addresses)
        self.story = Story(graph_index, self.evidences, self.publication.home_city)
        self.statuses = Statuses(graph_index, self.evidences)
        self.maps = Maps(graph_index, self.story, self.statuses, self.publication.addresses)
        self.partners = Partners(graph_index, self.story)
        self.drawn: dict[tuple[object, ...], Markup] = {}  # the maps of pages of resources
        self.shared: dict[str, object] = {
            "capital": capital,
            "formats": FORMATS.items(),
            "home": self._home,
            "iris": graph_index.iris,
            "label": graph_index.label,
            "language_name": language_name,
            "names": _NAMES,
            "reasoning": lambda iri: graph_index.texts(iri, "gp:reasoning"),
            "attribution": self.evidences.attribution,
            "reference": self.resource_facts.reference,
            "status": self.statuses.of,
        }

    @cached_property
    def rules(self) -> list[Rule]:
        """Every rule in words, each with what is wrong and what is right by it."""
        return [
            Rule(
                explanation.code,
                explanation.means,
                explanation.why,
                explanation.fix,
                explanation.shape,
                tuple(map(tuple, explain.examples_of(explanation))),
                explanation.suite,
            )
            for explanation in explain.explanations(self.publication.project)
        ]

    @cached_property
    def snapshot(self) -> Snapshot | None:
        """What Wikidata says, as of the day of its snapshot; None where there is no snapshot."""
        project = self.publication.project
        return None if project.is_plain or not project.snapshot_file.is_file() else read_snapshot(project)

    def _home(self, iri: str) -> tuple[str, str]:
        """The page about an IRI of the project."""
        found = self.publication.addresses.home(iri)
        assert found is not None
        return found
