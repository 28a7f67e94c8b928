"""What a snapshot asks Wikidata: each query has the columns ``s``, ``p`` and ``o``, a triple a row.

Rows in JSON say where they end; what is cut off from Turtle may pass for a whole answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import terms
from .terms import iri

_ABOUT = [f"wdt:{name}" for name in (terms.TYPE, terms.COUNTRY, terms.PLACE, terms.GEONAMES, terms.MAYOR, terms.IMAGE)]
_VALUED = [f"pqv:{name}" for name in (terms.START, terms.END)]
_DATED = ["wikibase:timePrecision", "wikibase:timeValue"]
_STATED = [f"ps:{terms.TWINNED}", *(f"pq:{name}" for name in (terms.START, terms.END, terms.MOMENT)), *_VALUED]
_REFERRED = [f"pr:{name}" for name in (terms.URL, terms.RETRIEVED, terms.STATED_IN)]
_NAMES = ["rdfs:label", "skos:altLabel"]
ASKED = frozenset(  # the predicates that an answer may have
    map(
        iri,
        (
            *_ABOUT,
            *_STATED,
            *_DATED,
            *_REFERRED,
            *_NAMES,
            "owl:sameAs",
            "prov:wasDerivedFrom",
            "rdf:type",
            "rdfs:subClassOf",
            "wikibase:rank",
            *(f"{prefix}:{name}" for prefix, name in (("p", terms.TWINNED), ("p", terms.POPULATION))),
            *(f"{prefix}:{name}" for prefix, name in (("ps", terms.POPULATION), ("pq", terms.MOMENT))),
        ),
    )
)


def about(items: Sequence[str], languages: Sequence[str]) -> str:
    """The best values of what is to be known of items, what they are called, with which they were merged and which with
    them, and that they exist, whatever is stated of them."""
    given = _entities(items)
    return _query(
        f"{{ {_values('s', given)} {_values('p', [*_ABOUT, 'owl:sameAs'])} ?s ?p ?o }} UNION "
        f"{{ {_values('s', given)} {_values('p', _NAMES)} ?s ?p ?o {_spoken(languages)} }} UNION "
        f"{{ {_values('o', given)} {_values('p', ['owl:sameAs'])} ?s ?p ?o }} UNION "
        f"{{ {_values('s', given)} FILTER EXISTS {{ ?s ?any ?value }} "
        "BIND(rdf:type AS ?p) BIND(wikibase:Item AS ?o) }"
    )


def names(items: Sequence[str], languages: Sequence[str]) -> str:
    """What items are called, and with which they were merged."""
    given = _values("s", _entities(items))
    return _query(
        f"{{ {given} {_values('p', ['rdfs:label'])} ?s ?p ?o {_spoken(languages)} }} UNION "
        f"{{ {given} {_values('p', ['owl:sameAs'])} ?s ?p ?o }}"
    )


def populations(items: Sequence[str]) -> str:
    """The best populations of items, with their days, and that they are the best, by which queries know them."""
    given, states, of = _entities(items), f"p:{terms.POPULATION}", [f"ps:{terms.POPULATION}", f"pq:{terms.MOMENT}"]
    best, first = f"{_values('item', given)} ?item {states} ?s . ?s a wikibase:BestRank", _values("p", [states])
    return _query(
        f"{{ {_values('s', given)} {first} ?s {states} ?o . ?s ?p ?o . ?o a wikibase:BestRank }} UNION "
        f"{{ {best} . {_values('p', of)} ?s ?p ?o }} UNION "
        f"{{ {best} BIND(rdf:type AS ?p) BIND(wikibase:BestRank AS ?o) }}"
    )


def twinnings(items: Sequence[str], others: Sequence[str]) -> str:
    """The statements that items are twinned with others, each any where none are given, with their qualifiers and the
    precision of those, their references, and which of them Wikidata takes for wrong."""
    states, value = f"p:{terms.TWINNED}", f"ps:{terms.TWINNED}"
    valued = [*_STATED, "prov:wasDerivedFrom"]
    given = _values("other", _entities(others)) if others else ""
    chosen = _values("item", _entities(items)) if items else ""

    def stated(item: str, node: str) -> str:
        return f"{chosen.replace('?item', item)} {given} {item} {states} {node} . {node} {value} ?other ."

    return _query(
        f"{{ {stated('?s', '?o')} {_values('p', [states])} ?s ?p ?o }} UNION "
        f"{{ {stated('?item', '?s')} {_values('p', valued)} ?s ?p ?o }} UNION "
        f"{{ {stated('?item', '?s')} ?s wikibase:rank wikibase:DeprecatedRank "
        "BIND(wikibase:rank AS ?p) BIND(wikibase:DeprecatedRank AS ?o) } UNION "
        f"{{ {stated('?item', '?node')} {_values('of', _VALUED)} ?node ?of ?s . "
        f"{_values('p', _DATED)} ?s ?p ?o }} UNION "
        f"{{ {stated('?item', '?node')} ?node prov:wasDerivedFrom ?s . {_values('p', _REFERRED)} ?s ?p ?o }}"
    )


def classes(types: Sequence[str]) -> str:
    """Which of the classes are, or are below, those that a city or a country may be of."""
    roots = ", ".join(_entities(dict.fromkeys((*terms.SETTLEMENTS, *terms.COUNTRIES))))
    return _query(
        " UNION ".join(
            f"{{ {entity} wdt:P279* ?o FILTER(?o IN ({roots})) BIND({entity} AS ?s) BIND(rdfs:subClassOf AS ?p) }}"
            for entity in _entities(types)
        )
    )


def _query(pattern: str) -> str:
    used = {name: namespace for name, namespace in terms.PREFIXES.items() if f"{name}:" in pattern}
    declared = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in sorted(used.items()))
    return f"{declared}SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }} ORDER BY ?s ?p ?o\n"


def _entities(items: Iterable[str]) -> list[str]:
    return [f"wd:{number}" for number in items]


def _values(variable: str, given: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(given)} }}"


def _spoken(languages: Sequence[str]) -> str:
    tags = ", ".join(f'"{language}"' for language in (*languages, terms.MULTILINGUAL))
    return f"FILTER(LANG(?o) IN ({tags}))"
