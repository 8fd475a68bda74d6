"""Each test of the api has a home and a working folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LITDB_USER", "tester")
    monkeypatch.delenv("LITDB_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
