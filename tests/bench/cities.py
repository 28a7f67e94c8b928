"""Take a table of 26,114 pairs of cities whole: init, validate, publish, serve; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/cities.py

The table is ``../shared/data/twin_cities_raw.csv`` (its source stands there). Each step is a process of its own, whose
peak memory is measured, at three sizes: what a resource costs is to stay what it is. Seconds are of the processor,
since what else runs on the machine is not the subject. Then the whole is served: its first page, and that of the city
with most partnerships, are to open as Ghent's do.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT.parent / "shared" / "data" / "twin_cities_raw.csv"
SIZES = (2_500, 5_000, 0)  # rows; 0 are all
BUSIEST = "city/bethlehem"
LINEAR = 1.5  # the most that a resource may cost at the whole, beside one of the first size
SLOWER = 1.5  # the most that a page of it may take, beside one of Ghent's
TIMES = 20  # that a page is asked for
STEPS = ("init", "validate", "publish")
_BASE = ["--base", "https://example.org/twins/", "--language", "en", "--publisher", "Nobody"]


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs")
    head = ("rows", "step", "files", "MB", "resources", "seconds", "ms each", "peak MiB", "KiB each")
    print("  ".join(f"{column:>10}" for column in head))
    costs: dict[tuple[str, int], tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folders = {size: Path(name, str(size)) for size in SIZES}
        for size, folder in folders.items():
            table = Path(name, f"links{size}.csv")
            lines = TABLE.read_bytes().splitlines(keepends=True)
            table.write_bytes(b"".join(lines[: size + 1] if size else lines))
            for step in STEPS:
                costs[step, size] = row(step, size or len(lines) - 1, folder, table)
        fine = linear(costs)
        return 0 if opens(folders[0]) and fine else 1


def row(step: str, rows: int, folder: Path, table: Path) -> tuple[float, float]:
    """Take a step, print what it took, and return the seconds and the MiB for each resource."""
    arguments = ["init", str(folder), "--from", str(table), *_BASE] if step == "init" else [step]
    command = [sys.executable, __file__, str(folder), *arguments]
    done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    place = folder / "dist" if step == "publish" else folder
    files = [path for path in place.rglob("*") if path.is_file()]
    resources = len({path.with_suffix("") for path in files if path.suffix == ".nt"}) if step == "publish" else rows
    size = sum(path.stat().st_size for path in files) / 1e6
    each = done["seconds"] / resources, done["memory"] / resources
    cells = (f"{rows:,}", step, f"{len(files):,}", f"{size:,.0f}", f"{resources:,}", f"{done['seconds']:.1f}")
    cells = (*cells, f"{1000 * each[0]:.2f}", f"{done['memory']:,.0f}", f"{1024 * each[1]:.1f}")
    print("  ".join(f"{cell:>10}" for cell in cells), flush=True)
    return each


def linear(costs: dict[tuple[str, int], tuple[float, float]]) -> bool:
    """Whether a resource of the whole costs no more than one of the first size, but for the bound."""
    fine = True
    for step in STEPS:
        for what, place in (("seconds", 0), ("memory", 1)):
            growth = costs[step, 0][place] / costs[step, SIZES[0]][place]
            fine = fine and growth <= LINEAR
            print(f"{step}: growth of {what}: {growth:.2f}, bound {LINEAR} {'ok' if growth <= LINEAR else 'OVER'}")
    return fine


def opens(folder: Path) -> bool:
    """Whether the pages of the whole open as those of Ghent do."""
    with tempfile.TemporaryDirectory() as name:
        of_ghent = Path(name, "ghent")
        subprocess.run([*COMMAND, "--project", "ghent", "publish", str(of_ghent)], check=True, capture_output=True)
        ghent = pages(of_ghent, ("", "doc/city/ghent"))
    whole = pages(folder / "dist", ("", f"doc/{BUSIEST}"))
    fine = True
    for what, there, here in zip(("first page", "busiest city"), ghent, whole, strict=True):
        good = here[0] <= SLOWER * there[0]
        fine = fine and good
        print(f"{what}: {1000 * here[0]:.1f} ms, {here[1] / 1024:,.0f} KiB; Ghent's {1000 * there[0]:.1f} ms, "
              f"{there[1] / 1024:,.0f} KiB; bound {SLOWER} {'ok' if good else 'OVER'}")  # fmt: skip
    return fine


COMMAND = [sys.executable, "-m", "ghent_partnerships"]


def pages(directory: Path, paths: tuple[str, ...]) -> list[tuple[float, int]]:
    """The seconds and the bytes, compressed, that each page takes from a server of its own."""
    process = subprocess.Popen([*COMMAND, "serve", str(directory), "--port", "0", "--quiet"], stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().decode().split(" ")[0]
        return [page(address + path) for path in paths]
    finally:
        process.terminate()
        process.wait()


def page(address: str) -> tuple[float, int]:
    request = Request(address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    times, size = [], 0
    for _ in range(TIMES):
        began = perf_counter()
        with urlopen(request) as answer:
            size = len(answer.read())
        times.append(perf_counter() - began)
    return median(times), size


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
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2:])))
    else:
        sys.exit(main())
