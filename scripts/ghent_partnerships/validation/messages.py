"""Findings from the results of an engine, in the shapes' own words; and shapes that check nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode

from ..findings import INFO, Finding, Fix, Location, Related
from ..findings import Result as Details
from ..rdf.index import compress
from ..rdf.namespaces import PREFIXES
from ..rdf.source_map import SourceMap
from ..text import NO_LANGUAGE, NO_TEXT, Text, in_each
from ..translation import languages
from ..translation import message as _
from .engines.graph import Targets
from .names import Names
from .related import RelatedPlaces
from .results import Result, Term, Verdict, severity_named, shown
from .shapes import SH, Shapes
from .wording import Wording, readable

_STEP = re.compile(r"<([^<>]*)>")
_LOCAL = re.compile("[#/]")
_ALIKE = 0.75  # from which a name may have been meant
_LONGEST_NAME, _MOST_NAMES = 100, 100  # that are compared, which takes the product of their lengths
_MOST = 10  # further results and details that a finding shows
_LEXICAL = {  # datatypes in which what looks like one can only be one
    "gYear": re.compile(r"[0-9]{4}"),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]+\.[0-9]+"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "boolean": re.compile(r"true|false"),
}
_LABELS = (NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["skos"] + "prefLabel"))


def findings(results: Iterable[Result], shapes: Shapes, source_map: SourceMap) -> Iterator[Finding]:
    """What the results say to people: a finding for each mistake."""
    mistakes: dict[object, list[Result]] = {}
    for result in results:
        mistakes.setdefault(_mistake(result), []).append(result)
    writer = _Writer(shapes, source_map)
    for same in mistakes.values():
        yield writer.finding(same)


def _mistake(result: Result) -> tuple[object, ...]:
    """What results of one mistake have in common: what they are about, and the shape that is about it. What a query
    finds is a mistake each time, and so is each language that is used twice."""
    found = result.constraint is not None or result.component == f"{SH}UniqueLangConstraintComponent"
    apart = (result.constraint, *sorted(result.bindings.items(), key=str)) if found else ()
    return result.shape, result.focus, result.subject, result.path, result.value, apart


def differences(verdict: Verdict, source_map: SourceMap) -> Iterator[Finding]:
    """Where pySHACL says otherwise. It decides nothing: the first engine follows the specification."""
    if verdict.second is None:
        return
    if verdict.second.reason:
        message = _("pySHACL cannot say: {reason}.", reason=verdict.second.reason)
        yield source_map.in_rules("GP219", message, severity=INFO)
        return
    decided, other = (
        {_compared(result): result for result in results} for results in (verdict.results, verdict.second.results)
    )
    for key, result in {**decided, **other}.items():
        if key in decided and key in other:
            continue
        component = compress(result.component)
        message = (
            _("pySHACL does not find that this breaks {constraint}.", constraint=component)
            if key in decided
            else _("pySHACL finds that this breaks {constraint}, which it does not.", constraint=component)
        )
        location = source_map.of(result.focus, _predicate(result.path), result.value)
        yield Finding(code="GP219", severity=INFO, message=message, location=location)


def _compared(result: Result) -> tuple[object, ...]:
    """What the engines must agree in: not in how often something is found, nor in the values of some."""
    return result.focus, result.path, result.shape, result.component


class _Writer:
    """Writes findings from the results of mistakes."""

    def __init__(self, shapes: Shapes, source_map: SourceMap) -> None:
        self.shapes, self.source_map = shapes, source_map
        self.labels, self.related = _Labels(source_map), RelatedPlaces(shapes, source_map)
        self.wording = Wording(shapes)
        self.offers = cache(partial(_offers, shapes))
        self.names = cache(self._names)
        self.prefixes = {document.name: document.prefixes for document in source_map.data}

    def finding(self, same: Sequence[Result]) -> Finding:
        """The finding of a mistake: the first result, with the others and all details as notes."""
        location = self._place(same[0])
        names = self.names(location.path)
        results = tuple(self.wording.worded(result, names) for result in same)
        first = results[0]
        message, predicate = readable(first.messages), _predicate(first.path)
        closed = predicate is not None and first.component == f"{SH}ClosedConstraintComponent"
        offer = self.offers(first.shape, predicate.value) if predicate and closed else ""
        meant = _("Did you mean {keyword}?", keyword=names.term(NamedNode(offer))) if offer else NO_TEXT
        return Finding(
            code=self.wording.code(first),
            severity=severity_named(first.severity),
            message=message,
            help=meant or self.wording.help(first),
            location=location,
            related=tuple(self._notes(results, Related(location, message), names)),
            fix=next(filter(None, map(_retyped, results)), None),
            result=Details(
                focus=str(first.focus),
                path=first.path,
                value="" if first.value is None else str(first.value),
                shape=first.shape.value if isinstance(first.shape, NamedNode) else "",
                constraint=first.component,
                statement=self._statement(first, names),
            ),
            results=results,
        )

    def _names(self, path: str) -> Names:
        """How terms are shown beside a file: with its prefixes, those of the shapes, and those of this project."""
        rules = (document.prefixes for document in reversed(self.source_map.rules))
        return Names(PREFIXES, *rules, self.prefixes.get(path, {}))

    def _place(self, result: Result) -> Location:
        predicate = _predicate(result.path)
        steps = () if predicate else tuple(NamedNode(iri) for iri in dict.fromkeys(_STEP.findall(result.path)))
        about = result.focus if result.subject is None else result.subject
        return self.source_map.of(about, predicate, result.value, steps)

    def _notes(self, results: Sequence[Result], stated: Related, names: Names) -> Iterable[Related]:
        """The further places of a mistake, and what else is said of it, each once."""
        first, *others = results
        notes = dict.fromkeys(self.related.of(first, _predicate(first.path), stated.location, names))
        more: dict[Related, None] = {}
        for result in islice(_with_details((*first.details, *others)), _MOST):
            location = self._place(result)
            more[Related(location, readable(result.messages))] = None
            more.update(dict.fromkeys(self.related.of(result, _predicate(result.path), location, names)))
        return [note for note in {**notes, **more} if note != stated]

    def _statement(self, result: Result, names: Names) -> Text:
        """The statement that is wrong, as far as there is one."""
        about = result.focus if result.subject is None else result.subject
        parts: list[Term | str | None] = [about, names.path(result.path), result.value]
        if not result.path and result.value == result.focus:  # as SHACL has it of a constraint on the node
            parts = parts[:1]
        statement = " ".join(names.term(part) for part in parts if part and not isinstance(part, BlankNode))
        nodes = [about, _predicate(result.path), *parts[2:]]
        return self.labels.beside(statement, [node for node in nodes if isinstance(node, NamedNode)])


def _with_details(results: Sequence[Result]) -> Iterator[Result]:
    """The results, after each of them its details with theirs."""
    waiting = [*reversed(results)]
    while waiting:
        result = waiting.pop()
        yield result
        waiting += reversed(result.details)


def _offers(shapes: Shapes, shape: Term | None, predicate: str) -> str:
    """For a property that a closed shape does not have, that which is most like it of those that it has, or nothing."""
    from difflib import get_close_matches

    properties = shapes.objects(shape, f"{SH}property")
    known = (path for node in properties for path in shapes.objects(node, f"{SH}path"))
    local = ((_LOCAL.split(path.value)[-1], path) for path in known if isinstance(path, NamedNode))
    names = dict(islice(((name, path) for name, path in local if len(name) <= _LONGEST_NAME), _MOST_NAMES))
    name = _LOCAL.split(predicate)[-1]
    near = get_close_matches(name, names, n=1, cutoff=_ALIKE) if len(name) <= _LONGEST_NAME else []
    return names[near[0]].value if near else ""


def _retyped(result: Result) -> Fix | None:
    """The literal with the datatype that the shape wants, if all that is wrong with it is its datatype."""
    value, wanted = result.value, result.parameter
    if (
        result.component != f"{SH}DatatypeConstraintComponent"
        or not isinstance(wanted, NamedNode)
        or not isinstance(value, Literal)
    ):
        return None
    form = _LEXICAL.get(wanted.value.rpartition("#")[2])
    fits = form is not None and value.language is None and form.fullmatch(value.value)
    return Fix(str(value), str(Literal(value.value, datatype=wanted))) if fits else None


def _predicate(path: str) -> NamedNode | None:
    return NamedNode(path[1:-1]) if path.startswith("<") and path.endswith(">") and path.count("<") == 1 else None


class _Labels:
    """Names for people, to stand beside IRIs."""

    def __init__(self, source_map: SourceMap) -> None:
        self.source_map = source_map
        self.known: dict[object, Text] = {}

    def beside(self, statement: str, nodes: Sequence[NamedNode]) -> Text:
        """A statement with the labels of these nodes as a comment of Turtle, where there are any."""
        names = [label for node in nodes if (label := self._of(node))]
        if not names:
            return Text(statement)

        def comment(language: str) -> str:
            return " · ".join(" ".join(name.localized(language).split()) for name in names)

        return in_each(languages(), lambda language: f"{statement}  # {comment(language)}")

    def _of(self, node: NamedNode) -> Text:
        if (known := self.known.get(node)) is None:
            labels = (
                triple.object
                for predicate in _LABELS
                for triple in self.source_map.statements(node, predicate)
                if isinstance(triple.object, Literal)
            )
            texts: dict[str, str] = {}
            for label in labels:
                texts.setdefault(label.language or NO_LANGUAGE, label.value)
            known = self.known[node] = Text(texts)
        return known


def unused(
    found_targets: Targets, source_map: SourceMap, *, every_shape: bool, shared: Collection[object] = ()
) -> Iterator[Finding]:
    """A shape that looks at nothing passes whatever the data says, so that is a finding: for any shape of ours, and
    for other people's shapes when not one of them finds a node. Of ``shared`` shapes, those of a vocabulary of which
    nobody needs all, it is worth a word for all of them."""
    targets = [(shape, target, found) for shape, kinds in found_targets.items() for (_, target), found in kinds.items()]
    idle = [(shape, target) for shape, target, found in targets if not found]
    if len(idle) == len(targets):
        yield source_map.in_rules(
            "GP004",
            _("None of the shapes applies to any node: nothing was checked."),
            _("Check the targets of the shapes."),
        )
    elif every_shape:
        if left := [(shape, target) for shape, target in idle if shape in shared]:
            targets_left = ", ".join(sorted({shown(target) for _, target in left}))
            message = _(
                "There is nothing of these here, so that their shapes check nothing: {names}.", names=targets_left
            )
            help_ = _("Nothing needs to be done: nobody needs the whole of the vocabulary.")
            yield source_map.in_rules("GP004", message, help_, left[0][0], severity=INFO)
        for shape, target in [pair for pair in idle if pair not in left]:
            message = _(
                "The shape {shape} finds no node at its target {target}: it checks nothing there.",
                shape=shown(shape),
                target=shown(target),
            )
            yield source_map.in_rules("GP004", message, _("Check the target."), shape)
