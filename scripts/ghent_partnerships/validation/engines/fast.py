"""The same findings in a hundredth of the time: ``shacl``, written in Rust, for the core constraints; Oxigraph for the
SPARQL ones, each query with ``$this`` bound to one focus node after another, so that time grows with the data alone.

Neither knows all of SHACL, so what they do not know is left to pySHACL: see ``knows``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple, Variable

from ...rdf.turtle import RDF, XSD, Node
from ...sparql.syntax_errors import engine_error, mistake
from ...sparql.text import tokens
from ...translation import message as _
from ..results import ELSEWHERE, Result, Term, UnusableError
from ..shapes import SH, Shapes, SparqlConstraint, demand_usable, focus_nodes

_SKOLEM = "urn:ghent-partnerships:shape:"
_OF_SPARQL = f"{SH}SPARQLConstraintComponent"
_THIS_ONE = ("?this", "$this")
_UNBOUND = ("$PATH", "?shapesGraph", "$shapesGraph", "?currentShape", "$currentShape")  # are not bound beforehand
_COMPARISONS = {f"{SH}lessThan", f"{SH}lessThanOrEquals"}
_NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}
_NEVER_NUMBERS = {f"{XSD}string", f"{XSD}anyURI", RDF + "langString"}
_BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
_OF_BOUNDS = {f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent" for name in _BOUNDS}
# In regular expressions what Rust and Python do not read alike: classes in classes, look-around, and most letters that
# are escaped.
_ODD_PATTERN = re.compile(r"\\[^dDsSnrt.\\/\-\[\](){}*+?|^$#]|\[\^?\[|\[[^\]]*\[|&&|--|~~|\(\?(?!:)")
# What the two read differently, in N-Triples: white space or the end of the day in a literal that is no text; and the
# end of a line at the end of a text, before which "$" of a pattern matches in Python and not in Rust.
_TYPED = re.compile(rf'"\^\^<(?!{re.escape(XSD)}(?:string|anyURI)>)')
_OTHERWISE = re.compile(r"\s|\\[nrt]|T24:00:00")
_LINE_AT_END = re.compile(r'\\n"(?:@[\w-]+|\^\^<[^>]*>)? \.$', re.MULTILINE)


class UnsureError(Exception):
    """pySHACL must decide: a result is about a blank node, whose name the engine does not give, or about a literal
    that the two may read differently, or the engine cannot use the shapes."""


def prepare() -> None:
    """Import the engine, since the process that calls ``results`` can open no file any more."""
    import shacl  # noqa: F401


def knows(shapes: Shapes) -> bool:
    """Whether the engine is installed and knows all that the shapes use."""
    from importlib.util import find_spec

    if find_spec("shacl") is None or shapes.advanced() or not shapes.sound():
        return False
    if any(not _COMPARISONS.isdisjoint(about) for about in shapes.about.values()):
        return False
    if any(flags.value not in ("", "i") for flags in shapes.values("flags")):
        return False
    if any(_ODD_PATTERN.search(pattern.value) for pattern in shapes.values("pattern")):
        return False
    bounds = [bound for name in _BOUNDS for bound in shapes.values(name)]
    if any(not isinstance(bound, Literal) or bound.datatype.value not in _NUMBERS for bound in bounds):
        return False
    if any(isinstance(node, Literal) for node in shapes.values("targetNode")):
        return False
    return not any(_foreign(constraint.text) for constraint in shapes.sparql())


def _foreign(query: str) -> bool:
    """Whether pySHACL must decide what the query means, or that it means nothing. A doubt is a yes."""
    kept = ("variable", "mark", "call")
    texts = [token.text if token.kind in kept else token.keyword for token in tokens(query)]
    conditional, ends_in_this, selects = False, False, 0
    for number, token in enumerate(texts):
        before, after = texts[number - 1] if number else "", texts[number + 1] if number + 1 < len(texts) else ""
        ends_in_this = token in _THIS_ONE or (ends_in_this and token == ")")
        if token in _UNBOUND or token.endswith(("MINUS", "VALUES")):  # SHACL wants the latter refused
            return True
        # What Oxigraph decides as if nothing were bound beforehand: BOUND($this), and another variable for $this.
        if ends_in_this and after.startswith("AS"):
            return True
        bound = before == "(" and number > 1 and texts[number - 2].endswith("BOUND")
        if token in _THIS_ONE and (conditional or bound or before.endswith("AS")):
            return True
        conditional = token not in ("{", "}") and (conditional or (token.endswith(("IF", "COALESCE")) and after == "("))
        if "SELECT" in token:
            selects += 1
            what = next((text for text in texts[number + 1 : number + 3] if text not in ("DISTINCT", "REDUCED")), "")
            if selects > 1 and what not in _THIS_ONE:
                return True
    return False


def results(triples: Sequence[Triple], shapes: Shapes) -> Iterator[Result]:
    """What the engines find, after ``prepare``.

    Raises:
        UnusableError: they cannot use the shapes.
        UnsureError: pySHACL must decide.
    """
    yield from _core(triples, shapes)
    yield from _sparql(triples, shapes)


def _is_read_otherwise(text: str) -> bool:
    if _LINE_AT_END.search(text):
        return True
    ends = (match.start() for match in _TYPED.finditer(text))
    return any(_OTHERWISE.search(text, text.rfind('"', 0, end), end) for end in ends)


def _core(triples: Iterable[Triple], shapes: Shapes) -> Iterator[Result]:
    import shacl

    text = "".join([f"{triple} .\n" for triple in triples])
    if _is_read_otherwise(text):
        raise UnsureError
    try:
        rules = shacl.Shapes.from_text("".join(_without_sparql(shapes)), format="ntriples")
        report = rules.validate_text(text, format="ntriples")
    except ValueError as error:  # a pattern with look-ahead, for one
        raise UnsureError from error
    written = _Written(triples)
    for result in report.results:
        if result.focus_node.startswith("_:") or (result.value or "").startswith("_:"):
            raise UnsureError
        shape = _shape(result.source_shape)
        path = shapes.path(shape) or (result.path or "")
        value = written.value(result.value)
        if result.component_iri in _OF_BOUNDS and not _is_compared(value):
            raise UnsureError
        yield Result(_term(result.focus_node), path, value, shape, result.component_iri, result.severity_iri)


def _is_compared(value: Term | None) -> bool:
    """Whether both engines compare the value with a number in the same way: a text, and what is no literal, in none."""
    return not isinstance(value, Literal) or value.datatype.value in _NUMBERS | _NEVER_NUMBERS


def _without_sparql(shapes: Shapes) -> Iterator[str]:
    """The shapes as N-Triples, without their SPARQL constraints; blank shapes get names to be known by."""
    names = {node: NamedNode(_SKOLEM + node.value) for node in shapes.nested if isinstance(node, BlankNode)}
    for subject, predicate, value in shapes.triples:
        if predicate.value != f"{SH}sparql":
            yield f"{names.get(subject, subject)} {predicate} {names.get(value, value)} .\n"


def _shape(written: str | None) -> Node:
    assert written is not None
    if written.startswith(f"<{_SKOLEM}"):
        return BlankNode(written[len(_SKOLEM) + 1 : -1])
    node = _term(written)
    assert isinstance(node, NamedNode | BlankNode)
    return node


class _Written:
    """The literals as the data has them: the engine folds the case of their languages."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = triples
        self.known: dict[Literal, Literal] | None = None

    def value(self, written: str | None) -> Term | None:
        if written is None:
            return None
        term = _term(written)
        if not isinstance(term, Literal) or term.language is None:
            return term
        if self.known is None:
            values = (triple.object for triple in self.triples)
            tagged = (literal for literal in values if isinstance(literal, Literal) and literal.language is not None)
            self.known = {Literal(literal.value, language=str(literal.language).lower()): literal for literal in tagged}
        return self.known.get(term, term)


def _term(written: str) -> Term:
    if written.startswith("<"):
        return NamedNode(written[1:-1])
    quad = next(pyoxigraph.parse(f"<x:s> <x:p> {written} .", format=pyoxigraph.RdfFormat.N_TRIPLES))
    assert isinstance(quad.object, NamedNode | BlankNode | Literal)
    return quad.object


def _sparql(triples: Sequence[Triple], shapes: Shapes) -> Iterator[Result]:
    constraints = list(shapes.sparql())
    if not constraints:
        return
    for constraint in constraints:
        _demand_query(constraint)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    nodes = focus_nodes(shapes, triples, absent=True)
    values = _Values(triples)
    for constraint in constraints:
        severity = next((value.value for value in shapes.objects(constraint.shape, f"{SH}severity")), f"{SH}Violation")
        for focus in dict.fromkeys(node for targeted in nodes.get(constraint.shape, {}).values() for node in targeted):
            for solution in _solutions(store, constraint, focus):
                path = solution.get("path")
                bindings = {
                    name: "[]" if isinstance(value, BlankNode) else value.value for name, value in solution.items()
                }
                for value in values.meant(focus, solution.get("value", focus)):
                    yield Result(
                        focus,
                        str(path) if isinstance(path, NamedNode) else "",
                        value,
                        constraint.shape,
                        _OF_SPARQL,
                        severity,
                        constraint.constraint,
                        bindings,
                    )


class _Values:
    """The numbers as the data write them: Oxigraph answers 2 for 02."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = triples
        self.known: dict[object, dict[Literal, list[Literal]]] | None = None

    def meant(self, focus: Term, value: Term) -> list[Term]:
        """The values of the focus node that Oxigraph takes for this one; where there is none, that of any other node.

        Raises:
            UnsureError: other nodes have several.
        """
        if not isinstance(value, Literal) or value.language is not None:
            return [value]
        if self.known is None:
            self.known = {None: {}}
            for subject, _, written in self.triples:
                if isinstance(written, Literal) and written.language is None and written.datatype != _STRING:
                    normal = _normal(written)
                    self.known.setdefault(subject, {}).setdefault(normal, []).append(written)
                    self.known[None].setdefault(normal, []).append(written)
        if spellings := self.known.get(focus, {}).get(value):
            return [*dict.fromkeys(spellings)]
        others = [*dict.fromkeys(self.known[None].get(value, [value]))]
        if len(others) > 1:
            raise UnsureError
        return [*others]


def _normal(literal: Literal) -> Literal:
    store = Store()
    store.add(Quad(_ANY, _ANY, literal))
    stored = next(iter(store)).object
    assert isinstance(stored, Literal)
    return stored


_ANY = NamedNode("x:x")
_STRING = NamedNode(f"{XSD}string")


def _demand_query(sparql_constraint: SparqlConstraint) -> None:
    if (query_form := demand_usable(sparql_constraint.text, sparql_constraint.constraint)) != "SELECT":
        raise UnusableError(
            _("a query is no SELECT but {query_form}", query_form=query_form), sparql_constraint.constraint
        )
    try:
        Store().query(sparql_constraint.text, use_default_graph_as_union=True, default_graph=DefaultGraph())
    except SyntaxError as error:
        syntax_error = mistake(sparql_constraint.text, engine_error)
        reason = _("a query cannot be read: This is not SPARQL: {mistake}", mistake=syntax_error.message)
        raise UnusableError(reason, sparql_constraint.constraint) from error
    except ValueError:  # two default graphs are refused, after the query was read and before it is asked
        pass


def _solutions(store: Store, sparql_constraint: SparqlConstraint, focus: Term) -> Iterator[dict[str, Term]]:
    rows = store.query(sparql_constraint.text, substitutions={_THIS: focus})
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    for row in _read(rows, sparql_constraint):
        solution = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield {name: value for name, value in solution.items() if isinstance(value, NamedNode | BlankNode | Literal)}


def _read(rows: pyoxigraph.QuerySolutions, sparql_constraint: SparqlConstraint) -> Iterator[pyoxigraph.QuerySolution]:
    """The rows, which Oxigraph finds as they are read."""
    try:
        yield from rows
    except OSError as error:
        raise UnusableError(ELSEWHERE, sparql_constraint.constraint) from error


_THIS = Variable("this")
