"""Whether the items that the graph links to are what it takes them for: by the snapshot, so without the network.

The words of the rules stand in ``ontology/rules.ttl``. A code stays with its rule for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pyoxigraph import Literal, NamedNode

from ..findings import Finding, Fix, Related, Report, Result
from ..project.coordinates import distance, position
from ..project.project import Project
from ..rdf.index import GraphIndex
from ..rdf.namespaces import expand
from ..rdf.parse import Document
from ..rdf.source_map import SourceMap
from ..text import Text
from ..translation import message as _
from ..validation.rule_words import finding
from . import terms
from .snapshot import Snapshot
from .ties import COUNTRY, Graph, Tie

_UNFIT = {"GP401", "GP402", "GP403", "GP404", "GP405", "GP408"}
_KILOMETRES = 10  # two points for one city may be so far apart
_SAME, _LABEL = (NamedNode(expand(name)) for name in ("owl:sameAs", "rdfs:label"))


def check_items(project: Project, documents: Sequence[Document], snapshot: Snapshot) -> Report:
    """Check the items that the documents of a project's graph link to."""
    triples = list(chain.from_iterable(document.triples for document in documents))
    graph = Graph(GraphIndex(triples, project.prefixes), project)
    findings = tuple(sorted(_Check(project, graph, SourceMap(documents, []), snapshot).findings()))
    named = {finding.location.path for finding in findings}
    texts = {document.name: document.text for document in documents if document.name in named}
    return Report(findings, len(documents), len(triples), texts)


def unfit(report: Report) -> dict[str, str]:
    """The resources of which a report says that their items are not what the graph takes them for, by their IRIs, each
    with the code of the first rule that says so."""
    found: dict[str, str] = {}
    for each in report.findings:
        if each.code in _UNFIT and each.result:
            found.setdefault(each.result.focus.strip("<>"), each.code)
    return found


class _Check:
    def __init__(self, project: Project, graph: Graph, source_map: SourceMap, snapshot: Snapshot) -> None:
        self.project, self.graph, self.source_map, self.snapshot = project, graph, source_map, snapshot
        self.ties = graph.ties()
        self.by_city = {tie.iri: tie for tie in self.ties}

    def findings(self) -> Iterator[Finding]:
        for tie in self.ties:
            if tie.item not in self.snapshot.asked:
                yield self._of_item("GP401", tie)
            elif not self.snapshot.knows(tie.item):
                yield self._of_item("GP402", tie)
            elif merged := self.snapshot.merged_with(tie.item):
                found = self._of_item("GP403", tie, right=f"wd:{merged}")
                fix = Fix(f"<{terms.iri(f'wd:{tie.item}')}>", f"<{terms.iri(f'wd:{merged}')}>")
                yield replace(found, fix=fix)
            else:
                yield from self._of_kind(tie)
                yield from self._of_country(tie)
                yield from self._of_place(tie)
                yield from self._of_labels(tie)
        yield from self._shared()

    def _of_kind(self, tie: Tie) -> Iterator[Finding]:
        """An item that is nothing of the kind that the resource is."""
        wanted = terms.COUNTRIES if tie.kind == COUNTRY else terms.SETTLEMENTS
        if self.snapshot.classes(tie.item).isdisjoint(wanted):
            kinds = [self.snapshot.label(each) for each in self.snapshot.items(tie.item, terms.TYPE)]
            yield self._of_item("GP404", tie, kinds=_listed(kinds) or _("nothing that is stated"))

    def _of_country(self, tie: Tie) -> Iterator[Finding]:
        """An item in another country than the resource."""
        countries = self.snapshot.items(tie.item, terms.COUNTRY)
        for country in self.graph.index.iris(tie.iri, "gp:country"):
            known = self.by_city.get(country)
            number = known.item if known else ""
            if known and countries and (self.snapshot.merged_with(number) or number) not in countries:
                there = _listed([self.snapshot.label(each) for each in countries])
                here = self._name(country)
                yield self._at(
                    "GP405", tie, NamedNode(expand("gp:country")), NamedNode(country), here=here, there=there
                )

    def _of_place(self, tie: Tie) -> Iterator[Finding]:
        """An item far from the coordinates of the resource."""
        index = self.graph.index
        here = position(index.text(tie.iri, "geo:long"), index.text(tie.iri, "geo:lat"))
        there = self.snapshot.place(tie.item)
        if here and there and (kilometres := distance(here, there)) > _KILOMETRES:
            latitude = next(iter(index.objects(tie.iri, "geo:lat")))
            written = f"{kilometres:,.0f}"
            yield self._at("GP406", tie, NamedNode(expand("geo:lat")), latitude, kilometres=written)

    def _of_labels(self, tie: Tie) -> Iterator[Finding]:
        """A label that is no name of the item in its language, in the languages of the data set."""
        for label in sorted(self.graph.index.objects(tie.iri, "rdfs:label"), key=str):
            if isinstance(label, Literal) and label.language in self.project.languages:
                names = self.snapshot.names(tie.item, label.language or "")
                if names and label.value not in names and _bare(label.value) not in names:
                    there = self.snapshot.label(tie.item).localized(label.language or "")
                    yield self._at("GP407", tie, _LABEL, label, there=f'"{there}"@{label.language}')

    def _shared(self) -> Iterator[Finding]:
        """Two resources that are the same as one item, or as two that were merged."""
        first: dict[str, Tie] = {}
        for tie in self.ties:
            number = self.snapshot.merged_with(tie.item) or tie.item
            if (other := first.setdefault(number, tie)).iri != tie.iri:
                place = self.source_map.of(NamedNode(other.iri), _SAME, NamedNode(terms.iri(f"wd:{other.item}")))
                found = self._of_item("GP408", tie, other=self._name(other.iri))
                yield replace(found, related=(Related(place, _("the other resource")),))

    def _of_item(self, code: str, tie: Tie, **values: Text | str) -> Finding:
        return self._at(code, tie, _SAME, NamedNode(terms.iri(f"wd:{tie.item}")), **values)

    def _at(self, code: str, tie: Tie, predicate: NamedNode, value: object, **values: Text | str) -> Finding:
        """A finding of a rule, where a statement about the resource stands."""
        subject = NamedNode(tie.iri)
        location = self.source_map.of(subject, predicate, value)
        result = Result(focus=str(subject), path=str(predicate), value=str(value))
        return replace(
            finding(code, location, None, near="", term=self._name(tie.iri), item=f"wd:{tie.item}", **values),
            result=result,
        )

    def _name(self, iri: str) -> str:
        return self.graph.index.compress(iri)


def _listed(names: Sequence[Text]) -> Text:
    """The names behind one another, in each language that one of them has."""
    languages = sorted({language for name in names for language in name})
    return Text({language: ", ".join(name.localized(language) for name in names) for language in languages})


def _bare(label: str) -> str:
    """A label without what is in brackets at its end, by which a name is told from another of its spelling."""
    return label.partition(" (")[0]
