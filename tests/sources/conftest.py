"""Fixtures of the tests of `litdb.sources`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from litdb.sources.arxiv import ArxivSource
from litdb.sources.web.transport import Patience
from tests.support.fixtures import replay
from tests.support.replay import ReplayServer

__all__ = ["replay"]

Opener = Callable[..., ArxivSource]


@pytest.fixture
def open_source(replay: ReplayServer, tmp_path: Path) -> Iterator[Opener]:
    """Open a source on the replay server (with the same cache each time) that is closed after the test."""
    opened: list[ArxivSource] = []

    def open_it(**options: Any) -> ArxivSource:
        options.setdefault("patience", Patience(connect=2.0, silence=0.5, total=0.3))
        source = ArxivSource(tmp_path / "cache", **options)
        opened.append(source)
        return source

    yield open_it
    for source in opened:
        source.close()


@pytest.fixture
def source(open_source: Opener) -> ArxivSource:
    """A source on the replay server."""
    return open_source()
