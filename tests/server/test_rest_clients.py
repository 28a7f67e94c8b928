"""Programs that nobody here wrote, asking the API as the documentation shows, and by its description."""

import asyncio
import csv
import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import needs
from ghent_partnerships.publishing.publish import Published
from serving import Served

ROOT = Path(__file__).parents[2]
DOCUMENTED = "https://example.org/"  # where the documentation asks
DEEP = int(os.environ.get("DEEP", "1"))  # times as many examples: DEEP=100 takes minutes
CITIES = ["Burgas", "Gdańsk", "Liège", "Weihai", "Taizhou"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def example(served: Served, language: str, containing: str) -> str:
    """An example of the documentation, which asks the server of the tests."""
    text = (ROOT / "scripts" / "README.md").read_text(encoding="utf-8")
    (block,) = [block for block in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S) if containing in block]
    return block.replace(DOCUMENTED, served.address)


def run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def test_curl_asks_as_documented(served: Served) -> None:
    needs.program("curl")
    printed = run(["sh", "-euc", example(served, "sh", "api/queries/partner-cities")])
    assert "Burgas,Bulgarije,2009" in printed
    assert '"nameNl":"Luik"' in printed


def test_pandas_and_duckdb_read_as_documented(served: Served) -> None:
    pytest.importorskip("duckdb", reason="not run; to run it: pip install duckdb")
    found: dict[str, object] = {}
    exec(example(served, "python", "duckdb"), found)
    assert list(found["cities"].columns[:2]) == ["city", "name"]  # type: ignore[attr-defined]
    assert found["since"] == [(1982, 2)]
    assert list(found["partners"]["city"]) == CITIES  # type: ignore[index]


def test_r_reads_as_documented(served: Served) -> None:
    r = needs.program("Rscript", "r-base-core r-cran-jsonlite")
    printed = run([r, "--vanilla", "-e", example(served, "r", "jsonlite")])
    assert "Burgas" in printed
    assert "15" in printed


def test_libreoffice_reads_a_sheet_from_its_address(served: Served, tmp_path: Path) -> None:
    office = needs.program("soffice", "libreoffice-calc")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    address = f"{served.address}api/queries/partner-cities.csv"
    run([office, home, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), address])
    (sheet,) = tmp_path.glob("*.csv")
    head, *rows = csv.reader(io.StringIO(sheet.read_text(encoding="utf-8")))
    assert (head, [row[0] for row in rows]) == (["city", "country", "year"], CITIES)


@pytest.fixture(scope="module")
def client(dist: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The package that the generator makes of the description."""
    folder = tmp_path_factory.mktemp("client")
    generator = Path(sys.executable).with_name("openapi-python-client")
    if not generator.exists():
        needs.not_run("the generator is not in the environment", "pip install openapi-python-client")
    settings = folder / "settings.yaml"
    settings.write_text("post_hooks: []\npackage_name_override: generated_client\n", encoding="utf-8")
    description = str(dist.directory / "openapi.json")
    options = ["--path", description, "--config", str(settings), "--meta", "none", "--output-path"]
    printed = run([str(generator), "generate", *options, str(folder / "generated_client"), "--fail-on-warning"])
    assert "Warning" not in printed
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("generated_client")


def test_a_generated_client_asks_with_types(client: ModuleType, served: Served) -> None:
    api = importlib.import_module("generated_client.api.queries.ask_twinnings_begun_in_year")
    cities = importlib.import_module("generated_client.api.tables.list_cities")
    city = importlib.import_module("generated_client.api.tables.get_city")
    asking = client.Client(base_url=f"{served.address}api")
    begun = api.sync(client=asking, year=1982, lang=type_of(api, "lang")("nl"))
    assert [(row.year, row.city) for row in begun] == [(1982, "Mohammedia"), (1982, "Tallinn")]
    assert len(cities.sync(client=asking)) == 15
    row = asyncio.run(city.asyncio("liege", client=asking))
    assert (row.name_nl, row.latitude) == ("Luik", 50.63373)


def type_of(module: ModuleType, parameter: str) -> Callable[[str], object]:
    """The enumeration that the client has for a parameter."""
    (name,) = [name for name in vars(module) if name.lower().endswith(parameter) and name[0].isupper()]
    found: Callable[[str], object] = getattr(module, name)
    return found


def test_schemathesis_finds_nothing(served: Served) -> None:
    """What fits the description is answered as it says, and what does not is refused; every operation is asked."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    schema = schemathesis.openapi.from_url(f"{served.address}openapi.json")
    schema.config.update(base_url=f"{served.address}api")
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode, count in ((schemathesis.GenerationMode.POSITIVE, 2), (schemathesis.GenerationMode.NEGATIVE, 1)):

            @settings(
                max_examples=count * DEEP,
                deadline=None,
                database=None,
                derandomize=DEEP == 1,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                case.call_and_validate()
                asked.add(case.operation.path)

            ask()
    assert len(asked) > 25
