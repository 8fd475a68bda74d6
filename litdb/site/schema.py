"""The JSON Schema of what lies beside the pages, written from the types of :mod:`litdb.site.told`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from litdb.site.told import BoardTold, ChangesTold, IndexTold, ModelTold, PaperTold, RunTold

#: What each file holds, by the word in its field `is`.
KINDS: dict[str, type] = {
    "index": IndexTold,
    "leaderboard": BoardTold,
    "model": ModelTold,
    "paper": PaperTold,
    "run": RunTold,
    "changes": ChangesTold,
}
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
}


def schema() -> dict[str, Any]:
    """The schema: a file is one of KINDS, and `is` says which."""
    made: dict[str, Any] = {}
    for kind in KINDS.values():
        _define(kind, made)
    files = [
        {
            "type": "object",
            "properties": {"$schema": {"type": "string"}, "is": {"const": word}},
            "required": ["$schema", "is"],
            "$ref": f"#/$defs/{kind.__name__}",
        }
        for word, kind in KINDS.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What lies beside the pages of a litdb site",
        "oneOf": files,
        "$defs": dict(sorted(made.items())),
    }


def _define(kind: type, made: dict[str, Any]) -> dict[str, Any]:
    """The reference to a dataclass, which is defined if it is not yet."""
    name = kind.__name__
    if name not in made:
        made[name] = {}  # a type may hold itself
        hints = typing.get_type_hints(kind)
        fields = [field.name for field in dataclasses.fields(kind)]
        made[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {field: _type(hints[field], made) for field in fields},
            "required": fields,
        }
    return {"$ref": f"#/$defs/{name}"}


def _type(hint: Any, made: dict[str, Any]) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_type(one, made) for one in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple and inner[-1] is Ellipsis:
        return {"type": "array", "items": _type(inner[0], made)}
    if origin is tuple:
        parts = [_type(one, made) for one in inner]
        return {"type": "array", "prefixItems": parts, "minItems": len(parts), "maxItems": len(parts)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(inner[1], made)}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(one) for one in hint]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _define(hint, made)
    raise TypeError(f"a page tells of {hint}, which the schema has no words for")
