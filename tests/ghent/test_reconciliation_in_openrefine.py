"""The real OpenRefine matches a column with the service, guesses its type, and extends it by two columns."""

import csv
import io
import json
from pathlib import Path

from open_refine import open_refine
from serving import Served, ask

NAMES = {  # in the table, and what each is matched with by itself
    "Kanazawa": "city/kanazawa",
    "Danzig": "city/gdansk",
    "Luik": "city/liege",
    "Tallinn": "city/tallinn",
    "Saint-Raphael": "city/saint-raphael",
    "Nottingham": "city/nottingham",
    "カナザワ": "city/kanazawa",
    "Taizhou": None,
    "Wiesbadn": None,
    "Atlantis": None,
}


def test_openrefine_matches_guesses_and_extends(served: Served, tmp_path: Path) -> None:
    service = f"{served.address}reconcile"
    manifest = json.loads(ask(served.address, "/reconcile").body)
    spaces = {name: manifest[name] for name in ("identifierSpace", "schemaSpace")}
    with open_refine(tmp_path) as refine:
        refine.create("partners", ["Partner", *NAMES])

        guessed = json.loads(refine.post("guess-types-of-column", columnName="Partner", service=service))
        assert guessed["code"] == "ok", guessed
        best = guessed["types"][0]
        assert (best["id"], best["name"]) == ("gp:City", "city")

        of_type = {"id": best["id"], "name": best["name"]}
        config = {"mode": "standard-service", "service": service, **spaces, "type": of_type, "autoMatch": True}
        config |= {"columnDetails": [], "limit": 0}
        refine.post("reconcile", columnName="Partner", config=json.dumps(config))
        refine.wait()
        recons = {row["cells"][0]["v"]: row["cells"][0].get("r") for row in refine.rows()["rows"]}
        pool = refine.rows()["pool"]["recons"] if "pool" in refine.rows() else {}
        found = {name: pool.get(str(recon), recon) for name, recon in recons.items()}
        judged = {name: recon["m"]["id"] if recon and recon.get("m") else None for name, recon in found.items()}
        assert judged == NAMES
        assert [each["id"] for each in found["Taizhou"]["c"]][:3] == [
            "city/taizhou",
            "candidate/taizhou-jiangsu",
            "candidate/taizhou-zhejiang",
        ]

        properties = [{"id": "gp:startYear", "name": "partner since"}, {"id": "gp:country", "name": "country"}]
        extension = {"extension": json.dumps({"properties": properties}), "endpoint": service, **spaces}
        refine.post("extend-data", baseColumnName="Partner", columnInsertIndex="1", **extension)
        refine.wait()
        exported = refine.post("export-rows/partners.csv", format="csv").decode()
        rows = list(csv.DictReader(io.StringIO(exported)))
        values = {name: tuple(row.values()) for name, row in zip(NAMES, rows, strict=True)}
        assert values["Kanazawa"] == values["カナザワ"] == ("Kanazawa", "1971", "Japan")
        assert values["Danzig"] == ("Gdańsk", "2009", "Poland")
        assert values["Luik"] == ("Liège", "2011", "Belgium")
        assert values["Nottingham"] == ("Nottingham", "1985", "United Kingdom")
        assert values["Atlantis"] == ("Atlantis", "", "")
        assert values["Taizhou"] == ("Taizhou", "", "")
