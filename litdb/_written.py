"""Files that a user asks for: whole or not at all, and never in the place of a database or of what they were made from."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from litdb.errors import InputError, LitdbError, UsageError

_DATABASE = b"SQLite format 3\0"


def check_target(path: Path) -> None:
    """Raise InputError unless a file can be written at `path`."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise InputError(
            f"{path} cannot be written, {path.parent} is not a folder: make it first, or name another file"
        )
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{path} cannot be written, nothing may be in {path.parent}: name a file elsewhere")


def check_replaced(path: Path, made_from: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Raise UsageError where a file stands at `path` that is not to be replaced: a database, or one that the new one is
    `made_from`."""
    if path.is_file() and _begins(path) == _DATABASE:
        raise UsageError(f"{path} is a database, and would be lost: name another file")
    if path.exists() and any(os.path.exists(file) and path.samefile(file) for file in made_from):
        raise UsageError(f"{path} is what was read, and would be lost: name another file")


def _begins(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE))
    except OSError:
        return b""


def write_file(path: Path, data: str | bytes, made_from: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Write a file that a user named, text in UTF-8; into a pipe or device (`/dev/stdout`) as it comes.

    Raises UsageError for what is not to be replaced (:func:`check_replaced`), LitdbError where it cannot be written.
    """
    content = data.encode() if isinstance(data, str) else data
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(content)
            return
        check_target(path)
        check_replaced(path, made_from)
        replace_file(path.resolve(), content)
    except OSError as error:
        raise LitdbError(f"{path} cannot be written: {error.strerror or error}") from error


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
