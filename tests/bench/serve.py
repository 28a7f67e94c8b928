"""Load the server with wrk, beside rdflib-endpoint and bare Oxigraph in one run; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/serve.py

Each server is asked a look-up, a list and an aggregate by sixteen connections of one thread, on this graph and on a
generated one of 100,000 triples; this server also for a document and a page. Oxigraph has neither a limit of time nor
one of memory here, so it does less than this server.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from socket import create_server
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from generated import generate

from ghent_partnerships.dist import SITE
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing import site_file
from ghent_partnerships.publishing.publish import with_checksums, with_compressed
from ghent_partnerships.rdf import jsonld, serialize
from ghent_partnerships.rdf.namespaces import BASE
from ghent_partnerships.rdf.turtle import by_subject
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.validation.documents import project_documents

sys.path.insert(0, str(Path(__file__).parents[1]))
from publications import BASES, part, publication

PREFIXES = packaged().prefixes

SCRIPTS = Path(sys.executable).parent
SECONDS = int(os.environ.get("SECONDS_EACH", "4"))
ASKED = {
    "look-up": f"SELECT ?p ?o WHERE {{ <{BASE}id/city/liege> ?p ?o }}",
    "list": """SELECT ?partnership ?label ?year ?name WHERE {
  ?partnership gp:party ?city ; gp:startYear ?year ; rdfs:label ?label . ?city rdfs:label ?name } LIMIT 80""",
    "aggregate": "SELECT ?class (COUNT(?thing) AS ?count) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY ?class",
}
PARTNERSHIPS = 7_050  # some 100,000 triples


class Load(NamedTuple):
    """What wrk measured: requests a second, and how long half and 99 of 100 took at most, in milliseconds."""

    rate: float
    p50: float
    p99: float


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} CPUs, {SECONDS} s each")
    peers = f"rdflib-endpoint {version('rdflib-endpoint')}, oxigraph {version('oxigraph')}"
    print(f"wrk -t1 -c16 beside {peers}; requests/s (p50, p99 in ms)")
    missed = []
    for size in (0, PARTNERSHIPS):
        with tempfile.TemporaryDirectory() as folder:
            missed += compared(Path(folder), size)
    print("\n".join(f"MISSED {bound}" for bound in missed) or "all bounds are kept")
    return 1 if missed else 0


def compared(folder: Path, size: int) -> Iterator[str]:
    """Measure all servers on one graph; the bounds that are missed."""
    count = prepare(folder, size)
    print(f"\n{count:,} triples")
    measured: dict[tuple[str, str], Load] = {}
    graph = folder / "dist" / "ghent-partnerships.nt"
    command = [str(SCRIPTS / "ghent-partnerships"), "serve", str(folder / "dist"), "--quiet", "--port"]
    location = str(folder / "oxigraph")
    oxigraph = str(SCRIPTS / "oxigraph")
    subprocess.run([oxigraph, "load", "--location", location, "--file", str(graph)], check=True, capture_output=True)
    servers = {
        "this server, not cached": (lambda port: [*command, str(port), "--cache", "0"], "sparql"),
        "this server, cached": (lambda port: [*command, str(port)], "sparql"),
        "rdflib-endpoint": (
            lambda port: [
                str(SCRIPTS / "rdflib-endpoint"),
                "serve",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                str(graph),
            ],
            "",
        ),
        "oxigraph": (lambda port: [oxigraph, "serve", "--location", location, "--bind", f"127.0.0.1:{port}"], "query"),
    }
    for name, (command, path) in servers.items():
        with serving(command) as address:
            for what, query in ASKED.items():
                text = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("gp", "city", "concept", "rdfs")) + query
                measured[name, what] = load(f"{address}{path}?query={quote(text)}")
            if name == "this server, cached" and not size:
                for what, page in (("document", "doc/city/liege.ttl"), ("page", "doc/city/liege.html")):
                    measured[name, what] = load(address + page)
    head = ("", *(kind for kind in (*ASKED, "document", "page") if any(key[1] == kind for key in measured)))
    print("  ".join(f"{kind:>26}" for kind in head))
    for name in servers:
        cells = [measured.get((name, kind)) for kind in head[1:]]
        shown = [f"{load.rate:,.0f} ({load.p50:.1f}, {load.p99:.1f})" if load else "" for load in cells]
        print("  ".join(f"{cell:>26}" for cell in (name, *shown)))
    yield from judged(measured)


def judged(measured: dict[tuple[str, str], Load]) -> Iterator[str]:
    """Print each ratio with its bound; the bounds that are missed."""

    def rate(name: str, what: str) -> float:
        return max(measured[name, what].rate, 1 / SECONDS)  # of a server that answered nothing: less than one

    plain, cached = "this server, not cached", "this server, cached"
    ratios = [
        (f"{plain}, {kind} / rdflib-endpoint", rate(plain, kind) / rate("rdflib-endpoint", kind), least)
        for kind, least in (("look-up", 6), ("list", 50), ("aggregate", 50))
    ]
    ratios += [
        (f"{cached}, {kind} / oxigraph", rate(cached, kind) / rate("oxigraph", kind), least)
        for kind, least in (("look-up", 0.5), ("list", 3))
    ]
    for kind in ("document", "page"):
        if (cached, kind) in measured:
            ratios.append((f"{kind} / {cached}, look-up", rate(cached, kind) / rate(cached, "look-up"), 0.8))
    ratios += [
        (f"p50 / p99 of {plain}, {kind}", measured[plain, kind].p50 / measured[plain, kind].p99, 0.2) for kind in ASKED
    ]
    for what, ratio, least in ratios:
        fine = ratio >= least
        print(f"  {what}: {ratio:.2f}, at least {least} {'ok' if fine else 'MISSED'}")
        if not fine:
            yield f"{what}: {ratio:.2f}, at least {least}"


def prepare(folder: Path, size: int) -> int:
    """Publish the project's graph, with so many partnerships more; without the site where there are any."""
    if not size:
        subprocess.run(
            [str(SCRIPTS / "ghent-partnerships"), "publish", str(folder / "dist")], check=True, capture_output=True
        )
    else:
        documents = project_documents(packaged())
        statements = list(
            dict.fromkeys([*(triple for file in documents.graph for triple in file.triples), *generate(size)])
        )
        context = jsonld.Context(by_subject(statements), PREFIXES, BASES)
        files = serialize.dataset("ghent-partnerships", statements, context, part())
        known = site_file.content(statements, {}, publication(stored(statements)))
        for path, content in with_checksums(with_compressed([*files, (SITE, known)])):
            (folder / "dist").mkdir(exist_ok=True)
            (folder / "dist" / path).write_bytes(content)
    return len((folder / "dist" / "ghent-partnerships.nt").read_bytes().splitlines())


@contextmanager
def serving(command) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """A server on loopback, once it answers."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}/"
        try:
            until = monotonic() + 120
            while monotonic() < until:
                try:
                    urlopen(address, timeout=5).close()
                    break
                except URLError as error:
                    if getattr(error, "code", None):  # it answers
                        break
                    sleep(0.2)
            yield address
        finally:
            process.terminate()


def load(url: str) -> Load:
    """Ask with wrk."""
    wrk = shutil.which("wrk")
    if wrk is None:
        sys.exit("wrk is not installed; apt-get install wrk")
    subprocess.run([wrk, "-t1", "-c16", "-d1s", url], check=True, capture_output=True)
    output = subprocess.run(
        [wrk, "-t1", "-c16", f"-d{SECONDS}s", "--timeout", "30s", "--latency", url],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    if "Non-2xx" in output:
        sys.exit(f"{url}\n{output}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]
    return Load(rate, *(milliseconds(output, f"{percentile}%") for percentile in (50, 99)))


def milliseconds(output: str, which: str) -> float:
    """A percentile of wrk's, which writes it in the unit that suits it."""
    match = re.search(rf"^\s+{which}\s+([\d.]+)(us|ms|s)$", output, re.MULTILINE)
    if match is None:  # there was no answer in time
        return SECONDS * 1000
    return float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]]


if __name__ == "__main__":
    sys.exit(main())
