"""``init``: begin a project of another city, or with a table of pairs of cities."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import UsageError
from ...project.init.options import LONGEST, is_address, is_item, is_name, tagged
from ...terminal import printable
from .. import values
from ..codes import FINE
from ..completion import directories, paths, starting
from ..messages import language, ngettext
from ..messages import message as _
from ..output import write, write_error, write_to
from ..parser import examples

if TYPE_CHECKING:
    from ...project.init.network import Network
    from ...project.init.start import Start
    from ...project.init.table import Table
    from ..parser import Commands, Parser

_NAMED = 20  # of what could not be read, so many are named


class _Question(NamedTuple):
    """What is asked at a terminal where the option is not given: the question, what nothing stands for, and how an
    answer is read."""

    option: str
    text: str
    default: str
    read: Callable[[str], object]


def add(commands: Commands) -> None:
    """Describe the command."""
    init = commands.add_parser(
        "init",
        help=_("begin a project of another city, or with a table of pairs of cities"),
        description=_(
            "Write a project that validates and can be published at once: its settings, a partnership with its quoted "
            "sentence as an example, and what checks and publishes it. At a terminal, what is not given is asked for. "
            "With --from, the project begins with a table of pairs of cities, and each row is its own source."
        ),
        epilog=examples(
            "ghent-partnerships init luettich --city de=Lüttich --city fr=Liège --base https://example.org/luettich/ "
            "--language de --language fr --publisher 'Stadt Lüttich'",
            "ghent-partnerships init twins --from links.csv --base https://example.org/twins/",
        ),
    )
    _add_options(init)
    init.set_defaults(run=run)


def _add_options(init: Parser) -> None:
    init.add_argument(
        "directory",
        metavar=_("DIR"),
        nargs="?",
        type=values.path,
        default=Path(),
        help=_("an empty folder, or one to be made; default: the current directory"),
        completer=directories,
    )
    init.add_argument(
        "--city",
        metavar=_("NAME|LANG=NAME"),
        action="append",
        type=_name,
        help=_("the name of the city, once for all languages or for each; with --from it may be left out"),
    )
    init.add_argument("--wikidata", metavar=_("ITEM"), type=_item, help=_("the item of the city in Wikidata"))
    init.add_argument("--base", metavar=_("IRI"), type=_base, help=_("what the IRIs of the data start with"))
    init.add_argument(
        "--language",
        metavar=_("LANG"),
        action="append",
        help=_("a language of the texts, as often as there are some; the first is that of the quoted sentence"),
        completer=_languages,
    )
    init.add_argument("--publisher", metavar=_("NAME"), type=_plain_name, help=_("who publishes the data"))
    init.add_argument("--repository", metavar="URL", type=_address, help=_("where the repository will be"))
    init.add_argument("--site", metavar="URL", type=_address, help=_("where the site will be"))
    init.add_argument("--source", metavar="URL", type=_address, help=_("where the document, or the table, comes from"))
    init.add_argument(
        "--from",
        dest="table",
        metavar=_("FILE"),
        type=values.path,
        help=_("a table of pairs of cities in CSV, with the names of its columns in the first line"),
        completer=_tables,
    )
    init.add_argument(
        "--column",
        metavar=_("ROLE=NAME"),
        action="append",
        default=[],
        help=_("which column of the table is what, where its name does not say so; a wrong ROLE lists all"),
    )


def _languages(prefix: str, **_others: object) -> dict[str, str]:
    from ...project.init.start import languages

    return starting(prefix, dict.fromkeys(languages(), ""))


def _tables(prefix: str, **_others: object) -> dict[str, str]:
    return paths(prefix, (".csv", ".tsv"))


def _plain_name(text: str) -> str:
    name = " ".join(text.split())
    if not is_name(name):
        raise ArgumentTypeError(_("expected a name in one line, of {most} characters at most", most=LONGEST))
    return name


def _name(text: str) -> tuple[str, str]:
    """A name with the tag of its language, or with nothing for all of them."""
    tag, name = tagged(text)
    return tag, _plain_name(name)


def _item(text: str) -> str:
    if not is_item(text):
        raise ArgumentTypeError(_("expected an item like {example}", example="Q42"))
    return text


def _address(text: str) -> str:
    if not is_address(text):
        raise ArgumentTypeError(_("expected an address that starts with http:// or https://"))
    return text


def _base(text: str) -> str:
    return text if text.endswith("/") else f"{text}/"


def run(options: Namespace) -> int:
    """Write the project, and say what comes next."""
    from ...files import read
    from ...project.init.example import files
    from ...project.init.folder import write_new
    from ...project.init.links import begun
    from ...project.init.table import read as read_table

    _complete(options)
    start, found, table = _start(options), None, None
    written: Mapping[str, bytes]
    if options.table is None:
        if options.column:
            raise UsageError("init: " + _("{option} is for {other}", option="--column", other="--from"))
        written = files(start)
    else:
        content = read(options.table)
        table = read_table(str(options.table), content, start.today, _columns(options.column))
        written, found = begun(start, str(options.table), content, table)
    write_new(options.directory, written)
    if found is not None and table is not None:
        _tell(options.table, table, found)
    counted = ngettext("{number:,} file", "{number:,} files", len(written))
    path = printable(str(options.directory))
    write(f"{path}: {counted}\n")
    following = _("next: {command}, then read {file}", command="ghent-partnerships validate", file="README.md")
    write(f"{following}\n")
    return FINE


def _tell(path: Path, table: Table, found: Network) -> None:
    """Say which columns were read as what, and what could not be read."""
    shown = printable(str(path))
    for line, reason, _whole in found.unread[:_NAMED]:
        write_error(f"{shown}:{line}: {printable(reason.localized(language()))}")
    if found.unread:
        rows = {line for line, _reason, whole in found.unread if whole}
        cells = sum(line not in rows for line, *_others in found.unread)
        left_out = (
            ngettext("{number:,} row is left out", "{number:,} rows are left out", len(rows)) if rows else "",
            ngettext("{number:,} cell is left out", "{number:,} cells are left out", cells) if cells else "",
        )
        of_lines = ", ".join(filter(None, left_out))
        write_error(_("{of_lines}: all are in {file}", of_lines=of_lines, file="unread.csv"))
    read_as = ", ".join(f"{role}={column}" for role, column in table.columns.items())
    write(f"{shown}: " + printable(_("columns: {columns}", columns=read_as)))
    if table.ignored:
        write("; " + printable(_("ignored: {columns}", columns=", ".join(table.ignored))))
    write("\n")
    counts = (
        ngettext("{number:,} partnership", "{number:,} partnerships", len(found.partnerships)),
        ngettext("{number:,} city", "{number:,} cities", len(found.cities)),
    )
    write(f"{shown}: {', '.join(counts)}\n")


def _complete(options: Namespace) -> None:
    """Ask at a terminal for what is not given.

    Raises:
        UsageError: it is no terminal, or it has no more answers.
    """
    missing = [question for question in _questions(options) if getattr(options, question.option) in (None, [])]
    if not missing:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        names = ", ".join(f"--{question.option}" for question in missing if question.option != "wikidata")
        if names:
            raise UsageError("init: " + _("give {options}: this is no terminal to ask at", options=names))
        return
    for question in missing:
        setattr(options, question.option, _answer(question))


def _questions(options: Namespace) -> list[_Question]:
    def tags(text: str) -> list[str]:
        return text.replace(",", " ").split()

    about_city = [
        _Question("city", _("Name of the city"), "", lambda text: [_name(text)]),
        _Question("wikidata", _("Its item in Wikidata, like Q42, or nothing"), "", lambda text: text and _item(text)),
    ]
    return [
        *([] if options.table else about_city),
        _Question("base", _("What the IRIs of the data start with, like https://example.org/partners/"), "", _base),
        _Question("language", _("Languages of the texts, the first before others"), language(), tags),
        _Question("publisher", _("Who publishes the data"), "", _plain_name),
    ]


def _answer(question: _Question) -> object:
    """Ask until there is an answer that can be read."""
    default = f" [{question.default}]" if question.default else ""
    while True:
        write_to(2, f"{question.text}{default}: ")
        line = sys.stdin.readline()
        if not line:
            raise UsageError("init: " + _("no answer: {question}", question=question.text))
        text = line.strip() or question.default
        try:
            if text or question.option == "wikidata":
                return question.read(text)
        except ArgumentTypeError as error:
            write_error(str(error))


def _start(options: Namespace) -> Start:
    """What the project begins with."""
    from ...project.citation import version
    from ...project.init.start import Start
    from ...project.location import packaged
    from ...text import Text

    return Start(
        base=options.base,
        languages=tuple(dict.fromkeys(options.language)),
        publisher=options.publisher,
        today=datetime.now(UTC).date().isoformat(),
        software=version(packaged()),
        city=Text(dict(options.city or ())),
        wikidata=options.wikidata or "",
        repository=options.repository or "",
        site=_base(options.site) if options.site else "",
        source=options.source or "",
    )


def _columns(given: list[str]) -> dict[str, str]:
    """The column that is named for each role."""
    from ...project.init.columns import ROLES

    found = {}
    for text in given:
        role, equals, name = text.partition("=")
        if role not in ROLES or not equals:
            problem = _("expected ROLE=NAME, with one of {roles} for ROLE", roles=", ".join(ROLES))
            raise UsageError(f"--column {printable(text)}: {problem}")
        found[role] = name
    return found
