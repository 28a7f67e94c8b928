"""Time every form of a large graph next to rdflib's serialisers, and the documents; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/forms.py

The graph is our own with generated partnerships. Each size is written once, in a process of its own whose peak memory
is measured, and so is rdflib's. Seconds are of the processor, since what else runs on the machine is not the subject.
Reading and loading are not timed, nor is the disk; whatever a form needs once its triples are there is, and our first
also sorts for those after it. The garbage collector is off for this package, as ``publish`` has it; rdflib runs as it
comes.
"""

import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from time import process_time

from generated import generate
from pyoxigraph import Triple

from ghent_partnerships.project.graph import to_rdflib, triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import uncollected, with_compressed
from ghent_partnerships.rdf import jsonld, serialize
from ghent_partnerships.rdf.turtle import by_subject

sys.path.insert(0, str(Path(__file__).parents[1]))
from publications import ADDRESSES, BASES, part

PREFIXES = packaged().prefixes

COMPARED = 10_000  # partnerships
SIZES = (5_000, COMPARED, 20_000)
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}
NAMED_GRAPHS = ("trig", "nq")
MOST = 0.1  # of rdflib's time, for all forms together; no form alone need reach it
FEWEST = 1_000  # resources a second, each in four forms
LINEAR = 1.5  # the most that a statement may cost in the largest graph, beside one in the smallest
Row = tuple[str, ...]


def whole(statements: Sequence[Triple]) -> Iterator[tuple[str, bytes]]:
    """This package: the graph in every format."""
    with uncollected():
        yield from serialize.dataset(
            "whole", statements, jsonld.Context(by_subject(statements), PREFIXES, BASES), part()
        )


def documents(statements: Sequence[Triple]) -> Iterator[tuple[str, bytes]]:
    """This package: the document of each resource in four formats, each with its compressed copy."""
    with uncollected():
        context = jsonld.Context(by_subject(statements), PREFIXES, BASES)
        yield from with_compressed(serialize.documents(serialize.resources(statements, BASES), context, ADDRESSES.of))


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs")
    measures_by_size = {size: measured("package", size) for size in SIZES}
    compared, theirs = measures_by_size[COMPARED], measured("rdflib", COMPARED)
    print(f"\n{COMPARED:,} partnerships with the project's graph: {compared['triples']:,.0f} triples")
    peer = f"rdflib {version('rdflib')}"
    rows: list[Row] = [("format", "this package", peer, "ratio", "bound", "")]
    times = {suffix: (compared[suffix], theirs[name]) for suffix, name in RDFLIB.items()}
    times["all"] = (sum(mine for mine, _ in times.values()), sum(his for _, his in times.values()))
    ratios = {output_format: mine / his for output_format, (mine, his) in times.items()}
    rows += [(output_format, *against(*times[output_format]), "", "") for output_format in RDFLIB]
    rows.append(("all", *against(*times["all"]), f"{MOST}", verdict(ratios["all"] <= MOST)))
    table(rows)
    reached = [output_format for output_format in RDFLIB if ratios[output_format] <= MOST]
    print(f"formats that alone reach it: {', '.join(reached) or 'none'}")
    speed = compared["resources"] / compared["documents"]
    print(
        f"\n{compared['resources']:,.0f} documents in four formats and compressed: {compared['documents']:.1f} s, ",
        end="",
    )
    print(f"{speed:,.0f} a second, bound {FEWEST:,} {verdict(speed >= FEWEST)}\n")
    costs = {size: per_thousand(measures) for size, measures in measures_by_size.items()}
    rows = [("per 1,000 triples", *(f"{size:,}" for size in SIZES), "growth", "bound", "")]
    fine = ratios["all"] <= MOST and speed >= FEWEST
    for what in costs[COMPARED]:
        growth = costs[max(SIZES)][what] / costs[min(SIZES)][what]
        fine = fine and growth <= LINEAR
        values = (f"{costs[size][what]:.2f}" for size in SIZES)
        rows.append((what, *values, f"{growth:.2f}", f"{LINEAR}", verdict(growth <= LINEAR)))
    rows.append(("peak of the process, MB", *(f"{measures_by_size[size]['peak']:,.0f}" for size in SIZES), "", "", ""))
    table(rows)
    return 0 if fine else 1


def per_thousand(measures: dict[str, float]) -> dict[str, float]:
    """The cost of 1,000 triples in one size."""
    thousands = measures["triples"] / 1000
    return {
        "every form, ms": 1000 * sum(measures[suffix] for suffix in RDFLIB) / thousands,
        "documents, ms": 1000 * measures["documents"] / thousands,
        "memory, MB": (measures["peak"] - measures["before"]) / thousands,
    }


def measured(what: str, size: int) -> dict[str, float]:
    """What a process of its own prints."""
    command = [sys.executable, __file__, what, str(size)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    numbers: dict[str, float] = json.loads(printed)
    return numbers


def measure_package(size: int) -> dict[str, float]:
    """The seconds of each form and of all documents, and the megabytes before there was a graph and at the most."""
    before = peak()
    statements = graph(size)
    seconds = timed(whole(statements))
    began, forms_of = process_time(), dict[str, set[str]]()
    for path, content in documents(statements):
        assert content
        resource_path, _, suffix = path.partition(".")
        forms_of.setdefault(resource_path, set()).add(suffix)
    took = process_time() - began
    assert set(map(len, forms_of.values())) == {8}, "a document has another number of files"
    return {
        **seconds,
        "triples": len(statements),
        "resources": len(forms_of),
        "documents": took,
        "before": before,
        "peak": peak(),
    }


def measure_rdflib(size: int) -> dict[str, float]:
    """The seconds of each of rdflib's serialisers, once its graph is loaded."""
    from rdflib import Dataset, URIRef

    statements, graphs, of = graph(size), dict[str, list[Triple]](), part()
    for triple in statements:
        graphs.setdefault(of(triple.subject.value, triple.predicate.value), []).append(triple)
    plain, named = to_rdflib(statements), Dataset()
    for prefix, namespace in PREFIXES.items():
        named.bind(prefix, namespace, override=True)
    for name, content in graphs.items():
        target = named.graph(URIRef(name))
        target += to_rdflib(content)
    seconds = {}
    for suffix, output_format in RDFLIB.items():
        began = process_time()
        assert (named if suffix in NAMED_GRAPHS else plain).serialize(format=output_format, encoding="utf-8")
        seconds[output_format] = process_time() - began
    return seconds


def graph(size: int) -> list[Triple]:
    """The project's graph with so many partnerships."""
    return list(dict.fromkeys([*triples(packaged().graph_files()), *generate(size)]))


def timed(files: Iterable[tuple[str, bytes]]) -> dict[str, float]:
    """The seconds until each file is there, by its suffix."""
    seconds, began = {}, process_time()
    for path, content in files:
        assert content
        seconds[path.rpartition(".")[2]] = process_time() - began
        began = process_time()
    return seconds


def peak() -> float:
    """The most memory that this process had so far, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)


def against(mine: float, theirs: float) -> Row:
    return f"{mine:.2f} s", f"{theirs:.2f} s", f"{mine / theirs:.3f}"


def verdict(holds: bool) -> str:
    return "ok" if holds else "MISSED"


def table(rows: Sequence[Row]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure = {"package": measure_package, "rdflib": measure_rdflib}[sys.argv[1]]
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        sys.exit(main())
