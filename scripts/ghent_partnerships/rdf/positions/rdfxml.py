"""The positions of the subjects in RDF/XML: the elements that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from pyoxigraph import RdfFormat, Triple

from ..turtle import RDF
from . import Positions, at_base, by_name

_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_WITHIN = {"Resource": "property", "Literal": "", "Collection": "node"}  # what a property holds, by its parseType


def locate(text: str, base: str, triples: Sequence[Triple] = ()) -> Positions:
    """Return the positions of the subjects in an RDF/XML text without syntax errors: the elements that name them."""
    from xml.parsers import expat

    stating: dict[str, int] = {}
    referred: dict[str, int] = {}
    open_elements: list[tuple[str, str | None]] = [("node", base)]  # what an element in it is, and its base
    data = text.encode()
    read = [0, 0]  # so many bytes, and code points
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")  # and no handler that opens another file

    def start(name: str, attributes: Mapping[str, str]) -> None:
        index = parser.CurrentByteIndex
        read[:] = index, read[1] + len(data[read[0] : index].decode())
        kind, around = open_elements[-1]
        if kind == "":
            open_elements.append(("", around))
            return
        here = at_base(attributes[_XML_BASE], around) if _XML_BASE in attributes else around
        named = {key.replace(" ", ""): value for key, value in attributes.items()}
        for key in ("about", "ID", "nodeID", "resource"):
            if (value := named.get(RDF + key)) is not None:
                node = f"_:{value}" if key == "nodeID" else at_base(f"#{value}" if key == "ID" else value, here)
                states = key in ("about", "ID") or kind == "node" or _has_properties(attributes)
                if node is not None:
                    (stating if states else referred).setdefault(node, read[1])
        if kind == "node":
            inside = "node" if name == f"{RDF} RDF" and len(open_elements) == 1 else "property"
        else:
            held = named.get(RDF + "parseType")
            inside = "node" if held is None else _WITHIN.get(held, "")
        open_elements.append((inside, here))

    def end(_: str) -> None:
        open_elements.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    with suppress(expat.ExpatError, ValueError):
        parser.Parse(data, True)
    return by_name({**referred, **stating}, text, base, triples, RdfFormat.RDF_XML)


def _has_properties(attributes: Mapping[str, str]) -> bool:
    """Whether attributes state something: those of RDF's syntax and of XML do not."""
    return any(" " in key and not key.startswith((RDF, _XML_BASE.partition(" ")[0])) for key in attributes)
