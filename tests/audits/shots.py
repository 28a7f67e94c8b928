"""Take screenshots of the site at three widths, in light and dark: ``make shots``.

They are written to ``shots/``, to be looked at, and one to ``.github/overview.png``, which the README shows.
"""

import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

import browsing  # noqa: E402
from ghent_partnerships.publishing.publish import publish  # noqa: E402

WIDTHS = (360, 768, 1440)
HEIGHT = 900
TALLEST = 8_000  # more of a list shows no more
PAGES = {
    "overview": "index.html",
    "overview-nl": "index.nl.html",
    "cities": "partner-cities.html",
    "everything": "resources.html",
    "data": "data.html",
    "about": "about.html",
    "rules": "shapes.html",
    "ask": "query.html",
    "partnership": "doc/partnership/ghent-kanazawa.html",
    "city": "doc/city/kanazawa.html",
    "source": "doc/source/history-of-bilateral-partnerships.html",
    "concept": "doc/concept/twinning.html",
    "terms": "ontology.html",
    "portals": "catalog.html",
    "changes": "feed.html",
}
SHOTS = ROOT / "shots"
README = ROOT / ".github" / "overview.png"
README_SIZE = {"width": 1200, "height": 900}


def main() -> int:
    """Publish, serve and take the screenshots of every kind of page."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
    with (
        tempfile.TemporaryDirectory() as temporary,
        browsing.chromium() as browser,
        browsing.served(publish(f"{temporary}/dist").directory) as address,
    ):
        for scheme, width in product(("light", "dark"), WIDTHS):
            for name, path in PAGES.items():
                size = {"width": width, "height": HEIGHT}
                with browsing.visit(browser, address + path, color_scheme=scheme, viewport=size) as page:
                    page.wait_for_load_state("networkidle")
                    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                    shown = {"x": 0, "y": 0, "width": width, "height": height}
                    page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True, clip=shown)
        with browsing.visit(browser, f"{address}index.html", color_scheme="light", viewport=README_SIZE) as page:
            page.wait_for_load_state("networkidle")
            page.screenshot(path=README)
    print(f"{len([*SHOTS.iterdir()])} screenshots in {SHOTS.relative_to(ROOT)}/, and {README.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
