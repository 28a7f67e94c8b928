"""Graphs that are shaped as Wikidata is, with the JSON of the same entities, to try what works with it.

None of it was fetched from Wikidata: the places are those of the projects, the twinnings what is written here.
Source of the shapes: https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format and
https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha1
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from ghent_partnerships.project.project import Project
from ghent_partnerships.rdf.namespaces import expand
from ghent_partnerships.wikidata import terms
from ghent_partnerships.wikidata.queries import ASKED
from ghent_partnerships.wikidata.snapshot import graph_name, written
from ghent_partnerships.wikidata.terms import iri
from ghent_partnerships.wikidata.ties import COUNTRY, graph_of

XSD = "http://www.w3.org/2001/XMLSchema#"
CITY, STATE, SETTLEMENT = "Q515", "Q3624078", "Q486972"
DAY = "2026-11-29"


@dataclass(frozen=True)
class Twin:
    """A statement of twinning: the other item, its qualifiers as far as they are known (``?`` is an unknown value, the
    first of January the year alone), its references as addresses with days."""

    value: str
    start: str = ""
    end: str = ""
    references: tuple[tuple[str, str], ...] = ()
    rank: str = "Normal"
    place: str = ""  # among several statements about the same item


@dataclass(frozen=True)
class Item:
    """An item, or where it was merged only with which one."""

    number: str
    labels: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    types: Sequence[str] = (CITY,)
    country: str = ""
    place: tuple[float, float] | None = None  # longitude and latitude
    geonames: str = ""
    population: tuple[int, str] | None = None
    mayor: str = ""
    image: str = ""
    twins: Sequence[Twin] = ()
    merged_with: str = ""


CLASSES = [
    Item(CITY, {"en": "city", "nl": "stad", "de": "Stadt"}, types=()),
    Item(STATE, {"en": "sovereign state", "nl": "soevereine staat", "de": "souveräner Staat"}, types=()),
]


def of_project(project: Project) -> dict[str, Item]:
    """An item for each that a project links to, which says the same as the project does, without twinnings."""
    graph, items = graph_of(project), {item.number: item for item in CLASSES}
    by_iri = {tie.iri: tie.item for tie in graph.ties()}
    for tie in graph.ties():
        index = graph.index
        east, north = index.text(tie.iri, "geo:long"), index.text(tie.iri, "geo:lat")
        features = [each for each in index.iris(tie.iri, "schema:sameAs") if "geonames" in each]
        items[tie.item] = Item(
            tie.item,
            dict(index.texts(tie.iri, "rdfs:label")),
            types=(STATE if tie.kind == COUNTRY else CITY,),
            country=next((by_iri[each] for each in index.iris(tie.iri, "gp:country") if each in by_iri), ""),
            place=(float(east), float(north)) if east and north else None,
            geonames=features[0].rstrip("/").rpartition("/")[2] if features else "",
        )
    return items


def with_twins(items: Mapping[str, Item], twins: Mapping[str, Sequence[Twin]]) -> dict[str, Item]:
    """The items, those of these numbers with these twinnings."""
    return {**items, **{number: replace(items[number], twins=stated) for number, stated in twins.items()}}


def snapshot(items: Mapping[str, Item], asked: Iterable[str], name: str = "wikidata") -> list[Triple]:
    """What a refresh would have of items, for which it had asked."""
    content = written(_fetched(items.values()), f"https://example.org/{name}", "http://127.0.0.1/sparql", DAY, asked)
    return [quad.triple for quad in parse(content, format=RdfFormat.TURTLE)]


def write_snapshot(project: Project, items: Mapping[str, Item], asked: Iterable[str] | None = None) -> None:
    """Give a project the snapshot of items that a refresh would have, by default asked for all that it links to."""
    asked = {*of_project(project)} - {CITY, STATE} if asked is None else asked
    source = "http://127.0.0.1/sparql"
    project.snapshot_file.write_bytes(written(_fetched(items.values()), graph_name(project), source, DAY, asked))


def _fetched(items: Iterable[Item]) -> Iterator[Triple]:
    """What a refresh asks for."""
    yield triple(f"wd:{CITY}", "rdfs:subClassOf", NamedNode(iri(f"wd:{SETTLEMENT}")))
    yield triple(f"wd:{STATE}", "rdfs:subClassOf", NamedNode(iri(f"wd:{STATE}")))
    populations = terms.iri(f"p:{terms.POPULATION}")
    stated = [*triples(items)]
    best = {each.object for each in stated if each.predicate.value == populations}
    for each in stated:
        of_best = each.subject in best and each.object == NamedNode(iri("wikibase:BestRank"))
        other_rank = each.predicate.value == iri("wikibase:rank") and "Deprecated" not in str(each.object)
        if each.predicate.value == iri("schema:version"):
            yield Triple(each.subject, NamedNode(iri("rdf:type")), NamedNode(iri("wikibase:Item")))
        elif each.predicate.value in ASKED and not other_rank and (each.predicate.value != iri("rdf:type") or of_best):
            yield each


def n_triples(items: Iterable[Item]) -> bytes:
    """The graph of items."""
    return serialize(dict.fromkeys(triples(items)), format=RdfFormat.N_TRIPLES) or b""


def triples(items: Iterable[Item]) -> Iterator[Triple]:
    """What Wikidata's query service has of items."""
    yield triple(f"wd:{CITY}", "wdt:P279", NamedNode(iri(f"wd:{SETTLEMENT}")))
    for item in items:
        entity = f"wd:{item.number}"
        if item.merged_with:
            yield triple(entity, "owl:sameAs", NamedNode(iri(f"wd:{item.merged_with}")))
            continue
        yield triple(entity, "schema:version", Literal("1", datatype=NamedNode(f"{XSD}integer")))
        for language, label in item.labels.items():
            yield triple(entity, "rdfs:label", Literal(label, language=language))
        for language, aliases in item.aliases.items():
            for alias in aliases:
                yield triple(entity, "skos:altLabel", Literal(alias, language=language))
        for name, values in _values(item).items():
            for value in values:
                yield triple(entity, f"wdt:{name}", value)
        if item.population:
            yield from _population(item)
        for twin in item.twins:
            yield from _twinning(item, twin)


def _values(item: Item) -> dict[str, list[NamedNode | Literal]]:
    named = {terms.TYPE: item.types, terms.COUNTRY: [item.country], terms.MAYOR: [item.mayor]}
    values: dict[str, list[NamedNode | Literal]] = {
        name: [NamedNode(iri(f"wd:{number}")) for number in numbers if number] for name, numbers in named.items()
    }
    if item.place:
        point = f"Point({item.place[0]} {item.place[1]})"
        values[terms.PLACE] = [Literal(point, datatype=NamedNode(expand("geosparql:wktLiteral")))]
    if item.geonames:
        values[terms.GEONAMES] = [Literal(item.geonames)]
    if item.image:
        values[terms.IMAGE] = [NamedNode(f"http://commons.wikimedia.org/wiki/Special:FilePath/{item.image}")]
    return values


def _population(item: Item) -> Iterator[Triple]:
    assert item.population
    number, day = item.population
    node = statement(item.number, terms.POPULATION, str(number))
    yield triple(f"wd:{item.number}", f"p:{terms.POPULATION}", NamedNode(iri(node)))
    yield from _ranked(node, "Normal", best=True)
    yield triple(node, f"ps:{terms.POPULATION}", Literal(f"+{number}", datatype=NamedNode(f"{XSD}decimal")))
    if day:
        yield triple(node, f"pq:{terms.MOMENT}", _day(day))


def _twinning(item: Item, twin: Twin) -> Iterator[Triple]:
    node = statement(item.number, terms.TWINNED, f"{twin.value}{twin.place}")
    other = NamedNode(iri(f"wd:{twin.value}"))
    yield triple(f"wd:{item.number}", f"p:{terms.TWINNED}", NamedNode(iri(node)))
    yield from _ranked(node, twin.rank, best=twin.rank != "Deprecated")
    yield triple(node, f"ps:{terms.TWINNED}", other)
    if twin.rank != "Deprecated":
        yield triple(f"wd:{item.number}", f"wdt:{terms.TWINNED}", other)
    for name, day in ((terms.START, twin.start), (terms.END, twin.end)):
        if day == "?":
            yield triple(node, f"pq:{name}", NamedNode(f"http://www.wikidata.org/.well-known/genid/{name}"))
        elif day:
            value = f"wdv:{sha1(f'{day}'.encode(), usedforsecurity=False).hexdigest()}"
            yield triple(node, f"pq:{name}", _day(padded(day)))
            yield triple(node, f"pqv:{name}", NamedNode(iri(value)))
            yield triple(value, "wikibase:timeValue", _day(padded(day)))
            precision = Literal(str(_precision(day)), datatype=NamedNode(f"{XSD}integer"))
            yield triple(value, "wikibase:timePrecision", precision)
    for url, day in twin.references:
        reference = f"wdref:{sha1(f'{url} {day}'.encode(), usedforsecurity=False).hexdigest()}"
        yield triple(node, "prov:wasDerivedFrom", NamedNode(iri(reference)))
        yield triple(reference, f"pr:{terms.URL}", NamedNode(url))
        if day:
            yield triple(reference, f"pr:{terms.RETRIEVED}", _day(day))


def _ranked(node: str, rank: str, *, best: bool) -> Iterator[Triple]:
    a = expand("rdf:type")
    yield Triple(NamedNode(iri(node)), NamedNode(a), NamedNode(iri("wikibase:Statement")))
    yield triple(node, "wikibase:rank", NamedNode(iri(f"wikibase:{rank}Rank")))
    if best:
        yield Triple(NamedNode(iri(node)), NamedNode(a), NamedNode(iri("wikibase:BestRank")))


def statement(number: str, name: str, value: str) -> str:
    """The name of a statement node, like ``wds:Q1296-…``: the same for the same statement."""
    return f"wds:{number}-{str(uuid5(NAMESPACE_URL, f'{number} {name} {value}')).upper()}"


def padded(day: str) -> str:
    """A day, month or year as Wikidata's RDF writes it."""
    return f"{day}-01-01"[:10] if len(day) != 7 else f"{day}-01"


def _precision(day: str) -> int:
    return {4: 9, 7: 10}.get(len(day), 9 if day.endswith("-01-01") else 11)


def _day(day: str) -> Literal:
    return Literal(f"{day}T00:00:00Z", datatype=NamedNode(f"{XSD}dateTime"))


def triple(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(iri(subject)), NamedNode(iri(predicate)), value)


def entity(item: Item) -> dict[str, object]:
    """The item as JSON, as ``wbgetentities`` gives it."""
    claims: dict[str, list[object]] = {}
    for name, numbers in ((terms.TYPE, item.types), (terms.COUNTRY, [item.country] if item.country else [])):
        for number in numbers:
            claims.setdefault(name, []).append(_claim(item, name, number, _item_value(number), "wikibase-item"))
    for twin in item.twins:
        claim = _claim(item, terms.TWINNED, twin.value, _item_value(twin.value), "wikibase-item")
        days = {name: day for name, day in ((terms.START, twin.start), (terms.END, twin.end)) if day}
        qualifiers = {name: [_snak(name, _time(padded(day)), "time")] for name, day in days.items()}
        references = [
            {
                "hash": sha1(f"{url} {day}".encode(), usedforsecurity=False).hexdigest(),
                "snaks": {
                    terms.URL: [_snak(terms.URL, {"value": url, "type": "string"}, "url")],
                    **({terms.RETRIEVED: [_snak(terms.RETRIEVED, _time(day), "time")]} if day else {}),
                },
                "snaks-order": [terms.URL, *([terms.RETRIEVED] if day else [])],
            }
            for url, day in twin.references
        ]
        claim |= {"rank": twin.rank.lower(), "references": references}
        if qualifiers:
            claim |= {"qualifiers": qualifiers, "qualifiers-order": [*qualifiers]}
        claims.setdefault(terms.TWINNED, []).append(claim)
    return {
        "pageid": int(item.number[1:]),
        "ns": 0,
        "title": item.number,
        "lastrevid": 1,
        "modified": f"{DAY}T00:00:00Z",
        "type": "item",
        "id": item.number,
        "labels": {tag: {"language": tag, "value": label} for tag, label in item.labels.items()},
        "descriptions": {},
        "aliases": {tag: [{"language": tag, "value": name} for name in names] for tag, names in item.aliases.items()},
        "claims": claims,
        "sitelinks": {},
    }


def _claim(item: Item, name: str, value: str, data: object, datatype: str) -> dict[str, object]:
    node = statement(item.number, name, value).removeprefix("wds:").replace("-", "$", 1)
    return {"mainsnak": _snak(name, data, datatype), "type": "statement", "id": node, "rank": "normal"}


def _snak(name: str, value: object, datatype: str) -> dict[str, object]:
    digest = sha1(f"{name} {value}".encode(), usedforsecurity=False).hexdigest()
    return {"snaktype": "value", "property": name, "hash": digest, "datavalue": value, "datatype": datatype}


def _item_value(number: str) -> dict[str, object]:
    value = {"entity-type": "item", "numeric-id": int(number[1:]), "id": number}
    return {"value": value, "type": "wikibase-entityid"}


def _time(day: str) -> dict[str, object]:
    value = {"time": f"+{day}T00:00:00Z", "timezone": 0, "before": 0, "after": 0, "precision": 11}
    return {"value": {**value, "calendarmodel": "http://www.wikidata.org/entity/Q1985727"}, "type": "time"}
