"""What the pages of one graph are made from, and what every template is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pyoxigraph import Store, Triple

from ...rdf.index import Knowledge, home
from ...rdf.retired import retired
from ...text import Text
from ...validation import explain
from .evidence import Evidences
from .facts import Describing
from .story import Telling, capital
from .templating import Pages

FORMS = {
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
    mend: Text
    shape: str
    examples: tuple[tuple[str, ...], ...]
    page: str


class Context:
    """One graph, indexed and described, with the templates that its pages are rendered by."""

    def __init__(
        self, knowledge: Knowledge, resources: Mapping[str, Sequence[Triple]], store: Store, pages: Pages
    ) -> None:
        self.knowledge, self.about, self.store, self.pages = knowledge, resources, store, pages
        gone = retired(chain.from_iterable(resources.values()))
        self.listed = [iri for iri in resources if iri not in gone]
        self.evidences = Evidences(knowledge)
        self.describing = Describing(knowledge, self.evidences)
        self.telling = Telling(knowledge, self.evidences)
        self.shared: dict[str, object] = {
            "capital": capital,
            "forms": FORMS.items(),
            "home": _home,
            "label": knowledge.label,
            "names": _NAMES,
            "reasoning": lambda iri: knowledge.texts(iri, "gp:reasoning"),
            "reference": self.describing.reference,
        }

    @cached_property
    def rules(self) -> list[Rule]:
        """Every rule in words, each with what is wrong and what is right by it."""
        return [
            Rule(
                one.code,
                one.means,
                one.why,
                one.mend,
                one.shape,
                tuple(map(tuple, explain.examples_of(one))),
                one.suite,
            )
            for one in explain.explanations()
        ]


def _home(iri: str) -> tuple[str, str]:
    """The page about an IRI of ours."""
    found = home(iri)
    assert found is not None
    return found
