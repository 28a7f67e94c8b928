"""Explain a rule by its code: what it means, why it exists, and what is wrong and right by it.

The words are those of the shape, or of the rule in ``ontology/rules.ttl``; the examples are those that the tests check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from ..errors import UsageError
from ..project.location import examples, packaged
from ..project.project import Project
from ..rdf.namespaces import PREFIXES
from ..rdf.parse import parse
from ..rdf.turtle import About, Node, Statements, by_subject, serialize
from ..text import DEFAULT_LANGUAGE, NO_LANGUAGE, Text
from ..translation import message as _
from .results import filled
from .rule_words import by_number
from .shapes import Shapes


class Explanation(NamedTuple):
    """A rule: what it means, why it exists and how to fix what breaks it.

    ``shape`` is the local name of the shape that it is the rule of, or nothing; ``suite`` is "style" where that is a
    shape of the ontology, the shapes and the queries themselves, else "shapes".
    """

    code: str
    means: Text
    why: Text
    fix: Text
    shape: str = ""
    suite: str = "shapes"


def explain(code: str, language: str = DEFAULT_LANGUAGE, project: Project | None = None) -> str:
    """Return the explanation of a code in a language, as text.

    Raises:
        UsageError: there is no such code.
    """
    rule = next((rule for rule in explanations(project) if rule.code == code.upper()), None)
    if rule is None:
        raise UsageError(_("{code}: no rule has this code; explain without a code lists them", code=code))
    lines = [f"{rule.code}: {rule.means.localized(language)}"]
    for heading, about in ((_("Why"), rule.why), (_("Fix"), rule.fix)):
        lines += ["", f"{heading.localized(language)}: {about.localized(language)}"] * bool(about)
    for heading, text in zip((_("Wrong"), _("Right")), next(examples_of(rule), ()), strict=False):
        lines += [
            "",
            f"{heading.localized(language)}:",
            *(f"    {line}".rstrip() for line in text.splitlines()),
        ] * bool(text)
    return "\n".join(lines) + "\n"


def explanations(project: Project | None = None) -> list[Explanation]:
    """Return every rule in the order of the codes: those that come with the package, and those of the project's shapes.

    Raises:
        InvalidError: a file of the shapes is not UTF-8.
    """
    rules = []
    package = packaged()
    stated = [] if project is None else project.shape_files()
    files = [("shapes", file) for file in (package.shapes_file(), package.rules_file(), *stated)]
    files.append(("style", package.style_file()))
    for suite, file in files:
        shapes = Shapes(parse(file).triples)
        for shape in shapes.about:
            if code := shapes.code(shape):
                texts = (Text(shapes.texts(shape, name)) for name in ("message", "description"))
                means, fix = (
                    text.map(lambda template: filled(template, {"home": "ontology/"}, otherwise="…")) for text in texts
                )
                comments = shapes.objects(shape, PREFIXES["rdfs"] + "comment")
                why = Text(
                    {
                        comment.language or NO_LANGUAGE: comment.value
                        for comment in comments
                        if isinstance(comment, Literal)
                    }
                )
                name = str(shape)[1:-1].removeprefix(PREFIXES["shape"])
                rules.append(Explanation(code, means, why, fix, name if "/" not in name else "", suite))
    return sorted(rules, key=lambda rule: (by_number(rule.code), rule.shape))


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
                if _is_same(sides[0], sides[1], subject):
                    continue
                texts = [_block(side, subject) for side in sides]
                if isinstance(subject, NamedNode) and texts[0] != texts[1]:
                    yield texts


_PARTS = 2  # the dots in invalid.closed.ttl: it breaks the node shape that its folder is named after


def _is_same(first: Statements, second: Statements, subject: Node) -> bool:
    """Whether both say the same of a subject, so that neither has to be written; blank nodes may differ within."""
    about = first.get(subject, {})
    objects = chain.from_iterable(about.values())
    return about == second.get(subject, {}) and not any(isinstance(value, BlankNode) for value in objects)


def _block(statements: Statements, subject: Node) -> str:
    """The statements about a subject, and about the blank nodes that it refers to, as Turtle."""
    kept: dict[Node, About] = {}
    waiting = [subject]
    for node in waiting:
        if node in statements and node not in kept:
            kept[node] = statements[node]
            objects = chain.from_iterable(statements[node].values())
            waiting += [value for value in objects if isinstance(value, BlankNode)]
    return _without_prefixes(serialize(kept, _prefixes(examples()))) if kept else ""


@cache  # the settings are a file, and there are hundreds of examples
def _prefixes(_folder: Path) -> Mapping[str, str]:
    """Those of the project that the package carries, whose examples are in this folder."""
    return packaged().prefixes


def _without_prefixes(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("PREFIX ")).strip()
