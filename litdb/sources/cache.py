"""Downloads on disk, addressed by content; a file is written completely or not at all.

Layout below the cache folder:

    objects/ab/abcdef...      the bytes, named by their sha256
    index/<paper>/v2.eprint.json   which bytes (id, version, kind) stands for, or that there are none
    records/<paper>/v2.json   what the API said about a version
    searches/<key>/0000.json  the pages of a search, so that an interrupted one can continue
    tmp/                      files being written

A file appears under its final name by `os.replace` after an fsync, so a killed process leaves at most a file
in `tmp/`, and an index entry never names bytes that are not there. Two processes may write the same entry:
the last wins.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from litdb.errors import LitdbError
from litdb.sources.types import ArxivId, PaperRecord

SourceKind = Literal["eprint", "html"]
CacheState = Literal["whole", "missing", "changed"]

_STALE_TEMP_SECONDS = 86400.0  # no download takes a day, so such a file belongs to a process that was killed


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What the index knows about one source of one paper version."""

    sha256: str | None
    """None: the source was asked and has nothing for this version."""
    url: str
    fetched_at: datetime

    @property
    def absent(self) -> bool:
        """Whether the source answered that it has nothing."""
        return self.sha256 is None


def place_of(root: Path, sha256: str) -> Path:
    """Where a cache folder keeps the bytes with this hash, or would keep them."""
    return root / "objects" / sha256[:2] / sha256


def state_of(path: Path, sha256: str) -> CacheState:
    """Whether a file is there, and whether it still holds the bytes with this hash."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"
    return "whole" if found == sha256 else "changed"


class Cache:
    """A content-addressed store of downloads below `root`, made on first use. Ids have a version."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        try:
            self._tmp.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LitdbError(
                f"the cache folder {self.root} cannot be made ({error.strerror}); name another"
            ) from error
        self._drop_stale_temps()

    @property
    def _tmp(self) -> Path:
        return self.root / "tmp"

    def holds(self, sha256: str) -> bool:
        """Whether the bytes with this hash are here, unchanged."""
        return state_of(self.path_of(sha256), sha256) == "whole"

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash are, or would be."""
        return place_of(self.root, sha256)

    def put(self, arxiv_id: ArxivId, kind: SourceKind, data: bytes, *, url: str) -> CacheEntry:
        """Store the bytes of one source of one version; the bytes first, then the index entry."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.keep(data)
        return self._put_entry(arxiv_id, kind, sha256, url)

    def keep(self, data: bytes) -> str:
        """Store bytes that no source has (a local file), without an index entry; their hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.holds(sha256):
            self._write(self.path_of(sha256), data)
        return sha256

    def put_absent(self, arxiv_id: ArxivId, kind: SourceKind, *, url: str) -> CacheEntry:
        """Remember that this source has nothing for this version."""
        return self._put_entry(arxiv_id, kind, None, url)

    def entry(self, arxiv_id: ArxivId, kind: SourceKind) -> CacheEntry | None:
        """The index entry, or None when the source was never asked or its bytes are gone."""
        values = self._read_json(self._index_path(arxiv_id, kind))
        if values is None:
            return None
        try:
            sha256 = values["sha256"]
            entry = CacheEntry(sha256, str(values["url"]), datetime.fromisoformat(values["fetched_at"]))
        except (KeyError, TypeError, ValueError):
            return None
        if sha256 is not None and not self.path_of(str(sha256)).exists():
            return None
        return entry

    def read(self, sha256: str) -> bytes | None:
        """The bytes with this hash, or None. Bytes a bad disk changed are removed and count as missing."""
        path = self.path_of(sha256)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(data).hexdigest() != sha256:
            path.unlink(missing_ok=True)
            return None
        return data

    def put_record(self, record: PaperRecord) -> None:
        """Keep what the API said about one version."""
        path = self._paper_folder("records", record.arxiv_id) / f"v{record.version}.json"
        self.put_json(path, record.as_json())

    def record(self, arxiv_id: ArxivId) -> PaperRecord | None:
        """The stored record of that version, or of the newest stored one when the id has no version."""
        folder = self._paper_folder("records", arxiv_id)
        if arxiv_id.version is not None:
            paths = [folder / f"v{arxiv_id.version}.json"]
        else:
            paths = sorted(folder.glob("v*.json"), key=lambda path: (len(path.name), path.name), reverse=True)
        for path in paths:
            values = self._read_json(path)
            with suppress(KeyError, TypeError, ValueError):
                if values is not None:
                    return PaperRecord.from_json(values)
        return None

    def search_folder(self, key: str) -> Path:
        """The folder of a search's pages; `key` is hashed, so it may hold anything."""
        return self.root / "searches" / hashlib.sha256(key.encode()).hexdigest()[:32]

    def put_json(self, path: Path, values: Mapping[str, Any]) -> None:
        """Write a small JSON file whole."""
        self._write(path, json.dumps(values, ensure_ascii=False).encode())

    def get_json(self, path: Path) -> dict[str, Any] | None:
        """Read a JSON object; None when it is missing or damaged."""
        return self._read_json(path)

    def _put_entry(self, arxiv_id: ArxivId, kind: SourceKind, sha256: str | None, url: str) -> CacheEntry:
        entry = CacheEntry(sha256, url, datetime.now(UTC))
        values = {"sha256": sha256, "url": url, "fetched_at": entry.fetched_at.isoformat()}
        self.put_json(self._index_path(arxiv_id, kind), values)
        return entry

    def _index_path(self, arxiv_id: ArxivId, kind: SourceKind) -> Path:
        return self._paper_folder("index", arxiv_id) / f"v{arxiv_id.version}.{kind}.json"

    def _paper_folder(self, room: str, arxiv_id: ArxivId) -> Path:
        return self.root / room / arxiv_id.id.replace("/", "_")

    @staticmethod
    def _read_json(path: Path) -> dict[str, Any] | None:
        try:
            values = json.loads(path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return values if isinstance(values, dict) else None

    def _write(self, target: Path, data: bytes) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._tmp)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(name, target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            _fsync_folder(target.parent)
        except OSError as error:
            raise LitdbError(
                f"the cache cannot be written at {target} ({error.strerror}); free or name a place"
            ) from error

    def _drop_stale_temps(self) -> None:
        limit = time.time() - _STALE_TEMP_SECONDS
        for path in self._tmp.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < limit:
                    path.unlink()


def _fsync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the platform lets folders be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
