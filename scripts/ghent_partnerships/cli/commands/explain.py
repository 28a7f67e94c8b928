"""``explain``: explain a rule by its code, or list the rules."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ...translation import languages
from ..codes import FINE
from ..messages import language
from ..messages import message as _
from ..output import table_columns, write
from ..parser import examples

if TYPE_CHECKING:
    from ..parser import Commands


def add(commands: Commands) -> None:
    """Describe the command."""
    explain = commands.add_parser(
        "explain",
        help=_("explain a rule by the code that a finding gives"),
        description=_(
            "Say what a rule means, why it exists and how to fix what breaks it, with a wrong example and a right "
            "one; without a code, list the rules."
        ),
        epilog=examples("ghent-partnerships explain GP200"),
    )
    explain.add_argument(
        "code", metavar=_("CODE"), nargs="?", help=_("the code of a rule, like GP200"), completer=_codes
    )
    explain.add_argument("--lang", choices=languages(), help=_("default: that of the locale"))
    explain.set_defaults(run=run)


def _codes(prefix: str, **_: object) -> dict[str, str]:
    from ...project.location import nearest
    from ...validation.explain import explanations

    return {
        rule.code: rule.means.localized(language())
        for rule in explanations(nearest())
        if rule.code.startswith(prefix.upper())
    }


def run(options: Namespace) -> int:
    """Explain the rule, or list all."""
    from ...project.location import at_hand
    from ...sparql.results import table
    from ...validation.explain import explain, explanations

    project = at_hand(options.project)
    spoken, columns = language(), table_columns()
    if options.code is not None:
        write(_wrapped(explain(options.code, spoken, project), columns))
    else:
        rules = [(rule.code, rule.means.localized(spoken)) for rule in explanations(project)]
        write(table((_("code"), _("rule")), rules, columns))
    return FINE


def _wrapped(text: str, columns: int | None) -> str:
    """The text in lines that fit, but for its examples, which are indented."""
    from ...terminal import wrap

    if columns is None:
        return text
    lines = ([line] if line.startswith(" ") else wrap(line, columns) for line in text.splitlines())
    return "".join(f"{part}\n" for wrapped in lines for part in wrapped)
