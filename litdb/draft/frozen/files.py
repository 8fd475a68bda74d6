"""Files of a paper as they are written: only what changed, whole or not at all, and nothing that litdb did not write."""

from __future__ import annotations

from pathlib import Path

from litdb._written import check_replaced, replace_file
from litdb.errors import InputError, LitdbError

#: What the first line of every text that litdb writes into a paper holds.
MARK = "Made by litdb"
#: Kinds of figures that say in themselves who made them.
_SIGNED = (".pdf", ".svg")


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file unless it is that already; whether it was written. A killed program leaves the old file.

    Raises InputError for a file that litdb did not write, UsageError for a database, LitdbError where it cannot be written.
    """
    check_replaced(path)
    signature = MARK.encode() if MARK.encode() in data else b"litdb" if path.suffix in _SIGNED else b""
    try:
        old = path.read_bytes() if path.exists() else None
        if old == data:
            return False
        if old is not None and signature not in old:
            raise InputError(f"{path} was not written by litdb: move it away, or name another file")
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data)
    except OSError as error:
        raise LitdbError(f"{path} cannot be written: {error.strerror or error}") from error
    return True
