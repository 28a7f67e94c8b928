"""Time one file, two stores and Spark with graphs of several sizes: load, push, query and validation, with the memory
of each; exit code 1 if two of them find another number of faults, or a push needs 500 MB.

    .venv/bin/python tests/bench/rungs.py                   # 10,000 triples, in a minute or two
    .venv/bin/python tests/bench/rungs.py 100000 1000000    # as the guide in scripts/README.md has them
    .venv/bin/python tests/bench/rungs.py 10000000 --seconds 3600

The graphs are those of ``validate.py``, with ten faults. The shapes are the project's, without their queries in SPARQL,
which Spark refuses. A time is that of the clock for a whole process, and the processor's for it, its children and the
store, which others at work on the machine do not change. Memory is that of a process and its children together, and
the most of the store so far. What takes longer than ``--seconds`` is stopped and marked. The ratio is by the processor:
of a push with Oxigraph's own load of the same file in the same run, of a validation with that of the ``shacl`` package.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from forms import Row, table
from generated import faults
from pyoxigraph import Literal, RdfFormat, serialize
from validate import FAULTS, OURS, PYTHON, SHACL, SHAPES, Memory, Run, descendants, graph, progress, run

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.sparql.library import questions

sys.path.insert(0, str(Path(__file__).parents[1]))
from stores import PASSWORD, USER, Oxigraph, Store, Virtuoso, running

SMALLEST = 10_000
SECONDS = 900
ASKED = 100  # times each question
QUESTIONS = ("twin-cities", "partnerships-per-decade")
MOST_MEMORY = 500  # MB of a push
GRAPH = "urn:graph"
STORES = {"oxigraph": Oxigraph, "virtuoso": Virtuoso}
RUNGS = (*STORES, "spark")
LOAD = [*PYTHON, "import sys; from pyoxigraph import *; Store().load(path=sys.argv[1], format=RdfFormat.N_TRIPLES)"]
PUSH = [OURS[0], "push"]
PEER = "peer: "
FAILED = "failed"


class Measured(NamedTuple):
    """What was measured of a rung: in words, the run, and how many findings there were."""

    what: str
    run: Run
    findings: int | None = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[SMALLEST], metavar="TRIPLES")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rungs", nargs="+", choices=RUNGS, default=RUNGS, help="beside the file")
    options = parser.parse_args()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    print(
        f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs, {memory:.0f} GB", flush=True
    )
    os.environ.update(SPARQL_USER=USER, SPARQL_PASSWORD=PASSWORD)
    project_triples = triples(packaged().graph_files())
    held = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shapes = without_queries(folder / "shapes.ttl")
        for size in options.sizes:
            file = folder / "graph.nt"
            statements = [*graph(project_triples, size), *faults(FAULTS)]
            statements = [triple for triple in statements if not is_geometry(triple.object)]
            serialize(statements, file, RdfFormat.N_TRIPLES)
            count = len(statements)
            del statements
            held &= measure(count, file, shapes, folder, options)
    return 0 if held else 1


def measure(count: int, file: Path, shapes: Path, folder: Path, options: argparse.Namespace) -> bool:
    """Print what was measured of one graph; whether all found the same and no push needed too much."""
    rows: list[Row] = [(f"{count:,} triples", "seconds", "processor", "MB", "of the store", "findings", "ratio")]
    validations: list[Measured] = []
    held, seconds = True, options.seconds
    given = "--shapes", str(shapes)

    def validated(what: str, *arguments: str, store: int | None = None) -> None:
        progress(f"{count:,} triples: validate, {what}")
        measured = with_store(store, [*OURS, *given, *arguments], seconds)
        match = re.search(r": (?:no|([\d,]+)) \w+\n$", measured.printed)
        found = None if match is None else int((match[1] or "0").replace(",", ""))
        if found is None and not measured.stopped:
            print(measured.printed[-2000:], file=sys.stderr)
        validations.append(Measured(what, measured, found))

    progress(f"{count:,} triples: load by Oxigraph")
    load = bounded([*LOAD, str(file)], seconds)
    rows.append(row(f"{PEER}load in a process, Oxigraph", load))
    shacl = bounded([*SHACL, str(shapes), str(file)], seconds)
    rows.append(row(f"{PEER}validate in a process, shacl", shacl))
    validated("in a process", str(file))
    if "spark" in options.rungs:
        validated("on Spark, local[2]", "--engine", "spark", "--master", "local[2]", str(file))
    rows += (row(f"validate {each.what}", each.run, 0, each.findings, shacl) for each in validations)
    for kind in (kind for name, kind in STORES.items() if name in options.rungs):
        with ExitStack() as stack:
            store = stack.enter_context(running(kind(folder / f"{kind.__name__}-{count}")))
            assert store.process is not None
            used, process = stack.enter_context(watched(store.process.pid)), store.process.pid
            progress(f"{count:,} triples: push, {kind.__name__}")
            command = [*PUSH, str(file), "--store", store.address, "--graph", GRAPH]
            pushed = with_store(process, command, seconds)
            rows.append(row(f"push to {kind.__name__}", pushed, used.most, peer=load))
            held = held and pushed.memory < MOST_MEMORY
            if pushed.stopped or pushed.printed == FAILED:
                continue
            for name in QUESTIONS:
                half, slowest = percentiles(store, name)
                rows.append(
                    (f"ask {kind.__name__}: {name}, p50 and p99", f"{half:.3f}, {slowest:.3f}", "", "", "", "", "")
                )
            validated(f"in {kind.__name__}", "--endpoint", store.query, "--graph", GRAPH, store=process)
            rows.append(
                row(f"validate {validations[-1].what}", validations[-1].run, used.most, validations[-1].findings, shacl)
            )
    table(rows)
    print(flush=True)
    return held and {measured.findings for measured in validations if measured.findings is not None} == {
        validations[0].findings
    }


def is_geometry(term: object) -> bool:
    """Whether a term is a literal of GeoSPARQL, which Virtuoso writes in another way and with another datatype."""
    return isinstance(term, Literal) and term.datatype.value.startswith("http://www.opengis.net/")


def without_queries(file: Path) -> Path:
    """The project's shapes without their queries."""
    text, number = re.subn(
        r"^    sh:sparql shape:[a-z-]+ ;\n", "", Path(SHAPES).read_text(encoding="utf-8"), flags=re.M
    )
    assert number
    file.write_text(text, encoding="utf-8")
    return file


def bounded(command: Sequence[str], seconds: float) -> Run:
    """Run a command, for so many seconds at the most; of one that fails, what it says is shown."""
    try:
        return run([*command], seconds)
    except SystemExit as error:
        print(error, file=sys.stderr)
        return Run(0, 0, 0, False, FAILED)


def with_store(store: int | None, command: Sequence[str], seconds: float) -> Run:
    """What a command did, with the seconds of the processor that its processes and a store worked for it."""
    before, worked = processor_seconds(store) if store else 0, Worked(store)
    worked.start()
    done = bounded(command, seconds)
    worked.ended.set()
    of_store = processor_seconds(store) - before if store else 0
    return done._replace(processor=max(done.processor, sum(worked.seconds.values())) + of_store)


class Worked(Thread):
    """The seconds that each process below this has worked, but for a store: those of Spark end without being waited
    for, so that nobody else counts them."""

    def __init__(self, store: int | None) -> None:
        super().__init__(daemon=True)
        self.store, self.ended, self.seconds = store, Event(), dict[int, float]()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            for process in descendants(os.getpid()):
                if process not in (self.store, os.getpid()):
                    with suppress(OSError):
                        self.seconds[process] = processor_seconds(process)


def processor_seconds(process: int) -> float:
    """The seconds of the processor that a process has worked."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(process: int) -> Iterator[Memory]:
    """Look at the memory of a process."""
    memory = Memory(process)
    memory.start()
    try:
        yield memory
    finally:
        memory.ended.set()


def percentiles(store: Store, name: str) -> tuple[float, float]:
    """The seconds of a question in the middle, and those of which one in a hundred takes longer."""
    text = questions(packaged())[name].text
    query = urllib.parse.urlencode({"query": text, "default-graph-uri": GRAPH})
    headers = {"Accept": "application/sparql-results+json"}
    seconds = []
    for _ in range(ASKED):
        began = time.perf_counter()
        with urllib.request.urlopen(urllib.request.Request(f"{store.query}?{query}", headers=headers)) as answer:
            assert b'"bindings"' in answer.read()
        seconds.append(time.perf_counter() - began)
    seconds.sort()
    return seconds[ASKED // 2], seconds[ASKED * 99 // 100]


def row(what: str, measured: Run, store: float = 0, findings: int | None = None, peer: Run | None = None) -> Row:
    """A row of the table; what did not finish is marked, and so is what failed."""
    if measured.printed == FAILED:
        return what, "failed", "", "", "", "", ""
    ratio = "" if peer is None or peer.stopped or not peer.processor else f"{measured.processor / peer.processor:.1f}×"
    return (
        what,
        f"{'> ' if measured.stopped else ''}{measured.seconds:.1f}",
        f"{measured.processor:.1f}",
        f"{measured.memory:,.0f}",
        f"{store:,.0f}" if store else "",
        "" if findings is None else f"{findings}",
        f"{'> ' if measured.stopped else ''}{ratio}" if ratio else "",
    )


if __name__ == "__main__":
    sys.exit(main())
