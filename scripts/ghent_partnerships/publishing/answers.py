"""What queries answer of the graph that is published: each is asked once, whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from ..sparql.run import ask, read_results

_JSON = QueryResultsFormat.JSON


class Answers:
    """The answers of a store, by the texts of the queries."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, bytes | None] = {}

    def written(self, texts: Mapping[str, str]) -> dict[str, bytes | None]:
        """The answer to each query, which are given by name, as SPARQL 1.1 Query Results JSON; None of one that makes
        a graph.

        Raises:
            UsageError: a query does not only read.
            InvalidError: one has a syntax error, or cannot be answered, or not within a minute.
        """
        new = {name: text for name, text in texts.items() if text not in self._known}
        for name, results in ask(self._store, new).items():
            self._known[new[name]] = None if isinstance(results, list) else results.serialize(format=_JSON)
        return {name: self._known[text] for name, text in texts.items()}

    def read(self, texts: Mapping[str, str]) -> dict[str, QuerySolutions | QueryBoolean | None]:
        """The answer to each query as its results, to be read once; None of one that makes a graph.

        Raises:
            UsageError, InvalidError: as for ``written``.
        """
        return {
            name: None if answer is None else read_results(answer, _JSON)
            for name, answer in self.written(texts).items()
        }
