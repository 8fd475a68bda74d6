"""What tests of drafts share: the shipped catalogue, only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place


@pytest.fixture(scope="session")
def sota(shipped_file: Path) -> Iterator[litdb.Catalogue]:
    """The shipped catalogue, only read."""
    with litdb.Catalogue(Place(str(shipped_file), read_only=True)) as opened:
        yield opened
