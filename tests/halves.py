"""Which tests are slow: those in files that import what starts programs, so that nobody has to mark them.

`make check` leaves out others too: what starts an engine for each example, suites of the W3C, what tries at random.
"""

import ast
from functools import cache
from pathlib import Path

_STARTING = {"browsing", "command", "copied", "hosts", "jpype", "playwright", "serving", "stores", "subprocess"}
_THOROUGH = {"ghent_partnerships.validation.check", "hypothesis", "needs", "proportion", "random_shapes", "shacl_suite"}


def starts_programs(file: Path) -> bool:
    """Whether a file of tests imports what starts servers, browsers, builds or commands."""
    return not _STARTING.isdisjoint(module.partition(".")[0] for module in _imported(file))


def is_thorough(file: Path) -> bool:
    """Whether a file of tests is one that `make check` leaves out, since it takes long without starting programs."""
    return not _THOROUGH.isdisjoint(_imported(file))


@cache
def _imported(file: Path) -> frozenset[str]:
    """The modules that a file imports, with their whole names."""
    imported = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    return frozenset(imported)
