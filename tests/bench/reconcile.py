"""Time the matching of a column of 1,000 names next to difflib in one run; exit code 1 if a bound is missed.

    .venv/bin/python tests/bench/reconcile.py

The names are those of the graph, a half of them with a typo; once in an index of it, and once in a made-up one of ten
thousand cities. They come in batches of ten, as those of OpenRefine do. The peer finds the most similar name of each by
``difflib.get_close_matches``; of the large index it is given a hundredth of the names, and its time is multiplied.
"""

import json
import platform
import random
import string
import sys
import tempfile
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from time import process_time

from ghent_partnerships.dist import RECONCILIATION
from ghent_partnerships.publishing.publish import publish
from ghent_partnerships.server.reconciliation.index import Index
from ghent_partnerships.server.reconciliation.matching import candidates
from ghent_partnerships.server.reconciliation.queries import batch
from ghent_partnerships.server.reconciliation.results import candidate

NAMES, BATCH = 1_000, 10
MOST = 2.0  # seconds for all names, in the index of the graph
MADE_UP = 10_000  # cities
PEERS = 1.0  # the most of the peer's time that the package may take, which says more of each name


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.platform()}")
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder) / "dist")
        of_graph = Index((Path(folder) / "dist" / RECONCILIATION).read_bytes())
    missed, made = False, made_up()
    for what, index, share in (("the graph", of_graph, 1), (f"{MADE_UP:,} cities", made, 100)):
        names = column(index)
        began = process_time()
        found = reconciled(index, names)
        took = process_time() - began
        began = process_time()
        choices = list(index.forms)
        for name in names[::share]:
            get_close_matches(name.lower(), choices, n=10, cutoff=0.6)
        peer = (process_time() - began) * share
        verdict = "ok" if (index is made or took <= MOST) and took <= PEERS * peer else "MISSED"
        missed |= verdict != "ok"
        print(
            f"{NAMES:,} names in {what}: {took:.2f} s, difflib {peer:.2f} s, "
            f"ratio {took / peer:.3f} (at most {PEERS:g}), {found} certain: {verdict}"
        )
    return int(missed)


def column(index: Index) -> list[str]:
    """Names of the index, every second with a typo."""
    chance = random.Random(21)
    every = sorted({text for entity in index.entities.values() for of in entity.names.values() for text in of})
    names = [chance.choice(every) for _ in range(NAMES)]
    return [name if number % 2 else misspelt(name, chance) for number, name in enumerate(names)]


def misspelt(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    return name[:place] + chance.choice(string.ascii_lowercase) + name[place + 1 :]


def reconciled(index: Index, names: Sequence[str]) -> int:
    """Match the names, from the texts of requests to those of answers, and return how many matches are certain."""
    certain = 0
    for start in range(0, len(names), BATCH):
        text = json.dumps({f"q{number}": {"query": name} for number, name in enumerate(names[start : start + BATCH])})
        for query in batch(json.loads(text), BATCH).values():
            results = [candidate(index, found, "en") for found in candidates(index, query)]
            json.dumps(results)
            certain += any(result["match"] for result in results)
    return certain


def made_up() -> Index:
    """An index of cities with names of letters by chance."""
    chance = random.Random(5)
    syllables = [a + b for a in "bdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "en", "or", "al")]
    cities = [
        {
            "id": f"city/{number}",
            "iri": f"https://example.org/id/city/{number}",
            "types": ["gp:City"],
            "names": {tag: ["".join(chance.choices(syllables, k=chance.randint(2, 5))).capitalize()] for tag in "ab"},
            "description": {},
            "values": {"gp:startYear": [chance.randint(1950, 2020)]},
        }
        for number in range(MADE_UP)
    ]
    year = {"id": "gp:startYear", "name": {"en": "year"}, "kind": "year", "of": ["gp:City"], "range": ""}
    types = [{"id": "gp:City", "name": {"en": "city"}}]
    about = {"name": {"en": "Made up"}, "languages": ["en"], "version": "", "space": "", "schema": ""}
    return Index(json.dumps({**about, "types": types, "properties": [year], "entities": cities}).encode())


if __name__ == "__main__":
    sys.exit(main())
