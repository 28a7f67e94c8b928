"""``validate``: check the graph, with files in it or added to it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...terminal import in_log, printable
from ...translation import languages
from ...validation.reports import FORMATS, SEVERITIES
from .. import values
from ..codes import FINDINGS, FINE
from ..completion import directories, paths, starting
from ..contradictions import refuse_what_contradicts
from ..extras import needed
from ..messages import language
from ..messages import message as _
from ..output import in_colour, on_terminal, write, write_error
from ..parser import examples
from ..progress import showing
from ..stores import add_endpoint, endpoint

if TYPE_CHECKING:
    from ...findings import Report
    from ...validation.baseline import Baseline
    from ..parser import Commands, Parser

    _Changes = Mapping[Path, tuple[bytes, bytes]]  # by file: what it holds, and what it should


def add(commands: Commands) -> None:
    """Describe the command."""
    validate = commands.add_parser(
        "validate",
        help=_("check the graph, with your files in it or added to it"),
        description=_(
            "Check the graph against its shapes; and the ontology, the shapes and the queries against their style. A "
            "file of the graph (the same path, or the same path under data/, ontology/ or queries/) takes the place of "
            "the one that is there, any other is added; a directory stands for every RDF file and query under it."
        ),
        epilog=examples(
            "ghent-partnerships validate",
            "ghent-partnerships validate data/partners/kanazawa.ttl",
            "ghent-partnerships validate --format github --output sarif=report.sarif",
            "ghent-partnerships validate --shapes theirs.ttl theirs-data.ttl",
            "ghent-partnerships validate --shapes theirs.ttl --endpoint http://localhost:7878/query",
            "ghent-partnerships validate --shapes theirs.ttl --engine spark theirs-data.nt",
        ),
    )
    _add_inputs(validate)
    _add_endpoint(validate)
    _add_reports(validate)
    _add_checks(validate)
    _add_baseline(validate)
    validate.set_defaults(run=run)


def _add_inputs(validate: Parser) -> None:
    validate.add_argument(
        "files",
        metavar=_("FILE"),
        nargs="*",
        type=values.path_or_address,
        help=_(
            "Turtle, N-Triples, TriG, N-Quads, JSON-LD, RDF/XML or, without --shapes, a query; a directory; a quoted "
            "pattern like 'data/**/*.ttl'; - for standard input"
        ),
        completer=_files,
    )
    validate.add_argument(
        "--shapes",
        metavar=_("FILE"),
        type=values.path,
        action="append",
        default=[],
        help=_("check only the files given, against these shapes (repeatable)"),
        completer=_shapes,
    )


def _add_endpoint(validate: Parser) -> None:
    add_endpoint(validate, _("check what this SPARQL endpoint holds, against the shapes of the project or of --shapes"))


def _add_reports(validate: Parser) -> None:
    validate.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=FORMATS,
        default="text",
        help=_("of the report: {formats}; default: text", formats=", ".join(FORMATS)),
    )
    validate.add_argument(
        "--output",
        metavar=_("FORMAT=PATH"),
        action="append",
        default=[],
        help=_("write the report to a file as well (repeatable)"),
        completer=_reports,
    )
    validate.add_argument("--lang", choices=languages(), help=_("of the messages; default: that of the locale"))
    validate.add_argument(
        "--fail-on",
        metavar=_("SEVERITY"),
        choices=SEVERITIES,
        default="violation",
        help=_(
            "exit with 1 for findings at least as bad as this: {severities}; default: violation",
            severities=", ".join(SEVERITIES),
        ),
    )


def _add_checks(validate: Parser) -> None:
    validate.add_argument(
        "--since",
        metavar=_("REVISION"),
        default="",
        help=_("report only what the change since a revision of git caused"),
    )
    validate.add_argument("--fix", action="store_true", help=_("fix in the files what a machine can fix safely"))
    validate.add_argument("--dry-run", action="store_true", help=_("with --fix: change nothing, show the difference"))
    validate.add_argument(
        "--allow-network",
        action="store_true",
        help=_("with --shapes: fetch what owl:imports names, also from elsewhere"),
    )
    validate.add_argument(
        "--engine",
        choices=("spark",),
        help=_("with --shapes: check N-Triples and N-Quads that no machine holds, also at addresses like hdfs://…"),
    )
    validate.add_argument(
        "--master", metavar="URL", help=_("with --engine spark: where; default: Spark's configuration, or this machine")
    )
    validate.add_argument(
        "--thorough", action="store_true", help=_("ask pySHACL for a second opinion, which decides nothing: slow")
    )


def _add_baseline(validate: Parser) -> None:
    validate.add_argument(
        "--baseline",
        metavar=_("FILE"),
        type=values.path,
        help=_("do not count the findings that this file accepts, each with a reason if one is written beside it"),
        completer=_baselines,
    )
    validate.add_argument(
        "--prune-baseline",
        action="store_true",
        help=_("with --baseline: remove from the file what no longer occurs"),
    )
    validate.add_argument(
        "--write-baseline",
        metavar=_("FILE"),
        type=values.path,
        help=_("accept all findings of now in this file; what no longer occurs leaves it, reasons stay"),
        completer=_baselines,
    )


def _files(prefix: str, parsed_args: Namespace, **_: object) -> dict[str, str]:
    """Files of RDF; of the graph, but not of what other people's shapes check, queries are a part as well."""
    from ...rdf.parse import SUFFIXES

    return paths(prefix, SUFFIXES if getattr(parsed_args, "shapes", None) else SUFFIXES | {".rq"})


def _shapes(prefix: str, **_: object) -> dict[str, str]:
    from ...rdf.parse import SUFFIXES

    return paths(prefix, SUFFIXES)


def _baselines(prefix: str, **_: object) -> dict[str, str]:
    return paths(prefix, {".jsonl"})


def _reports(prefix: str, **_: object) -> dict[str, str]:
    """The formats of a report, and after one the directories to write it to."""
    output_format, equals, path = prefix.partition("=")
    if equals:
        return {f"{output_format}={directory}": "" for directory in directories(path)}
    return starting(prefix, {f"{name}=": "" for name in FORMATS})


def run(options: Namespace) -> int:
    """Resolve the files, load them, check; fix and check again, if that is asked for; and report, with exit code 1
    where something is too bad."""
    from dataclasses import replace

    from ...project.location import at_hand
    from ...validation.check import check_documents, comparison
    from ...validation.compare import changed
    from ...validation.documents import load, resolve
    from ...validation.fix import fix

    refuse_what_contradicts(options)
    if options.engine == "spark":
        return _run_on_spark(options)
    if options.endpoint is not None:
        return _run_on_endpoint(options)
    project = at_hand(options.project)
    files = resolve(project, values.matching(options.files), values.matching(options.shapes))
    if project is None and not options.shapes:
        write_error(_("no project here: of the files that are named only the syntax is checked; --shapes checks more"))
    outputs = _outputs(options.output, files.paths)
    baseline = _baseline(options, [*files.paths, *(path for _format, path in outputs)])
    with showing(_("checking")):
        documents = load(files, allow_network=options.allow_network)
        checked = check_documents(documents, thorough=options.thorough)
        narrowed = comparison(
            files, documents, options.since, thorough=options.thorough, allow_network=options.allow_network
        )
        report = baseline.applied(checked.findings, narrowed(documents, checked))
    if options.fix:
        narrow = options.since or baseline.entries
        with showing(_("fixing")):
            fixed = fix(documents, checked, thorough=options.thorough, caused=report if narrow else None)
        if options.dry_run:
            _show_difference(fixed.changes)
            return _code(report, options)
        _write_changes(fixed.changes)
        checked = fixed.report
        after = baseline.applied(checked.findings, narrowed(fixed.documents, checked))
        report = replace(after, fixed=changed(report, after).fixed)
    return _finished(report, checked, baseline, outputs, options)


def _run_on_endpoint(options: Namespace) -> int:
    """The same for what an endpoint holds: only the shapes count, and what is not in the project is not loaded."""
    from ...project.location import at_hand
    from ...remote.graph import with_graphs
    from ...validation.documents import load, resolve
    from ...validation.endpoint.check import check_endpoint

    project = None if options.shapes else at_hand(options.project)
    if project is None and not options.shapes:
        raise UsageError("validate --endpoint: " + _("no project here; give --shapes"))
    files = resolve(project, [], values.matching(options.shapes))
    outputs = _outputs(options.output, files.paths)
    baseline = _baseline(options, [*files.paths, *(path for _format, path in outputs)])
    with showing(_("checking")) as progress:
        documents = load(files, allow_network=options.allow_network)
        if not documents.shapes:
            raise UsageError("validate --endpoint: " + _("the project has no shapes; give --shapes"))
        source = endpoint(options) if project is None else with_graphs(endpoint(options), project)
        checked = check_endpoint(source, options.endpoint, documents, progress)
    if project is not None and not project.is_plain:
        write_error(_("only the shapes were checked: the other rules are about files, as those of the sources are"))
    return _finished(baseline.applied(checked.findings, checked), checked, baseline, outputs, options)


def _run_on_spark(options: Namespace) -> int:
    """Check files by a session of Spark, and report."""
    from ...validation.spark.check import rules, validate
    from ...validation.spark.files import sources

    addresses = [file for file in options.files if isinstance(file, str)]
    paths = values.matching(file for file in options.files if isinstance(file, Path))
    files = sources([*map(str, paths), *addresses])
    of_shapes = rules(values.matching(options.shapes))
    read = [*(file.path for file in files), *(document.path for document in of_shapes.documents)]
    outputs = _outputs(options.output, read)
    baseline = _baseline(options, [*read, *(path for _format, path in outputs)])
    with needed("validate --engine spark", "spark"), showing(_("starting Spark")) as stage:
        checked = validate(files, of_shapes, options.master or "", stage)
    return _finished(baseline.applied(checked.findings, checked), checked, baseline, outputs, options)


def _finished(
    report: Report, checked: Report, baseline: Baseline, outputs: list[tuple[str, Path]], options: Namespace
) -> int:
    """Write the baseline and the reports, and return the exit code."""
    if options.prune_baseline or options.write_baseline:
        baseline = baseline.of(checked.findings) if options.write_baseline else baseline.pruned(checked.findings)
        _write_baseline(baseline)
        report = baseline.applied(checked.findings, report)
    report = _of_hook(report, options)
    _write_reports(report, outputs, options)
    return _code(report, options)


def _of_hook(report: Report, options: Namespace) -> Report:
    """The report; of what pre-commit hands over, which may be a part that no shape is about, GP004 is no violation.
    Source: https://pre-commit.com/#usage-in-continuous-integration has the variable of the environment."""
    from dataclasses import replace

    from ...findings import INFO

    if not options.shapes or os.environ.get("PRE_COMMIT") != "1":
        return report
    findings = (replace(finding, severity=INFO) if finding.code == "GP004" else finding for finding in report.findings)
    return replace(report, findings=tuple(findings))


def _baseline(options: Namespace, others: Sequence[Path]) -> Baseline:
    """The baseline to use or to write again: without an option, or where it is not there yet, one of nothing."""
    from ...validation.baseline import Baseline, read_baseline

    path = options.baseline or options.write_baseline
    if path is None:
        return Baseline(Path("baseline"))
    option = "--baseline" if options.baseline else "--write-baseline"
    if any(_same(path, other) for other in others):
        problem = _("this file is one of those to check or of the reports; give another")
        raise UsageError(f"{option} {path}: " + problem)
    return read_baseline(path) if options.baseline or os.path.lexists(path) else Baseline(path)


def _write_baseline(baseline: Baseline) -> None:
    from ...publishing.directory import replace_file

    replace_file(baseline.path, baseline.content())


def _outputs(given: Sequence[str], inputs: Sequence[Path]) -> list[tuple[str, Path]]:
    """The formats and the paths in each FORMAT=PATH: no path twice, and none that is read."""
    outputs: list[tuple[str, Path]] = []
    for output in given:
        output_format, equals, name = output.partition("=")
        if not equals or not name or output_format not in FORMATS:
            expected = _("expected FORMAT=PATH, the format one of {formats}", formats=", ".join(FORMATS))
            raise UsageError(f"--output {output}: {expected}")
        outputs.append((output_format, Path(name)))
    for number, (output_format, path) in enumerate(outputs):
        option = f"--output {output_format}={path}"
        if any(_same(path, before) for _, before in outputs[:number]):
            raise UsageError(f"{option}: " + _("another report goes to this file; give each its own"))
        if any(_same(path, read) for read in inputs):
            raise UsageError(f"{option}: " + _("this file is one of those to check; give another"))
    return outputs


def _same(first: Path, second: Path) -> bool:
    alike = os.path.realpath(first) == os.path.realpath(second)
    return alike or (first.exists() and second.exists() and first.samefile(second))


def _show_difference(changes: _Changes) -> None:
    from ...validation.fix import difference

    text = difference({_in_patch(path): contents for path, contents in changes.items()})
    if not text:
        write_error(_("nothing that a machine can fix"))
    write(printable(text, keep="\n\t") if on_terminal() or in_log() else text)


def _in_patch(path: Path) -> Path:
    """The file as a patch names it: from the working directory, or where it lies outside that from the root. A path
    that leads upwards or through a link is one that ``git apply`` and ``patch`` refuse."""
    resolved, here = path.resolve(), Path.cwd()
    return resolved.relative_to(here if resolved.is_relative_to(here) else resolved.anchor)


def _write_changes(changes: _Changes) -> None:
    from ...publishing.directory import replace_file

    for path, (_was, should) in changes.items():
        replace_file(path, should)


def _write_reports(report: Report, outputs: list[tuple[str, Path]], options: Namespace) -> None:
    from ...validation import reports

    def written(output_format: str, *, colour: bool = False) -> str:
        package_version = ""
        if output_format == "sarif":
            from ...project.citation import version
            from ...project.location import packaged

            package_version = version(packaged())
        return reports.write(report, output_format, language(), colour=colour, version=package_version)

    every: list[tuple[str, Path | None]] = [*outputs, (options.format, None)]
    for output_format, path in sorted(
        every, key=lambda output: output[0] == "turtle"
    ):  # which is refused after a failure
        if path is None:
            write(written(output_format, colour=in_colour()))
        else:
            from ...publishing.directory import replace_file

            replace_file(path, written(output_format).encode("utf-8"))


def _code(report: Report, options: Namespace) -> int:
    from ...validation.reports import fails

    return FINDINGS if fails(report, options.fail_on) else FINE
