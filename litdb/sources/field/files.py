"""Files of metadata as a stream: Kaggle's snapshot of arXiv (JSON lines) or a TSV with a header, plain or gzipped."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from litdb.errors import InputError, TooLarge
from litdb.sources.field.listed import Listed, Unlisted, day_of, listed, split_authors, version_of

#: The longest line, in bytes, and the most bytes of all once unpacked (a bomb has no end).
MOST_OF_LINE, MOST_OF_FILE = 1 << 22, 1 << 36
_GZIP = b"\x1f\x8b"
_NEEDED = ("arxiv_id", "title")


def read_listing(path: Path) -> Iterator[Listed | Unlisted]:
    """The records of a file, one by one; a line that cannot be used is one of :class:`Unlisted`.

    Raises InputError for what cannot be read or is no such file, TooLarge for a line or a file past the bounds.
    """
    try:
        with _opened(path) as stream:
            yield from _records(stream, path.name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path.name} is cut short or damaged: download it again") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.is_dir():
        raise InputError(f"{path} is a folder: give the file of metadata in it")
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == _GZIP
        yield cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=raw))) if packed else raw


def _records(stream: BinaryIO, name: str) -> Iterator[Listed | Unlisted]:
    numbered = _lines(stream, name)
    first = next(((number, line) for number, line in numbered if line.strip()), None)
    if first is None:
        raise InputError(f"{name} is empty: give arXiv's metadata as JSON lines, or a TSV with a header")
    if first[1].lstrip().startswith("{"):
        yield _from_json(*first)
        for number, line in numbered:
            if line.strip():
                yield _from_json(number, line)
        return
    header = [column.strip().lower() for column in first[1].rstrip("\r\n").split("\t")]
    if missing := [column for column in _NEEDED if column not in header]:
        raise InputError(
            f"{name} is neither JSON lines nor a TSV whose header names {' and '.join(missing)}: "
            "its first line must be like arxiv_id, version, first_submitted, title, abstract, authors, categories"
        )
    if len(set(header)) < len(header):
        raise InputError(f"{name} has a column twice in its header: leave one out")
    for number, line in numbered:
        if line.strip():
            yield _from_row(number, line, header)


def _lines(stream: BinaryIO, name: str) -> Iterator[tuple[int, str]]:
    total, number = 0, 0
    while line := stream.readline(MOST_OF_LINE + 1):
        number += 1
        total += len(line)
        if len(line) > MOST_OF_LINE:
            raise TooLarge(
                f"{name} has a line {number} of over {MOST_OF_LINE >> 20} MB: it is no list of papers"
            )
        if total > MOST_OF_FILE:
            raise TooLarge(f"{name} is longer than {MOST_OF_FILE >> 30} GB of text")
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name} is not UTF-8 text (line {number}): give the file of metadata itself"
            ) from error


def _from_json(number: int, line: str) -> Listed | Unlisted:
    """A record of Kaggle's snapshot."""
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise InputError("it is no JSON object")
        versions = [entry for entry in _list(record, "versions") if isinstance(entry, dict)]
        names = [entry for entry in _list(record, "authors_parsed") if isinstance(entry, list)]
        return listed(
            _text(record, "id"),
            _text(record, "title"),
            version=max(
                filter(None, (version_of(_text(entry, "version")) for entry in versions)), default=None
            ),
            first_submitted=day_of(_text(versions[0], "created")) if versions else None,
            abstract=_text(record, "abstract"),
            authors=_parsed_names(names) or split_authors(_text(record, "authors")),
            categories=tuple(_text(record, "categories").split()),
            doi=_text(record, "doi"),
            journal=_text(record, "journal-ref"),
        )
    except InputError as error:
        return Unlisted(f"line {number}", str(error))
    except (ValueError, RecursionError):
        return Unlisted(f"line {number}", "it is no JSON")


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _parsed_names(names: list[list[Any]]) -> tuple[str, ...]:
    """Names given as [family, first, suffix]."""
    return tuple(
        " ".join(
            str(part)
            for part in (entry[1:2] + entry[:1] + entry[2:3])
            if isinstance(part, str) and part.strip()
        )
        for entry in names
    )


def _from_row(number: int, line: str, header: list[str]) -> Listed | Unlisted:
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) > len(header):
        return Unlisted(f"line {number}", f"it has {len(cells)} cells, the header {len(header)}")
    row = dict(zip(header, cells, strict=False))
    if row.get("first_submitted", "").strip() and day_of(row["first_submitted"]) is None:
        return Unlisted(f"line {number}", f"{row['first_submitted'][:40]!r} is no date")
    try:
        return listed(
            row.get("arxiv_id", ""),
            row.get("title", ""),
            version=version_of(row.get("version", "")),
            first_submitted=day_of(row.get("first_submitted", "")),
            abstract=row.get("abstract", ""),
            authors=split_authors(row.get("authors", "")),
            categories=tuple(row.get("categories", "").replace(",", " ").split()),
            doi=row.get("doi", ""),
        )
    except InputError as error:
        return Unlisted(f"line {number}", str(error))
