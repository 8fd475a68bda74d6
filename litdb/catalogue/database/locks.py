"""Refusing to write a database where file locks do not work.

SQLite trusts the file system's locks. Where they are missing or pretend (some network mounts), two writers
destroy the file; so the folder is tried before it is used.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import tempfile
from pathlib import Path

from litdb.errors import CatalogueError

_NETWORK = ("nfs", "cifs", "smb", "afp", "fuse.sshfs")
_F_OFD_SETLK = 37  # Linux: locks that belong to the open file, so one process can test them against itself


def refuse_without_locks(path: Path) -> None:
    """Raise CatalogueError when `path` lies where two processes cannot exclude one another."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise CatalogueError(f"the folder {folder} does not exist: make it first")
    kind = mount_kind(folder)
    if kind.startswith(_NETWORK):
        raise CatalogueError(
            f"{path} lies on a network file system ({kind}) whose locks cannot be trusted: "
            "use a local disk, or PostgreSQL for a group"
        )
    if not locks_work(path if path.exists() else folder):
        raise CatalogueError(
            f"{path} lies on a file system without working locks: use a local disk, or PostgreSQL for a group"
        )


def mount_kind(folder: Path, mounts: str | None = None) -> str:
    """The file system type that holds `folder` (Linux); '' where it cannot be told."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind


def locks_work(place: Path) -> bool:
    """Whether an exclusive lock keeps a second opener out, tried on a scratch file beside `place`."""
    if not sys.platform.startswith("linux"):
        return True
    import fcntl

    folder = place if place.is_dir() else place.parent
    request = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        first, name = tempfile.mkstemp(prefix=".litdb-lock-", dir=folder)
    except OSError:
        return True  # not writable at all: SQLite says so better
    try:
        second = os.open(name, os.O_RDWR)
        try:
            fcntl.fcntl(first, _F_OFD_SETLK, request)
        except OSError:
            return False
        try:
            fcntl.fcntl(second, _F_OFD_SETLK, request)
        except OSError:
            return True
        finally:
            os.close(second)
        return False
    finally:
        os.close(first)
        with contextlib.suppress(OSError):
            os.unlink(name)
