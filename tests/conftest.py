"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place, make_working
from tests.support.stores import first_part_builds as first_part_builds
from tests.support.stores import new_place as new_place
from tests.support.stores import new_store as new_store
from tests.support.stores import shipped as shipped
from tests.support.stores import shipped_file as shipped_file
from tests.support.stores import store as store
from tests.support.stores import whole_file as whole_file

# As many tests run at once as there are cores; no test imports torch before this, and their processes inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

#: Files that take minutes; they begin first, so that no worker ends alone with one.
LONG = ("test_robustness.py", "test_wheel.py", "test_training.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, in the order above; all else stays."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test looks at, or makes, the catalogue of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITDB_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[litdb.Catalogue]:
    """An empty working catalogue, open."""
    monkeypatch.setenv("LITDB_USER", "tester")
    place = str(tmp_path / "mine.db")
    make_working(place, empty=True).close()
    with litdb.Catalogue(Place(place, read_only=False)) as opened:
        yield opened


@pytest.fixture
def catalogue_of_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[litdb.Catalogue]:
    """A working copy of what ships."""
    monkeypatch.setenv("LITDB_USER", "tester")
    place = str(tmp_path / "mine.db")
    make_working(place).close()
    with litdb.Catalogue(Place(place, read_only=False)) as opened:
        yield opened
