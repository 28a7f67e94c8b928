"""Take a table of 26,114 pairs of cities whole: init, validate, publish, serve; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/cities.py [ROWS...]

The table is ``../shared/data/twin_cities_raw.csv`` (its source stands there). Each step is a process of its own, whose
peak memory is measured, at three sizes, or at those that are given, the last the whole: what a resource costs is to
stay what it is, and no more than one of Ghent's own. Seconds are of the processor, since what else runs on the machine
is not the subject. Then the whole is served: its first page, and that of the city with most to tell, are to open as
Ghent's do.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT.parent / "shared" / "data" / "twin_cities_raw.csv"
SIZES = (2_500, 5_000, 0)  # rows; 0 are all
LINEAR = 1.5  # the most that a resource may cost at the whole, beside one of the first size
SLOWER = 1.5  # the most that a page of it may take, beside one of Ghent's
TIMES = 50  # that a page is asked for
MEASURE = "--measure"
STEPS = ("init", "validate", "publish")
_BASE = ["--base", "https://example.org/twins/", "--language", "en", "--publisher", "Nobody"]


def main(sizes: Sequence[int]) -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs")
    head = ("rows", "step", "files", "MB", "resources", "seconds", "ms each", "peak MiB", "KiB each")
    print("  ".join(f"{column:>10}" for column in head))
    costs: dict[tuple[str, int], Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        ghent = Path(name, "ghent")
        of_ghent = row("publish", "Ghent", ghent, ["--project", "ghent", "publish", str(ghent)], ghent)
        lines = TABLE.read_bytes().splitlines(keepends=True)
        for size in sizes:
            folder, table = Path(name, str(size)), Path(name, f"links{size}.csv")
            rows = size or len(lines) - 1
            table.write_bytes(b"".join(lines[: rows + 1]))
            costs["init", size] = row("init", rows, folder, ["init", str(folder), "--from", str(table), *_BASE], folder)
            costs["validate", size] = row("validate", rows, folder, ["validate"], folder)
            costs["publish", size] = row("publish", rows, folder, ["publish"], folder / "dist")
        whole = costs["publish", sizes[-1]].seconds / of_ghent.seconds
        print(f"publish: seconds for a resource: {whole:.2f} of Ghent's {verdict(whole, LINEAR)}")
        fine = linear(costs, sizes) and whole <= LINEAR
        return 0 if opens(Path(name, str(sizes[-1]), "dist"), ghent) and fine else 1


class Cost(NamedTuple):
    """What a resource takes: seconds, and MiB."""

    seconds: float
    memory: float


def verdict(value: float, bound: float) -> str:
    return f"(bound {bound}) {'ok' if value <= bound else 'OVER'}"


def row(step: str, rows: int | str, folder: Path, arguments: Sequence[str], place: Path) -> Cost:
    """Take a step, print what it took and what is in its place then, and return what it took for each resource."""
    command = [sys.executable, __file__, MEASURE, str(folder), *arguments]
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    files = [path for path in place.rglob("*") if path.is_file()]
    published = {path.with_suffix("") for path in files if path.suffix == ".nt"}
    resources = len(published) if step == "publish" else int(rows)
    size = sum(path.stat().st_size for path in files) / 1e6
    each = Cost(done["seconds"] / resources, done["memory"] / resources)
    cells = (str(rows), step, f"{len(files):,}", f"{size:,.0f}", f"{resources:,}", f"{done['seconds']:.1f}")
    cells = (*cells, f"{1000 * each.seconds:.2f}", f"{done['memory']:,.0f}", f"{1024 * each.memory:.1f}")
    print("  ".join(f"{cell:>10}" for cell in cells), flush=True)
    return each


def linear(costs: Mapping[tuple[str, int], Cost], sizes: Sequence[int]) -> bool:
    """Whether a resource of the whole costs no more than one of the first size, but for the bound."""
    fine = True
    for step in STEPS:
        for what, last, first in zip(Cost._fields, costs[step, sizes[-1]], costs[step, sizes[0]], strict=True):
            fine = fine and last / first <= LINEAR
            print(f"{step}: growth of {what} for a resource: {last / first:.2f} {verdict(last / first, LINEAR)}")
    return fine


def opens(directory: Path, of_ghent: Path) -> bool:
    """Whether the pages of the whole open as those of Ghent do."""
    cities = (page for page in (directory / "doc" / "city").glob("*.html") if "." not in page.stem)
    busiest = max(cities, key=lambda page: (page.stat().st_size, page.name)).stem
    fine = True
    with serving(of_ghent) as ghent, serving(directory) as whole:
        for what, there, here in (
            ("first page", ghent, whole),
            (busiest, f"{ghent}doc/city/ghent", f"{whole}doc/city/{busiest}"),
        ):
            asked = [(page(there), page(here)) for _time in range(TIMES)]
            before, seconds = (min(answer[0] for answer in answers) for answers in zip(*asked, strict=True))
            before_size, size = (answer[1] / 1024 for answer in asked[0])
            ratio = seconds / before
            fine = fine and ratio <= SLOWER
            print(f"{what}: {1000 * seconds:.1f} ms, {size:,.0f} KiB; Ghent's {1000 * before:.1f} ms, "
                  f"{before_size:,.0f} KiB: {ratio:.2f} {verdict(ratio, SLOWER)}")  # fmt: skip
    return fine


COMMAND = [sys.executable, "-m", "ghent_partnerships"]


@contextmanager
def serving(directory: Path) -> Iterator[str]:
    """The address of a server of a directory; what it took to start, and its memory, are printed."""
    began = perf_counter()
    process = subprocess.Popen([*COMMAND, "serve", str(directory), "--port", "0", "--quiet"], stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().decode().split(" ")[0]
        asked = subprocess.run(["ps", "-o", "rss=", "-p", str(process.pid)], check=True, capture_output=True)
        memory = int(asked.stdout) / 1024
        print(f"serve {directory}: starts in {perf_counter() - began:.1f} s, {memory:,.0f} MiB", flush=True)
        yield address
    finally:
        process.terminate()
        process.wait()


def page(address: str) -> tuple[float, int]:
    """The seconds and the bytes, compressed, that a page takes."""
    request = Request(address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    began = perf_counter()
    with urlopen(request) as answer:
        size = len(answer.read())
    return perf_counter() - began, size


def measure(folder: Path, arguments: list[str]) -> dict[str, float]:
    """Run the command in this process, with its children's time and memory."""
    from ghent_partnerships.cli.main import main as command

    if folder.is_dir():
        os.chdir(folder)
    code = command(arguments)
    assert code == 0, f"{arguments}: exit code {code}"
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children.ru_maxrss) / 1024
    return {"seconds": process_time() + children.ru_utime + children.ru_stime, "memory": memory}


if __name__ == "__main__":
    if sys.argv[1:2] == [MEASURE]:
        print(json.dumps(measure(Path(sys.argv[2]), sys.argv[3:])))
    else:
        sys.exit(main([int(rows) for rows in sys.argv[1:]] or SIZES))
