"""Every format of a report shows only what can be seen, and there are no other formats or languages."""

from dataclasses import replace

import pytest

from ghent_partnerships.errors import UsageError
from ghent_partnerships.validation.reports import FORMATS, write
from report_samples import ATTACK, NOTHING, YEAR


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_format_shows_what_cannot_be_seen(output_format: str, language: str) -> None:
    text = write(replace(ATTACK, fixed=tuple(ATTACK.findings)), output_format, language)
    assert text.replace("\n", "").isprintable()
    assert text.encode("utf-8")
    assert text == write(replace(ATTACK, fixed=tuple(ATTACK.findings)), output_format, language)
    assert text.endswith("\n")


@pytest.mark.parametrize("output_format", ["github", "junit", "turtle"])
def test_other_formats_do_not_name_what_was_mended(output_format: str) -> None:
    assert write(replace(NOTHING, fixed=(YEAR,)), output_format) == write(NOTHING, output_format)


def test_there_is_no_other_format_or_language() -> None:
    with pytest.raises(UsageError, match="expected text, github"):
        write(NOTHING, "xml")
    with pytest.raises(UsageError, match="expected en or nl"):
        write(NOTHING, "text", "fr")
