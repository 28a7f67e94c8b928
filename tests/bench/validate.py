"""Time ``validate`` next to the ``pyshacl`` command, and on graphs of up to a million triples next to Oxigraph's load
of the same file and the bare ``shacl`` package on the same shapes; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/validate.py
    .venv/bin/python tests/bench/validate.py --largest    # ten million triples as well, which takes an hour and 6 GB

The shapes are the project's for both. The graphs are in its vocabulary: its graph with generated partnerships; the
smallest is what twenty of these lead to. Each comes conforming and with ten faults, of which both commands must find
the same number. A time is the median of whole processes, the package's and the peer's in turn: of the clock beside
pyshacl, else of the processor, children included. Where the peer takes too long it is stopped, and the ratio is that of
the time it was given: at least so many times. Memory is that of a process and its children together, which only Linux
tells.
"""

import os
import platform
import re
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple

from forms import Row, table, verdict
from generated import faults, generate, node
from pyoxigraph import RdfFormat, Triple, serialize

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent  # not resolved: the interpreter of the environment, with its console scripts
OURS = [str(SCRIPTS / "ghent-partnerships"), "validate"]
PREFIXES = packaged().prefixes
SHAPES = str(packaged().shapes_file())
PEER = [str(SCRIPTS / "pyshacl"), "-s", SHAPES, "-f", "human"]
DATA = f"{PREFIXES['gp'].removesuffix('ontology#')}id/"
SMALLEST, A_PARTNERSHIP = 1_000, 13.84  # triples
FAULTS = 10
BOUNDS = {SMALLEST: (6, 3), 10_000: (30, 8), 100_000: (50, 15)}  # times as fast, conforming and with faults
ROUNDS = {SMALLEST: 5, 10_000: 1, 100_000: 1}
ENOUGH = 60  # times the package's time: then the peer is stopped
SIZES = (10_000, 100_000, 1_000_000)
LARGEST = 10_000_000
LINEAR = 1.5  # the most that a triple may cost in the largest graph, beside one in the smallest
MOST_LOADS = 5  # times Oxigraph's load of the file, where there are a million triples or more
MOST_MEMORY = {1_000_000: 800, LARGEST: 6_000}  # MB
MOST_STARTS = 15  # times python -c pass, for the project's graph
WARM = 15  # rounds
PYTHON = [sys.executable, "-c"]
LOAD = [*PYTHON, "import sys; from pyoxigraph import *; Store().load(path=sys.argv[1], format=RdfFormat.TURTLE)"]
SHACL = [
    *PYTHON,
    "import shacl, sys; print(len(shacl.Shapes.from_file(sys.argv[1]).validate_file(sys.argv[2]).results))",
]


class Run(NamedTuple):
    """What a command did. Its seconds are what it was given where ``stopped``; ``processor`` are those that it and its
    children worked."""

    seconds: float
    processor: float
    memory: float
    stopped: bool
    printed: str


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        project_triples = triples(packaged().graph_files())
        sizes = (*SIZES, LARGEST) if "--largest" in sys.argv else SIZES
        held = [compared(project_triples, Path(folder)), started(), grown(project_triples, Path(folder), sizes)]
    return 0 if all(held) else 1


def compared(project_triples: list[Triple], folder: Path) -> bool:
    """Print how the package compares with the peer; whether that is within the bounds."""
    rows: list[Row] = [("triples", "", "this package", f"pyshacl {version('pyshacl')}", "ratio", "bound", "")]
    held = True
    for size, bounds in BOUNDS.items():
        conforming = list(graph(project_triples, size))
        for added, bound in zip((0, FAULTS), bounds, strict=True):
            file = written(folder / "graph.ttl", [*conforming, *faults(added)])
            count = f"{len(conforming) + added:,}"
            progress(f"{count} triples with {added} faults")
            mine, theirs = beside([*OURS, "--shapes", SHAPES, str(file)], [*PEER, str(file)], ROUNDS[size])
            least = theirs.seconds / mine.seconds
            held = held and least >= bound
            mark = "> " if theirs.stopped else ""
            times = f"{mine.seconds:.2f} s", f"{mark}{theirs.seconds:.2f} s", f"{mark}{least:.1f}×"
            rows.append(
                (count, f"{added} faults" if added else "conforming", *times, f"{bound}×", verdict(least >= bound))
            )
            demand_same(added, mine, theirs)
    table(rows)
    return held


def beside(command: list[str], peer: list[str], rounds: int) -> tuple[Run, Run]:
    """The median runs of both. One of the package's comes first that is not counted, so that all are warm, and two more
    than the rounds, since they are short and others may be at work on the machine."""
    run(command)
    mine, theirs = [run(command), run(command)], list[Run]()
    for _ in range(rounds):
        mine.append(run(command))
        theirs.append(run(peer, ENOUGH * median(measured.seconds for measured in mine)))
        progress(
            f"  package {mine[-1].seconds:.2f} s, peer {theirs[-1].seconds:.2f} s{' (stopped)' * theirs[-1].stopped}"
        )
    return sorted(mine)[len(mine) // 2], sorted(theirs)[len(theirs) // 2]


def demand_same(added: int, mine: Run, theirs: Run) -> None:
    """Stop where the commands do not find the same number: a time is worth nothing then."""
    match = re.search(r": (?:no|(\d+)) \w+\n$", mine.printed)
    known = [None if match is None else int(match[1] or 0)]
    if not theirs.stopped:
        results = re.search(r"^Results \((\d+)\)", theirs.printed, re.MULTILINE)
        known.append(int(results[1]) if results else 0 if "Conforms: True" in theirs.printed else None)
    if set(known) != {added}:
        sys.exit(f"expected {added} findings, found {known}:\n{mine.printed[-2000:]}\n{theirs.printed[-2000:]}")


def started() -> bool:
    """Print how validating the project's graph compares with starting Python; whether that is within the bound."""
    progress("the project's graph")
    commands = OURS, [sys.executable, "-c", "pass"]
    rounds = [[run(command).processor for command in commands] for _ in range(1 + WARM)][1:]
    mine, theirs = median(validate for validate, _ in rounds), median(python for _, python in rounds)
    print(
        f"\nthe project's graph: {1000 * mine:,.0f} ms of the processor, python -c pass {1000 * theirs:,.0f} ms, "
        f"ratio {mine / theirs:.1f}, bound {MOST_STARTS} {verdict(mine / theirs <= MOST_STARTS)}\n"
    )
    return mine / theirs <= MOST_STARTS


def grown(project_triples: list[Triple], folder: Path, sizes: Sequence[int]) -> bool:
    """Print what graphs of several sizes cost beside what others do with them; whether that is within the bounds."""
    heads = "processor", "µs a triple", "Oxigraph's load", "ratio", "bound", "", "shacl", "MB", "bytes a triple"
    rows: list[Row] = [("triples", "", *heads, "bound", "")]
    held, first = True, 0.0
    for size in sizes:
        conforming = list(graph(project_triples, size))
        for added in (0, FAULTS):
            file, count = written(folder / "graph.ttl", [*conforming, *faults(added)]), len(conforming) + added
            progress(f"{count:,} triples with {added} faults")
            mine = typical([*OURS, "--shapes", SHAPES, str(file)], size)
            demand_same(added, mine, Run(0, 0, 0, True, ""))
            load = typical([*LOAD, str(file)], size)
            shacl = run([*SHACL, SHAPES, str(file)], ENOUGH * mine.processor)
            ratio, each = mine.processor / load.processor, 1e6 * mine.processor / count
            first = first or each
            bound = MOST_LOADS if size in MOST_MEMORY else None
            fine = each <= LINEAR * first and (bound is None or ratio <= bound)
            memory, little = MOST_MEMORY.get(size), mine.memory <= MOST_MEMORY.get(size, mine.memory)
            held = held and fine and little
            rows.append(
                (
                    *(f"{count:,}", f"{added} faults" if added else "conforming", f"{mine.processor:.2f} s"),
                    *(f"{each:.1f}", f"{load.processor:.2f} s", f"{ratio:.2f}×", f"{bound}×" if bound else ""),
                    *(verdict(fine), "stopped" if shacl.stopped else f"{shacl.processor:.2f} s"),
                    *(f"{mine.memory:,.0f}", f"{1e6 * mine.memory / count:,.0f}"),
                    *(f"{memory:,}" if memory else "", verdict(little)),
                )
            )
    table(rows)
    return held


def typical(command: list[str], size: int) -> Run:
    """The median of three runs by the processor; the only run where the graph is large."""
    runs = sorted((run(command) for _ in range(3 if size < max(SIZES) else 1)), key=lambda measured: measured.processor)
    return runs[len(runs) // 2]


def graph(project_triples: list[Triple], size: int) -> Iterable[Triple]:
    """A conforming graph of about so many triples."""
    if size == SMALLEST:
        return needed(project_triples, 20)
    return dict.fromkeys([*project_triples, *generate(round((size - len(project_triples)) / A_PARTNERSHIP))])


def needed(project_triples: list[Triple], partnerships: int) -> Iterator[Triple]:
    """So many generated partnerships, a period that a fault is about, and all of the data that they lead to."""
    about: dict[object, list[Triple]] = {}
    for triple in dict.fromkeys([*project_triples, *generate(partnerships)]):
        if str(triple.subject).startswith(f"<{DATA}"):  # and not the ontology
            about.setdefault(triple.subject, []).append(triple)
    waiting: list[object] = [node("period:1950s")]
    waiting += [node(f"partnership:generated-{number}") for number in range(partnerships)]
    known = set(waiting)
    for subject in waiting:
        for triple in about[subject]:
            yield triple
            if triple.object in about and triple.object not in known:
                known.add(triple.object)
                waiting.append(triple.object)


def run(command: list[str], most: float | None = None) -> Run:
    """Run a command, for so many seconds at the most."""
    with tempfile.TemporaryFile() as output:
        began, worked_before = perf_counter(), worked()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        memory = Memory(process.pid)
        memory.start()
        try:
            process.wait(most)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        took, processor = perf_counter() - began, worked() - worked_before
        memory.ended.set()
        output.seek(0)
        printed = output.read().decode()
    stopped = process.returncode == -signal.SIGKILL
    if process.returncode not in (0, 1) and not stopped:
        sys.exit(f"exit code {process.returncode}: {' '.join(command)}\n{printed}")
    return Run(most if stopped and most else took, processor, memory.most, stopped, printed)


def worked() -> float:
    """The seconds of the processor of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory(Thread):
    """The most memory, in megabytes, that a process and its children have together, as far as one can see."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.ended, self.most = process, Event(), 0.0

    def run(self) -> None:
        while not self.ended.wait(0.1):
            self.most = max(self.most, sum(map(proportional, descendants(self.process))) / 1_000)


def descendants(process: int) -> Iterator[int]:
    """A process and those below it, also those that a thread has started."""
    yield process
    with suppress(OSError):
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            for child in children.read_text(encoding="ascii").split():
                yield from descendants(int(child))


def proportional(process: int) -> int:
    """The kilobytes of a process, where what it shares with another counts half; of one that has ended, none."""
    with suppress(OSError):
        match = re.search(
            r"^Pss: +(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii"), re.MULTILINE
        )
        return int(match[1]) if match else 0
    return 0


def written(file: Path, statements: Iterable[Triple]) -> Path:
    serialize(statements, file, RdfFormat.TURTLE, prefixes=PREFIXES)
    return file


def progress(text: str) -> None:
    """Say how far it is; the tables come when they are whole."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
