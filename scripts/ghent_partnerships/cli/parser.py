"""The arguments of the command: its options, their help and examples."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import UsageError
from ..rdf.namespaces import BASE
from ..validation.reports import FORMS, SEVERITIES
from .completion import SHELLS, complete

_MIB = 1 << 20  # a tebibyte
_DAY = 86_400  # seconds

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction["_Parser"]


class Shown(Exception):  # noqa: N818
    """The help or the version was asked for: a text to show, and nothing to do."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options, ``command`` among them; the arguments are those of the process by default.

    Raises:
        Shown: the help or the version was asked for.
        UsageError: the arguments are wrong.
    """
    parser = _Parser(
        prog="ghent-partnerships",
        description="Ghent's international partnerships as linked data: check, ask and publish the graph.",
        epilog="""examples:
  ghent-partnerships publish
  ghent-partnerships validate data/partners/kanazawa.ttl
  ghent-partnerships query twinnings-begun-in-year --param year=1969
  ghent-partnerships fmt --check

exit codes: 0 fine; 1 findings; 2 wrong use or out of reach; 130 interrupted; 143 terminated
""",
    )
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    _publish(commands)
    _serve(commands)
    _validate(commands)
    _explain(commands)
    _query(commands)
    _fmt(commands)
    _cite(commands)
    _diff(commands)
    _completion(commands)
    _release_check(commands)
    complete(parser)
    given = sys.argv[1:] if arguments is None else list(arguments)
    for argument in given[: given.index("--")] if "--" in given else given:
        if re.fullmatch(r"--[a-z-]+=--", argument):  # of which argparse makes an empty list
            raise UsageError(f"{argument}: expected a value after the equals sign")
        if "--" not in given and argument.startswith("-") and _is_there(argument):
            # A tool like pre-commit may have put it there, and whoever named the file may have meant an option.
            raise UsageError(f"{argument}: the name of a file here, and like an option; write -- before names of files")
    return parser.parse_args(given)


def _is_there(name: str) -> bool:
    try:
        return name != "-" and os.path.lexists(name)
    except ValueError:  # it has a NUL, which no name has
        return False


def _path(text: str) -> Path:
    """A path; of nothing Python makes the current directory."""
    if not text:
        raise argparse.ArgumentTypeError("expected a path; . is the current directory")
    return Path(text)


def _publish(commands: _Commands) -> None:
    publish = commands.add_parser(
        "publish",
        help="check the graph and write it to a directory: data, tables, maps and a site",
        description="Check the graph and write it to a directory: whole, and a document for each resource, as Turtle, "
        "N-Triples, JSON-LD and RDF/XML; by named graphs as TriG and N-Quads; the ontology, the shapes and the "
        "queries; tables as CSV, maps as GeoJSON, views in other vocabularies; a site in English and Dutch that any "
        "host can serve; each with a gzipped copy, and a list of checksums. The directory changes in one step, or not "
        "at all.",
        epilog="example:\n  ghent-partnerships publish dist && (cd dist && sha256sum --check --quiet SHA256SUMS)\n",
    )
    publish.add_argument("directory", metavar="DIR", nargs="?", type=_path, default=Path("dist"), help="default: dist")
    publish.add_argument(
        "--site",
        metavar="URL",
        default=BASE,
        help="where the site will be served, for canonical links and the sitemap (default: %(default)s)",
    )
    publish.add_argument(
        "--no-sparql",
        action="store_false",
        dest="sparql",
        help="there will be no endpoint at sparql below that address, so the catalogue lists none",
    )
    publish.set_defaults(command="publish")


def _serve(commands: _Commands) -> None:
    serve = commands.add_parser(
        "serve",
        help="put what publish wrote on the web, with a SPARQL endpoint",
        description="Serve what publish wrote: pages and data, negotiated, and a read-only SPARQL 1.1 endpoint at "
        "/sparql. SIGHUP takes what is in the directory by then, without dropping a request. Needs the extra: "
        "pip install 'ghent-partnerships[serve]'.",
        epilog="""examples:
  ghent-partnerships serve --help
  curl --header 'Accept: text/turtle' http://127.0.0.1:8000/doc/city/ghent
""",
    )
    serve.add_argument("directory", metavar="DIR", nargs="?", type=_path, default=Path("dist"), help="default: dist")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    serve.add_argument(
        "--port", type=_whole(0, 65_535), default=8000, help="0 for any that is free (default: %(default)s)"
    )
    serve.add_argument(
        "--seconds", type=_seconds, default=10.0, help="for a query, from its arrival on (default: %(default)g)"
    )
    serve.add_argument(
        "--memory",
        metavar="MIB",
        type=_whole(1, _MIB),
        default=256,
        help="for a query, beside the graph (default: %(default)s)",
    )
    serve.add_argument(
        "--cache",
        metavar="MIB",
        type=_whole(0, _MIB),
        default=16,
        help="for answers to keep; 0 for none (default: %(default)s)",
    )
    serve.add_argument("--quiet", action="store_true", help="no line of JSON for each request")
    serve.set_defaults(command="serve")


def _validate(commands: _Commands) -> None:
    validate = commands.add_parser(
        "validate",
        help="check the graph, with your files in it or added to it",
        description="Check the graph against its shapes; and the ontology, the shapes and the queries against their "
        "style. A file that is one of ours (the same path, or the same path under data/, ontology/ or queries/) takes "
        "its place, any other is added; a directory stands for every RDF file and query under it.",
        epilog="""examples:
  ghent-partnerships validate
  ghent-partnerships validate data/partners/kanazawa.ttl
  ghent-partnerships validate --format github --output sarif=report.sarif
  ghent-partnerships validate --shapes theirs.ttl theirs-data.ttl
""",
    )
    validate.add_argument(
        *("files",),
        metavar="FILE",
        nargs="*",
        type=_path,
        help="Turtle, N-Triples, TriG, N-Quads, JSON-LD, RDF/XML or, among ours, a query; - for standard input",
    )
    validate.add_argument(
        "--shapes",
        metavar="FILE",
        type=_path,
        action="append",
        default=[],
        help="check only the files given, against these shapes (repeatable)",
    )
    validate.add_argument("--format", choices=FORMS, default="text", help="of the report; default: text")
    validate.add_argument(
        "--output",
        metavar="FORMAT=PATH",
        action="append",
        default=[],
        help="write the report to a file as well (repeatable)",
    )
    validate.add_argument("--lang", choices=("en", "nl"), help="of the messages; default: that of the locale")
    validate.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="violation",
        help="exit with 1 for findings at least as bad as this; default: violation",
    )
    validate.add_argument(
        "--since", metavar="REVISION", default="", help="report only what the change since a revision of git caused"
    )
    validate.add_argument("--fix", action="store_true", help="mend in the files what a machine can mend safely")
    validate.add_argument("--dry-run", action="store_true", help="with --fix: change nothing, show the difference")
    validate.add_argument(
        "--allow-network", action="store_true", help="with --shapes: fetch what owl:imports names, also from elsewhere"
    )
    validate.add_argument("--thorough", action="store_true", help="let pySHACL check everything: slow, the authority")
    validate.set_defaults(command="validate")


def _explain(commands: _Commands) -> None:
    explain = commands.add_parser(
        "explain",
        help="explain a rule by the code that a finding gives",
        description="Say what a rule means, why it exists and how to mend what breaks it, with a wrong example and a "
        "right one; without a code, list the rules.",
        epilog="example:\n  ghent-partnerships explain GP200\n",
    )
    explain.add_argument("code", metavar="CODE", nargs="?", help="the code of a rule, like GP200")
    explain.add_argument("--lang", choices=("en", "nl"), help="default: that of the locale")
    explain.set_defaults(command="explain")


def _query(commands: _Commands) -> None:
    query = commands.add_parser(
        "query",
        help="ask a question of the graph, or any SPARQL query",
        description="Ask one of the named questions, or the query in a file, of the graph or of a SPARQL endpoint.",
        epilog=f"""examples:
  ghent-partnerships query --list
  ghent-partnerships query twin-cities --param lang=nl
  ghent-partnerships query which-sentence-says-so --param resource=city:liege --format csv
  echo 'SELECT ?city {{ ?city a <{BASE}ontology#City> }}' | ghent-partnerships query -
""",
    )
    query.add_argument(
        "name", metavar="NAME|FILE|-", nargs="?", help="a question, a file that ends in .rq, or standard input"
    )
    query.add_argument("--list", action="store_true", help="show the names and questions (as a table or markdown)")
    query.add_argument(
        "--param",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="bind a parameter (repeatable; the same name again adds a value)",
    )
    query.add_argument(
        "--format",
        choices=("table", "csv", "tsv", "json", "markdown", "turtle"),
        help="default: table, or turtle for a graph",
    )
    query.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead of the graph at hand")
    query.add_argument("--allow-network", action="store_true", help="let the query ask other endpoints with SERVICE")
    query.set_defaults(command="query")


def _fmt(commands: _Commands) -> None:
    fmt = commands.add_parser(
        "fmt",
        help="bring Turtle files into the canonical layout",
        description="Rewrite Turtle files in the canonical layout: sorted, one statement a line. A file with a comment "
        "is left as it is.",
        epilog="example:\n  ghent-partnerships fmt --check data\n",
    )
    fmt.add_argument("files", metavar="FILE", nargs="*", type=_path, help="default: all of ontology/ and data/")
    fmt.add_argument("--check", action="store_true", help="change nothing; name the files that would change")
    fmt.set_defaults(command="fmt")


def _cite(commands: _Commands) -> None:
    cite = commands.add_parser(
        "cite",
        help="say how to cite the data set",
        description="Print a citation of the data set in its present version: one line, BibTeX, RIS, or the content of "
        "CITATION.cff.",
        epilog="example:\n  ghent-partnerships cite --format bibtex\n",
    )
    cite.add_argument("--format", choices=("plain", "bibtex", "ris", "cff"), default="plain", help="default: plain")
    cite.set_defaults(command="cite")


def _completion(commands: _Commands) -> None:
    completion = commands.add_parser(
        "completion",
        help="print what makes a shell complete the command",
        description="Print the lines that make a shell complete commands, options, questions, parameters and files.",
        epilog="""examples, the line for the start-up file of each shell:
  eval "$(ghent-partnerships completion bash)"
  source <(ghent-partnerships completion zsh)
  ghent-partnerships completion fish | source
""",
    )
    completion.add_argument("shell", choices=SHELLS)
    completion.set_defaults(command="completion")


def _diff(commands: _Commands) -> None:
    diff = commands.add_parser(
        "diff",
        help="say what differs between two versions of the graph",
        description="Say in words what differs between two versions of the graph, by resource. Each is an RDF file, a "
        "folder of them, or else a revision of git. A part of the graph is compared as it is: what it lacks counts as "
        "removed. The exit code is 0, whether or not anything differs, and 1 where a file cannot be parsed.",
        epilog="""examples:
  ghent-partnerships diff HEAD
  ghent-partnerships diff HEAD~1 HEAD --format markdown
  ghent-partnerships publish && ghent-partnerships diff HEAD dist/ghent-partnerships.nt --format json
""",
    )
    diff.add_argument("old", metavar="OLD", help="a file, a folder or a revision")
    diff.add_argument("new", metavar="NEW", nargs="?", help="another; default: the graph at hand")
    diff.add_argument(
        "--format",
        choices=("text", "markdown", "json", "patch"),
        default="text",
        help="default: text; patch is RDF Patch",
    )
    diff.add_argument("--lang", choices=("en", "nl"), help="default: that of the locale")
    diff.set_defaults(command="diff")


def _release_check(commands: _Commands) -> None:
    check = commands.add_parser(
        "release-check",
        help="say what a release of the checkout still lacks",
        description="Say what a release of the version in data/release.ttl still lacks: a newer version than the last "
        "tag, its section in the changelog, the citation file, and every IRI that the last release published.",
        epilog="example:\n  ghent-partnerships release-check || true\n",
    )
    check.set_defaults(command="release-check")


def _whole(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number between two others, in digits of ASCII."""

    def number(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from {least} to {most}")

    return number


def _seconds(text: str) -> float:
    if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", text) and 0 < float(text) <= _DAY:
        return float(text)
    raise argparse.ArgumentTypeError(
        f"{text!r}: expected seconds in digits, more than 0 and at most {_DAY}, like 10 or 2.5"
    )


class _Parser(argparse.ArgumentParser):
    """argparse with the examples kept as they are written, and errors in this command's words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def print_help(self, file: object = None) -> NoReturn:  # noqa: ARG002
        raise Shown(self.format_help())


class _Version(argparse.Action):
    """Look the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, *_: object) -> NoReturn:
        from ..project.citation import version

        raise Shown(f"ghent-partnerships {version()}\n")
