"""The graphs of the benchmarks are like the project's: they conform, and each fault breaks one constraint."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import ghent_partnerships
from bench.generated import checkout, faults, generate, node, write
from ghent_partnerships.project.graph import triples
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.namespaces import ID

FAULTS = [  # in the order in which they come: the shape that finds it, and what it breaks
    ("city", "Closed"),
    ("partnership-end-stated", "Xone"),
    ("place-country", "MaxCount"),
    ("label-language", "UniqueLang"),
    ("cites", "Or"),
    ("place-link", "Pattern"),
    ("partnership-agreement", "Class"),
    ("period", "SPARQL"),
    ("name-as-stated", "Datatype"),
    ("same-item", "MaxCount"),
]


def test_the_generated_graph_conforms_with_our_own(tmp_path: Path) -> None:
    write(tmp_path / "generated.ttl", generate(105))
    report = ghent_partnerships.validate(tmp_path / "generated.ttl")
    assert [finding for finding in report.findings if finding.severity == "violation"] == []
    assert report.triples > len(triples(packaged().graph_files())) + 105 * 11


def test_each_fault_breaks_one_constraint_and_each_another(tmp_path: Path) -> None:
    statements = list(faults(10))
    write(tmp_path / "generated.ttl", iter([*generate(10), *statements]))
    found = [
        (finding.result.shape.removeprefix(f"{ID}shape/"), finding.result.constraint.rpartition("#")[2])
        for finding in ghent_partnerships.validate(tmp_path / "generated.ttl").findings
        if finding.result.shape
    ]
    assert sorted(found) == sorted((shape, f"{component}ConstraintComponent") for shape, component in FAULTS)


def test_faults_are_as_many_as_asked_for_and_about_what_is_generated() -> None:
    statements = list(faults(1000))
    assert len(set(statements)) == 1000
    generated = set(generate(1000))
    assert generated.isdisjoint(statements)
    described = {triple.subject for triple in generated} | {node("period:1950s")}
    terms = described | {triple.object for triple in generated}
    assert [triple for triple in statements if triple.subject not in described and triple.object not in terms] == []


def test_ten_thousand_partnerships_are_about_140_000_triples() -> None:
    project = len(triples(packaged().graph_files()))
    assert project + sum(1 for _ in generate(10_000)) == pytest.approx(140_000, rel=0.02)


@pytest.mark.parametrize("partnerships", [0, 1, 9, 10, 199, 200, 201, 1234])
def test_no_statement_comes_twice_and_there_are_as_many_partnerships_as_asked_for(partnerships: int) -> None:
    statements = list(generate(partnerships))
    assert len(set(statements)) == len(statements)
    assert sum(triple.object == node("gp:Partnership") for triple in statements) == partnerships


def test_the_same_number_gives_the_same_statements_in_another_process() -> None:
    code = "from bench.generated import *; print(*generate(300), *faults(30), sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    environment["PYTHONUTF8"] = "1"
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert printed.splitlines() == [str(triple) for triple in (*generate(300), *faults(30))]


def test_the_first_city_of_a_group_has_eighty_cooperations_at_any_size() -> None:
    for partnerships in (800, 5000):
        statements = list(generate(partnerships))
        cooperations = {triple.subject for triple in statements if triple.object == node("concept:cooperation")}
        parties = Counter(triple.object for triple in statements if triple.subject in cooperations)
        assert parties[node("city:generated-0")] == 80


def test_every_city_has_names_of_its_own_in_four_languages_and_two_links_of_its_own() -> None:
    names: Counter[str] = Counter()
    links: Counter[NamedNode] = Counter()
    languages: Counter[str] = Counter()
    for triple in generate(12_000):  # 1,200 cities: more than there are names without a number
        if str(triple.subject).startswith(f"<{ID}city/"):
            if triple.predicate == node("gp:nameAsStated"):
                names[triple.object.value] += 1
            elif triple.predicate == node("schema:sameAs"):
                links[triple.object] += 1
            elif triple.predicate == node("rdfs:label"):
                assert isinstance(triple.object, Literal)
                languages[str(triple.object.language)] += 1
    assert len(names) == 1200
    assert set(names.values()) == {1}
    assert len(links) == 2400
    assert set(links.values()) == {1}
    assert [languages[language] for language in ("en", "nl", "fr", "de", "ja")] == [1200, 1200, 1200, 1200, 120]
    assert {"Great Lǜshān", "North Saint-Rémy-l'Étang", "'s-Gravenhoek", "'s-Gravenhoek 2"} <= names.keys()


def test_a_sentence_names_the_partners_of_its_city() -> None:
    sentences = {triple.subject: triple.object.value for triple in generate(20) if triple.predicate == node("oa:exact")}
    assert sentences[node("fragment:generated-1")].startswith("Beloslava (Bulgaria) is twinned with Ghent since 1969, ")
    assert sentences[node("fragment:generated-1")].endswith(
        """and, under an "agreement", cooperates with 's-Gravenhoek in 2009."""
    )
    assert len(sentences) == 20


def test_a_checkout_is_a_graph_of_its_own(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "copy", 15)
    query = tmp_path / "count.rq"
    query.write_text("SELECT (COUNT(*) AS ?statements) { ?subject ?predicate ?value }", encoding="utf-8")
    printed = subprocess.run(
        [sys.executable, "-m", "ghent_partnerships", "--project", "ghent", "query", str(query), "--format", "csv"],
        env={**os.environ, "PYTHONPATH": str(folder / "scripts")},
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert printed.split() == ["statements", str(len(triples(packaged().graph_files())) + sum(1 for _ in generate(15)))]
