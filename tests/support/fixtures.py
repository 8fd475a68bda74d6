"""Pytest fixtures that need no network; import them in a `conftest.py` to use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.papers import PAPERS
from tests.support.replay import ReplayServer


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplayServer]:
    """A replay server with `PAPERS`; litdb here and in child processes is pointed at it, without a delay."""
    with ReplayServer(PAPERS) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server
