"""``push``: bring what ``publish`` wrote into a SPARQL store."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...terminal import printable
from .. import values
from ..codes import FINE
from ..completion import paths
from ..messages import language, ngettext
from ..messages import message as _
from ..output import write, write_error
from ..parser import examples
from ..progress import showing
from ..stores import access, add_access

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from ...remote.pushing.push import Pushed
    from ...text import Text
    from ..parser import Commands

_PROFILES = (
    "virtuoso",
    "oxigraph",
    "fuseki",
    "graphdb",
    "graphs",
)  # those of remote.pushing.profiles, which takes long to import
_ADDRESSES = ("query", "update", "graphs")
_SHOWN = 5  # of the literals that a store writes in its form


def add(commands: Commands) -> None:
    """Describe the command."""
    push = commands.add_parser(
        "push",
        help=_("bring what publish wrote into a SPARQL store"),
        description=_(
            "Bring the named graphs that publish wrote, or those of a file of RDF, into a SPARQL store. Those that "
            "changed are sent beside their places, read back and compared, and then exchanged in one update, so that "
            "readers see the release before or the new one; where the store cannot do that, it is said before. A "
            "marker in the store says what it holds, so that a second push sends nothing. Users, passwords and tokens "
            "come from the environment or from netrc."
        ),
        epilog=examples(
            "ghent-partnerships push --store http://127.0.0.1:7878/ --dry-run",
            "SPARQL_USER=dba SPARQL_PASSWORD=… ghent-partnerships push dist --store http://127.0.0.1:8890/",
            "ghent-partnerships push --store http://127.0.0.1:7878/ --undo",
        ),
    )
    push.add_argument(
        "source",
        metavar=_("DIR|FILE"),
        nargs="?",
        type=values.path,
        default=Path("dist"),
        help=_("what publish wrote, or a file of N-Quads, TriG, N-Triples or Turtle; default: dist"),
        completer=_sources,
    )
    push.add_argument("--store", metavar="URL", required=True, help=_("the address of the store"))
    push.add_argument(
        "--graph", metavar="IRI", default="", help=_("the graph of statements that are in no graph (of a file)")
    )
    push.add_argument("--dry-run", action="store_true", help=_("say in words what would change, and change nothing"))
    push.add_argument("--undo", action="store_true", help=_("bring back what DIR, or FILE with its --graph, replaced"))
    push.add_argument(
        "--profile",
        metavar=_("PROFILE"),
        choices=_PROFILES,
        default="",
        help=_(
            "{profiles}: the kind of store, which gives its addresses (default: by what it answers); graphs is the "
            "Graph Store Protocol alone",
            profiles=", ".join(_PROFILES),
        ),
    )
    for name, help_ in (
        ("query", _("where it is asked, in the place of what its profile says")),
        ("update", _("where it is updated, likewise")),
        ("graphs", _("where its graphs are, by the Graph Store Protocol, likewise")),
    ):
        push.add_argument(f"--{name}-url", metavar="URL", default="", help=help_)
    add_access(push)
    push.set_defaults(run=run)


def _sources(prefix: str, **_: object) -> dict[str, str]:
    return paths(prefix, {".nq", ".nt", ".trig", ".ttl"})


def run(options: Namespace) -> int:
    """Push, and say what was done."""
    from ...remote.pushing.graph_store import GraphStore
    from ...remote.pushing.profiles import addresses
    from ...remote.pushing.push import push, sides, sides_of_undo, undo
    from ...remote.pushing.release import release, target
    from ...remote.pushing.store import Store

    with showing(_("asking the store")) as report:
        known = access(options, options.store)
        given = {name: getattr(options, f"{name}_url") for name in _ADDRESSES}
        at = addresses(options.store, known, profile=options.profile, given=given)
        if at.query and at.update:
            store = Store(at, known, _announce)
        else:
            store = GraphStore(at._replace(query="", update=""), known, _announce)
        if options.undo:
            of = target(options.source, options.graph)
            if options.dry_run:
                write(_differences(sides_of_undo(store, of), options))
                return FINE
            done = undo(store, of, report=report, announce=_announce)
        else:
            with release(options.source, options.graph, report) as content:
                if options.dry_run:
                    write(_differences(sides(store, content), options))
                    return FINE
                done = push(store, content, report=report, announce=_announce)
    _write(done, options.store)
    return FINE


def _announce(text: Text) -> None:
    write_error(printable(text.localized(language())))


def _differences(sides: tuple[Sequence[Quad], Sequence[Quad]], options: Namespace) -> str:
    """What would change, in words."""
    from ...project.location import at_hand
    from ...rdf.namespaces import PREFIXES
    from ...releases.diff import differences
    from ...releases.diff_reports import report

    project = at_hand(options.project)
    changes = differences(*sides, PREFIXES if project is None else project.prefixes)
    return report(changes, "text", language())


def _write(done: Pushed, url: str) -> None:
    """Say what was done."""
    if forms := Counter(done.rewritten):
        number = ngettext(
            "{number:,} literal is written by the store in a form of its own, with the same value",
            "{number:,} literals are written by the store in forms of its own, with the same values",
            len(done.rewritten),
        )
        shown = "".join(f"\n  {before} → {after}" for (before, after), _number in forms.most_common(_SHOWN))
        write_error(number + printable(shown, keep="\n"))
    if done.merged:
        number = ngettext(
            "{number:,} statement is kept by the store once with another whose value is equal",
            "{number:,} statements are kept by the store once with others whose values are equal",
            len(done.merged),
        )
        shown = "".join(f"\n  {lost} = {kept}" for lost, kept in done.merged[:_SHOWN])
        write_error(number + printable(shown, keep="\n"))
    if not done.graphs:
        write(_("{url}: holds this release already; nothing was sent", url=url) + "\n")
        return
    lines = [
        f"{printable(graph)}: " + (ngettext("{number:,} triple", "{number:,} triples", size) if size else _("removed"))
        for graph, size in sorted(done.graphs.items())
    ]
    if done.version:
        lines.append(f"{url}: " + _("version {version}", version=printable(done.version)))
    write("".join(f"{line}\n" for line in lines))
