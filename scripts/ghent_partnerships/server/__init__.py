"""The published files and a SPARQL endpoint over HTTP."""
