"""What differs between two graphs, for people (text, Markdown) and for programs (JSON, RDF Patch)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from ..errors import UsageError
from ..rdf.namespaces import ONTOLOGY
from ..terminal import no_command, printable
from ..text import Text
from ..translation import digits, languages
from ..translation import message as _
from ..validation.reports.json import json_printable
from .diff import ADDED, CHANGED, REMOVED, Difference, Differences, Object, Statement, summary, written

_MOST = 40  # statements of a resource that are written in words
_HOW = {ADDED: _("Added"), CHANGED: _("Changed"), REMOVED: _("Removed")}
_LONGEST_COMMENT = 60_000  # characters
_MOST_ON_A_PAGE = 100  # names of a kind


def report(changes: Differences, output_format: str, language: str) -> str:
    """Return the differences as ``text`` or ``markdown``, in a language, or as ``json`` or ``patch`` (RDF Patch).

    Raises:
        UsageError: there are blank nodes, which a patch cannot name.
    """
    if output_format == "json":
        return _json(changes)
    if output_format == "patch":
        return _patch(changes)
    return (
        _text(_Words(changes, language, _plain))
        if output_format == "text"
        else _markdown(_Words(changes, language, _escaped))
    )


def html(changes: Differences, language: str) -> Markup:
    """Return the differences for a page: of each kind at most 100 resources, and details only of those that changed."""
    words = _Words(changes, language, _plain)
    pieces = [Markup("<p>{}</p>").format(words.summary())]
    for heading, resources in words.sections():
        items = [
            Markup("<li>{}{}</li>").format(
                words.name(resource), _list(words.lines(resource) if resource.how == CHANGED else [])
            )
            for resource in resources[:_MOST_ON_A_PAGE]
        ]
        if len(resources) > _MOST_ON_A_PAGE:
            items.append(Markup("<li>{}</li>").format(words.more(len(resources) - _MOST_ON_A_PAGE)))
        pieces.append(Markup("<h3>{}</h3>\n<ul>{}</ul>").format(heading, Markup("").join(items)))
    return Markup("\n").join(pieces)


def _list(lines: list[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup("<ul>{}</ul>").format(items) if items else Markup("")


def _text(words: _Words) -> str:
    lines = []
    for heading, resources in words.sections():
        for resource in resources:
            lines += [f"{heading}: {words.name(resource)}", *(f"  {line}" for line in words.lines(resource))]
    return "".join(f"{line}\n" for line in (*lines, words.summary()))


def _markdown(words: _Words) -> str:
    """A comment on GitHub has at most 65,536 characters: what does not fit is counted."""
    lines, left = [f"**{words.summary()}**"], _LONGEST_COMMENT
    for heading, resources in words.sections():
        lines += ["", f"### {heading}", ""]
        for number, resource in enumerate(resources):
            block = [f"- {words.name(resource)}", *(f"  - {line}" for line in words.lines(resource))]
            left -= sum(len(line) + 1 for line in block)
            if left < 0:
                lines.append(f"- {words.more(len(resources) - number)}")
                break
            lines += block
    return "".join(f"{line}\n" for line in lines)


def _data_first(resource: Difference) -> tuple[bool, str]:
    return not resource.iri or resource.iri.startswith(ONTOLOGY), resource.iri


class _Words:
    """The differences in words of a language; ``safe`` makes a text of the data harmless where it will stand."""

    def __init__(self, changes: Differences, language: str, safe: Callable[[str], str]) -> None:
        self.changes, self.language, self.safe = changes, language, safe

    def sections(self) -> Iterator[tuple[str, list[Difference]]]:
        """What was added, changed and removed: a heading and the resources, the data before the terms."""
        for how in (ADDED, CHANGED, REMOVED):
            if resources := self.changes.of(how):
                yield _HOW[how].localized(self.language), sorted(resources, key=_data_first)

    def summary(self) -> str:
        """How much differs."""
        counts = summary(self.changes)
        if not any(counts.values()):
            return _("Nothing differs.").localized(self.language)
        before, after = self._number(self.changes.before), self._number(self.changes.after)
        added, changed, removed = (self._number(counts[how]) for how in (ADDED, CHANGED, REMOVED))
        return _(
            "{added} added, {changed} changed, {removed} removed; {before} statements before, {after} after.",
            added=added,
            changed=changed,
            removed=removed,
            before=before,
            after=after,
        ).localized(self.language)

    def more(self, number: int) -> str:
        """That there are so many more."""
        return _("and {number} more", number=self._number(number)).localized(self.language)

    def _number(self, number: int) -> str:
        return digits(number).localized(self.language)

    def name(self, difference: Difference) -> str:
        """The name of a resource, and what it is."""
        if not difference.iri:
            return _("what has no name").localized(self.language)
        label, name = difference.label.localized(self.language), self._compress(difference.iri)
        shown = self.safe(label) if label != name else ""
        kind = (
            ""
            if difference.type is None or difference.how == CHANGED
            else f", {self.safe(self._label(difference.type))}"
        )
        return f"{shown} ({self.safe(name)}){kind}" if shown else f"{self.safe(name)}{kind}"

    def lines(self, difference: Difference) -> list[str]:
        """The statements of a resource that differ, in words."""
        lines = list(self._change_lines(difference))
        return [*lines[:_MOST], *([self.more(len(lines) - _MOST)] if len(lines) > _MOST else [])]

    def _change_lines(self, difference: Difference) -> Iterator[str]:
        new, gone = (_by_predicate(statements) for statements in (difference.new, difference.gone))
        for predicate in sorted(new.keys() | gone.keys()):
            what = self.safe(self._label(predicate[0]))
            if predicate[1]:
                graph = self.safe(self._compress(predicate[1]))
                what = _("{what} (in {graph})", what=what, graph=graph).localized(self.language)
            pairs, alone = _paired(new.get(predicate, []), gone.get(predicate, []))
            for now, was in pairs:
                exact = self._value(now) == self._value(was)  # they differ in what people need not see otherwise
                values = {"now": self._value(now, exact=exact), "was": self._value(was, exact=exact)}
                phrase: Text = _("{now} instead of {was}", **values)
                yield f"{what}: {phrase.localized(self.language)}"
            for value, is_new in alone:
                phrase = Text(shown := self._value(value))
                if difference.how == CHANGED:
                    phrase = _("also {value}", value=shown) if is_new else _("no longer {value}", value=shown)
                yield f"{what}: {phrase.localized(self.language)}"

    def _value(self, value: Object, *, exact: bool = False) -> str:
        if isinstance(value, NamedNode):
            label, name = self._label(value.value), self._compress(value.value)
            return self.safe(f"{label} ({name})" if label != name else name)
        if isinstance(value, Literal):
            kind = value.language or (self._compress(value.datatype.value) if exact else "")
            return self.safe(f"“{value.value}”{f' ({kind})' if kind else ''}")
        return self.safe(value)

    def _compress(self, iri: str) -> str:
        return self.changes.graph_index.compress(iri)

    def _label(self, iri: str) -> str:
        return self.changes.graph_index.label(iri).localized(self.language)


def _by_predicate(statements: Sequence[Statement]) -> dict[tuple[str, str], list[Object]]:
    """The objects of each predicate in each graph."""
    objects: dict[tuple[str, str], list[Object]] = {}
    for name, value, graph in statements:
        objects.setdefault((name, graph), []).append(value)
    return objects


def _paired(new: list[Object], gone: list[Object]) -> tuple[list[tuple[Object, Object]], list[tuple[Object, bool]]]:
    """What took whose place: one value for one, in the same language; and the other values, those that are new with
    True."""
    now, was = (Counter(map(_language, values)) for values in (new, gone))
    single = {language for language, count in now.items() if count == was[language] == 1}
    earlier = {_language(value): value for value in gone}
    pairs = [(value, earlier[_language(value)]) for value in new if _language(value) in single]
    alone = [(value, is_new) for values, is_new in ((new, True), (gone, False)) for value in values]
    return pairs, [entry for entry in alone if _language(entry[0]) not in single]


def _language(value: Object) -> str | None:
    return value.language if isinstance(value, Literal) else None


def _plain(text: str) -> str:
    """The text in one line, without what a terminal would act on."""
    return printable("".join(char if char.isprintable() else " " for char in text))


def _escaped(text: str) -> str:
    """The text as Markdown shows it as it is: https://spec.commonmark.org/0.31.2/#backslash-escapes. GitHub looks for
    mentions and the like afterwards, which an empty comment keeps from being found."""
    broken = "".join(f"\\{char}" if char in "\\`*_{}[]()<>+-.!|&~" else char for char in _plain(text))
    return re.sub(r"[@#$:]", lambda match: f"{match[0]}<!-- -->", broken)


def _json(changes: Differences) -> str:
    def statements(parts: tuple[Statement, ...]) -> list[dict[str, str]]:
        return [
            {"predicate": name, "object": written(value), **({"graph": graph} if graph else {})}
            for name, value, graph in parts
        ]

    resources = [
        {
            "iri": resource.iri,
            "how": resource.how,
            "label": dict(resource.label.only(languages())),
            "type": resource.type,
            "added": statements(resource.new),
            "removed": statements(resource.gone),
        }
        for resource in changes.resources
    ]
    members = {"before": changes.before, "after": changes.after, **summary(changes), "resources": resources}
    return json_printable(json.dumps(members, ensure_ascii=False, indent=2)) + "\n"


def _patch(changes: Differences) -> str:
    """RDF Patch: https://afs.github.io/rdf-delta/rdf-patch.html."""
    lines = []
    for letter in "DA":
        for resource in changes.resources:
            for name, value, graph in resource.gone if letter == "D" else resource.new:
                if isinstance(value, str) or not resource.iri or graph.startswith("_:"):
                    raise UsageError(_("a patch cannot name blank nodes; ask for --format json"))
                within = f" <{graph}>" if graph else ""
                lines.append(_numeric(f"{letter} <{resource.iri}> <{name}> {value}{within} ."))
    return "".join(f"{line}\n" for line in ("TX .", *lines, "TC ."))


def _numeric(statement: str) -> str:
    """The statement with the escapes of N-Triples for what cannot be seen: they stand in IRIs and in literals."""
    if not statement.isprintable():
        statement = "".join(char if char.isprintable() else _escape(char) for char in statement)
    return no_command(statement, ":", r"#\u0023")


def _escape(char: str) -> str:
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"
