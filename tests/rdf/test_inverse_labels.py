"""What a resource is to those that refer to it, in words."""

from pyoxigraph import Literal, NamedNode, Triple

from ghent_partnerships.rdf.index import GraphIndex
from ghent_partnerships.rdf.namespaces import expand

BELOW, ABOVE = NamedNode("https://example.org/below"), NamedNode("https://example.org/above")


def stated(subject: NamedNode, name: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(expand(name)), value)


def test_the_terms_that_data_use_have_inverse_labels_in_each_language_of_the_interface() -> None:
    for name, english, dutch in (
        ("gp:party", "takes part in", "neemt deel aan"),
        ("dcterms:source", "what rests on it", "wat erop berust"),
    ):
        label = GraphIndex([]).inverse_label(expand(name))
        assert (label["en"], label["nl"]) == (english, dutch)


def test_a_graph_names_the_inverse_of_its_own_properties_whichever_of_the_two_says_so() -> None:
    name = stated(ABOVE, "rdfs:label", Literal("above it", language="en"))
    for inverse in (stated(BELOW, "owl:inverseOf", ABOVE), stated(ABOVE, "owl:inverseOf", BELOW)):
        assert GraphIndex([name, inverse]).inverse_label(BELOW.value)["en"] == "above it"


def test_a_property_without_a_named_inverse_has_no_inverse_label() -> None:
    assert not GraphIndex([stated(ABOVE, "owl:inverseOf", BELOW)]).inverse_label(BELOW.value)
