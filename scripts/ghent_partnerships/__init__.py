"""A city's international partnerships as linked data: load, validate, query and publish the graph.

The graph is that of the nearest project, or of the one that is given: by its folder, or of the name ``ghent`` the one
that the package carries.

>>> import ghent_partnerships as gp
>>> graph = gp.load(project="ghent")
>>> type(graph).__name__
'Graph'
>>> gp.validate(project="ghent").conforms
True
>>> [row["city"].value for row in gp.query("twinnings-begun-in-year", project="ghent", year="1969")]
['Wiesbaden']

``publish`` writes the whole graph, and one document for each resource, in four formats:

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     published = gp.publish(f"{folder}/dist", "ghent")
...     (published.directory / "doc/city/kanazawa.ttl").read_text(encoding="utf-8").startswith("@prefix")
True
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .errors import GhentPartnershipsError, InvalidError, UsageError
    from .findings import Finding, Report
    from .project.graph import load
    from .publishing.publish import Published, publish
    from .sparql.run import query
    from .validation.check import validate

__all__ = [
    "Finding",
    "GhentPartnershipsError",
    "InvalidError",
    "Published",
    "Report",
    "UsageError",
    "load",
    "publish",
    "query",
    "validate",
]

_HOME = {
    "Finding": "findings",
    "GhentPartnershipsError": "errors",
    "InvalidError": "errors",
    "UsageError": "errors",
    "load": "project.graph",
    "Published": "publishing.publish",
    "publish": "publishing.publish",
    "query": "sparql.run",
    "Report": "findings",
    "validate": "validation.check",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: ``--help`` must not pay for rdflib."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOME[name]}", __name__), name)
