"""What a validation and a comparison do with many findings takes time in proportion to their number."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from command import HEAD
from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships import findings as findings_module
from ghent_partnerships.findings import Finding, Location, Related, Report
from ghent_partnerships.rdf.namespaces import PREFIXES
from ghent_partnerships.rdf.parse import Document, parse
from ghent_partnerships.rdf.source_map import SourceMap
from ghent_partnerships.releases.diff import differences
from ghent_partnerships.releases.diff_reports import report
from ghent_partnerships.text import Text
from ghent_partnerships.validation.engines.graph import found_targets
from ghent_partnerships.validation.fix import difference
from ghent_partnerships.validation.messages import findings, unused
from ghent_partnerships.validation.reports import FORMATS, write
from ghent_partnerships.validation.results import Result
from ghent_partnerships.validation.shapes import Shapes
from proportion import in_proportion

SH = PREFIXES["sh"]
Work = Callable[[], object]
LEAST = 0.1  # seconds of the processor, below which a ratio says nothing
DEADLINE = 300


def document(text: str, name: str = "x.ttl") -> Document:
    return parse(Path(name), f"{HEAD}{text}\n".encode())


def e(name: str) -> NamedNode:
    return NamedNode(f"http://e/{name}")


def nested(number: int) -> Work:
    data = document("_:b0 e:p 1 ." + "".join(f"_:b{i + 1} e:p _:b{i} .\n" for i in range(number)))
    source_map = SourceMap([data], [data])
    source_map._positions(data).subjects.clear()  # type: ignore[attr-defined]  # as of JSON-LD, where a blank node has no place
    return lambda: [source_map._subject(data, triple.subject) for triple in data.triples]


def idle(number: int) -> Work:
    rules = document("".join(f"e:S{i} a sh:NodeShape ; sh:targetClass e:C{i} .\n" for i in range(number)))
    data = document("e:a a e:C0 .", "y.ttl")
    nodes = found_targets(Shapes(rules.triples), data.triples)
    return lambda: list(unused(nodes, SourceMap([data], [rules]), every_shape=True))


def findings_of(rules: str, component: str, number: int) -> Work:
    about = document(rules)
    shapes = Shapes(about.triples)
    data = document("".join(f"e:a{i} e:wrong{i} 1 .\n" for i in range(number)), "y.ttl")
    results = [
        Result(
            focus=e(f"a{i}"),
            path=f"<http://e/wrong{i}>",
            value=Literal("1"),
            shape=e("S"),
            constraint=None,
            component=SH + component,
            severity=f"{SH}Violation",
            bindings={},
        )
        for i in range(number)
    ]
    return lambda: list(findings(results, shapes, SourceMap([data], [about])))


def closed(number: int) -> Work:
    paths = "".join(f"sh:property [ sh:path e:right{i} ] ; " for i in range(number))
    return findings_of(f"e:S a sh:NodeShape ; sh:closed true ; {paths} .", "ClosedConstraintComponent", number)


def listed(number: int) -> Work:
    values = " ".join(f"e:v{i}" for i in range(number))
    return findings_of(f"e:S a sh:NodeShape ; sh:in ( {values} ) .", "InConstraintComponent", number)


def reported(output_format: str, *, alike: bool) -> Callable[[int], Work]:
    def work(number: int) -> Work:
        many = tuple(
            Finding(
                code="C",
                message=Text("m" if alike else f"m{i}"),
                help=Text("help"),
                location=Location("f.ttl", 1, i * 8 + 1),
                related=(Related(Location("f.ttl", 1, 1), Text("label")),),
                result=findings_module.Result(statement=Text("found")),
            )
            for i in range(number)
        )
        whole = Report(many, 1, 1, {"f.ttl": "e:a e:b " * number}, many)
        return lambda: write(whole, output_format)

    return work


def differing(output_format: str, spread: Callable[[int, str], Triple]) -> Callable[[int], Work]:
    def work(number: int) -> Work:
        old, new = ([spread(i, value) for i in range(number)] for value in ("old", "new"))
        return lambda: report(differences(old, new), output_format, "en")

    return work


def resolved(number: int) -> Work:
    was = "".join(f"a{i}\n" for i in range(number)).encode()
    should = "".join(f"a{i}{'x' * (i % 2)}\n" for i in range(number)).encode()
    return lambda: difference({Path("f"): (was, should)})


SPREADS: dict[str, Callable[[int, str], Triple]] = {
    "values": lambda i, value: Triple(e("a"), e("p"), Literal(f"{value}{i}")),
    "languages": lambda i, value: Triple(e("a"), e("p"), Literal(value, language=f"x-a{i}")),
    "predicates": lambda i, value: Triple(e("a"), e(f"p{i}"), Literal(value)),
}
WORKS: dict[str, tuple[Callable[[int], Work], int]] = {
    "nested": (nested, 2000),
    "idle": (idle, 2000),
    "closed": (closed, 400),
    "listed": (listed, 800),
    "fixed": (resolved, 3000),
    **{f"{output_format} alike": (reported(output_format, alike=True), 2500) for output_format in FORMATS},
    **{f"{output_format} other": (reported(output_format, alike=False), 2500) for output_format in FORMATS},
    **{
        f"{output_format} {name}": (differing(output_format, spread), 1500)
        for output_format in ("text", "markdown", "json", "patch")
        for name, spread in SPREADS.items()
    },
}


def seconds(work: Work) -> float:
    began = process_time()
    work()
    return process_time() - began


def test_twice_as_many_take_twice_as_long() -> None:
    done = subprocess.run(  # where no test before left anything to collect
        [sys.executable, __file__],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == "", "out of proportion"


if __name__ == "__main__":
    for name, (make, number) in WORKS.items():
        if not in_proportion(lambda number, make=make: seconds(make(number)), number, LEAST):  # type: ignore[misc]
            sys.stdout.write(f"{name}\n")
