"""Files of a paper as they are written: only what changed, whole or not at all, and nothing that litdb did not write."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from litdb.errors import InputError, LitdbError

#: What the first line of every text that litdb writes into a paper holds.
MARK = "Made by litdb"
#: Kinds of files that say in themselves who made them, and the bytes that say so.
_SIGNED = {".tex": MARK.encode(), ".bib": MARK.encode(), ".pdf": b"litdb", ".svg": b"litdb"}


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it is that already; whether it was written. A killed program leaves the old file.

    Raises InputError for a file that litdb did not write, LitdbError where it cannot be written.
    """
    try:
        old = path.read_bytes() if path.exists() else None
        if old == data:
            return False
        if old is not None and _SIGNED.get(path.suffix, b"") not in old:
            raise InputError(f"{path} was not written by litdb: move it away, or name another file")
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    except OSError as error:
        raise LitdbError(f"{path} cannot be written: {error.strerror or error}") from error
    return True


def replace_file(path: Path, data: bytes) -> None:
    """Put a whole file in the place of another, in one step."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
