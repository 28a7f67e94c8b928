"""Check RDF: shapes, rules beyond SHACL, what differs, and how to fix it."""
