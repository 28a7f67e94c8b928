"""What of the files cannot be read, as the default mode reports it."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...findings import WARNING, Finding, Location
from ...rdf.decoding import decode
from ...rdf.parse import empty, parse
from ...translation import message as _
from .files import Source
from .job import Divided
from .places import starts
from .statements import COMPRESSED

if TYPE_CHECKING:
    from pyspark import RDD

UNREADABLE = "GP001"  # the code of the rule that files can be read
Texts = dict[str, Mapping[int, str]]


def unread(
    divided: Divided, files: Sequence[Source], lines: Sequence[tuple[str, RDD[bytes]]]
) -> tuple[list[Finding], Texts]:
    """The findings about files that have a line which cannot be read, a byte order mark or nothing; and those lines."""
    findings: list[Finding] = []
    texts: Texts = {}
    for place, file in enumerate(files):
        wrong, replaced = (
            [line for line in known if line.file == place] for known in (divided.wrong, divided.replaced)
        )
        about_all = decode(file.name, BOM_UTF8)[1] if file.is_marked() else []
        if not divided.statements[place] and not wrong:
            about_all.append(replace(empty(file.name), code=UNREADABLE))
        if about_all:
            findings += about_all
            texts[file.name] = dict(enumerate(map(bytes.decode, lines[place][1].take(1)), 1))
        before = starts(lines[place][1]) if wrong or replaced else ()
        for first in (sorted(known)[0] for known in (wrong, replaced) if known):
            row = before[first.piece] + first.number + 1
            texts[file.name] = {**texts.get(file.name, {}), row: first.content.decode()}
            if first in wrong:
                document = parse(Path(f"line{_suffix(file.name)}"), first.content, name=file.name)
                for finding in document.findings:
                    place_in_file = finding.location._replace(line=row)
                    findings.append(replace(finding, code=finding.code or UNREADABLE, location=place_in_file))
            else:
                column = first.content.decode().index("\ufffd") + 1
                message = _("There is a U+FFFD, which may stand in the place of bytes that are not UTF-8.")
                location = Location(file.name, row, column)
                help_ = _("Save the file as UTF-8.")
                findings.append(Finding(code="GP002", severity=WARNING, message=message, help=help_, location=location))
    return findings, texts


def _suffix(name: str) -> str:
    return Path(name.removesuffix(COMPRESSED)).suffix
