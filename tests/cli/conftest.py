"""Running commands in this process, each test with a home of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from litdb.cli._root import run
from tests.support.fixtures import replay as replay


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Litdb = Callable[..., Said]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and working folder."""
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LITDB_USER", "tester")
    monkeypatch.delenv("LITDB_DB", raising=False)
    monkeypatch.delenv("LITDB_CACHE", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def litdb(capsys: pytest.CaptureFixture[str]) -> Litdb:
    """Call a command as a user would: `litdb("models", "--json")`."""

    def call(*words: str) -> Said:
        capsys.readouterr()
        code = run(words)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call
