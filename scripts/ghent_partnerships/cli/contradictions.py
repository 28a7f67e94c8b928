"""Which options of ``validate`` do not go together."""

from __future__ import annotations

from argparse import Namespace

from ..errors import UsageError
from .messages import message as _


def refuse_what_contradicts(options: Namespace) -> None:
    """Refuse options of ``validate`` of which one leaves another without effect, or without what it needs.

    Raises:
        UsageError: it says which to leave out or to add.
    """
    _refuse_for_files(options)
    _refuse_for_results(options)


def _refuse_for_files(options: Namespace) -> None:
    """What is checked, and with what."""
    if options.endpoint is not None and (
        options.files or options.since or options.fix or options.dry_run or options.thorough
    ):
        problem = _("checks what a store holds; leave out files, --since, --fix, --dry-run and --thorough")
        raise UsageError("validate --endpoint: " + problem)
    if options.graph and options.endpoint is None:
        raise UsageError("validate --graph: " + _("goes with --endpoint"))
    if options.shapes and not options.files and options.endpoint is None:
        raise UsageError("validate --shapes: " + _("give the files to check"))
    if options.engine and not options.shapes:
        raise UsageError("validate --engine: " + _("goes with --shapes"))
    if options.engine and (options.fix or options.since or options.thorough or options.allow_network):
        problem = _("reads the files in parts; leave out --fix, --since, --thorough and --allow-network")
        raise UsageError("validate --engine: " + problem)
    if options.master and not options.engine:
        raise UsageError("validate --master: " + _("goes with --engine spark"))
    if addresses := [file for file in options.files if isinstance(file, str) and not options.engine]:
        raise UsageError(f"{addresses[0]}: " + _("an address; only validate --engine spark reads what is elsewhere"))


def _refuse_for_results(options: Namespace) -> None:
    """What becomes of what is found."""
    if options.dry_run and not options.fix:
        raise UsageError("validate --dry-run: " + _("goes with --fix"))
    if options.dry_run and (options.output or options.format != "text"):
        raise UsageError("validate --dry-run: " + _("shows a difference; leave out --output and --format"))
    if options.write_baseline and (options.baseline or options.since):
        problem = _("is of all findings, and keeps the reasons of its file; leave out --baseline and --since")
        raise UsageError("validate --write-baseline: " + problem)
    if options.prune_baseline and not options.baseline:
        raise UsageError("validate --prune-baseline: " + _("goes with --baseline"))
    if options.dry_run and (options.write_baseline or options.prune_baseline):
        raise UsageError("validate --dry-run: " + _("changes nothing; leave out --write-baseline and --prune-baseline"))
