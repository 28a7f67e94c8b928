"""What brings a release into a SPARQL store."""
