"""The canonical layout of a Turtle text made of its own tokens: its prefixes, names, labels and comments stay.

Subjects are sorted, one predicate and one object stand on a line, ``a`` comes first, a lone ``.`` closes. A directive,
and a comment with an empty line behind it, stay where they are: what stands before them stays before them. Any other
comment goes with what it stands before, or behind on the same line. The grammar is https://www.w3.org/TR/turtle/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby

from .lexer import tokens
from .tokens import COMMENT, LINE_END, unescape, unescape_iri
from .turtle import DEEPEST, iri_reference, quoted

_COMMENT = re.compile(COMMENT)
_INDENT = "    "
_CLOSING = {"[": "]", "(": ")"}
_TERMS = frozenset(("iri", "name", "node", "number", "string"))
_SUFFIXES = {"string": ("language", "datatype"), "datatype": ("iri", "name")}
_END = "end"


class UnknownTokenError(ValueError):
    """What stands at an offset of a text has no place in the layout, or is nested too deep for it."""

    def __init__(self, offset: int, *, nested: bool = False) -> None:
        super().__init__(offset)
        self.offset = offset
        self.nested = nested


@dataclass(slots=True)
class _Token:
    """A token, with the comments on lines of their own before it, those that an empty line parts from it, in groups,
    and the comment behind it on its line."""

    kind: str
    text: str
    offset: int
    starts_line: bool = True
    apart: list[list[str]] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """A predicate and an object, an item of a collection (which has no predicate), a subject or a directive."""

    predicate: str = ""
    value: _Brackets | str = ""
    before: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    def inline(self) -> str:
        """The line without its comments."""
        value = self.value if isinstance(self.value, str) else self.value.inline()
        return f"{self.predicate} {value}" if self.predicate else value

    def commented(self) -> bool:
        return bool(self.before or self.behind) or (not isinstance(self.value, str) and self.value.commented())

    def anonymous(self) -> bool:
        """Whether another line of the same text says something else, or has comments that this one has not."""
        value = self.value
        return not isinstance(value, str) and (value.inline() != "()" or value.commented())

    def written(self, indent: str, end: str) -> str:
        """The line with its comments: the first of those behind it stays there, and it has no room for others."""
        value = self.value if isinstance(self.value, str) else self.value.written(indent)
        text = f"{self.predicate} {value}" if self.predicate else value
        above = _own_lines([*self.before, *self.behind[1:]], indent)
        return f"{above}{indent}{text}{end}{''.join(f' {comment}' for comment in self.behind[:1])}\n"


@dataclass(slots=True)
class _Brackets:
    """``[ … ]`` or ``( … )``, with the comment behind the opening bracket and those before the closing one."""

    opening: str
    lines: list[_Line] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def inline(self) -> str:
        inside = (" " if self.opening == "(" else " ; ").join([line.inline() for line in self.lines])
        return f"{self.opening} {inside} {_CLOSING[self.opening]}" if inside else self.opening + _CLOSING[self.opening]

    def commented(self) -> bool:
        return bool(self.behind or self.last) or any(line.commented() for line in self.lines)

    def written(self, indent: str) -> str:
        """In one line, or in several where it has comments."""
        if not self.commented():
            return self.inline()
        inner = indent + _INDENT
        lines = "".join([line.written(inner, " ;" if self.opening == "[" else "") for line in self.lines])
        opening = " ".join([self.opening, *self.behind])
        return f"{opening}\n{lines}{_own_lines(self.last, inner)}{indent}{_CLOSING[self.opening]}"


@dataclass(slots=True)
class _Block:
    """The statements about a subject, and the comments before and behind the full stop."""

    subject: _Line
    order: tuple[int, str, str]
    lines: list[_Line]
    last: list[str]
    behind: list[str]

    def add(self, other: _Block) -> None:
        """Take in more statements about the same subject."""
        moved = [*other.subject.before, *other.subject.behind]
        other.lines[0].before[:0] = moved
        self.lines += other.lines
        self.last += other.last
        self.behind += other.behind

    def written(self) -> str:
        lines = "".join([line.written(_INDENT, " ;") for line in _in_order(self.lines)])
        last = _own_lines([*self.last, *self.behind[1:]], _INDENT)
        return f"{self.subject.written('', '')}{lines}{last}{' '.join(['.', *self.behind[:1]])}\n"


def arranged(text: str) -> str:
    """Return a Turtle text without syntax errors in the canonical layout, with its own prefixes, names and comments.

    Raises:
        UnknownTokenError: there is something beyond RDF 1.1, or it is nested more than 100 deep.
    """
    parts: list[str] = []
    was = ""
    for kind, group in groupby(
        _Reader(text).items(), key=lambda item: "block" if isinstance(item, _Block) else "other"
    ):
        if kind == "block":
            written = [block.written() for block in _merged(item for item in group if isinstance(item, _Block))]
            parts.append(("\n" if was else "") + "\n".join(written))
            was = kind
            continue
        for item in group:
            assert not isinstance(item, _Block)
            now = "comment" if isinstance(item, str) else "directive"
            parts.append("\n" if was and not was == now == "directive" else "")
            parts.append(item if isinstance(item, str) else item.written("", ""))
            was = now
    return "".join(parts)


def _merged(blocks: Iterator[_Block]) -> list[_Block]:
    """The blocks in order of their subjects, one for each that has a name."""
    merged: dict[object, _Block] = {}
    for block in blocks:
        named = block.order if block.order[0] < _ANONYMOUS else len(merged)
        if named in merged:
            merged[named].add(block)
        else:
            merged[named] = block
    return sorted(merged.values(), key=lambda block: block.order)


_IRI, _LABEL, _ANONYMOUS = range(3)  # the order of subjects


def _in_order(lines: Sequence[_Line]) -> list[_Line]:
    """Predicates and objects, ``a`` first, each once, with all comments."""
    kept: dict[tuple[bool, str, int], _Line] = {}
    for number, line in enumerate(lines):
        text = line.inline()
        key = (line.predicate != "a", text, number if line.anonymous() else -1)
        if key in kept:
            kept[key].before += [*line.before, *line.behind]
        else:
            kept[key] = line
    return [kept[key] for key in sorted(kept)]


def _own_lines(comments: Sequence[str], indent: str) -> str:
    return "".join([f"{indent}{comment}\n" for comment in comments])


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens with their comments; the last one is the end of the text."""
    was, end = _Token("", "", 0), 0
    for kind, token, offset in chain(tokens(text), [(_END, "", len(text))]):
        new = _Token(kind, token, offset)
        _attach(text[end:offset], was, new)
        if was.kind:
            yield was
        was, end = new, offset + len(token) + (kind == "language")  # which starts in an @
    yield was


def _attach(gap: str, was: _Token, new: _Token) -> None:
    """Give the comments between two tokens to them."""
    comments = _COMMENT.findall(gap)
    spaces = _COMMENT.split(gap)
    if "".join(spaces).strip(" \t\r\n"):
        raise UnknownTokenError(new.offset - len(gap))  # no token of Turtle
    line_ends = [len(LINE_END.findall(space)) for space in spaces]
    new.starts_line = any(line_ends) or not was.kind
    if comments and was.kind and not line_ends[0]:
        was.behind.append(comments.pop(0))
        line_ends.pop(0)
    for comment, ends in zip(comments, line_ends[1:], strict=True):
        new.before.append(comment)
        if ends > 1:
            new.apart.append(new.before)
            new.before = []
    if new.kind == _END and new.before:
        new.apart.append(new.before)


class _Reader:
    """Reads the statements of a text without syntax errors."""

    def __init__(self, text: str) -> None:
        self.found = _tokens(text)
        self.next = next(self.found)
        self.newer: bool | None = None  # whether directives are spelled as in SPARQL: the first one tells
        self.prefixes: dict[str, str] = {}
        self.depth = 0

    def items(self) -> Iterator[_Block | _Line | str]:
        """The directives, the statements about a subject, and the comments that stand apart."""
        while True:
            for group in self.next.apart:
                yield _own_lines(group, "")
            self.next.apart = []
            if self.next.kind == _END:
                return
            yield self.directive() if self.next.kind in ("directive", "language") else self.block()

    def take(self, *kinds: str, mark: str = "") -> _Token:
        """The next token, of one of the kinds or else the mark; what stands apart before it within a statement does
        not."""
        token = self.next
        if token.kind not in kinds and not (token.kind == "mark" and token.text == mark):
            raise UnknownTokenError(token.offset)
        if token.apart:
            token.before[:0] = [comment for group in token.apart for comment in group]
            token.apart = []
        self.next = next(self.found)
        return token

    def is_mark(self, mark: str) -> bool:
        return self.next.kind == "mark" and self.next.text == mark

    def directive(self) -> _Line:
        """A prefix or a base, spelled as the first of the file is."""
        spelled_newer = self.next.kind == "directive"
        self.newer = spelled_newer if self.newer is None else self.newer
        keyword = self.take("directive", "language")
        word = keyword.text.lower()
        if word not in ("prefix", "base"):
            raise UnknownTokenError(keyword.offset)
        taken = [keyword, *([self.take("name")] if word == "prefix" else [])]
        iri = self.take("iri")
        namespace = unescape_iri(iri.text[1:-1])
        words = [word.upper() if self.newer else f"@{word}"]
        if word == "prefix":
            words.append(taken[1].text)
            self.prefixes[taken[1].text[:-1]] = namespace
        line = _Line(" ".join(words), iri_reference(namespace) + ("" if self.newer else " ."), behind=iri.behind)
        for token in taken:
            line.before += [*token.before, *token.behind]
        line.before += iri.before
        if not spelled_newer:
            stop = self.take(mark=".")
            line.before += stop.before
            line.behind += stop.behind
        return line

    def block(self) -> _Block:
        subject = _Line()
        self.term(subject)
        lines: list[_Line] = []
        last: list[str] = []
        if isinstance(subject.value, _Brackets) and subject.value.opening == "[":
            lines, last = subject.value.lines, subject.value.last
            subject.behind[:0] = subject.value.behind
            subject.value = "[]"
        more, last = self.lines(last)
        lines += more
        stop = self.take(mark=".")
        last += stop.before
        behind = stop.behind
        if lines and not stop.starts_line:  # the comment is about what stands on that line
            lines[-1].behind += stop.behind
            behind = []
        return _Block(subject, self.order(subject, lines), lines, last, behind)

    def order(self, subject: _Line, lines: Sequence[_Line]) -> tuple[int, str, str]:
        """Where a subject stands: by its IRI as far as the prefixes make one, or its label, or what is said of it."""
        text = subject.inline()
        if text.startswith("_:"):
            return _LABEL, text, ""
        if not isinstance(subject.value, str) or text == "[]":
            return _ANONYMOUS, text, "\n".join(sorted([line.inline() for line in lines]))
        if text.startswith("<"):
            return _IRI, unescape_iri(text[1:-1]), text
        prefix, _, local = text.partition(":")
        return _IRI, self.prefixes[prefix] + unescape(local), text

    def lines(self, pending: list[str]) -> tuple[list[_Line], list[str]]:
        """Predicates and objects, and the comments behind the last of them that go with none; ``pending`` are comments
        before the first."""
        lines: list[_Line] = []
        while not (self.is_mark(".") or self.is_mark("]")):
            if self.is_mark(";"):
                token = self.take(mark=";")
                pending += token.before
                (lines[-1].behind if lines else pending).extend(token.behind)
                continue
            predicate = self.take("iri", "name", "word")
            if predicate.kind == "word" and predicate.text != "a":
                raise UnknownTokenError(predicate.offset)
            above = [*pending, *predicate.before, *predicate.behind]
            pending = []
            objects = self.objects(_term(predicate))
            min(objects, key=_Line.inline).before[:0] = above
            lines += objects
        return lines, pending

    def objects(self, predicate: str) -> list[_Line]:
        """The objects of a predicate, a line for each."""
        objects = [_Line(predicate)]
        self.term(objects[0])
        while self.is_mark(","):
            comma = self.take(mark=",")
            objects[-1].behind += comma.behind
            objects.append(_Line(predicate, before=comma.before))
            self.term(objects[-1])
        return objects

    def term(self, line: _Line) -> None:
        """Read a subject, an object or an item into a line, with its comments."""
        token = self.take(*_TERMS, "word", mark="(" if self.is_mark("(") else "[")
        line.before += token.before
        if token.kind == "mark":
            token = self.brackets(line, token)
        elif token.kind == "word" and token.text not in ("true", "false"):
            raise UnknownTokenError(token.offset)
        else:
            line.value = _term(token)
            while self.next.kind in _SUFFIXES.get(token.kind, ()):
                line.before += token.behind
                token = self.take(*_SUFFIXES[token.kind])
                line.before += token.before
                line.value += f"@{token.text}" if token.kind == "language" else _term(token)
        line.behind += token.behind

    def brackets(self, line: _Line, opening: _Token) -> _Token:
        """Read what stands in brackets into a line, and return the closing one, whose comment is that line's."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnknownTokenError(opening.offset, nested=True)
        brackets = _Brackets(opening.text, behind=opening.behind)
        if opening.text == "[":
            lines, brackets.last = self.lines([])
            brackets.lines = _in_order(lines)
        else:
            while not self.is_mark(")"):
                brackets.lines.append(_Line())
                self.term(brackets.lines[-1])
        closing = self.take(mark=_CLOSING[opening.text])
        brackets.last += closing.before
        line.value = brackets
        self.depth -= 1
        return closing


def _term(token: _Token) -> str:
    """A token as it is written: only what stands in quotes or in <> has more than one spelling."""
    if token.kind == "iri":
        return iri_reference(unescape_iri(token.text[1:-1]))
    if token.kind == "string":
        quotes = 3 if token.text.startswith(('"""', "'''")) else 1
        return quoted(unescape(token.text[quotes:-quotes]))
    return token.text
