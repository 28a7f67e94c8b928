"""No regular expression takes more than twice as long, nor much more, for twice as much of what a stranger sends."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from time import process_time

import pytest

import ghent_partnerships
import needs
from ghent_partnerships.project.location import packaged
from ghent_partnerships.rdf.tokens import Lexer

PACKAGE = Path(ghent_partnerships.__file__).parent
HERE = Path(__file__).parent
LENGTHS = (2_500, 20_000)  # each, and then twice as many: a pattern that is much too slow shows at the first, and
# what is made of several characters, of which there are many, is not fed more
RATIO = 3
SHORTEST = 0.05  # seconds of the processor, below which a ratio says nothing
DEADLINE = 300  # seconds of a child: more than ten times what was measured
CHARACTERS = "#0\"'.-\\ ([{<"
MIXTURES = [
    "a.",
    "a-",
    "a:",
    "x:.",
    "\\'",
    '\\"',
    "'''",
    '"""',
    '"a',
    "a'",
    "<#>",
    "<'>",
    "<a",
    "{}",
    "()",
    "[]",
    "_:a.",
    "IF(",
    "\\n",
    ";",
    ",",
    "##",
    "|",
    "a|",
    "@a-",
    "^^<",
    "0.",
    "1e",
    "/",
    "&",
    "é",
    "?x",
]
INPUTS = (*CHARACTERS, *MIXTURES, "?x ", "a, ", "#+ a: ", "\r\n", "\n", "\t")
PREFIXES = ("", '"', "ASK{}x:")  # of what is read as a query


def modules() -> list[str]:
    return [
        module.name
        for module in pkgutil.walk_packages([str(PACKAGE)], "ghent_partnerships.")
        if "__main__" not in module.name
    ]


def patterns(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """The patterns that are the value of a constant, or are in it."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Lexer):
        yield from (value.of_ascii, value.of_any)
    elif isinstance(value, dict):
        yield from (pattern for item in value.values() for pattern in patterns(item))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (pattern for item in value for pattern in patterns(item))


def every() -> dict[re.Pattern[str] | re.Pattern[bytes], bool]:
    """Each pattern of the package, and whether it is looked for in a text; else it is matched from one place."""
    files = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py")]
    sources = "".join(files)
    importing: dict[str, list[str]] = {}
    for file in files:
        for name in {name for line in re.findall(r"import ([^\n]*)", file) for name in re.findall(r"\w+", line)}:
            importing.setdefault(name, []).append(file)
    sought_by_pattern: dict[re.Pattern[str] | re.Pattern[bytes], bool] = {}
    for name in modules():
        module = importlib.import_module(name)
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for constant, value in vars(module).items():
            if not (found := list(patterns(value))):
                continue
            sought = re.compile(rf"\b{re.escape(constant)}(?:\[[^\]]*\])*\.(?:finditer|findall|search|subn?|split)\(")
            is_sought = any(map(sought.search, [source, *importing.get(constant, ())]))
            for pattern in found:
                sought_by_pattern[pattern] = sought_by_pattern.get(pattern, False) or is_sought
    for node in ast.walk(ast.parse(sources.replace("from __future__ import annotations", ""))):
        if isinstance(node, ast.Call) and _is_of_re(node) and isinstance(node.args[0], ast.Constant):
            sought_by_pattern.setdefault(re.compile(node.args[0].value), node.func.attr not in ("match", "fullmatch"))
    return sought_by_pattern


def seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def times(pattern: re.Pattern[str] | re.Pattern[bytes], text: str, *, sought: bool) -> float:
    """How long it takes to match, and, where that is done, to find all."""
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    if not sought:
        return seconds(lambda: (pattern.fullmatch(subject), pattern.match(subject)))  # type: ignore[arg-type]
    return seconds(lambda: (pattern.fullmatch(subject), sum(1 for _ in pattern.finditer(subject))))  # type: ignore[arg-type]


def slow() -> Iterator[str]:
    """What takes too long, as it is found."""
    for (pattern, sought), unit in product(every().items(), INPUTS):
        for length in LENGTHS if unit in CHARACTERS else LENGTHS[:1]:
            short, long = (unit * (size // len(unit)) for size in (length, 2 * length))
            if times(pattern, long, sought=sought) < SHORTEST:
                continue
            took, twice = (min(times(pattern, text, sought=sought) for _ in range(3)) for text in (short, long))
            if twice > SHORTEST and twice > RATIO * took:
                yield f"{unit!r} {took:.3f} {twice:.3f} {str(pattern.pattern)[:150]}"
                break


def slow_readers() -> Iterator[str]:
    """The same of what reads a query."""
    from ghent_partnerships.sparql.library import bind, defaults
    from ghent_partnerships.sparql.text import features, header, prefixes, tokens, variables
    from ghent_partnerships.validation.engines.queries import _joins

    readers: tuple[Callable[[str], object], ...] = (
        features,
        prefixes,
        variables,
        header,
        defaults,
        lambda text: _joins(list(tokens(text))),
        _bound(bind),
    )
    for reader, prefix, unit in product(readers, PREFIXES, INPUTS):
        short, long = (prefix + unit * (size // len(unit)) for size in (LENGTHS[0], 2 * LENGTHS[0]))
        if seconds(partial(reader, long)) <= RATIO * SHORTEST:
            continue
        took, twice = (min(seconds(partial(reader, text)) for _ in range(2)) for text in (short, long))
        if twice > RATIO * max(took, SHORTEST):
            yield f"{reader!r} {prefix}{unit} {took:.3f} {twice:.3f}"


def _bound(bind: Callable[..., str]) -> Callable[[str], object]:
    known = packaged().prefixes
    return lambda text: bind(text, {}, known)


@pytest.mark.parametrize("what", ["slow", "slow_readers"])
def test_twice_the_text_takes_twice_as_long(what: str) -> None:
    command = [sys.executable, __file__, what]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=True, cwd=HERE)
    except subprocess.TimeoutExpired as error:
        pytest.fail(f"not done in time; until then: {error.stdout!r}", pytrace=False)
    assert done.stdout == ""


def test_the_query_page_reads_as_fast() -> None:
    node, _ = needs.modules(PACKAGE / "publishing" / "site" / "web")
    command = [node, str(HERE / "sparql" / "linear.mjs"), str(PACKAGE / "publishing" / "site" / "web")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=True)
    assert done.stdout == ""


def _is_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )


if __name__ == "__main__":
    for culprit in globals()[sys.argv[1]]():
        sys.stdout.write(f"{culprit}\n")
        sys.stdout.flush()
