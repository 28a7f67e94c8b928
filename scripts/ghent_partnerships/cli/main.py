"""The command: call one function, print what it returns, choose the exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from ..errors import InvalidError, UsageError
from ..terminal import bounded, in_log, printable
from .parser import Shown, parse
from .progress import Report, progress, silent

if TYPE_CHECKING:
    from argparse import Namespace

    from .. import findings
    from ..findings import Finding

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 fine, 1 findings, 2 wrong use or unreachable, 130 interrupted."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        try:
            options = parse(arguments)
        except Shown as shown:
            return _print(str(shown), FINE)
        return _COMMANDS[options.command](options)
    except InvalidError as error:
        for finding in error.findings:
            _say(str(finding))
        return FINDINGS
    except UsageError as error:
        _say(f"ghent-partnerships: {bounded(printable(str(error)))}")
    except KeyboardInterrupt:
        _say("ghent-partnerships: interrupted")
        return INTERRUPTED
    except Exception as error:  # no traceback ever reaches a user
        _say(f"ghent-partnerships: internal error, please report it: {printable(repr(error))}")
    return WRONG_USE


def _validate(options: Namespace) -> int:
    from ..validation import reports
    from ..validation.check import validate

    if options.shapes and not options.files:
        raise UsageError("validate --shapes: give the files to check")
    if options.dry_run and not options.fix:
        raise UsageError("validate --dry-run: goes with --fix")
    if options.dry_run and (options.output or options.format != "text"):
        raise UsageError("validate --dry-run: shows a difference; leave out --output and --format")
    outputs = _output(options)

    def checked() -> findings.Report:
        given = {name: getattr(options, name) for name in ("shapes", "thorough", "since", "allow_network")}
        with _progress("checking"):
            return validate(options.files, **given)

    report = checked()
    if options.fix:
        from dataclasses import replace

        from ..publishing.directory import replace_file
        from ..validation.compare import changed
        from ..validation.fix import difference, fixed

        how = {name: getattr(options, name) for name in ("thorough", "since", "allow_network")}
        with _progress("mending"):
            changes = fixed(report, options.files, options.shapes, **how)
        if options.dry_run:
            text = difference(changes)
            if not text:
                _say("nothing that a machine can mend")
            code = FINDINGS if reports.fails(report, options.fail_on) else FINE
            return _print(printable(text, keep="\n\t") if _on_terminal() or in_log() else text, code)
        for path, (_, should) in changes.items():
            replace_file(path, should)
        after = checked()
        report = replace(after, mended=changed(report, after).mended)
    language = options.lang or _language()

    def written(form: str, *, colour: bool = False) -> str:
        ours = ""
        if form == "sarif":
            from ..project.citation import version

            ours = version()
        return reports.write(report, form, language, colour=colour, version=ours)

    for form, path in outputs:
        from ..publishing.directory import replace_file

        replace_file(path, written(form).encode("utf-8"))
    code = FINDINGS if reports.fails(report, options.fail_on) else FINE
    return _print(written(options.format, colour=_in_colour()), code)


def _output(options: Namespace) -> list[tuple[str, Path]]:
    """The forms and the paths in each FORMAT=PATH: no path twice, and none that is read."""
    from ..validation.reports import FORMS

    outputs: list[tuple[str, Path]] = []
    for given in options.output:
        form, equals, path = given.partition("=")
        if not equals or not path or form not in FORMS:
            raise UsageError(f"--output {given}: expected FORMAT=PATH, the format one of {', '.join(FORMS)}")
        outputs.append((form, Path(path)))
    if not outputs:
        return []
    from ..files import expand
    from ..project.paths import graph_files, query_files, shapes_file, style_file
    from ..rdf.parse import SUFFIXES

    def same(one: Path, other: Path) -> bool:
        alike = os.path.realpath(one) == os.path.realpath(other)
        return alike or (one.exists() and other.exists() and one.samefile(other))

    inputs = expand([*options.files, *options.shapes], SUFFIXES | {".rq"})
    if not options.shapes:
        inputs += [*graph_files(), shapes_file(), style_file(), *query_files()]
    for number, (form, path) in enumerate(outputs):
        if any(same(path, other) for _, other in outputs[:number]):
            raise UsageError(f"--output {form}={path}: another report goes to this file; give each its own")
        if any(same(path, other) for other in inputs):
            raise UsageError(f"--output {form}={path}: this file is one of those to check; give another")
    return outputs


def _language() -> str:
    """Dutch where the locale is, else English."""
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return "nl" if locale.partition("_")[0].partition(".")[0] == "nl" else "en"


def _explain(options: Namespace) -> int:
    from ..sparql.results import table
    from ..validation.explain import explain, explanations

    language = options.lang or _language()
    if options.code is not None:
        return _print(explain(options.code, language), FINE)
    return _print(table(("code", "rule"), [(one.code, one.means) for one in explanations(language)]), FINE)


def _query(options: Namespace) -> int:
    if options.list:
        return _list_questions(options.format)
    if options.name is None:
        raise UsageError("query: name a question (query --list shows them), a file, or - for standard input")
    from ..sparql.library import bind
    from ..sparql.results import render
    from ..sparql.run import ask_endpoint, run

    text, base = _query_text(options.name)
    text = bind(text, _parameters(options.param))
    with _progress("asking"):
        how = {"use": lambda results: render(results, options.format), "allow_network": options.allow_network}
        if options.endpoint is None:
            answer, empty = run(text, options.name, base=base, **how)
        else:
            answer, empty = ask_endpoint(text, options.endpoint, **how)
    if empty:
        _say("no rows")
    if _on_terminal():
        answer = printable(answer.replace("\r\n", "\n"), keep="\n\t")
    return _print(answer, FINE)


def _list_questions(form: str | None) -> int:
    from ..sparql.library import questions
    from ..sparql.results import index, table

    if form == "markdown":
        return _print(index(questions().values()), FINE)
    if form not in (None, "table"):
        raise UsageError(f"query --list --format {form}: the list is a table; use table or markdown")
    rows = [(name, question.summary) for name, question in questions().items()]
    return _print(table(("name", "question"), rows), FINE)


def _query_text(name: str) -> tuple[str, str | None]:
    """The text of a query: of standard input, of a file if the name looks like one, else of a named question; and what
    its relative IRIs are resolved against: the working directory, the file, or nothing, since a question has none."""
    if name == "-":
        from ..files import standard_input

        base, data = f"{Path.cwd().as_uri()}/", standard_input()
    elif name.endswith(".rq") or os.sep in name:
        from ..files import read

        data = read(Path(name))
        base = Path(name).absolute().as_uri()
    else:
        from ..sparql.library import question

        return question(name).text, None
    try:
        return data.decode("utf-8-sig"), base
    except UnicodeDecodeError as error:
        from ..rdf.parse import not_utf8

        raise InvalidError([not_utf8(name, data, error)]) from error


def _parameters(given: Sequence[str]) -> dict[str, list[str]]:
    parameters: dict[str, list[str]] = {}
    for parameter in given:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise UsageError(f"--param {parameter}: expected NAME=VALUE")
        parameters.setdefault(name, []).append(value)
    return parameters


def _publish(options: Namespace) -> int:
    from ..files import shown
    from ..publishing.publish import publish

    with _progress("reading the graph") as report:
        done = publish(options.directory, address=options.site, sparql=options.sparql, report=report)
    counts = f"{_number(done.files, 'file')}, {_number(done.resources, 'resource')}, {_number(done.triples, 'triple')}"
    if not done.scripted:
        _say("without query page, search and the land on the map: their scripts are not there; make web makes them")
    if done.unfed is not None:
        _say(f"the feed of changes: {printable(done.unfed)}")
    return _print(f"{printable(shown(done.directory))}: {counts}\n", FINE)


def _serve(options: Namespace) -> int:
    try:
        from ..serve import Limits
        from ..server.running import run
    except ModuleNotFoundError as error:
        reason = f"{error.name} is not installed; pip install 'ghent-partnerships[serve]'"
        raise UsageError(f"serve: {reason}") from error
    limits = Limits(seconds=options.seconds, memory=options.memory << 20, cache=options.cache << 20)

    run(options.directory, options.host, options.port, limits, log=not options.quiet and sys.stdout is not None)
    return FINE


def _fmt(options: Namespace) -> int:
    from ..files import expand, read, shown
    from ..project.paths import checkout, root
    from ..publishing.directory import replace_file
    from ..rdf.format import canonical, difference

    if not options.files and checkout() is None:
        raise UsageError("fmt: name the files to format (there is no checkout here)")
    paths = expand(options.files or [root() / "ontology", root() / "data"], frozenset({".ttl"}))
    if foreign := next((path for path in paths if path.suffix != ".ttl"), None):
        raise UsageError(f"{foreign}: fmt writes Turtle; expected a name that ends in .ttl")
    findings: list[Finding] = []
    changed = 0
    for path in paths:
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
    text = _lines(findings)
    what = "not in the canonical layout" if options.check else "rewritten"
    return _print(f"{text}{_number(len(paths), 'file')}: {changed} {what}\n", FINDINGS if findings else FINE)


def _cite(options: Namespace) -> int:
    from ..project.citation import citation

    return _print(citation(options.format), FINE)


def _completion(options: Namespace) -> int:
    from .completion import script

    return _print(script(options.shell), FINE)


def _diff(options: Namespace) -> int:
    from ..releases.diff import differences
    from ..releases.diff_reports import report
    from ..releases.releases import graph_now, graph_of

    before = graph_of(options.old)
    found = differences(before, graph_now() if options.new is None else graph_of(options.new))
    return _print(report(found, options.format, options.lang or _language()), FINE)


def _release_check(_options: Namespace) -> int:
    from ..project.citation import version
    from ..releases.check import lacking

    with _progress("looking at the last release"):
        findings = lacking()
    text = _lines(findings)
    summary = f"it lacks {_number(len(findings), 'thing')}" if text else "nothing is lacking"
    return _print(f"{text}release {version()}: {summary}\n", FINDINGS if text else FINE)


_COMMANDS = {
    "cite": _cite,
    "completion": _completion,
    "diff": _diff,
    "explain": _explain,
    "fmt": _fmt,
    "publish": _publish,
    "query": _query,
    "release-check": _release_check,
    "serve": _serve,
    "validate": _validate,
}


def _lines(findings: Sequence[Finding]) -> str:
    """The findings as text, their places in bold on a terminal that has colours."""
    text = "".join(f"{finding}\n" for finding in findings)
    if not _in_colour():
        return text
    return "".join(f"\x1b[1m{one.place}\x1b[0m{str(one).removeprefix(one.place)}\n" for one in findings)


def _in_colour() -> bool:
    return _on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


@contextlib.contextmanager
def _progress(stage: str) -> Iterator[Report]:
    """Say on a terminal what takes long; the block gets a function to tell the stage."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield silent
        return
    with progress(stage, lambda text: _write(2, text)) as report:
        yield report


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _print(text: str, code: int) -> int:
    """Write the text to standard output as UTF-8 and return the code, also when nobody reads it to the end."""
    try:
        _write(1, text)
    except BrokenPipeError:
        pass
    except OSError as error:
        raise UsageError(f"standard output: cannot be written: {error.strerror}") from error
    return code


def _say(message: str) -> None:
    """Write a message to standard error; where even that is closed there is nobody to tell."""
    with contextlib.suppress(OSError):
        _write(2, f"{message}\n")


def _write(descriptor: int, text: str) -> None:
    """Write to the descriptor itself: Python's streams are None where it is closed, and complain again at the end."""
    stream = (sys.stdout, sys.stderr)[descriptor - 1]
    if stream is not (sys.__stdout__, sys.__stderr__)[descriptor - 1]:  # somebody who calls main() wants to have it
        stream.write(text)
        return
    data = memoryview(text.encode("utf-8"))
    while data:
        data = data[os.write(descriptor, data) :]


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that what was half prepared is removed."""
    sys.exit(128 + signal.SIGTERM)
