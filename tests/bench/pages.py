"""Time the site of large graphs beside plain Jinja2 over the same pages; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/pages.py

The graph is our own with generated partnerships. Each size is written once, in a process of its own whose peak memory
is measured. The floor is Jinja2 alone: each page is rendered once more from what its template was given, in the same
run, and the time of that is taken off the package's. Seconds are of the processor. Reading and loading are not timed,
nor is the disk.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

from generated import generate
from jinja2 import Environment, Template

from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import uncollected
from ghent_partnerships.publishing.site import previews, site
from ghent_partnerships.publishing.site.context import Context
from ghent_partnerships.publishing.site.templating import Pages
from ghent_partnerships.rdf import serialize
from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.validation.documents import project_documents

sys.path.insert(0, str(Path(__file__).parents[1]))
from publications import BASES, publication

SIZES = (2_500, 5_000, 10_000)  # partnerships
LINEAR = 1.5  # the most that a page may cost on the largest site, beside one on the smallest
MOST_PREVIEWS = 500  # files, however large the network is
MOST_MEMORY = 1.5  # the most of MiB per 1,000 pages, likewise


def main() -> int:
    print(
        f"Python {platform.python_version()}, Jinja2 {version('jinja2')}, {platform.platform()}, {os.cpu_count()} CPUs"
    )
    head = ("partnerships", "pages", "package", "pages/s", "Jinja2", "pages/s", "ratio", "peak memory", "MiB/1,000")
    print("  ".join(f"{column:>12}" for column in head))
    costs = {}
    for size in SIZES:
        of = measured(size)
        pages, seconds, floor, memory = (of[measure] for measure in ("pages", "package", "floor", "memory"))
        costs[size] = (seconds / pages, memory / pages)
        row = (
            *(f"{size:,}", f"{pages:,.0f}", f"{seconds:.1f} s", f"{pages / seconds:,.0f}", f"{floor:.1f} s"),
            *(f"{pages / floor:,.0f}", f"{seconds / floor:.2f}", f"{memory:,.0f} MiB", f"{1000 * memory / pages:.1f}"),
        )
        print("  ".join(f"{cell:>12}" for cell in row), flush=True)
    fine = True
    for what, place, bound in (("seconds", 0, LINEAR), ("memory", 1, MOST_MEMORY)):
        growth = costs[max(SIZES)][place] / costs[min(SIZES)][place]
        fine = fine and growth <= bound
        print(f"growth of {what} per page: {growth:.2f}, bound {bound} {'ok' if growth <= bound else 'OVER'}")
    drawn, seconds = previewed(min(SIZES))
    fine = fine and drawn <= MOST_PREVIEWS
    each = f"{1000 * seconds / drawn:.0f} ms each" if drawn else "their fonts are not there: make web"
    print(f"previews: {drawn} of {min(SIZES):,} partnerships, {seconds:.1f} s; {each}; bound {MOST_PREVIEWS}")
    return 0 if fine else 1


def previewed(size: int) -> tuple[int, float]:
    """How many pictures for other sites are drawn of so many partnerships, and how long that takes."""
    graph = [*(triple for document in project_documents(packaged()).graph for triple in document.triples)]
    graph = [*graph, *generate(size)]
    store, graph_index = stored(graph), GraphIndex(graph)
    published = replace(publication(store), has_previews=previews.drawable())
    pages = Pages(published, previews.pictured(graph_index, published))
    context = Context(graph_index, serialize.resources(graph, BASES), store, pages)
    began = process_time()
    drawn = sum(1 for _ in previews.files(context))
    return drawn, process_time() - began


def measured(size: int) -> dict[str, float]:
    """What a process of its own measures."""
    command = [sys.executable, __file__, str(size)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]


class Twice(Template):
    """Renders once more, and takes the time of that."""

    pages, floor = 0, 0.0

    def render(self, *args: Any, **kwargs: Any) -> str:
        page = super().render(*args, **kwargs)
        began = process_time()
        assert super().render(*args, **kwargs) == page
        Twice.floor += process_time() - began
        Twice.pages += 1
        return page


def measure(size: int) -> dict[str, float]:
    """Write the site of so many partnerships."""
    documents = project_documents(packaged())
    graph = [*(triple for document in documents.graph for triple in document.triples), *generate(size)]
    rules = (documents.shapes, documents.style, *documents.queries)
    everything = list(dict.fromkeys([*graph, *(triple for document in rules for triple in document.triples)]))
    store = stored(graph)
    Environment.template_class = Twice
    with uncollected():
        began = process_time()
        for _ in site.files(GraphIndex(everything), serialize.resources(everything, BASES), store, publication(store)):
            pass
        seconds = process_time() - began - Twice.floor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": Twice.pages, "floor": Twice.floor, "package": seconds, "memory": memory}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        sys.exit(main())
