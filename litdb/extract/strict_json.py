"""JSON in which nothing is lost without a word: a key that stands twice is an error, not the last of the two."""

from __future__ import annotations

import json
from typing import Any

from litdb.errors import InputError


def read_json(text: str, name: str) -> Any:
    """The content of a JSON text; the constants NaN and Infinity, which are no JSON, become floats.

    Raises InputError for what is no JSON, is nested too deeply or gives a key twice.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(found)
        if len(record) < len(found):
            keys = [key for key, _value in found]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InputError(f"{name} gives {twice} twice: leave one out")
        return record

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON: {error!s:.200}") from error
