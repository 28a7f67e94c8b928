"""What `make answers` writes is what stands: the expected answers, which follow from the data."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import answers  # noqa: E402  # a script, which no package holds
from ghent_partnerships.project.graph import triples  # noqa: E402
from ghent_partnerships.project.location import packaged  # noqa: E402
from ghent_partnerships.sparql.library import questions  # noqa: E402
from ghent_partnerships.sparql.views import stored  # noqa: E402

STORE = stored(triples(packaged().graph_files()))
WORDS = answers.sentences(STORE)


@pytest.mark.parametrize("name", questions(packaged()))
def test_an_expected_answer_is_as_make_answers_writes_it(name: str) -> None:
    file, content = answers.answer(name, questions(packaged())[name].text, STORE, WORDS)
    assert (answers.ANSWERS / file).read_text(encoding="utf-8") == content, "run: make answers, and read what differs"


def test_the_words_of_a_sentence_give_way_to_its_name() -> None:
    words = {"Kanazawa (Japan) since 1971": "{b3}", "Japan": "{x}"}
    assert answers.shortened("it says: Kanazawa (Japan) since 1971.", words) == "it says: {b3}."


def test_numbers_in_the_readme_follow_what_the_commands_print() -> None:
    """test_documentation.py runs the commands, and shows that the README has what they print."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for pattern in (answers.CHECKED, answers.PUBLISHED):
        (shown, *_) = pattern.findall(readme)
        stale = pattern.sub(re.sub(r"\d", "9", shown), readme)
        assert stale != readme
        assert answers.with_numbers(stale, pattern, readme) == readme
