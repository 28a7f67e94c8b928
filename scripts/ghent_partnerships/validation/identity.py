"""What identifies a finding, for who compares two runs: a baseline, ``--since`` and the fingerprints of SARIF."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from ..findings import Finding
from .reports.summary import rule_id

LENGTH = 32  # hexadecimal digits of a fingerprint
_FILE_IRI = re.compile(r"file://(/[^>\s]*)")


def identity(finding: Finding, relative: Callable[[str], str]) -> tuple[str, ...]:
    """The rule, the focus node, the path, the value, and the shape and the constraint that are broken.

    Neither the line nor the words: those change with what stands above, with the language and from one version to the
    next. Nor the label of a blank node, which is new on each run: findings that differ in nothing else are the same,
    several times. The file is a part where the node has no name of its own, and the words where there is no node, as
    with a file that cannot be read. ``relative`` writes the path of a file so that it is the same wherever the
    repository lies; IRIs of files have it too.
    """
    result = finding.result
    named = [
        "_:" if term.startswith("_:") else portable(term, relative)
        for term in (result.focus, result.path, result.value, result.shape, result.constraint)
    ]
    where = relative(finding.location.path) if named[0] in ("", "_:") else ""
    words = "" if named[0] else portable(str(finding.message), relative)
    return (rule_id(finding), where, *named, words)


def portable(text: str, relative: Callable[[str], str]) -> str:
    """The text with the IRIs of files as ``relative`` writes their paths."""
    return _FILE_IRI.sub(lambda iri: relative(unquote(iri[1])), text)


def fingerprint(finding: Finding, relative: Callable[[str], str]) -> str:
    """The identity of a finding in 32 hexadecimal digits."""
    from hashlib import sha256

    parts = "\0".join(identity(finding, relative))
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
