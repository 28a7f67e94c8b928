"""The benchmarks are run by hand, as programs: each finds what it imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted(path for path in (Path(__file__).parent / "bench").glob("*.py") if path.name != "generated.py")
LOAD = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='benchmark')"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_benchmark_finds_what_it_imports(script: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", f"import sys; sys.path[0] = {str(script.parent)!r}; {LOAD}", str(script)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_there_are_benchmarks() -> None:
    assert len(SCRIPTS) >= 6
