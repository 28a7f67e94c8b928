"""The W3C's suite of SPARQL 1.1 syntax, by ``query`` and at the endpoint: each is answered, or refused by its name."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

import manifests
import needs
from ghent_partnerships.cli.main import main
from serving import Answer, Served, ask

FOLDER = "conformance/sparql-syntax"
COUNTS = {
    ("syntax-query", "PositiveSyntaxTest11"): 63,
    ("syntax-query", "NegativeSyntaxTest11"): 31,
    ("syntax-fed", "PositiveSyntaxTest11"): 3,
    ("syntax-update-1", "PositiveUpdateSyntaxTest11"): 41,
    ("syntax-update-1", "NegativeUpdateSyntaxTest11"): 13,
}
UNANSWERED = {  # what is right and yet not answered, and what is said of it
    "syntax-select-expr-04.rq": "The custom function <http://example/function> is not supported",
}
EMPTY = {
    "syntax-update-38.ru",
    "syntax-update-39.ru",
    "syntax-update-40.ru",
}  # an update of nothing; sent as a query, it is none
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


def files(folder: str, kind: str) -> list[Path]:
    """The files of one kind, all of them."""
    base = f"https://w3c.github.io/rdf-tests/sparql/sparql11/{folder}/"
    found = manifests.cases(needs.shared(f"{FOLDER}/{folder}"), base)
    right = [case.file for case in found if case.kind == kind]
    assert len(right) == COUNTS[folder, kind]
    return right


def text_of(file: Path) -> str:
    return file.read_bytes().decode()


@dataclass(frozen=True)
class Asked:
    """What the command made of a query: its exit code, and what it said that is wrong."""

    code: int
    error: str


def asked(file: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    code = main(["query", str(file)])
    return Asked(code, capsys.readouterr().err)


def test_every_kind_of_the_suite_is_counted() -> None:
    assert sum(COUNTS.values()) == 151
    for folder, kind in COUNTS:
        assert files(folder, kind)


def test_every_right_query_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    found = {file.name: asked(file, capsys) for file in files("syntax-query", "PositiveSyntaxTest11")}
    refused = {name: query for name, query in found.items() if query.code}
    assert set(refused) == set(UNANSWERED)
    assert all(query.code == 1 and UNANSWERED[name] in query.error for name, query in refused.items())


def test_every_wrong_query_has_a_syntax_error_at_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    for file in files("syntax-query", "NegativeSyntaxTest11"):
        found = asked(file, capsys)
        match = re.match(rf"\S*{re.escape(file.name)}:(\d+):\d+: ", found.error)
        assert match, found
        assert found.code == 1
        assert 1 <= int(match[1]) <= text_of(file).count("\n") + 1, found
        assert "cannot be evaluated" not in found.error


def test_every_service_is_refused_as_service(capsys: pytest.CaptureFixture[str]) -> None:
    for file in files("syntax-fed", "PositiveSyntaxTest11"):
        found = asked(file, capsys)
        assert (found.code, "has a SERVICE clause" in found.error) == (2, True), found


@pytest.mark.parametrize("kind", ["PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11"])
def test_every_update_is_refused_as_one(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    for file in files("syntax-update-1", kind):
        found = asked(file, capsys)
        assert (found.code, "not a query that reads" in found.error) == (2, True), found


def sent(served: Served, text: str, type_: str) -> Answer:
    return ask(served.address, "/sparql", "POST", text.encode(), [("Content-Type", type_)])


def code(answer: Answer) -> tuple[int, str]:
    assert answer.type == "application/problem+json", answer
    return answer.status, json.loads(answer.body)["code"]


def test_the_endpoint_answers_every_right_query(served: Served) -> None:
    for file in files("syntax-query", "PositiveSyntaxTest11"):
        answer = sent(served, text_of(file), QUERY)
        if file.name in UNANSWERED:
            assert code(answer) == (400, "query-failed")
            assert UNANSWERED[file.name] in json.loads(answer.body)["detail"]
        else:
            assert answer.status == 200, (file.name, answer.body)


def test_the_endpoint_refuses_every_wrong_query_at_a_place(served: Served) -> None:
    for file in files("syntax-query", "NegativeSyntaxTest11"):
        answer = sent(served, text_of(file), QUERY)
        assert code(answer) == (400, "syntax-error"), file.name
        assert 1 <= json.loads(answer.body)["line"] <= text_of(file).count("\n") + 1, file.name


def test_the_endpoint_refuses_every_service_as_service(served: Served) -> None:
    for file in files("syntax-fed", "PositiveSyntaxTest11"):
        assert code(sent(served, text_of(file), QUERY)) == (403, "no-service"), file.name


@pytest.mark.parametrize("kind", ["PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11"])
def test_the_endpoint_is_read_only_to_every_update(served: Served, kind: str) -> None:
    for file in files("syntax-update-1", kind):
        assert code(sent(served, text_of(file), UPDATE)) == (403, "read-only"), file.name
        assert code(sent(served, urlencode({"update": text_of(file)}), FORM)) == (403, "read-only"), file.name
        expected = (400, "syntax-error") if file.name in EMPTY else (403, "read-only")
        assert code(sent(served, text_of(file), QUERY)) == expected, file.name
