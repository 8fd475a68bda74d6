"""A catalogue with the seed in it, and a run folder with scores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.cli import main
from tests.support.runs import sha, write_run, write_scores

FILES = {"p232_001": 2.5, "p232_002": 3.0, "p257_001": 3.5}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[litdb.Catalogue]:
    main_db = tmp_path / "mine.db"
    assert command("init", str(main_db)) == 0
    with litdb.open(main_db) as opened:
        yield opened


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return int(stop.value.code or 0)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = write_run(tmp_path / "full-1")
    write_scores(folder, "best-composite", FILES, expected=824)
    return folder


def grown(folder: Path) -> None:
    """The same training at a later epoch: other bytes under the same names."""
    entries = json.loads((folder / "checkpoints.json").read_text())
    for entry in entries:
        entry["epoch"] += 2
        entry["sha256"] = sha(f"later {entry['name']}")
    (folder / "checkpoints.json").write_text(json.dumps(entries))
