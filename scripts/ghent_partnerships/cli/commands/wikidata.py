"""``wikidata``: fetch what Wikidata says of the cities, check it, compare it, and give back what is missing there."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...terminal import printable
from ...translation import languages
from ...validation.reports import FORMATS, SEVERITIES
from ..codes import FINDINGS, FINE
from ..messages import language, ngettext
from ..messages import message as _
from ..output import in_colour, write, write_error
from ..parser import examples
from ..progress import showing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...project.project import Project
    from ..parser import Commands, Parser

_REPORTED = tuple(name for name in FORMATS if name != "turtle")  # which has the results of SHACL alone
_COMPARED = ("text", "json")
_OFFERED = ("v1", "csv")


def add(commands: Commands) -> None:
    """Describe the command, and what it does."""
    wikidata = commands.add_parser(
        "wikidata",
        help=_("fetch what Wikidata says of the cities, check and compare it, and give back what is missing there"),
        description=_(
            "Keep the links to Wikidata true. All but refresh work on the snapshot in data/wikidata.ttl, without the "
            "network; the snapshot is no part of the graph."
        ),
        epilog=examples(
            "ghent-partnerships wikidata refresh",
            "ghent-partnerships wikidata check",
            "ghent-partnerships wikidata compare --format json",
            "ghent-partnerships wikidata contribute > statements.tsv",
        ),
    )
    wikidata.set_defaults(run=_unnamed)
    actions = wikidata.add_subparsers(title=_("what to do"), metavar=_("ACTION"))
    _add_refresh(actions)
    _add_check(actions)
    _add_compare(actions)
    _add_contribute(actions)


def _add_refresh(actions: Commands) -> None:
    from ..stores import add_access

    refresh: Parser = actions.add_parser(
        "refresh",
        help=_("fetch the snapshot"),
        description=_(
            "Fetch the items that the graph links to into data/wikidata.ttl. The old snapshot stays until the new one "
            "is whole; what was fetched when this is interrupted is not asked for again."
        ),
        epilog=examples("ghent-partnerships wikidata refresh"),
    )
    refresh.add_argument("--endpoint", metavar="URL", help=_("ask this mirror of Wikidata's endpoint"))
    refresh.add_argument(
        "--accept-loss",
        action="store_true",
        help=_("take what is fetched, even if more than half of what the old snapshot has is gone"),
    )
    add_access(refresh)
    refresh.set_defaults(run=_refresh)


def _add_check(actions: Commands) -> None:
    check: Parser = actions.add_parser(
        "check",
        help=_("check that the items are what the graph takes them for"),
        description=_(
            "Report items that were merged or deleted, of another kind or in another country, more than 10 km away, "
            "with other names, or linked twice. The exit code is 1 where something is too bad."
        ),
        epilog=examples("ghent-partnerships wikidata check --format github"),
    )
    check.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=_REPORTED,
        default="text",
        help=_("of the report: {formats}; default: text", formats=", ".join(_REPORTED)),
    )
    check.add_argument(
        "--fail-on",
        metavar=_("SEVERITY"),
        choices=SEVERITIES,
        default="violation",
        help=_(
            "exit with 1 for findings at least as bad as this: {severities}; default: violation",
            severities=", ".join(SEVERITIES),
        ),
    )
    check.add_argument("--lang", choices=languages(), help=_("of the messages; default: that of the locale"))
    check.set_defaults(run=_check)


def _add_compare(actions: Commands) -> None:
    compare: Parser = actions.add_parser(
        "compare",
        help=_("hold the partnerships against the twinnings there"),
        description=_(
            "Say of each partnership whether it is here and at Wikidata, only here or only there, and in what the two "
            "differ. The exit code is 0, whether or not anything does."
        ),
        epilog=examples("ghent-partnerships wikidata compare"),
    )
    compare.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=_COMPARED,
        default="text",
        help=_("{formats}; default: text", formats=", ".join(_COMPARED)),
    )
    compare.add_argument("--lang", choices=languages(), help=_("default: that of the locale"))
    compare.set_defaults(run=_compare)


def _add_contribute(actions: Commands) -> None:
    contribute: Parser = actions.add_parser(
        "contribute",
        help=_("write what is missing there as commands of QuickStatements"),
        description=_(
            "Write what Wikidata lacks of the partnerships as commands of QuickStatements, each with its references, "
            "to review and upload at https://quickstatements.toolforge.org. Nothing is sent. What you decide not to "
            "give is written in data/wikidata-declined.csv, and is not offered again."
        ),
        epilog=examples("ghent-partnerships wikidata contribute --format csv --output statements/"),
    )
    contribute.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=_OFFERED,
        default="v1",
        help=_("{formats}; default: v1, of lines with tabs", formats=", ".join(_OFFERED)),
    )
    contribute.add_argument(
        "--output",
        metavar=_("DIR"),
        type=Path,
        help=_("write files here, and not to standard output: of csv a table for each set of columns"),
    )
    contribute.set_defaults(run=_contribute)


def _unnamed(_options: Namespace) -> int:
    names = ", ".join(("refresh", "check", "compare", "contribute"))
    raise UsageError("wikidata: " + _("name what to do: {names}", names=names))


def _project(options: Namespace) -> Project:
    """The project, which has to be about cities.

    Raises:
        UsageError: there is none, or it is a plain one.
    """
    from ...project.location import found

    project = found(options.project)
    if project.is_plain:
        raise UsageError("wikidata: " + _("the project has no cities: its profile is plain"))
    return project


def _refresh(options: Namespace) -> int:
    from ...files import shown
    from ...publishing.directory import replace_file
    from ...remote.wikidata import ENDPOINT, refresh
    from ...wikidata.ties import graph_of
    from ..stores import access

    project = _project(options)
    endpoint = options.endpoint or ENDPOINT
    with showing(_("asking Wikidata")) as report:
        done = refresh(
            project,
            graph_of(project),
            replace_file,
            endpoint,
            access=access(options, endpoint),
            report=report,
            accept_loss=options.accept_loss,
        )
    items = ngettext("{number:,} item", "{number:,} items", done.items)
    what = _("as of {day}", day=done.day) if done.changed else _("nothing has changed, so it stays as it is")
    write(f"{shown(done.file)}: {items}, {what}\n")
    if done.missing:
        write_error(ngettext("{number:,} item is not there", "{number:,} items are not there", done.missing))
    return FINE


def _check(options: Namespace) -> int:
    from ...project.citation import version
    from ...project.location import packaged
    from ...validation import reports
    from ...validation.documents import project_documents
    from ...wikidata.check import check_items
    from ...wikidata.snapshot import read_snapshot

    project = _project(options)
    snapshot = read_snapshot(project)
    with showing(_("checking")):
        report = check_items(project, project_documents(project).graph, snapshot)
    package_version = version(packaged()) if options.format == "sarif" else ""
    write(reports.write(report, options.format, language(), colour=in_colour(), version=package_version))
    return FINDINGS if reports.fails(report, options.fail_on) else FINE


def _compare(options: Namespace) -> int:
    from ...wikidata.compare import compared
    from ...wikidata.comparison_reports import report
    from ...wikidata.declined import read_declined
    from ...wikidata.snapshot import read_snapshot
    from ...wikidata.ties import graph_of

    project = _project(options)
    comparison = compared(graph_of(project), read_snapshot(project), read_declined(project))
    write(report(comparison, options.format, language()))
    return FINE


def _contribute(options: Namespace) -> int:
    from ...validation.documents import project_documents
    from ...wikidata.check import check_items, unfit
    from ...wikidata.compare import compared
    from ...wikidata.contribute import offer, quickstatements
    from ...wikidata.declined import read_declined
    from ...wikidata.snapshot import read_snapshot
    from ...wikidata.ties import graph_of

    project = _project(options)
    snapshot, declined = read_snapshot(project), read_declined(project)
    wrong = unfit(check_items(project, project_documents(project).graph, snapshot))
    offered = offer(compared(graph_of(project), snapshot, declined), declined, wrong)
    files = quickstatements(offered.commands, options.format)
    if options.output is not None:
        _write_files(options, files)
    elif len(files) > 1:
        problem = _("the statements need {number} tables, as no cell may be empty; give --output", number=len(files))
        raise UsageError("wikidata contribute: " + problem)
    else:
        write("".join(files))
    for pair, reason in offered.left_out:
        cities = " – ".join(label.localized(language()) for label in pair.labels)
        write_error(printable(str(_("{cities}: not offered: {reason}", cities=cities, reason=reason))))
    if not offered.commands:
        write_error(_("nothing is missing there that can be given"))
    elif (site := project.settings.site) and not project.base.startswith(site):
        write_error(
            _(
                "the references name addresses below {base}, and the site is at {site}: see to it that the first lead "
                "to the second before you upload",
                base=project.base,
                site=site,
            )
        )
    return FINE


def _write_files(options: Namespace, files: Sequence[str]) -> None:
    """Write the files into a directory, in the place of those of an earlier time."""
    from ...publishing.directory import replace_directory

    ending = "tsv" if options.format == "v1" else options.format
    names = [f"statements{f'-{number}' if len(files) > 1 else ''}.{ending}" for number in range(1, len(files) + 1)]
    contents = ((name, text.encode()) for name, text in zip(names, files, strict=True))
    replace_directory(options.output, contents, _written_before)
    write("".join(f"{options.output / name}\n" for name in names))


def _written_before(directory: Path) -> list[str]:
    """The names of the files that an earlier time wrote into a directory."""
    return [path.name for path in directory.glob("statements*") if path.suffix in (".csv", ".tsv")]
