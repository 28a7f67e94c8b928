"""What the house holds itself to: small modules, small functions, no language by name, tests of any city."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import ghent_partnerships

PACKAGE = Path(ghent_partnerships.__file__).parent
SCRIPTS = Path(__file__).parents[1] / "scripts"
LANGUAGE = re.compile(r"(?<![A-Za-z0-9])(?:dutch|en|eng|english|nl|nld)(?![A-Za-z0-9])", re.IGNORECASE)
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL),
    ".js": re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL),
}
COMMENTS[".mjs"] = COMMENTS[".js"]
COMMENTS[".jinja"] = re.compile(r"\{#.*?#\}|(?m:^ *#[^\n]*$)", re.DOTALL)  # of Jinja, and of what hosts read
DECLARED = {  # how many lines declare a default
    "text.py": 1,  # the language that the interface is written in
    "publishing/site/templating.py": 1,  # its name in itself, which each catalogue translates into that of its own
}


def files(*suffixes: str) -> dict[str, str]:
    """The text of what is written by hand, by its path in the package, or in ``scripts/`` beside it."""
    paths = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*"))}
    paths |= {f"scripts/{path.name}": path for path in sorted(SCRIPTS.glob("*"))}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in paths.items()
        if path.suffix in suffixes and not {"bundle", "node_modules"} & {*path.parts}
    }


def documented(tree: ast.Module) -> set[int]:
    """The docstrings of a module, by the identity of their nodes."""
    having = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, having) and node.body and isinstance(node.body[0], ast.Expr)
    }


def words(source: str) -> Iterator[tuple[int, str]]:
    """The names and texts of a module, each with its line; neither comments nor docstrings."""
    tree = ast.parse(source)
    passed = documented(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value
        for field in ("id", "attr", "arg", "name"):
            if isinstance(name := getattr(node, field, None), str):
                yield getattr(node, "lineno", 0), name


def test_no_module_has_more_than_400_lines() -> None:
    lengths = {path: len(text.splitlines()) for path, text in files(".py").items()}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_no_function_has_more_than_60_lines() -> None:
    lengths = {
        f"{path}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, text in files(".py").items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}


def test_no_language_is_named_in_python_but_where_the_default_is_declared() -> None:
    named = {
        path: sorted({line for line, word in words(text) if LANGUAGE.search(word)})
        for path, text in files(".py").items()
    }
    assert {path: lines for path, lines in named.items() if len(lines) > DECLARED.get(path, 0)} == {}


def test_no_language_is_named_in_templates_and_scripts() -> None:
    named = {}
    for path, text in files(".html", ".jinja", ".js", ".mjs").items():
        code = COMMENTS[Path(path).suffix].sub(lambda comment: "\n" * comment[0].count("\n"), text)
        named[path] = [number for number, line in enumerate(code.splitlines(), 1) if LANGUAGE.search(line)]
    assert {path: lines for path, lines in named.items() if lines} == {}


VAGUE = {"one", "some", "told", "said", "ours", "own", "say"}


def test_no_name_says_nothing_of_what_it_names() -> None:
    """Also in f-strings, which the tokenizer of Python 3.11 takes for texts."""
    named = []
    for path in sorted(path for folder in (SCRIPTS, SCRIPTS.parent / "tests") for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {getattr(node, field, None) for field in ("id", "attr", "arg", "name", "asname")}
            named += [f"{path}:{getattr(node, 'lineno', 0)}: {name}" for name in names & VAGUE]
    assert named == []


TESTS = Path(__file__).parent
READING = {"contributed", "loaded", "packaged", "publications"}  # what is imported to read the graph of Ghent
COPYING = {"copy", "shrink", "small"}  # of ``copied``: a copy of it
PUBLISHED = {"dist", "served"}  # the fixtures of it
OF_GHENT = {  # which tests of the software read the graph of Ghent, and why
    "it comes with the package, and is what a command without a project of its own is about": """
        cli/test_language project/test_location publishing/test_addresses server/test_serve test_packaging
        validation/test_check validation/test_compare validation/test_fix validation/test_straight_line""",
    "its questions, rules, shapes and terms are those of the software, and each is tried": """
        rdf/test_format rdf/test_retired remote/test_endpoint sparql/test_executables sparql/test_text test_linear
        test_ontology test_third_language validation/test_engines validation/test_rules validation/test_shapes
        wikidata/test_queries""",
    "the widest graph at hand: each kind of thing, each form, each page, published once for all": """
        mcp/test_http publishing/test_api_in_browser publishing/test_audits publishing/test_catalogue
        publishing/test_cite publishing/test_croissant publishing/test_documentation_pages
        publishing/test_hosting publishing/test_pictures publishing/test_previews publishing/test_publishing
        publishing/test_query_in_browser publishing/test_query_page publishing/test_site rdf/test_jsonld
        rdf/test_parsers rdf/test_reified releases/test_diff server/test_clients server/test_negotiation
        server/test_reconciliation server/test_rest server/test_rest_clients server/test_serve_bounds
        server/test_serve_connections server/test_serve_processes server/test_sparql_endpoint
        server/test_sparql_protocol sparql/test_syntax validation/test_rdf_1_2""",
    "a copy of it is changed, to see what the software makes of that": """
        project/test_citation project/test_coordinates project/test_project
        publishing/test_hostile_site releases/test_release_check test_generated""",
}


def reads_ghent(file: Path) -> bool:
    """Whether a file of tests imports what reads the graph of Ghent, copies it, or starts from what is published of it.

    Who names its files by their paths is not noticed, nor who starts a command that reads it.
    """
    nodes = list(ast.walk(ast.parse(file.read_bytes())))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    copying = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "copied"}
    wanted = {argument.arg for function in functions for argument in function.args.args}
    published = PUBLISHED & wanted - {function.name for function in functions}
    return not READING.isdisjoint(imported) or not COPYING.isdisjoint(copying) or bool(published)


def test_only_the_tests_of_ghent_read_its_graph_but_for_those_that_say_why() -> None:
    """Ghent's own are in ``ghent/``; those of the software go by small files, or by the second city."""
    files = {path.relative_to(TESTS).with_suffix("").as_posix(): path for path in TESTS.rglob("test_*.py")}
    reading = {name for name, path in files.items() if not name.startswith("ghent/") and reads_ghent(path)}
    listed = [name for names in OF_GHENT.values() for name in names.split()]
    assert sorted(reading) == sorted(listed), "use the second city, or say here why it has to be Ghent"
    assert [name for name, path in files.items() if name.startswith("ghent/") and not reads_ghent(path)] == []
