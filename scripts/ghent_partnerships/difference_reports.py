"""What differs between two graphs, for people (text, Markdown) and for programs (JSON, RDF Patch)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from pyoxigraph import Literal, NamedNode

from .differences import ADDED, CHANGED, REMOVED, Difference, Differences, Object, Statement, summary, written
from .errors import UsageError
from .knowledge import short

FORMATS = ("text", "markdown", "json", "patch")
_MOST = 40  # statements of a resource that are told in words
_HOW = {ADDED: ("Added", "Toegevoegd"), CHANGED: ("Changed", "Gewijzigd"), REMOVED: ("Removed", "Verwijderd")}
_DUTCH = 1


def report(found: Differences, form: str, language: str, *, brief: bool = False) -> str:
    """The differences in one of the ``FORMATS``; the first two are in English or in Dutch, and if they are to be
    ``brief``, of what was added they say only the name.

    Raises:
        UsageError: there are blank nodes, which a patch cannot name.
    """
    if form == "json":
        return _json(found)
    if form == "patch":
        return _patch(found)
    words = _Words(found, _DUTCH if language == "nl" else 0, _plain if form == "text" else _escaped, brief=brief)
    return words.text() if form == "text" else words.markdown()


class _Words:
    """Tells the differences in a language; ``safe`` makes a text of the data harmless where it will stand."""

    def __init__(self, found: Differences, language: int, safe: Callable[[str], str], *, brief: bool) -> None:
        self.found, self.language, self.safe, self.brief = found, language, safe, brief

    def text(self) -> str:
        lines = []
        for how in (ADDED, CHANGED, REMOVED):
            for one in self.found.of(how):
                lines.append(f"{_HOW[how][self.language]}: {self._name(one)}")
                lines += [f"  {line}" for line in self._lines(one)]
        return "".join(f"{line}\n" for line in (*lines, self._summary()))

    def markdown(self) -> str:
        lines = [f"**{self._summary()}**"]
        for how in (ADDED, CHANGED, REMOVED):
            if some := self.found.of(how):
                lines += ["", f"### {_HOW[how][self.language]}", ""]
                for one in some:
                    lines.append(f"- {self._name(one)}")
                    lines += [f"  - {line}" for line in self._lines(one)]
        return "".join(f"{line}\n" for line in lines)

    def _summary(self) -> str:
        counts = summary(self.found)
        if not any(counts.values()):
            return ("Nothing differs.", "Niets verschilt.")[self.language]
        before, after = f"{self.found.before:,}", f"{self.found.after:,}"
        added, changed, removed = (f"{counts[how]:,}" for how in (ADDED, CHANGED, REMOVED))
        return (
            f"{added} added, {changed} changed, {removed} removed; {before} statements before, {after} after.",
            f"{added} toegevoegd, {changed} gewijzigd, {removed} verwijderd; {before} uitspraken ervoor, {after} erna.",
        )[self.language]

    def _name(self, one: Difference) -> str:
        if not one.iri:
            return ("what has no name", "wat geen naam heeft")[self.language]
        label, name = one.label[self.language], short(one.iri)
        shown = self.safe(label) if label != name else ""
        kind = "" if one.type is None or one.how == CHANGED else f", {self.safe(self._label(one.type))}"
        return f"{shown} ({self.safe(name)}){kind}" if shown else f"{self.safe(name)}{kind}"

    def _lines(self, one: Difference) -> Iterator[str]:
        if one.how == REMOVED or (self.brief and one.how == ADDED):
            return
        told = list(self._told(one))
        yield from told[:_MOST]
        if len(told) > _MOST:
            yield (f"and {len(told) - _MOST} more", f"en nog {len(told) - _MOST}")[self.language]

    def _told(self, one: Difference) -> Iterator[str]:
        for predicate in sorted({name for name, _ in (*one.new, *one.gone)}):
            new, gone = ([value for name, value in some if name == predicate] for some in (one.new, one.gone))
            what = self.safe(self._label(predicate))
            pairs, alone = _paired(new, gone)
            for is_now, was in pairs:
                instead = ("instead of", "in plaats van")[self.language]
                yield f"{what}: {self._value(is_now)} {instead} {self._value(was)}"
            also = ("also ", "ook ")[self.language] if one.how == CHANGED else ""
            for value, is_new in alone:
                yield f"{what}: {also if is_new else ('no longer ', 'niet meer ')[self.language]}{self._value(value)}"

    def _value(self, value: Object) -> str:
        if isinstance(value, NamedNode):
            label, name = self._label(value.value), short(value.value)
            return self.safe(f"{label} ({name})" if label != name else name)
        if isinstance(value, Literal):
            return self.safe(f"“{value.value}”" + (f" ({value.language})" if value.language else ""))
        return self.safe(value)

    def _label(self, iri: str) -> str:
        return self.found.knowledge.label(iri)[self.language]


def _paired(new: list[Object], gone: list[Object]) -> tuple[list[tuple[Object, Object]], list[tuple[Object, bool]]]:
    """What took whose place: one value for one, in the same language; and the other values, those that are new with
    True."""
    pairs, left = [], list(gone)
    alone: list[tuple[Object, bool]] = []
    for value in new:
        same = [one for one in left if getattr(one, "language", None) == getattr(value, "language", None)]
        several = sum(getattr(one, "language", None) == getattr(value, "language", None) for one in new)
        if len(same) == several == 1:
            pairs.append((value, same[0]))
            left.remove(same[0])
        else:
            alone.append((value, True))
    return pairs, [*alone, *((one, False) for one in left)]


def _plain(text: str) -> str:
    """The text in one line, without what a terminal would act on."""
    return "".join(char if char.isprintable() else " " for char in text)


def _escaped(text: str) -> str:
    """The text as Markdown shows it as it is: https://spec.commonmark.org/0.31.2/#backslash-escapes."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-.!|&~@:\"'" else char for char in _plain(text))


def _json(found: Differences) -> str:
    def statements(some: tuple[Statement, ...]) -> list[dict[str, str]]:
        return [{"predicate": name, "object": written(value)} for name, value in some]

    resources = [
        {
            "iri": one.iri,
            "how": one.how,
            "label": {"en": one.label[0], "nl": one.label[1]},
            "type": one.type,
            "added": statements(one.new),
            "removed": statements(one.gone),
        }
        for one in found.resources
    ]
    members = {"before": found.before, "after": found.after, **summary(found), "resources": resources}
    return json.dumps(members, ensure_ascii=False, indent=2) + "\n"


def _patch(found: Differences) -> str:
    """RDF Patch: https://afs.github.io/rdf-delta/rdf-patch.html."""
    lines = []
    for letter in "DA":
        for one in found.resources:
            for name, value in one.gone if letter == "D" else one.new:
                if isinstance(value, str) or not one.iri:
                    raise UsageError("a patch cannot name blank nodes; ask for --format json")
                lines.append(f"{letter} <{one.iri}> <{name}> {value} .")
    return "".join(f"{line}\n" for line in ("TX .", *lines, "TC ."))
