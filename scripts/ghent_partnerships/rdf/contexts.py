"""The contexts of JSON-LD that stand in other documents, put where they are referred to.

Oxigraph reads no other document. What a context in one of its own means is the same as where it is written out, but for
what this module sees to: its relative references are resolved at its own address, its ``@base`` does not count, and an
``@import`` is merged (https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from pyoxigraph import NamedNode

from ..errors import UsageError
from ..files import read
from ..text import Text
from ..translation import message as _
from .json_text import Array, Json, Object, String, values
from .positions import at_base

Load = Callable[[str], bytes]  # what is at an address; UsageError says "address: why not"
_MAY_REFER = re.compile(r'"@context"\s*+:\s*+["\[]|"@import"')
_MOST = 10_000_000  # characters that the contexts of a document may have, each counted as often as it is referred to
_DEEPEST = 10  # contexts that refer to one another


class ContextError(Exception):
    """A context of another document cannot be had, for the reference at the offset."""

    def __init__(self, reason: Text, offset: int = 0) -> None:
        super().__init__(str(reason))
        self.reason, self.offset = reason, offset


@dataclass(frozen=True)
class Expanded:
    """A text with its contexts written out; ``insertions`` are the start and end of what each took the place of, in
    the text as it was, and its length."""

    text: str
    insertions: list[tuple[int, int, int]] = field(default_factory=list, repr=False)

    def origin(self, offset: int) -> int:
        """The offset in the text as it was, of one in this text: of what was put in, that of its reference."""
        longer = 0
        for start, end, length in self.insertions:
            if offset < start + longer:
                break
            if offset < start + longer + length:
                return start
            longer += length - (end - start)
        return offset - longer


def expanded(text: str, base: str, load: Load) -> Expanded:
    """Return a JSON-LD text with the contexts of other documents, which ``load`` reads, where it refers to them.

    Raises:
        ContextError: one of them cannot be had.
        JSONDecodeError: the text is no JSON.
    """
    if not _MAY_REFER.search(text):
        return Expanded(text)
    try:
        json.loads(text)
    except RecursionError as error:
        raise ContextError(_("nested too deep to be read together with others")) from error
    references = [*_references(values(text), text)]
    reader, parts, insertions, done = _Reader(load), [], [], 0
    for reference, in_array in references:
        try:
            contexts = reader.inlined(json.loads(text[reference.offset : reference.end]), base, ())
        except ContextError as error:
            raise ContextError(error.reason, reference.offset) from error
        written = json.dumps(contexts)
        if in_array:
            written = written[1:-1] or "{}"
        parts += [text[done : reference.offset], written]
        insertions.append((reference.offset, reference.end, len(written)))
        done = reference.end
    return Expanded("".join((*parts, text[done:])), insertions)


def is_context(text: str) -> bool:
    """Whether a text of JSON-LD is a context for others, and states nothing itself."""
    with suppress(IndexError, AssertionError, ValueError):
        root = values(text)
        return isinstance(root, Array) and all(
            isinstance(value, Object) and [key for key, _, _ in value.members] == ["@context"] for value in root.items
        )
    return False


def file_beside(address: str, folders: Sequence[Path], reader: Callable[[Path], bytes] = read) -> bytes:
    """Return what is in the file at an address, which is in one of the folders.

    Raises:
        UsageError: it is not, or cannot be read.
    """
    parts = urlsplit(address)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise UsageError(_("{address}: not fetched without --allow-network", address=address))
    path = Path(unquote(parts.path))
    try:
        resolved = path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(_("{address}: cannot be read: {reason}", address=address, reason=str(error))) from error
    if not any(resolved.is_relative_to(folder) for folder in folders):
        raise UsageError(_("{address}: outside of the folder of the file that refers to it", address=address))
    return reader(path)


def folders_of(path: Path) -> list[Path]:
    """Return the folders whose files a file may refer to: its own, and that of the repository that it is in."""
    folder = path.resolve().parent
    return [folder, *(above for above in (folder, *folder.parents) if (above / ".git").exists())][:2]


@dataclass
class _Reader:
    """Reads contexts, each once, and writes them out, up to a bound."""

    load: Load
    read: dict[str, object] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    length: int = 0

    def inlined(self, context: object, base: str, through: tuple[str, ...]) -> list[object]:
        """The contexts that a value of ``@context`` stands for, in a document that these contexts led to."""
        every: list[object] = []
        for local in context if isinstance(context, list) else [context]:
            if isinstance(local, str):
                every += self._at(local, base, through)
            elif isinstance(local, dict):
                every.append(self._written_out(local, base, through))
            else:
                every.append(local)
        return every

    def _written_out(self, local: dict[str, object], base: str, through: tuple[str, ...]) -> dict[str, object]:
        definitions = {
            term: {**value, "@context": self.inlined(value["@context"], base, through)}
            if isinstance(value, dict) and "@context" in value
            else value
            for term, value in local.items()
            if not (term == "@base" and through)
        }
        if not isinstance(reference := definitions.pop("@import", None), str):
            return definitions if reference is None else {"@import": reference, **definitions}
        imported = self._at(reference, base, through)
        if len(imported) != 1 or not isinstance(imported[0], dict):
            raise ContextError(_("{address}: no single context, which could be imported", address=reference))
        return {**imported[0], **definitions}

    def _at(self, reference: str, base: str, through: tuple[str, ...]) -> list[object]:
        """The contexts in the document that a reference leads to."""
        try:
            address = urldefrag(NamedNode(at_base(reference, base) or "").value)[0]
        except (ValueError, TypeError) as error:
            raise ContextError(_("{address}: not an IRI", address=ascii(reference))) from error
        if address in through:
            raise ContextError(_("{address}: a context that refers to itself", address=address))
        if len(through) == _DEEPEST:
            raise ContextError(_("{address}: contexts refer to one another too deep", address=address))
        if address not in self.read:
            self._load(address)
        self.length += self.lengths[address]
        if self.length > _MOST:
            raise ContextError(_("{address}: too much to be read as contexts", address=address))
        return self.inlined(self.read[address], address, (*through, address))

    def _load(self, address: str) -> None:
        try:
            content = self.load(address)
        except UsageError as error:
            raise ContextError(error.text) from error
        if len(content) > _MOST:
            raise ContextError(_("{address}: too much to be read as contexts", address=address))
        try:
            document = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            problem = _("{address}: cannot be read as JSON: {reason}", address=address, reason=str(error))
            raise ContextError(problem) from error
        if not isinstance(document, dict) or "@context" not in document:
            raise ContextError(_("{address}: no JSON object with a @context", address=address))
        self.read[address], self.lengths[address] = document["@context"], len(content) + 1


def _references(root: Json, text: str) -> Iterator[tuple[String | Object, bool]]:
    """The contexts that are or that import an address, in the order of the text, and whether they stand in an array."""
    literals = _json_terms(root) if '"@json"' in text else frozenset()
    stack: list[Json | tuple[String | Object, bool]] = [root]
    while stack:
        value = stack.pop()
        if isinstance(value, tuple):
            yield value
        elif isinstance(value, Array):
            stack.extend(reversed(value.items))
        elif isinstance(value, Object):
            inner: list[Json | tuple[String | Object, bool]] = []
            for key, _, member in value.members:
                if key == "@context":
                    for context in member.items if isinstance(member, Array) else [member]:
                        if isinstance(context, String) or (
                            isinstance(context, Object) and context.get("@import") is not None
                        ):
                            inner.append((context, isinstance(member, Array)))
                        else:
                            inner.append(context)
                elif key != "@value" and key not in literals:
                    inner.append(member)
            stack.extend(reversed(inner))


def _json_terms(root: Json) -> frozenset[str]:
    """The terms whose values are JSON of another kind, in which no key means a context."""
    terms, stack = set(), [root]
    while stack:
        value = stack.pop()
        if isinstance(value, Array):
            stack.extend(value.items)
        elif isinstance(value, Object):
            for key, _, member in value.members:
                stack.append(member)
                kind = member.get("@type") if isinstance(member, Object) else None
                if isinstance(kind, String) and kind.value == "@json":
                    terms.add(key)
    return frozenset(terms) - {"@context", "@graph"}
