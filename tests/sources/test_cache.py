"""Downloads are on disk whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from litdb.errors import LitdbError
from litdb.sources.cache import Cache, state_of
from litdb.sources.types import ArxivId

PAPER = ArxivId("quant-ph/0201082", 2)
URL = "https://arxiv.org/e-print/quant-ph/0201082v2"


def test_keeps_bytes_by_their_hash_and_finds_them_by_id(tmp_path: Path) -> None:
    entry = Cache(tmp_path).put(PAPER, "eprint", b"bytes", url=URL)
    again = Cache(tmp_path)
    assert again.entry(PAPER, "eprint") == entry
    assert entry.sha256 is not None
    assert again.read(entry.sha256) == b"bytes"
    assert again.path_of(entry.sha256).read_bytes() == b"bytes"
    assert again.entry(PAPER, "html") is None
    assert again.entry(PAPER.with_version(1), "eprint") is None


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first = cache.put(PAPER, "eprint", b"same", url=URL)
    second = cache.put(PAPER.with_version(3), "eprint", b"same", url=URL)
    assert first.sha256 == second.sha256
    assert sum(path.is_file() for path in (tmp_path / "objects").rglob("*")) == 1


def test_remembers_that_a_source_has_nothing(tmp_path: Path) -> None:
    Cache(tmp_path).put_absent(PAPER, "html", url=URL)
    entry = Cache(tmp_path).entry(PAPER, "html")
    assert entry is not None
    assert entry.sha256 is None


def test_bytes_that_changed_on_disk_count_as_missing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    sha256 = cache.put(PAPER, "eprint", b"bytes", url=URL).sha256
    assert sha256 is not None
    cache.path_of(sha256).write_bytes(b"bytez")
    assert cache.read(sha256) is None
    assert cache.entry(PAPER, "eprint") is None
    cache.put(PAPER, "eprint", b"bytes", url=URL)
    assert cache.read(sha256) == b"bytes"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"sha256": 3}', '{"sha256": null, "url": "x", "fetched_at": "y"}']
)
def test_a_damaged_index_entry_counts_as_missing(tmp_path: Path, text: str) -> None:
    cache = Cache(tmp_path)
    cache.put(PAPER, "eprint", b"bytes", url=URL)
    (path,) = (tmp_path / "index").rglob("*.json")
    path.write_text(text)
    assert cache.entry(PAPER, "eprint") is None


def test_drops_what_killed_processes_left_and_nothing_younger(tmp_path: Path) -> None:
    Cache(tmp_path)
    old, young = tmp_path / "tmp" / "old", tmp_path / "tmp" / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 86400
    os.utime(old, (two_days_ago, two_days_ago))
    Cache(tmp_path)
    assert not old.exists()
    assert young.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LitdbError, match="cannot be made"):
        Cache(tmp_path / "file" / "cache")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_write_leaves_neither_file_nor_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    cache = Cache(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.put(PAPER, "eprint", b"bytes", url=URL)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert cache.entry(PAPER, "eprint") is None


_WRITER = """
import sys
from pathlib import Path
from litdb.sources.cache import Cache, state_of
from litdb.sources.types import ArxivId
cache = Cache(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    number += 1
    cache.put(ArxivId("2401.00001", number % 9 + 1), "eprint", bytes([number % 256]) * 300_000,
    url="https://arxiv.org")
"""


def test_a_killed_writer_leaves_nothing_half(tmp_path: Path) -> None:
    for round_number in range(5):
        process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03 + 0.017 * round_number)
        process.kill()
        process.wait()
        process.stdout.close()
    cache = Cache(tmp_path)
    found = 0
    for version in range(1, 10):
        entry = cache.entry(ArxivId("2401.00001", version), "eprint")
        if entry is not None:
            assert entry.sha256 is not None
            data = cache.read(entry.sha256)
            assert data is not None
            assert len(data) == 300_000
            found += 1
    assert found > 0
    for path in (tmp_path / "objects").rglob("*"):
        assert path.is_dir() or cache.read(path.name) is not None


def test_a_changed_file_is_known_as_changed_and_written_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    sha256 = cache.keep(b"bytes")
    assert state_of(cache.path_of(sha256), sha256) == "whole"
    cache.path_of(sha256).write_bytes(b"bytez")  # as long as before
    assert state_of(cache.path_of(sha256), sha256) == "changed"
    assert cache.keep(b"bytes") == sha256
    assert cache.read(sha256) == b"bytes"
    cache.path_of(sha256).write_bytes(b"bytez")
    cache.put(PAPER, "eprint", b"bytes", url=URL)
    assert state_of(cache.path_of(sha256), sha256) == "whole"
    cache.path_of(sha256).unlink()
    assert state_of(cache.path_of(sha256), sha256) == "missing"
