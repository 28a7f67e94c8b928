"""The words of the interface: every catalogue is whole."""

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from catalogues import extracted, files
from ghent_partnerships.po import compiled
from ghent_partnerships.text import Text
from ghent_partnerships.translation import LOCALES, either, gettext, languages, message, ngettext, pgettext

CATALOGUES = [pytest.param(domain, path, id=f"{language}-{domain}") for language, domain, path in files(LOCALES)]
PATHS = [pytest.param(path, id=f"{language}-{domain}") for language, domain, path in files(LOCALES)]
PO = """
# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: somewhere.py:1
msgid "City"
msgstr "Stad"

msgctxt "of a bird"
msgid "City"
msgstr "Nest"

msgid "a \\"quoted\\" text, "
"in two lines\\n"
msgstr "een tekst"

msgid "{number} row"
msgid_plural "{number} rows"
msgstr[0] "{number} rij"
msgstr[1] "{number} rijen"

#, fuzzy
msgid "not sure"
msgstr "niet zeker"

msgid "not translated"
msgstr ""

#~ msgid "gone"
#~ msgstr "weg"
"""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_a_catalogue_is_read_as_gettext_has_it() -> None:
    words = GNUTranslations(BytesIO(compiled(PO)))
    assert words.gettext("City") == "Stad"
    assert words.pgettext("of a bird", "City") == "Nest"
    assert words.gettext('a "quoted" text, in two lines\n') == "een tekst"
    assert [words.ngettext("{number} row", "{number} rows", number) for number in (0, 1, 2)] == [
        "{number} rijen",
        "{number} rij",
        "{number} rijen",
    ]
    assert [words.gettext(text) for text in ("not sure", "not translated", "gone")] == [
        "not sure",
        "not translated",
        "gone",
    ]


@pytest.mark.parametrize("line", ["msgid City", 'msgstring "City"', 'msgid "City', '"City" "Stad"'])
def test_what_is_no_catalogue_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is no line of a PO file"):
        compiled(f'msgid ""\nmsgstr ""\n\n{line}\n')


@pytest.mark.parametrize("path", PATHS)
def test_a_catalogue_is_compiled_as_babel_compiles_it(path: Path) -> None:
    babel = BytesIO()
    write_mo(babel, read(path))
    catalogues = [GNUTranslations(BytesIO(data)) for data in (compiled(path.read_text("utf-8")), babel.getvalue())]
    words = [{key: word for key, word in catalogue._catalog.items() if key} for catalogue in catalogues]  # type: ignore[attr-defined]
    assert words[0] == words[1]


@pytest.mark.parametrize(("domain", "path"), CATALOGUES)
def test_a_catalogue_has_every_message_and_no_other(domain: str, path: Path) -> None:
    wanted, there = (
        {(message.id, message.context) for message in of if message.id} for of in (extracted()[domain], read(path))
    )
    assert wanted == there, "run: python scripts/catalogues.py"


def test_an_f_string_that_is_a_value_of_a_message_is_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    extracted()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("path", PATHS)
def test_every_message_is_translated_with_its_gaps(path: Path) -> None:
    for entry in read(path):
        if entry.id:
            sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            translated = entry.string if isinstance(entry.string, tuple) else (entry.string,)
            assert all(translated), f"{path}: {entry.id!r} has no translation"
            assert not entry.fuzzy, f"{path}: {entry.id!r}: somebody has yet to say whether it is right"
            for text in translated:
                assert gaps(text) in map(gaps, sources), f"{path}: {entry.id!r} has other gaps than {text!r}"


def gaps(text: str) -> set[str | None]:
    """What is filled in after the translation: in braces, and by argparse after a percent sign."""
    by_argparse = set(re.findall(r"%(?:\(\w+\))?[a-z]", text))
    try:
        return by_argparse | {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:  # a brace that is none of a gap
        return by_argparse | set(re.findall(r"\{(\w+)\}", text))


def test_a_message_speaks_each_language() -> None:
    assert languages() == ("en", "nl")
    assert dict(message("Cities")) == {"en": "Cities", "nl": "Steden"}
    assert message("Cities").localized("nl-BE") == "Steden"
    assert message("Cities").localized("ja") == "Cities"
    assert gettext("Cities", "nl-BE") == "Steden"
    assert gettext("Links to {title}", "nl", title=Text({"en": "Ghent", "nl": "Gent"})) == "Links naar Gent"
    assert pgettext("between the thousands of a number", ",")["nl"] == "."
    assert str(ngettext("{number} city", "{number} cities", 1)) == "1 city"


def test_the_thousands_of_a_number_stand_apart_as_the_language_has_them() -> None:
    files = ngettext("{number:,} file", "{number:,} files", 1_234_567)
    assert dict(files) == {"en": "1,234,567 files", "nl": "1.234.567 bestanden"}
    assert dict(message("{count} rewritten", count=1234)) == {"en": "1234 rewritten", "nl": "1234 herschreven"}


def test_names_to_choose_from_are_a_sentence_in_each_language() -> None:
    assert dict(either(["a"])) == {"": "a"}
    assert dict(either(["a", "b", "c"])) == {"en": "a or b or c", "nl": "a of b of c"}
