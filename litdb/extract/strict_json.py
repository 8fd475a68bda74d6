"""JSON in which nothing is lost without a word: a key that stands twice is an error, not the last of the two."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from litdb.errors import InputError

#: An empty list is three characters and thirty times that in memory, a number up to eight times.
MOST_OF_TEXT, MOST_CONTAINERS = 50_000_000, 1_000_000


def strict_loads(text: str, name: str, constant: Callable[[str], Any] | None = None) -> Any:
    """As `json.loads`; `constant` says what becomes of NaN and Infinity, which are no JSON and else become floats.

    Raises ValueError or RecursionError for what is no JSON or is nested too deeply, InputError for a key that stands twice,
    for a text that no database stores, and for one that would take up many times its length in memory.
    """
    if len(text) > MOST_OF_TEXT or text.count("[") + text.count("{") > MOST_CONTAINERS:
        raise InputError(
            f"{name} is longer than {MOST_OF_TEXT:,} characters, or holds more than {MOST_CONTAINERS:,} lists and objects: "
            "give what is asked for alone"
        )

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(found)
        if len(record) < len(found):
            keys = [key for key, _value in found]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InputError(f"{name} gives {twice} twice: leave one out")
        return record

    content = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    if "\\u0000" in text:
        raise InputError(f"{name} holds a NUL character (\\u0000), which is no text: leave it out")
    if "\\ud" in text.lower():
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ascii(error.object[error.start])[1:-1]
            raise InputError(f"{name} holds half a character ({half}): write it in UTF-8") from error
    return content


def read_json(text: str, name: str, constant: Callable[[str], Any] | None = None) -> Any:
    """As :func:`strict_loads`, with InputError for what is no JSON too."""
    try:
        return strict_loads(text, name, constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON: {error!s:.200}") from error
