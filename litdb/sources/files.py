"""Local files: a paper's source with what it includes, a file of results; bounded, and nothing outside their folder."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from litdb.errors import InputError
from litdb.sources.eprint import eprint_files
from litdb.sources.includes import included_files

#: The longest local file that is read.
MAX_FILE_BYTES = 200_000_000


def read_file(path: str, most: int = MAX_FILE_BYTES) -> str:
    """The text of a file of at most so many bytes, `-` for standard input. Raises InputError."""
    too_long = InputError(f"{path} is larger than {most // 1_000_000} MB: give what is asked for alone")
    try:
        if path == "-":
            data = sys.stdin.buffer.read(most + 1) if hasattr(sys.stdin, "buffer") else sys.stdin.read()
        else:
            with Path(path).open("rb") as file:
                if os.fstat(file.fileno()).st_size > most:
                    raise too_long
                data = file.read(most + 1)
        text = data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a text file in UTF-8") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > most:
        raise too_long
    if "\0" in text:
        raise InputError(f"{path} is not a text file: it holds NUL bytes")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: Path) -> bytes:
    """A local file's bytes. Raises InputError with the reason, for a folder, a pipe, an empty file and one past the bound too."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder: give files")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} is a pipe or device: give a file")
        if status.st_size > MAX_FILE_BYTES:
            raise InputError(
                f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB: give the paper's source alone"
            )
        data = path.read_bytes()
        if not data:
            raise InputError(f"{path} is empty: give the file with its content")
        return data
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def files_of(path: Path, data: bytes) -> dict[str, str | bytes]:
    """The files of a local source: the members of an archive, or the file itself with what it includes.

    Other files that lie beside a tex file are no part of it; nothing outside its folder is read.
    """
    if data[:2] == b"\x1f\x8b" or path.suffix in (".tar", ".gz", ".tgz"):
        unpacked = eprint_files(data)
        if not unpacked.files:
            raise InputError(f"{path} holds no LaTeX source")
        return dict(unpacked.files)
    return {path.name: data, **(included_files(path, data) if path.suffix in (".tex", ".ltx") else {})}
