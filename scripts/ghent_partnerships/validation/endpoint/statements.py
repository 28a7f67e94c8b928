"""The statements of a store, fetched as they are needed, in answers of a bounded size.

A store may cut an answer off without a word: what is as long as an answer can be is asked again in parts. Blank nodes
have no name by which a later query could ask for them, so all statements with one are fetched at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ...project.source import Row, Source
from ...rdf.namespaces import PREFIXES
from ...translation import digits
from ...translation import message as _
from ..engines.sparql import Solution
from ..results import UnusableError
from ..shapes import Term
from .conditions import written

SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_ROWS = 5_000  # of an answer: Virtuoso sorts 10,000 at most
_NODES = 150  # that a query names
_MOST_BLANK = 200_000  # statements with a blank node
_MOST = 2_000_000  # statements that are kept at a time
_WHOLE = 200_000  # statements of a store that is fetched as a whole
Step = tuple[NamedNode | None, bool]  # a predicate, or any; whether from its objects to its subjects


class Statements:
    """The graph of a store, of which ``triples`` are those that were fetched."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.triples: dict[Triple, None] = {}
        self._known: dict[str, bool] = {}
        self._values: dict[tuple[Step, Term], dict[Term, None]] = {}
        self._asked: dict[Step, set[Term]] = {}
        self._rows = self._answered()
        self._blank = self._with_blank_nodes()
        self.forget()

    def forget(self) -> None:
        """Keep only the statements with blank nodes."""
        self.triples, self._values, self._asked = {}, {}, {}
        for triple in self._blank:
            self._keep(triple)

    def nodes(self, pattern: str, prologue: str = "") -> Iterator[Term]:
        """The nodes ``?this`` of a pattern that are no blank nodes, each once."""
        # Virtuoso takes 1 and "1"^^xsd:byte for one value.
        columns = "DISTINCT ?this (DATATYPE(?this) AS ?datatype)"
        for row in self._paged(columns, f"{pattern} FILTER(!isBlank(?this))", "this", prologue=prologue):
            yield _term(row, "this")

    def among(self, nodes: Iterable[Term], pattern: str) -> Iterator[Term]:
        """Those of some nodes that ``?this`` of a pattern is."""
        names = [*dict.fromkeys(map(written, nodes))]
        for start in range(0, len(names), _NODES):
            yield from self.nodes(f"VALUES ?this {{ {' '.join(names[start : start + _NODES])} }} {pattern}")

    def blank_nodes(self, step: Step, values: Collection[Term] | None = None) -> Iterator[Term]:
        """The blank nodes from which a step leads to something, or to some values."""
        for (known, node), ends in self._values.items():
            if known == step and isinstance(node, BlankNode) and (values is None or not ends.keys().isdisjoint(values)):
                yield node

    def step(self, step: Step, nodes: Iterable[Term]) -> dict[Term, None]:
        """What a step leads to from some nodes."""
        nodes, asked = dict.fromkeys(nodes), self._asked.setdefault(step, set())
        every = self._asked.get((None, step[1]), asked)
        fresh = [
            node
            for node in nodes
            if node not in asked
            and node not in every
            and not isinstance(node, BlankNode)
            and (step[1] or isinstance(node, NamedNode))
        ]
        asked.update(fresh)
        for start in range(0, len(fresh), _NODES):
            for triple in self._about(step, fresh[start : start + _NODES]):
                self._keep(triple)
        return {value: None for node in nodes for value in self._values.get((step, node), ())}

    def classes(self, class_: Term) -> dict[Term, None]:
        """A class with its subclasses."""
        found = {class_: None}
        waiting: Collection[Term] = [class_]
        while waiting:
            below = self.step((SUBCLASS, True), waiting)
            waiting = [node for node in below if node not in found]
            found.update(dict.fromkeys(waiting))
        return found

    def solutions(self, query: str, nodes: Sequence[Term]) -> dict[Term, list[Solution]]:
        """The solutions of a query that has one group, for each of some nodes that ``?this`` is.

        Raises:
            UnusableError: there are more for a node than the store answers with.
        """
        found: dict[Term, list[Solution]] = {node: [] for node in nodes}
        for start in range(0, len(nodes), _NODES):
            for row in self._solved(query, nodes[start : start + _NODES]):
                solution = {name: _term(row, name) for name in row}
                if "this" in solution:
                    found.setdefault(solution["this"], []).append(solution)
        return found

    def _solved(self, query: str, nodes: Sequence[Term]) -> Sequence[Row]:
        start, brace, rest = query.partition("{")
        rows = self.source.select(f"{start}{brace} VALUES ?this {{ {' '.join(map(written, nodes))} }} {rest}")
        if len(rows) < self._rows:
            return rows
        if len(nodes) == 1:
            reason = _("a query of theirs has more solutions for {node} than the store answers with", node=nodes[0])
            raise UnusableError(reason)
        middle = len(nodes) // 2
        return [*self._solved(query, nodes[:middle]), *self._solved(query, nodes[middle:])]

    def fetch(self, predicates: Collection[str] | None) -> None:
        """Fetch all statements with some predicates, or with any.

        Raises:
            UnusableError: the store has more than can be fetched.
        """
        if predicates is None:
            self._fetch_all()
        for predicate in map(NamedNode, predicates or ()):
            where = f"?s {written(predicate)} ?o FILTER(!isBlank(?s) && !isBlank(?o))"
            for row in self._paged("?s ?o", where, "s"):
                self._keep(_triple(_term(row, "s"), predicate, _term(row, "o")))

    def has(self, pattern: str) -> bool:
        """Whether there is something of a pattern."""
        if (known := self._known.get(pattern)) is None:
            known = self._known[pattern] = self.source.ask(f"ASK {{ {pattern} }}")
        return known

    def count(self, pattern: str = "?s ?p ?o") -> int:
        """How many solutions a pattern has."""
        for row in self.source.select(f"SELECT (COUNT(*) AS ?number) WHERE {{ {pattern} }}"):
            if isinstance(number := row.get("number"), Literal) and number.value.isdecimal():
                return int(number.value)
        raise UnusableError(_("the store does not count its statements"))

    def _answered(self) -> int:
        """How many rows the store answers with: as many as it is asked for, or fewer, of which it says nothing."""
        rows = sum(1 for _row in self.source.select(f"SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {_ROWS}"))
        return _ROWS if rows == _ROWS or rows == self.count() else max(rows, 1)

    def _with_blank_nodes(self) -> Sequence[Triple]:
        pattern = "?s ?p ?o FILTER(isBlank(?s) || isBlank(?o))"
        number = self.count(pattern)
        if number > _MOST_BLANK:
            reason = _(
                "the store has {number} statements with blank nodes, which have no name to ask for them by: {most} are "
                "the most; give the nodes IRIs, or check a file",
                number=digits(number),
                most=digits(_MOST_BLANK),
            )
            raise UnusableError(reason)
        return self._at_once(pattern, number) if number else []

    def _fetch_all(self) -> None:
        if (number := self.count()) > _WHOLE:
            reason = _(
                "a query of theirs can be about any statement, and the store has {number}: {most} are the most that "
                "are fetched for it; check a file",
                number=digits(number),
                most=digits(_WHOLE),
            )
            raise UnusableError(reason)
        pattern = "?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o))"
        for triple in self._at_once(pattern, self.count(pattern)):
            self._keep(triple)

    def _at_once(self, pattern: str, number: int) -> Sequence[Triple]:
        """The statements of a pattern, of which there are so many, from one answer: in another, blank nodes may have
        other names."""
        names: dict[str, BlankNode] = {}
        rows = self.source.select(f"SELECT ?s ?p ?o WHERE {{ {pattern} }}")
        triples = [_triple(*(_renamed(_term(row, name), names) for name in "spo")) for row in rows]
        if len(triples) < number:
            reason = _(
                "the store answers with {rows} of {number} statements that cannot be asked for in parts, since they "
                "have blank nodes or the shapes need them all; raise its limit",
                rows=digits(len(triples)),
                number=digits(number),
            )
            raise UnusableError(reason)
        return triples

    def _about(self, step: Step, nodes: Sequence[Term]) -> Iterator[Triple]:
        """The statements that a step follows from some nodes, in as many answers as it takes."""
        predicate, backwards = step
        known, other = ("?o", "?s") if backwards else ("?s", "?o")
        named = "?p" if predicate is None else written(predicate)
        where = f"VALUES {known} {{ {' '.join(map(written, nodes))} }} ?s {named} ?o FILTER(!isBlank({other}))"
        columns = f"?s ?o{' ?p' if predicate is None else ''}"
        rows = self.source.select(f"SELECT {columns} WHERE {{ {where} }} LIMIT {self._rows}")
        if len(rows) >= self._rows and len(nodes) > 1:
            middle = len(nodes) // 2
            for part in (nodes[:middle], nodes[middle:]):
                yield from self._about(step, part)
            return
        if len(rows) >= self._rows:
            rows = [*self._paged(columns, where, other[1:])]
        for row in rows:
            yield _triple(_term(row, "s"), predicate or _term(row, "p"), _term(row, "o"))

    def _paged(self, columns: str, where: str, key: str, *, prologue: str = "") -> Iterator[Row]:
        """The rows, each once, in answers in the order of a column: each begins with what the last ended with."""
        seen: dict[tuple[object, ...], None] = {}
        last = page = ""
        while True:
            text = f"{prologue}SELECT {columns} WHERE {{ {where} {page} }}"
            rows = self.source.select(f"{text} ORDER BY STR(?{key}) LIMIT {self._rows}")
            before, seen = seen, {}
            for row in rows:
                seen[found := tuple(sorted(row.items()))] = None
                if found not in before:
                    yield row
            if len(rows) < self._rows:
                return
            previous, last = last, _term(rows[-1], key).value
            if last == previous:
                reason = _("the store has more about {node} than it answers with at once; raise its limit", node=last)
                raise UnusableError(reason)
            page = f"FILTER(STR(?{key}) >= {Literal(last)})"

    def _keep(self, triple: Triple) -> None:
        if len(self.triples) >= _MOST:
            reason = _("they need more than {most} statements of the store at a time", most=digits(_MOST))
            raise UnusableError(reason)
        self.triples[triple] = None
        subject, predicate, value = triple
        for named in (predicate, None):
            self._values.setdefault(((named, False), subject), {})[value] = None
            self._values.setdefault(((named, True), value), {})[subject] = None


def _term(row: Row, name: str) -> Term:
    term = row.get(name)
    if not isinstance(term, Term):
        raise UnusableError(_("the store answers without a term that RDF 1.1 has where {name} is asked for", name=name))
    return term


def _triple(subject: Term, predicate: Term, value: Term) -> Triple:
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise UnusableError(_("the store answers with a statement that RDF does not have"))
    return Triple(subject, predicate, value)


def _renamed(term: Term, names: dict[str, BlankNode]) -> Term:
    """The term, a blank node with a name of ours: what a store calls it may be no label."""
    return names.setdefault(term.value, BlankNode()) if isinstance(term, BlankNode) else term
