"""The prefixes that the owners of a plain project give their namespaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pyoxigraph import RdfFormat, parse

_FORMATS = {".trig": RdfFormat.TRIG, ".ttl": RdfFormat.TURTLE}  # in which prefixes are declared before they are used
_UNUSABLE = "xml"  # what no prefix of XML begins with


def declared(files: Iterable[Path]) -> dict[str, str]:
    """Return the namespaces by the prefixes that files declare before their first statement.

    A namespace has the name that most files give it, and a name stands for the namespace that most files give it; of
    equals the first in the order of the alphabet counts. The empty prefix, which means something else in each file, is
    left out, and so is what no file of RDF/XML could declare, or what is only the place of a file. A file that cannot
    be read, which is a finding of the validation, declares nothing.
    """
    counts = Counter(pair for file in files if file.suffix in _FORMATS for pair in _of(file).items())
    ordered = (pair for pair, _count in sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    return joined((name, namespace) for name, namespace in ordered if _is_usable(name, namespace))


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the namespaces by their prefixes, of pairs of which an earlier counts more: each name and each namespace
    once."""
    found: dict[str, str] = {}
    known: set[str] = set()
    for name, namespace in pairs:
        if name not in found and namespace not in known:
            found[name] = namespace
            known.add(namespace)
    return found


def _is_usable(name: str, namespace: str) -> bool:
    return bool(name) and not name.lower().startswith(_UNUSABLE) and not namespace.startswith("file:")


def _of(file: Path) -> dict[str, str]:
    """What a file declares; of a large one no more is read than its beginning."""
    with suppress(OSError, StopIteration, SyntaxError):
        parser = parse(path=file, format=_FORMATS[file.suffix], base_iri=file.absolute().as_uri())
        next(parser)
        return dict(parser.prefixes)
    return {}
