"""What the rules of a project ask its graphs."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..rdf.encoded import Encoded
from ..rdf.source_map import SourceMap

if TYPE_CHECKING:
    from .rules import Words


@dataclass(frozen=True)
class Context:
    """Where the statements stand, the words of the rules, and the graphs as numbers: that of the project, and what is
    about it."""

    source_map: SourceMap
    words: Words
    graph: Encoded
    about: Encoded

    @cached_property
    def described(self) -> Set[str]:
        """The subjects in both graphs, as N-Triples writes them."""
        return {graph.terms.texts[number] for graph in (self.graph, self.about) for number in graph.described}

    @cached_property
    def objects(self) -> Set[str]:
        """The objects in both graphs, likewise."""
        return {graph.terms.texts[number] for graph in (self.graph, self.about) for number in graph.values}

    def names(self, start: str) -> tuple[str, ...]:
        """The IRIs that are described and start like this, in order."""
        return tuple(sorted(text[1:-1] for text in self.described if text.startswith(f"<{start}")))
