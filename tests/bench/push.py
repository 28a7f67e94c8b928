"""Push generated statements to Oxigraph and to Virtuoso: all, again, a hundredth of them changed, and back. Prints how
long each takes, and how much memory the command has at most; exit code 1 if that is more than 500 MB.

    TRIPLES=1000000 .venv/bin/python tests/bench/push.py [oxigraph] [virtuoso]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))
from stores import PASSWORD, USER, Oxigraph, Store, Virtuoso, running

COUNT = int(os.environ.get("TRIPLES", "10000"))
MOST = 500_000_000  # bytes
GRAPHS = 4
KINDS: dict[str, type[Store]] = {"oxigraph": Oxigraph, "virtuoso": Virtuoso}
COMMAND = [str(Path(sys.executable).parent / "ghent-partnerships"), "push"]
CREDENTIALS = {"SPARQL_USER": USER, "SPARQL_PASSWORD": PASSWORD}


def main() -> int:
    over = False
    with tempfile.TemporaryDirectory() as folder:
        first, second = (write(Path(folder, f"{version}.nq"), version) for version in ("1", "2"))
        print(f"{COUNT:,} statements in {GRAPHS} graphs, {first.stat().st_size:,} bytes")
        for name in sys.argv[1:] or KINDS:
            with running(KINDS[name](Path(folder, name))) as store:
                for what, source, options in (
                    ("all", first, ()),
                    ("again", first, ()),
                    ("a hundredth", second, ()),
                    ("undo", second, ("--undo",)),
                ):
                    seconds, memory = measured([*COMMAND, str(source), "--store", store.address, *options])
                    over = over or memory > MOST
                    print(f"{name:10}{what:15}{seconds:8.1f} s{memory / 1e6:8.0f} MB", flush=True)
    return 1 if over else 0


def write(path: Path, version: str) -> Path:
    """The statements in a version: one in a hundred, all in the first graph, names it."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(COUNT):
            graph = number * GRAPHS // COUNT
            value = f"{number} {version}" if not graph and number % (100 // GRAPHS) == 0 else str(number)
            subject, predicate = f"https://example.org/id/{number // 10}", f"https://example.org/term/{number % 10}"
            file.write(
                f'<{subject}> <{predicate}> "a value that is called {value}"@en <https://example.org/{graph}> .\n'
            )
    return path


def measured(command: list[str]) -> tuple[float, int]:
    """The seconds that a command takes, and the bytes of memory that it has at most."""
    began = perf_counter()
    environment = {**os.environ, **CREDENTIALS}
    process = subprocess.Popen([*command, "--timeout", "600"], env=environment, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return perf_counter() - began, usage.ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
