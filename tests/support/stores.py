"""Catalogues to test with: each on SQLite, and on PostgreSQL where a server is given.

LITDB_TEST_POSTGRES is the URL of a server on which databases may be created, such as `.ci/postgres start DIR` prints.
"""

from __future__ import annotations

import functools
import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from litdb._places import packaged
from litdb.catalogue.database import places
from litdb.catalogue.database.migrate import upgrade
from litdb.catalogue.database.schema import MetaRow
from litdb.catalogue.database.session import Store
from litdb.seed.build import build

MakePlace = Callable[[], str]
MakeStore = Callable[[], Store]


def _server() -> str:
    server = os.environ.get("LITDB_TEST_POSTGRES", "")
    if not server:
        pytest.skip("no PostgreSQL: LITDB_TEST_POSTGRES names no server")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakePlace]:
    """Makes the places of new databases: files in a temporary folder, or databases that are dropped afterwards."""
    if request.param == "sqlite":
        numbers = itertools.count(1)
        yield lambda: str(tmp_path / f"catalogue-{next(numbers)}.db")
        return
    server, made = make_url(_server()), []

    def create() -> str:
        name = f"litdb_test_{uuid.uuid4().hex[:12]}"
        _administer(server, f'CREATE DATABASE "{name}"')
        made.append(name)
        return server.set(database=name).render_as_string(hide_password=False)

    yield create
    for name in made:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: object, statement: str) -> None:
    store = Store(str(server))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    store.close()


@pytest.fixture
def new_store(new_place: MakePlace) -> Iterator[MakeStore]:
    """Makes empty working catalogues."""
    opened: list[Store] = []

    def create() -> Store:
        store = Store(new_place())
        opened.append(store)
        upgrade(store)
        with store.write() as session:
            session.add(MetaRow(name="kind", value="working"))
        return store

    yield create
    for store in opened:
        store.close()


@pytest.fixture
def store(new_store: MakeStore) -> Store:
    """One empty working catalogue."""
    return new_store()


def first_part_only(file: Path) -> None:
    """Have litdb in this process take `file`, a build of the first part of the seed, for the shipped catalogue.

    The rest grows with every paper somebody reads; what tests say of single rows and counts must not change with it.
    """
    usual = places.packaged
    places.packaged = lambda name: file if name == "sota.db" else usual(name)


@pytest.fixture(scope="session", autouse=True)
def shipped_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh build of the first part of the shipped catalogue, never to be written: the shipped one of all tests."""
    file = build(tmp_path_factory.mktemp("shipped") / "sota.db", harvest=False)
    first_part_only(file)
    return file


@pytest.fixture
def first_part_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of the shipped catalogue are of its first part, which takes a tenth of the time."""
    monkeypatch.setattr("litdb.seed.build.build", functools.partial(build, harvest=False))


@pytest.fixture(scope="session")
def whole_file() -> Path:
    """The shipped catalogue itself, never to be written."""
    return packaged("sota.db")


@pytest.fixture
def shipped(shipped_file: Path) -> Iterator[Store]:
    """The shipped catalogue, read-only."""
    store = Store(shipped_file, read_only=True)
    yield store
    store.close()
