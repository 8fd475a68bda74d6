"""Tests on real files, which lie outside the repository: a folder named by LITDB_REAL_DATA."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; tests that ask for it are skipped where there is none."""
    repository = Path(__file__).resolve().parents[2]
    # Absolute, since tests link to its files from elsewhere and CI names it relative to the repository.
    folder = Path(os.environ.get("LITDB_REAL_DATA", repository.parent / "shared" / "real")).absolute()
    if not folder.is_dir():
        pytest.skip(f"no real files: {folder} does not exist (set LITDB_REAL_DATA)")
    return folder
