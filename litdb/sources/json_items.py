"""The items of a large JSON list, one after the other: a file of any size in the memory of its largest item."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from litdb.errors import InputError, TooLarge

_CHUNK = 1 << 18
#: The longest item, in characters, and the longest text of all (a bomb has no end).
MOST_OF_ITEM, MOST_OF_TEXT = 1 << 25, 1 << 33
_GZIP = b"\x1f\x8b"
_SPACE = re.compile(r"[ \n\r\t]+")


def json_items(path: Path) -> Iterator[Any]:
    """The items of the list that a JSON file (or one that gzip made) holds.

    Raises InputError for what cannot be read or is no such list, TooLarge for an item or a file past the bounds.
    """
    try:
        with _opened(path) as stream:
            yield from _items(stream, path.name)
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text: give the JSON file itself") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path.name} is cut short or damaged: download it again") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == _GZIP
        whole = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(whole, encoding="utf-8-sig") as text:
            yield text


def _items(stream: TextIO, name: str) -> Iterator[Any]:
    decoder, text, place, total = json.JSONDecoder(), "", 1, 0
    while not text and total < MOST_OF_TEXT and (more := stream.read(_CHUNK)):
        text, total = more.lstrip(), total + len(more)
    if not text.startswith("["):
        raise InputError(f"{name} is no JSON list: give evaluation-tables.json of Papers with Code")
    first = True
    while True:
        place = _past_space(text, place)
        separated = first or text[place : place + 1] == ","
        start = _past_space(text, place + (0 if first or not separated else 1))
        if text[place : place + 1] == "]":
            return
        item, end = _decoded(decoder, text, start) if separated else (None, 0)
        # an item that ends with the text may go on: a number, or a comma that is still to come
        if end and end < len(text):
            yield item
            place, first = end, False
            continue
        if text[place:].strip() and not separated:
            raise InputError(f"{name} is not JSON: a comma is missing between two items")
        text = text[place:]
        if len(text) > MOST_OF_ITEM:
            raise TooLarge(f"{name} has an item of over {MOST_OF_ITEM >> 20} MB, or is not JSON")
        more = stream.read(max(_CHUNK, len(text)))
        total += len(more)
        if not more:
            raise InputError(f"{name} is not JSON or is cut short: download it again")
        if total > MOST_OF_TEXT:
            raise TooLarge(f"{name} is longer than {MOST_OF_TEXT >> 30} GB of text")
        text, place = text + more, 0


def _past_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _decoded(decoder: json.JSONDecoder, text: str, start: int) -> tuple[Any, int]:
    """The item that begins there and where it ends; end 0 when there is no whole one."""
    try:
        return decoder.raw_decode(text, start)
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply: no dump of Papers with Code is") from error
    except ValueError:
        return None, 0
