"""Value types as JSON: the text that `json.dumps(indent=2)` writes, in a part of its time.

A catalogue with thousands of conflicts is hundreds of megabytes of JSON; the encoder of the standard library writes indented text
a token at a time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from math import isfinite
from pathlib import Path
from typing import Any

#: What JSON holds as it is; asked first, since nearly everything is one of these.
_LEAVES = frozenset({str, int, float, bool, type(None)})
_WORDS: dict[Any, str] = {None: "null", True: "true", False: "false"}
_other = json.JSONEncoder(ensure_ascii=False).encode


def plain(value: object) -> Any:
    """A value type as what JSON can hold."""
    if type(value) in _LEAVES:
        return value
    of_value, of_protocol, sourced = _litdb_types()
    if isinstance(value, of_protocol):
        return {name: {"value": i.value, "basis": i.basis, "note": i.note} for name, i in value.items}
    if isinstance(value, of_value):
        return plain(sourced(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _fields(type(value))}
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value


def indented(value: Any, margin: str = "\n") -> str:
    """The text of what JSON can hold, two blanks a level, as `json.dumps(value, ensure_ascii=False, indent=2)` writes it.

    `margin` is what stands before a line at this level. Raises TypeError for what JSON cannot hold.
    """
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if value is None or kind is bool:
        return _WORDS[value]
    if kind is int or (kind is float and isfinite(value)):
        return repr(value)
    inner = margin + "  "
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {indented(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{margin}}}" if items else "{}"
    if isinstance(value, list):
        items = [indented(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{margin}]" if items else "[]"
    return _other(value)


@lru_cache(maxsize=1)
def _litdb_types() -> tuple[type[Any], type[Any], Any]:
    """What is looked up once: importing it inside `plain` was a third of the time of a long list."""
    from litdb.report.records import sourced
    from litdb.values.value import Value
    from litdb.vocabulary.protocol import Protocol

    return Value, Protocol, sourced


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))
