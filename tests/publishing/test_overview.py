"""The overview: what it counts."""

from types import SimpleNamespace

import pytest

from ghent_partnerships.publishing.site.overview import _Overview

HOME = "https://example.org/home"


@pytest.mark.parametrize(
    ("others", "english", "dutch"),
    [
        (["a"], ["1 city", "1 country"], ["1 stad", "1 land"]),
        (["a", "b"], ["2 cities", "2 countries"], ["2 steden", "2 landen"]),
    ],
)
def test_it_counts_a_single_city_and_country_in_the_singular(
    others: list[str], english: list[str], dutch: list[str]
) -> None:
    context = SimpleNamespace(graph_index=SimpleNamespace(iris=lambda city, _property: [f"country of {city}"]))
    overview = SimpleNamespace(kinds={}, context=context, _is_of=lambda _hub: True)
    starts = [SimpleNamespace(kind="", parties=(HOME, city)) for city in others]
    counts = list(_Overview._counts(overview, starts, HOME))  # type: ignore[arg-type]
    for language, texts in (("en", english), ("nl", dutch)):
        assert [f"{count['number']} {count['what'].localized(language)}" for count in counts] == texts  # type: ignore[attr-defined]
