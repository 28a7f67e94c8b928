"""What Wikidata says of the cities that the graph links to, held against what the graph says; without the network."""
