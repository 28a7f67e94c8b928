"""The site: every page in both languages, what it says and where its links lead; whatever the data hold is text."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from ghent_partnerships.project.location import packaged
from ghent_partnerships.publishing.publish import Published
from ghent_partnerships.publishing.site.templating import script_json
from ghent_partnerships.rdf.namespaces import ID, PREFIXES
from html_page import Page
from loaded import of_kind

LANGUAGES = {"en": ".html", "nl": ".nl.html"}
ADDRESS = "https://w3id.org/ghent-partnerships/"


@cache
def page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def pages(dist: Published) -> Iterator[Path]:
    return dist.directory.rglob("*.html")


def both(dist: Published, path: str) -> tuple[Page, Page]:
    return page(dist.directory / f"{path}.html"), page(dist.directory / f"{path}.nl.html")


def test_every_resource_has_a_page_in_both_languages(dist: Published) -> None:
    documents = sorted(path.with_suffix("") for path in (dist.directory / "doc").rglob("*.ttl"))
    assert len(documents) == dist.resources
    for document in documents:
        for language, ending in LANGUAGES.items():
            shown = page(Path(f"{document}{ending}"))
            assert shown.all("html")[0]["lang"] == language
            assert shown.text("h1")


def test_every_link_and_every_fragment_leads_somewhere(dist: Published) -> None:
    followed = 0
    for path in pages(dist):
        here = path.relative_to(dist.directory).as_posix()
        for tag, attributes in page(path).elements:
            for name in ("href", "src"):
                if (
                    name not in attributes
                    or attributes.get("rel") == "canonical"
                    or ("hreflang" in attributes and tag == "link")
                ):
                    continue
                target = attributes[name]
                if here.startswith("404."):
                    target = target.removeprefix("/ghent-partnerships/")
                if urlsplit(target).scheme:
                    assert target.startswith(("https://", "http://")), (here, target)
                    continue
                to, fragment = urldefrag(urljoin(f"/{here}", target))
                file = dist.directory / unquote(to).lstrip("/")
                assert file.is_file(), f"{here} links to {target}"
                if fragment and file.suffix == ".html" and not file.name.startswith("query."):
                    assert unquote(fragment) in page(file).ids(), f"{here} links to {target}"
                followed += 1
    assert followed > 20_000


def test_no_page_has_an_id_twice(dist: Published) -> None:
    for path in pages(dist):
        ids = page(path).ids()
        assert len(ids) == len(set(ids)), path


def test_each_page_names_the_other_language_and_itself_in_full(dist: Published) -> None:
    for path in ("doc/city/liege", "ontology", "resources"):
        for shown, language in zip(both(dist, path), LANGUAGES, strict=True):
            assert shown.all("link", rel="canonical")[0]["href"] == f"{ADDRESS}{path}{LANGUAGES[language]}"
            alternates = {
                link["hreflang"]: link["href"] for link in shown.all("link", rel="alternate") if "hreflang" in link
            }
            assert alternates == {
                "en": f"{ADDRESS}{path}.html",
                "nl": f"{ADDRESS}{path}.nl.html",
                "x-default": f"{ADDRESS}{path}.html",
            }
    assert both(dist, "index")[0].all("link", rel="canonical")[0]["href"] == ADDRESS


def test_a_partnership_is_shown_with_the_sentence_that_it_rests_on(dist: Published) -> None:
    english, dutch = both(dist, "doc/partnership/ghent-kanazawa")
    assert english.text("h1") == "Ghent and Kanazawa"
    assert dutch.text("h1") == "Gent en Kanazawa"
    assert [" ".join(text.split()) for text in english.texts["mark"]] == ["Kanazawa (Japan) since 1971"]
    facts = dict(zip(english.texts["dt"], english.texts["dd"], strict=False))
    assert facts["kind"] == "twinning"
    attributed = [text for text in english.texts["p"] if "the original" in text]
    assert {" ".join(text.split()) for text in attributed} == {
        "A history of Ghent's bilateral partnerships, Ghent · in English · the original"
    }
    assert "not stated by the source" in english.texts["dd"]
    assert "niet vermeld in de bron" in dutch.texts["dd"]
    where = [element for element in english.all("a") if element.get("class") == "where"]
    assert where[0]["href"] == "../../doc/source/history-of-bilateral-partnerships.html#b3"


def test_what_is_inferred_says_so_with_its_reasons(dist: Published) -> None:
    english, dutch = both(dist, "doc/partnership/ghent-liege")
    for shown, word in ((english, "inferred"), (dutch, "afgeleid")):
        marked = [n for n, element in enumerate(shown.all("span")) if element.get("class") == "inferred"]
        assert marked
        assert {shown.texts["span"][n] for n in marked} == {word}
    inferred = [element for element in english.all("div") if element.get("class") == "group inferred"]
    assert len(inferred) == 1
    assert "no sentence says so" in " ".join(english.texts["p"])
    kanazawa = page(dist.directory / "doc/partnership/ghent-kanazawa.html")
    assert not [element for element in kanazawa.all("div") if element.get("class") == "group inferred"]


def test_a_city_has_its_names_in_all_languages_and_its_links(dist: Published) -> None:
    english, dutch = both(dist, "doc/city/gdansk")
    assert {"German Danzig", "Dutch Gdansk", "Polish Gdańsk"} <= {
        " ".join(text.split()) for text in english.texts["li"]
    }
    assert "Duits Danzig" in {" ".join(text.split()) for text in dutch.texts["li"]}
    links = {element["href"] for element in english.all("a", rel="external")}
    assert {"http://www.wikidata.org/entity/Q1792", "https://sws.geonames.org/3099434/"} <= links


def test_a_query_shows_its_stored_answer(dist: Published) -> None:
    english, dutch = both(dist, "doc/query/twin-cities")
    assert english.text("h1").endswith("?")
    assert dutch.text("h1").startswith("Welke")
    assert english.texts["td"][:3] == ["Saint-Raphaël", "France", "1958"]
    assert len(english.texts["tr"]) == 1 + 7


SOURCE = "history-of-bilateral-partnerships"


def test_a_source_shows_its_text_with_an_anchor_for_each_sentence(dist: Published) -> None:
    english, _ = both(dist, f"doc/source/{SOURCE}")
    fragments = [fragment for fragment in english.ids() if re.fullmatch(r"[tshb]\d*", fragment)]
    quoted = of_kind(PREFIXES["oa"] + "TextQuoteSelector", "dcterms:isPartOf", f"{ID}source/{SOURCE}")
    assert sorted(fragments) == sorted(fragment.rpartition("/")[2] for fragment in quoted)
    assert fragments[:3] == ["t", "s1", "s2"]


def words(shown: Page, tag: str = "main") -> str:
    return " ".join(shown.text(tag).split())


def test_each_sentence_of_a_source_stands_beside_what_rests_on_it(dist: Published) -> None:
    english, _ = both(dist, f"doc/source/{SOURCE}")
    rests = [" ".join(text.split()) for text in english.texts["p"] if text.lstrip().startswith("B3")]
    assert len(rests) == 1
    assert rests[0].startswith("B3 Ghent and Kanazawa, Kanazawa,")


@pytest.mark.parametrize(
    ("path", "english", "dutch"),
    [
        ("doc/city/liege", "Partner of Ghent since 2011 inferred", "Partner van Gent sinds 2011 afgeleid"),
        ("doc/city/melle", "Partner of Sint-Denijs-Westrem since 1969", "Partner van Sint-Denijs-Westrem sinds 1969"),
        ("doc/country/japan", "Kanazawa: Partner of Ghent since 1971", "Kanazawa: Partner van Gent sinds 1971"),
    ],
)
def test_a_page_says_in_words_whose_partner_a_city_is(dist: Published, path: str, english: str, dutch: str) -> None:
    for shown, sentence in zip(both(dist, path), (english, dutch), strict=True):
        assert sentence in words(shown)
        assert "party:" not in words(shown)


def test_what_refers_to_a_resource_is_named_by_the_inverse_of_the_property(dist: Published) -> None:
    english, dutch = both(dist, "doc/concept/twinning")
    assert "Partnerships of this kind" in english.texts["dt"]
    assert "Partnerschappen van deze soort" in dutch.texts["dt"]


def test_the_country_as_stated_stands_beside_its_normal_form(dist: Published) -> None:
    english, _ = both(dist, "doc/city/nottingham")
    values = [" ".join(text.split()) for text in english.texts["dd"]]
    place = values.index("United Kingdom")
    assert values[place + 1] == "as stated: England"


def test_the_map_of_a_country_has_the_partnerships_of_its_cities_that_have_a_place(dist: Published) -> None:
    page = (dist.directory / "doc/country/china.html").read_text(encoding="utf-8")
    drawn = re.search(r'<svg[^>]*class="map.*?</svg>', page, re.DOTALL)
    assert drawn, "there is a map"
    named = set(re.findall(r">([^<>]+)</text>", drawn[0]))
    assert {"Ghent", "Weihai"} <= named
    assert "Taizhou" not in named, "which of two places that is, nobody says"
    assert "doc/city/weihai.html" in drawn[0] or "../city/weihai.html" in drawn[0]


def test_the_places_that_may_be_meant_stand_side_by_side_with_their_distance(dist: Published) -> None:
    english, dutch = both(dist, "doc/city/taizhou")
    assert "The two lie about 450 km apart." in words(english)
    assert "De twee liggen ongeveer 450 km van elkaar." in words(dutch)
    assert [text for text in english.texts["h3"] if text.startswith("Taizhou (")] == [
        "Taizhou (Jiangsu)",
        "Taizhou (Zhejiang)",
    ]
    assert "km apart" not in words(both(dist, "doc/city/liege")[0])


def test_the_menu_is_in_the_words_of_people_and_says_where_a_page_stands(dist: Published) -> None:
    english, dutch = both(dist, "doc/city/liege")
    assert words(english, "nav") == "Overview Cities Ask Data About"
    assert words(dutch, "nav") == "Overzicht Steden Vragen Data Over"
    current = {element["href"]: element["aria-current"] for element in english.all("a") if "aria-current" in element}
    assert current == {"../../partner-cities.html": "true"}
    assert [" ".join(text.split()) for text in both(dist, "doc/partnership/ghent-liege")[0].texts["ol"]] == [
        "Cities Partnerships"
    ]


def test_the_rules_are_below_about_and_not_in_the_list_of_everything(dist: Published) -> None:
    english, _ = both(dist, "resources")
    assert not {"shape", "rule"} & set(english.ids())
    links = {element["href"] for element in both(dist, "about")[0].all("a")}
    assert {"ontology.html", "shapes.html", "style.html", "documentation/readme.html"} <= links


def test_every_page_has_the_name_of_the_site_a_description_and_structured_data(dist: Published) -> None:
    short = {}
    for path in pages(dist):
        shown = page(path)
        here = path.relative_to(dist.directory).as_posix()
        name = {"en": "Ghent Partnerships", "nl": "Gentse partnerschappen"}[shown.all("html")[0]["lang"]]
        assert name in shown.text("title"), here
        if here.startswith(("embed.", "preview/")):  # a frame in the pages of others
            continue
        assert {meta["content"] for meta in shown.all("meta", property="og:site_name")} <= {name}, here
        assert structured(shown)["@context"] == "https://schema.org", here
        description = next(meta["content"] for meta in shown.all("meta") if meta.get("name") == "description")
        if len(description) < 25:
            short[here] = description
    assert short == {}
    country = page(dist.directory / "doc/country/china.html")
    description = next(meta["content"] for meta in country.all("meta") if meta.get("name") == "description")
    assert "Places in it: Taizhou" in description


def test_the_readmes_are_pages_whose_links_lead_on(dist: Published) -> None:
    english, _ = both(dist, "documentation/data")
    assert english.text("h1") == "The data"
    assert "the-dictionary" in english.ids()
    links = {element["href"] for element in english.all("a")}
    assert "https://github.com/ghent-partnerships/ghent-partnerships/blob/HEAD/CONTRIBUTING.md" in links
    readme = {element["href"] for element in both(dist, "documentation/readme")[0].all("a")}
    assert "../documentation/queries.html" in readme


def test_the_terms_have_anchors_definitions_examples_and_rules(dist: Published) -> None:
    english, dutch = both(dist, "ontology")
    ids = set(english.ids())
    assert {"Partnership", "City", "startYear", "notStated"} <= ids
    text = " ".join(english.texts["main"][0].split())
    assert "A relationship between two cities, with its own parties, kind and beginning." in text
    assert "partnership:ghent-kanazawa a gp:Partnership ." in text
    assert "GP200 A start year is one year of four digits." in text
    assert "Een relatie tussen twee steden" in " ".join(dutch.texts["main"][0].split())


def test_every_rule_is_in_words_with_what_is_wrong_and_right(dist: Published) -> None:
    from ghent_partnerships.validation.explain import explanations

    without = set()
    for path in ("shapes", "style"):
        (english, _) = both(dist, path)
        for code in [code for code in english.ids() if code.startswith("GP")]:
            without.add(code)
    assert without == {rule.code for rule in explanations(packaged())}


def test_the_overview_and_all_that_it_asks_for_are_small(dist: Published) -> None:
    """Compressed, as hosts send them; the search asks for more when somebody goes there."""
    shown = both(dist, "index")[0]
    linked = [element["href"] for element in shown.all("link") if element["rel"] in ("stylesheet", "icon")]
    asked = ["index.html", *linked, *(element["src"] for element in shown.all("script") if "src" in element)]
    size = sum((dist.directory / f"{path}.gz").stat().st_size for path in asked)
    assert len(asked) > 5
    assert size < 100_000


def structured(shown: Page) -> dict[str, object]:
    number = next(n for n, element in enumerate(shown.all("script")) if element.get("type") == "application/ld+json")
    found = json.loads(shown.texts["script"][number])
    assert isinstance(found, dict)
    return found


def test_search_engines_are_told_what_a_page_is_about(dist: Published) -> None:
    english, dutch = both(dist, "doc/city/liege")
    about = structured(english)["mainEntity"]
    assert isinstance(about, dict)
    assert (about["@type"], about["name"]) == ("City", "Liège")
    assert "Lüttich" in about["alternateName"]
    assert about["geo"] == {"@type": "GeoCoordinates", "latitude": "50.63373", "longitude": "5.56749"}
    assert "http://www.wikidata.org/entity/Q3992" in about["sameAs"]
    assert structured(dutch)["inLanguage"] == "nl"


# What Google asks of a data set: https://developers.google.com/search/docs/appearance/structured-data/dataset
REQUIRED = {"name", "description"}
RECOMMENDED = {
    *("creator", "distribution", "identifier", "includedInDataCatalog", "isAccessibleForFree", "keywords", "license"),
    *("spatialCoverage", "temporalCoverage", "url", "version"),
}


@pytest.mark.parametrize("where", ["index", "catalog"])
def test_search_engines_for_data_sets_are_told_all_that_they_ask_for(dist: Published, where: str) -> None:
    english, dutch = (structured(shown) for shown in both(dist, where))
    for data_set in (english, dutch):
        assert data_set["@type"] == "Dataset"
        assert not [name for name in REQUIRED | RECOMMENDED if not data_set.get(name)]
        assert 50 <= len(str(data_set["description"])) <= 5000
        assert data_set["license"] == "https://creativecommons.org/licenses/by/4.0/"
        assert data_set["temporalCoverage"] == "1958/2018"
        files = [distribution["contentUrl"].removeprefix(ADDRESS) for distribution in data_set["distribution"]]  # type: ignore[attr-defined]
        assert {"ghent-partnerships.ttl", "partnerships.csv", "cities.geojson"} <= set(files)
        assert all((dist.directory / file).is_file() for file in files)
    assert english["spatialCoverage"]["name"] == "Ghent"  # type: ignore[index]
    assert "town twinning" in english["keywords"]  # type: ignore[operator]
    assert "jumelage" in dutch["keywords"]  # type: ignore[operator]
    assert english["name"] != dutch["name"]


def test_the_guide_for_portals_has_the_addresses_to_paste(dist: Published) -> None:
    for shown in both(dist, "catalog"):
        text = shown.text("main")
        for name in ("CKAN", "data.europa.eu", "data.vlaanderen", "Opendatasoft"):
            assert name in text
        codes = [" ".join(code.split()) for code in shown.texts["code"]]
        for path in ("catalog.rdf", "catalog.ttl", ".well-known/void", "sparql", "feed.ttl", "partnerships.csv"):
            assert f"{ADDRESS}{path}" in codes, path
    assert "catalog.html" in (dist.directory / "sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028 & > \" '"])
def test_nothing_in_a_block_of_json_ends_it(text: str) -> None:
    written = script_json({"name": text})
    assert json.loads(written) == {"name": text}
    assert not set("<>&\u2028\u2029") & set(written)
