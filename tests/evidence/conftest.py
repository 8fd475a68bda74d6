"""An empty working catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.where import Place, make_working


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[litdb.Catalogue]:
    """An empty working catalogue, open."""
    monkeypatch.setenv("LITDB_USER", "tester")
    place = str(tmp_path / "mine.db")
    make_working(place, empty=True).close()
    with litdb.Catalogue(Place(place, read_only=False)) as opened:
        yield opened
