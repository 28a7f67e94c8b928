"""SHACL of what a SPARQL store holds."""
