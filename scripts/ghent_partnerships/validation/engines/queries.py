"""The queries of a shapes graph before they are asked: which are refused, and their texts as Oxigraph is asked them
(https://www.w3.org/TR/shacl/#pre-binding).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import Store

from ...rdf.turtle import TYPE
from ...sparql.syntax_errors import engine_error, mistake
from ...sparql.text import Token, prefixes, tokens
from ...translation import message as _
from ..results import ELSEWHERE, UnusableError
from ..shapes import Shapes, Term, demand_usable

_OPTIONAL = {"shapesGraph", "currentShape"}


class Query(NamedTuple):
    """A query that is ready to be asked: its text, which of the variables that are bound beforehand it has, the node
    that it belongs to, whether one answer for all focus nodes is that for each of them, and the predicates of the
    statements that its answer depends on, or None where any statement may count."""

    text: str
    variables: frozenset[str]
    node: Term
    joins: bool
    predicates: frozenset[str] | None


def read(shapes: Shapes, node: Term, query: Term, shape: Term, names: Collection[str]) -> Query:
    """A query of a node as Oxigraph may be asked it for a shape; ``names`` are the variables that are bound beforehand.

    Raises:
        UnusableError: it cannot be read, or SHACL refuses it.
    """
    text = f"{shapes.prologue(node)}{query.value}"
    kind = demand_usable(text, node)
    if kind not in ("SELECT", "ASK"):
        raise UnusableError(_("a query is no SELECT but {form}", form=kind), node)
    bound = {*names, *_OPTIONAL}
    found = list(tokens(text))
    variables = {token.text[1:] for token in found if token.kind == "variable"}
    _demand_standard(found, bound, {"this"} | (set(names) & variables), node)
    used = frozenset(bound & variables | {"this"})
    text = _prepared(text, found, used, shapes.path(shape))
    _demand_readable(text, node)
    return Query(text, used, node, joins=_joins(found), predicates=_predicates(text))


def _demand_standard(found: Sequence[Token], bound: set[str], needed: set[str], node: Term) -> None:
    """Refuse what SHACL 5.2.1 refuses, since nothing says what it means where variables are bound beforehand; and FROM,
    since what it names is not the data graph.

    Raises:
        UnusableError: there is MINUS, VALUES or FROM, an assignment to such a variable, or a subquery that does not
            select those that are needed.
    """
    selects = 0
    for number, token in enumerate(found):
        if token.keyword.endswith(("MINUS", "VALUES")):
            raise UnusableError(_("a query has {clause}, which SHACL does not allow", clause=token.text), node)
        if token.keyword.endswith("FROM"):
            raise UnusableError(ELSEWHERE, node)
        after = found[number + 1] if number + 1 < len(found) else None
        if token.keyword.endswith("AS") and after is not None and after.kind == "variable" and after.text[1:] in bound:
            reason = _("a query assigns to {variable}, which is bound before it is asked", variable=after.text)
            raise UnusableError(reason, node)
        if token.keyword.endswith("SELECT"):
            selects += 1
            names = _projected(found[number + 1 :])
            if selects > 1 and (names is None or not needed <= names):
                missing = " ".join(f"${name}" for name in sorted(needed - (names or set())))
                reason = _("a subquery does not select {variables}, which SHACL demands", variables=missing)
                raise UnusableError(reason, node)


def _joins(found: Sequence[Token]) -> bool:
    """Whether a query is one group of triple patterns and filters, of which one is about ``$this`` and none a path that
    may have no step: then it finds for all nodes together what it finds for each."""
    selects = next((number for number, token in enumerate(found) if token.keyword == "SELECT"), len(found))
    where = next((number for number, token in enumerate(found) if token.text == "{"), len(found))
    body = found[where + 1 : -1]
    if not found or found[-1].text != "}" or any(token.text in ("{", "}", "*", "?", "+") for token in body):
        return False
    if any(
        token.keyword not in ("SELECT", "AS", "WHERE", "STR") for token in found[selects:where] if token.kind == "word"
    ):
        return False  # DISTINCT says nothing about each, and an aggregate is one of all
    after = (".", "{")
    return any(
        token.text in ("$this", "?this") and found[where + number].text in after for number, token in enumerate(body)
    )


def _projected(following: Iterable[Token]) -> set[str] | None:
    """The variables that a SELECT gives, or None where it gives all."""
    names: set[str] = set()
    depth = 0  # of brackets, in which only the last variable is selected
    last = ""
    for token in following:
        if token.text == "{" or token.keyword.endswith(("WHERE", "FROM")):
            break
        if token.text == "*" and not depth:
            return None
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable":
            last = token.text[1:]
        if last and not depth:
            names.add(last)
            last = ""
    return names


def _prepared(text: str, found: Sequence[Token], used: frozenset[str], path: str) -> str:
    """The text of a query for Oxigraph: it selects what is bound beforehand, without which nothing can be, and says of
    that that it is bound; ``$PATH`` is the path."""
    edits: list[tuple[int, int, str]] = []
    first = next(token for token in found if token.keyword.endswith(("SELECT", "ASK")))
    variables = " ".join(f"?{name}" for name in sorted(used))
    if first.keyword.endswith("ASK"):
        edits.append((first.end - 3, first.end, f"SELECT {variables} "))
    else:
        at = found.index(first) + 1
        names = _projected(found[at:])
        missing = [] if names is None else sorted(used - names)
        if found[at].keyword in ("DISTINCT", "REDUCED"):
            at += 1
        edits.append((found[at - 1].end, found[at - 1].end, "".join(f" ?{name}" for name in missing) + " "))
    for number, token in enumerate(found):
        if token.text == "$PATH" and path:
            edits.append((token.start, token.end, path))
        if token.keyword.endswith("BOUND") and number + 3 < len(found):
            variable, closing = found[number + 2], found[number + 3]
            if variable.kind == "variable" and variable.text[1:] in used and closing.text == ")":
                edits.append((token.end - len("BOUND"), closing.end, "(true)"))
        after = found[number + 1].keyword if number + 1 < len(found) else ""
        if token.kind == "variable" and token.text[1:] in used and after.startswith("AS"):
            # Oxigraph takes a variable by itself for one that is not bound
            edits.append((token.start, token.end, f"COALESCE({token.text}, 0)"))
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _demand_readable(text: str, node: Term) -> None:
    """Refuse what Oxigraph cannot read, or does not know how to answer.

    Raises:
        UnusableError: it is so.
    """
    try:
        next(iter(Store().query(text)), None)  # type: ignore[arg-type]
    except SyntaxError as error:
        reason = _("a query cannot be read: {mistake}", mistake=mistake(text, engine_error).text)
        raise UnusableError(reason, node) from error
    except OSError as error:
        raise UnusableError(ELSEWHERE, node) from error
    except RuntimeError as error:
        raise unanswered(error, node) from error


def unanswered(error: RuntimeError, node: Term) -> UnusableError:
    """What to say where Oxigraph cannot answer a query, as of one that calls a function that it does not know."""
    return UnusableError(_("a query cannot be answered: {reason}", reason=str(error)), node)


def _predicates(text: str) -> frozenset[str] | None:
    """The predicates of all statements that the answer of a query depends on, and perhaps more IRIs; None where it may
    depend on any: a predicate is a variable, a path has no step or any but one, or a graph is named."""
    found = list(tokens(text))
    namespaces = {prefix: namespace.text for prefix, namespace in prefixes(text).items()}
    start = next((number for number, token in enumerate(found) if token.text == "{"), len(found))
    iris: set[str] = set()
    place = 0  # of a term in a statement: its subject, its predicate or its object
    is_projection = False  # between SELECT and what is selected from
    for number, token in enumerate(found[start:-1], start):
        following = found[number + 1]
        if token.text in ("*", "?", "+", "$PATH") or token.keyword == "GRAPH":
            return None
        is_projection = (is_projection or token.keyword == "SELECT") and token.text != "{"
        if is_projection:
            continue
        if token.text == "!" and (following.kind in ("iri", "name") or following.text in ("(", "^", "a")):
            return None
        if token.kind == "variable" and place == 1:
            return None
        if token.kind == "iri":
            iris.add(token.text[1:-1])
        elif token.kind == "name":
            iris.add(namespaces.get(token.prefix, "") + token.text.partition(":")[2].replace("\\", ""))
        elif token.text == "a":
            iris.add(TYPE)
        if token.kind in ("iri", "name", "variable", "blank") or token.text == "a":
            place += 1
        else:
            place = 1 if token.kind == "mark" and token.text in (";", "[", "]", ")", "/", "|", "^") else 0
    return frozenset(iris)
