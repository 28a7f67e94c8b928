"""Which tests are slow: those in files that import what starts programs, so that nobody has to mark them."""

import ast
from functools import cache
from pathlib import Path

_STARTING = {"browsing", "command", "copied", "jpype", "playwright", "serving", "subprocess"}


@cache
def starts_programs(file: Path) -> bool:
    """Whether a file of tests imports what starts servers, browsers, builds or commands."""
    imported = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.partition(".")[0])
    return not imported.isdisjoint(_STARTING)
