"""The W3C SHACL test suite: the report in Turtle says what the suite expects, with and without ``--thorough``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import needs  # noqa: F401  # by which these tests are known to take long
from ghent_partnerships.errors import InvalidError
from ghent_partnerships.validation import check
from ghent_partnerships.validation.reports import write
from shacl_suite import CASES, Case, Keys, cases, names, read_report


@pytest.fixture
def _in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the engines work in this process: the suite is to be trusted, and starting 360 others takes long."""

    @contextmanager
    def at_once(work: Callable[[], Any], **_options: object) -> Iterator[Callable[[float | None], Any]]:
        yield lambda _seconds: work()

    monkeypatch.setattr(check, "started", at_once)


def found(case: Case, *, thorough: bool) -> Keys | None:
    """What the report in Turtle has, or None where there is none."""
    try:
        return read_report(write(check.validate([case.data], shapes=[case.shapes], thorough=thorough), "turtle"))
    except InvalidError:
        return None


def test_the_suite_has_all_its_cases() -> None:
    assert len(cases()) == CASES


@pytest.mark.usefixtures("_in_one_process")
@pytest.mark.parametrize("thorough", [False, True], ids=["default", "thorough"])
@pytest.mark.parametrize("name", names())
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")  # rdflib, of "none"^^xsd:boolean
def test_the_report_is_the_one_that_the_suite_expects(name: str, thorough: bool) -> None:
    case = cases()[name]
    assert found(case, thorough=thorough) == case.expected
