"""``query``: ask a named question, or any SPARQL query."""

from __future__ import annotations

import gc
import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InvalidError, UsageError
from ...files import STANDARD_INPUT
from ...rdf.namespaces import GP, PREFIXES
from ...terminal import printable
from ...translation import languages
from .. import values
from ..codes import FINE
from ..completion import paths, starting
from ..messages import language
from ..messages import message as _
from ..output import on_terminal, table_columns, write, write_error
from ..parser import examples
from ..progress import showing
from ..stores import add_endpoint, demand_endpoint, endpoint

if TYPE_CHECKING:
    from ...project.project import Project
    from ...remote.endpoint import Endpoint
    from ...sparql.library import Question
    from ...sparql.run import Results
    from ..parser import Commands

_FORMATS = ("table", "csv", "tsv", "json", "markdown", "turtle")
_TABLES = ("partnerships", "cities", "agreements")  # of publishing, which takes long to import
_LIST_FORMATS = ("table", "markdown")


def add(commands: Commands) -> None:
    """Describe the command."""
    query = commands.add_parser(
        "query",
        help=_("ask a question of the graph, or any SPARQL query"),
        description=_("Ask one of the named questions, or the query in a file, of the graph or of a SPARQL endpoint."),
        epilog=examples(
            "ghent-partnerships query --list",
            "ghent-partnerships query twinnings-begun-in-year --param year=1969",
            "ghent-partnerships query which-sentence-says-so --param resource=city:liege --format csv",
            f"echo 'SELECT ?city {{ ?city a <{GP}City> }}' | ghent-partnerships query -",
        ),
    )
    query.add_argument(
        "name",
        metavar=_("NAME|FILE|-"),
        nargs="?",
        help=_("a question, a file that ends in .rq, or standard input"),
        completer=_questions,
    )
    query.add_argument("--list", action="store_true", help=_("show the names and questions (as a table or markdown)"))
    query.add_argument(
        "--param",
        metavar=_("NAME=VALUE"),
        action="append",
        default=[],
        help=_("bind a parameter (repeatable; the same name again adds a value)"),
        completer=_parameters_of,
    )
    query.add_argument(
        "--format",
        metavar=_("FORMAT"),
        choices=_FORMATS,
        help=_("{formats}; default: table, or turtle for a graph", formats=", ".join(_FORMATS)),
        completer=_formats,
    )
    query.add_argument(
        "--data",
        metavar=_("FILE"),
        type=values.path,
        nargs="+",
        action="extend",
        default=[],
        help=_("ask these files of RDF instead of the graph of the project; a directory, a pattern, or - as well"),
        completer=_data,
    )
    query.add_argument("--allow-network", action="store_true", help=_("let the query ask other endpoints with SERVICE"))
    add_endpoint(query, _("ask this SPARQL endpoint instead of the graph at hand"))
    query.set_defaults(run=run)


def _data(prefix: str, **_: object) -> dict[str, str]:
    from ...rdf.parse import SUFFIXES

    return paths(prefix, SUFFIXES)


def _known(options: Namespace) -> dict[str, Question]:
    """The questions that can be asked by name: none where there is no project."""
    from ...project.location import at_hand
    from ...sparql.library import federated, questions

    project = at_hand(getattr(options, "project", None))
    return {} if project is None else {**questions(project), **federated(project)}


def _questions(prefix: str, parsed_args: Namespace, **_: object) -> dict[str, str]:
    """The questions, or where none begins so the files with queries."""
    names = {name: question.summary.localized(language()) for name, question in _known(parsed_args).items()}
    return starting(prefix, names) or paths(prefix, {".rq"})


def _parameters_of(parsed_args: Namespace, **_: object) -> dict[str, str]:
    """The parameters of the question, or of all of them while none is named."""
    every, name = _known(parsed_args), getattr(parsed_args, "name", None)
    asked = every.values() if name is None else [every[name]] if name in every else []
    return {
        f"{parameter.name}=": parameter.meaning.localized(language())
        for question in asked
        for parameter in question.parameters
    }


def _formats(prefix: str, parsed_args: Namespace, **_: object) -> dict[str, str]:
    formats = _LIST_FORMATS if getattr(parsed_args, "list", False) else _FORMATS
    return starting(prefix, dict.fromkeys(formats, ""))


def run(options: Namespace) -> int:
    """Ask, and show the answer; or list the questions."""
    gc.disable()  # it is over before there is much to collect, and the imports alone have it collected dozens of times
    try:
        return _list_questions(options) if options.list else _ask(options)
    finally:
        gc.enable()


def _ask(options: Namespace) -> int:
    if options.name is None:
        problem = _("name a question (query --list shows them), a file, or - for standard input")
        raise UsageError(f"query: {problem}")
    from ...project.location import at_hand, found
    from ...sparql.library import bind, with_items
    from ...sparql.results import render
    from ...sparql.run import contents_of, run

    if options.data and options.endpoint:
        raise UsageError("query: " + _("ask files or an endpoint; leave out --data or --endpoint"))
    demand_endpoint(options)
    if options.name == "-" and STANDARD_INPUT in options.data:
        raise UsageError("query: " + _("the query and the data cannot both come by standard input"))
    project = at_hand(options.project)
    known = PREFIXES if project is None else project.prefixes
    text, base = _query_text(options.name, project)
    text, columns = bind(text, _parameters(options.param), known), table_columns()
    if project is not None:
        text = with_items(text, _items(options, project))

    def rendered(results: Results) -> tuple[str, bool]:
        return render(results, options.format, known, columns)

    with showing(_("asking")):
        if _is_rewritten(options, project):
            answer, empty = rendered(_published_table(options.name, project or found()))
        elif options.endpoint is None:
            files = _files(options.data) if options.data else (project or found()).graph_files()
            answer, empty = run(
                text,
                options.name,
                contents_of(files),
                rendered,
                base=base,
                allow_network=options.allow_network,
                named={} if options.data else _named(project or found(), text),
            )
        else:
            answer, empty = _asked(options, project if base is None else None).results(text, rendered)
    if empty:
        write_error(_("no rows"))
    if on_terminal():
        answer = printable(answer.replace("\r\n", "\n"), keep="\n\t")
    write(answer)
    return FINE


def _named(project: Project, text: str) -> dict[str, bytes]:
    """The snapshot of Wikidata, if there is one and the query may ask for it, by the name of its graph."""
    if "GRAPH" not in text.upper() or project.is_plain or not project.snapshot_file.is_file():
        return {}
    from ...wikidata.snapshot import graph_name, read_snapshot

    read_snapshot(project)  # finds what is wrong with it
    return {graph_name(project): project.snapshot_file.read_bytes()}


def _items(options: Namespace, project: Project) -> list[str]:
    """The items that a question which asks Wikidata is about: those of the cities of the graph."""
    if options.endpoint or options.name not in {file.stem for file in project.federated_files()}:
        return []
    from ...wikidata.ties import CITY, graph_of

    return [tie.item for tie in graph_of(project).ties() if tie.kind == CITY]


def _asked(options: Namespace, project: Project | None) -> Endpoint:
    """The endpoint; for a question of a project, the graphs of that in it."""
    from ...remote.graph import with_graphs

    there = endpoint(options, allow_network=options.allow_network)
    return there if project is None else with_graphs(there, project)


def _is_rewritten(options: Namespace, project: Project | None) -> bool:
    """Whether a table of the project is asked for whose query is written in other languages than the project has."""
    if project is None or project.is_plain or options.data or options.endpoint:
        return False
    return set(project.languages) != set(languages()) and options.name in _TABLES


def _published_table(name: str, project: Project) -> Results:
    """The table as it is published, in the languages of the project."""
    from ...project.graph import triples
    from ...publishing.tables import solutions, table
    from ...sparql.views import data_set, stored

    store = stored(triples(project.graph_files()))
    return solutions(table(store, name, project, data_set(store, project).languages))


def _files(given: Sequence[Path]) -> list[Path]:
    """The files of RDF that are to be asked."""
    from ...files import expand
    from ...rdf.parse import SUFFIXES

    return expand(values.matching(given), SUFFIXES)


def _list_questions(options: Namespace) -> int:
    from ...project.location import found
    from ...sparql.library import federated, questions
    from ...sparql.results import index, table

    output_format, project = options.format, found(options.project)
    if output_format not in (None, *_LIST_FORMATS):
        raise UsageError(f"query --list --format {output_format}: " + _("the list is a table; use table or markdown"))
    if output_format == "markdown":
        write(index(project))
    else:
        asked = {**questions(project), **federated(project)}
        rows = [(name, question.summary.localized(language())) for name, question in asked.items()]
        write(table((_("name"), _("question")), rows, table_columns()))
    return FINE


def _query_text(name: str, project: Project | None) -> tuple[str, str | None]:
    """The text of a query: of standard input, of a file if the name looks like one, else of a named question; and what
    its relative IRIs are resolved against: the working directory, the file, or nothing, since a question has none."""
    if name == "-":
        from ...files import standard_input

        base, data = f"{Path.cwd().as_uri()}/", standard_input()
    elif name.endswith(".rq") or os.sep in name:
        from ...files import read

        data = read(Path(name))
        base = Path(name).absolute().as_uri()
    else:
        from ...project.location import found
        from ...sparql.library import question

        return question(name, project or found()).text, None
    try:
        return data.decode("utf-8-sig"), base
    except UnicodeDecodeError as error:
        from ...rdf.decoding import not_utf8

        raise InvalidError([not_utf8(name, data, error)]) from error


def _parameters(given: Sequence[str]) -> dict[str, list[str]]:
    parameters: dict[str, list[str]] = {}
    for parameter in given:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise UsageError(f"--param {parameter}: " + _("expected NAME=VALUE"))
        parameters.setdefault(name, []).append(value)
    return parameters
