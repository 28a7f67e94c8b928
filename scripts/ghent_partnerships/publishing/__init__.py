"""Everything that a release consists of, as files."""
