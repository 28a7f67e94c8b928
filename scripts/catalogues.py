"""Brings the catalogues of the interface up to date with the sources: ``python scripts/catalogues.py [LANGUAGE]``.

Every message in Python, in templates, in scripts and of argparse gets an entry in each folder of ``locales/``, and
entries that nothing uses go; a language that has no folder yet gets one. What is then empty in the files wants a
translation.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
PACKAGE = Path(__file__).with_name("ghent_partnerships")
DOMAINS = {"ghent_partnerships": (".py", ".html"), "web": (".js",), "argparse": ()}  # by what uses their words
ARGPARSE = (  # its messages that reach who types a command, in Python 3.11 to 3.15; not those that programmers see
    "usage: ",
    "%(heading)s:",
    "positional arguments",
    "options",
    "show this help message and exit",
    "argument %(argument_name)s: %(message)s",
    "expected one argument",
    "ignored explicit argument %r",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
)
WIDTH = 120
_DATES = re.compile(rb'"(?!Language: |Plural|MIME|Content)[A-Z][\w-]*: .*(?:\n|\Z)')


@cache
def extracted() -> dict[str, Catalog]:
    """The messages of each domain, as the sources have them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    mapping = [(setting["pattern"], setting["method"]) for setting in settings]
    catalogues = {domain: Catalog() for domain in DOMAINS}
    for text in ARGPARSE:
        catalogues["argparse"].add(text)
    with without_false_warnings():
        for name, _line, message, _comments, context in extract_from_dir(str(PACKAGE), mapping):
            (domain,) = (domain for domain, endings in DOMAINS.items() if name.endswith(endings))
            catalogues[domain].add(message, context=context)
    return catalogues


@contextmanager
def without_false_warnings() -> Iterator[None]:
    """Babel warns of every f-string in a call, also of one that is a value of the message and no message. An f-string
    that is the message is found by ruff, as INT001; every other warning is written."""
    warnings = StringIO()
    try:
        with redirect_stderr(warnings):
            yield
    finally:
        lines = warnings.getvalue().splitlines(keepends=True)
        sys.stderr.writelines(line for line in lines if "warning: Skipping f-string" not in line)


def files(locales: Path) -> Iterator[tuple[str, str, Path]]:
    """The language, the domain and the path of each catalogue."""
    for folder in sorted(locales.glob("*/LC_MESSAGES")):
        yield from ((folder.parent.name, domain, folder / f"{domain}.po") for domain in DOMAINS)


def update(locales: Path) -> None:
    """Write each catalogue with the messages that the sources have now, in their order by the alphabet."""
    messages = extracted()
    for language, domain, path in files(locales):
        known = Catalog(locale=language)
        if path.is_file():
            with path.open("rb") as file:
                known = read_po(file, locale=language)
        made = Catalog(locale=language, fuzzy=False, header_comment="")
        for message in messages[domain]:
            if message.id:
                old = known.get(message.id, context=message.context)
                flags = ["python-brace-format"] if "{" in str(message.id) and domain != "web" else []
                made.add(message.id, old.string if old else None, context=message.context, flags=flags)
        written = BytesIO()
        write_po(written, made, width=WIDTH, sort_output=True, no_location=True)
        path.write_bytes(without_dates(written.getvalue()))


def without_dates(catalogue: bytes) -> bytes:
    """The catalogue without what git knows better: who wrote it, when, and of which version."""
    head, blank, rest = catalogue.lstrip().partition(b"\n\n")
    return _DATES.sub(b"", head).rstrip(b"\n") + blank + rest


if __name__ == "__main__":
    for language in sys.argv[1:]:
        (PACKAGE / "locales" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    update(PACKAGE / "locales")
