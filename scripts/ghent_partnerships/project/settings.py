"""The settings of a project: the table ``[tool.ghent-partnerships]`` of its ``pyproject.toml``.

How a project is published stands there; what is said about its data stands in the description of its data set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..errors import UsageError
from ..files import settings_table, shown
from ..text import Text
from ..translation import either
from ..translation import message as _
from .init.options import is_address

FILE = "pyproject.toml"
_TABLE = "[tool.ghent-partnerships]"
PARTNERSHIPS, PLAIN = "partnerships", "plain"
_STEM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Settings(NamedTuple):
    """How a project is published, each setting as it stands in the table or empty where it does not.

    ``profile`` is ``partnerships`` or ``plain``. ``data``, ``shapes`` and ``queries`` are paths from the root of the
    project: files and folders of the graph, files of further shapes, which are no part of it, and folders of queries.
    ``stem`` begins the names of the files of the whole graph. ``prefixes`` are namespaces by their prefixes. ``site``,
    ``repository`` and ``endpoint`` are addresses, and ``tags`` what the tags of releases begin with.
    """

    profile: str = PLAIN
    data: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    stem: str = ""
    prefixes: Mapping[str, str] = {}
    site: str = ""
    repository: str = ""
    endpoint: str = ""
    tags: str = "v"


def settings_of(folder: Path) -> Settings | None:
    """Return the settings in the ``pyproject.toml`` of a folder, or None where it has no such file or no such table.

    Raises:
        UsageError: the file cannot be read or is not TOML, or a setting is unknown or is not what it has to be.
    """
    file = folder / FILE
    if not file.is_file():
        return None
    table = settings_table(file)
    if table is None:
        return None
    if not isinstance(table, dict):
        problem = _(
            "{path}: {key} in {table} is a value; the settings are a table of its name: write {heading} above them",
            path=shown(file),
            key="ghent-partnerships",
            table="[tool]",
            heading=_TABLE,
        )
        raise UsageError(problem)
    return _read(file, {key: value for key, value in table.items() if key != "fmt"})


def _read(file: Path, table: Mapping[str, object]) -> Settings:
    found: dict[str, object] = {}
    for key, value in table.items():
        if key not in Settings._fields:
            raise _unknown(file, key)
        found[key] = _CHECKS[key](file, key, value)
    return Settings(**found)  # type: ignore[arg-type]  # each was checked


def _unknown(file: Path, key: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(key, Settings._fields, n=1)
    offer = _("did you mean {names}?", names=near[0]) if near else _("expected {names}", names=either(Settings._fields))
    return _wrong(file, key, _("there is no such setting; {offer}", offer=offer))


def _wrong(file: Path, key: str, problem: Text) -> UsageError:
    return UsageError(_("{path}: {table}, {key}: {problem}", path=shown(file), table=_TABLE, key=key, problem=problem))


def _text(file: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise _wrong(file, key, _("expected a text of one line"))
    return value


def _profile(file: Path, key: str, value: object) -> str:
    if value not in (PARTNERSHIPS, PLAIN):
        raise _wrong(file, key, _("expected {names}", names=either((PARTNERSHIPS, PLAIN))))
    return _text(file, key, value)


def _stem(file: Path, key: str, value: object) -> str:
    if not _STEM.fullmatch(stem := _text(file, key, value)):
        raise _wrong(file, key, _("expected small letters and digits, with hyphens between them"))
    return stem


def _address(file: Path, key: str, value: object) -> str:
    if not is_address(address := _text(file, key, value)):
        raise _wrong(file, key, _("expected an address that starts with http:// or https://"))
    return address


def _paths(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _wrong(file, key, _('expected a list of paths, like ["{path}"]', path=key))
    for path in value:
        parts = PurePosixPath(_text(file, key, path))
        if parts.is_absolute() or ".." in parts.parts:
            raise _wrong(file, key, _("{path} leads out of the project", path=path))
    return tuple(value)


def _prefixes(file: Path, key: str, value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise _wrong(file, key, _("expected a table of namespaces by their prefixes"))
    for name, namespace in value.items():
        if not _PREFIX.fullmatch(name):
            raise _wrong(file, f"{key}.{name}", _("this is not a prefix"))
        from pyoxigraph import NamedNode

        try:
            NamedNode(_text(file, f"{key}.{name}", namespace))
        except ValueError as error:
            raise _wrong(file, f"{key}.{name}", _("expected an IRI")) from error
    return dict(value)


_CHECKS = {
    "profile": _profile,
    "data": _paths,
    "shapes": _paths,
    "queries": _paths,
    "stem": _stem,
    "prefixes": _prefixes,
    "site": _address,
    "repository": _address,
    "endpoint": _address,
    "tags": _text,
}
