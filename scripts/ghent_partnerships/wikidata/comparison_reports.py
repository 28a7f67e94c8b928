"""Write a comparison: for people, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ..terminal import printable
from ..text import Text
from ..translation import message as _
from ..translation import ngettext
from . import compare
from .compare import Comparison, Difference, Pair

_CHECK = "ghent-partnerships wikidata check"
HEADINGS = {
    compare.BOTH: _("Here and at Wikidata"),
    compare.HERE: _("Only here"),
    compare.THERE: _("Only at Wikidata"),
}


def report(comparison: Comparison, output_format: str, language: str) -> str:
    """The comparison in a form, ``text`` or ``json``, the text in a language."""
    if output_format == "json":
        return f"{json.dumps(document(comparison), ensure_ascii=False, indent=2)}\n"
    return "".join(f"{line}\n" for line in _lines(comparison, language))


def _lines(comparison: Comparison, language: str) -> Iterator[str]:
    yield summary(comparison).localized(language)
    for state in compare.STATES:
        if pairs := comparison.of(state):
            yield ""
            yield f"{HEADINGS[state].localized(language)} ({len(pairs)})"
            for pair in pairs:
                yield printable(f"  {' – '.join(label.localized(language) for label in pair.labels)}")
                yield from (printable(f"    {words(found, pair).localized(language)}") for found in pair.differences)


def summary(comparison: Comparison) -> Text:
    """As of when it is, and how many differ."""
    differing = sum(bool(pair.differences) or pair.state != compare.BOTH for pair in comparison.pairs)
    number: Text = ngettext("{number} pair of cities differs", "{number} pairs of cities differ", differing)
    return _("Wikidata as of {day}: {number}.", day=comparison.retrieved, number=number)


def words(difference: Difference, pair: Pair) -> Text:
    """A difference in words."""
    here, there = difference.here, difference.there
    at = pair.labels[pair.items.index(difference.at)] if difference.at in pair.items else Text()
    texts = {
        compare.NO_ITEM: _("which item one of the two is, is not known"),
        compare.DECLINED: _("not to be given to Wikidata"),
        compare.SHARED: _("{item} is the item of two cities here; see: {command}", item=difference.at, command=_CHECK),
        compare.DEPRECATED: _("at {city}: stated there, but marked as wrong (deprecated)", city=at),
        compare.MOVED: _("at {city}: the statement there names an item that was merged with another", city=at),
        compare.ONE_SIDED: _("not stated at {city}", city=at),
        compare.START_DIFFERS: _("at {city}: since {there} there, {here} here", city=at, here=here, there=there),
        compare.START_MISSING: _("at {city}: no beginning there, {here} here", city=at, here=here),
        compare.START_THERE: _("at {city}: since {there} there, no year here", city=at, there=there),
        compare.END_DIFFERS: _("at {city}: until {there} there, {here} here", city=at, here=here, there=there),
        compare.END_MISSING: _("at {city}: no end there, {here} here", city=at, here=here),
        compare.END_THERE: _("at {city}: until {there} there, no end here", city=at, there=there),
        compare.START_UNKNOWN: _("at {city}: its beginning is unknown there, {here} here", city=at, here=here),
        compare.END_UNKNOWN: _("at {city}: its end is unknown there, {here} here", city=at, here=here),
        compare.UNREFERENCED: _("at {city}: no reference there", city=at),
    }
    return texts[difference.kind]


def document(comparison: Comparison) -> dict[str, object]:
    """The comparison as JSON has it."""
    return {
        "retrieved": comparison.retrieved,
        "source": comparison.source,
        "pairs": [_pair(pair) for pair in comparison.pairs],
    }


def _pair(pair: Pair) -> dict[str, object]:
    sides = zip(pair.items, pair.cities, pair.labels, strict=True)
    return {
        "state": pair.state,
        "cities": [
            {"item": item or None, "iri": iri or None, "label": dict(sorted(label.items()))}
            for item, iri, label in sides
        ],
        "partnerships": [
            {"iri": each.iri, "start": each.start or None, "end": each.end or None} for each in pair.partnerships
        ],
        "statements": [
            {
                "item": each.subject,
                "node": each.node,
                "start": [*each.starts],
                "end": [*each.ends],
                "references": len(each.references),
                "deprecated": each.deprecated,
            }
            for each in (*pair.twinnings, *pair.deprecated)
        ],
        "differences": [
            {"kind": each.kind, "here": each.here or None, "there": each.there or None, "item": each.at or None}
            for each in pair.differences
        ],
    }
