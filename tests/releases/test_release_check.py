"""A release is refused for each thing that it lacks, in real repositories with a copy of the graph."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from ghent_partnerships.errors import InvalidError, UsageError
from ghent_partnerships.findings import Finding
from ghent_partnerships.project import location
from ghent_partnerships.project.citation import citation
from ghent_partnerships.project.location import packaged
from ghent_partnerships.releases.check import _iris_of_queries, missing
from loaded import query_triples

pytestmark = pytest.mark.usefixtures("git_alone")

ROOT = Path(__file__).parents[2]
ONTOLOGY = "https://w3id.org/ghent-partnerships/ontology"
QUERY = "https://w3id.org/ghent-partnerships/id/query/"
QUERIES = "https://w3id.org/ghent-partnerships/queries"


class Repository:
    """A checkout whose release can be prepared step by step."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a step")

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old}"
        self.write(name, text.replace(old, new))

    def release(self, version: str, date: str, prior: str | None = None) -> None:
        """Say in the data which release this is, and nothing elsewhere."""
        before = f"    owl:priorVersion <{ONTOLOGY}/{prior}> ;\n" if prior else ""
        self.write(
            "data/release.ttl",
            f"""PREFIX dataset: <https://w3id.org/ghent-partnerships/id/dataset/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

dataset:ghent-partnerships
    dcat:version "{version}" ;
    dcterms:issued "{date}"^^xsd:date ;
.

<{ONTOLOGY}>
    dcterms:issued "{date}"^^xsd:date ;
{before}    owl:versionIRI <{ONTOLOGY}/{version}> ;
.
""",
        )

    def log(self, *sections: str) -> None:
        entries = "\n\n".join(f"## {section}\n\n### Data\n- Something." for section in sections)
        self.write("CHANGELOG.md", f"# Changelog\n\n## [Unreleased]\n\n{entries}\n")

    def cite(self) -> None:
        self.write("CITATION.cff", citation("cff", packaged()))


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository that is ready for its first release, 0.1.0."""
    root = tmp_path / "repository"
    for folder in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / "scripts").symlink_to(ROOT / "scripts")
    monkeypatch.setattr(location, "_CHECKOUT", root)
    monkeypatch.chdir(root)
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.release("0.1.0", "2030-01-31")
    repository.log("[0.1.0] - 2030-01-31")
    repository.cite()
    repository.commit()
    return repository


@pytest.fixture
def second(first: Repository) -> Repository:
    """A repository that has released 0.1.0, and is ready to release 0.2.0."""
    first.git("tag", "v0.1.0")
    first.release("0.2.0", "2030-06-30", prior="0.1.0")
    first.log("[0.2.0] - 2030-06-30", "[0.1.0] - 2030-01-31")
    first.cite()
    first.commit()
    return first


def only() -> Finding:
    """The one finding; what is not committed is left out, for a test that does not commit."""
    (finding,) = (finding for finding in missing(packaged()) if "not committed" not in str(finding.message))
    return finding


def messages() -> list[str]:
    """The findings, each with its file."""
    return [f"{finding.location.path}: {finding.message!s}" for finding in missing(packaged())]


def line(finding: Finding) -> str:
    """What stands at the place of the finding."""
    return (
        Path(finding.location.path)
        .read_text(encoding="utf-8")
        .splitlines()[finding.location.line - 1][finding.location.column - 1 :]
    )


@pytest.mark.usefixtures("first")
def test_a_first_release_that_is_ready_lacks_nothing() -> None:
    assert missing(packaged()) == ()


@pytest.mark.usefixtures("second")
def test_a_later_release_that_is_ready_lacks_nothing() -> None:
    assert missing(packaged()) == ()


def test_what_does_not_validate_is_not_released(second: Repository) -> None:
    second.replace("data/partners/kanazawa.ttl", 'gp:startYear "1971"', 'gp:startYear "71"')
    second.commit()
    assert "data/partners/kanazawa.ttl: A start year is one year of four digits." in messages()


def test_a_query_that_does_not_validate_is_not_released(second: Repository) -> None:
    second.replace("queries/ghent/twin-cities.rq", "SELECT", "SELECTED")
    second.commit()
    assert [finding.location.path for finding in missing(packaged())] == ["queries/ghent/twin-cities.rq"]


def test_the_version_iri_has_the_version_of_the_data(second: Repository) -> None:
    second.replace("data/release.ttl", f"owl:versionIRI <{ONTOLOGY}/0.2.0>", f"owl:versionIRI <{ONTOLOGY}/0.3.0>")
    finding = only()
    assert str(finding.message).startswith(
        "The version IRI is the IRI of the ontology, a slash and the version of the data"
    )
    assert line(finding) == f"<{ONTOLOGY}/0.3.0> ;"


def test_the_ontology_has_the_date_of_the_data(second: Repository) -> None:
    text = (second.root / "data" / "release.ttl").read_text(encoding="utf-8")
    start, _, end = text.rpartition("2030-06-30")
    second.write("data/release.ttl", f"{start}2030-07-01{end}")
    finding = only()
    assert str(finding.message) == "The ontology and the data set that conforms to it have the same issue date."
    assert line(finding) == '"2030-07-01"^^xsd:date ;'


@pytest.mark.usefixtures("first")
def test_the_commit_of_the_first_release_lacks_nothing(first: Repository) -> None:
    first.git("tag", "v0.1.0")
    assert missing(packaged()) == ()


def test_the_commit_of_a_release_is_held_against_the_release_before(second: Repository) -> None:
    second.git("tag", "v0.2.0")
    assert missing(packaged()) == ()
    (second.root / "queries" / "ghent" / "twin-cities.rq").unlink()
    second.commit()
    second.git("tag", "--force", "v0.2.0")
    assert str(only().message) == "query:twin-cities was published in v0.1.0 and is gone."


@pytest.mark.parametrize("commit", [True, False])
def test_after_a_release_its_version_is_that_of_the_past(commit: bool, second: Repository) -> None:
    second.git("tag", "v0.2.0")
    second.write("data/README.md", "changed")
    if commit:
        second.commit()
    assert str(only().message) == "Version 0.2.0 is not newer than the last release, v0.2.0."


@pytest.mark.parametrize(("version", "prior"), [("0.0.9", "0.1.0"), ("0.1.0", None)])
def test_the_version_is_newer_than_that_of_the_last_release(
    version: str, prior: str | None, second: Repository
) -> None:
    second.release(version, "2030-06-30", prior=prior)
    second.log(f"[{version}] - 2030-06-30")
    second.cite()
    finding = only()
    assert str(finding.message) == f"Version {version} is not newer than the last release, v0.1.0."
    assert (finding.location.path, line(finding)) == ("data/release.ttl", f'"{version}" ;')


def test_versions_are_compared_by_their_numbers(second: Repository) -> None:
    second.git("tag", "v0.9.0")
    second.release("0.10.0", "2030-07-01", prior="0.9.0")
    second.log("[0.10.0] - 2030-07-01")
    second.cite()
    second.commit()
    assert missing(packaged()) == ()


def test_a_first_release_has_no_prior_version(first: Repository) -> None:
    first.release("0.1.0", "2030-01-31", prior="0.0.1")
    finding = only()
    assert str(finding.message) == "The prior version is not that of the last release, which is still to come."
    assert str(finding.help) == "Remove owl:priorVersion."
    assert line(finding) == f"<{ONTOLOGY}/0.0.1> ;"


def test_a_later_release_has_a_prior_version(second: Repository) -> None:
    second.release("0.2.0", "2030-06-30")
    finding = only()
    assert str(finding.message) == "The ontology does not say which version was before it; v0.1.0 was."
    assert str(finding.help) == f"Write owl:priorVersion <{ONTOLOGY}/0.1.0>."
    assert line(finding) == f"<{ONTOLOGY}>"


def test_the_prior_version_is_that_of_the_last_release(second: Repository) -> None:
    second.release("0.2.0", "2030-06-30", prior="0.0.1")
    finding = only()
    assert str(finding.message) == "The prior version is not that of the last release, which is v0.1.0."
    assert line(finding) == f"<{ONTOLOGY}/0.0.1> ;"


def test_the_changelog_has_a_section_for_the_version(second: Repository) -> None:
    second.log("[0.2.1] - 2030-06-30", "[0.1.0] - 2030-01-31")
    finding = only()
    assert str(finding.message) == "There is no section for version 0.2.0."
    assert str(finding.help) == "Write ## [0.2.0] - 2030-06-30"
    assert (finding.location.path, line(finding)) == ("CHANGELOG.md", "## [Unreleased]")


@pytest.mark.parametrize("heading", ["[0.2.0] - 2030-07-01", "[0.2.0]", "[0.2.0] - June"])
def test_the_changelog_has_the_date_of_the_data(heading: str, second: Repository) -> None:
    second.log(heading)
    finding = only()
    assert re.fullmatch(
        r"Version 0\.2\.0 has the date .* here, and 2030-06-30 in data/release.ttl\.", str(finding.message)
    )
    assert line(finding) == f"## {heading}"


def test_the_section_of_the_version_is_not_empty(second: Repository) -> None:
    second.write("CHANGELOG.md", "# Changelog\n\n## [0.2.0] - 2030-06-30\n\n### Data\n\n## [0.1.0]\n- Something.\n")
    finding = only()
    assert str(finding.message) == "The section of version 0.2.0 has no entry."
    assert finding.location.line == 3


def test_the_changelog_says_how_the_data_changed(second: Repository) -> None:
    second.replace("data/partners/liege.ttl", '"Liège"@fr', '"Liége"@fr')
    second.replace("CHANGELOG.md", "## [0.2.0] - 2030-06-30\n\n### Data\n", "## [0.2.0] - 2030-06-30\n\n### Code\n")
    finding = only()
    assert finding.location.path == "CHANGELOG.md"
    assert str(finding.message) == (
        "The data changed since v0.1.0 (0 added, 1 changed, 0 removed), and the section says nothing of it under Data."
    )
    assert "ghent-partnerships diff v0.1.0" in str(finding.help)
    second.replace("data/partners/liege.ttl", '"Liége"@fr', '"Liège"@fr')
    assert not [finding for finding in missing(packaged()) if "not committed" not in str(finding.message)], (
        "only the release is new"
    )


def test_nothing_is_left_unreleased(second: Repository) -> None:
    second.replace("CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n### Data\n- More.\n- Still more.\n")
    finding = only()
    assert str(finding.message) == "Entries are still under Unreleased."
    assert line(finding) == "- More."


def test_a_missing_changelog_is_said(second: Repository) -> None:
    (second.root / "CHANGELOG.md").unlink()
    with pytest.raises(UsageError, match=r"CHANGELOG\.md"):
        missing(packaged())


def test_the_citation_file_is_that_of_the_data(second: Repository) -> None:
    second.replace("CITATION.cff", 'version: "0.2.0"', 'version: "0.1.0"')
    finding = only()
    assert str(finding.message) == "CITATION.cff does not say what the data say."
    assert str(finding.help) == "Run: ghent-partnerships cite --format cff > CITATION.cff"
    assert line(finding) == 'version: "0.1.0"'


def test_a_missing_citation_file_is_found(second: Repository) -> None:
    (second.root / "CITATION.cff").unlink()
    assert str(only().message) == "There is no CITATION.cff."


def test_the_date_is_not_before_that_of_the_last_release(second: Repository) -> None:
    second.release("0.2.0", "2030-01-30", prior="0.1.0")
    second.log("[0.2.0] - 2030-01-30")
    second.cite()
    finding = only()
    assert str(finding.message) == "The issue date 2030-01-30 is before that of the last release, v0.1.0: 2030-01-31."
    assert line(finding) == '"2030-01-30"^^xsd:date ;'


def test_two_releases_may_have_one_date(second: Repository) -> None:
    second.release("0.2.0", "2030-01-31", prior="0.1.0")
    second.log("[0.2.0] - 2030-01-31")
    second.cite()
    second.commit()
    assert missing(packaged()) == ()


def test_everything_is_committed(second: Repository) -> None:
    second.write("data/README.md", "changed")
    (finding,) = missing(packaged())
    assert (finding.location.path, str(finding.message)) == ("data/README.md", "It is not committed as it is.")
    second.write("new file", "")
    second.write("another", "")
    (finding,) = missing(packaged())
    assert finding.location.path == "another"
    assert str(finding.message) == "It is the first of 3 files that are not committed as they are."


Change = Callable[[Repository], None]


def without_a_partnership(repository: Repository) -> None:
    for name in ("data/partners/kanazawa.ttl", "data/policy.ttl"):
        repository.replace(name, "partnership:ghent-kanazawa", "partnership:ghent-kanazawa-city")


def without_a_term(repository: Repository) -> None:
    repository.replace("ontology/partnership.ttl", "\ngp:suburbOf\n", "\ngp:suburb\n")


def without_a_shape(repository: Repository) -> None:
    repository.replace("ontology/shapes.ttl", "\nshape:suburb-of\n", "\nshape:suburb\n")


def without_a_query(repository: Repository) -> None:
    (repository.root / "queries" / "ghent" / "twin-cities.rq").rename(repository.root / "queries" / "sister-cities.rq")


def without_a_parameter(repository: Repository) -> None:
    text = (repository.root / "queries" / "ghent" / "twin-cities.rq").read_text(encoding="utf-8")
    repository.write("queries/ghent/twin-cities.rq", text.replace("#+ param: lang |", "#+ param: language |"))


def without_a_prefix(repository: Repository) -> None:
    for file in (repository.root / "queries").rglob("*.rq"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\bskos:", "concepts:", text), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "name", "file"),
    [
        (without_a_partnership, "partnership:ghent-kanazawa", "data/partners/kanazawa.ttl"),
        (without_a_term, "gp:suburbOf", "ontology/partnership.ttl"),
        (without_a_shape, "shape:suburb-of", "ontology/shapes.ttl"),
        (without_a_query, "query:twin-cities", "queries/ghent/twin-cities.rq"),
        (without_a_parameter, f"<{QUERY}twin-cities#lang>", "queries/ghent/twin-cities.rq"),
        (without_a_prefix, f"<{QUERIES}#skos>", "queries/views/schema.rq"),
    ],
)
def test_no_published_iri_vanishes(change: Change, name: str, file: str, second: Repository) -> None:
    change(second)
    assert [text for text in messages() if "was published" in text] == [
        f"{file}: {name} was published in v0.1.0 and is gone."
    ]


def test_a_query_that_is_gone_is_brought_back(second: Repository) -> None:
    """A query is no resource of which one may only say that it is deprecated."""
    without_a_query(second)
    assert str(only().help) == "Bring the file back, or write one of that name that asks the new question."


def test_the_parameter_of_a_query_that_moved_is_told_where_the_query_is_now(second: Repository) -> None:
    without_a_parameter(second)
    query = second.root / "queries" / "ghent" / "twin-cities.rq"
    query.rename(second.root / "queries" / "views" / query.name)
    (finding,) = (finding for finding in missing(packaged()) if "was published" in str(finding.message))
    assert finding.location.path == "queries/views/twin-cities.rq"
    assert str(finding.help) == "Bring the parameter back: #+ param: lang | its meaning (en) | its meaning (nl)"


def test_the_iris_of_the_queries_are_those_that_are_published() -> None:
    published = {triple.subject.value for triple in query_triples() if isinstance(triple.subject, NamedNode)}
    queries = {file.name: file.read_bytes() for file in packaged().query_files()}
    assert {iri for iri, _ in _iris_of_queries(packaged(), queries)} == published


def test_a_deprecated_term_may_lose_all_else(second: Repository) -> None:
    text = (second.root / "ontology" / "partnership.ttl").read_text(encoding="utf-8")
    second.write(
        "ontology/partnership.ttl",
        re.sub(r"\ngp:suburbOf\n.*?\n\.\n", "\ngp:suburbOf\n    owl:deprecated true ;\n.\n", text, flags=re.S),
    )
    assert [text for text in messages() if "was published" in text] == []


def test_a_statement_may_move_to_another_file(second: Repository) -> None:
    (second.root / "data" / "partners" / "burgas.ttl").rename(second.root / "data" / "burgas.ttl")
    query = second.root / "queries" / "ghent" / "twin-cities.rq"
    (query.parent / "cities").mkdir()
    query.rename(query.parent / "cities" / query.name)
    second.commit()
    assert missing(packaged()) == ()


def test_a_release_with_new_iris_is_more_than_a_patch(second: Repository) -> None:
    second.release("0.1.1", "2030-06-30", prior="0.1.0")
    second.log("[0.1.1] - 2030-06-30")
    second.cite()
    second.commit()
    assert missing(packaged()) == ()
    shutil.copy(second.root / "queries" / "ghent" / "twin-cities.rq", second.root / "queries" / "new-question.rq")
    finding = only()
    assert str(finding.message) == (
        "IRIs are new since v0.1.0, like query:new-question: version 0.1.1 is only a patch of it."
    )
    assert str(finding.help).startswith("Write at least 0.2.0 in data/release.ttl")
    assert line(finding) == '"0.1.1" ;'


def test_an_unreadable_file_is_a_finding(second: Repository) -> None:
    second.write("data/ghent.ttl", "city:ghent a")
    with pytest.raises(InvalidError) as caught:
        missing(packaged())
    assert [finding.location.path for finding in caught.value.findings] == ["data/ghent.ttl"]


def test_a_release_that_cannot_be_read_is_said(second: Repository) -> None:
    text = (second.root / "data" / "ghent.ttl").read_text(encoding="utf-8")
    second.write("data/ghent.ttl", "city:ghent a")
    second.commit()
    second.git("tag", "v0.1.1")
    second.write("data/ghent.ttl", text)
    with pytest.raises(
        UsageError, match=r"data/ghent\.ttl: in v0\.1\.1 it cannot be read, so what was published is not known"
    ):
        missing(packaged())


@pytest.mark.parametrize(("old", "new"), [('"0.2.0"', '"0.2"'), ("dcat:version", "dcat:revision")])
def test_without_a_version_there_is_no_release(old: str, new: str, second: Repository) -> None:
    second.replace("data/release.ttl", old, new)
    with pytest.raises(InvalidError, match="A release needs one version") as caught:
        missing(packaged())
    assert caught.value.findings[0].location.path == "data/release.ttl"


def test_many_things_are_named_at_once_in_order(second: Repository) -> None:
    second.release("0.0.9", "2029-12-31", prior="0.0.1")
    findings = missing(packaged())
    assert [finding.location.path for finding in findings] == [
        "CHANGELOG.md",
        "CITATION.cff",
        *["data/release.ttl"] * 4,
    ]
    assert list(findings) == sorted(findings)
