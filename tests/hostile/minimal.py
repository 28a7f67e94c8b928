"""A checkout with a small graph, which the command checks and publishes in a moment."""

import compileall
import re
import shutil
from pathlib import Path

from command import HEAD, REPOSITORY, written

PUBLISHABLE = r"\u009B31m\r\u202E\u2066\n/etc/passwd:1:1: forged"  # as much of EVIL as XML 1.0 can write
CONTENT = {
    "ontology/partnership.ttl": "gp:City a owl:Class .",
    "ontology/alignments.ttl": "gp:City rdfs:subClassOf schema:City .",
    "ontology/concepts.ttl": "concept:twinning a skos:Concept .",
    "ontology/shapes.ttl": """
shape:city a sh:NodeShape ; sh:targetClass gp:City ; sh:property shape:label .
shape:label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;
  sh:message "A city needs a label."@en ; sh:description "Add one."@en .""",
    "ontology/style.ttl": """
shape:query a sh:NodeShape ; sh:targetClass sh:SPARQLExecutable ; sh:property shape:comment .
shape:comment a sh:PropertyShape ; sh:path rdfs:comment ; sh:minCount 2 ;
  sh:message "A query says in two languages what it asks."@en ; sh:description "Say it."@en .""",
    "data/dataset.ttl": 'dataset:ghent-partnerships a dcat:Dataset ; dcterms:language "en" , "nl" .',
    "data/ghent.ttl": 'city:ghent a gp:City ; rdfs:label "Gent"@nl , "Ghent"@en .',
    "data/queried.ttl": 'city:sint-denijs-westrem rdfs:label "Sint-Denijs-Westrem"@nl .',  # a table names it
    "data/partners/liege.ttl": f'city:liege a gp:City ; rdfs:label "Liège"@en ; rdfs:comment "{PUBLISHABLE}" .',
}
QUERY = f"""#+ summary: What are the cities called?
#+ summary-nl: Hoe heten de steden?
#+ tags: look-up
#+ param: city | a city | een stad
#+ param: lang | a tag | een taal
#+ param: year | a year | een jaar
{HEAD}
SELECT ?city ?name {{
  VALUES ?city {{ city:ghent }} VALUES ?lang {{ "en" }} VALUES ?year {{ "1970"^^xsd:gYear }}
  ?city rdfs:label ?name FILTER (LANG(?name) = ?lang)
}}
"""


def minimal(home: Path) -> Path:
    """Write the checkout to an empty directory, and return the directory."""
    shutil.copytree(REPOSITORY / "scripts", home / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(home / "scripts", quiet=1)  # once, and not at each run, which leaves no bytecode behind
    return minimal_graph(home)


def minimal_graph(home: Path) -> Path:
    """Write the graph of the checkout alone, for what publishes it within the process of the tests."""
    for name, text in CONTENT.items():
        written(home / name, f"{HEAD}{text}\n")
    shutil.copy(REPOSITORY / "ontology/rules.ttl", home / "ontology")
    defined = "".join(
        (REPOSITORY / f"ontology/{name}.ttl").read_text("utf-8") for name in ("partnership", "alignments")
    )
    with (home / "ontology/partnership.ttl").open("a", encoding="utf-8") as ontology:  # the views and tables use them
        terms = dict.fromkeys(re.findall(r"^[a-z]+:\w+", defined, re.MULTILINE))
        ontology.writelines(f"{term} rdfs:isDefinedBy e:ontology .\n" for term in terms)
    written(home / "queries/names-of-cities.rq", QUERY)
    for folder in ("tables", "views"):
        shutil.copytree(REPOSITORY / "queries" / folder, home / "queries" / folder)
    return home
