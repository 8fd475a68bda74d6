"""One made-up catalogue and its site, for all tests of the room: they only look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.site.build import build_site
from litdb.site.files import Site
from tests.support.sites import site_catalogue


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[litdb.Catalogue]:
    """The catalogue, open."""
    before = os.environ.get("LITDB_USER")
    os.environ["LITDB_USER"] = "tester"
    try:
        with site_catalogue(tmp_path_factory.mktemp("made")) as catalogue:
            yield catalogue
    finally:
        os.environ.pop("LITDB_USER") if before is None else os.environ.update(LITDB_USER=before)


@pytest.fixture(scope="session")
def files(made: litdb.Catalogue) -> dict[str, bytes]:
    """The files of its site by their path."""
    return {name: content for step in Site(made.everything()).files() for name, content in step}


@pytest.fixture(scope="session")
def built(made: litdb.Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its site."""
    out = tmp_path_factory.mktemp("site") / "out"
    build_site(made, out)
    return out
