"""What the rules of a project ask its graphs."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from ..project.project import Project
from ..rdf.encoded import Encoded
from ..rdf.source_map import SourceMap
from ..rdf.turtle import abbreviate
from .rule_words import Words


def name(term: object, project: Project) -> str:
    """Return a term with a prefix of the project where one fits."""
    return abbreviate(term, project.prefixes) if isinstance(term, NamedNode | BlankNode | Literal) else ""


def text_of(term: object) -> str:
    """Return the IRI or the text of a term; a blank node has none."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


@dataclass(frozen=True)
class Context:
    """The project, where the statements stand, the words of the rules, the graphs as numbers: that of the project, and
    what is about it; and what the IRIs of the resources start with that the project and the vocabulary describe."""

    project: Project
    source_map: SourceMap
    words: Words
    graph: Encoded
    about: Encoded
    starts: tuple[str, ...]

    def name(self, term: object) -> str:
        """A term with a prefix of the project where one fits."""
        return name(term, self.project)

    @cached_property
    def described(self) -> Set[str]:
        """The subjects in both graphs, as N-Triples writes them."""
        return {graph.terms.texts[number] for graph in (self.graph, self.about) for number in graph.described}

    @cached_property
    def objects(self) -> Set[str]:
        """The objects in both graphs, likewise."""
        return {graph.terms.texts[number] for graph in (self.graph, self.about) for number in graph.values}

    def names(self, start: str | tuple[str, ...]) -> tuple[str, ...]:
        """The IRIs that are described and start like this, in order."""
        texts = (text for text in self.described if text[0] == "<" and text.startswith(start, 1))
        return tuple(sorted(text[1:-1] for text in texts))
