"""The imports point one way, and one module talks to the world outside."""

import ast
from pathlib import Path

import ghent_partnerships

PACKAGE = Path(ghent_partnerships.__file__).parent
LAYERS = (  # each imports only what stands before it
    "terminal",
    "progress",
    "findings",
    "changes",
    "errors",
    "names",
    "files",
    "turtle",
    "saying",
    "isolation",
    "reading",
    "places",
    "reports",
    "loading",
    "citation",
    "revisions",
    "sparql_text",
    "syntax_errors",
    "questions",
    "executables",
    "ours",
    "results",
    "shapes",
    "fast",
    "thorough",
    "shacl",
    "formatting",
    "rules",
    "explaining",
    "imports",
    "validation",
    "fixing",
    "querying",
    "csv_results",
    "rendering",
    "views",
    "tables",
    "geojson",
    "jsonld",
    "rdf_xml",
    "forms",
    "templating",
    "knowledge",
    "hosting",
    "authorities",
    "distributions",
    "catalogue",
    "void",
    "evidence",
    "describing",
    "telling",
    "land",
    "world_map",
    "timeline",
    "diagram",
    "history",
    "differences",
    "difference_reports",
    "feed",
    "schema_org",
    "query_page",
    "search_index",
    "site",
    "directory",
    "publishing",
    "releasing",
    "serve.limits",
    "serve.problems",
    "serve.negotiation",
    "serve.requests",
    "serve.documents",
    "serve.engine",
    "serve.protocol",
    "serve.queues",
    "serve.outcomes",
    "serve.pool",
    "serve.answers",
    "serve.site",
    "serve.metrics",
    "serve.description",
    "serve.endpoint",
    "serve.application",
    "serve",
    "serve.connections",
    "serve.log",
    "serve.running",
    "completion",
    "arguments",
    "cli",
)


def tree(module: str) -> ast.Module:
    path = PACKAGE / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(module: str, node: ast.ImportFrom) -> list[str]:
    """The modules of ours that it imports, by their names in the layers."""
    package = module if (PACKAGE / module).is_dir() else module.rpartition(".")[0]
    home = [package] if package and node.level == 1 else []
    return [".".join([*home, name]) for name in ([node.module] if node.module else [one.name for one in node.names])]


def test_every_module_has_its_layer() -> None:
    files = {file.relative_to(PACKAGE).with_suffix("") for file in PACKAGE.rglob("*.py")}
    modules = {".".join(file.parts).removesuffix(".__init__") for file in files}
    assert modules - {"__init__", "__main__"} == set(LAYERS)


def test_the_imports_point_one_way() -> None:
    upwards = []
    for number, module in enumerate(LAYERS):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ImportFrom) and node.level:
                upwards += [(module, name) for name in imported(module, node) if name not in LAYERS[:number]]
    assert upwards == []


def test_only_the_command_prints() -> None:
    speaking = {"print", "input", "stdout", "stderr", "stdin"}
    speakers = {
        module
        for module in LAYERS
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.Name) and node.id in speaking)
        or (isinstance(node, ast.Attribute) and node.attr in speaking and ast.unparse(node.value) == "sys")
    }
    assert speakers == {"cli"}


def test_only_the_query_of_an_endpoint_an_import_and_the_server_connect() -> None:
    connecting = {"SPARQLWrapper", "http", "urllib", "socket", "requests", "httpx"}
    harmless = ("urllib.parse", "http")  # http itself has but the names of methods and statuses
    connected = set()
    for module in LAYERS:
        for node in ast.walk(tree(module)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if any(name.partition(".")[0] in connecting and name not in harmless for name in names):
                connected.add(module)
    assert connected == {"imports", "querying", "serve.engine", "serve.pool", "serve.running"}


def test_only_what_runs_behind_the_wall_asks_a_store() -> None:
    asking = {
        module
        for module in LAYERS
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in ("query", "update") and "store" in ast.unparse(node).lower()
    }
    assert asking == {"executables", "fast", "querying", "serve.engine", "syntax_errors"}  # two of them only parse


def test_every_public_name_is_importable() -> None:
    assert {name for name in ghent_partnerships.__all__ if getattr(ghent_partnerships, name).__name__ == name} == set(
        ghent_partnerships.__all__
    )
