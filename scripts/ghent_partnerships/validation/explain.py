"""Explain a rule by its code: what it means, why it exists, and what is wrong and right by it.

The words are those of the shape or of the rule itself; the examples are those that the tests check.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from ..errors import UsageError
from ..project.paths import examples, shapes_file, style_file
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import parse
from ..rdf.turtle import About, Node, Statements, by_subject, serialize
from .rules import RULES, sentence
from .shapes import Shapes

_HEADINGS = {"en": ("Why", "Mend", "Wrong", "Right"), "nl": ("Waarom", "Herstel", "Fout", "Goed")}


class Explanation(NamedTuple):
    """A rule in one language: what it means, why it exists and how to mend what breaks it.

    ``shape`` is the local name of the shape that it is the rule of, or nothing.
    """

    code: str
    means: str
    why: str
    mend: str
    shape: str = ""


def explain(code: str, language: str = "en") -> str:
    """Return the explanation of a code in English or (``nl``) Dutch, as text.

    Raises:
        UsageError: there is no such code.
    """
    one = next((one for one in explanations(language) if one.code == code.upper()), None)
    if one is None:
        raise UsageError(f"{code}: no rule has this code; explain without a code lists them")
    why, mend, wrong, right = _HEADINGS[language]
    lines = [f"{one.code}: {one.means}"]
    for heading, text in ((why, one.why), (mend, one.mend)):
        lines += ["", f"{heading}: {text}"] * bool(text)
    for heading, text in zip((wrong, right), next(examples_of(one), ()), strict=False):
        lines += ["", f"{heading}:", *(f"    {line}".rstrip() for line in text.splitlines())] * bool(text)
    return "\n".join(lines) + "\n"


def explanations(language: str = "en") -> list[Explanation]:
    """Return every rule in the order of the codes.

    Raises:
        InvalidError: a file of the shapes is not UTF-8.
    """
    found = []
    for code, rule in RULES.items():
        texts = (
            (rule.message_nl, rule.why_nl, rule.mend_nl) if language == "nl" else (rule.message, rule.why, rule.mend)
        )
        found.append(Explanation(code, *(sentence(text.format_map(_Gaps())) for text in texts)))
    shapes = Shapes(chain.from_iterable(parse(file).triples for file in (shapes_file(), style_file())))
    for shape in shapes.about:
        if code := shapes.code(shape):
            means, mend = (shapes.texts(shape, name).get(language, "") for name in ("message", "description"))
            comments = shapes.objects(shape, PREFIXES["rdfs"] + "comment")
            why = next((one.value for one in comments if isinstance(one, Literal) and one.language == language), "")
            found.append(Explanation(code, means, why, mend, str(shape)[1:-1].rpartition("/")[2]))
    return sorted(found)


class _Gaps(dict[str, str]):
    """What stands in the gaps of a rule that is about nothing yet."""

    def __missing__(self, name: str) -> str:
        return "" if name == "offer" else "…"


def examples_of(rule: Explanation) -> Iterator[list[str]]:
    """Yield the wrong and the right of each constraint of a rule, as Turtle. Of a shape they are about the subject that
    the files differ in."""
    folder = examples()
    if not rule.shape:
        for wrong in sorted(folder.glob(f"rules/{rule.code}/invalid.*")):
            files = (wrong, wrong.with_name(f"valid{wrong.suffix}"))
            yield [_without_prefixes(file.read_text(encoding="utf-8")) for file in files]
        return
    of_a_part = sorted(folder.glob(f"*/*/invalid.{rule.shape}.*.ttl"))
    for wrong in of_a_part or sorted(folder.glob(f"*/{rule.shape}/invalid.*.ttl")):
        if of_a_part or wrong.name.count(".") == _PARTS:
            sides = [by_subject(parse(file).triples) for file in (wrong, wrong.with_name("valid.ttl"))]
            for subject in dict.fromkeys(chain(*sides)):
                texts = [_block(side, subject) for side in sides]
                if isinstance(subject, NamedNode) and texts[0] != texts[1]:
                    yield texts


_PARTS = 2  # the dots in invalid.closed.ttl: it breaks the node shape that its folder is named after


def _block(statements: Statements, subject: Node) -> str:
    """What is said of a subject, and of the blank nodes that it refers to."""
    kept: dict[Node, About] = {}
    waiting = [subject]
    for node in waiting:
        if node in statements and node not in kept:
            kept[node] = statements[node]
            objects = chain.from_iterable(statements[node].values())
            waiting += [value for value in objects if isinstance(value, BlankNode)]
    return _without_prefixes(serialize(kept, PREFIXES)) if kept else ""


def _without_prefixes(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("PREFIX ")).strip()
