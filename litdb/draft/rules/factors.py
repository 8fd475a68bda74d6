"""A number that is right in another unit than the draft gives it: thousands for millions, percent, operations counted twice."""

from __future__ import annotations

from dataclasses import replace

from litdb.draft.knowledge import Knowledge
from litdb.draft.rules.held import of_same_kind, same
from litdb.extract.types import CellReading
from litdb.values.agreement import agree
from litdb.values.origin import Origin
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

#: By what a number is off where its unit is another one than the heading says.
_FACTORS = {1e3: "a thousand times", 1e-3: "a thousandth of", 1e6: "a million times", 1e-6: "a millionth of"}
_PERCENT = {100.0: "a hundred times", 0.01: "a hundredth of"}


def wrong_unit(knowledge: Knowledge, number: CellReading, model: str) -> tuple[str, Value] | None:
    """By which unit a number is off from what is known of its model, in words, with that value; None where it is not."""
    metric = vocabulary().metric(number.quantity)
    if metric is None:
        return None
    values = [v for v in of_same_kind(knowledge, number, model) if v.origin is not Origin.CLAIM]
    factors = _PERCENT if metric.percent else _FACTORS if metric.unit == "count" else {}
    for factor, words in factors.items():
        moved = replace(number, value=number.value / factor, resolution=number.resolution / factor)
        found = next((value for value in values if agree(moved, value)), None)
        if found is not None and not any(same(number, value) for value in values):
            return f"{words} what {found.place} prints ({found.printed}): another unit", found
    other = {"MACs": "FLOPs", "FLOPs": "MACs"}.get(number.quantity)
    if other is None or any(same(number, value) for value in values):
        return None
    as_other = replace(number, quantity=other, metric=other)
    for value in of_same_kind(knowledge, as_other, model):
        if value.origin is not Origin.CLAIM and same(as_other, value):
            return (
                f"the {other} that {value.place} prints ({value.printed}), not the {number.quantity}",
                value,
            )
    return None
