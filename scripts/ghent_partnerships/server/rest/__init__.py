"""The answers for programs that know no SPARQL, as ``openapi.json`` describes them."""
