"""What the tests of the server start from."""

from pathlib import Path

import pytest

from ghent_partnerships.publishing.publish import Published, with_checksums, with_compressed


@pytest.fixture
def small(dist: Published, tmp_path: Path) -> Path:
    """A release of four files with the whole graph, for a test to change: to copy and check thousands takes seconds
    each time."""
    folder = tmp_path / "dist"
    folder.mkdir()
    names = ("README.md", "site.json", "ghent-partnerships.nt", "ghent-partnerships.nq", "ghent-partnerships.rdf")
    files = ((name, (dist.directory / name).read_bytes()) for name in names)
    for name, content in with_checksums(with_compressed(files)):
        (folder / name).write_bytes(content)
    return folder
