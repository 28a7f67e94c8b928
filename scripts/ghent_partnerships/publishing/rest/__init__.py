"""The answers for programs that know no SPARQL, and their description in OpenAPI."""
