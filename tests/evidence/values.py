"""Values to build cases from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from litdb.values.value import Value
from litdb.vocabulary import parse_number, vocabulary
from litdb.vocabulary.protocol import Protocol


def value(model: str, metric: str, printed: str, **more: Any) -> Value:
    """A value as read from `printed`; protocol items are given as `protocol=dict(...)`, the date as ISO text."""
    name = vocabulary().metric_name(metric)
    quantity = vocabulary().metric(name.quantity)
    assert quantity is not None
    number = parse_number(printed, quantity)
    origin, place = more.pop("origin", "self"), more.pop("place", "arXiv:2401.00001v1, table 1")
    stated = Protocol.stated(**more.pop("protocol", {}))
    date = more.pop("date", None)
    dataset = more.pop("dataset", "" if quantity.per_model else "vbd")
    fields: dict[str, Any] = {
        "key": f"{model}-{metric}-{printed}-{origin}-{place}",
        "label": model,
        "document": place,
        "resolution": number.resolution if number else 0.0,
        "approximate": number.approximate if number else "",
        "protocol": name.protocol().merged(stated),
        "date": dt.date.fromisoformat(date) if date else None,
    } | more
    return Value(
        model=model, name=model, metric=str(name), quantity=name.quantity, dataset=dataset,
        value=number.value if number else None, printed=printed, origin=origin, place=place, **fields,
    )  # fmt: skip
