"""Rewrite what follows from the data: the expected answers in ``tests/ghent/answers``, and the numbers in the READMEs.

What a change of the data changes is then a difference to read, before it is committed. Sentences of the source stand in
``data/sources.ttl`` only, so in an answer that shows one its fragment stands in braces.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples, Store, Triple

from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.directory import replace_file
from ghent_partnerships.rdf.namespaces import ID, PREFIXES
from ghent_partnerships.rdf.turtle import by_subject, serialize
from ghent_partnerships.sparql.library import questions
from ghent_partnerships.sparql.views import stored

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "tests" / "ghent" / "answers"
CHECKED = re.compile(r"^[0-9,]+ files, [0-9,]+ triples(?=:)", re.MULTILINE)
PUBLISHED = re.compile(r"(?<=^dist: )[0-9,]+ files, [0-9,]+ resources, [0-9,]+ triples$", re.MULTILINE)
LOADED = re.compile(r"(?<=^>>> len\(graph\)\n)[0-9]+$", re.MULTILINE)
_EXACT = NamedNode(PREFIXES["oa"] + "exact")
_TITLE = "t"  # of the source, which is also its name


def main() -> None:
    """Write the file of each query, and remove those of queries that are gone."""
    store = stored(triples(packaged().graph_files()))
    words = sentences(store)
    files = dict(answer(name, question.text, store, words) for name, question in questions(packaged()).items())
    for file in ANSWERS.iterdir():
        if file.name not in files:
            file.unlink()
    for name, content in files.items():
        replace_file(ANSWERS / name, content.encode("utf-8"))
    outputs = [
        (CHECKED, printed("validate")),
        (PUBLISHED, printed("publish", "dist")),
        (LOADED, f">>> len(graph)\n{len(store)}"),
    ]
    for readme in (ROOT / "README.md", ROOT / "scripts" / "README.md"):
        text = readme.read_text(encoding="utf-8")
        for pattern, output in outputs:
            text = with_numbers(text, pattern, output)
        replace_file(readme, text.encode("utf-8"))


def printed(*arguments: str) -> str:
    """What the command prints about the graph at hand, in an empty folder."""
    command = [sys.executable, "-m", "ghent_partnerships", "--project", str(ROOT), *arguments]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own


def with_numbers(text: str, pattern: re.Pattern[str], output: str) -> str:
    """A text with the numbers of an output, wherever it has such numbers."""
    numbers = pattern.search(output)
    assert numbers, output
    return pattern.sub(numbers[0], text)


def sentences(store: Store) -> Mapping[str, str]:
    """The words of each fragment, the longest first, by its name in braces."""
    quoted = {
        quad.object.value: f"{{{quad.subject.value.rpartition('/')[2]}}}"
        for quad in store.quads_for_pattern(None, _EXACT, None)
        if quad.subject.value != f"{ID}fragment/{_TITLE}"
    }
    return dict(sorted(quoted.items(), key=lambda item: (-len(item[0]), item)))


def answer(name: str, query: str, store: Store, words: Mapping[str, str]) -> tuple[str, str]:
    """The name of the file of a query, and its content: rows as CSV, statements as Turtle."""
    results = store.query(query)
    if isinstance(results, QuerySolutions):
        variables = [variable.value for variable in results.variables]
        rows = [["" if term is None else shortened(term.value, words) for term in row] for row in results]
        return f"{name}.csv", written([variables, *rows])
    assert isinstance(results, QueryTriples)
    statements = by_subject(Triple(about, predicate, _shortened(term, words)) for about, predicate, term in results)
    return f"{name}.ttl", serialize(statements, packaged().prefixes)


def written(rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV, a line each."""
    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(rows)
    return output.getvalue()


def shortened(text: str, words: Mapping[str, str]) -> str:
    """A text with fragments in braces in the place of their words."""
    for sentence, name in words.items():
        text = text.replace(sentence, name)
    return text


def _shortened(term: object, words: Mapping[str, str]) -> NamedNode | Literal:
    assert isinstance(term, NamedNode | Literal)
    if isinstance(term, NamedNode):
        return term
    text = shortened(term.value, words)
    return Literal(text, language=term.language) if term.language else Literal(text, datatype=term.datatype)


if __name__ == "__main__":
    main()
