"""A shapes graph: its shapes, their targets, paths and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..errors import UsageError
from ..rdf.namespaces import PREFIXES
from ..rdf.tokens import SCHEME, unescape_iri
from ..rdf.turtle import FIRST, NIL, REST, TYPE, Node, Statements, by_subject
from ..sparql.text import demand_reading, tokens
from ..text import Text
from ..translation import message as _
from .results import UnusableError

Term = NamedNode | BlankNode | Literal
SH = PREFIXES["sh"]
_CLASSES = (PREFIXES["rdfs"] + "Class", PREFIXES["owl"] + "Class")
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_NOTATION = PREFIXES["skos"] + "notation"
REFERENCES = ("property", "node", "not", "qualifiedValueShape")  # what names one shape, and what lists some
LISTS = ("and", "or", "xone")
_TARGETS = tuple(SH + name for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"))
_OF_SHAPES = {
    SH + name
    for name in (
        *(target.removeprefix(SH) for target in _TARGETS),
        *(
            "property",
            "node",
            "not",
            "and",
            "or",
            "xone",
            "qualifiedValueShape",
            "sparql",
            "closed",
            "class",
            "datatype",
        ),
        *("nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
        *("minLength", "maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan"),
        *("lessThanOrEquals", "in", "hasValue"),
    )
}
_STEPS = {"inversePath": "^{}", "zeroOrMorePath": "({})*", "oneOrMorePath": "({})+", "zeroOrOnePath": "({})?"}


def demand_usable(query: str, node: object) -> str:
    """Refuse the query of a node, with its prefixes, that no engine may be given; return its query form,
    like SELECT.

    A shapes graph may come from several files, so nothing says what a relative IRI starts at: one engine would refuse
    it, the other find nothing.

    Raises:
        UnusableError: the query is an update, has a SERVICE clause, or has a relative IRI and no base.
    """
    try:
        query_form = demand_reading(query, allow_service=False)
    except UsageError as error:
        raise UnusableError(Text(str(error).partition(";")[0]), node) from error
    before = ""
    for token in tokens(query):
        if token.kind == "iri":
            if not SCHEME.match(unescape_iri(token.text[1:-1])):
                reason = _("a query has the relative IRI {iri}, and no BASE that it starts at", iri=token.text)
                raise UnusableError(reason, node)
            if before == "BASE":
                break
        before = token.keyword
    return query_form


@dataclass(frozen=True)
class SparqlConstraint:
    """A constraint with a SELECT query: on which shape, and the query with its prefixes."""

    shape: Node
    constraint: Node
    text: str


class Shapes:
    """A shapes graph of SHACL, indexed by subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(triples)
        self.about: Statements = by_subject(self.triples)
        self.nested = {reference for shape in self.about for reference in self._references(shape)}
        self.properties = {value for about in self.about.values() for value in about.get(SH + "property", ())}

    def objects(self, node: object, predicate: str) -> Sequence[Term]:
        """The objects of a node's property."""
        return self.about.get(node, {}).get(predicate, ())  # type: ignore[call-overload, no-any-return]

    def values(self, name: str) -> Iterator[Term]:
        """The values that any shape has for a property of SHACL, of which ``name`` is the local name."""
        for about in self.about.values():
            yield from about.get(SH + name, ())

    def members(self, start: object) -> Iterator[Term]:
        """The members of a collection; of one that comes back to itself, each once."""
        seen = set()
        cell = start
        while cell in self.about and cell not in seen:
            seen.add(cell)
            yield from self.objects(cell, FIRST)
            cell = next(iter(self.objects(cell, REST)), NamedNode(NIL))

    def texts(self, node: object, name: str) -> dict[str, str]:
        """The texts of a shape's ``sh:message`` or ``sh:description``, by language; "" where a text has none."""
        values = self.objects(node, SH + name)
        return {value.language or "": value.value for value in values if isinstance(value, Literal)}

    def code(self, node: object) -> str:
        """The code of a rule, like GP012, or nothing."""
        return next((value.value for value in self.objects(node, _NOTATION) if isinstance(value, Literal)), "")

    def path(self, shape: object) -> str:
        """The path of a property shape as a property path of SPARQL 1.1, or nothing."""
        return next((self._path(value, 0) for value in self.objects(shape, SH + "path")), "")

    def _path(self, node: Term, depth: int) -> str:
        if isinstance(node, NamedNode) or depth > _DEEPEST:
            return str(node)
        if self.objects(node, FIRST):
            return f"({'/'.join(self._path(step, depth + 1) for step in self.members(node))})"
        for name, template in _STEPS.items():
            for inner in self.objects(node, SH + name):
                return template.format(self._path(inner, depth + 1))
        for alternatives in self.objects(node, SH + "alternativePath"):
            return f"({'|'.join(self._path(alternative, depth + 1) for alternative in self.members(alternatives))})"
        return str(node)

    def targets(self) -> Iterator[tuple[Node, str, Term]]:
        """Each target of each shape: the shape, the property that gives the target, and the target. A shape that is a
        class, directly or as what a class of classes has for an instance, is about its instances."""
        for shape, about in self.about.items():
            for predicate in _TARGETS:
                for target in about.get(predicate, ()):
                    yield shape, predicate, target
            if not self.classes.isdisjoint(about.get(TYPE, ())) and self.is_shape(shape):
                yield shape, SH + "targetClass", shape

    @cached_property
    def classes(self) -> Set[Term]:
        """The classes of classes: those of RDFS and OWL, and what the shapes graph makes a part of them."""
        return self.subclasses(*_CLASSES)

    def subclasses(self, *iris: str) -> Set[Term]:
        """Classes, and what the shapes graph makes a part of them."""
        below: dict[Term, list[Term]] = {}
        for node, about in self.about.items():
            for above in about.get(_SUBCLASS, ()):
                below.setdefault(above, []).append(node)
        found: dict[Term, None] = dict.fromkeys(map(NamedNode, iris))
        waiting = list(found)
        for class_ in waiting:
            fresh = [part for part in below.get(class_, ()) if part not in found]
            found.update(dict.fromkeys(fresh))
            waiting += fresh
        return found.keys()

    def is_shape(self, node: Term) -> bool:
        """Whether a node is a shape: by its type, a target or a constraint."""
        about = self.about.get(node, {})  # type: ignore[arg-type]
        kinds = {value.value for value in about.get(TYPE, ())}
        return bool(kinds & {SH + "NodeShape", SH + "PropertyShape"}) or not _OF_SHAPES.isdisjoint(about)

    def expected(self, node: Term) -> set[Term]:
        """The predicates that a closed shape expects: those of its property shapes, and those that it ignores."""
        paths = {path for shape in self.objects(node, SH + "property") for path in self.objects(shape, SH + "path")}
        ignored = {member for start in self.objects(node, SH + "ignoredProperties") for member in self.members(start)}
        return {path for path in paths if isinstance(path, NamedNode)} | ignored

    def siblings(self, shape: Term, qualified: Term) -> list[Term]:
        """What the other property shapes of its parents qualify their values by, where the shape wants these apart."""
        if all(value.value != "true" for value in self.objects(shape, SH + "qualifiedValueShapesDisjoint")):
            return []
        parents = [about for about in self.about.values() if shape in about.get(SH + "property", ())]
        properties = dict.fromkeys(value for about in parents for value in about[SH + "property"])
        others = (value for node in properties for value in self.objects(node, SH + "qualifiedValueShape"))
        return [value for value in dict.fromkeys(others) if value != qualified]

    def _references(self, shape: object) -> Iterator[Term]:
        for name in REFERENCES:
            yield from self.objects(shape, SH + name)
        for name in LISTS:
            for value in self.objects(shape, SH + name):
                yield from self.members(value)

    @cached_property
    def recursive(self) -> Set[object]:
        """The shapes that lead to one that leads back to itself."""
        references = {shape: set(self._references(shape)) for shape in self.about}
        sorter = TopologicalSorter(references)
        with suppress(CycleError):  # by which the sorter still knows what comes before the cycle
            sorter.prepare()
        left = set(references)
        while ready := sorter.get_ready():
            left.difference_update(ready)
            sorter.done(*ready)
        return left

    def sparql(self) -> Iterator[SparqlConstraint]:
        """The constraints that are SELECT queries, but for those that are deactivated."""
        for shape, about in self.about.items():
            for constraint in about.get(SH + "sparql", ()):
                if self.is_active(shape) and self.is_active(constraint):
                    for select in self.objects(constraint, SH + "select"):
                        yield SparqlConstraint(shape, constraint, f"{self.prologue(constraint)}{select.value}")  # type: ignore[arg-type]

    def is_active(self, node: object) -> bool:
        """Whether a shape or a constraint is not deactivated."""
        return not any(value.value == "true" for value in self.objects(node, SH + "deactivated"))

    def declarations(self, nodes: Iterable[Term]) -> Iterator[Term]:
        """The prefix declarations of these nodes and of what they import."""
        waiting = list(nodes)
        seen: set[Term] = set()
        for node in waiting:
            if node not in seen:
                seen.add(node)
                yield from self.objects(node, SH + "declare")
                waiting += self.objects(node, PREFIXES["owl"] + "imports")

    def prologue(self, constraint: Term) -> str:
        """The prefixes of a constraint, declared on one line, so that places in its query stay right.

        Raises:
            UnusableError: a declaration has not exactly one prefix and one namespace, or a prefix has two namespaces.
        """
        declared: dict[str, str] = {}
        for declaration in self.declarations(self.objects(constraint, SH + "prefixes")):
            names, namespaces = (self.objects(declaration, SH + name) for name in ("prefix", "namespace"))
            if [*map(type, names)] != [Literal] or [*map(type, namespaces)] != [Literal]:
                raise UnusableError(_("a sh:declare has not exactly one sh:prefix and one sh:namespace"), constraint)
            if declared.setdefault(names[0].value, namespaces[0].value) != namespaces[0].value:
                reason = _("the prefix {prefix}: is declared for two namespaces", prefix=names[0].value)
                raise UnusableError(reason, constraint)
        return "".join(f"PREFIX {name}: <{iri}> " for name, iri in sorted(declared.items()))


_DEEPEST = 50
