"""``release-check``: say what a release of the checkout still lacks."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ..codes import FINDINGS, FINE
from ..messages import message as _
from ..messages import ngettext
from ..output import lines, write
from ..parser import examples
from ..progress import showing

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    check = commands.add_parser(
        "release-check",
        help=_("say what a release of the checkout still lacks"),
        description=_(
            "Say what a release of the version in data/release.ttl still lacks: a newer version than the last tag, its "
            "section in the changelog, the citation file, and every IRI that the last release published."
        ),
        epilog=examples("ghent-partnerships release-check || true"),
    )
    check.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print what is lacking."""
    from ...project.citation import version
    from ...project.location import found
    from ...releases.check import missing

    project = found(options.project)
    with showing(_("looking at the last release")):
        findings = missing(project)
    summary = (
        ngettext("it lacks {number:,} thing", "it lacks {number:,} things", len(findings))
        if findings
        else _("nothing is lacking")
    )
    release = _("release {version}", version=version(project))
    write(f"{lines(findings)}{release}: {summary}\n")
    return FINDINGS if findings else FINE
