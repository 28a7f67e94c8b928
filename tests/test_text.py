"""A text by language: which of its forms a reader gets, that it never changes, and how texts compare."""

import copy
import pickle

import pytest

from ghent_partnerships.text import DEFAULT_LANGUAGE, Text, ending, in_each, ordered
from ghent_partnerships.translation import message

CITY = Text({"fr": "Gand", "nl": "Gent", "en": "Ghent", "pt-BR": "Gante"})


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"en": "Ghent", "nl": "Gent"}, "nl", "Gent"),
        ({"en": "Ghent", "nl": "Gent"}, "nl-BE", "Gent"),
        ({"en": "Ghent", "nl": "Gent", "nl-BE": "Gent (BE)"}, "nl-BE", "Gent (BE)"),
        ({"en": "Ghent", "nl": "Gent"}, "ja", "Ghent"),
        ({"": "9000", "nl": "Gent"}, "ja", "9000"),
        ({"": "9000", "en": "Ghent"}, "ja", "Ghent"),
        ({"nl": "Gent", "fr": "Gand"}, "ja", "Gand"),
        ({"nl-BE": "Gent"}, "nl", "Gent"),
        ({"en": "", "nl": "Gent"}, "en", ""),
        ({}, "en", ""),
    ],
)
def test_a_reader_gets_the_nearest_language(texts: dict[str, str], language: str, expected: str) -> None:
    assert Text(texts).localized(language) == expected


def test_a_text_is_a_mapping_of_its_languages_alone() -> None:
    assert dict(CITY) == {"fr": "Gand", "nl": "Gent", "en": "Ghent", "pt-BR": "Gante"}
    assert CITY["fr"] == "Gand"
    with pytest.raises(KeyError):
        CITY["ja"]
    assert CITY.get("ja") is None
    assert str(CITY) == "Ghent"


def test_a_text_never_changes() -> None:
    given = {"en": "Ghent"}
    text = Text(given)
    given["en"] = "Bruges"
    assert text == {"en": "Ghent"}
    assert not hasattr(text, "__setitem__")
    with pytest.raises(AttributeError):
        text.more = 1  # type: ignore[attr-defined]


def test_equal_texts_have_one_hash() -> None:
    same = Text({"en": "Ghent", "nl": "Gent"})
    assert {Text({"nl": "Gent", "en": "Ghent"}), same} == {same}
    assert hash(message("Cities")) == hash(Text({"en": "Cities", "nl": "Steden"}))
    assert message("Cities") == Text({"en": "Cities", "nl": "Steden"})


def test_texts_sort_by_the_default_language_first() -> None:
    texts = [Text({"nl": "A"}), Text({"en": "C"}), Text({"en": "B", "nl": "Z"}), Text({"en": "B", "nl": "Y"}), Text("")]
    assert [str(text) for text in sorted(texts)] == ["", "A", "B", "B", "C"]
    assert [text["nl"] for text in sorted(texts) if str(text) == "B"] == ["Y", "Z"]


def test_a_text_without_words_is_false() -> None:
    assert not Text()
    assert not Text("")
    assert not Text({"en": ""})
    assert Text("9000") == {"": "9000"}


def test_each_form_of_a_text_is_changed() -> None:
    assert CITY.map(str.upper)["pt-BR"] == "GANTE"
    assert CITY.only(("en", "ja")) == {"en": "Ghent", "ja": "Ghent"}
    assert in_each(("en", "nl"), lambda language: language * 2) == {"en": "enen", "nl": "nlnl"}


@pytest.mark.parametrize("text", [CITY, message("{count} files", count=2)])
def test_a_text_can_be_copied_and_sent_to_a_process(text: Text) -> None:
    assert pickle.loads(pickle.dumps(text)) == text
    assert copy.deepcopy(text) == text


def test_the_first_language_has_no_ending() -> None:
    assert [ending(language, ("nl", "fr")) for language in ("nl", "fr")] == ["", ".fr"]
    assert ordered(["nl", "fr", DEFAULT_LANGUAGE, "nl"]) == (DEFAULT_LANGUAGE, "fr", "nl")
    assert ordered(["nl", "fr"]) == ("fr", "nl")
