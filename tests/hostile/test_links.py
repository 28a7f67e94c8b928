"""Links in a folder of a stranger: none is followed out of it, neither to read nor to write."""

from pathlib import Path

import pytest
from command import CHECK, GOOD, HEAD, Run, published_before, snapshot, written

OUT = "a link that leads out of "


@pytest.fixture
def secret(work: Path) -> Path:
    """A file beside the folder that the command runs in."""
    return written(work.parent / "elsewhere/secret.ttl", GOOD)


@pytest.mark.parametrize("named", ["data", "data/x.ttl"])
@pytest.mark.parametrize("use", [["validate"], CHECK, ["fmt"], ["fmt", "--check"], ["query"]])
def test_a_link_that_leads_out_is_not_read(run: Run, work: Path, secret: Path, use: list[str], named: str) -> None:
    (work / "data").mkdir()
    (work / "data/x.ttl").symlink_to(secret)
    if use == ["query"]:
        named = "data/x.rq"
        (work / named).symlink_to(secret)
    _, err = run(2, *use, named)
    assert OUT in err
    assert secret.read_text() == GOOD


def test_a_folder_that_leads_out_is_not_read(run: Run, work: Path, secret: Path) -> None:
    (work / "data").symlink_to(secret.parent)
    for named in ("data", "data/secret.ttl"):
        _, err = run(2, *CHECK, named)
        assert err.startswith(f"ghent-partnerships: {named}: {OUT}the current directory, to {secret.parent}")
    run(0, *CHECK, secret.parent)


def test_a_link_within_the_folder_is_read(run: Run, work: Path) -> None:
    written(work / "data/x.ttl", GOOD)
    (work / "data/y.ttl").symlink_to("x.ttl")
    assert run(0, *CHECK, "data") == ("2 files, 2 triples: no findings\n", "")  # under two names it is one file


@pytest.mark.parametrize("name", ["data/x.ttl", "ontology/concepts.ttl", "queries/x.rq", "ontology/shapes.ttl"])
@pytest.mark.parametrize("use", ["validate", "publish"])
def test_a_link_among_our_files_that_leads_out_is_not_read(
    run: Run, broken: Path, work: Path, secret: Path, use: str, name: str
) -> None:
    (broken / name).unlink(missing_ok=True)
    (broken / name).symlink_to(secret)
    _, err = run(2, use, checkout=broken)
    assert OUT in err
    assert not (work / "dist").exists()


def test_nothing_is_written_where_a_link_leads_out(run: Run, work: Path, secret: Path) -> None:
    published_before(secret.parent / "dist")
    before = snapshot(secret.parent)
    (work / "report").symlink_to(secret)
    (work / "new").symlink_to(secret.parent / "new")
    (work / "folder").symlink_to(secret.parent)
    for path in ("report", "new", "folder/new"):
        _, err = run(2, *CHECK, "../good.ttl", "--output", f"json={path}")
        assert OUT in err
    for path in ("folder/dist", "folder/other"):
        _, err = run(2, "publish", path)
        assert OUT in err
    written(work / "x.ttl", HEAD + 'e:a a e:Thing ; e:p "1" .\n')
    assert snapshot(secret.parent) == before
