"""RDF, and nothing of any city: parse, serialize, and where every triple stands."""
