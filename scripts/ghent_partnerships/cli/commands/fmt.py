"""``fmt``: bring Turtle files into the canonical layout."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InvalidError, UsageError
from .. import values
from ..codes import FINDINGS, FINE
from ..completion import paths
from ..messages import message as _
from ..messages import ngettext
from ..output import lines, write
from ..parser import examples

if TYPE_CHECKING:
    from ...findings import Finding
    from ..parser import Commands

_SUFFIXES = frozenset({".ttl"})


def add(commands: Commands) -> None:
    """Describe the command."""
    fmt = commands.add_parser(
        "fmt",
        help=_("bring Turtle files into the canonical layout"),
        description=_(
            "Rewrite Turtle files in the canonical layout: sorted, one statement a line. Prefixes, relative IRIs and "
            "labels of blank nodes stay, and each comment with the statement that it stands before or behind. Below a "
            "pyproject.toml with strict = true in [tool.ghent-partnerships.fmt] only the prefixes that are used stay."
        ),
        epilog=examples("ghent-partnerships fmt --check data"),
    )
    fmt.add_argument(
        "files",
        metavar=_("FILE"),
        nargs="*",
        type=values.path,
        help=_("default: all Turtle files of the project"),
        completer=_files,
    )
    fmt.add_argument("--check", action="store_true", help=_("change nothing; name the files that would change"))
    fmt.set_defaults(run=run)


def _of_project(options: Namespace) -> list[Path]:
    """The Turtle files of the project, without those that come with an installed package."""
    from ...project.location import found

    project = found(options.project)
    if project.checkout is None:
        raise UsageError("fmt: " + _("name the files to format (those of an installed package stay as they are)"))
    files = [file for file in project.files() if file.suffix in _SUFFIXES and file.is_relative_to(project.root)]
    return [file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file for file in sorted(files)]


def _files(prefix: str, **_: object) -> dict[str, str]:
    return paths(prefix, _SUFFIXES)


def run(options: Namespace) -> int:
    """Rewrite the files, or with --check name those that are not in the layout."""
    from ...files import expand, read, shown
    from ...publishing.directory import replace_file
    from ...rdf.format import canonical, difference

    files = expand(options.files, _SUFFIXES) if options.files else _of_project(options)
    if foreign := next((path for path in files if path.suffix not in _SUFFIXES), None):
        raise UsageError(f"{foreign}: " + _("fmt writes Turtle; expected a name that ends in .ttl"))
    findings: list[Finding] = []
    changed = 0
    for path in files:
        try:
            was, should = read(path), canonical(path).encode("utf-8")
        except InvalidError as error:
            findings += error.findings
            continue
        if was != should:
            changed += 1
            if options.check:
                findings.append(difference(shown(path), was, should))
            else:
                replace_file(path, should)
    if options.check:
        summary = _("{count} not in the canonical layout", count=changed)
    else:
        summary = _("{count} rewritten", count=changed)
    of_files = ngettext("{number:,} file", "{number:,} files", len(files))
    write(f"{lines(findings)}{of_files}: {summary}\n")
    return FINDINGS if findings else FINE
