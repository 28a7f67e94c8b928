"""The READMEs as pages: their links lead on, and nothing in them is markup of theirs or a script."""

from pathlib import Path

import pytest

from ghent_partnerships.publishing.site import documentation
from ghent_partnerships.publishing.site.documentation import Readme, readmes

PAGES = {"": "documentation/readme", "data": "documentation/data"}


def rendered(tmp_path: Path, text: str, repository: str = "https://example.org/repository") -> str:
    file = tmp_path / "README.md"
    file.write_text(text, encoding="utf-8")
    readme = documentation.parsed(file, "data")
    return str(documentation.rendered(readme, PAGES, lambda path: f"{path}.nl.html", repository))


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("[a](../README.md#install)", '<a href="../documentation/readme.nl.html#install">a</a>'),
        ("[a](..)", '<a href="../documentation/readme.nl.html">a</a>'),
        ("[a](ghent.ttl)", '<a href="https://example.org/repository/blob/HEAD/data/ghent.ttl">a</a>'),
        ("[a](#b)", '<a href="#b">a</a>'),
        ("[a](https://example.org/)", '<a href="https://example.org/">a</a>'),
        ("[a](ftp://example.org/)", "<p>a</p>"),
        ("[a](http://[)", "a"),
        ("[a](../../secret)", "<p>a</p>"),
        ("![a picture](a.png)", "<p>a picture</p>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b&lt;/b&gt;"),
    ],
)
def test_a_link_leads_where_it_leads_in_the_repository_and_html_is_text(
    tmp_path: Path, written: str, html: str
) -> None:
    assert html in rendered(tmp_path, f"# Title\n\n{written}\n")


def test_a_script_is_no_address(tmp_path: Path) -> None:
    assert "href" not in rendered(tmp_path, "[a](javascript:alert(1)) [b](data:text/html,x)")


def test_without_a_repository_the_text_of_a_link_stays(tmp_path: Path) -> None:
    assert "<p>a</p>" in rendered(tmp_path, "[a](ghent.ttl)", "")


def test_headings_are_anchors_of_their_own_below_the_title(tmp_path: Path) -> None:
    html = rendered(tmp_path, "# Title\n\n## The `data`, twice\n\n## The data, twice\n\n# Other\n")
    assert "Title" not in html
    assert '<h2 id="the-data-twice">' in html
    assert '<h2 id="the-data-twice-1">' in html
    assert '<h2 id="other">' in html


def test_a_readme_without_a_title_is_called_as_its_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("No title.\n", encoding="utf-8")
    found: Readme = documentation.parsed(tmp_path / "README.md", "data")
    assert (found.title, found.path) == ("data", "documentation/data")


def test_the_projects_readmes_are_those_of_its_root_and_its_folders() -> None:
    from ghent_partnerships.project.location import packaged

    found = [readme.folder for readme in readmes(packaged())]
    assert found[0] == ""
    assert {"data", "ontology", "queries"} <= set(found)
