"""What tests of drafts share: a small draft on disk, and the shipped catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place
from litdb.draft.finding import DraftReport

#: What stands around the body of a draft.
FRAME = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"

CheckText = Callable[..., DraftReport]


@pytest.fixture(scope="session")
def sota(shipped_file: Path) -> Iterator[litdb.Catalogue]:
    """The shipped catalogue, only read."""
    with litdb.Catalogue(Place(str(shipped_file), read_only=True)) as opened:
        yield opened
