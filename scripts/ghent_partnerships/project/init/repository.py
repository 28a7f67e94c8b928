"""The files of a new project around its data: its settings, what people and machines read of them, what checks them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ...text import Text
from ..settings import PARTNERSHIPS
from .start import STARTING, Start

_SOFTWARE = "https://github.com/ghent-partnerships/ghent-partnerships"
_GAP = re.compile(r"@([A-Z]+)@")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|])")


def around(start: Start, title: Text, description: Text, held: Mapping[str, str], added: str) -> dict[str, bytes]:
    """The files of a project around its data, by their paths: its settings, what people and machines read of them, and
    what checks them. ``held`` is what each file or folder of the data holds, and ``added`` what is new."""
    first = start.languages[0]
    every = {
        **held,
        "data/kinds.ttl": "the kinds of partnership",
        "data/dataset.ttl": "the description of the data set",
    }
    every["data/release.ttl"] = "the version and its date: edited for a release"
    gaps = {
        "TITLE": _plain(title.localized(first)),
        "DESCRIPTION": _plain(description.localized(first)),
        "REQUIREMENT": f"ghent-partnerships[serve] @ git+{_SOFTWARE}@v{start.software}",
        "VERSION": start.software,
        "FILES": "\n".join(f"| [{path}]({path}) | {_plain(text)} |" for path, text in sorted(every.items())),
        "ADDED": _plain(added),
    }
    names = {
        ".github/workflows/ci.yml": "ci.yml",
        ".github/workflows/pages.yml": "pages.yml",
        ".gitignore": "gitignore",
        ".pre-commit-config.yaml": "pre-commit-config.yaml",
        "CHANGELOG.md": "CHANGELOG.md",
        "README.md": "README.md",
    }
    written = {path: _template(name, gaps).encode() for path, name in names.items()}
    return {**written, "pyproject.toml": _table(start).encode()}


def _plain(text: str) -> str:
    """The text as Markdown shows it."""
    return _MARKDOWN.sub(r"\\\1", text)


def _template(name: str, gaps: Mapping[str, str]) -> str:
    """A file that comes with the package, its gaps filled, once: what stands in a value is no gap."""
    text = (STARTING / name).read_text(encoding="utf-8")
    return _GAP.sub(lambda match: gaps[match[1]], text)


def _table(start: Start) -> str:
    """The settings: how the data are published."""
    settings = {"profile": PARTNERSHIPS, "site": start.site, "repository": start.repository}
    lines = [f"{name} = {_quoted(value)}" for name, value in settings.items() if value]
    heading = "[tool.ghent-partnerships] # how the data are published; what they are about stands in data/dataset.ttl"
    prefixes = ["", "[tool.ghent-partnerships.prefixes]", f"kind = {_quoted(f'{start.base}id/kind/')}"]
    return "\n".join((heading, *lines, *prefixes, ""))


def _quoted(value: str) -> str:
    """A text as TOML has it, which is as JSON has it."""
    return json.dumps(value, ensure_ascii=False)
