"""Each page says how to cite it: as a part of the data set, by its IRI and, where that is another, its address."""

import re
from dataclasses import replace

import pytest
from markupsafe import Markup
from pybtex.database import parse_string

from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publication import Publication
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.publishing.site.cite import cited
from ghent_partnerships.sparql.views import stored
from ghent_partnerships.validation.documents import project_documents
from html_page import Page
from publications import publication

IRI = "https://w3id.org/ghent-partnerships/id/partnership/ghent-kanazawa"
DATA_SET = "https://w3id.org/ghent-partnerships/id/dataset/ghent-partnerships"
ELSEWHERE = "https://example.org/x/"
PATH = "doc/partnership/ghent-kanazawa"


@pytest.fixture(scope="module")
def site() -> Publication:
    documents = project_documents(packaged())
    made = publication(stored(triple for document in documents.graph for triple in document.triples))
    return replace(made, of=replace(made.of, version="2.3.4", issued="2031-02-28"))


def test_a_page_is_cited_as_a_part_of_the_data_set(site: Publication) -> None:
    address = f"{site.address}{PATH}.nl.html"
    found = cited(site, "nl", PATH, "Gent en Kanazawa", IRI, address)
    assert found[""] == (
        "Ghent Partnerships (2031): Gent en Kanazawa. In: Internationale partnerschappen van Gent, versie 2.3.4. "
        f"Ghent Partnerships. (Dataset). {IRI}"
    )
    (entry,) = parse_string(found["BibTeX"], "bibtex").entries.items()
    assert entry[0] == "ghent-partnerships-ghent-kanazawa-2.3.4"
    assert entry[1].fields["title"] == "{Gent en Kanazawa}"
    assert entry[1].fields["note"] == ("Data set, in Internationale partnerschappen van Gent, version 2.3.4, CC-BY-4.0")
    assert entry[1].fields["url"] == IRI
    lines = found["RIS"].splitlines()
    assert lines[0] == "TY  - DATA"
    assert "T2  - Internationale partnerschappen van Gent" in lines
    assert [line for line in lines if line.startswith("UR")] == [f"UR  - {IRI}"]


def test_the_address_stands_beside_an_iri_that_begins_otherwise(site: Publication) -> None:
    address = f"{ELSEWHERE}{PATH}.html"
    found = cited(replace(site, address=ELSEWHERE), "en", PATH, "Ghent and Kanazawa", IRI, address)
    assert found[""].endswith(f". (Data set). {IRI} ({address})")
    assert f"at {address}}}" in found["BibTeX"]
    assert f"UR  - {IRI}\nUR  - {address}\n" in found["RIS"]


def test_a_page_without_a_title_of_its_own_cites_the_data_set(site: Publication) -> None:
    for title in ("", "International partnerships of Ghent", Markup("International partnerships of Ghent")):
        found = cited(site, "en", "index", title, "", site.address)
        assert found[""] == (
            "Ghent Partnerships (2031): International partnerships of Ghent. Version 2.3.4. Ghent Partnerships. "
            f"(Data set). {DATA_SET}"
        )
        assert found["BibTeX"].startswith("@misc{ghent-partnerships-2.3.4,")
        assert "T2" not in found["RIS"]


def test_the_title_of_a_template_is_unescaped_and_loses_that_of_the_site(site: Publication) -> None:
    title = Markup("Terms &amp; more · International partnerships of Ghent")
    found = cited(site, "en", "ontology", title, "", f"{site.address}ontology.html")
    assert ": Terms & more. In: " in found[""]
    assert "Terms \\& more" in found["BibTeX"]
    assert f"UR  - {site.address}ontology.html" in found["RIS"]


@pytest.mark.parametrize(("version", "issued"), [("", "2031-02-28"), ("1.0.0", ""), ("1.0", "2031-02-28")])
def test_what_has_no_version_or_date_is_not_cited(site: Publication, version: str, issued: str) -> None:
    unreleased = replace(site, of=replace(site.of, version=version, issued=issued))
    assert cited(unreleased, "en", "index", "", "", site.address) == {}


def test_every_kind_of_page_shows_its_citation(dist: Published) -> None:
    for path in ("index", "resources", "ontology", "shapes", "catalog", PATH, "doc/query/twin-cities"):
        for ending in ("", ".nl"):
            text = (dist.directory / f"{path}{ending}.html").read_text(encoding="utf-8")
            assert text.count('<aside class="cite"') == 1, path
            assert text.count("@misc{") == 1
            assert text.count("TY  - DATA") == 1
    assert "cite" not in Page((dist.directory / "404.html").read_text(encoding="utf-8")).text("main")


def test_downloads_have_the_sizes_of_the_files(dist: Published) -> None:
    text = (dist.directory / f"{PATH}.html").read_text(encoding="utf-8")
    for kind in ("ttl", "jsonld", "nt", "rdf"):
        size = (dist.directory / f"{PATH}.{kind}").stat().st_size
        (shown,) = re.findall(
            rf'href="[^"]*ghent-kanazawa\.{kind}" type="[^"]*">[^<]*</a> <span class="size">([^<]*)<', text
        )
        assert shown == f"{size / 1000:.0f}\u00a0kB" if size >= 1000 else f"{size}\u00a0B"
