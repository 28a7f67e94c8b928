"""A store that has the Graph Store Protocol and no Update: each graph is written in its place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..http import RefusedError
from .store import NOT_FOUND, Pair, Store


class GraphStore(Store):
    """A store that is written to by the Graph Store Protocol alone. What it cannot do in one step is done in several:
    a graph is copied by way of the client, and readers may see half of one that is being written."""

    def count(self, graph: str) -> int:
        """The number of statements in a graph, which need not be there.

        Raises:
            UsageError: there is no answer, or another than a graph.
        """
        with self.graph(graph) as content:
            return content.count

    def copy(self, source: str, target: str) -> None:
        """Copy a graph to another place.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        with self.graph(source) as content:
            if not content.count:
                self.drop([target])
            for _written in self.write(target, content):
                pass

    def drop(self, graphs: Collection[str]) -> None:
        """Remove graphs, which need not be there.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        for graph in graphs:
            try:
                self.request("DELETE", self.address(graph))
            except RefusedError as error:
                if error.status != NOT_FOUND:
                    raise

    def replace(self, pairs: Sequence[Pair], condition: str) -> None:  # noqa: ARG002
        """Give each graph of the pairs the content of its source, whatever the condition.

        Raises:
            UsageError: the store refuses, or gives no answer.
        """
        for pair in pairs:
            self.copy(pair.source, pair.graph)

    def is_same(self, pair: Pair) -> bool:
        """Whether a graph has the content of its source.

        Raises:
            UsageError: there is no answer.
        """
        with self.graph(pair.graph) as content, self.graph(pair.source) as other:
            return content.digest == other.digest
