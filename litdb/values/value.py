"""One value as one source gives it: what conflicts, the audit and attribution work on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from litdb.vocabulary.protocol import NOTHING_STATED, Protocol


@dataclass(frozen=True, slots=True)
class Value:
    """One result with its source.

    `model` is the key of the model it counts for; `metric` the canonical spelling, `quantity` its identity;
    `resolution` one step of the last printed digit, in the metric's unit; `approximate` '', '~', '>=' or '<=';
    `date` that of the paper the value stands in; `row` the key of its source row. `value` is None for words.
    """

    key: str
    model: str
    name: str
    label: str
    metric: str
    quantity: str
    dataset: str
    value: float | None
    printed: str
    origin: str
    place: str = ""
    url: str = ""
    kind: str = "system"
    own: bool = False
    resolution: float = 0.0
    approximate: str = ""
    status: str = "accepted"
    protocol: Protocol = NOTHING_STATED
    paper: str = ""
    version: int | None = None
    date: dt.date | None = None
    table: str = ""
    table_kind: str = "comparison"
    document: str = ""
    document_kind: str = ""
    checkpoint: str = ""
    row: str = ""
    remark: str = ""
    flags: tuple[str, ...] = ()
    rerun: bool = False  # measured again by the authors of the table

    @property
    def about(self) -> str:
        """Model, metric and test set in words."""
        return f"{self.name}, {self.metric}" + (f" on {self.dataset}" if self.dataset else "")

    @property
    def cited(self) -> str:
        """The source with the row in it."""
        return f"{self.place}, row “{self.label}”" if self.label and not self.checkpoint else self.place


@dataclass(frozen=True, slots=True)
class Side:
    """The sources that print one value, the best first."""

    printed: str
    value: float
    sources: tuple[Value, ...]


def step(one: Value, other: Value) -> float:
    """The coarser printed step of two values."""
    return max(one.resolution, other.resolution)


def agree(one: Value, other: Value) -> bool:
    """Whether two values may be the same number as printed: up to rounding, `3.0+` being any number from there on."""
    a, b = one.value, other.value
    if a is None or b is None:
        return one.printed == other.printed
    dust = 1e-9 * max(abs(a), abs(b), 1.0)
    if one.approximate == "~" or other.approximate == "~":
        return abs(a - b) <= step(one, other) + dust
    half = step(one, other) / 2 + dust
    for bound, number in ((one, b), (other, a)):
        assert bound.value is not None
        if bound.approximate == ">=" and number >= bound.value - half:
            return True
        if bound.approximate == "<=" and number <= bound.value + half:
            return True
    return abs(a - b) <= half


def cut_off(one: Value, other: Value) -> bool:
    """Whether two values agree when digits are cut off instead of rounded (0.956 printed as 0.95)."""
    if one.value is None or other.value is None:
        return False
    return not agree(one, other) and abs(one.value - other.value) < step(one, other)
