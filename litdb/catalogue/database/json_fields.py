"""Fields of a stored JSON object, each read strictly as the type that a class says it has."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"its {name!r} is not a text")
    return value


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"its {name!r} is not a number")
    return value


def _count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise ValueError(f"its {name!r} is not a count")
    return value


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"its {name!r} is not true or false")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"its {name!r} is not a list of texts")
    return tuple(_text(name, one) for one in value)


def _day(name: str, value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(name, value))
    except ValueError:
        raise ValueError(f"its {name!r} is not a date") from None


#: How a field is read, by its type as it is written above. An optional field is left out where it says nothing.
READ: dict[str, Callable[[str, object], object]] = {
    "str": _text,
    "str | None": _text,
    "float | None": _number,
    "bool": _yes_or_no,
    "int": _count,
    "tuple[str, ...]": _texts,
    "dt.date | None": _day,
}
