import pytest, os
from pushing import *
from stores import *


@pytest.mark.parametrize("kind", [Virtuoso, Oxigraph])
def test_all(kind, tmp_path, monkeypatch):
    prepare(monkeypatch)
    with running(kind(tmp_path / "store")) as store:
        killed(
            store,
            [nth(n) for n in range(1, 45)] + [exchanging(G)] * 6 + [exchanging(H)] * 4
            if kind is Oxigraph
            else [nth(n) for n in range(1, 60)] + [exchanging(G)] * 3 + [exchanging(H)] * 3,
            tmp_path,
            monkeypatch,
        )
