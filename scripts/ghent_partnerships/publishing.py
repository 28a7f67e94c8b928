"""Publish the graph: the whole of it and a document for each resource in four forms, the ontology, shapes and queries.

The files depend on the graph alone: everything is sorted, blank nodes are named by RDF Dataset Canonicalization
(https://www.w3.org/TR/rdf-canon/), and no clock is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, RdfFormat, Triple

from . import reading
from .directory import replace_directory
from .errors import InvalidError
from .files import graph_files, ontology_files, query_files, shapes_file
from .findings import Finding
from .names import ID, PREFIXES
from .turtle import serialize
from .validation import check

CHECKSUMS = "SHA256SUMS"
_OURS = "ghent-partnerships.ttl"
_FORMS = {"nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}
_PATH = re.compile(r"[a-z]+/[a-z0-9]+(?:-[a-z0-9]+)*")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Published:
    """What was published: where, and how many files, resources and triples."""

    directory: Path
    files: int
    resources: int
    triples: int


def publish(directory: str | PathLike[str] = "dist") -> Published:
    """Validate the graph and write it to a directory, whole or not at all.

    The files are prepared beside the directory and take its place in one step. A directory that holds anything that
    ``publish`` did not write is left alone.

    Raises:
        InvalidError: the graph does not validate.
        UsageError: the directory cannot be written, or holds other files.
    """
    data = [reading.parse(file) for file in graph_files()]
    rules = [reading.parse(shapes_file())]
    report = check(data, rules, every_shape=True)
    findings = [*report.findings, *_unpublishable([*data, *rules])]
    if findings:
        raise InvalidError(findings)
    triples = list(dict.fromkeys(triple for document in data for triple in document.triples))
    ontology = {file.resolve() for file in ontology_files()}
    terms = [triple for document in data if document.path.resolve() in ontology for triple in document.triples]
    target = Path(directory)
    resources = _resources([*triples, *rules[0].triples])
    count = replace_directory(target, _with_checksums(_files(triples, terms, rules[0].triples, resources)), _foreign)
    return Published(target, count, len(resources), len(triples))


def _unpublishable(documents: Iterable[reading.Document]) -> Iterator[Finding]:
    """What has no document, and what a form cannot carry: odd IRIs, blank nodes in the data, controls in XML."""
    for document in documents:
        for triple in document.triples:
            if BlankNode in (type(triple.subject), type(triple.object)) and document.path != shapes_file():
                message = f"A blank node cannot be published: {triple}."
                yield Finding(document.name, 1, 1, message, "Give it an IRI of the scheme.")
            subject = str(triple.subject)[1:-1]
            if subject.startswith(ID) and not _PATH.fullmatch(subject.removeprefix(ID)):  # it becomes a file's path
                message = f"<{subject}> is not an IRI of the scheme {ID}<type>/<slug>."
                mend = "Write the slug in lower-case ASCII words joined by hyphens."
                yield Finding(document.name, 1, 1, message, mend)
            if isinstance(triple.object, Literal) and (match := _NOT_IN_XML.search(triple.object.value)):
                message = f"The character U+{ord(match[0]):04X} cannot be written in RDF/XML: {triple}."
                yield Finding(document.name, 1, 1, message, "Remove the character.")


def _files(
    triples: Sequence[Triple], terms: Sequence[Triple], shapes: Sequence[Triple], resources: dict[str, list[Triple]]
) -> Iterator[tuple[str, bytes]]:
    yield from _document("ghent-partnerships", triples)
    yield from _document("ontology", terms)
    yield from _document("shapes", shapes)
    for path, statements in resources.items():
        yield from _document(f"doc/{path}", statements)
    for file in query_files():
        yield f"queries/{file.name}", file.read_bytes()


def _resources(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    """The statements about each resource of the ``id/`` scheme, with the blank nodes below it, by its path."""
    about: dict[NamedNode | BlankNode, list[Triple]] = {}
    for triple in triples:
        about.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
    resources = {}
    for subject in sorted((node for node in about if isinstance(node, NamedNode)), key=lambda node: node.value):
        if subject.value.startswith(ID):
            statements: list[Triple] = []
            reached: list[object] = [subject]
            for node in reached:
                for triple in about.get(node, []):  # type: ignore[call-overload]
                    statements.append(triple)
                    if isinstance(triple.object, BlankNode) and triple.object not in reached:
                        reached.append(triple.object)
            resources[subject.value.removeprefix(ID)] = statements
    return resources


def _document(path: str, triples: Sequence[Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{path}.ttl", serialize(triples, PREFIXES).encode()
    ordered = sorted(_named(triples), key=str)
    used = {name: iri for name, iri in PREFIXES.items() if any(one.predicate.value.startswith(iri) for one in ordered)}
    for suffix, form in _FORMS.items():
        text = pyoxigraph.serialize(ordered, format=form, prefixes=used if suffix == "rdf" else None)
        assert text is not None
        yield f"{path}.{suffix}", text.removesuffix(b"\n") + b"\n"


def _named(triples: Sequence[Triple]) -> list[Triple]:
    """The triples, their blank nodes labelled by their place in the graph."""
    if not any(isinstance(triple.subject, BlankNode) for triple in triples):
        return list(triples)
    dataset = pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]


def _with_checksums(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The files, and a list of their SHA-256 as ``sha256sum --check`` reads it."""
    lines = []
    for path, content in files:
        lines.append(f"{sha256(content).hexdigest()}  {path}\n")
        yield path, content
    yield CHECKSUMS, "".join(sorted(lines, key=lambda line: line[66:])).encode()


def _foreign(directory: Path) -> str | None:
    """Something in the directory that ``publish`` did not write, or that was changed since, or None."""
    listed: dict[str, str] = {}
    checksums = directory / CHECKSUMS
    if checksums.is_file() and not checksums.is_symlink():
        for line in checksums.read_text(encoding="utf-8", errors="replace").splitlines():
            digest, _, path = line.partition("  ")
            listed[path] = digest
    ours = _OURS in listed  # other people list their files in the same way
    for file in directory.rglob("*"):
        if file.is_dir() and not file.is_symlink():
            continue
        path = file.relative_to(directory).as_posix()
        plain = file.is_file() and not file.is_symlink() and ours
        known = path == CHECKSUMS or (
            path in listed and plain and sha256(file.read_bytes()).hexdigest() == listed[path]
        )
        if not (plain and known):
            return path
    return None
