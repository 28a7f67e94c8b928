"""Time the command next to a peer in one run and print the ratios; exit code 1 if one is over its bound.

    .venv/bin/python tests/bench/run.py

A time is the median of whole processes, the package's and the peer's in turn, so that both meet the same noise. All are
warm: the first round fills a bytecode cache of its own (the environment may forbid the usual one) and is not counted.
"""

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

import pyoxigraph

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.sparql.library import questions

sys.path.insert(0, str(Path(__file__).parents[1]))
from loaded import load_store

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent  # not resolved: the interpreter of the environment, with its console scripts
OURS = str(SCRIPTS / "ghent-partnerships")
HEAD = ("what", "median", "peer", "its median", "ratio", "bound", "")


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs")
    slowest = slowest_question()
    with tempfile.TemporaryDirectory() as folder:
        merged = Path(folder, "graph.ttl")
        pyoxigraph.serialize(triples(packaged().graph_files()), merged, pyoxigraph.RdfFormat.TURTLE)
        start = ("python -c pass", [sys.executable, "-c", "pass"])
        shacl = (
            f"pyshacl {version('pyshacl')}",
            [str(SCRIPTS / "pyshacl"), "-s", str(packaged().shapes_file()), "--format", "human", str(merged)],
        )
        rows = [
            ("--help", ["--help"], start, 21, 5),
            ("query twin-cities", ["query", "twin-cities"], start, 21, 8),
            (f"query {slowest} (the slowest)", ["query", slowest], start, 21, 8),
            ("query --list", ["query", "--list"], start, 21, None),
            ("fmt --check", ["fmt", "--check"], start, 21, None),
            ("validate", ["validate"], shacl, 5, None),
            ("publish, over the last one", ["publish", f"{folder}/dist"], shacl, 5, None),
        ]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        table, over = [HEAD], False
        for what, arguments, (peer, command), rounds, bound in rows:
            mine, theirs = medians([OURS, *arguments], command, rounds, environment)
            ratio = mine / theirs
            broken = bound is not None and ratio > bound
            over = over or broken
            verdict = "" if bound is None else "OVER" if broken else "ok"
            limit = "" if bound is None else str(bound)
            table.append((what, f"{mine:,.0f} ms", peer, f"{theirs:,.0f} ms", f"{ratio:.2f}", limit, verdict))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (
            cell.ljust(width) if column in ("what", "peer", "") else cell.rjust(width)
            for column, cell, width in zip(HEAD, row, widths, strict=True)
        )
        print("  ".join(cells).rstrip())
    return 1 if over else 0


def slowest_question() -> str:
    """The question that takes the store the longest, each at its best of three."""
    store = load_store()

    def seconds(text: str) -> float:
        began = perf_counter()
        list(store.query(text))  # type: ignore[arg-type]  # every question is a SELECT
        return perf_counter() - began

    times = {name: min(seconds(question.text) for _ in range(3)) for name, question in questions(packaged()).items()}
    return max(times, key=times.__getitem__)


def medians(command: list[str], peer: list[str], rounds: int, environment: dict[str, str]) -> tuple[float, float]:
    """The median milliseconds of both commands."""

    def milliseconds(command: list[str]) -> float:
        began = perf_counter()
        code = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False).returncode
        took = 1000 * (perf_counter() - began)
        if code:  # a command that fails early would look fast
            sys.exit(f"exit code {code} instead of 0, nothing to measure: {' '.join(command)}")
        return took

    times = [(milliseconds(command), milliseconds(peer)) for _ in range(1 + rounds)]
    mine, theirs = zip(*times[1:], strict=True)
    return median(mine), median(theirs)


if __name__ == "__main__":
    sys.exit(main())
