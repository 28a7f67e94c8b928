"""Print Lighthouse's scores of a page of each type that people come to: ``make lighthouse``."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import browsing  # noqa: E402
import needs  # noqa: E402
from ghent_partnerships.publishing.publish import publish  # noqa: E402

LEAST = 95
PAGES = (
    "index.html",
    "doc/partnership/ghent-kanazawa.html",
    "query.html",
    "partner-cities.html",
    "data.html",
    "about.html",
    "search.html",
    "api.html",
    "doc/city/taizhou.html",
    "doc/country/china.html",
    "doc/source/history-of-bilateral-partnerships.html",
    "doc/query/twin-cities.html",
    "ontology.html",
)


def main() -> int:
    """Publish, serve and judge; return 1 if a score is below the least."""
    node, folder = needs.modules(HERE)
    shutil.copy(HERE / "lighthouse.mjs", folder)
    with tempfile.TemporaryDirectory() as temporary:
        site = publish(f"{temporary}/dist")
        with browsing.served(site.directory) as address:
            command = [node, folder / "lighthouse.mjs", *(address + path for path in PAGES)]
            settings = {**os.environ, "CHROME_PATH": needs.program("chromium")}
            done = subprocess.run(command, env=settings, stdout=subprocess.PIPE, text=True, check=True)
    least = 100
    for path, line in zip(PAGES, done.stdout.splitlines(), strict=True):
        report = json.loads(line)
        print(path, *(f"{title} {score}" for title, score in report["scores"]), sep="  ")
        least = min(least, *(score for _, score in report["scores"]))
        if report["failed"]:
            print("  not passed:", ", ".join(report["failed"]))
    return int(least < LEAST)


if __name__ == "__main__":
    sys.exit(main())
