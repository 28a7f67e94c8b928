"""The second opinion: pySHACL over everything, whatever the shapes use. Slow where the shapes have SPARQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ...project.graph import from_rdflib, to_rdflib
from ...sparql.text import prefixes, tokens
from ...text import Text
from ...translation import message as _
from ..results import ELSEWHERE, Result, UnusableError
from ..shapes import SH, Shapes, Term, demand_usable

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_BLANK = re.compile(r"\bN?[0-9a-f]{25,32}\b")  # which is new on each run
_QUERIES = {f"{SH}{name}" for name in ("ask", "construct", "select")}


def prepare() -> None:
    """Import what pySHACL and rdflib import only when they come to it, since the process that calls ``results`` can
    open no file any more: the parsers of literals of XML and HTML, and what rdflib knows as its plug-ins."""
    from importlib import import_module
    from pkgutil import walk_packages

    lazy = ("xml.dom.expatbuilder", "html5rdf.treebuilders.dom", "rdflib.plugins.stores.memory")
    for name in (*lazy, "elementpath.regex", "re2"):
        import_module(name)
    for name in ("pyshacl.constraints", "rdflib.plugins.sparql"):
        for module in walk_packages(import_module(name).__path__, f"{name}."):
            import_module(module.name)


def results(triples: Iterable[Triple], shapes: Shapes) -> Iterator[Result]:
    """What pySHACL finds, after ``prepare``.

    Raises:
        UnusableError: it cannot use the shapes.
    """
    import logging
    import warnings

    import pyshacl
    import rdflib.plugins.sparql
    from pyshacl.errors import ShapeRecursionWarning
    from rdflib import Graph as RdfGraph
    from rdflib.namespace import SH as VOCABULARY

    _match_in_linear_time()
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False  # what FROM names would be fetched, or read from a file
    logging.getLogger("pyshacl-validate").disabled = True  # it says on standard error what it also raises
    if (advanced := next((shape for shape, about in shapes.about.items() if SH + "target" in about), None)) is not None:
        raise UnusableError(_("sh:target is of SHACL Advanced Features"), advanced)
    rules = list(_self_contained(shapes))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)  # pySHACL backs out, and finds that the data conform
            _conforms, report, text = pyshacl.validate(
                to_rdflib(triples), shacl_graph=to_rdflib(rules), inference="none"
            )
    except OSError as error:
        raise UnusableError(ELSEWHERE) from error
    except Exception as error:  # malformed shapes make it raise whatever its parts raise
        raise UnusableError(Text(_summary(str(error)) or type(error).__name__)) from error
    if not isinstance(report, RdfGraph):
        raise UnusableError(Text(_summary(text)))
    for node in report.objects(None, VOCABULARY.result):  # and not the details of a result, which are results too
        yield _result(report, node, shapes)


def _self_contained(shapes: Shapes) -> Iterator[Triple]:
    """The shapes as pySHACL reads them like the other engine: without what is deactivated, and with its prefixes in
    each query. pySHACL follows no ``owl:imports`` to them, and adds those of any ontology.

    Raises:
        UnusableError: no engine may be given a query.
    """
    idle = set(shapes.values("sparql")) - {constraint.constraint for constraint in shapes.sparql()}
    for triple in shapes.triples:
        subject, predicate, value = triple
        if predicate.value == f"{SH}sparql" and not (shapes.is_active(subject) and shapes.is_active(value)):
            continue
        if predicate.value in _QUERIES and isinstance(value, Literal):
            if subject not in idle:
                # pySHACL looks for SERVICE, not in every place; a name is a clause where its prefix is not declared
                query = shapes.prologue(subject) + value.value
                demand_usable(query, subject)
                yield Triple(subject, predicate, Literal(_with_one_prefix_each(query)))
        elif predicate.value == f"{SH}pattern":
            yield Triple(subject, predicate, Literal(f"{value.value}{_FLAGS}{_flags(shapes, subject)}"))
        elif predicate.value != f"{SH}prefixes":
            yield triple


_FLAGS = "\0"  # between a pattern and its flags, of which pySHACL knows two


def _flags(shapes: Shapes, shape: Term) -> str:
    return "".join(flags.value for flags in shapes.objects(shape, f"{SH}flags"))


class _Matcher(NamedTuple):
    """What pySHACL takes for a pattern of Python's."""

    search: Callable[[str], bool]

    @property
    def match(self) -> Callable[[str], bool]:
        return self.search


def _match_in_linear_time() -> None:
    """Have pySHACL match ``sh:pattern``, and rdflib REGEX, as the first engine does: Python's patterns are others, and
    may need for ever."""
    from types import SimpleNamespace

    from pyshacl.constraints.core import string_based_constraints
    from rdflib.plugins.sparql import operators

    from . import patterns

    letters = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}

    def compile_(pattern: str, _flags: int) -> _Matcher:
        text, _end, flags = pattern.partition(_FLAGS)
        return _Matcher(patterns.compiled(text, flags))

    def search(pattern: str, text: str, flags: int) -> bool:
        return patterns.compiled(pattern, "".join(letter for letter, flag in letters.items() if flag & flags))(text)

    known = {flag.name or "": flag for flag in letters.values()}
    vars(string_based_constraints)["re"] = SimpleNamespace(compile=compile_, I=re.IGNORECASE, M=re.MULTILINE)
    vars(operators)["re"] = SimpleNamespace(search=search, sub=re.sub, **known)


def _with_one_prefix_each(query: str) -> str:
    """The query with one prefix for each namespace: of two for the same, rdflib forgets the first."""
    declared = {prefix: namespace.text for prefix, namespace in prefixes(query).items()}
    kept = {namespace: prefix for prefix, namespace in reversed(declared.items())}
    parts, end = [], 0
    for token in tokens(query):
        if token.kind == "name" and token.prefix in declared:
            parts += [query[end : token.start], kept[declared[token.prefix]]]
            end = token.start + len(token.prefix)
    return "".join([*parts, query[end:]])


def _result(report: Graph, node: Node, shapes: Shapes) -> Result:
    from rdflib.namespace import SH as VOCABULARY

    def value(name: str) -> Node | None:
        return report.value(node, VOCABULARY[name])

    shape = from_rdflib(value("sourceShape"))
    path = from_rdflib(value("resultPath"))
    focus = from_rdflib(value("focusNode"))
    assert shape is not None
    assert focus is not None
    return Result(
        focus,
        shapes.path(shape) or (str(path) if isinstance(path, NamedNode) else ""),
        from_rdflib(value("value")),
        shape,
        str(value("sourceConstraintComponent") or ""),
        str(value("resultSeverity") or f"{SH}Violation"),
        from_rdflib(value("sourceConstraint")),
    )


def _summary(text: str) -> str:
    """The text in one line, without where to read on, the labels of blank nodes, and a full stop."""
    return " ".join(_BLANK.sub("[]", text.partition("\nFor reference")[0]).split()).rstrip(".")
